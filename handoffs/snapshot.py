"""The snapshot: what was true at the moment of a handoff, frozen, made without AI."""

from __future__ import annotations

from typing import Any

from resolutionflow.text import cut
from sessions_app.models import Session, Step

LAST_STEPS = 20
STEP_LENGTH = 500  # characters of a step's text and answer


def take(session: Session) -> dict[str, Any]:
    """The session as it stands, as plain JSON; taken before the verb changes its status."""
    snapshot: dict[str, Any] = {
        "problem_summary": session.problem_summary,
        "problem_domain": session.problem_domain,
        "status": session.status,
        "step_count": session.step_count,
        "confidence_tier": session.confidence_tier,
        "client_name": session.client_name,
        "asset_name": session.asset_name,
        "psa_ticket_id": session.psa_ticket_id,
        "steps": [_step(step) for step in _last_steps(session)],
    }
    branches = list(session.branches.order_by("order"))
    if len(branches) > 1:
        snapshot["branch_map"] = [
            {
                "id": branch.pk,
                "label": branch.label,
                "status": branch.status,
                "status_reason": branch.status_reason,
                "parent": branch.parent_id,
            }
            for branch in branches
        ]
        snapshot["active_branch_id"] = session.active_branch_id
    return snapshot


def _last_steps(session: Session) -> list[Step]:
    newest = session.steps.select_related("author").order_by("-order")[:LAST_STEPS]
    return list(reversed(newest))


def _step(step: Step) -> dict[str, Any]:
    return {
        "ref": step.ref,
        "kind": step.kind,
        "text": cut(step.text, STEP_LENGTH),
        "answer": cut(step.selected_option or step.free_text, STEP_LENGTH),
        "outcome": step.outcome,
        "branch": step.branch_id,
        "author": step.author.name if step.author else None,
        "at": step.created_at.isoformat(),
    }
