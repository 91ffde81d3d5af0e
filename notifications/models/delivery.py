"""Delivery: one message to one address, or what goes into a ticket, as a row of work, with its outcome."""

from __future__ import annotations

import base64
import secrets
from datetime import timedelta
from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property

from handoffs.models import Handoff
from handoffs.worked_time import MOST
from notifications import note as note_text
from notifications import transports
from notifications.models.channel import Channel
from notifications.models.notification import CALLS, QUESTION, SENT_TO_EVERYONE, Notification, answered_by
from notifications.models.timed import Timed
from resolutionflow.accounts.models import Event, Owned, OwnedQuerySet, User
from resolutionflow.core.redaction import counted
from resolutionflow.core.refusals import Invalid, NotAllowed, WrongState
from resolutionflow.core.text import LINE, SHORT, clean, cut
from resolutionflow.core.verbs import verb
from resolutionflow.core.work import NotWanted, Unknown, Work, WorkQuerySet
from sessions_app.models import PsaConnection, Session, TicketCopy
from sessions_app.psa import Provider, TextPart

OUTCOME = ("kind", "address", "internal", "status", "error", "remote_id", "done_at", "due_at")
LOOK_AFTER = 10  # seconds: a ticket system may show a note only some time after it took it


class DeliveryQuerySet(OwnedQuerySet["Delivery"], WorkQuerySet):
    def notes(self) -> Self:
        return self.filter(kind=Delivery.Kind.NOTE)

    def ticket_updates(self) -> Self:
        """Status and owner of tickets."""
        return self.filter(kind=Delivery.Kind.TICKET)

    def times(self) -> Self:
        return self.filter(kind=Delivery.Kind.TIME).select_related("requested_by")

    def logged(self) -> Self:
        """Time entries that are in the ticket, may be, or are on their way there: booked anew they would be twice."""
        is_there = Q(maybe_sent=True) | ~Q(remote_id="")  # that the client was shown against what was asked, too
        return self.times().filter(~Q(status__in=(Work.Status.FAILED, Work.Status.CANCELLED)) | is_there)

    def logged_anew(self) -> Self:
        """Time entries that somebody has logged once more since, by the same text."""
        same = {name: OuterRef(name) for name in ("session_id", "requested_by_id", "body")}
        newer = Delivery.objects.logged().filter(**same, pk__gt=OuterRef("pk"))
        return self.filter(Exists(newer), kind=Delivery.Kind.TIME)

    def into_ticket(self) -> Self:
        """Notes and time entries, with who asked for them; and of status and owner the newest, which has
        overtaken those before it."""
        newest = self.ticket_updates().order_by("-event_id").values("pk")[:1]
        chosen = Q(kind__in=Delivery.IN_TICKETS) | Q(pk__in=newest)
        return self.filter(chosen).select_related("requested_by")

    def under_way(self) -> Self:
        """What was sent, or may have been, so lately that it may still arrive."""
        lately = timezone.now() - Delivery.time_limit
        return self.filter(Q(status__in=Work.TAKEN) | Q(maybe_sent=True), taken_at__gte=lately)

    def calls(self) -> Self:
        """Mails that call somebody to a waiting handoff; what is said to them in its note is no call."""
        called = self.filter(kind=Delivery.Kind.EMAIL, event__kind__in=CALLS)
        same = {"event_id": OuterRef("event_id"), "user_id": OuterRef("recipient_id")}
        return called.exclude(Exists(Notification.objects.filter(cause=Notification.Cause.MENTION, **same)))

    def settled_questions(self, session: Session) -> Self:
        """Mails of questions in this session that need no answer any more: they have one, or it is over."""
        asked = self.filter(session=session, kind=Delivery.Kind.EMAIL, event__kind=QUESTION)
        return asked if session.is_finished else asked.filter(answered_by("recipient_id"))

    def as_lines(self) -> Self:
        """With only the columns by which a page says to whom each went and how."""
        named = ("recipient", "channel", "connection")
        return self.select_related(*named).only(*OUTCOME, *(f"{name}__name" for name in named))

    def cancel(self, *statuses: str) -> int:
        """Cancel those that have not been sent, or are of these statuses; returns how many."""
        wanted = Q(status__in=statuses or (Work.Status.PENDING,))
        rows = self.filter(wanted).by_number().filter(wanted)
        return int(rows.update(status=Work.Status.CANCELLED, done_at=timezone.now()))


def new_marker() -> str:
    """Eight letters and digits by which a note is found again in its ticket."""
    return base64.b32encode(secrets.token_bytes(5)).decode()


