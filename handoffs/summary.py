"""The AI's reading of a handoff: prompt in, checked fields out. (The model call comes with the next slice.)"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handoffs import brief
from resolutionflow.work import GiveUp

if TYPE_CHECKING:
    from handoffs.models import Handoff


def analysis(handoff: Handoff) -> str:
    """What "Start from an analysis" writes into the conversation: the brief, until there is more."""
    return brief.as_text(handoff)


def read(handoff: Handoff) -> dict[str, Any]:
    raise GiveUp("There is no model to ask.")
