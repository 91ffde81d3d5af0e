"""What the AI proposes for the forms that escalate and resolve a session: a fragment that an open form asks for.

Asked by POST alone: whatever reads the page of a form without having it open costs nothing.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from handoffs.models import Proposals
from resolutionflow.web.requests import Request, form_page
from sessions_app.models import Session


@form_page
def escalation(request: Request, pk: int) -> HttpResponse:
    return _proposals(request, pk, Proposals.Kind.ESCALATION)


@form_page
def resolution(request: Request, pk: int) -> HttpResponse:
    return _proposals(request, pk, Proposals.Kind.RESOLUTION)


def _proposals(request: Request, pk: int, kind: str) -> HttpResponse:
    """They are asked for, by POST, or how far that is; 204 while nothing has changed for the form that waits."""
    session = get_object_or_404(Session.objects.visible_to(request.user).select_related("account"), pk=pk)
    if request.method == "POST":
        proposals = Proposals.ask(session, request.user, kind)
        if not request.htmx:
            return redirect(session)
    else:
        proposals = Proposals.objects.visible_to(request.user).filter(session=session, kind=kind).first()
        if proposals and proposals.are_being_made:
            return HttpResponse(status=204)
    context = {"session": session, "proposals": proposals, "address": request.path}
    return render(request, "handoffs/_proposals.html", context)
