"""Delivery: one message to one address, or what goes into a ticket, as a row of work, with its outcome."""

from __future__ import annotations

import base64
import secrets
from datetime import timedelta
from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from handoffs.models import Handoff
from handoffs.worked_time import MOST
from notifications import note as note_text
from notifications import transports
from notifications.models.channel import Channel
from notifications.models.delivery_queryset import HOOKS, IN_TICKETS, MESSAGES, DeliveryKind, DeliveryQuerySet
from notifications.models.timed import Timed
from notifications.models.to_people import ToPeople
from resolutionflow.accounts.models import Event, Owned, User
from resolutionflow.core import nudges
from resolutionflow.core.redaction import counted
from resolutionflow.core.refusals import Invalid, NotAllowed, WrongState
from resolutionflow.core.text import LINE, SHORT, clean, cut
from resolutionflow.core.verbs import verb
from resolutionflow.core.work import Unknown, Work
from sessions_app.models import PsaConnection, Session, TicketCopy
from sessions_app.psa import Provider, TextPart

HELD = timedelta(seconds=1)  # due so long after it was written, it was held
MOST_MS = 2**31 - 1
LOOK_AFTER = 10  # seconds: a ticket system may show a note only some time after it took it


def new_marker() -> str:
    """Eight letters and digits by which a note is found again in its ticket."""
    return base64.b32encode(secrets.token_bytes(5)).decode()


