"""What the AI proposes for the fields of a form: what the model is asked, and what is kept of its answer.

A press makes a line the words of who sends the form, so that nothing is kept that would need a warning beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from handoffs.brief import FOUND, brief_for
from handoffs.prompt.asking import ask
from handoffs.prompt.checking import CLAIM, LINE, checked_claims
from handoffs.prompt.record import read_record
from handoffs.tried import Ledger
from handoffs.unseen import Record
from resolutionflow.core.redaction import counted
from resolutionflow.core.text import SHORT, one_line, visible, without_invisible
from sessions_app.models import AiCall, Session, that_worked

VERSION = "proposals-1"
MOST = 2  # lines of a field
FIELDS = {
    "escalation": dict.fromkeys(FOUND, SHORT),
    "resolution": {"resolution": LINE, "root_cause": LINE},
}  # by kind: the form's fields that lines are proposed for, and how many characters one may have
_EACH = """\
For each at most two lines, the best first, as whoever sends the form would write them: one short sentence each, in \
the record's own words. Each stands alone, without ids in its text. A line without evidence is not used, nor is one \
that guesses. Where the record says nothing of a field, its list is empty."""
TASKS = {
    "escalation": f"""\
Propose what a technician who escalates this session writes beside their note, at most {SHORT} characters a line. \
affected: who and how many, and what they cannot do. suspect: the likeliest cause so far. next_step: what to try \
next. watch_out: what must not be done, what is temporary, deadlines. contact: who at the client, how and when to \
reach them. {_EACH}""",
    "resolution": f"""\
Propose what a technician who resolves this session writes, at most {LINE} characters a line. resolution: what fixed \
it, only where the record says that it did. root_cause: why it broke. {_EACH}""",
}
_MARKUP = re.compile(r"</?[a-z!][^>]*>?", re.I)
_NUMBER = re.compile(r"(?<![\w.,:])\d+(?:[.,:]\d+)*")
_LEFT_OUT = "[REDACTED:"


def ask_for_proposals(session: Session, kind: str) -> dict[str, Any]:
    """Ask the model for lines of the fields of this kind; the fields of Proposals to store.

    Raises GiveUp or Later. Outside any transaction.
    """
    seen = {"steps_seen": session.step_count, "messages_seen": session.message_count}
    read = read_record(session)
    purpose, task = AiCall.Purpose.PROPOSALS, TASKS[kind]
    answer = ask(session, read.content, purpose=purpose, version=VERSION, task=task, schema=_schema(kind))
    ledger = Ledger(session.steps.all(), device=session.asset_name)
    lines = checked_answer(
        answer.data, kind, ids=read.ids, source=read.content, ledger=ledger, found=_found_without_ai(session, kind)
    )
    return {"lines": lines, **seen, "redacted": counted(read.content), "call": answer.call}


def _schema(kind: str) -> dict[str, Any]:
    names = list(FIELDS[kind])
    fields = {name: {"type": "array", "items": CLAIM} for name in names}
    return {"type": "object", "additionalProperties": False, "properties": fields, "required": names}


def _found_without_ai(session: Session, kind: str) -> dict[str, list[str]]:
    """By field, what the form offers already."""
    if kind == "escalation":
        brief = brief_for(session)
        return {name: [line.text for line in brief.known(name)] for name in FOUND}
    fixed = that_worked(list(session.steps.defer("free_text", "options").order_by("-order")), session.active_branch_id)
    return {"resolution": [fixed.text] if fixed else []}


def checked_answer(
    data: dict[str, Any],
    kind: str,
    *,
    ids: frozenset[str],
    source: str,
    ledger: Ledger[Any],
    found: Mapping[str, Sequence[str]],
) -> list[dict[str, Any]]:
    """The lines that are kept, as `{field, text, evidence}`, best first within a field. Dropped are those that are
    unproven, name what is not in the record, hide something, are too long, say what was `found` without AI or, of next
    steps, what the ledger has."""
    record, lines = Record(source), []
    for name, limit in FIELDS[kind].items():
        known = [_letters(text) for text in found.get(name, ())]
        kept = []
        for claim in checked_claims(list(_fitting(data.get(name), limit, record)), ids, record):
            text = one_line(claim["text"])
            letters = _letters(text)
            if claim.get("unseen") or not claim["evidence"] or _LEFT_OUT in text:
                continue
            if not letters or any(letters in one for one in known):
                continue
            if name == "next_step" and ledger.step_for(text):
                continue
            known.append(letters)
            kept.append({"field": name, "text": text, "evidence": claim["evidence"]})
        lines += kept[:MOST]
    return lines


def _fitting(value: Any, limit: int, record: Record) -> Iterator[Any]:
    """Of these claims those whose text fits its field and is what it looks like: without characters nobody sees, and
    without markup and numbers that nobody wrote."""
    for claim in value if isinstance(value, list) else []:
        text = claim.get("text") if isinstance(claim, dict) else None
        if not isinstance(text, str) or len(one_line(text)) > limit or without_invisible(visible(text)) != text:
            continue
        if all(record.holds(part[0]) for pattern in (_MARKUP, _NUMBER) for part in pattern.finditer(text)):
            yield claim


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
