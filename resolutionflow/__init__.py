"""The foundation: what every app stands on, and how the site is started and run."""

from resolutionflow.celery import app as celery_app

__all__ = ["celery_app"]
