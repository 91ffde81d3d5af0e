"""ToPeople: the part of a delivery that is a message to people: whether it is still wanted, and when it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property

from handoffs.models import Handoff
from notifications.models.channel import Channel
from notifications.models.delivery_queryset import DeliveryKind
from notifications.models.notification import QUESTION, SENT_TO_EVERYONE, Notification, was_undone
from notifications.models.preference import DIGEST_EVERY, Preference
from notifications.wording import CALLS
from resolutionflow.accounts.models import Event, User
from resolutionflow.core.work import NotWanted, NotYet, Settled, Work
from sessions_app.models import Session

IN_DIGEST = 50  # lines; the others are in the bell


class ToPeople(models.Model):
    """Of a message to people: to whom, why, whether it is still wanted, and whether it leaves now.

    A digest is a mail to a person without an event: it lists what of the mails that were put into it is still true.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, null=True, related_name="deliveries")
    recipient = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="mails")
    channel = models.ForeignKey(Channel, on_delete=models.SET_NULL, null=True, related_name="+")
    aimed = models.BooleanField(default=False, editable=False, help_text="At its recipient in person.")
    digest = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, editable=False, related_name="put_into", help_text="It went with."
    )

    if TYPE_CHECKING:
        objects: ClassVar[Any]
        account_id: int
        requested_by_id: int | None
        kind: Any
        address: Any
        handoff_id: int | None
        handoff: Handoff | None
        session: Session | None
        put_into: Any
        tries: Any
        status: Any
        due_at: Any

        def sending(self, **fields: Any) -> None: ...
        def _store(self, **fields: Any) -> None: ...

    class Meta:
        abstract = True

    # when it leaves

    listed: Sequence[Notification] = ()  # of a digest that leaves: the lines it has
    more: int = 0  # and how many it leaves out

    def begin(self) -> None:
        """Take it for sending, in one short transaction. The handoff is locked, so that no call to it is begun after a
        claim has committed, and its reader, so that of two mails at once one is the first. NotWanted; NotYet; Settled
        where it waits for a digest, or is one that has nothing to say."""
        with transaction.atomic():
            locked = self._lock_handoffs()
            if not self.is_digest:
                self.must_be_wanted()
            self.sending()
            leaves = self._leaves_now() and (not self.is_digest or self._lists(locked))
        if not leaves:
            raise Settled

    def wait_for_others(self) -> None:
        """Settled where a mail to a person is not to leave now; so nothing is connected to, nor tried in vain."""
        with transaction.atomic():
            self._lock_handoffs()  # one that was raised to urgent meanwhile waits for none
            leaves = self._leaves_now()
        if not leaves:
            raise Settled

    def _lock_handoffs(self) -> set[int]:
        """Those it is about, in one order."""
        about = Handoff.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
        own = Q(pk=self.handoff_id) if self.event_id else Q(pk__in=self.put_into.values("handoff_id"))
        locked = set(about.filter(own).values_list("pk", flat=True))
        if locked and self.handoff is not None:
            self.handoff.refresh_from_db()
        return locked

    def _lists(self, locked: set[int]) -> bool:
        """Of a digest, its reader locked: note what it lists; False where that is nothing."""
        about = {pk for pk in self.put_into.values_list("handoff_id", flat=True) if pk}
        if about - locked:  # more was put in meanwhile
            self._store(status=Work.Status.PENDING, due_at=timezone.now(), tries=self.tries - 1)
            return False
        lines = self.still_true()
        self.listed, count = list(lines[:IN_DIGEST]), lines.count()
        self.more = count - len(self.listed)
        if not count:
            gone = "Nothing of it is open any more."
            self._store(status=Work.Status.CANCELLED, done_at=timezone.now(), error=gone)
        return bool(count)

    def _leaves_now(self) -> bool:
        """Unless it waits: then it is in a digest, or, if it is one, put off. What somebody has sent again leaves."""
        if self.recipient_id is None or self.kind != DeliveryKind.EMAIL:
            return True
        people = User.objects.select_for_update(of=("self",), no_key=True).select_related("account")
        reader, now = people.get(pk=self.recipient_id), timezone.now()
        if self.requested_by_id is not None:
            return True
        preference = Preference.objects.of([reader])[reader.pk]
        until = None if self.presses else preference.held_until(now)
        if self.is_digest:
            if until is not None:
                self._store(status=Work.Status.PENDING, due_at=until, tries=self.tries - 1)
            return until is None
        if until is None and preference.is_digest and not self.presses:
            until = self._next_turn(now)
        if until is not None:
            self._store(status=Work.Status.CANCELLED, done_at=now, digest=self._waiting_digest(until))
        return until is None

    @property
    def presses(self) -> bool:
        """Urgent, and aimed at its reader: neither quiet hours nor a digest holds it."""
        return self.aimed and self.handoff is not None and self.handoff.is_urgent

    @property
    def waits(self) -> bool:
        """Whether it is not to leave yet."""
        return bool(self.status == Work.Status.PENDING and self.due_at > timezone.now())

    @property
    def is_digest(self) -> bool:
        return self.event_id is None and self.recipient_id is not None and self.kind == DeliveryKind.EMAIL

    def _next_turn(self, now: datetime) -> datetime | None:
        """When the next mail to its reader may leave; None where there was none lately. What is aimed at them does not
        wait for what is sent to everyone."""
        mails = type(self).objects.sent_lately(now).filter(recipient=self.recipient_id, aimed=self.aimed)
        mails = mails.exclude(pk=self.pk)
        last = mails.order_by("-taken_at").values_list("taken_at", flat=True).first()
        return last + DIGEST_EVERY if last is not None else None

    def _waiting_digest(self, until: datetime) -> ToPeople:
        """Their next digest, due then or earlier; their row is locked, so that there is one."""
        mine = {"recipient_id": self.recipient_id, "kind": DeliveryKind.EMAIL, "address": self.address}
        waiting = type(self).objects.filter(**mine, event=None, requested_by=None, status=Work.Status.PENDING)
        digest: ToPeople | None = waiting.first()
        if digest is None:
            return type(self).objects.create(**mine, account_id=self.account_id, due_at=until)  # type: ignore[no-any-return]
        waiting.filter(pk=digest.pk, due_at__gt=until).update(due_at=until)
        return digest

    def still_true(self) -> QuerySet[Notification]:
        """Of a digest: its reader's lines that nobody has settled and they have not read, most urgent first."""
        events = self.put_into.values("event_id")
        lines = Notification.objects.filter(user=self.recipient_id, event__in=events, read_at=None, done_at=None)
        taken = Q(event__kind__in=CALLS) & ~Q(cause=Notification.Cause.MENTION) & ~Q(handoff__status="open")
        named = ("event", "event__actor", "handoff", "session")
        first = F("handoff__priority").asc(nulls_last=True)
        return lines.exclude(taken).select_related(*named).order_by(first, "event_id")

    # whether it is wanted

    def must_be_wanted(self) -> None:
        """Raise NotWanted where, since the row was written, its reader has left, its handoff was taken
        or its question answered."""
        if self.recipient is not None and not self.recipient.is_engineer:
            raise NotWanted("They are no longer an active engineer here.")
        if self.recipient is not None and self.recipient.confirmed_email != self.address:
            raise NotWanted("They have not confirmed this address: an invitation or a new address waits for them.")
        if self.channel is not None:
            self.channel.must_be_on()
        if self.event is not None and self.event.kind in CALLS and not self._still_calls():
            if self.handoff is not None and self.handoff.can_be_undone and self.handoff.undo_until is not None:
                raise NotYet("", after=(self.handoff.undo_until - timezone.now()).total_seconds())
            raise NotWanted("Somebody has taken it already.")
        if self.event is not None and was_undone(self.event):
            raise NotWanted("The claim was undone.")
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

    @property
    def why(self) -> str:
        """Why its reader is notified: the phrase of their bell line; of a channel, that of what goes there."""
        if self.recipient_id is None and self.event is not None and self.event.kind == "handoff.stepped":
            return "nobody has claimed it and this channel is next"
        return self._line.why if self._line else SENT_TO_EVERYONE

    @cached_property
    def _line(self) -> Notification | None:
        """Its reader's bell line about the same."""
        line: Notification | None = Notification.objects.filter(user=self.recipient, event=self.event).first()
        return line