class Delivery(Timed, Work, Owned):
    """One event, one address, one outcome: a mail to a person or channel; or a note or time entry in a ticket, or its
    status and owner."""

    class Kind(models.TextChoices):
        EMAIL = "email", "Email"
        NOTE = "note", "Ticket note"
        TICKET = "ticket", "Status and owner"
        TIME = "time", "Time entry"

    IN_TICKETS: ClassVar[tuple[str, ...]] = (Kind.NOTE, Kind.TIME)  # what is found again by its marker
    task = "notifications.deliver"
    time_limit = timedelta(seconds=90)

    event = models.ForeignKey(Event, on_delete=models.CASCADE, null=True, related_name="deliveries")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, null=True, related_name="deliveries")
    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, null=True, related_name="deliveries")
    kind = models.CharField(max_length=10, choices=Kind)
    recipient = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    channel = models.ForeignKey(Channel, on_delete=models.SET_NULL, null=True, related_name="+")
    connection = models.ForeignKey(PsaConnection, on_delete=models.SET_NULL, null=True, related_name="deliveries")
    address = models.CharField(max_length=LINE, help_text="An email address, or a ticket number.")
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
    created_at = models.DateTimeField(default=timezone.now)

    was_set: dict[str, Any] | None = None  # of status and owner: what of them was written, for the event
    was_left: dict[str, Any] | None = None  # and why one was left, where people are told of that once
    objects: ClassVar[Any] = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["event", "kind", "address"], name="one_delivery_per_event_and_address"),
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
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.address}"

    def perform(self) -> dict[str, Any]:
        return transports.TRANSPORTS[self.kind]().send(self)

    def check_lost(self) -> None:
        """What is in a ticket can be looked up, by its marker, before it is posted again, and a ticket read; a mail
        cannot."""
        if self.kind == self.Kind.EMAIL:
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

    def retry(self) -> None:
        if self.landed_wrongly:
            raise WrongState("This is in its ticket, but not as was asked: look there, and write another.")
        if type(self).objects.filter(pk=self.pk).logged_anew().exists():
            raise WrongState("This time was logged anew: it would be booked twice.")
        super().retry()

    @property
    def landed_wrongly(self) -> bool:
        return self.kind in self.IN_TICKETS and self.status == self.Status.FAILED and bool(self.remote_id)

    def _unknown(self, reason: str) -> None:
        """Handle an unknown outcome: what is in a ticket is looked for and only then posted again, and so it is with
        status and owner; a mail, which cannot be looked for, fails."""
        if self.kind == self.Kind.EMAIL:
            super()._unknown(reason)
        else:
            self._again(reason, after=LOOK_AFTER)

    def _fail(self, reason: str) -> None:
        super()._fail(f"May have been sent. {reason}" if self.maybe_sent else reason)

    def _store(self, **fields: Any) -> None:
        with transaction.atomic():
            super()._store(**{"remote_id": self.remote_id, **fields}, maybe_sent=self.maybe_sent)
            if self.was_set and self.status == self.Status.CANCELLED:
                self.settled()

    def must_be_wanted(self) -> None:
        """Raise NotWanted where, since the row was written, its reader has left, its handoff was taken
        or its question answered."""
        if self.recipient is not None and not self.recipient.is_engineer:
            raise NotWanted("They are no longer an active engineer here.")
        if self.recipient is not None and self.recipient.confirmed_email != self.address:
            raise NotWanted("They have not confirmed this address: an invitation or a new address waits for them.")
        if self.channel is not None and not self.channel.is_active:
            raise NotWanted("The channel is switched off.")
        if self.event is not None and self.event.kind in CALLS and not self._still_calls():
            raise NotWanted("Somebody has taken it already.")
        if self.event is not None and self.event.kind == "handoff.expiring" and not self._still_runs_out():
            raise NotWanted("They have worked on it since.")
        if self.event is not None and self.event.kind == QUESTION and self._needs_no_answer():
            raise NotWanted("It has been answered, or its session is over.")

    def _still_runs_out(self) -> bool:
        handoff = self.handoff
        return handoff is not None and handoff.claimed_by_id == self.recipient_id and handoff.reminded_at is not None

    def _still_calls(self) -> bool:
        if self._line is not None and self._line.cause == Notification.Cause.MENTION:
            return True
        if self.handoff is None or self.handoff.is_open:
            return self.handoff is not None
        return self.handoff.is_claimed and self.handoff.claimed_by_id == self.recipient_id

    def _needs_no_answer(self) -> bool:
        return (
            self.session is not None and type(self).objects.filter(pk=self.pk).settled_questions(self.session).exists()
        )

    def settled(self) -> None:
        """Record an event for what arrived in a ticket, for what was written of status and owner, and for anything that
        failed; a mail that was sent leaves none, and neither does a ticket that was as it should be."""
        kind = self._OUTCOMES.get((self.kind, self.status))
        if kind is not None and (self.was_set or kind != "ticket.updated"):
            session, handoff, facts = self.session_id, self.handoff_id, self._facts()
            Event.record(self.account_id, kind, actor=None, session_id=session, handoff_id=handoff, facts=facts)
        if self.was_set and self.connection is not None:  # what pages say of the ticket is from before
            TicketCopy.ask(self.connection, self.address, renew=True)

    def _facts(self) -> dict[str, Any]:
        asked_by = self.requested_by_id or (self.event.actor_id if self.event else None)
        facts = {
            "delivery": self.pk,
            "to": self.to,
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
        (Kind.EMAIL, Work.Status.FAILED): "delivery.failed",
        (Kind.NOTE, Work.Status.DONE): "note.posted",
        (Kind.NOTE, Work.Status.FAILED): "note.failed",
        (Kind.TICKET, Work.Status.DONE): "ticket.updated",
        (Kind.TICKET, Work.Status.CANCELLED): "ticket.updated",  # after its owner was written
        (Kind.TICKET, Work.Status.FAILED): "ticket.update_failed",
        (Kind.TIME, Work.Status.DONE): "time.posted",
        (Kind.TIME, Work.Status.FAILED): "time.failed",
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

    @property
    def why(self) -> str:
        """Why its reader is notified: the phrase of their bell line."""
        return self._line.why if self._line else SENT_TO_EVERYONE

    @cached_property
    def _line(self) -> Notification | None:
        """Its reader's bell line about the same."""
        line: Notification | None = Notification.objects.filter(user=self.recipient, event=self.event).first()
        return line

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
            return made
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
    def retry_by(self, user: User) -> None:
        """Send a failed one again, by anybody who may work."""
        user.must_work()
        if self.account_id != user.account_id and not user.is_superuser:
            raise NotAllowed("This belongs to another account.")
        self.retry()
