"""The timeline: everything that happened to a session or a handoff, in order, for its page and its CSV."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connection
from django.db.models import Count, Max
from django.urls import reverse
from django.utils.timezone import localdate

from handoffs.models import Handoff
from notifications import wording
from notifications.wording import Names
from resolutionflow.accounts.models import BY_TIME, Event, EventQuerySet
from resolutionflow.core import clock, pagination
from resolutionflow.core.spreadsheet import BOM, to_csv
from resolutionflow.core.text import as_id, cut, in_json, one_line
from sessions_app.models import Message, Session, Step

PAGE = 100  # events on one page
CHUNK = 500  # events of a CSV read at once
EXCERPT = 160  # characters of the step or message an event is about

# By what people look for; the values are the `kind` of the address, the same as the API's.
OF_SESSION = [
    ("session", "Session"),
    ("step,branch", "Steps"),
    ("message", "Messages"),
    ("handoff", "Handoffs"),
    ("summary,briefing", "AI"),
    ("note,time,delivery", "Deliveries"),
    ("ticket", "Ticket"),
]
OF_HANDOFF = [group for group in OF_SESSION if group[0] not in ("step,branch", "message")]


@dataclass(frozen=True)
class TimelineFilter:
    """The filters of a timeline; each that is set narrows it."""

    kind: str = ""
    actor: int | None = None
    origin: str = ""

    def of(self, events: EventQuerySet) -> EventQuerySet:
        return events.narrowed(
            kinds=[kind for kind in self.kind.split(",") if kind], actor=self.actor, origin=self.origin
        )

    def __bool__(self) -> bool:
        return self != TimelineFilter()


@dataclass
class TimelineLine:
    """One event in words, with links to what it is about."""

    event: Event
    what: str
    text: str = ""  # the beginning of the step or message
    links: list[tuple[str, str]] = field(default_factory=list)  # (words, address)


@dataclass(frozen=True)
class Timeline:
    """The timeline of a session, or of one of its handoffs. `events` are those that the reader may see."""

    events: EventQuerySet
    session: Session
    handoff: Handoff | None = None

    @property
    def groups(self) -> list[tuple[str, Any]]:
        return OF_HANDOFF if self.handoff else OF_SESSION

    @property
    def file_name(self) -> str:
        return f"handoff-{self.handoff.pk}-timeline.csv" if self.handoff else f"session-{self.session.pk}-timeline.csv"

    def size(self, chosen: TimelineFilter) -> dict[str, Any]:
        """How many events there are, how many of them fit the filters, and the newest number."""
        size = self.events.order_by().aggregate(count=Count("pk"), newest=Max("seq"))
        return {**size, "fitting": chosen.of(self.events).count() if chosen else None}

    def choices(self) -> dict[str, list[Any]]:
        """The people and origins of these events: the choices of the filters."""
        rows: Iterable[Any] = self.events.order_by().values_list("actor_id", "actor__name", "origin").distinct()
        found = list(rows)
        people = sorted({(name, pk) for pk, name, _origin in found if pk is not None})
        by_time = [("time", "by time")] if any(pk is None for pk, _name, _origin in found) else []
        return {
            "people": [*((str(pk), name) for name, pk in people), *by_time],
            "origins": sorted({origin for _pk, _name, origin in found}),
        }

    def page(
        self, chosen: TimelineFilter, *, cursor: str, newest_first: bool, upto: int | None = None
    ) -> pagination.Page:
        """One page of lines. `upto`: only events up to this number, so that new ones move nothing."""
        rows = chosen.of(self.events).select_related("actor")
        rows = rows if upto is None else rows.filter(seq__lte=upto)
        page = pagination.keyset_page(rows, ("-seq",) if newest_first else ("seq",), cursor=cursor, limit=PAGE)
        return pagination.Page(self._lines(page.rows), page.next, page.previous)

    def newer(self, chosen: TimelineFilter, upto: int | None) -> int:
        """How many events came after the number `upto`."""
        return 0 if upto is None else int(chosen.of(self.events).filter(seq__gt=upto).count())

    # events in words, four queries for a whole page

    def _lines(self, events: list[Event]) -> list[TimelineLine]:
        names = wording.names_in(events)
        steps = _texts_of(Step, events, "step", "text")
        messages = _texts_of(Message, events, "message", "content")
        lines = [TimelineLine(event, wording.event_line(event, names)) for event in events]
        for line in lines:
            self._link(line, steps.get(line.event.facts.get("step")), messages.get(line.event.facts.get("message")))
        return lines

    def _link(self, line: TimelineLine, step: tuple[int, str] | None, message: tuple[int, str] | None) -> None:
        for letter, about in (("s", step), ("m", message)):
            if about is not None:
                ref = f"{letter}{about[0]}"
                line.links.append((ref, f"{self.session.get_absolute_url()}?at={ref}#{ref}"))
                line.text = cut(one_line(about[1][: EXCERPT * 4]), EXCERPT) if line.event.kind in TELLS else ""
        line.links += [
            (f"handoff {pk}", reverse("handoff", args=[pk]))
            for pk in handoffs_on(line.event)
            if self.handoff is None or pk != self.handoff.pk
        ]

    # as a file

    async def as_csv(self, chosen: TimelineFilter, *, newest_first: bool) -> AsyncIterator[str]:
        """The whole timeline, some lines at a time: nobody waits for the last one, and no connection is held between
        them."""
        read = sync_to_async(self._chunk)
        yield BOM + to_csv([COLUMNS])
        last: int | None = None
        while rows := await read(chosen, last, newest_first):
            last = int(rows[-1][0])
            yield to_csv(rows)

    def _chunk(self, chosen: TimelineFilter, last: int | None, newest_first: bool) -> list[list[Any]]:
        events = chosen.of(self.events).select_related("actor").order_by("-seq" if newest_first else "seq")
        if last is not None:
            events = events.filter(**{"seq__lt" if newest_first else "seq__gt": last})
        rows = list(events[:CHUNK])
        names = wording.names_in(rows)
        if not connection.in_atomic_block:
            connection.close()  # whoever reads slowly keeps none of the pool's meanwhile
        return [_csv_cells(event, names) for event in rows]


TELLS = ("step.added", "message.added")  # what it was about is said in full: what changed since is another event


def by_day(lines: Iterable[TimelineLine]) -> list[tuple[date, list[TimelineLine]]]:
    """The lines under their days, in the reader's zone."""
    return [(day, list(found)) for day, found in groupby(lines, key=lambda line: localdate(line.event.at))]


