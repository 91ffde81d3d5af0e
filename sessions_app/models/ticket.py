"""TicketCopy: a ticket as its system last told it, and the work of reading it. TicketSearch: a search for tickets."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.db import models, transaction
from django.db.models import Q

from resolutionflow.accounts.models import Owned, OwnedQuerySet, User
from resolutionflow.core import clock, nudges
from resolutionflow.core.text import LINE, NOTE, SHORT, clean, cut, one_line
from resolutionflow.core.verbs import verb
from resolutionflow.core.work import Later, Work, WorkQuerySet
from sessions_app.models.psa import PsaConnection
from sessions_app.models.session_facts import DUE_YEARS
from sessions_app.psa import NoSuchTicket, Provider, Ticket

T = TypeVar("T")
log = logging.getLogger(__name__)

LOOK = 15.0  # seconds of one exchange: somebody waits for the answer
SOON = timedelta(seconds=10)  # asked again within it, the answer is the last one
FRESH = timedelta(minutes=10)  # what is younger is not read again unless somebody presses for it
FEWEST = 3  # letters of a search
MATCHES = 10  # shown of it


class AskQuerySet(OwnedQuerySet[Any], WorkQuerySet):
    """Of work that asks a ticket system."""


class Asking(Work, Owned):
    """Work that asks a ticket system something while somebody waits. One at a time of each kind and connection, so that
    a slow system takes one worker from the others."""

    queue = "fast"
    time_limit = timedelta(seconds=45)

    connection = models.ForeignKey(PsaConnection, on_delete=models.CASCADE, related_name="%(class)s_rows")

    objects: ClassVar[Any] = AskQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def _take(cls, pk: int) -> Self | None:
        with transaction.atomic():
            asked = cls.objects.filter(pk=pk).values_list("connection", flat=True).first() or 0
            PsaConnection.objects.filter(pk=asked).lock()
            if cls.objects.running().filter(connection=asked).exists():
                return None
            return super()._take(pk)

    def _store(self, **fields: Any) -> None:
        """Store the outcome, have open pages ask for it, and nudge a worker for the next one."""
        super()._store(**fields)
        nudges.answered(self.account_id)
        waiting = type(self).objects.due().filter(connection=self.connection_id)
        if newest := waiting.order_by("-due_at", "-pk").first():  # of what one typed, the last is looked at
            newest.nudge_worker()

    def begin_anew(self) -> None:
        """It waits for a worker, as if it had never been tried."""
        self.status, self.tries, self.due_at, self.error, self.done_at = Work.Status.PENDING, 0, clock.now(), "", None
        self.save(update_fields=["status", "tries", "due_at", "error", "done_at"])

    def _told(self, call: Callable[[Provider], T]) -> T:
        """What the ticket system answers. An answer of another shape than its own makes no sense: it is logged, and
        asked for again."""
        try:
            return call(self.connection.provider_for("ask", LOOK))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            log.exception("an answer of %s makes no sense", self.connection)
            raise Later(f"The answer of {self.connection.name} makes no sense.") from error

    @property
    def is_asking(self) -> bool:
        """Whether an answer is on its way: none yet, and nothing has gone wrong."""
        return self.is_unfinished and not self.error


class TicketCopy(Asking):
    """A ticket of a ticket system as it was last told, and the work of reading it. Sessions are linked to it."""

    class State(models.TextChoices):
        ASKING = "asking", "Asking"
        FOUND = "found", "Found"
        MISSING = "missing", "Missing"
        UNREACHABLE = "unreachable", "Unreachable"

    task = "sessions_app.read_ticket"

    number = models.CharField(max_length=SHORT)
    told = models.JSONField(default=dict, help_text="What the ticket system said of it, by the names of psa.Ticket.")
    is_missing = models.BooleanField(default=False, help_text="There was none of this number when it was asked last.")
    read_at = models.DateTimeField(null=True, help_text="When it was last answered.")

    if TYPE_CHECKING:
        sessions: Any

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "ticket copies"
        constraints = [models.UniqueConstraint(fields=["connection", "number"], name="one_copy_per_ticket")]
        indexes = [models.Index(fields=["due_at"], name="ticket_copy_due", condition=Q(status__in=Work.UNFINISHED))]

    def __str__(self) -> str:
        return f"Ticket {self.number} of {self.connection}"

    @classmethod
    @verb
    def ask(cls, connection: PsaConnection, number: str, *, renew: bool = False) -> TicketCopy:
        """The copy of this ticket; a worker is asked to read it where it never was, or not lately, or with `renew`.

        `number`: as Provider.ticket_number() gives it. The row stays locked to the end of the transaction: what a
        worker learns meanwhile comes after it.
        """
        made, _new = cls.objects.get_or_create(
            connection=connection, number=number, defaults={"account_id": connection.account_id}
        )
        copy: TicketCopy = cls.objects.select_for_update(of=("self",), no_key=True).get(pk=made.pk)
        copy.connection = connection
        if copy._is_to_be_read(renew=renew):
            copy.begin_anew()
        if copy.status == Work.Status.PENDING:
            copy.nudge_worker()
        return copy

    @property
    def _asked_at(self) -> datetime | None:
        """When it was last read, or tried."""
        return max((at for at in (self.read_at, self.taken_at) if at), default=None)

    def _is_to_be_read(self, *, renew: bool) -> bool:
        asked = self._asked_at
        if asked is None or self.status in self.TAKEN or asked > clock.now() - SOON:
            return False  # it waits for its first reading, is being read, or was just now
        return renew or self.state != self.State.FOUND or self.is_old

    @property
    def is_old(self) -> bool:
        """Whether it was neither read nor tried lately."""
        asked = self._asked_at
        return asked is None or asked < clock.now() - FRESH

    def perform(self) -> dict[str, Any]:
        """Read it, keep what was told, and let the sessions on it have that. A worker that dies on the way is followed
        by one that does it all again."""
        try:
            told, is_missing = _as_json(self._told(lambda provider: provider.ticket(self.number))), False
            if told["id"] != self.number:
                raise Later(f"{self.connection.name} answers with another ticket, {cut(told['id'], 40)}.")
        except NoSuchTicket:
            told, is_missing = self.told, True
        if self._keep(told=told, is_missing=is_missing, read_at=clock.now()):
            for session in self.sessions.unfinished().order_by("pk"):
                session.take_from_ticket(self)
        return {}

    def _keep(self, **fields: Any) -> bool:
        """Store what was told, unless a later attempt has."""
        for name, value in fields.items():
            setattr(self, name, value)
        return bool(type(self).objects.filter(pk=self.pk, attempt=self.attempt).update(**fields))

    @property
    def state(self) -> str:
        """Missing and found are what was answered last; else why there is no answer yet."""
        if self.is_missing:
            return self.State.MISSING
        if self.read_at:
            return self.State.FOUND
        return self.State.ASKING if self.is_asking else self.State.UNREACHABLE

    @property
    def missing(self) -> str:
        """A sentence that there is none."""
        return f"{self.connection.name} has no ticket {self.number}, or does not show it to our user."

    @property
    def ticket(self) -> Ticket | None:
        """What it said last; None where it never was read."""
        return _from_json(self.told) if self.told else None

    def facts(self) -> dict[str, Any]:
        """What a session takes from it, by the session's names: only what the ticket says."""
        ticket = self.ticket
        if ticket is None:
            return {}
        reach = ", ".join(part for part in (ticket.contact, ticket.phone, ticket.email) if part)
        facts = {
            "problem_summary": cut(ticket.title, LINE),
            "client_name": cut(ticket.client, SHORT),
            "asset_name": cut(ticket.device, SHORT),
            "contact": cut(reach, SHORT),
            "due_at": ticket.due_at if ticket.due_at and ticket.due_at.year in DUE_YEARS else None,
            "intake_text": ticket.description,
        }
        return {name: value for name, value in facts.items() if value}


