"""Opening a session from a ticket: the ticket that an address names, and what its form begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resolutionflow.accounts.models import User
from resolutionflow.core.pagination import first_rows
from resolutionflow.core.refusals import Invalid
from resolutionflow.core.text import SHORT, as_id, one_line
from sessions_app.models import PsaConnection, Session, TicketCopy, TicketSearch, number_of
from sessions_app.models.ticket import FEWEST


def connection_of(user: User, chosen: str) -> PsaConnection | None:
    """The active ticket system of this id, or None; where none is chosen, the account's only one."""
    if not chosen:
        return PsaConnection.only_one(user)
    active = PsaConnection.objects.visible_to(user).filter(is_active=True)
    found: PsaConnection | None = active.filter(pk=as_id(chosen) or 0).first()
    return found


def look_up(user: User, connection: PsaConnection, typed: str) -> TicketCopy | TicketSearch | None:
    """The ticket of this number, or the search for these words; None for what is neither. A worker is asked for it."""
    try:
        return TicketCopy.ask(connection, number_of(connection, typed))
    except Invalid:
        return TicketSearch.ask(connection, typed, user) if len(typed) >= FEWEST else None


def start_from_ticket(user: User, address: Mapping[str, str]) -> tuple[dict[str, Any], list[Session]]:
    """What the form of `/sessions/new/?ticket=4711&connection=1` begins with, and the sessions that are open for this
    ticket. It is asked for, and filled in as far as it is known."""
    number = one_line(address.get("ticket", ""))[:SHORT].removeprefix("#")
    connection = connection_of(user, address.get("connection", ""))
    initial: dict[str, Any] = {"intake": Session.Intake.TICKET, "psa_ticket_id": number, "psa_connection": connection}
    try:
        number = number_of(connection, number)
    except Invalid:  # the field says so when it is looked up
        return initial, []
    systems = PsaConnection.objects.visible_to(user).filter(is_active=True)
    if not number or (connection is None and systems.exists()):  # of several systems, which one?
        return initial, []
    seen = Session.objects.visible_to(user).select_related("assignee", "psa_connection")
    known = seen.already_open(ticket=number, connection=connection, client="", device="")
    told = TicketCopy.ask(connection, number).facts() if connection else {}
    told.pop("intake_text", None)
    return {**told, **initial, "psa_ticket_id": number}, first_rows(known.order_by("-updated_at", "-id"), 3)
