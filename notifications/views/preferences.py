"""Settings: what a person hears of beside the bell, and what the account's people have who chose nothing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from notifications import preview
from notifications.forms.preferences import AccountPreferenceForm, PreferenceForm, TargetForm
from notifications.models import Preference
from resolutionflow.web.requests import Request, form_page, form_status, submitted
from sessions_app.models import Session, SessionWatch


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
    preference = Preference.objects.of_account(request.user.home)
    form = AccountPreferenceForm(submitted(request), preference=preference)
    if form.is_valid():
        Preference.choose_for_account(request.user, **form.chosen)
        messages.success(request, "Saved.")
        return redirect("settings_account_notifications")
    return render(request, "notifications/account_preferences.html", {"form": form}, status=form_status(form))


@require_safe
def escalation_notifies(request: Request, pk: int) -> HttpResponse:
    """A fragment of the escalate form: who would be notified as it stands, why and how."""
    session = get_object_or_404(Session.objects.visible_to(request.user).select_related("account"), pk=pk)
    form = TargetForm(request.GET, session=session, user=request.user)
    found = preview.of_escalation(session, request.user, **form.chosen) if form.is_valid() else None
    return render(request, "notifications/_would_notify.html", {"preview": found, "session": session})
