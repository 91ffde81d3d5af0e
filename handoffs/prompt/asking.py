"""The one way to ask about a session: the same instructions and record whatever is asked, so that the provider's cache
may serve them; what is asked comes last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handoffs.prompt.record import HOW_TO_READ
from sessions_app.models import AiCall, Session

if TYPE_CHECKING:
    from sessions_app.ai import ModelAnswer

SYSTEM = f"""\
{HOW_TO_READ}
You help the senior support technician who takes over. For every statement name the ids it rests on in "evidence"; use \
only ids that occur in the block. Do not suggest again what has failed or was ruled out. Where a temporary step \
matters, say that it has to be undone. Write plain, short English. No links."""


def ask(
    session: Session, record: str, *, purpose: AiCall.Purpose, version: str, task: str, schema: dict[str, Any]
) -> ModelAnswer:
    """The model's answer about what it reads of the session. Raises GiveUp or Later."""
    from sessions_app import ai  # here: the SDK takes a second and 66 MB, and only who asks needs it

    question = ai.Question(session, purpose, version, system=SYSTEM, record=record, task=task, schema=schema)
    return ai.ask(question)
