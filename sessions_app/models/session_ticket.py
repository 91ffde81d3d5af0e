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
from sessions_app.psa import PROVIDERS, Ticket

SAID_MISSING = timedelta(minutes=1)  # after so long somebody may have made the ticket


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
    def has_old_ticket(self) -> bool:
        """Whether a page that is opened should have it read again. What did not answer lately is asked in its own
        time."""
        copy, connection = self.ticket_copy, self.psa_connection
        if self.is_finished or connection is None or not connection.is_active or not self.psa_ticket_id:
            return False
        return copy is None or (not copy.is_asking and not copy.error and copy.is_old)

    @verb
    def renew_ticket(self, user: User) -> None:
        """Have a worker read the ticket again."""
        user.must_work()
        self.lock(unfinished=True)
        copy = copy_of(self.psa_connection, self.psa_ticket_id, renew=True)
        if copy is None:
            raise WrongState("This session has no ticket in a connected ticket system.")
        if self.ticket_copy_id != copy.pk:
            self._link_ticket()
        self.ticket_copy = copy

    def _name_ticket(self, fields: dict[str, Any]) -> None:
        """Write the number among changed `fields` as its ticket system does. Invalid where that has no such numbers."""
        if fields.get("psa_ticket_id"):
            connection = fields.get("psa_connection", self.psa_connection)
            fields["psa_ticket_id"] = number_of(connection, fields["psa_ticket_id"])

    def _link_ticket(self) -> None:
        """Link the session to the ticket it names now, or to none, and take what is known of that."""
        self.ticket_copy = copy_of(self.psa_connection, self.psa_ticket_id)
        self.save(update_fields=["ticket_copy"])
        if self.ticket_copy:
            self._take(self.ticket_copy)

    @verb
    def take_from_ticket(self, copy: TicketCopy, before: Ticket | None, *, was_missing: bool) -> None:
        """Fill in what is empty here or came from the ticket before, as the ticket tells it now. `before`: what it told
        the time before."""
        self.lock()
        if not self.is_finished and self.ticket_copy_id == copy.pk:
            self._take(copy, news_since(copy, before, was_missing=was_missing))

    def _take(self, copy: TicketCopy, news: Mapping[str, Any] | None = None) -> None:
        kind = "ticket.changed" if news or self.from_ticket else "ticket.linked"
        facts = {name: getattr(self, name) for name in (*TAKEN, "intake")}
        new, marked = filled_from(copy, facts, self.from_ticket)
        before = {name: plain_value(value) for name, value in facts.items() if name in new and name != "intake_text"}
        for name, value in {**new, "from_ticket": marked}.items():
            setattr(self, name, value)
        if new:
            self.touch(*new, "from_ticket")
        else:
            self.save(update_fields=["from_ticket"])
        if new or news:
            after = {name: plain_value(new[name]) for name in before}
            changed: dict[str, Any] = {"before": before, "after": after} if before else {}
            self.record_event(kind, None, ticket=copy.number, **changed, **(news or {}))


def news_since(copy: TicketCopy, before: Ticket | None, *, was_missing: bool) -> dict[str, Any]:
    """What the people on it should know, as facts of an event: that there is none of this number, or that it was
    closed, opened again or merged over there since it told `before`."""
    now = copy.ticket
    facts: dict[str, Any]
    if copy.is_missing:
        facts = {"missing": True}
        return {} if was_missing else facts
    if before is None or now is None or (now.is_closed, now.merged_into) == (before.is_closed, before.merged_into):
        return {}
    facts = {"ticket_status": now.status, "ticket_closed": now.is_closed, "merged_into": now.merged_into}
    return {name: value for name, value in facts.items() if value != ""}


TAKEN = ("problem_summary", "client_name", "asset_name", "contact", "due_at", "intake_text")


def filled_from(
    copy: TicketCopy | None, facts: Mapping[str, Any], marked: list[str]
) -> tuple[dict[str, Any], list[str]]:
    """What a session with these `facts` takes from its ticket: what it has none of, and what is `marked` as from the
    ticket. Second, the names that are the ticket's now. The text of the ticket is taken by a session that began with
    it."""
    told = copy.facts() if copy else {}
    if not told:
        return {}, list(marked)
    if facts.get("intake") != "ticket":
        told.pop("intake_text", None)
    if copy and facts.get("problem_summary") == placeholder(copy.number):
        marked = [*marked, "problem_summary"]
    new = {
        name: value
        for name, value in told.items()
        if value != facts.get(name) and (name in marked or not facts.get(name))
    }
    now = {**facts, **new}
    return new, sorted(name for name, value in told.items() if now.get(name) == value)


def placeholder(number: str) -> str:
    """The title of a session until its ticket has been read."""
    return f"Ticket {number}"


def number_of(connection: PsaConnection | None, typed: str) -> str:
    """A ticket's number as its system writes it; Invalid where it has no such numbers. Without a system, as typed."""
    if connection is None or connection.kind not in PROVIDERS or not typed:
        return typed
    try:
        return PROVIDERS[connection.kind].ticket_number(typed)
    except GiveUp as error:
        raise Invalid(psa_ticket_id=str(error)) from error


def copy_of(connection: PsaConnection | None, number: str, *, renew: bool = False) -> TicketCopy | None:
    """The copy of this ticket, which a worker is asked to read; None where there is no system to ask. Invalid where it
    has just said that it has none of this number."""
    if connection is None or not connection.is_active or not number or connection.kind not in PROVIDERS:
        return None
    copy = TicketCopy.ask(connection, number, renew=renew)
    if copy.is_missing and not renew and copy.read_at and copy.read_at > clock.now() - SAID_MISSING:
        raise Invalid(psa_ticket_id=copy.missing)
    return copy
