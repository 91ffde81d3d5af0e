"""The brief: what a colleague needs to know first, in order, made from the record alone and never by AI."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from resolutionflow.core.text import ERROR
from sessions_app.models import Branch, Session, Step

_ERROR_LINES = 6


@dataclass(frozen=True)
class Tried:
    """One branch, and its steps, newest first."""

    branch: Branch | None
    steps: list[Step]


@dataclass(frozen=True)
class Brief:
    """Problem, who and what is affected, steps by branch with the newest first, last error, note and open questions."""

    problem: str
    affected: str
    note: str
    tried: list[Tried]
    outcomes: Counter[str]
    last_error: str
    last_error_ref: str
    open_questions: list[Step] = field(default_factory=list)

    @property
    def steps(self) -> list[Step]:
        """The steps of all branches, in their order."""
        return sorted((step for tried in self.tried for step in tried.steps), key=lambda step: step.order)


def brief_for(session: Session, *, note: str = "") -> Brief:
    """The brief of a session as it stands now, with the note of a handoff where there is one. Two queries."""
    branches = session.branches.with_standing().order_by("order")
    return _make_brief(session, branches, session.steps.select_related("author").order_by("-order"), note=note)


def briefs_for(sessions: Sequence[Session]) -> dict[int, Brief]:
    """The briefs of several sessions, by their ids: two queries for all of them."""
    branches, steps = defaultdict(list), defaultdict(list)
    for branch in Branch.objects.filter(session__in=sessions).with_standing().order_by("order"):
        branches[branch.session_id].append(branch)
    for step in Step.objects.filter(session__in=sessions).select_related("author").order_by("-order"):
        steps[step.session_id].append(step)
    return {session.pk: _make_brief(session, branches[session.pk], steps[session.pk]) for session in sessions}


def _make_brief(session: Session, branches: Iterable[Branch], newest_first: Iterable[Step], *, note: str = "") -> Brief:
    steps = list(newest_first)
    error, ref = _last_error(steps, session.intake_text)
    return Brief(
        problem=session.problem_summary,
        affected=", ".join(part for part in (session.client_name, session.asset_name) if part),
        note=note,
        tried=_by_branch(steps, {branch.pk: branch for branch in branches}, session.active_branch_id),
        outcomes=Counter(step.outcome for step in steps),
        last_error=error,
        last_error_ref=ref,
        open_questions=[step for step in steps if step.outcome == Step.Outcome.PENDING],
    )


def brief_as_text(session: Session, *, note: str, sender: str) -> str:
    """The brief as plain text, for the conversation; `sender` is the name of who wrote the note."""
    brief = brief_for(session, note=note)
    lines = [f"Problem: {brief.problem}"]
    if brief.affected:
        lines.append(f"Affected: {brief.affected}")
    if brief.note:
        lines.append(f"Note from {sender}: {brief.note}")
    for tried in brief.tried:
        label = f" ({tried.branch.label}, {tried.branch.get_status_display().lower()})" if tried.branch else ""
        lines.append(f"Tried{label if len(brief.tried) > 1 else ''}:")
        lines += [f"- {step.ref} {step.text}: {_ending(step)}" for step in tried.steps]
    if brief.last_error:
        lines.append(f"Last error{f' ({brief.last_error_ref})' if brief.last_error_ref else ''}:\n{brief.last_error}")
    if brief.open_questions:
        lines.append("Still open: " + "; ".join(f"{step.ref} {step.text}" for step in brief.open_questions))
    return "\n".join(lines)


def _ending(step: Step) -> str:
    answer = step.selected_option or step.free_text
    return f"{step.get_outcome_display().lower()}{f', {answer}' if answer else ''}"


def _by_branch(steps: list[Step], branches: dict[int, Branch], active: int | None) -> list[Tried]:
    """The active branch first, then the others in their order; branches without steps are left out."""
    order = sorted(branches, key=lambda pk: (pk != active, branches[pk].order))
    groups = [Tried(branches[pk], [step for step in steps if step.branch_id == pk]) for pk in order]
    loose = [step for step in steps if step.branch_id not in branches]
    return [group for group in [*groups, Tried(None, loose)] if group.steps]


def _last_error(steps: list[Step], intake_text: str) -> tuple[str, str]:
    """The newest lines that read like an error, and the step they came from; else from the pasted log."""
    for step in steps:
        if step.outcome != Step.Outcome.WORKED and (found := _error_lines(step.free_text)):
            return found, step.ref
    return _error_lines(intake_text), ""


def _error_lines(text: str) -> str:
    return "\n".join([line.strip()[:300] for line in text.splitlines() if ERROR.search(line)][-_ERROR_LINES:])
