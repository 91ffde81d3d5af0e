"""Settings of the bare twin: our database and models, and nothing between the address and the view."""

from resolutionflow.settings import *  # noqa: F403
from resolutionflow.settings import INSTALLED_APPS as OURS

ROOT_URLCONF = "tests.bench.twin"
MIDDLEWARE: list[str] = []
INSTALLED_APPS = [app for app in OURS if "allauth" not in app and app != "django.contrib.admin"]
