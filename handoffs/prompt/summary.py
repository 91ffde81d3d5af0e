"""The AI summary of a handoff: what the model is asked, and what is kept of its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handoffs.brief import FromSender
from handoffs.prompt.asking import ask
from handoffs.prompt.checking import CLAIM, PROSE, checked_claims, checked_text
from handoffs.prompt.record import read_record
from handoffs.tried import Ledger
from handoffs.unseen import Record
from resolutionflow.core.redaction import counted
from resolutionflow.core.work import Later
from sessions_app.models import AiCall, Session

if TYPE_CHECKING:
    from sessions_app.ai import ModelAnswer

VERSION = "summary-3"
TASK = """\
Write the summary a colleague reads before taking over. summary_prose: two or three sentences. what_we_know: \
confirmed facts. likely_cause: one sentence. suggested_steps: what to do next, most useful first. confidence: how sure \
you are of the likely cause."""

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
    """Ask the model about a session and what it was escalated with; the fields of SummaryVersion to store.

    Raises GiveUp or Later. Outside any transaction.
    """
    seen = {"steps_seen": session.step_count, "messages_seen": session.message_count}
    read = read_record(session, from_sender)
    answer = ask_about(session, read.content)
    ledger = Ledger(session.steps.all(), device=session.asset_name)
    fields = checked_answer(answer.data, ids=read.ids, source=read.content, ledger=ledger)
    told = {"redacted": counted(read.content), "what_was_read": read.left_out.in_words}
    return {**fields, **seen, **told, "call": answer.call}


def ask_about(session: Session, record: str) -> ModelAnswer:
    """The model's answer, as it came. Raises GiveUp or Later."""
    return ask(session, record, purpose=AiCall.Purpose.SUMMARY, version=VERSION, task=TASK, schema=SCHEMA)


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
