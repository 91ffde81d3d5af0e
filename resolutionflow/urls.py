"""Every address, by app; the contract names them."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("resolutionflow.ground_urls")),
    path("", include("resolutionflow.accounts.urls")),
    path("", include("sessions_app.urls")),
    path("", include("handoffs.urls")),
    path("", include("notifications.urls")),
    path("api/", include("resolutionflow.api_urls")),
    path("admin/", admin.site.urls),
]
handler429 = "resolutionflow.accounts.sign_in.too_many_requests"  # read by allauth
