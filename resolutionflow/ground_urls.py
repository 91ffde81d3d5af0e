"""Addresses for machines that watch over the site."""

from __future__ import annotations

from django.urls import path

from resolutionflow import ground

urlpatterns = [
    path("healthz", ground.healthz, name="healthz"),
    path("readyz", ground.readyz, name="readyz"),
    path("metrics", ground.metrics, name="metrics"),
]
