"""A session and its ticket: which it is, what the session takes from it, and asking for it again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from resolutionflow.accounts.models import User
from resolutionflow.core import clock
from resolutionflow.core.refusals import Invalid, WrongState
from resolutionflow.core.verbs import verb
from resolutionflow.core.work import GiveUp
from sessions_app.models.attachments import Attachments
from sessions_app.models.psa import PsaConnection
from sessions_app.models.session_facts import plain_value
from sessions_app.models.ticket import TicketCopy
from sessions_app.psa import PROVIDERS

SAID_MISSING = timedelta(minutes=1)  # after so long somebody may have made the ticket
TAKEN = ("problem_summary", "client_name", "asset_name", "contact", "due_at", "intake_text")


class Ticketed(Attachments):
    """Verbs about the ticket of a session."""

    class Meta:
        abstract = True

    @property
    def ticket_state(self) -> str:
        """What is known of the ticket: found, missing or unchecked; "" where there is none that could be asked for."""
        if self.ticket_copy is None:
            return "unchecked" if self.psa_ticket_id and self.psa_connection_id else ""
        state = self.ticket_copy.state
        return str(state) if state in (TicketCopy.State.FOUND, TicketCopy.State.MISSING) else "unchecked"

    @property
    def has_closed_ticket(self) -> bool:
        """Whether the ticket was closed in its system while the session is not finished."""
        ticket = self.ticket_copy.ticket if self.ticket_copy and not self.is_finished else None
        return ticket is not None and ticket.is_closed

    @property
    def has_readable_ticket(self) -> bool:
        return not self.is_finished and bool(readable(self.psa_connection, self.psa_ticket_id))

    @property
    def has_old_ticket(self) -> bool:
        """Whether a page that is opened should have it read again. What waits for its next try is left to wait."""
        if not self.has_readable_ticket:
            return False
        copy = self.ticket_copy
        return copy is None or (copy.is_old and copy.status not in TicketCopy.UNFINISHED)

    @verb
    def renew_ticket(self, user: User) -> None:
        """Have a worker read the ticket again."""
        user.must_work()
        self.lock(unfinished=True)
        copy = copy_of(self.psa_connection, self.psa_ticket_id, renew=True)
        if copy is None:
            raise WrongState("This session has no ticket in a ticket system that is connected and switched on.")
        if self.ticket_copy_id != copy.pk:
            self.ticket_copy = copy
            self.save(update_fields=["ticket_copy"])
            self._take(copy)
        self.ticket_copy = copy

    def _name_ticket(self, fields: dict[str, Any]) -> None:
        """Write the number among changed `fields` as its ticket system does. Invalid where that has no such numbers."""
        if {"psa_ticket_id", "psa_connection"} & set(fields):
            connection = fields.get("psa_connection", self.psa_connection)
            fields["psa_ticket_id"] = number_of(connection, fields.get("psa_ticket_id", self.psa_ticket_id))

    def _link_ticket(self, *, typed: Mapping[str, Any]) -> None:
        """Link the session to the ticket it names now, or to none. What it had of another one goes, unless somebody
        `typed` it just now; what is known of the new one is taken."""
        self.ticket_copy, self.ticket_seen = copy_of(self.psa_connection, self.psa_ticket_id), {}
        taken = [name for name, is_ticket in self.from_ticket.items() if is_ticket and name not in typed]
        self.from_ticket = {name: False for name in typed if name in TAKEN}
        if self.ticket_copy:
            for name in taken:
                setattr(self, name, empty(name, self.psa_ticket_id))
        self.save(update_fields=["ticket_copy", "ticket_seen", "from_ticket", *taken])
        if self.ticket_copy:
            self._take(self.ticket_copy)

    @verb
    def take_from_ticket(self, copy: TicketCopy) -> None:
        """Fill in what is empty here or came from the ticket before, as the ticket tells it now, and record what else
        has become of it."""
        self.lock()
        if not self.is_finished and self.ticket_copy_id == copy.pk:
            self._take(copy)

    def _take(self, copy: TicketCopy) -> None:
        if copy.read_at is None:
            return
        facts = {name: getattr(self, name) for name in (*TAKEN, "intake")}
        new, marked = filled_from(copy, facts, self.from_ticket)
        seen, news = seen_of(copy), news_since(copy, self.ticket_seen)
        kind = "ticket.changed" if news or self.ticket_seen else "ticket.linked"
        before = {name: plain_value(value) for name, value in facts.items() if name in new and name != "intake_text"}
        changed = {**new, "from_ticket": marked, "ticket_seen": seen}
        for name, value in changed.items():
            setattr(self, name, value)
        if new:
            self.touch(*changed)
        else:
            self.save(update_fields=list(changed))
        if before or news:
            after = {name: plain_value(new[name]) for name in before}
            values: dict[str, Any] = {"before": before, "after": after} if before else {}
            self.record_event(kind, None, ticket=copy.number, **values, **news)


def filled_from(
    copy: TicketCopy | None, facts: Mapping[str, Any], marks: Mapping[str, bool]
) -> tuple[dict[str, Any], dict[str, bool]]:
    """What a session with these `facts` takes from its ticket, and the marks it has then.

    `marks`: by a fact's name, whether it is the ticket's, or somebody has corrected it (False), and it stays. The text
    of the ticket is taken by a session that began with it.
    """
    new: dict[str, Any] = {}
    if copy is None or copy.read_at is None or copy.is_missing:
        return new, dict(marks)
    marked, told = dict(marks), copy.facts()
    for name in TAKEN if facts.get("intake") == "ticket" else TAKEN[:-1]:
        value, now = told.get(name) or empty(name, copy.number), facts.get(name)
        if marks.get(name, True) and (name in marks or now in ("", None, empty(name, copy.number))):
            if value != now and (now or value):
                new[name] = value
            marked[name] = name in told
        elif value == now:
            marked[name] = True
    return new, {name: mark for name, mark in marked.items() if mark or marks.get(name) is False}


def empty(name: str, number: str) -> Any:
    """A fact of which nothing is known: of the problem, what stands there until its ticket has been read."""
    return placeholder(number) if name == "problem_summary" else None if name == "due_at" else ""


def placeholder(number: str) -> str:
    """The problem of a session until its ticket has been read."""
    return f"Ticket {number}"


def seen_of(copy: TicketCopy) -> dict[str, Any]:
    """What a session remembers of how its ticket stood."""
    ticket = copy.ticket
    known = {"closed": ticket.is_closed, "merged_into": ticket.merged_into} if ticket else {}
    return {**known, "missing": copy.is_missing}


def news_since(copy: TicketCopy, seen: Mapping[str, Any]) -> dict[str, Any]:
    """What the people on it should know, as facts of an event: that there is none of this number, or that it was
    closed, opened again or merged over there since the session has `seen` it."""
    facts: dict[str, Any]
    now = copy.ticket
    if copy.is_missing:
        facts = {"missing": True}
        return {} if seen.get("missing") else facts
    if now is None or "closed" not in seen or (now.is_closed, now.merged_into) == (seen["closed"], seen["merged_into"]):
        return {}
    facts = {"ticket_status": now.status, "ticket_closed": now.is_closed, "merged_into": now.merged_into}
    return facts


def number_of(connection: PsaConnection | None, typed: str) -> str:
    """A ticket's number as its system writes it; Invalid where it has no such numbers. Without a system, as typed."""
    if connection is None or connection.kind not in PROVIDERS or not typed:
        return typed
    try:
        return PROVIDERS[connection.kind].ticket_number(typed)
    except GiveUp as error:
        raise Invalid(psa_ticket_id=str(error)) from error