class TicketSearch(Asking):
    """Words looked for in the titles of open tickets, and the matches."""

    task = "sessions_app.search_tickets"
    backoff = ()  # somebody looks at it: what is wrong now is the answer

    words = models.CharField(max_length=SHORT)
    asked_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    matches = models.JSONField(default=list)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "ticket searches"
        indexes = [
            models.Index(fields=["due_at"], name="ticket_search_due", condition=Q(status__in=Work.UNFINISHED)),
            models.Index(fields=["connection", "words", "-created_at"], name="ticket_search_newest"),
        ]

    def __str__(self) -> str:
        return f"“{self.words}” in {self.connection}"

    @classmethod
    @verb
    def ask(cls, connection: PsaConnection, words: str, by: User) -> TicketSearch:
        """This search, new or of the last seconds. A search of this person that no worker has begun is given up: they
        have typed on."""
        words = cut(one_line(words), SHORT)
        lately = Q(status__in=Work.UNFINISHED) | Q(done_at__gte=clock.now() - SOON)
        same = cls.objects.filter(lately, connection=connection, words=words)
        search: TicketSearch | None = same.exclude(status=Work.Status.CANCELLED).first()
        if search is None:
            waiting = cls.objects.filter(connection=connection, asked_by=by, status=Work.Status.PENDING)
            waiting.update(status=Work.Status.CANCELLED, done_at=clock.now())
            search = cls.objects.create(
                account_id=connection.account_id, connection=connection, words=words, asked_by=by
            )
        search.connection = connection
        if search.status == Work.Status.PENDING:
            search.nudge_worker()
        return search

    def perform(self) -> dict[str, Any]:
        found = self._told(lambda provider: provider.search(self.words, MATCHES))
        return {"matches": [_as_json(ticket) for ticket in found[:MATCHES]]}

    @property
    def state(self) -> str:
        """By the words of a ticket's."""
        states = TicketCopy.State
        return states.ASKING if self.is_asking else states.UNREACHABLE if self.error else states.FOUND

    @property
    def tickets(self) -> list[Ticket]:
        return [_from_json(match) for match in self.matches]


def _as_json(ticket: Ticket) -> dict[str, Any]:
    """The ticket as it is stored: its texts clean, and no longer than a page shows."""
    told = {
        name: cut(one_line(value), LINE) if isinstance(value, str) else value for name, value in asdict(ticket).items()
    }
    told["description"] = cut(clean(ticket.description), NOTE)
    told["due_at"] = clock.iso(ticket.due_at) if ticket.due_at else None
    return told


def _from_json(told: dict[str, Any]) -> Ticket:
    known = {field.name for field in fields(Ticket)}
    due_at = told.get("due_at")
    values = {name: value for name, value in told.items() if name in known and name != "due_at"}
    return Ticket(**values, due_at=datetime.fromisoformat(due_at) if due_at else None)
