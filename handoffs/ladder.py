"""When the ladder of an escalation calls whom: counted from when the card was last opened to be claimed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from resolutionflow.accounts.models import LadderStep, Priority, Whom, words_of
from resolutionflow.core.text import LINE, cut

if TYPE_CHECKING:
    from handoffs.models.fields import HandoffFields


class Due(NamedTuple):
    """A step, and when it is due."""

    at: datetime
    step: LadderStep


def steps_left(handoff: HandoffFields) -> list[Due]:
    """Those of its priority's steps that are not taken, in the order of time."""
    account, since, until = handoff.account, handoff.open_since, handoff.ladder_until
    steps = account.ladder.get(Priority(handoff.priority).word, [])
    if handoff.target_user_id is None and handoff.target_team_id is None:
        steps = [step for step in steps if step["whom"] != Whom.TARGET]
    due = [
        Due(
            account.working_time(since, step["minutes"])
            if step["working_time"]
            else since + timedelta(minutes=step["minutes"]),
            step,
        )
        for step in steps
    ]
    return sorted((one for one in due if until is None or one.at > until), key=lambda one: one.at)


def planned(handoff: HandoffFields) -> dict[str, Any]:
    """The columns of its next step: none while it is held, and after the last one; of what came with an import, whose
    sender has no email, and of a park. Steps of one moment are named together."""
    calls = handoff.intent == "escalate" and handoff.ladder_held_at is None and handoff.sender.email is not None
    left = steps_left(handoff) if calls else []
    if not left:
        return {"ladder_at": None, "ladder_to": ""}
    together = dict.fromkeys(words_of(one.step) for one in left if one.at == left[0].at)
    return {"ladder_at": left[0].at, "ladder_to": cut(", ".join(together), LINE)}
