"""Looking up a ticket while a session is opened, and the ticket of a session."""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from resolutionflow.core.text import SHORT, as_id, one_line
from resolutionflow.web.requests import Request
from sessions_app.forms.session import FactsForm
from sessions_app.from_ticket import connection_of, look_up
from sessions_app.models import Session, TicketCopy, TicketSearch

PATIENCE = 60  # seconds for which a page asks for an answer; then a reload asks again
SLOW = 2  # seconds after which it says that the answer takes its time


@require_safe
def ticket_lookup(request: Request) -> HttpResponse:
    """A fragment: the ticket of the number that is typed, or those with the words, or how far asking for it is."""
    connection = connection_of(request.user, request.GET.get("psa_connection", ""))
    typed = one_line(request.GET.get("psa_ticket_id", ""))[:SHORT]
    waited = Waited(request)
    context: dict[str, Any] = {"connection": connection, "typed": typed}
    asked = look_up(request.user, connection, typed) if connection and typed else None
    if asked and asked.is_asking and waited.is_known:
        return HttpResponse(status=204)
    if isinstance(asked, TicketCopy):
        context |= {"copy": asked, "fills": _fills(request, asked)}
    elif isinstance(asked, TicketSearch):
        context |= {"search": asked, "matches": [(one, _look(asked, one.id, picked=1)) for one in asked.tickets]}
    if asked and asked.is_asking and not waited.is_over:
        context["again"] = _look(asked, typed, picked=request.GET.get("picked", ""), **waited.again)
    return render(request, "sessions_app/_ticket_lookup.html", {**context, "is_slow": waited.is_slow})


def _look(asked: TicketCopy | TicketSearch, typed: str, **more: Any) -> str:
    """The address of the fragment about `typed`, in the same ticket system."""
    named = {"psa_ticket_id": typed, "psa_connection": asked.connection_id, **more}
    return f"{reverse('ticket_lookup')}?{urlencode(named)}"


def _fills(request: Request, copy: TicketCopy) -> list[tuple[str, str]]:
    """What the form's fields are filled with; the number itself where a match was picked."""
    told = list(FactsForm(user=request.user).typed_facts(copy).items())
    return [("psa_ticket_id", copy.number), *told] if request.GET.get("picked") else told


@require_safe
def session_ticket(request: Request, pk: int) -> HttpResponse:
    """A fragment: what is known of a session's ticket; with `line`, how old that is."""
    session = get_object_or_404(Session.objects.visible_to(request.user).with_page(), pk=pk)
    if session.ticket_copy and session.ticket_copy.is_asking and Waited(request).is_known:
        return HttpResponse(status=204)
    return _state(request, session)


@require_POST
def ticket_renew(request: Request, pk: int) -> HttpResponse:
    """Have it read again; the same fragment shows how far that is."""
    session = get_object_or_404(Session.objects.visible_to(request.user).with_page(), pk=pk)
    session.renew_ticket(request.user)
    return _state(request, session) if request.htmx else redirect(session)


def _state(request: Request, session: Session) -> HttpResponse:
    waited, line = Waited(request), {"line": 1} if request.GET.get("line") else {}
    query = urlencode({**waited.again, **line})
    again = "" if waited.is_over else f"{reverse('session_ticket', args=[session.pk])}?{query}"
    context = {"session": session, "again": again, "is_slow": waited.is_slow}
    return render(request, f"sessions_app/{'_ticket_read' if line else '_ticket_state'}.html", context)


class Waited:
    """How long a page has waited for an answer, by the address it asks at again."""

    def __init__(self, request: Request) -> None:
        now = int(time.time())
        since = as_id(request.GET.get("since", "")) or now
        seconds = max(0, now - since)
        self.is_slow, self.is_over = seconds >= SLOW, seconds >= PATIENCE
        self.again = {"since": max(since, now - PATIENCE), **({"slow": 1} if self.is_slow else {})}
        # Whether the page says so already: nothing is drawn anew then, and nothing read out again.
        self.is_known = "since" in request.GET and not self.is_over and self.is_slow == ("slow" in request.GET)
