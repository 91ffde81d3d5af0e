"""Notification: a line in one person's bell."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.expressions import Combinable
from django.utils import timezone

from handoffs.models import Handoff
from notifications import wording
from notifications.wording import CALLS
from resolutionflow.accounts.models import Event, Owned, OwnedQuerySet, User
from resolutionflow.core.text import LINE, SHORT
from sessions_app.models import Session, Visit

QUESTION = "message.added"  # to those whom it asks or mentions

SENT_TO_EVERYONE = "it was sent to everyone"  # as a reason: aimed at nobody in particular


def answered_by(reader: str) -> Exists:
    """A condition on rows about a question: its `reader` has written a message in that session since."""
    same = {"session_id": OuterRef("session_id"), "actor_id": OuterRef(reader), "seq__gt": OuterRef("event__seq")}
    return Exists(Event.objects.filter(kind=QUESTION, **same))


def seen_since() -> Exists:
    """A condition on lines: their reader has opened the session since. The event is looked up, not joined: that is done
    only of lines for which this is asked."""
    seq = Event.objects.filter(pk=OuterRef(OuterRef("event_id"))).order_by().values("seq")
    same = {"session_id": OuterRef("session_id"), "user_id": OuterRef("user_id"), "last_seq__gte": Subquery(seq)}
    return Exists(Visit.objects.filter(**same))


def claim_of(handoff: Handoff) -> Event | None:
    """The event by which the handoff was last claimed; None where nobody has it."""
    if not handoff.is_claimed:
        return None
    return Event.objects.filter(handoff_id=handoff.pk, kind="handoff.claimed").order_by("-seq").first()


def undone_by(event: Event) -> Event | None:
    """The claim that this event undid."""
    if event.kind != "handoff.claim_undone":
        return None
    earlier = Event.objects.filter(handoff_id=event.handoff_id, kind="handoff.claimed", seq__lt=event.seq)
    return earlier.order_by("-seq").first()


def was_undone(event: Event) -> bool:
    """Whether this is a claim that was undone."""
    if event.kind != "handoff.claimed":
        return False
    of_claims = Event.objects.filter(handoff_id=event.handoff_id, kind__in=("handoff.claimed", "handoff.claim_undone"))
    later = of_claims.filter(seq__gt=event.seq).order_by("seq").values_list("kind", flat=True).first()
    return later == "handoff.claim_undone"


def sessions_counted() -> Combinable:
    """How many sessions lines are about, each line about none counted as one."""
    return Count("session", distinct=True) + Count("pk", filter=Q(session=None))


class NotificationQuerySet(OwnedQuerySet["Notification"]):
    def of(self, user: User) -> Self:
        """This person's lines, newest event first; two workers may have written them in the other order."""
        return self.visible_to(user).filter(user=user).order_by("-event_id")

    def for_bell(self, user: User) -> Self:
        """This person's lines with all that is shown of each."""
        lines = self.of(user).select_related("event", "event__actor", "handoff", "session")
        return lines.annotate(seen=seen_since())

    def for_browser(self, user: User) -> Self:
        """This person's lines of which a browser of theirs may show a notice."""
        return self.of(user).unread().filter(by_browser=True)

    def newest_of_sessions(self) -> Self:
        """Of these lines of one person the newest of each session, and those about none."""
        newer = self.order_by().filter(session=OuterRef("session"), event_id__gt=OuterRef("event_id"))
        return self.filter(~Exists(newer))

    def beside(self, line: Notification) -> Self:
        """Of these lines those of the same session, this one among them; this one alone where it is about none."""
        return self.filter(pk=line.pk) if line.session_id is None else self.filter(session=line.session_id)

    def count_sessions(self) -> int:
        """How many sessions these lines are about, each line about none counted as one."""
        return int(self.order_by().aggregate(count=sessions_counted())["count"])

    def unread(self) -> Self:
        """Neither read nor settled; what was said in a session that somebody watches is read by opening it."""
        not_seen = ~Q(cause=Notification.Cause.WATCH) | ~Q(seen_since())  # in this order: few are looked up
        return self.filter(not_seen, read_at=None, done_at=None)

    def calls(self) -> Self:
        """Open lines that call somebody to a waiting handoff; what is said to them in its note is no call."""
        return self.filter(event__kind__in=CALLS, done_at=None).exclude(cause=Notification.Cause.MENTION)

    def watched(self, session: Session) -> Self:
        """Unread lines about messages in this session to people who watch it."""
        return self.unread().filter(session=session, cause=Notification.Cause.WATCH)

    def answered(self) -> Self:
        """Lines about messages whose reader has written in that session since."""
        return self.filter(answered_by("user_id"))

    def seen_by_watchers(self, session: Session) -> Self:
        """Lines about messages in this session whose readers watch it and have opened it, or written in it, since."""
        said = self.filter(session=session, cause=Notification.Cause.WATCH, read_at=None, done_at=None)
        return said.filter(seen_since() | answered_by("user_id"))

    def settled_questions(self, session: Session) -> Self:
        """Open lines about questions in this session that need no answer any more: they have one, or it is over."""
        asked = self.filter(session=session, event__kind=QUESTION, done_at=None)
        asked = asked.exclude(cause=Notification.Cause.WATCH)
        return asked if session.is_finished else asked.answered()

    def mark_read(self) -> int:
        return self.by_number().filter(read_at=None).update(read_at=timezone.now())

    def mark_done(self, *, by: Event | None = None) -> int:
        """`by`: the claim that settles them, which may be undone."""
        return self.by_number().filter(done_at=None).update(done_at=timezone.now(), settled_by=by)


class Notification(Owned):
    """A line in one person's bell. `read` once they have seen it, `done` once somebody claimed what it is about or
    answered it."""

    class Cause(models.TextChoices):
        RULE = "", "What happened"
        MENTION = "mention", "They are mentioned in it"
        WATCH = "watch", "They watch its session"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="notifications")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, null=True, related_name="+")
    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, null=True, related_name="notifications")
    title = models.CharField(max_length=LINE)
    why = models.CharField(max_length=SHORT, help_text="Why this person was notified, as a phrase.")
    cause = models.CharField(max_length=10, choices=Cause, blank=True, editable=False)
    by_browser = models.BooleanField(default=True, editable=False, help_text="An open tab may show it.")
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Event, on_delete=models.SET_NULL, null=True, editable=False, related_name="settled")

    objects: ClassVar[Any] = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "event"], name="one_bell_line_per_person_and_event")]
        indexes = [
            models.Index(fields=["user", "-event"], name="bell"),
            models.Index(fields=["user", "session", "-event"], name="bell_of_session"),
            models.Index(fields=["user"], name="bell_unread", condition=Q(read_at=None, done_at=None)),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return wording.page_about(self.event, self.session, self.handoff)

    @property
    def because(self) -> str:
        """Why this person was notified, as a line of its own."""
        return "Sent to everyone" if self.why == SENT_TO_EVERYONE else f"Because {self.why}"

    seen: bool = False  # by for_bell()

    @property
    def is_unread(self) -> bool:
        """As unread(), of a line of for_bell()."""
        is_seen = self.seen and self.cause == self.Cause.WATCH
        return self.read_at is None and self.done_at is None and not is_seen
