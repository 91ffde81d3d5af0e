"""Addresses for machines that watch over the site."""

from __future__ import annotations

from django.urls import path

from resolutionflow import ground, health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", ground.metrics, name="metrics"),
]
