"""The texts of a record in the order in which they are read, for the lines of the brief and for its last error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handoffs.brief.found_lines import Source
from sessions_app.errors.choice import ErrorSource
from sessions_app.errors.printed import looks_printed
from sessions_app.models import Branch, Message, Session, Step

NOT_DONE = (Step.Outcome.PENDING, Step.Outcome.SKIPPED)


@dataclass(frozen=True)
class Earlier:
    """Another escalation of the same session: its note, and the lines its sender confirmed, by their names."""

    created_at: datetime
    notes: str
    lines: Mapping[str, str]


def sources_of(
    session: Session,
    branches: dict[int, Branch],
    entries: Sequence[Step | Message],
    note: str,
    earlier: Sequence[Earlier],
) -> Iterator[Source]:
    """Everything that was written down, newest first, as `entries` and `earlier` are."""
    if note:
        yield Source("note", "note", note)
    active = branches.get(session.active_branch_id or 0)
    if active is not None and len(branches) > 1:
        yield Source("branch", "branch", active.label)
    for branch in branches.values():
        if branch.status == Branch.Status.DEAD_END:
            yield Source("branch", "branch", branch.label, outcome="ruled_out", active=False)
    for entry in sorted([*entries, *earlier], key=lambda entry: entry.created_at, reverse=True):
        if isinstance(entry, Message):
            yield Source(entry.ref, "output" if looks_printed(entry.shown) else "message", entry.shown)
        elif isinstance(entry, Earlier):
            yield from _sources_of_earlier(entry)
        else:
            yield from _sources_of_step(entry, branches)
    if log := session.log:
        is_prose = session.intake == session.Intake.TICKET and not looks_printed(log)
        yield Source("log", "message" if is_prose else "log", log)
    yield Source("session", "message", session.problem_summary)


def _sources_of_earlier(escalation: Earlier) -> Iterator[Source]:
    for name, line in escalation.lines.items():
        yield Source("earlier", "confirmed", line, says=name)
    yield Source("earlier", "note", escalation.notes)


def _sources_of_step(step: Step, branches: dict[int, Branch]) -> Iterator[Source]:
    branch = branches.get(step.branch_id or 0)
    given_up = branch is not None and branch.status == Branch.Status.DEAD_END
    is_question = step.kind == Step.Kind.QUESTION
    answered = [text for text in (step.answer, step.shown if is_question else "") if text]
    yield Source(
        step.ref,
        "step",
        "\n".join([step.text, *answered]),
        outcome=step.outcome,
        temporary=step.temporary,
        active=not given_up,
    )
    if step.shown and not is_question:
        yield Source(step.ref, "output", step.shown, outcome=step.outcome, active=not given_up)


def error_sources_of(session: Session, entries: Iterable[Step | Message], note: str) -> Iterator[ErrorSource]:
    """All that may tell of an error, newest first. What was done and worked, or showed that something is fine, holds
    none, but may say that one is past; a check that worked may have shown one, and so may, if nothing else did, the
    output of whatever worked: who reads a log does not always call it a check."""
    for entry in entries:
        if isinstance(entry, Message):
            yield ErrorSource(entry.ref, entry.shown, prose=True)
        elif entry.outcome in NOT_DONE:
            yield ErrorSource(entry.ref, entry.shown)
        else:
            yield from _errors_of_step(entry)
    yield ErrorSource("log", session.log)
    yield ErrorSource("note", note, prose=True)
    yield ErrorSource("session", session.problem_summary, prose=True)


def _errors_of_step(step: Step) -> Iterator[ErrorSource]:
    failed = step.outcome in (Step.Outcome.FAILED, Step.Outcome.INCONCLUSIVE)
    counts = failed or (step.outcome == Step.Outcome.WORKED and step.kind == Step.Kind.CHECK)
    answered = step.kind == Step.Kind.QUESTION
    spare = step.outcome == Step.Outcome.WORKED and not counts and not answered
    yield ErrorSource(step.ref, step.shown, prose=answered, failed=failed, counts=counts or spare, spare=spare)
    yield ErrorSource(step.ref, step.text, prose=True, failed=failed, counts=counts)
