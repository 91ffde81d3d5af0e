"""Asking the sender of a handoff, on the pick-up screen; a page of its own without JavaScript."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from handoffs import permitted_actions
from handoffs.forms.asking import AskForm
from handoffs.models import Handoff
from handoffs.views.finding import find_handoff
from resolutionflow.web.requests import Request, form_page, form_status, submitted


@form_page
def ask(request: Request, pk: int) -> HttpResponse:
    """HTMX gets the form's part of the screen alone: empty with what was done, or with what was typed."""
    if request.method == "POST":
        request.user.must_work()
    handoff = find_handoff(request, pk)
    form = AskForm(submitted(request))
    if form.is_valid():
        handoff.ask(request.user, **form.cleaned_data)
        return _asked(request, handoff)
    if request.method != "POST" and not permitted_actions.can_ask(handoff, request.user):
        return redirect(handoff)
    page = "handoffs/_ask.html" if request.htmx else "handoffs/ask.html"
    context = {"handoff": handoff, "session": handoff.session, "ask_form": form}
    return render(request, page, context, status=form_status(form))


def _asked(request: Request, handoff: Handoff) -> HttpResponse:
    if request.htmx:
        return render(request, "handoffs/_ask.html", {"handoff": handoff, "ask_form": AskForm(), "asked": True})
    messages.success(request, f"Asked. {handoff.sender.name} is notified.")
    return redirect(handoff)