class Delivery(ToPeople, Timed, Work, Owned):
    """One event, one address, one outcome: a message to a person or channel, a note or time entry in a ticket, or its
    status and owner."""

    Kind = DeliveryKind
    task = "notifications.deliver"
    time_limit = timedelta(seconds=90)

    session = models.ForeignKey(Session, on_delete=models.CASCADE, null=True, related_name="deliveries")
    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, null=True, related_name="deliveries")
    kind = models.CharField(max_length=10, choices=DeliveryKind)
    connection = models.ForeignKey(PsaConnection, on_delete=models.SET_NULL, null=True, related_name="deliveries")
    address = models.CharField(
        max_length=LINE, help_text="An email address, a ticket number, or what is shown of a channel's address."
    )
    body = models.TextField(blank=True, help_text="Empty: rendered from the event when it leaves.")
    internal = models.BooleanField(default=True)
    requested_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    parts = models.JSONField(
        default=list, editable=False, help_text="A note as it was cut when it first left: text and marker of each part."
    )
    remote_id = models.CharField(max_length=SHORT, blank=True)
    form_key = models.UUIDField(null=True, editable=False)
    maybe_sent = models.BooleanField(
        default=False, editable=False, help_text="It was sent and no answer came: look for it first."
    )
    marker = models.CharField(max_length=8, default=new_marker, editable=False)
    waited_ms = models.PositiveIntegerField(
        null=True, editable=False, help_text="From the commit, or the end of what held it, to the first attempt."
    )
    answer_code = models.PositiveSmallIntegerField(null=True, editable=False, help_text="What a channel answered last.")
    answer_ms = models.PositiveIntegerField(null=True, editable=False, help_text="How long that took.")
    created_at = models.DateTimeField(default=timezone.now)

    was_set: dict[str, Any] | None = None  # of status and owner: what of them was written, for the event
    was_left: dict[str, Any] | None = None  # and why one was left, where people are told of that once
    objects: ClassVar[Any] = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["event", "kind", "address"],
                condition=~Q(kind__in=HOOKS),  # of their addresses only a part is here
                name="one_delivery_per_event_and_address",
            ),
            models.UniqueConstraint(
                fields=["event", "channel"], condition=Q(kind__in=HOOKS), name="one_delivery_per_event_and_channel"
            ),
            models.UniqueConstraint(fields=["session", "form_key"], name="one_note_per_form"),
            models.CheckConstraint(
                condition=Q(kind="time", minutes__range=(1, MOST), minutes__isnull=False, started_at__isnull=False)
                | (~Q(kind="time") & Q(minutes=None, started_at=None)),
                name="a_time_entry_has_minutes_others_none",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="delivery_due", condition=Q(status__in=("pending", "running", "sending"))
            ),
            models.Index(fields=["account", "status"], name="delivery_by_status"),
            models.Index(fields=["handoff", "kind"], name="delivery_by_handoff"),
            models.Index(fields=["recipient", "taken_at"], name="delivery_by_reader", condition=Q(kind="email")),
            models.Index(fields=["channel", "event"], name="delivery_by_channel", condition=Q(kind__in=HOOKS)),
            models.Index(
                fields=["channel", "event"],
                name="delivery_in_turn",
                condition=Q(kind__in=HOOKS, status__in=("pending", "running", "sending")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.address}"

    def perform(self) -> dict[str, Any]:
        return transports.TRANSPORTS[self.kind]().send(self)

    def sending(self, **fields: Any) -> None:
        if self.tries == 1 and self.event is not None:
            could_leave = max(self.event.at, self.due_at) if self.due_at - self.created_at > HELD else self.event.at
            waited = (timezone.now() - could_leave) / timedelta(milliseconds=1)
            fields["waited_ms"] = min(max(round(waited), 0), MOST_MS)
        super().sending(**fields)

    def check_lost(self) -> None:
        """What is in a ticket can be looked up, by its marker, before it is posted again, and a ticket read; who gets a
        webhook knows it by its id. A mail or chat message cannot."""
        if self.kind in MESSAGES:
            raise Unknown("The worker stopped while it was being sent.")
        self.maybe_sent = True

    def keep_body(self, text: str) -> None:
        """Store the text that is about to be posted, and its parts, so that later attempts are of the same."""
        type(self).objects.filter(pk=self.pk, attempt=self.attempt).update(body=text, parts=self.parts)

    def cut_up(self, provider: Provider, text: str) -> list[TextPart]:
        """Its parts. Where one is in the ticket, or may be, they are those that it was one of, whatever the
        connection's options say by now: it fits no other cut."""
        if not (self.maybe_sent and self.parts):
            parts = provider.parts(text, self.marker, self.subject)
            self.parts = [[part.text, part.marker] for part in parts]
        return [TextPart(part, marker, self.subject) for part, marker in self.parts]

    def landed_wrong(self, note_id: str) -> None:
        """It stands, or stood, in the ticket, and not as was asked. A failed note with the number of one is not tried
        again: the client would see it once more."""
        self.remote_id, self.maybe_sent = cut(note_id, SHORT), False

    def retry(self, **fields: Any) -> None:
        if self.landed_wrongly:
            raise WrongState("This is in its ticket, but not as was asked: look there, and write another.")
        if type(self).objects.filter(pk=self.pk).logged_anew().exists():
            raise WrongState("This time was logged anew: it would be booked twice.")
        super().retry(**fields)

    @property
    def landed_wrongly(self) -> bool:
        return self.kind in IN_TICKETS and self.status == self.Status.FAILED and bool(self.remote_id)

    def _unknown(self, reason: str) -> None:
        """Handle an unknown outcome: what is in a ticket is looked for and only then posted again, and so it is with
        status and owner; a webhook is posted again; what people read, and cannot be looked for, fails."""
        if self.kind in MESSAGES:
            super()._unknown(reason)
        else:
            self._again(reason, after=LOOK_AFTER)

    def _fail(self, reason: str) -> None:
        super()._fail(f"May have been sent. {reason}" if self.maybe_sent else reason)

    def _store(self, **fields: Any) -> None:
        with transaction.atomic():
            kept = {"maybe_sent": self.maybe_sent, "answer_code": self.answer_code, "answer_ms": self.answer_ms}
            super()._store(**{"remote_id": self.remote_id, **fields}, **kept)
            if self.kind in HOOKS:
                self._nudge_for_next_turn()
            if self.was_set and self.status == self.Status.CANCELLED:
                self.settled()

    def _nudge_for_next_turn(self) -> None:
        """Nudge a worker for when the turn of what waits at this channel is: of this one where it was not its turn yet,
        else of the next by the order of events."""
        pk, at = self.pk, self.due_at
        if self.status != self.Status.PENDING or self.tries:
            waiting = type(self).objects.waiting_at(self)
            found = waiting.values_list("pk", "channel__free_at").first()
            if found is None:
                return
            pk, at = found
            waiting.filter(pk=pk, due_at__gt=at).update(due_at=at)
        transaction.on_commit(lambda: nudges.work_due(self.task, pk, queue=self.queue, at=at))

    def settled(self) -> None:
        """Record an event for what arrived in a ticket, for what was written of status and owner, and for anything that
        failed; a mail that was sent leaves none, and neither does a ticket that was as it should be."""
        kind = self._OUTCOMES.get((self.kind, self.status))
        if kind is not None and (self.was_set or kind != "ticket.updated"):
            session, handoff, facts = self.session_id, self.handoff_id, self._facts()
            Event.record(self.account_id, kind, actor=None, session_id=session, handoff_id=handoff, facts=facts)
        if self.channel is not None and self.status == self.Status.DONE:
            Channel.objects.filter(pk=self.channel.pk).update(last_sent_at=self.done_at)
        if self.kind == self.Kind.WEBHOOK and self.status == self.Status.FAILED:
            self._nothing_arrives()
        if self.was_set and self.connection is not None:  # what pages say of the ticket is from before
            TicketCopy.ask(self.connection, self.address, renew=True)

    def _nothing_arrives(self) -> None:
        """Switch off a webhook to which nothing came through for as long as this was tried, however often that was."""
        channel = self.channel
        if channel is None or self.tries <= len(self.backoff):
            return
        if channel.last_sent_at is None or channel.last_sent_at < self.created_at:
            channel.switch_off(f"Nothing has arrived there for hours. {self.error}")

    def _facts(self) -> dict[str, Any]:
        asked_by = self.requested_by_id or (self.event.actor_id if self.event else None)
        facts = {
            "delivery": self.pk,
            "to": self.to,
            "recipient": self.recipient_id,
            "address": self.address,
            "error": self.error,
            "remote_id": self.remote_id,
            "requested_by": asked_by,
            "internal": self.internal,
            "minutes": self.minutes,
        }
        if self.kind == self.Kind.TICKET:
            found = {**(self.was_set or {}), **(self.was_left or {})}
            facts = {
                "delivery": self.pk,
                "to": self.to,
                "connection": self.connection_id,
                "ticket": self.address,
                "text": self.body,
                "ticket_status": found.get("ticket_status"),
                "owner": found.get("owner"),
                "cannot_own": found.get("cannot_own"),
                "ticket_project": found.get("ticket_project"),
                "ticket_closed": found.get("ticket_closed"),
                "merged_into": found.get("merged_into"),
                "error": self.error,
                "requested_by": asked_by,
            }
            facts = {name: value for name, value in facts.items() if value}
        return facts

    _OUTCOMES: ClassVar[dict[tuple[str, str], str]] = {
        **{(kind, Work.Status.FAILED): "delivery.failed" for kind in MESSAGES},  # a webhook would be told of itself
        (DeliveryKind.NOTE, Work.Status.DONE): "note.posted",
        (DeliveryKind.NOTE, Work.Status.FAILED): "note.failed",
        (DeliveryKind.TICKET, Work.Status.DONE): "ticket.updated",
        (DeliveryKind.TICKET, Work.Status.CANCELLED): "ticket.updated",  # after its owner was written
        (DeliveryKind.TICKET, Work.Status.FAILED): "ticket.update_failed",
        (DeliveryKind.TIME, Work.Status.DONE): "time.posted",
        (DeliveryKind.TIME, Work.Status.FAILED): "time.failed",
    }

    @property
    def to(self) -> str:
        """The name of the person, channel or ticket system it goes to, or the address."""
        return str(self.recipient or self.channel or self.connection or self.address)

    @property
    def redacted(self) -> list[str]:
        """The kinds of secrets that were left out of its text, in words."""
        return list(counted(self.body))

    @property
    def redacted_count(self) -> int:
        """How many secrets were left out of its text."""
        return sum(counted(self.body).values())

    @property
    def subject(self) -> str:
        """What a note is, in a word, for ticket systems in which notes have a subject."""
        subjects = {"handoff.escalated": "Escalation", "session.resolved": "Resolution"}
        return subjects.get(self.event.kind if self.event else "", "Note" if self.internal else "Update")

    @classmethod
    @verb
    def send_note(
        cls,
        session: Session,
        user: User,
        *,
        body: str,
        internal: bool = True,
        handoff: Handoff | None = None,
        form_key: UUID | None = None,
        ticket: str = "",
    ) -> Delivery:
        """Post this text into the ticket, beside what is posted by itself. `internal` False: the client sees it, and
        may be mailed. `handoff`: the one it is about. A form makes one note, however often it is sent. `ticket`: the
        session's ticket_key as its author saw it; where that has changed, nothing is posted."""
        user.must_work()
        if not clean(body):
            raise Invalid(body="There is nothing to post.")
        session.lock()  # two clicks come one after the other, and the ticket stays what it is
        if form_key and (made := cls.objects.filter(session=session, form_key=form_key).first()):
            return made  # type: ignore[no-any-return]
        text = note_text.signed(body, note_text.connection_for(session, ticket), user)
        if cls.says(session, text, kind=cls.Kind.TIME):
            raise Invalid(body="A time entry of this session says the same, and a ticket is not to say it twice.")
        kept = {"kind": cls.Kind.NOTE, "body": text, "internal": internal, "handoff": handoff, "form_key": form_key}
        return cls.put_into_ticket(session, user, **kept)

    @classmethod
    def put_into_ticket(cls, session: Session, user: User, **fields: Any) -> Self:
        """A row for the session's ticket, asked for by this person, and a worker told of it."""
        made = cls(
            account_id=session.account_id,
            session=session,
            connection=session.psa_connection,
            address=session.psa_ticket_id,
            requested_by=user,
            **fields,
        )
        made.save(force_insert=True)
        session.renew_lease(user)
        made.nudge_worker()
        return made

    @classmethod
    @verb
    def retry_all(cls, connection: PsaConnection, user: User) -> int:
        """Send again what has failed of this ticket system, but for what landed wrongly or was logged anew; returns how
        many. The sweep finds them."""
        user.must_administer()
        failed = cls.objects.visible_to(user).failed().filter(connection=connection, remote_id="")
        failed = failed.exclude(pk__in=list(failed.logged_anew().values_list("pk", flat=True)))
        again = {"status": cls.Status.PENDING, "tries": 0, "due_at": timezone.now(), "done_at": None, "error": ""}
        return int(failed.update(**again))

    @verb
    def send_again(self, user: User) -> None:
        """Post it to its webhook once more, by the same id, whatever came of it before."""
        user.must_administer()
        self._must_be_of(user)
        if self.kind != self.Kind.WEBHOOK or self.channel is None or not self.channel.is_active:
            raise WrongState("This webhook is switched off.")
        if not self.ask_anew():
            raise WrongState("It is being sent already.")

    @verb
    def retry_by(self, user: User) -> None:
        """Send a failed one again, by anybody who may work."""
        user.must_work()
        if not user.is_superuser:
            self._must_be_of(user)
        if self.kind == self.Kind.WEBHOOK:
            user.must_administer()
        # Who asked for a message now: it waits for no others.
        self.retry(**{"requested_by": user} if self.kind in MESSAGES else {})

    def _must_be_of(self, user: User) -> None:
        if self.account_id != user.account_id:
            raise NotAllowed("This belongs to another account.")
