"""Then and now: how a session differs from the snapshot of a handoff, as lines for two columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from handoffs.brief import LABELS
from handoffs.models import Handoff
from resolutionflow.core.text import cut, one_line
from sessions_app.models import Branch, Domain, Session, Step

SHOWN = 10  # new steps in words
NAME = 90  # characters of a step

_FACTS = {
    "problem_summary": "Problem",
    "client_name": "Client",
    "asset_name": "Device",
    "psa_ticket_id": "Ticket",
    "contact": "Contact",
    "confidence_tier": "Confidence",
}


@dataclass(frozen=True)
class Side:
    """A line in one column, in words; `mark` is the outcome or branch status it is drawn with."""

    text: str
    mark: str = ""
    ref: str = ""


@dataclass(frozen=True)
class Change:
    """One thing that has changed: what it is, how it was at the handoff, how it is now."""

    name: str
    then: list[Side]
    now: list[Side]
    ref: str = ""


def changes_since_snapshot(handoff: Handoff, *, steps: list[Step], branches: list[Branch]) -> list[Change]:
    """How the session differs from the snapshot. Facts that an old snapshot does not have are passed over."""
    then, session = handoff.snapshot, handoff.session
    found = [
        *_facts(then, session),
        *_lines(then, handoff),
        *_status_and_assignee(handoff),
        *_steps(then, session.step_count, steps),
        *_branches(then, branches),
    ]
    return [change for change in found if change.then != change.now]


def _facts(then: dict[str, Any], session: Session) -> list[Change]:
    rows = [(words, then[name], getattr(session, name)) for name, words in _FACTS.items() if name in then]
    if then.get("problem_domain") in Domain.values:
        was = Domain(then["problem_domain"]).label
        rows.append(("Domain", was, session.get_problem_domain_display()))
    return [_change(*row) for row in rows]


def _lines(then: dict[str, Any], handoff: Handoff) -> list[Change]:
    """What the sender has corrected since; a contact is a fact of the session."""
    names = [name for name in Handoff.LINES if name in then and name != "contact"]
    return [_change(LABELS[name], then[name], getattr(handoff, name)) for name in names]


def _change(name: str, then: Any, now: Any) -> Change:
    return Change(name, [Side(str(then or "–"))], [Side(str(now or "–"))])


def _status_and_assignee(handoff: Handoff) -> list[Change]:
    """Changes of status and assignee, unless they come from the handoff itself."""
    then, session = handoff.snapshot.get("status"), handoff.session
    parked = handoff.intent == handoff.Intent.PARK
    if then not in Session.Status.values or session.status == (
        Session.Status.PAUSED if parked else Session.Status.ESCALATED
    ):
        return []
    return [
        _change("Status", Session.Status(then).label, session.get_status_display()),
        _change("Assignee", handoff.holder, session.assignee),
    ]


def _steps(then: dict[str, Any], now: int, steps: list[Step]) -> list[Change]:
    """How many steps there are, the new ones in words, and those whose outcome has changed."""
    count = then.get("step_count")
    if not isinstance(count, int):
        return []
    added = [step for step in steps if step.order > count]
    lines = [Side(cut(one_line(step.text), NAME), step.outcome, step.ref) for step in added[:SHOWN]]
    if now - count > SHOWN:
        lines.append(Side(f"and {now - count - SHOWN} more"))
    total = Change("Steps", [Side(str(count))], [Side(str(now)), *lines])
    return [total, *_ended_otherwise(then, {step.ref: step for step in steps})]


def _ended_otherwise(then: dict[str, Any], steps: dict[str, Step]) -> list[Change]:
    known = [(was, steps[was["ref"]]) for was in then.get("steps") or [] if was.get("ref") in steps]
    return [
        Change(
            cut(one_line(step.text), NAME),
            [Side(str(Step.Outcome(was["outcome"]).label), was["outcome"])],
            [Side(step.ended, step.outcome)],
            ref=step.ref,
        )
        for was, step in known
        if was.get("outcome") in Step.Outcome.values
    ]


def _branches(then: dict[str, Any], branches: list[Branch]) -> list[Change]:
    """Branches whose status or name has changed, and new ones. A snapshot without branches had the root alone."""
    was = {row.get("id"): row for row in then.get("branch_map") or []}
    new = [branch for branch in branches if branch.pk not in was] if was else branches[1:]
    stand = [_stands(was[branch.pk], branch) for branch in branches if branch.pk in was]
    lines = [Side(f"{branch.label}: {branch.standing}", branch.status) for branch in new]
    return [*stand, Change("Branches", [Side(str(len(was) or 1))], [Side(str(len(branches) or 1)), *lines])]


def _stands(was: dict[str, Any], branch: Branch) -> Change:
    status = str(was["status"] if was.get("status") in Branch.Status.values else branch.status)
    label = str(was.get("label") or branch.label)
    before = Side(_standing(label, Branch.Status(status).label.lower(), branch), status)
    if (label, status) == (branch.label, branch.status):
        return Change(branch.label, [before], [before])  # only how people call it has changed
    why = f": {cut(one_line(branch.status_reason), NAME)}" if branch.status_reason else ""
    return Change(branch.label, [before], [Side(branch.standing + why, branch.status)])


def _standing(label: str, status: str, branch: Branch) -> str:
    return status if label == branch.label else f"{label}: {status}"
