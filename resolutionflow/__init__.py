"""The ground everything stands on."""

from resolutionflow.celery import app as celery_app

__all__ = ["celery_app"]
