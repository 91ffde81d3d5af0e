"""The reason given when a session was last passed on: what the next person must read."""

from __future__ import annotations

from collections.abc import Sequence

from resolutionflow.accounts.models import Event

PASSED_ON = ("handoff.released", "handoff.expired", "handoff.transferred", "handoff.taken_over")
CAME_BACK = ("handoff.returned", "handoff.withdrawn", "session.reopened")
TELLS_WITHOUT_REASON = "handoff.transferred"  # whose hands it came through


def newest_reason(events: Sequence[Event], handoff_id: int | None) -> Event | None:
    """The event, of `events` (newest first), that last passed this handoff on; without a handoff, the return to its
    present assignee."""
    if handoff_id:
        passed = [event for event in events if event.handoff_id == handoff_id and event.kind in PASSED_ON]
        said = (event for event in passed if event.facts.get("reason") or event.kind == TELLS_WITHOUT_REASON)
        return next(said, None)
    last = next((event for event in events if event.kind in (*CAME_BACK, "session.resumed")), None)
    return last if last and last.facts.get("reason") else None
