"""Settings: what a person hears of beside the bell, and what the account's people have who chose nothing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from notifications.forms.preferences import AccountPreferenceForm, PreferenceForm
from notifications.models import Preference
from resolutionflow.web.requests import Request, form_page, form_status, submitted
from sessions_app.models import SessionWatch


@form_page
def settings_notifications(request: Request) -> HttpResponse:
    preference = Preference.objects.of([request.user])[request.user.pk]
    form = PreferenceForm(submitted(request), preference=preference)
    if form.is_valid():
        Preference.choose(request.user, **form.chosen)
        messages.success(request, "Saved.")
        return redirect("settings_notifications")
    muted = SessionWatch.objects.muted().filter(user=request.user).select_related("session").order_by("-pk")
    context = {"form": form, "muted": muted[:20]}
    return render(request, "notifications/preferences.html", context, status=form_status(form))


@form_page
def settings_account_notifications(request: Request) -> HttpResponse:
    request.user.must_administer()
    row = Preference.objects.visible_to(request.user).filter(user=None).first()
    form = AccountPreferenceForm(submitted(request), preference=row or Preference())
    if form.is_valid():
        Preference.choose_for_account(request.user, **form.chosen)
        messages.success(request, "Saved.")
        return redirect("settings_account_notifications")
    return render(request, "notifications/account_preferences.html", {"form": form}, status=form_status(form))
