"""What kinds of deliveries there are, and the questions asked of many."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from notifications.models.notification import QUESTION, Notification, answered_by
from notifications.models.preference import DIGEST_EVERY
from notifications.wording import CALLS
from resolutionflow.accounts.models import OwnedQuerySet, Priority
from resolutionflow.core.work import Work, WorkQuerySet
from sessions_app.models import Session


class DeliveryKind(models.TextChoices):
    EMAIL = "email", "Email"
    SLACK = "slack", "Slack"
    TEAMS = "teams", "Teams"
    WEBHOOK = "webhook", "Webhook"
    NOTE = "note", "Ticket note"
    TICKET = "ticket", "Status and owner"
    TIME = "time", "Time entry"


MESSAGES = (DeliveryKind.EMAIL, DeliveryKind.SLACK, DeliveryKind.TEAMS)  # what people read
HOOKS = (DeliveryKind.SLACK, DeliveryKind.TEAMS, DeliveryKind.WEBHOOK)  # what is posted to a channel's address
IN_TICKETS = (DeliveryKind.NOTE, DeliveryKind.TIME)  # what is found again by its marker
OUTCOME = ("kind", "event_id", "address", "internal", "status", "error", "remote_id", "done_at", "due_at")


class DeliveryQuerySet(OwnedQuerySet[Any], WorkQuerySet):
    def notes(self) -> Self:
        return self.filter(kind=DeliveryKind.NOTE)

    def ticket_updates(self) -> Self:
        """Status and owner of tickets."""
        return self.filter(kind=DeliveryKind.TICKET)

    def times(self) -> Self:
        return self.filter(kind=DeliveryKind.TIME).select_related("requested_by")

    def logged(self) -> Self:
        """Time entries that are in the ticket, may be, or are on their way there: booked anew they would be twice."""
        is_there = Q(maybe_sent=True) | ~Q(remote_id="")  # that the client was shown against what was asked, too
        return self.times().filter(~Q(status__in=(Work.Status.FAILED, Work.Status.CANCELLED)) | is_there)

    def logged_anew(self) -> Self:
        """Time entries that somebody has logged once more since, by the same text."""
        same = {name: OuterRef(name) for name in ("session_id", "requested_by_id", "body")}
        newer = self.model.objects.logged().filter(**same, pk__gt=OuterRef("pk"))
        return self.filter(Exists(newer), kind=DeliveryKind.TIME)

    def into_ticket(self) -> Self:
        """Notes and time entries, with who asked for them; and of status and owner the newest, which has
        overtaken those before it."""
        newest = self.ticket_updates().order_by("-event_id").values("pk")[:1]
        chosen = Q(kind__in=IN_TICKETS) | Q(pk__in=newest)
        return self.filter(chosen).select_related("requested_by")

    def under_way(self) -> Self:
        """What was sent, or may have been, so lately that it may still arrive."""
        lately = timezone.now() - self.model.time_limit
        return self.filter(Q(status__in=Work.TAKEN) | Q(maybe_sent=True), taken_at__gte=lately)

    def messages(self) -> Self:
        return self.filter(kind__in=MESSAGES)

    def waiting_at(self, delivery: Any) -> Self:
        """What was never tried of what is to be posted to the same channel; of earlier events first."""
        mine = self.filter(channel=delivery.channel_id, kind=delivery.kind)
        held = Q(kind__in=MESSAGES, error="", due_at__gt=timezone.now())  # by a claim that can be undone
        return mine.filter(status=Work.Status.PENDING, tries=0).exclude(held).order_by("event")

    def ahead_of(self, delivery: Any, *, since: datetime) -> Self:
        """What is to be posted to the same channel before this: due and never tried, or begun since then; of earlier
        events first."""
        waits = Q(status=Work.Status.PENDING, tries=0, due_at__lte=timezone.now())
        begun = Q(status__in=Work.TAKEN, tries=1, taken_at__gte=since)
        mine = self.filter(channel=delivery.channel_id, kind=delivery.kind, status__in=Work.UNFINISHED)
        return mine.filter(waits | begun, event__lt=delivery.event_id).order_by("event")

    def calls(self) -> Self:
        """Messages that call somebody to a waiting handoff; what is said to them in its note is no call."""
        called = self.messages().filter(event__kind__in=CALLS)
        same = {"event_id": OuterRef("event_id"), "user_id": OuterRef("recipient_id")}
        return called.exclude(Exists(Notification.objects.filter(cause=Notification.Cause.MENTION, **same)))

    def settled_questions(self, session: Session) -> Self:
        """Mails of questions in this session that need no answer any more: they have one, or it is over."""
        asked = self.filter(session=session, kind=DeliveryKind.EMAIL, event__kind=QUESTION)
        return asked if session.is_finished else asked.filter(answered_by("recipient_id"))

    def as_lines(self) -> Self:
        """With only the columns by which a page says to whom each went and how."""
        named = ("recipient", "channel", "connection")
        digest = ("digest__status", "digest__due_at", "digest__done_at")
        shown = (*OUTCOME, *(f"{name}__name" for name in named), *digest)
        return self.select_related(*named, "digest").only(*shown)

    def hold(self, until: datetime) -> int:
        """Let those that have not left wait: nothing else is done, and when they are due they are asked whether they
        are still wanted."""
        waiting = Q(status=Work.Status.PENDING, due_at__lt=until)
        return int(self.filter(waiting).by_number().filter(waiting).update(due_at=until))

    def let_go(self) -> None:
        """Make those due that were held, and tell workers. What was tried keeps its time to be tried again."""
        held = Q(status=Work.Status.PENDING, due_at__gt=timezone.now(), tries=0)
        rows = list(self.filter(held))
        self.model.objects.filter(held, pk__in=[row.pk for row in rows]).update(due_at=timezone.now())
        for row in rows:
            row.nudge_worker()

    def sent_lately(self, now: datetime | None = None) -> Self:
        """Mails to people that left so lately that the next ones go together. What was urgent and aimed at its reader
        counts for none: those wait for none, and none for them."""
        since = (now or timezone.now()) - DIGEST_EVERY
        left = self.filter(kind=DeliveryKind.EMAIL, status__in=(Work.Status.SENDING, Work.Status.DONE))
        return left.filter(taken_at__gt=since).exclude(aimed=True, handoff__priority=Priority.URGENT)

    def digests(self) -> Self:
        return self.messages().filter(event=None).exclude(recipient=None)

    def take_out(self, *, of_sending: bool = False) -> None:
        """Out of their digests: each is due by itself; not out of one that a worker has taken, which lists it. One that
        is being sent has its list already: `of_sending` says that these are not in it."""
        rows = list(self.filter(status=Work.Status.CANCELLED).exclude(digest=None))
        of_rows = self.model.objects.filter(pk__in={row.digest_id for row in rows}).order_by("pk")
        taken = (Work.Status.RUNNING,) if of_sending else Work.TAKEN
        begun = {digest.pk: digest.status in taken for digest in of_rows.select_for_update(of=("self",), no_key=True)}
        rows = [row for row in rows if not begun.get(row.digest_id)]
        due = {"status": Work.Status.PENDING, "digest": None, "done_at": None, "due_at": timezone.now()}
        self.model.objects.filter(pk__in=[row.pk for row in rows]).update(**due)
        for row in rows:
            row.nudge_worker()

    def cancel(self, *statuses: str) -> int:
        """Cancel those that have not been sent, or are of these statuses; returns how many."""
        wanted = Q(status__in=statuses or (Work.Status.PENDING,))
        rows = self.filter(wanted).by_number().filter(wanted)
        return int(rows.update(status=Work.Status.CANCELLED, done_at=timezone.now()))
