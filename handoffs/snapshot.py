"""The snapshot: the facts at the moment of a handoff, frozen, made without AI."""

from __future__ import annotations

from typing import Any

from handoffs.brief import FOUND
from resolutionflow.core import clock
from resolutionflow.core.text import cut
from sessions_app.models import Branch, Session, Step

LAST_STEPS = 20
STEP_LENGTH = 500  # characters of a step's text and answer


def snapshot_of(session: Session) -> dict[str, Any]:
    """The session as it stands, as plain JSON; taken before the verb changes its status."""
    newest = session.steps.select_related("author").order_by("-order")[:LAST_STEPS]
    return snapshot_from(session, steps=list(reversed(newest)), branches=list(session.branches.order_by("order")))


def snapshot_from(session: Session, *, steps: list[Step], branches: list[Branch]) -> dict[str, Any]:
    """The snapshot of this session with the newest LAST_STEPS of `steps`, oldest first, and the branches where there
    are any."""
    snapshot: dict[str, Any] = {
        "problem_summary": session.problem_summary,
        "problem_domain": session.problem_domain,
        "status": session.status,
        "step_count": session.step_count,
        "confidence_tier": session.confidence_tier,
        "client_name": session.client_name or None,
        "asset_name": session.asset_name or None,
        "psa_ticket_id": session.psa_ticket_id or None,
        **dict.fromkeys(FOUND),  # as the sender confirms them
        "contact": session.contact or None,
        "steps": [_step(step) for step in steps[-LAST_STEPS:]],
    }
    if len(branches) > 1:
        snapshot["branch_map"] = [
            {
                "id": branch.pk,
                "label": branch.label,
                "status": branch.status,
                "status_reason": branch.status_reason or None,
                "parent": branch.parent_id,
            }
            for branch in branches
        ]
        snapshot["active_branch_id"] = session.active_branch_id
    return snapshot


def _step(step: Step) -> dict[str, Any]:
    return {
        "ref": step.ref,
        "kind": step.kind,
        "text": cut(step.text, STEP_LENGTH),
        "answer": cut(step.selected_option or step.output, STEP_LENGTH) or None,
        "outcome": step.outcome,
        "branch": step.branch_id,
        "author": step.author.name if step.author else None,
        "at": clock.iso(step.created_at),
    }
