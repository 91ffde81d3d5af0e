"""How long somebody has worked on a session: what "Log time" offers, and why it is that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from resolutionflow.accounts.models import Event, User
from resolutionflow.core import clock
from sessions_app.models import Session

MOST = 24 * 60  # minutes that are offered, and that one time entry takes
MINUTE = timedelta(minutes=1)

# By what somebody gets a session, and their time begins anew. What comes back to who had it before does not begin: they
# go on.
_BEGINS = {
    "session.opened": "you opened it",
    "session.reopened": "you reopened it",
    "handoff.claimed": "you claimed it",
    "handoff.transferred": "it was given to you",
    "handoff.taken_over": "you took it over",
}
_OF_ACTOR = ("session.opened", "session.reopened", "session.resumed", "handoff.claimed")
_OF_FACT = ("handoff.transferred", "handoff.taken_over", "handoff.returned")  # whose it is then: the fact to_user
_OF_HOLDER = "handoff.withdrawn"
_OF_NOBODY = (
    *("handoff.parked", "handoff.escalated", "handoff.claim_undone", "handoff.released", "handoff.expired"),
    *("session.resolved", "session.abandoned"),
)
# How their time ended, where it was not that the session left them.
_ENDS = {"session.resolved": "was resolved", "session.abandoned": "was abandoned", "handoff.parked": "was parked"}


@dataclass(frozen=True)
class WorkedTime:
    """The time somebody had a session, since `how`, but for what it waited, was parked, finished or another's."""

    how: str = ""  # "you claimed it"; "" where they never had it
    worked: timedelta = timedelta()
    waited: timedelta = timedelta()
    ended: datetime | None = None  # the end of what counts: now, where they have it still
    ended_how: str = ""  # "left you"; "" where it is going on

    @property
    def is_going_on(self) -> bool:
        return bool(self.how) and not self.ended_how

    @property
    def minutes(self) -> int:
        return self.worked // MINUTE

    def rounded(self, unit: int) -> int | None:
        """The minutes to offer, up to the next `unit`, at least one; None where there are none, or too many."""
        up = max(-(-self.minutes // unit), 1) * unit
        return up if self.how and self.worked and up <= MOST else None

    def in_words(self, unit: int) -> str:
        """How the minutes come about, in a sentence."""
        if not self.how:
            return "You have not had this session: type the minutes you worked."
        if not self.worked:
            return f"Nothing since {self.how}: type the minutes, if there are more."
        if self.minutes > MOST:
            return f"More than a day since {self.how}: type the minutes you worked."
        found = f"{self.minutes} min" if self.minutes else "Less than a minute"
        until = "" if self.is_going_on else f" until it {self.ended_how}"
        waited = self.waited // MINUTE
        without = f", without {waited} min in which it waited or was another's" if waited else ""
        up = self.rounded(unit)
        is_same = up is None or up == self.minutes
        return f"{found} since {self.how}{until}{without}{'' if is_same else f', rounded up to {up}'}."


def worked_time(session: Session, user: User, *, logged_at: datetime | None = None) -> WorkedTime:
    """What this person has worked on the session: since they claimed it last, or were given it; else since they opened
    it. What it waited in the queue or was parked is left out, and what was another's; where it is finished, it ends
    there. `logged_at`: when they logged time last; what was before is in that."""
    how, begin, spans = _spans(session, user)
    now = clock.now()
    if begin is None:
        return WorkedTime()
    if logged_at is not None and logged_at > begin:
        how, begin = "you logged time last", logged_at
    last = spans[-1]
    ended = max(last.end or now, begin)
    worked = sum((max((span.end or now) - max(span.start, begin), timedelta()) for span in spans), timedelta())
    if begin == logged_at and worked < MINUTE:
        worked = timedelta()
    return WorkedTime(how, worked, ended - begin - worked, ended, _ENDS.get(last.by, "left you") if last.end else "")


class _Span(NamedTuple):
    """A time in which somebody had it, and by which event that ended; None and "": they have it still."""

    start: datetime
    end: datetime | None = None
    by: str = ""


def _spans(session: Session, user: User) -> tuple[str, datetime | None, list[_Span]]:
    """By what the session is this person's and since when, and the times from then on in which they had it."""
    how, begin, since = "", None, None
    spans: list[_Span] = []
    holders = dict(session.handoffs.values_list("pk", "holder_id")) if session.handoff_count else {}
    kinds = (*_OF_ACTOR, *_OF_FACT, _OF_HOLDER, *_OF_NOBODY)
    events = Event.objects.of_session(session.pk).filter(kind__in=kinds).order_by("seq")
    for event in events.only("kind", "at", "actor_id", "handoff_id", "facts"):
        if since is not None:
            spans.append(_Span(since, event.at, event.kind))
        is_theirs = _has_it_after(event, holders) == user.pk
        if is_theirs and (event.kind in _BEGINS or begin is None):
            how, begin, spans = _BEGINS.get(event.kind, "it came to you"), event.at, []
        since = event.at if is_theirs else None
    return how, begin, [*spans, _Span(since)] if since is not None else spans


def _has_it_after(event: Event, holders: Mapping[int, int | None]) -> int | None:
    """Whose work the session is after this event; None where it is nobody's."""
    if event.kind in _OF_ACTOR:
        return event.actor_id
    if event.kind in _OF_FACT:
        to: int | None = event.facts.get("to_user")
        return to
    return holders.get(event.handoff_id or 0) if event.kind == _OF_HOLDER else None