def readable(connection: PsaConnection | None, number: str) -> str:
    """The number, as the ticket system that can be asked for it writes it; "" where there is none to ask."""
    if connection is None or not connection.is_active or connection.kind not in PROVIDERS:
        return ""
    try:
        return number_of(connection, number)
    except Invalid:  # from before numbers were looked at
        return ""


def copy_of(connection: PsaConnection | None, number: str, *, renew: bool = False) -> TicketCopy | None:
    """The copy of this ticket, which a worker is asked to read; None where there is no system to ask. Invalid where it
    has just said that it has none of this number."""
    number = readable(connection, number)
    if connection is None or not number:
        return None
    copy = TicketCopy.ask(connection, number, renew=renew)
    if not renew and (problem := just_missing(copy)):
        raise Invalid(psa_ticket_id=problem)
    return copy


def just_missing(copy: TicketCopy) -> str:
    """A sentence that there is no such ticket, where its system has just said so; else ""."""
    is_new = copy.read_at is not None and copy.read_at > clock.now() - SAID_MISSING
    return copy.missing if copy.is_missing and is_new else ""


def ticket_problem(connection: PsaConnection | None, number: str) -> str:
    """Why a session cannot name this ticket, in a sentence; "" where it can. Asks nobody."""
    try:
        number = number_of(connection, number)
    except Invalid as error:
        return str(error)
    if not readable(connection, number):
        return ""
    copy: TicketCopy | None = TicketCopy.objects.filter(connection=connection, number=number).first()
    return just_missing(copy) if copy else ""
