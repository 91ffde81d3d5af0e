"""What changed in a session since somebody last saw it: listed at the top of its pages; new steps are marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from resolutionflow.accounts.models import Event, User
from sessions_app.models import Session, Step, Visit, count_outcomes

if TYPE_CHECKING:
    from handoffs.models import Handoff

SHOWN = 10  # events in words
ON_THE_TRAIL = ("step.added", "step.changed", "message.added")
CORRECTED = ("handoff.changed", "session.changed", "branch.changed")
ON_THE_RECORD = (*ON_THE_TRAIL, *CORRECTED)


@dataclass(frozen=True)
class UnseenChanges:
    """The changes for one person. `park`: counted from when they parked it; then the page also says when nothing
    changed."""

    events: list[Event] = field(default_factory=list)  # newest first
    count: int = 0
    new: set[int] = field(default_factory=set)  # steps, by their order
    changed: set[int] = field(default_factory=set)
    messages: set[int] = field(default_factory=set)  # by their number
    outcomes: list[tuple[str, str, int]] = field(default_factory=list)  # of the new steps: value, word, how many
    park: Handoff | None = None

    @property
    def more(self) -> int:
        """How many events there are beyond those that are listed."""
        return self.count - len(self.events)


@dataclass(frozen=True)
class News:
    """What of the record is new to one person."""

    steps: set[int]  # by their order
    changed: set[int]
    messages: dict[int, int]  # by their number, the order of each
    corrected: set[str] = field(default_factory=set)  # facts of the session and handoff by their names; branches

    @property
    def added_refs(self) -> list[str]:
        """New steps and messages, each in order."""
        return [*_refs("s", self.steps), *_refs("m", self.messages.values())]

    @property
    def changed_refs(self) -> list[str]:
        return _refs("s", self.changed)


def _refs(letter: str, orders: Iterable[int]) -> list[str]:
    return [f"{letter}{order}" for order in sorted(orders)]


def news_for(session: Session, user: User, *, after: int) -> News:
    """What others have put on record since the event of this number."""
    happened = Event.objects.of_session(session.pk).by_others(user.pk, after=after)
    news = _on_the_trail(happened)
    for kind, facts in happened.filter(kind__in=CORRECTED).values_list("kind", "facts"):
        news.corrected.update(["branches"] if kind == "branch.changed" else facts.get("after") or ())
    return news


def _on_the_trail(happened: QuerySet[Event]) -> News:
    lines = happened.filter(kind__in=ON_THE_TRAIL).values_list("kind", "facts__order", "facts__message")
    about: dict[str, dict[Any, Any]] = {kind: {} for kind in ON_THE_TRAIL}
    for kind, order, message in lines.order_by():
        about[kind][message if kind == "message.added" else order] = order
    new, changed, messages = about.values()
    return News(set(new), changed.keys() - new.keys(), messages)


def unseen_by(session: Session, user: User, *, opened: bool, handoff: Handoff | None = None) -> UnseenChanges:
    """The changes since the user's last visit; where `handoff` is a park of theirs that is due, since they parked it.

    `opened`: they open the page now, which is a visit; else it is only drawn again.
    """
    visit = Visit.note(session, user) if opened else Visit.of(session, user)
    if visit is None:
        return UnseenChanges()
    park = handoff if handoff is not None and handoff.is_due and handoff.is_of(user) else None
    if park is None and visit.since_seq == visit.began_seq:
        return UnseenChanges()
    return _collect(session, visit.changes_since(_seq_when_parked(park)) if park else visit.changes(), park)


def _seq_when_parked(park: Handoff) -> int:
    """The number of the event that recorded the park."""
    parked = Event.objects.filter(handoff_id=park.pk, kind="handoff.parked").values_list("seq", flat=True).first()
    return int(parked or 0)


def _collect(session: Session, happened: QuerySet[Event], park: Handoff | None) -> UnseenChanges:
    if park is not None:
        happened = happened.exclude(handoff_id=park.pk, kind="handoff.woken")  # they have come for that
    newest = list(happened.order_by("-seq")[:SHOWN])
    if not newest:
        return UnseenChanges(park=park)
    news = _on_the_trail(happened)
    return UnseenChanges(
        events=newest,
        count=happened.count() if len(newest) == SHOWN else len(newest),
        new=news.steps,
        changed=news.changed,
        messages=set(news.messages),
        outcomes=_outcomes(session, news.steps) if news.steps else [],
        park=park,
    )


def _outcomes(session: Session, orders: set[int]) -> list[tuple[str, str, int]]:
    counted = count_outcomes(session.steps.filter(order__in=orders))
    return [(one.value, str(one.label), counted[one.value]) for one in Step.Outcome if counted[one.value]]
