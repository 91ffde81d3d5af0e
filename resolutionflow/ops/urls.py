"""Addresses for machines that watch over the site."""

from __future__ import annotations

from django.urls import path

from resolutionflow.ops import health, metrics

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
]
