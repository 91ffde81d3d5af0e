"""Changing one's password in the Django admin: members are led to the settings, the platform's operator does it
here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy

from resolutionflow.accounts.forms.members import PasswordForm
from resolutionflow.accounts.sign_in import known_browser, limits
from resolutionflow.web.requests import Request


class OperatorsPassword(PasswordChangeView):
    form_class = PasswordForm
    success_url = reverse_lazy("admin:password_change_done")

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        known_browser.remember(self.request, response, form.user)
        return response


def change(request: Request, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
    """Replaces Django's view, which does not count attempts, writes no event and saves the whole person."""
    if request.user.account_id is not None:
        return redirect("settings_password")
    if request.method == "POST":
        limits.take_change_of_password(request.user)
    return OperatorsPassword.as_view(extra_context=admin.site.each_context(request))(request)
