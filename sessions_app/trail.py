"""The trail of a session: steps and messages in the order they were made, some of them at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from sessions_app.models import Branch, Message, Session, Step

Entry = Step | Message
Place = tuple[datetime, int, int]  # when, which table, its order there: no two entries share one

WINDOW = 60  # entries: a few screens, so that a session of thousands opens as one of 20 does
AROUND = 30  # how many later entries are shown with one that was asked for

_REF = re.compile(r"([sm])(\d{1,9})")


@dataclass(frozen=True)
class Trail:
    """Some entries, oldest first, and the refs of the entries from which to go on in either direction."""

    entries: list[Entry]
    earlier: str = ""
    later: str = ""


def trail_window(session: Session, *, at: str = "", until: str = "", branch: Branch | None = None) -> Trail:
    """The newest entries; or those around `at` ("s12", "m4"), or up to `until`. With `branch`, the steps of that branch
    alone."""
    found = _find_anchor(session, until or at)
    last = (_after(session, branch, found, AROUND) or [found])[-1] if found and not until else found
    entries = _until(session, branch, last, WINDOW + 1)
    more, entries = len(entries) > WINDOW, entries[:WINDOW]
    entries.reverse()
    return Trail(
        entries=entries,
        earlier=entries[0].ref if more else "",
        later=entries[-1].ref if last and _after(session, branch, last, 1) else "",
    )


def _find_anchor(session: Session, ref: str) -> Entry | None:
    match = _REF.fullmatch(ref)
    if match is None:
        return None
    rows = session.steps if match[1] == "s" else session.messages
    return rows.filter(order=int(match[2])).first()


def _cursor_of(entry: Entry) -> Place:
    return entry.created_at, _table(entry), entry.order


def _table(entry: Entry) -> int:
    return int(isinstance(entry, Message))


def _after(session: Session, branch: Branch | None, entry: Entry, limit: int) -> list[Entry]:
    """The next entries, oldest first."""
    steps, messages = _both(session, branch)
    found: list[Entry] = [
        *steps.filter(_more_beyond(entry, Step, "gt")).order_by("created_at", "order")[:limit],
        *messages.filter(_more_beyond(entry, Message, "gt")).order_by("created_at", "order")[:limit],
    ]
    return sorted(found, key=_cursor_of)[:limit]


def _until(session: Session, branch: Branch | None, entry: Entry | None, limit: int) -> list[Entry]:
    """`entry` and those before it, newest first; without an entry, the newest of all."""
    steps, messages = _both(session, branch)
    if entry is not None:
        steps, messages = (
            steps.filter(_more_beyond(entry, Step, "lt")),
            messages.filter(_more_beyond(entry, Message, "lt")),
        )
    found: list[Entry] = [
        *steps.order_by("-created_at", "-order")[:limit],
        *messages.order_by("-created_at", "-order")[:limit],
    ]
    return sorted(found, key=_cursor_of, reverse=True)[:limit]


def _both(session: Session, branch: Branch | None) -> tuple[QuerySet[Step], QuerySet[Message]]:
    steps = with_source(session.steps.select_related("author", "branch"))
    messages = with_steps(session.messages.select_related("author"))
    return (steps.filter(branch=branch), messages.none()) if branch else (steps, messages)


def with_source(steps: QuerySet[Step]) -> QuerySet[Step]:
    """The steps with the messages that they were made of, of which only who wrote them is shown."""
    return steps.select_related("message__author").defer("message__content")


def with_steps(messages: QuerySet[Message]) -> QuerySet[Message]:
    """The messages with the steps made of them, of which only the number is shown."""
    return messages.prefetch_related(Prefetch("steps", Step.objects.only("order", "message_id", "session_id")))


def _more_beyond(entry: Entry, rows: type[Entry], way: str) -> Q:
    """A Q for the `rows` after the place of `entry` ("gt"), or before and at it ("lt")."""
    same = Q(created_at=entry.created_at)
    here, there = _table(entry), int(rows is Message)
    if here == there:
        same &= Q(**{"order__gt" if way == "gt" else "order__lte": entry.order})
    elif (there > here) != (way == "gt"):
        same = Q(pk__in=[])
    return Q(**{f"created_at__{way}": entry.created_at}) | same


# --- branches as a tree ------------------------------------------------------------------------


@dataclass
class TreeRow:
    branch: Branch
    twigs: list[TreeRow] = field(default_factory=list)


def branch_tree(branches: Iterable[Branch]) -> list[TreeRow]:
    """The branches under their parents, each level in order."""
    twigs = {branch.pk: TreeRow(branch) for branch in branches}
    roots: list[TreeRow] = []
    for twig in twigs.values():
        parent = twigs.get(twig.branch.parent_id or 0)
        (parent.twigs if parent else roots).append(twig)
    return roots
