"""My work: what I hold, what I parked and what happened to it since, and what became of what I escalated.

Each list is limited, and takes three queries: one for its ids, one for what is shown of them, one for what is said of
them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from handoffs.models import Handoff, with_counts
from resolutionflow.accounts.models import Event, User
from resolutionflow.core import pagination
from sessions_app.models import Session, SessionQuerySet, Visit

PAGE = 50
GAVE_BACK = ("handoff.released", "handoff.expired", "handoff.returned")
MOVES = ("handoff.returned", "handoff.escalated", "handoff.parked", "session.resolved", "session.abandoned")
NEWS = ("step.added", "step.changed", "message.added", "branch.changed", "session.changed")
MOST_NEWS = 500
SEEN_BY = 5  # names


@dataclass(frozen=True)
class Sent:
    """Something I escalated, and what became of it."""

    handoff: Handoff
    seen_by: list[Visit] = field(default_factory=list)
    gave_back: Event | None = None  # the last time somebody, or time, gave it back

    @property
    def state(self) -> str:
        """waiting, back (in the queue again) or claimed; where it is closed, why: returned, resolved, abandoned.

        Where a colleague parked it or escalated it again, the status of its session: also paused, escalated, active.
        """
        if self.handoff.is_open:
            return "back" if self.gave_back else "waiting"
        if self.handoff.is_claimed:
            return "claimed"
        passed_on = self.handoff.closed_reason == Handoff.ClosedReason.SUPERSEDED
        return self.handoff.session.status if passed_on else self.handoff.closed_reason

    @property
    def reason(self) -> str:
        return str(self.gave_back.facts.get("reason", "")) if self.gave_back else ""


@dataclass(frozen=True)
class Mine:
    """A session that somebody holds; `returned` is the event by which a colleague returned it, if nothing has moved it
    since."""

    session: Session
    returned: Event | None = None


@dataclass(frozen=True)
class Parked:
    """Something I parked, and what others did to it since, newest first."""

    handoff: Handoff
    news: list[Event] = field(default_factory=list)


@dataclass(frozen=True)
class MyWork:
    user: User

    @cached_property
    def claimed(self) -> list[Handoff]:
        claims = Handoff.objects.visible_to(self.user).with_card().claimed().filter(claimed_by=self.user)
        return with_counts(pagination.first_rows(claims.order_by("-claimed_at"), PAGE))

    @cached_property
    def working(self) -> list[Mine]:
        """The sessions I hold, without claims."""
        active = self._sessions.filter(assignee=self.user, status=Session.Status.ACTIVE)
        unclaimed = active.exclude(handoffs__status="claimed").order_by("-updated_at", "-id")
        sessions = pagination.first_rows(unclaimed, PAGE)
        returned = _returned(sessions, self.user)
        return [Mine(session, returned.get(session.pk)) for session in sessions]

    @cached_property
    def parked(self) -> list[Parked]:
        parks = Handoff.objects.visible_to(self.user).with_card().parked().of(self.user)
        handoffs = with_counts(pagination.first_rows(parks.order_by("wake_at", "id"), PAGE))
        news = _news(handoffs, self.user)
        return [Parked(handoff, news[handoff.pk]) for handoff in handoffs]

    @cached_property
    def newest(self) -> list[Event]:
        """The last event of each park, which is put into words."""
        return [parked.news[0] for parked in self.parked if parked.news]

    @cached_property
    def sent(self) -> list[Sent]:
        sent = Handoff.objects.visible_to(self.user).with_card().sent_by(self.user)
        handoffs = with_counts(pagination.first_rows(sent, PAGE))
        seen, gave_back = _seen_by(handoffs, self.user), _gave_back(handoffs)
        return [Sent(handoff, seen[handoff.pk], gave_back.get(handoff.pk)) for handoff in handoffs]

    @cached_property
    def nobodys(self) -> list[Mine] | None:
        """Unfinished sessions whose assignee has left, for leads; None for everybody else."""
        if not self.user.is_lead:
            return None
        nobodys = self._sessions.nobodys().order_by("-updated_at", "-id")
        return [Mine(session) for session in pagination.first_rows(nobodys, PAGE)]

    @property
    def _sessions(self) -> SessionQuerySet:
        sessions: SessionQuerySet = Session.objects.visible_to(self.user).select_related("assignee")
        return sessions


def _seen_by(handoffs: Sequence[Handoff], user: User) -> dict[int, list[Visit]]:
    """Visits of others to each waiting handoff since it was escalated, the latest first."""
    waiting = {handoff.session_id: handoff for handoff in handoffs if handoff.is_open}
    seen: dict[int, list[Visit]] = defaultdict(list)
    visits = Visit.objects.visible_to(user).filter(session__in=waiting).exclude(user=user).select_related("user")
    for visit in visits.order_by("-last_at") if waiting else ():
        handoff = waiting[visit.session_id]
        if visit.last_at >= handoff.created_at and len(seen[handoff.pk]) < SEEN_BY:
            seen[handoff.pk].append(visit)
    return seen


def _gave_back(handoffs: Sequence[Handoff]) -> dict[int, Event]:
    """The last event by which each was released, expired or returned."""
    events = Event.objects.filter(handoff_id__in=[handoff.pk for handoff in handoffs], kind__in=GAVE_BACK)
    return {event.handoff_id or 0: event for event in events.select_related("actor").order_by("seq")}


def _returned(sessions: Sequence[Session], user: User) -> dict[int, Event]:
    """By session, the event by which a colleague returned it, where that was the last to move it."""
    moves = Event.objects.filter(session_id__in=[session.pk for session in sessions], kind__in=MOVES)
    last = {event.session_id or 0: event for event in moves.select_related("actor").order_by("seq")}
    return {pk: event for pk, event in last.items() if event.kind == "handoff.returned" and event.actor != user}


def _news(parks: Sequence[Handoff], user: User) -> dict[int, list[Event]]:
    """By park, what others did to its session since."""
    by_session = {park.session_id: park for park in parks}
    news: dict[int, list[Event]] = defaultdict(list)
    if not parks:
        return news
    events = Event.objects.filter(session_id__in=by_session, kind__in=NEWS).exclude(actor=user)
    since = events.filter(at__gt=min(park.created_at for park in parks)).select_related("actor")
    for event in since.order_by("-seq")[:MOST_NEWS]:
        park = by_session[event.session_id or 0]
        if event.at > park.created_at:
            news[park.pk].append(event)
    return news
