"""My work: the page the day begins on, and the briefs that are opened on it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from handoffs.brief import brief_for
from handoffs.my_work import MyWork
from resolutionflow.accounts.forms.account import time_zone_asked_of
from resolutionflow.web.requests import Request
from sessions_app.models import Session


@require_safe
def home(request: Request) -> HttpResponse:
    """Everything I hold, and what became of what I escalated."""
    context = {"work": MyWork(request.user), "time_zone_form": time_zone_asked_of(request.user)}
    return render(request, "handoffs/home.html", context)


@require_safe
def brief(request: Request, pk: int) -> HttpResponse:
    """The brief of one session; of a claimed one with what its sender wrote."""
    session = get_object_or_404(Session.objects.visible_to(request.user), pk=pk)
    claimed = session.handoffs.claimed().select_related("sender").first()
    context = {"brief": brief_for(session, claimed.from_sender if claimed else None)}
    return render(request, "handoffs/_brief.html", context)
