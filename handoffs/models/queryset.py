"""Lists of handoffs: the queue, those somebody sent, those aimed at them, those that are due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Case, Count, Exists, F, OuterRef, Q, When

from handoffs import ladder
from resolutionflow.accounts.models import PRIORITY_WORDS, Account, OwnedQuerySet, Team, User
from resolutionflow.core import clock
from sessions_app.models import Session, Step

if TYPE_CHECKING:
    from handoffs.models.fields import HandoffFields
    from handoffs.models.handoff import Handoff


CARD = (
    *("account_id", "intent", "priority", "status", "notes", "read_back", "created_at", "opened_at", "wake_at"),
    *("directed_until", "widened_at", "claimed_at", "lease_until", "remind_at", "undo_until", "holder_id"),
    *("claimed_by_id", "affected", "ladder_at", "ladder_to", "ladder_held_at"),
    *(f"session__{name}" for name in ("problem_summary", "problem_domain", "client_name", "asset_name")),
    *("session__psa_ticket_id", "session__due_at", "session__status", "session__assignee_id", "session__account_id"),
    *("sender__name", "claimed_by__name", "target_user__name", "target_team__name", "summary__status"),
    *("target_user__is_active", "target_user__role", "target_user__account_id"),
)

LADDER = ("ladder_at", "ladder_to", "ladder_until", "ladder_held_at")


def count_attempts(handoffs: Iterable[HandoffFields]) -> None:
    """Set `counted` of these rows: how many steps of their session ended how. One query for all of them."""
    rows = list(handoffs)
    steps = Step.objects.filter(session_id__in={row.session_id for row in rows}).order_by()
    tried: dict[int, dict[str, int]] = {}
    for session, outcome, count in steps.values_list("session_id", "outcome").annotate(count=Count("pk")):
        tried.setdefault(session, {})[outcome] = count
    for row in rows:
        row.counted = {**dict.fromkeys(Step.Outcome.values, 0), **tried.get(row.session_id, {})}


def count_takers(handoffs: Iterable[HandoffFields]) -> None:
    """Set `takers` of rows kept for a team: whether anybody in it can claim. One query for all of them."""
    rows = [row for row in handoffs if row.target_team_id and row.is_open and row.widened_at is None]
    if not rows:
        return
    members = Team.members.through.objects.filter(team_id__in={row.target_team_id for row in rows})
    people: dict[int, set[int]] = {}
    for team, person in members.filter(user__in=User.objects.engineers()).values_list("team_id", "user_id"):
        people.setdefault(team, set()).add(person)
    for row in rows:
        row.takers = bool(people.get(row.target_team_id or 0, set()) - {row.sender_id, row.holder_id})


def with_counts(handoffs: Iterable[Handoff]) -> list[Handoff]:
    """These rows as a list, with count_attempts() and count_takers(): two queries for all of them."""
    rows = list(handoffs)
    if rows:
        count_attempts(rows)
        count_takers(rows)
    return rows


def _may_run_out() -> Q:
    """A Q: the account has a lease for claims of this priority. It may have been set to "never" since the claim."""
    has_one = Q()
    for priority, word in enumerate(PRIORITY_WORDS):
        has_one |= Q(priority=priority) & ~Q(**{f"account__lease_minutes__{word}": None})
    return has_one


class HandoffQuerySet(OwnedQuerySet["Handoff"]):
    def open(self) -> Self:
        return self.filter(status=self.model.Status.OPEN)

    def claimed(self) -> Self:
        return self.filter(status=self.model.Status.CLAIMED)

    def unclosed(self) -> Self:
        # Not "all but closed": of a million closed ones an index has to know what to look for.
        return self.filter(status__in=[self.model.Status.OPEN, self.model.Status.CLAIMED])

    def escalations(self) -> Self:
        return self.filter(intent=self.model.Intent.ESCALATE)

    def waiting(self) -> Self:
        """The queue: open escalations by priority, then the longest wait; never newest first."""
        return self.open().escalations().order_by("priority", "opened_at", "id")

    def parked(self) -> Self:
        return self.open().filter(intent=self.model.Intent.PARK)

    def of(self, user: User) -> Self:
        """What this person escalated or parked, and what they held when somebody else did."""
        return self.filter(Q(sender=user) | Q(holder=user))

    def sent_by(self, user: User) -> Self:
        """Escalations by this person, or of what they held, the unfinished first.

        One that a colleague parked or escalated again stays until its session ends. What came back to this person is
        left out: they hold it, or have escalated it again since.
        """
        passed_on, ended = Q(closed_reason=self.model.ClosedReason.SUPERSEDED), Q(status=self.model.Status.CLOSED)
        later = self.model._default_manager.of(user).filter(session=OuterRef("session"), pk__gt=OuterRef("pk"))
        theirs_again = Q(session__status=Session.Status.ACTIVE, session__assignee=user) | Exists(later)
        sent = self.escalations().of(user).exclude(closed_reason=self.model.ClosedReason.WITHDRAWN)
        over = ended & (~passed_on | Q(session__finished_at__isnull=False))
        return sent.exclude(ended & theirs_again).order_by(Case(When(over, then=1), default=0), "-id")

    def aimed_at(self, user: User) -> Self:
        return self.filter(Q(target_user=user) | Q(target_team__in=user.teams.all()))

    def claimable_by(self, user: User) -> Self:
        """The queue without what this person may not claim: what they sent or held, and what is still kept for
        others."""
        mine = Q(target_user=user) | Q(target_team__in=user.teams.all())
        anyone = Q(directed_until=None) | Q(directed_until__lte=clock.now()) | ~Q(widened_at=None)
        waiting = self.visible_to(user).waiting().exclude(sender=user).exclude(holder=user)
        return waiting if user.is_lead else waiting.filter(anyone | mine)

    def with_people(self) -> Self:
        """With its session, its summary and everybody named in it."""
        return self.select_related(
            "session",
            "session__assignee",
            "sender",
            "holder",
            "target_user",
            "target_team",
            "claimed_by",
            "ladder_held_by",
            "summary__current",
        )

    def with_card(self) -> Self:
        """With everything a pick-up screen shows of the handoff itself; for several, add with_counts()."""
        return self.with_people().select_related("session__psa_connection", "session__ticket_copy", "account")

    def as_cards(self) -> Self:
        """With only the columns a card shows: there are fifty on a page, chosen from thousands. Add with_counts()."""
        named = ("session", "sender", "target_user", "target_team", "claimed_by", "summary")
        return self.select_related(*named).only(*CARD)

    def to_wake(self, now: datetime) -> Self:
        return self.parked().filter(wake_at__lte=now, woken_at=None)

    def to_widen(self, now: datetime) -> Self:
        """Directed, waiting, not widened, and past their account's time, or with nobody left to take them."""
        directed = self.waiting().filter(directed_until__isnull=False, widened_at=None)
        takers = User.objects.engineers().filter(teams=OuterRef("target_team"))
        takers = takers.exclude(pk=OuterRef("sender")).exclude(pk=OuterRef("holder"))
        gone = Q(target_user__is_active=False) | Q(target_user__role=User.Role.VIEWER)
        return directed.filter(Q(directed_until__lte=now) | gone | Q(~Exists(takers), target_team__isnull=False))

    def to_step(self, now: datetime) -> Self:
        """Waiting, and a step of their ladder is due."""
        return self.open().escalations().filter(ladder_at__lte=now)

    def plan_ladders(self, account: Account, *, since: datetime) -> None:
        """Go on by the ladder and hours that this account has since then. What they would have called before is not
        made up for: a new step does not call for all that waits. Within a transaction, which locks the rows."""
        not_due = Q(ladder_at=None) | Q(ladder_at__gt=since)
        planned = self.filter(not_due, account=account).unclosed().escalations().order_by("pk")
        rows = list(
            planned.select_for_update(of=("self",), no_key=True)
            .select_related("sender")
            .only(*LADDER, "intent", "priority", "open_since", "target_user", "target_team", "sender__email")
        )
        later = Q(ladder_until=None) | Q(ladder_until__lt=since)
        self.filter(later, pk__in=[row.pk for row in rows]).update(ladder_until=since)
        moved = []
        for row in rows:
            row.account, before = account, (row.ladder_at, row.ladder_to)
            row.ladder_until = max(row.ladder_until or since, since)
            row.ladder_at, row.ladder_to = ladder.planned(row).values()
            if before != (row.ladder_at, row.ladder_to):
                moved.append(row)
        self.bulk_update(moved, ("ladder_at", "ladder_to"), batch_size=200)

    def held_by_gone(self) -> Self:
        """Claims of people who were deactivated, are viewers by now or have gone off shift. People without an email
        came with an import and do not count."""
        gone = Q(claimed_by__is_active=False) | Q(claimed_by__role=User.Role.VIEWER)
        off_shift = Q(claimed_by__off_shift_since__gte=F("claimed_at"))
        return self.claimed().filter(gone | off_shift).exclude(claimed_by__email=None)

    def to_lease(self) -> Self:
        """Claims without a lease whose account has one for their priority by now."""
        return self.claimed().filter(_may_run_out(), lease_until=None).exclude(claimed_by__email=None)

    def to_expire(self, now: datetime) -> Self:
        """Claims whose lease has run out."""
        return self.claimed().filter(lease_until__lte=now)

    def to_remind(self, now: datetime) -> Self:
        """Claims near the end of their lease whose claimer was not reminded yet."""
        return self.claimed().filter(_may_run_out(), remind_at__lte=now, reminded_at=None, lease_until__gt=now)

    def renew_lease(self, user: User) -> None:
        """Start the lease of this user's claim anew, within the transaction of a verb that has locked the session."""
        held: Handoff | None = self.claimed().filter(claimed_by=user).select_related("account").first()
        if held is not None:
            held.renew()

    def close(self, reason: str) -> dict[str, Any] | None:
        """Close the unclosed handoff of a session, within its verb's transaction; returns what was closed, for the
        event, or None."""
        closing: Handoff | None = self.unclosed().select_for_update(of=("self",), no_key=True).first()
        if closing is None:
            return None
        was = {
            "handoff": closing.pk,
            "intent": closing.intent,
            "status": closing.status,
            "sender": closing.sender_id,
            "claimed_by": closing.claimed_by_id,
            "reason": reason,
        }
        over = {**self.model.NO_LEASE, "status": self.model.Status.CLOSED, "closed_reason": reason}
        self.model.objects.filter(pk=closing.pk).update(**over)
        return was
