"""What is kept of a model's answer, line by line: ids it invented, links nobody wrote and invisible characters are
taken out; what else it names that is not in the record is kept beside the line, for its readers (handoffs/unseen.py).
"""

from __future__ import annotations

from typing import Any

from handoffs.unseen import LINK, Record
from resolutionflow.core.redaction import redact
from resolutionflow.core.text import clean, cut, without_invisible

PROSE, LINE, LINES = 1_500, 400, 8  # what is kept of an answer

CLAIM = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"text": {"type": "string"}, "evidence": {"type": "array", "items": {"type": "string"}}},
    "required": ["text", "evidence"],
}  # of a JSON schema: a line, and the steps and messages it rests on


def checked_claims(value: Any, ids: frozenset[str], record: Record) -> list[dict[str, Any]]:
    """The lines of `value` as `{text, evidence}`, and `unseen` where one names what is not in the record."""
    claims = []
    for item in value[:LINES] if isinstance(value, list) else []:
        text, unseen = checked_text(item.get("text"), LINE, record) if isinstance(item, dict) else ("", [])
        if not text:
            continue
        evidence = item.get("evidence")
        named = [i for i in evidence if isinstance(i, str) and i in ids] if isinstance(evidence, list) else []
        also = {"unseen": unseen} if unseen else {}
        claims.append({"text": text, "evidence": list(dict.fromkeys(named)), **also})
    return claims


def checked_text(value: Any, length: int, record: Record) -> tuple[str, list[str]]:
    """`value` as text without invisible characters, and without links and addresses that are not in the record; and
    what else it names that is not."""
    if not isinstance(value, str):
        return "", []
    said = cut(redact(without_invisible(clean(value[: 4 * length]))), length)
    kept = LINK.sub(lambda link: link[0] if record.holds(link[0].rstrip(".,;:!?")) else "[link removed]", said)
    return cut(kept, length), record.unseen(said)
