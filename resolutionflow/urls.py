"""Every address, by app."""

from __future__ import annotations

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from resolutionflow.web import secret_addresses


def not_found(request: HttpRequest, rest: str = "") -> HttpResponse:
    raise Http404


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("resolutionflow.ops.urls")),
    path("", include("resolutionflow.accounts.urls")),
    path("", include("sessions_app.urls")),
    path("", include("handoffs.urls")),
    path("", include("notifications.urls")),
    path("api/", include("resolutionflow.api.urls")),
    path("admin/r/<path:rest>", not_found),  # the admin's redirector knows no account: it would tell who exists
    path("admin/autocomplete/", not_found, name="autocomplete"),  # no form of ours completes; it searches any relation
    path("admin/", admin.site.urls),
]
secret_addresses.keep_secrets_out_of_logs(urlpatterns)
handler500 = "resolutionflow.web.error_pages.server_error"
