"""The AI summary of a handoff: what the model is asked, and what is kept of its answer."""

from __future__ import annotations

from typing import Any

from handoffs.brief import FromSender
from handoffs.prompt.checking import CLAIM, PROSE, checked_claims, checked_text
from handoffs.prompt.record import HOW_TO_READ, read_record
from handoffs.tried import Ledger
from handoffs.unseen import Record
from resolutionflow.core.redaction import counted
from resolutionflow.core.work import Later
from sessions_app.models import Session

QUESTION = """\
You write the handoff summary a senior support technician reads before taking over a troubleshooting session.
For every statement name the ids it rests on in "evidence"; use only ids that occur in the block. Do not suggest again \
what has failed or was ruled out. Where a temporary step matters, say that it has to be undone.
Write plain, short English. No links. summary_prose: two or three sentences. what_we_know: confirmed facts. \
likely_cause: one sentence. suggested_steps: what to do next, most useful first. \
confidence: how sure you are of the likely cause."""
SYSTEM = f"{HOW_TO_READ}\n{QUESTION}"

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "summary_prose": {"type": "string"},
        "what_we_know": {"type": "array", "items": CLAIM},
        "likely_cause": CLAIM,
        "suggested_steps": {"type": "array", "items": CLAIM},
        "confidence": {"enum": ["low", "medium", "high"]},
    },
    "required": ["summary_prose", "what_we_know", "likely_cause", "suggested_steps", "confidence"],
}


def ask_for_summary(session: Session, from_sender: FromSender) -> dict[str, Any]:
    """Ask the model about a session and what it was escalated with; the fields of Summary to store.

    Raises GiveUp or Later. Outside any transaction.
    """
    from sessions_app import ai  # here: the SDK takes a second and 66 MB, and only who asks needs it

    seen = session.step_count
    read = read_record(session, from_sender)
    answer = ai.ask(system=SYSTEM, content=read.content, schema=SCHEMA)
    ledger = Ledger(session.steps.all(), device=session.asset_name)
    fields = checked_answer(answer.data, ids=read.ids, source=read.content, ledger=ledger)
    model, request_id = answer.model[:100], answer.request_id[:100]
    return {**fields, "model": model, "request_id": request_id, "steps_seen": seen, "redacted": counted(read.content)}


def checked_answer(
    data: dict[str, Any], *, ids: frozenset[str], source: str, ledger: Ledger[Any] | None = None
) -> dict[str, Any]:
    """The model's answer, field by field; of suggested steps, which step of the ledger each says again. Raises Later
    when nothing usable is left."""
    record = Record(source)
    known = checked_claims(data.get("what_we_know"), ids, record)
    cause = checked_claims([data.get("likely_cause")], ids, record)
    steps = checked_claims(data.get("suggested_steps"), ids, record)
    prose, unseen = checked_text(data.get("summary_prose"), PROSE, record)
    if not (prose or known or steps):
        raise Later("The AI's answer held nothing usable.")
    confidence = data.get("confidence")
    return {
        "summary_prose": prose,
        "unseen": unseen,
        "what_we_know": known,
        "likely_cause": cause[0] if cause else {"text": "", "evidence": []},
        "suggested_steps": ledger.marked(steps) if ledger else steps,
        "confidence": confidence if confidence in ("low", "medium", "high") else "not_given",
    }
