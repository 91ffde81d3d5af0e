"""Which steps, outputs and messages of a session a model reads first, by what they weigh; and their texts.

Of steps in short: the NEWEST_STEPS; those that the brief names, and those of the newest outputs; those that failed,
were ruled out or have to be undone; the others.
Of outputs and messages: the NEWEST_OUTPUTS and NEWEST_MESSAGES; where the last error stands; what else the brief names;
outputs of steps that failed; the others.
Of the same weight the newest first. What is not read is listed as well, so that it can be told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Left, Length, Right

from handoffs.brief import Brief
from handoffs.prompt.tokens import BEGINNING, END, Text
from handoffs.tried import SETTLED
from sessions_app.models import Message, Session, Step

NEWEST_STEPS = 20  # always in, in short
NEWEST_OUTPUTS, NEWEST_MESSAGES = 4, 8  # always in, too
MOST_STEPS, MOST_OUTPUTS, MOST_MESSAGES = 400, 60, 200  # texts that are read: more has no room


@dataclass(frozen=True)
class Entry:
    """A step or a message of the record, as far as its weight tells it: without its texts."""

    ref: str
    order: int
    created_at: datetime
    is_step: bool
    role: str = ""
    outcome: str = ""
    temporary: bool = False
    has_output: bool = False


@dataclass(frozen=True)
class Weighed:
    """All steps and messages there are, the heaviest first: steps to be told in short, outputs and messages."""

    steps: list[Entry]
    entries: list[Entry]

    @property
    def outputs(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.is_step]

    @property
    def messages(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.is_step]


def weighed(session: Session, brief: Brief) -> Weighed:
    """The record of this session by what it weighs. Two queries, without any text."""
    steps, messages = _steps(session), _messages(session)
    outputs = [step for step in steps if step.has_output]
    named = {line.source for row in brief.rows for line in row.lines}
    short = _short_weight(steps, named | {step.ref for step in outputs[:NEWEST_OUTPUTS]})
    full = _full_weight(outputs, messages, brief, named)
    by_time = sorted((*outputs, *messages), key=newness, reverse=True)
    return Weighed(sorted(steps, key=short), sorted(by_time, key=full))


def newness(entry: Entry) -> tuple[datetime, int]:
    """By which entries are put in the order in which they were written."""
    return entry.created_at, entry.order


def _short_weight(steps: list[Entry], named: set[str]) -> Callable[[Entry], int]:
    newest = {step.ref for step in steps[:NEWEST_STEPS]}

    def weight(step: Entry) -> int:
        if step.ref in newest:
            return 0
        if step.ref in named:
            return 1
        return 2 if step.outcome in SETTLED or step.temporary else 3

    return weight


def _full_weight(outputs: list[Entry], messages: list[Entry], brief: Brief, named: set[str]) -> Callable[[Entry], int]:
    newest = {entry.ref for entry in (*outputs[:NEWEST_OUTPUTS], *messages[:NEWEST_MESSAGES])}
    error = {line.source for line in brief.lines["last_error"]}

    def weight(entry: Entry) -> int:
        if entry.ref in newest:
            return 0
        if entry.ref in named:
            return 1 if entry.ref in error else 2
        return 3 if entry.outcome == Step.Outcome.FAILED else 4

    return weight


def _steps(session: Session) -> list[Entry]:
    has_output = ExpressionWrapper(~Q(free_text=""), output_field=BooleanField())
    steps = session.steps.order_by("-order").annotate(has_output=has_output)
    rows = steps.values_list("order", "created_at", "outcome", "temporary", "has_output")
    return [
        Entry(f"s{order}", order, at, is_step=True, outcome=outcome, temporary=temporary, has_output=has_output)
        for order, at, outcome, temporary, has_output in rows
    ]


def _messages(session: Session) -> list[Entry]:
    """But for what the system says of what happened: steps and branches say it, too."""
    said = session.messages.exclude(role=Message.Role.SYSTEM).order_by("-order")
    rows = said.values_list("order", "created_at", "role")
    return [Entry(f"m{order}", order, at, is_step=False, role=role) for order, at, role in rows]


# --- their texts -----------------------------------------------------------------------------------


def read_steps(session: Session, entries: Sequence[Entry]) -> dict[str, tuple[Step, Text]]:
    """The first MOST_STEPS of these with what was done, without what came out, by ref. One query."""
    these = session.steps.filter(order__in=[entry.order for entry in entries[:MOST_STEPS]])
    steps = these.defer("free_text", "text").annotate(head=Left("text", BEGINNING), length=Length("text"))
    return {step.ref: (step, Text.beginning(step.head, step.length)) for step in steps}


def read_outputs(session: Session, entries: Sequence[Entry]) -> dict[str, Text]:
    """Of the first MOST_OUTPUTS of these what came out, by ref. One query."""
    return _read(session.steps, "free_text", entries[:MOST_OUTPUTS])


def read_messages(session: Session, entries: Sequence[Entry]) -> dict[str, Text]:
    """Of the first MOST_MESSAGES of these what they say, by ref. One query."""
    return _read(session.messages, "content", entries[:MOST_MESSAGES])


def _read(rows: Any, name: str, entries: Sequence[Entry]) -> dict[str, Text]:
    """Both ends of this text of each, and how long it is: a very long one is not read whole."""
    refs = {entry.order: entry.ref for entry in entries}
    rows = rows.filter(order__in=list(refs)).order_by("-order")
    rows = rows.annotate(head=Left(name, END), tail=Right(name, END), length=Length(name))
    return {refs[order]: Text.ends(*ends) for order, *ends in rows.values_list("order", "head", "tail", "length")}
