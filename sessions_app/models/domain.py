"""Domain: what kind of problem it is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Domain(models.TextChoices):
    NETWORK = "network", _("Network")
    IDENTITY = "identity", _("Identity")
    EMAIL = "email", _("Email")
    ENDPOINT = "endpoint", _("Endpoint")
    SERVER = "server", _("Server")
    CLOUD = "cloud", _("Cloud")
    SECURITY = "security", _("Security")
    PRINTING = "printing", _("Printing")
    LINE_OF_BUSINESS = "line_of_business", _("Line of business")
    OTHER = "other", _("Other")
