"""Watching a session, muting it, and whom one can mention in it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from resolutionflow.accounts.models import User
from resolutionflow.core.text import SHORT
from resolutionflow.web.requests import Request, page_before
from sessions_app.mentions import begins
from sessions_app.models import Session

PEOPLE = 300  # of an account with more, only those are sent whose names begin so


@require_POST
def session_watch(request: Request, pk: int) -> HttpResponse:
    session = _to_choose(request, pk)
    session.watch(request.user)
    return _chosen(request, session)


@require_POST
def session_mute(request: Request, pk: int) -> HttpResponse:
    session = _to_choose(request, pk)
    session.mute(request.user)
    return _chosen(request, session)


def _to_choose(request: Request, pk: int) -> Session:
    """NotAllowed for a viewer, before anything else is looked at."""
    request.user.must_work()
    session: Session = get_object_or_404(Session.objects.visible_to(request.user), pk=pk)
    return session


def _chosen(request: Request, session: Session) -> HttpResponse:
    """The region that says so; without HTMX, the page it was pressed on: the session's, a pick-up screen, the bell."""
    if not request.htmx:
        page, screens = page_before(request), [one.get_absolute_url() for one in session.handoffs.all()]
        return redirect(page if page.split("?")[0] in (*screens, reverse("notifications")) else session)
    return render(request, "sessions_app/_watch.html", {"session": session})


@require_safe
def mentionable(request: Request) -> HttpResponse:
    """A fragment: everybody a text of this person can mention, or of many those with a word in their names that begins
    with `q`."""
    typed = request.GET.get("q", "")[:SHORT]
    others = User.objects.visible_to(request.user).engineers().exclude(pk=request.user.pk)
    everybody = list(others.only("name", "off_shift_since").order_by("name", "id"))
    found = [person for person in everybody if begins(person.name, typed)] if typed else everybody
    context = {"people": found[:PEOPLE], "more": len(everybody) > PEOPLE}
    return render(request, "sessions_app/_people.html", context)
