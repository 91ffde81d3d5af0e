"""Looking up a ticket while a session is opened, and the ticket of a session."""

from __future__ import annotations

from datetime import datetime
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

ASKS = 30  # times that a page asks for an answer, a second apart; then a reload asks again
SLOW = 2  # after so many of them it says that the answer takes its time


@require_safe
def ticket_lookup(request: Request) -> HttpResponse:
    """A fragment: the ticket of the number that is typed, or those with the words, or how far asking for it is."""
    connection = connection_of(request.user, request.GET.get("psa_connection", ""))
    typed = one_line(request.GET.get("psa_ticket_id", ""))[:SHORT]
    asks = _asks(request)
    context: dict[str, Any] = {"connection": connection, "typed": typed, "is_slow": asks >= SLOW}
    asked = look_up(request.user, connection, typed) if connection and typed else None
    if isinstance(asked, TicketCopy):
        context |= {"copy": asked, "fills": _fills(request, asked)}
    elif isinstance(asked, TicketSearch):
        context |= {"search": asked, "matches": [(one, _look(asked, one.id, picked=1)) for one in asked.tickets]}
    if asked and asked.is_asking and asks < ASKS:
        context["again"] = _look(asked, typed, asks=asks + 1, picked=request.GET.get("picked", ""))
    return render(request, "sessions_app/_ticket_lookup.html", context)


def _look(asked: TicketCopy | TicketSearch, typed: str, **more: Any) -> str:
    """The address of the fragment about `typed`, in the same ticket system."""
    named = {"psa_ticket_id": typed, "psa_connection": asked.connection_id, **more}
    return f"{reverse('ticket_lookup')}?{urlencode(named)}"


def _fills(request: Request, copy: TicketCopy) -> list[tuple[str, str]]:
    """What the form's fields are filled with, as a browser takes it; the number itself where a match was picked."""
    form = FactsForm(user=request.user)
    told = {name: value for name, value in copy.facts().items() if name in form.fields}
    typed = [(name, _as_typed(form, name, value)) for name, value in told.items()]
    return [("psa_ticket_id", copy.number), *typed] if request.GET.get("picked") else typed


def _as_typed(form: FactsForm, name: str, value: Any) -> str:
    field = form.fields[name]
    return str(field.widget.format_value(field.prepare_value(value)) if isinstance(value, datetime) else value)


@require_safe
def session_ticket(request: Request, pk: int) -> HttpResponse:
    """A fragment: what is known of a session's ticket."""
    session = get_object_or_404(Session.objects.visible_to(request.user).with_page(), pk=pk)
    return _state(request, session)


@require_POST
def ticket_renew(request: Request, pk: int) -> HttpResponse:
    """Have it read again; the same fragment shows how far that is."""
    session = get_object_or_404(Session.objects.visible_to(request.user).with_page(), pk=pk)
    session.renew_ticket(request.user)
    return _state(request, session) if request.htmx else redirect(session)


def _state(request: Request, session: Session) -> HttpResponse:
    context = {"session": session, "asks": _asks(request) + 1}
    return render(request, "sessions_app/_ticket_state.html", context)


def _asks(request: Request) -> int:
    return min(as_id(request.GET.get("asks", "")) or 0, ASKS)