def handoffs_on(event: Event) -> list[int]:
    """The ids of the handoffs an event is about: its own, and one closed on the way."""
    closed = (event.facts.get("closed") or {}).get("handoff")
    return list(dict.fromkeys(pk for pk in (event.handoff_id, closed) if pk is not None))


def _texts_of(model: type[Step | Message], events: list[Event], fact: str, text: str) -> dict[Any, tuple[int, str]]:
    """By id, order and text of the steps or messages that these events name."""
    pks = {event.facts.get(fact) for event in events} - {None}
    rows = model._default_manager.filter(pk__in=pks, session__in={event.session_id for event in events})
    return {pk: (order, words) for pk, order, words in rows.values_list("pk", "order", text)} if pks else {}


# --- cells -------------------------------------------------------------------------------------

COLUMNS = ["seq", "at", "kind", "what", "actor", "actor_id", "origin", "session", "handoff", "facts"]


def _csv_cells(event: Event, names: Names) -> list[Any]:
    at = clock.iso(event.at, "milliseconds")
    what, who = wording.event_line(event, names), event.actor.name if event.actor else ""
    facts = in_json(json.dumps(event.facts, ensure_ascii=False))
    about = [event.origin, event.session_id, event.handoff_id, facts]
    return [event.seq, at, event.kind, what, who, event.actor_id, *about]


def actor_named(word: str, me: int) -> int | None:
    """The `actor` of an address as an id: a person's, `me` for the reader's, `time` for BY_TIME; None for anything
    else."""
    match word:
        case "time":
            return BY_TIME
        case "me":
            return me
    return as_id(word)
