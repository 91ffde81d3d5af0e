"""The columns and constraints of a handoff, what is shown of it, and what its verbs share."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse

from handoffs import ladder
from handoffs.brief import FOUND, Brief, FromSender, brief_for
from handoffs.models.queryset import HandoffQuerySet, count_attempts, count_takers
from handoffs.models.summary import Summary, SummaryVersion
from resolutionflow.accounts.models import Account, Event, Owned, Priority, Team, User, UserQuerySet
from resolutionflow.core import clock
from resolutionflow.core.refusals import NotAllowed, WrongState
from resolutionflow.core.text import LINE, NOTE, SHORT, clean
from sessions_app import ai_words
from sessions_app.mentions import mentions_in
from sessions_app.models import Session, SessionWatch, Step, Visit

REMIND_AT = 0.8  # of a lease


class HandoffFields(Owned):
    """Abstract base of the classes that make up Handoff."""

    class Intent(models.TextChoices):
        PARK = "park", "Park"
        ESCALATE = "escalate", "Escalate"

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        CLAIMED = "claimed", "Claimed"
        CLOSED = "closed", "Closed"

    class ClosedReason(models.TextChoices):
        RESOLVED = "resolved", "Resolved"
        RETURNED = "returned", "Returned"
        WITHDRAWN = "withdrawn", "Withdrawn"
        SUPERSEDED = "superseded", "Superseded"
        RESUMED = "resumed", "Resumed"
        ABANDONED = "abandoned", "Abandoned"

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="handoffs")
    intent = models.CharField(max_length=10, choices=Intent)
    notes = models.TextField(max_length=NOTE, blank=True)
    # five lines beside the notes, as the sender confirmed them
    affected = models.CharField(max_length=SHORT, blank=True, help_text="How many, and what they cannot do.")
    suspect = models.CharField(max_length=SHORT, blank=True, help_text="The leading hypothesis.")
    next_step = models.CharField(max_length=SHORT, blank=True, help_text="To try next.")
    watch_out = models.CharField(
        max_length=SHORT, blank=True, help_text="What must not be done, what is temporary, deadlines."
    )
    contact = models.CharField(max_length=SHORT, blank=True, help_text="Who at the client, and how to reach them.")
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    sender = models.ForeignKey(User, on_delete=models.PROTECT, related_name="handoffs_sent")
    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    target_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    target_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    source_branch = models.ForeignKey("sessions_app.Branch", on_delete=models.SET_NULL, related_name="+", null=True)
    snapshot = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    closed_reason = models.CharField(max_length=12, choices=ClosedReason, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    opened_at = models.DateTimeField(default=clock.now)
    open_since = models.DateTimeField(default=clock.now)
    directed_until = models.DateTimeField(null=True)
    widened_at = models.DateTimeField(null=True)
    # the ladder: when it calls whom next, the moment up to which its steps are taken, and who holds it
    ladder_at = models.DateTimeField(null=True)
    ladder_to = models.CharField(max_length=LINE, blank=True)
    ladder_until = models.DateTimeField(null=True)
    ladder_held_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    ladder_held_at = models.DateTimeField(null=True)
    ladder_held_why = models.CharField(max_length=LINE, blank=True)
    claimed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="handoffs_claimed", null=True)
    claimed_at = models.DateTimeField(null=True)
    undo_until = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    read_back = models.CharField(max_length=LINE, blank=True)
    wake_at = models.DateTimeField(null=True)
    woken_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = HandoffQuerySet.as_manager()
    if TYPE_CHECKING:
        summary: Summary  # by its one-to-one field; an AttributeError where there is none

    LINES = FOUND
    NO_LEASE: ClassVar[dict[str, None]] = dict.fromkeys(("undo_until", "lease_until", "remind_at", "reminded_at"))

    class Meta:
        abstract = True
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session"], condition=~Q(status="closed"), name="one_unclosed_handoff_per_session"
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_at=None) | Q(claimed_by__isnull=False, claimed_at__isnull=False),
                name="claimed_by_and_at_both_or_neither",
            ),
            models.CheckConstraint(
                condition=Q(target_user=None) | Q(target_team=None), name="target_user_or_team_not_both"
            ),
            models.CheckConstraint(
                condition=(Q(status="open", claimed_by=None) | Q(status="claimed", claimed_by__isnull=False))
                | Q(status="closed"),
                name="claimed_has_a_claimer_open_has_none",
            ),
            models.CheckConstraint(
                condition=Q(status="closed") ^ Q(closed_reason=""), name="closed_has_a_reason_others_none"
            ),
            models.CheckConstraint(condition=Q(intent="escalate") | Q(claimed_by=None), name="a_park_is_not_claimed"),
            models.CheckConstraint(
                condition=Q(status="claimed") | Q(lease_until=None, remind_at=None, undo_until=None),
                name="only_a_claim_has_a_lease",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "priority", "opened_at", "id"],
                name="handoff_queue",
                condition=Q(status="open", intent="escalate"),
            ),
            models.Index(
                fields=["account", "opened_at", "id"],
                name="handoff_by_wait",
                condition=Q(status="open", intent="escalate"),
            ),
            models.Index(fields=["account", "status", "intent"], name="handoff_by_status"),
            models.Index(fields=["claimed_by", "status"], name="handoff_by_claimer"),
            models.Index(fields=["sender", "status"], name="handoff_by_sender"),
            models.Index(fields=["wake_at"], name="handoff_to_wake", condition=Q(status="open", woken_at=None)),
            models.Index(fields=["lease_until"], name="handoff_to_expire", condition=Q(status="claimed")),
            models.Index(
                fields=["remind_at"], name="handoff_to_remind", condition=Q(status="claimed", reminded_at=None)
            ),
            models.Index(
                fields=["directed_until"], name="handoff_to_widen", condition=Q(status="open", widened_at=None)
            ),
            models.Index(fields=["ladder_at"], name="handoff_to_step", condition=Q(status="open")),
        ]

    def __str__(self) -> str:
        return f"{self.get_intent_display()} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("handoff", args=[self.pk])

    # what is shown

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    @property
    def is_claimed(self) -> bool:
        return self.status == self.Status.CLAIMED

    @property
    def is_closed(self) -> bool:
        return self.status == self.Status.CLOSED

    @property
    def priority_word(self) -> str:
        """urgent, high, normal or low: what the API and events say."""
        return Priority(self.priority).word

    def get_priority_display(self) -> str:  # type: ignore[no-redef]
        """As Django's, which builds a dict of all choices at each call."""
        return str(Priority(self.priority).label)

    @property
    def target(self) -> User | Team | None:
        return self.target_user or self.target_team

    @property
    def widens_at(self) -> datetime | None:
        """When a directed handoff opens to everybody. None where it is open already, or nobody is left whom it could be
        kept for."""
        is_kept = self.is_open and self.widened_at is None and self.directed_until is not None
        return self.directed_until if is_kept and self.has_takers else None

    takers: bool | None = None  # by count_takers()

    @property
    def has_takers(self) -> bool:
        """Whether anybody it is aimed at can still claim it; count_takers() reads this for all rows of a list
        at once."""
        if self.target_user is not None:
            return self.target_user.is_engineer
        if self.takers is None:
            count_takers([self])
        assert self.takers is not None
        return self.takers

    @property
    def is_urgent(self) -> bool:
        return bool(self.priority == Priority.URGENT)

    @property
    def can_be_undone(self) -> bool:
        """Whether the claimer may still undo: within a minute of the claim, and nothing else has happened to it."""
        return self.undo_until is not None and self.undo_until > clock.now()

    @property
    def is_expiring(self) -> bool:
        """Whether the claimer is due for the reminder: the last fifth of the lease has begun."""
        return self.remind_at is not None and self.remind_at <= clock.now()

    def is_of(self, user: User) -> bool:
        """Whether this person is its sender or holder."""
        return user.pk in (self.sender_id, self.holder_id)

    def seen_by_others(self, user: User) -> QuerySet[Visit]:
        """The visits of others since it was escalated, the latest first."""
        visits = Visit.objects.visible_to(user).filter(session_id=self.session_id, last_at__gte=self.created_at)
        others: QuerySet[Visit] = visits.exclude(user=user).select_related("user").order_by("-last_at")
        return others

    def brief(self) -> Brief:
        """The brief of its session as it stands now, with the notes and what the sender confirmed: as brief_for()."""
        return brief_for(self.session, self.from_sender)

    @property
    def from_sender(self) -> FromSender:
        return FromSender(self.sender, self.notes, {name: getattr(self, name) for name in self.LINES}, self.pk)

    def kept_for(self, user: User) -> User | Team | None:
        """The person or team a directed handoff is still kept for; None where `user` may claim it: the target, a member
        of the target team, a lead, or anyone once it has widened."""
        widens_at = self.widens_at
        if widens_at is None or widens_at <= clock.now() or user.is_lead or self.target_user_id == user.pk:
            return None
        if self.target_team is not None and user in self.team_takers():
            return None
        return self.target

    def team_takers(self) -> UserQuerySet:
        """Who of the target team may claim it: its engineers, without the sender and the holder."""
        assert self.target_team is not None
        engineers: UserQuerySet = self.target_team.members.engineers()
        return engineers.exclude(pk__in=[pk for pk in (self.sender_id, self.holder_id) if pk])

    counted: dict[str, int] | None = None  # by count_attempts()

    @property
    def attempts(self) -> dict[str, int]:
        """How many steps ended how, by outcome; count_attempts() counts for all rows of a list at once."""
        if self.counted is None:
            count_attempts([self])
        assert self.counted is not None
        return self.counted

    @property
    def tried(self) -> int:
        """How many steps were done: neither pending nor skipped."""
        counted = self.attempts
        return sum(counted[outcome] for outcome in self.MARKS)

    MARKS = (Step.Outcome.FAILED, Step.Outcome.RULED_OUT, Step.Outcome.INCONCLUSIVE, Step.Outcome.WORKED)

    @property
    def marks(self) -> list[tuple[str, int, range | None]]:
        """What the card draws: (outcome, count, a range to draw a mark for each while they are few, else None)."""
        counted = {outcome.value: self.attempts[outcome] for outcome in self.MARKS if self.attempts[outcome]}
        few = sum(counted.values()) <= 6
        return [(outcome, count, range(count) if few else None) for outcome, count in counted.items()]

    @property
    def marks_in_words(self) -> str:
        return ", ".join(f"{count} {Step.Outcome(outcome).label.lower()}" for outcome, count, _each in self.marks)

    @property
    def is_due(self) -> bool:
        """Whether it is a park whose time has come, whether the sweep has noticed or not."""
        return self.is_open and self.wake_at is not None and self.wake_at <= clock.now()

    @property
    def summary_state(self) -> str:
        """pending, ready, failed or off."""
        found: Summary | None = getattr(self, "summary", None)
        return found.state if found else "off"

    @property
    def summary_version(self) -> SummaryVersion | None:
        """What the AI wrote last, also while it is asked again or that has failed."""
        found: Summary | None = getattr(self, "summary", None)
        return found.shown if found and found.current_id else None

    @property
    def can_be_summarised(self) -> bool:
        """Whether the AI may be asked for a summary at all."""
        return not ai_words.switched_off(self.account)

    @property
    def why_not_summarised(self) -> str:
        """Why the AI is not asked now, and who can change that; empty where it is. Asks the database where the account
        has a budget."""
        return ai_words.why_not(self.account)

    def must_be_summarisable(self) -> None:
        if self.intent == self.Intent.PARK:
            raise WrongState("What is parked has no summary.")
        if why := self.why_not_summarised:
            raise WrongState(why)

    # the parts verbs are made of

    def lock(self) -> None:
        """Lock session, then handoff, and read both afresh."""
        self.session.lock()
        fresh = type(self).objects.select_for_update(of=("self",), no_key=True).get(pk=self.pk)
        for field in self._meta.concrete_fields:
            setattr(self, field.attname, getattr(fresh, field.attname))

    def _set(self, **fields: Any) -> None:
        self._show(**fields)
        self.save(update_fields=list(fields))

    def _show(self, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(self, name, value)

    def _lease(self, account: Account) -> dict[str, datetime | None]:
        """The columns of a lease that starts now: its length is the account's for this priority, in working time."""
        minutes, now = account.lease_minutes.get(Priority(self.priority).word), clock.now()
        if minutes is None:
            return {"lease_until": None, "remind_at": None, "reminded_at": None}
        until = account.working_time(now, minutes)
        return {
            "lease_until": until,
            "remind_at": min(account.working_time(now, minutes * REMIND_AT), until),
            "reminded_at": None,
        }

    def _move_session(self, from_: str, to: str, **fields: Any) -> None:
        now = clock.now()
        if not Session.objects.filter(pk=self.session_id, status=from_).update(status=to, updated_at=now, **fields):
            raise WrongState(self._where())
        for name, value in {"status": to, "updated_at": now, **fields}.items():
            setattr(self.session, name, value)

    def _renew_stale_summary(self) -> None:
        """Whoever has it next reads what was done since."""
        found = self.summary_version
        if found is not None and found.steps_since and self.summary_state == "ready" and not self.why_not_summarised:
            self.summary.ask_anew()

    def _back_to_queue(self, **fields: Any) -> None:
        self._move_session(Session.Status.ACTIVE, Session.Status.ESCALATED, assignee=self.holder)
        gone = {"claimed_by": None, "claimed_at": None, "read_back": "", **self.NO_LEASE}
        self._show(**fields)
        self._set(status=self.Status.OPEN, **gone, **fields, **ladder.planned(self))
        self._renew_stale_summary()

    def record_event(self, kind: str, actor: User | None, **facts: Any) -> Event:
        return self.session.record_event(kind, actor, handoff_id=self.pk, **facts)

    def record_reason(self, kind: str, actor: User | None, reason: str, **facts: Any) -> Event:
        """The event of what somebody did, or time, with the reason they wrote and whom that mentions."""
        reason = clean(reason)
        mentioned = self._mentioned(actor, reason) if actor is not None else {}
        return self.record_event(kind, actor, reason=reason, **facts, **mentioned)

    def _mentioned(self, user: User, text: str, *, before: str = "") -> dict[str, list[int]]:
        """The fact of whom this text of theirs mentions and the one `before` it did not; none where it is nobody. They
        all watch the session from now on, as the writer does; without a text nobody has written."""
        if not text:
            return {}
        known = {user.pk, *mentions_in(before, account_id=self.account_id).people}
        people = [pk for pk in mentions_in(text, account_id=self.account_id).people if pk not in known]
        SessionWatch.begin(self.session, [user.pk, *people])
        return {"mentioned": people} if people else {}

    def _where(self) -> str:
        if self.is_claimed and self.claimed_by:
            return f"{self.claimed_by.name} has claimed this."
        if self.is_closed:
            return f"This handoff is closed: {self.get_closed_reason_display().lower()}."
        return "This is parked." if self.intent == self.Intent.PARK else "This is waiting in the queue."

    def must_be_claimed(self) -> None:
        if not self.is_claimed:
            raise WrongState(self._where())

    def _must_be_claimer(self, user: User) -> None:
        self.must_be_claimed()
        if self.claimed_by_id != user.pk:
            raise NotAllowed("Only the person who claimed it can do this.")

    def _must_be_sides(self, user: User, what: str) -> None:
        if not self.is_of(user) and not user.is_lead:
            raise NotAllowed(f"Only the sender, the person it came from or a lead can {what}.")
