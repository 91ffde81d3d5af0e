"""The pages on which a session is escalated or parked, and what was escalated is corrected."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from handoffs import permitted_actions
from handoffs.brief import brief_for
from handoffs.forms.handoff import CorrectForm, EscalateForm, LinesForm, ParkForm
from handoffs.models import Handoff
from handoffs.views.finding import find_handoff
from resolutionflow.web.requests import Request, form_page, form_status, submitted
from resolutionflow.web.templatetags import clock_time
from sessions_app.models import Session


def _session(request: Request, pk: int) -> Session:
    request.user.must_work()
    found: Session = get_object_or_404(
        Session.objects.visible_to(request.user).select_related("account", "psa_connection"), pk=pk
    )
    return found


@form_page
def escalate(request: Request, pk: int) -> HttpResponse:
    session = _session(request, pk)
    form = EscalateForm(submitted(request), session=session, user=request.user, brief=brief_for(session))
    if not form.is_valid():
        return _ask(request, "escalate", session, form)
    fields = form.cleaned_data
    lines = {name: fields[name] for name in LinesForm.base_fields}
    handoff = Handoff.escalate(
        session, request.user, notes=fields["notes"], priority=fields["priority"], **fields["target"], **lines
    )
    messages.success(request, _escalated(handoff))
    return redirect(handoff)


def _escalated(handoff: Handoff) -> str:
    if handoff.widens_at is None:
        return "Escalated. Everyone sees it in the queue."
    return f"Escalated. {handoff.target} was notified; it opens to everyone at {clock_time(handoff.widens_at)}."


@form_page
def park(request: Request, pk: int) -> HttpResponse:
    session = _session(request, pk)
    form = ParkForm(submitted(request), session=session)
    if not form.is_valid():
        return _ask(request, "park", session, form)
    fields = form.cleaned_data
    Handoff.park(session, request.user, notes=fields["notes"], wake_at=fields["wake_at"])
    messages.success(request, "Parked. It is under My work.")
    return redirect("home")


def _ask(request: Request, verb: str, session: Session, form: forms.Form) -> HttpResponse:
    """The form; to somebody who cannot do this now, the session itself, before anything is typed in vain."""
    if request.method != "POST" and verb not in session.permitted_for(request.user):
        return redirect(session)
    brief = form.brief if isinstance(form, EscalateForm) else brief_for(session)
    context = {"session": session, "form": form, "brief": brief}
    return render(request, f"handoffs/{verb}.html", context, status=form_status(form))


@form_page
def correct(request: Request, pk: int) -> HttpResponse:
    """The note and the lines of an escalation that waits; to somebody who cannot correct them now, its own page."""
    request.user.must_work()
    handoff = find_handoff(request, pk)
    form = CorrectForm(submitted(request), handoff=handoff)
    if form.is_valid():
        handoff.change(request.user, **form.cleaned_data)
        messages.success(request, "Corrected.")
        return redirect(handoff)
    if request.method != "POST" and "correct" not in permitted_actions.permitted_for(handoff, request.user):
        return redirect(handoff)
    context = {"handoff": handoff, "session": handoff.session, "form": form, "back": reverse("handoff", args=[pk])}
    return render(request, "handoffs/correct.html", context, status=form_status(form))
