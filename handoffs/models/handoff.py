"""Handoff: one passing-on of a session, from park or escalate to claimed, given back and closed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from handoffs import snapshot, summary
from handoffs.models.queryset import HandoffQuerySet, count_attempts, count_takers
from handoffs.models.summary import Summary
from resolutionflow import clock
from resolutionflow.accounts.models import Account, Event, Owned, Team, User, UserQuerySet
from resolutionflow.refusals import AlreadyClaimed, Directed, Invalid, NotAllowed, WrongState
from resolutionflow.text import LINE, NOTE, clean, one_line
from resolutionflow.verbs import verb
from sessions_app.models import Session, Step, Visit

UNDO_WITHIN = timedelta(seconds=60)
AGAIN = timedelta(minutes=1)  # a lease that would end within so much of where it does was extended just now
LONGEST_PARK = timedelta(days=5 * 366)
REMIND_AT = 0.8  # of a lease


class Priority(models.IntegerChoices):
    URGENT = 0, _("Urgent")
    HIGH = 1, _("High")
    NORMAL = 2, _("Normal")
    LOW = 3, _("Low")

    @property
    def word(self) -> str:
        return self.name.lower()


class Handoff(Owned):
    """One passing-on of a session: parked for later, or escalated to somebody who claims it."""

    class Intent(models.TextChoices):
        PARK = "park", _("Park")
        ESCALATE = "escalate", _("Escalate")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLAIMED = "claimed", _("Claimed")
        CLOSED = "closed", _("Closed")

    class ClosedReason(models.TextChoices):
        RESOLVED = "resolved", _("Resolved")
        RETURNED = "returned", _("Returned")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        SUPERSEDED = "superseded", _("Superseded")
        RESUMED = "resumed", _("Resumed")
        ABANDONED = "abandoned", _("Abandoned")

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="handoffs")
    intent = models.CharField(max_length=10, choices=Intent)
    notes = models.TextField(max_length=NOTE, blank=True)
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

    NO_LEASE: ClassVar[dict[str, None]] = dict.fromkeys(("undo_until", "lease_until", "remind_at", "reminded_at"))

    class Meta:
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
        """urgent, high, normal or low, untranslated: what the API and events say."""
        return Priority(self.priority).word

    def get_priority_display(self) -> str:  # type: ignore[no-redef]
        """As Django's own, which makes a dict of all the choices at each call."""
        return str(Priority(self.priority).label)

    @property
    def target(self) -> User | Team | None:
        return self.target_user or self.target_team

    @property
    def widens_at(self) -> datetime | None:
        """When a directed handoff opens to everybody; None when it is open to everybody already, as it is when
        nobody is left of those it is aimed at."""
        is_kept = self.is_open and self.widened_at is None and self.directed_until is not None
        return self.directed_until if is_kept and self.has_takers else None

    takers: bool | None = None  # by count_takers()

    @property
    def has_takers(self) -> bool:
        """Whether somebody it is aimed at can still claim it; lists ask for the teams of all their rows at once."""
        if self.target_user is not None:
            return self.target_user.is_engineer
        if self.takers is None:
            count_takers([self])
        assert self.takers is not None
        return self.takers

    @property
    def can_be_undone(self) -> bool:
        """Whether the claimer may undo: within the minute, and nothing else happened to it."""
        return self.undo_until is not None and self.undo_until > clock.now()

    @property
    def is_expiring(self) -> bool:
        """Whether the last part of the lease has begun, of which the claimer is reminded."""
        return self.remind_at is not None and self.remind_at <= clock.now()

    def is_of(self, user: User) -> bool:
        """Whether this person handed it over, or had it before somebody did."""
        return user.pk in (self.sender_id, self.holder_id)

    def seen_by_others(self, user: User) -> QuerySet[Visit]:
        """Who has opened it, or its session, since it was handed over; the last one first."""
        visits = Visit.objects.visible_to(user).filter(session_id=self.session_id, last_at__gte=self.created_at)
        others: QuerySet[Visit] = visits.exclude(user=user).select_related("user").order_by("-last_at")
        return others

    def kept_for(self, user: User) -> User | Team | None:
        """Whom a directed handoff is still kept for. None: it is open to this person, being the target,
        a member of the target team, a lead, or anyone once it has widened."""
        widens_at = self.widens_at
        if widens_at is None or widens_at <= clock.now() or user.is_lead or self.target_user_id == user.pk:
            return None
        if self.target_team is not None and user in self.team_takers():
            return None
        return self.target

    def team_takers(self) -> UserQuerySet:
        """Who of the target team may claim it: its engineers, but for the sender and the holder."""
        assert self.target_team is not None
        engineers: UserQuerySet = self.target_team.members.engineers()
        return engineers.exclude(pk__in=[pk for pk in (self.sender_id, self.holder_id) if pk])

    counted: dict[str, int] | None = None  # by count_attempts()

    @property
    def attempts(self) -> dict[str, int]:
        """How many steps ended how; lists count them for all their rows at once."""
        if self.counted is None:
            count_attempts([self])
        assert self.counted is not None
        return self.counted

    @property
    def tried(self) -> int:
        """Steps that were done: pending and skipped ones are not tried."""
        counted = self.attempts
        return counted["failed"] + counted["inconclusive"] + counted["worked"]

    MARKS = (Step.Outcome.FAILED, Step.Outcome.INCONCLUSIVE, Step.Outcome.WORKED)

    @property
    def marks(self) -> list[tuple[str, int, range | None]]:
        """What the card draws: (outcome, count, a range to draw one mark each, while they are few)."""
        counted = {outcome.value: self.attempts[outcome] for outcome in self.MARKS if self.attempts[outcome]}
        few = sum(counted.values()) <= 6
        return [(outcome, count, range(count) if few else None) for outcome, count in counted.items()]

    @property
    def marks_in_words(self) -> str:
        return ", ".join(f"{count} {Step.Outcome(outcome).label.lower()}" for outcome, count, _each in self.marks)

    @property
    def is_due(self) -> bool:
        """A park whose time has come, noticed by the sweep or not yet."""
        return self.is_open and self.wake_at is not None and self.wake_at <= clock.now()

    @property
    def summary_state(self) -> str:
        """pending, ready, failed or off."""
        found: Summary | None = getattr(self, "summary", None)
        return found.state if found else "off"

    @property
    def can_be_read(self) -> bool:
        """Whether the AI may be asked for a reading at all."""
        return bool(settings.ANTHROPIC_API_KEY) and self.account.ai_enabled

    # park

    @classmethod
    @verb
    def park(cls, session: Session, user: User, *, notes: str = "", wake_at: datetime | None = None) -> Handoff:
        """working, claimed -> parked. `wake_at` None is "none chosen on purpose": the form asks for a choice."""
        user.must_work()
        if wake_at and wake_at - clock.now() > LONGEST_PARK:
            raise Invalid(wake_at="Choose a time within five years.")
        session.lock()
        frozen = snapshot.take(session)
        session._move(
            from_=[Session.Status.ACTIVE],
            to=Session.Status.PAUSED,
            user=user,
            allowed=session._must_be_assignee_or_lead,
            handoff_count=session.handoff_count + 1,
        )
        closed = session.handoffs.unclosed().close(cls.ClosedReason.SUPERSEDED)
        parked: Handoff = cls.objects.create(
            account_id=session.account_id,
            session=session,
            intent=cls.Intent.PARK,
            notes=clean(notes),
            sender=user,
            holder_id=session.assignee_id,
            source_branch_id=session.active_branch_id,
            snapshot=frozen,
            wake_at=wake_at,
        )
        wakes = clock.iso(wake_at) if wake_at else None
        parked._event("handoff.parked", user, closed=closed, wake_at=wakes)
        return parked

    @verb
    def wake(self) -> bool:
        """parked -> parked, by time: its author gets one notice, the person resumes. False when not due."""
        woken = type(self).objects.to_wake(clock.now()).filter(pk=self.pk).update(woken_at=clock.now())
        if woken:
            self._event("handoff.woken", None)
        return bool(woken)

    # escalate

    @classmethod
    @verb
    def escalate(
        cls,
        session: Session,
        user: User,
        *,
        notes: str,
        priority: int = Priority.NORMAL,
        target_user: User | None = None,
        target_team: Team | None = None,
    ) -> Handoff:
        """working, parked, claimed -> waiting. The assignee stays the holder: work that comes back goes to them."""
        user.must_work()
        if not clean(notes):
            raise Invalid(notes="Say why you hand it over: it is the first thing your colleague reads.")
        session.lock()
        cls._check_target(session, user, target_user, target_team)
        frozen = snapshot.take(session)
        session._move(
            from_=[Session.Status.ACTIVE, Session.Status.PAUSED],
            to=Session.Status.ESCALATED,
            user=user,
            allowed=session._must_be_assignee_or_lead,
            handoff_count=session.handoff_count + 1,
        )
        closed = session.handoffs.unclosed().close(cls.ClosedReason.SUPERSEDED)
        now = clock.now()
        directed_until = now + timedelta(minutes=session.account.widen_after) if target_user or target_team else None
        waiting: Handoff = cls.objects.create(
            account_id=session.account_id,
            session=session,
            intent=cls.Intent.ESCALATE,
            notes=clean(notes),
            priority=priority,
            sender=user,
            holder_id=session.assignee_id,
            target_user=target_user,
            target_team=target_team,
            source_branch_id=session.active_branch_id,
            snapshot=frozen,
            created_at=now,
            opened_at=now,
            open_since=now,
            directed_until=directed_until,
        )
        if settings.ANTHROPIC_API_KEY and session.account.ai_enabled:
            Summary.objects.create(account_id=session.account_id, handoff=waiting).poke()
        waiting._event(
            "handoff.escalated",
            user,
            closed=closed,
            priority=Priority(priority).word,
            target_user=target_user.pk if target_user else None,
            target_team=target_team.pk if target_team else None,
        )
        return waiting

    @verb
    def widen(self) -> bool:
        """waiting -> waiting, by time: everybody not yet told is told once. False when not due."""
        now = clock.now()
        if not type(self).objects.to_widen(now).filter(pk=self.pk).exists():
            return False
        # Asked once more of this row alone: PostgreSQL does not look again into a subquery after waiting for a claim.
        mine = type(self).objects.filter(pk=self.pk, status=self.Status.OPEN, widened_at=None)
        widened = mine.update(widened_at=now)
        if widened:
            self._event("handoff.widened", None)
        return bool(widened)

    @verb
    def reprioritise(self, user: User, *, priority: int) -> None:
        """Change the priority while unclosed: the sender, the holder, a lead."""
        user.must_work()
        self._must_be_sides(user, "change the priority")
        self.session.lock()
        self.refresh_from_db(fields=["priority", "status"])
        if self.is_closed:
            raise WrongState(self._where())
        if self.priority == priority:
            return
        before, self.priority = Priority(self.priority).word, priority
        self._set(priority=priority, undo_until=None, **(self._lease(self.account) if self.is_claimed else {}))
        self._event("handoff.reprioritised", user, before=before, priority=Priority(priority).word)

    # claim and undo

    @verb
    def claim(self, user: User, *, analysis: bool = False) -> None:
        """waiting -> claimed. One wins; mine already is fine and changes nothing.

        `analysis` puts the summary, or the deterministic brief until it is ready, into the
        conversation: "Start from an analysis".
        """
        user.must_work()
        self._must_not_be_own(user)
        now = clock.now()
        moved = Session.objects.filter(pk=self.session_id, status=Session.Status.ESCALATED).update(
            status=Session.Status.ACTIVE, assignee=user, updated_at=now
        )
        # What the page knew may be old: an undo keeps it for its target again, a new priority has another lease.
        self.refresh_from_db(fields=["status", "priority", "directed_until", "widened_at"])
        self.takers = None
        if self.is_open:
            self._must_be_open_to(user)
        assert user.account is not None
        leased = {**self._lease(user.account), "undo_until": now + UNDO_WITHIN}
        won = moved and Handoff.objects.filter(pk=self.pk).waiting().order_by().update(
            status=self.Status.CLAIMED, claimed_by=user, claimed_at=now, **leased
        )
        if not won:
            self._lost_to(user)
            return
        self._show(status=self.Status.CLAIMED, claimed_by=user, claimed_at=now, **leased)
        self.session.status, self.session.assignee, self.session.updated_at = Session.Status.ACTIVE, user, now
        if analysis:
            self.session.add_message(None, content=summary.analysis(self), role="system")
        self._event("handoff.claimed", user)

    def _lost_to(self, user: User) -> None:
        """No row was mine: say who has it. Raising undoes whatever this transaction moved."""
        self.refresh_from_db()
        if self.is_claimed and self.claimed_by_id == user.pk:
            return
        if self.is_claimed and self.claimed_by and self.claimed_at:
            raise AlreadyClaimed(self.claimed_by.pk, self.claimed_by.name, self.claimed_at, session_id=self.session_id)
        raise WrongState(self._where())

    @verb
    def undo(self, user: User) -> None:
        """claimed -> waiting, by the claimer, within 60 seconds and before anything else happened to it."""
        user.must_work()
        self._lock()
        self._must_be_claimer(user)
        if self.undo_until is None:
            raise WrongState("More has happened since the claim. Release it instead.")
        if not self.can_be_undone:
            raise WrongState("The minute for undoing is over. Release it instead.")
        self._back_to_queue()
        self._event("handoff.claim_undone", user)

    # the lease of a claim

    @verb
    def extend(self, user: User) -> None:
        """Still on it: the lease starts anew, as it does by work on the session."""
        user.must_work()
        self._lock()
        self._must_be_claimer(user)
        leased = self._lease(self.account)
        until = leased["lease_until"]
        if until is None:
            raise WrongState("A claim of this priority does not run out.")
        if self.lease_until is not None and abs(until - self.lease_until) < AGAIN:
            return
        self._set(**leased, undo_until=None)
        self._event("handoff.extended", user, lease_until=clock.iso(until))

    def renew(self) -> None:
        """The claimer works on it: part of that verb, which leaves its own event."""
        self._set(**self._lease(self.account))

    @verb
    def start_lease(self) -> bool:
        """By time: a claim from before its account had a lease for it gets one from now on. False when it has one."""
        self._lock()
        until = self._lease(self.account)["lease_until"]
        if not self.is_claimed or self.lease_until is not None or until is None:
            return False
        self._set(**self._lease(self.account))
        self._event("handoff.extended", None, lease_until=clock.iso(until))
        return True

    @verb
    def remind(self) -> bool:
        """claimed -> claimed, by time: the claimer hears that the lease is running out. False when not due."""
        now = clock.now()
        if not type(self).objects.to_remind(now).filter(pk=self.pk).exists():
            return False
        # Asked once more of this row alone, as in widen(): it may have been renewed meanwhile.
        mine = type(self).objects.filter(
            pk=self.pk, status=self.Status.CLAIMED, remind_at__lte=now, reminded_at=None, lease_until__gt=now
        )
        if not mine.update(reminded_at=now):
            return False
        self.refresh_from_db(fields=["lease_until", "reminded_at"])
        assert self.lease_until is not None
        self._event("handoff.expiring", None, lease_until=clock.iso(self.lease_until))
        return True

    @verb
    def expire(self) -> bool:
        """claimed -> waiting, by time: nobody worked on it for the length of its lease. False when not due."""
        self._lock()
        now = clock.now()
        if not self.is_claimed or self.lease_until is None or self.lease_until > now:
            return False
        if self._lease(self.account)["lease_until"] is None:  # set to "never" since it was claimed
            self._set(**self._lease(self.account))
            return False
        lapsed, was = self.claimed_by, self.lease_until
        self._back_to_queue(open_since=now, widened_at=now)
        reason = f"The claim of {lapsed} ran out: nothing was done on it for as long as one lasts."
        self._event("handoff.expired", None, reason=reason, claimed_by=lapsed and lapsed.pk, lease_until=clock.iso(was))
        return True

    @verb
    def leave_read_back(self, user: User, *, text: str) -> None:
        """The claimer's first move, in one line: the sender sees that it was understood."""
        user.must_work()
        text = one_line(text)
        if not text:
            raise Invalid(text="Say in one line what you do first.")
        if len(text) > LINE:
            raise Invalid(text=f"One line of at most {LINE} characters.")
        self._lock()
        self._must_be_claimer(user)
        if text == self.read_back:
            return
        self._set(**self._lease(self.account), read_back=text, undo_until=None)
        self._event("handoff.read_back", user, text=text)

    # giving back

    @verb
    def release(self, user: User | None, *, reason: str = "") -> None:
        """claimed -> waiting: open to everybody at once, in its old place. `user` None: by time or deactivation."""
        if user is not None:
            user.must_work()
        self._lock()
        if user is not None:
            self._must_be_claimer(user)
        self._must_be_claimed()
        released = self.claimed_by_id
        now = clock.now()
        self._back_to_queue(open_since=now, widened_at=now)
        self._event("handoff.released", user, reason=clean(reason), claimed_by=released)

    @verb
    def release_of_gone(self) -> bool:
        """The system's release when a claimer has left. False when somebody who is here has it by now."""
        self._lock()
        if not self.is_claimed or self.claimed_by is None or self.claimed_at is None:
            return False
        if not self.claimed_by.has_left(self.claimed_at):
            return False
        self.release(None, reason=f"{self.claimed_by} {self._why_gone(self.claimed_by)}.")
        return True

    @staticmethod
    def _why_gone(claimer: User) -> str:
        if claimer.is_engineer:
            return "went off shift"
        return "only reads here now" if claimer.is_active else "was deactivated"

    @verb
    def return_(self, user: User, *, reason: str) -> None:
        """claimed -> working, with the holder again. The reason says what they should do."""
        user.must_work()
        if not clean(reason):
            raise Invalid(reason="Say why it comes back.")
        self._lock()
        self._must_be_claimer(user)
        if self.holder is None or not self.holder.is_engineer:
            raise WrongState("The person it came from can no longer work on it: release it instead.")
        self._give_back(user, to=self.holder, reason=clean(reason))

    @verb
    def transfer(self, user: User, *, to: User, reason: str = "") -> None:
        """claimed -> claimed by `to`: the claimer or a lead."""
        user.must_work()
        self._lock()
        self._must_be_claimed()
        if self.claimed_by_id != user.pk and not user.is_lead:
            raise NotAllowed("Only the person who claimed it or a lead can transfer it.")
        if to.account_id != self.account_id or not to.is_engineer:
            raise Invalid(to="Choose an active engineer of this account.")
        if to.pk == self.claimed_by_id:
            raise Invalid(to=f"{to.name} has it already.")
        if to.pk in (self.sender_id, self.holder_id):
            raise WrongState(f"It came from {to.name}: return it instead.")
        former = self.claimed_by_id
        self._claim_for(to)
        self._event("handoff.transferred", user, reason=clean(reason), from_user=former, to_user=to.pk)

    @verb
    def take_over(self, user: User, *, reason: str) -> None:
        """claimed by another -> claimed by this lead. By the sender or holder it is a return to them."""
        user.must_work()
        user.must_lead()
        if not clean(reason):
            raise Invalid(reason="Say why you take it over.")
        self._lock()
        self._must_be_claimed()
        if self.claimed_by_id == user.pk:
            raise WrongState("You have it already.")
        if user.pk in (self.sender_id, self.holder_id):
            self._give_back(user, to=user, reason=clean(reason))
            return
        former = self.claimed_by_id
        self._claim_for(user)
        self._event("handoff.taken_over", user, reason=clean(reason), from_user=former, to_user=user.pk)

    @verb
    def withdraw(self, user: User, *, reason: str = "") -> None:
        """waiting -> working, with the holder: the card leaves every queue."""
        user.must_work()
        self._must_be_sides(user, "withdraw it")
        self._lock()
        if not (self.is_open and self.intent == self.Intent.ESCALATE):
            raise WrongState(self._where())
        self._move_session(Session.Status.ESCALATED, Session.Status.ACTIVE, assignee=self.holder)
        self._set(status=self.Status.CLOSED, closed_reason=self.ClosedReason.WITHDRAWN)
        self._event("handoff.withdrawn", user, reason=clean(reason))

    # the parts verbs are made of

    def _lock(self) -> None:
        """Lock session, then handoff, and read both afresh."""
        self.session.lock()
        fresh = Handoff.objects.select_for_update(of=("self",), no_key=True).get(pk=self.pk)
        for field in self._meta.concrete_fields:
            setattr(self, field.attname, getattr(fresh, field.attname))

    def _set(self, **fields: Any) -> None:
        self._show(**fields)
        self.save(update_fields=list(fields))

    def _show(self, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(self, name, value)

    def _lease(self, account: Account) -> dict[str, datetime | None]:
        """A lease from now on: its length is the account's, by priority, in working time."""
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

    def _back_to_queue(self, **fields: Any) -> None:
        self._move_session(Session.Status.ACTIVE, Session.Status.ESCALATED, assignee=self.holder)
        gone = {"claimed_by": None, "claimed_at": None, "read_back": "", **self.NO_LEASE}
        self._set(status=self.Status.OPEN, **gone, **fields)

    def _claim_for(self, to: User) -> None:
        self._move_session(Session.Status.ACTIVE, Session.Status.ACTIVE, assignee=to)
        self._set(claimed_by=to, claimed_at=clock.now(), read_back="", undo_until=None, **self._lease(self.account))

    def _give_back(self, user: User, *, to: User, reason: str) -> None:
        former = self.claimed_by_id
        self._move_session(Session.Status.ACTIVE, Session.Status.ACTIVE, assignee=to)
        self._set(status=self.Status.CLOSED, closed_reason=self.ClosedReason.RETURNED, **self.NO_LEASE)
        self._event("handoff.returned", user, reason=reason, claimed_by=former, to_user=to.pk)

    def _event(self, kind: str, actor: User | None, **facts: Any) -> Event:
        return self.session.event(kind, actor, handoff_id=self.pk, **facts)

    def _where(self) -> str:
        if self.is_claimed and self.claimed_by:
            return f"{self.claimed_by.name} has claimed this."
        if self.is_closed:
            return f"This handoff is closed: {self.get_closed_reason_display().lower()}."
        return "This is parked." if self.intent == self.Intent.PARK else "This is waiting in the queue."

    def _must_be_claimed(self) -> None:
        if not self.is_claimed:
            raise WrongState(self._where())

    def _must_be_claimer(self, user: User) -> None:
        self._must_be_claimed()
        if self.claimed_by_id != user.pk:
            raise NotAllowed("Only the person who claimed it can do this.")

    def _must_be_sides(self, user: User, what: str) -> None:
        if user.pk not in (self.sender_id, self.holder_id) and not user.is_lead:
            raise NotAllowed(f"Only the sender, the person it came from or a lead can {what}.")

    def _must_not_be_own(self, user: User) -> None:
        if user.pk in (self.sender_id, self.holder_id):
            raise NotAllowed("You handed this over yourself. Withdraw it to work on it again.")

    def _must_be_open_to(self, user: User) -> None:
        target = self.kept_for(user)
        if target is not None and self.widens_at is not None:
            raise Directed(target.pk, target.name, self.widens_at)

    @staticmethod
    def _check_target(session: Session, user: User, target_user: User | None, target_team: Team | None) -> None:
        if target_user is not None and target_team is not None:
            raise Invalid(target_user="Choose a person or a team, not both.")
        if target_team is not None and target_team.account_id != session.account_id:
            raise Invalid(target_team="There is no such team in this account.")
        if target_user is None:
            return
        if target_user.account_id != session.account_id or not target_user.is_engineer:
            raise Invalid(target_user="Choose an active engineer of this account.")
        if target_user.pk == user.pk:
            raise Invalid(target_user="You cannot hand it to yourself: park it instead.")
        if target_user.pk == session.assignee_id:
            raise Invalid(target_user=f"{target_user.name} is working on it already.")
