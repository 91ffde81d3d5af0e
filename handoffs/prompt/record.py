"""What the model reads of a session: the record, redacted, as lines of JSON between markers with a random word.

What technicians and customers wrote is data, never instructions.
"""

from __future__ import annotations

import json
import re
import secrets
from typing import Any

from resolutionflow.core.redaction import redact_all
from resolutionflow.core.text import without_invisible
from sessions_app.models import Message, Session, Step

BUDGET = 60_000  # characters of steps and messages: about 17,000 tokens
ITEM = 3_000  # characters of one step or message
NEWEST_MESSAGES = 40


def user_turn(session: Session, *, note: str) -> tuple[str, set[str]]:
    """What the model reads, redacted and within BUDGET, and the ids of steps and messages in it."""
    items, left = [_facts(session, note)], BUDGET
    for item in _record(session):
        left -= min(len(item["text"]), ITEM) + min(len(item.get("answer", "")), ITEM)
        if left < 0:
            items.append({"note": "older steps and messages left out"})
            break
        items.append(item)
    items = _redacted(items)
    fence = f"RECORD-{secrets.token_hex(8)}"
    lines = "\n".join(map(_as_line, items))
    return f"{fence}\n{lines}\n{fence}", {item["id"] for item in items if "id" in item}


_LINE_ENDS = re.compile("[\u0085\u2028\u2029]")  # as str.splitlines() has them beside those that JSON escapes


def _as_line(item: dict[str, Any]) -> str:
    """The item as one line of JSON: without characters only a model would read, and none that may end a line."""
    written = without_invisible(json.dumps(item, ensure_ascii=False))
    return _LINE_ENDS.sub(lambda end: f"\\u{ord(end[0]):04x}", written)


def _facts(session: Session, note: str) -> dict[str, Any]:
    branches = [
        f"{b.label} ({b.status}{': ' + b.status_reason if b.status_reason else ''})" for b in session.branches.all()
    ]
    facts = {
        "problem": session.problem_summary,
        "domain": session.problem_domain,
        "client": session.client_name,
        "device": session.asset_name,
        "sender's note": note,
        "first report": session.log,
        "hypotheses": "; ".join(branches) if len(branches) > 1 else "",
    }
    return {name: text for name, text in facts.items() if text}


def _record(session: Session) -> list[dict[str, Any]]:
    """Steps and messages, newest first, because what was tried last matters most."""
    steps = session.steps.select_related("author", "branch").order_by("-order")[:200]
    messages = session.messages.select_related("author").exclude(role="system").order_by("-order")[:NEWEST_MESSAGES]
    both: list[Step | Message] = sorted([*steps, *messages], key=lambda item: item.created_at, reverse=True)
    return [_step(item) if isinstance(item, Step) else _message(item) for item in both]


def _step(step: Step) -> dict[str, Any]:
    answer = step.selected_option or step.output
    return {
        "id": step.ref,
        "kind": step.kind,
        "outcome": step.outcome,
        **({"temporary": True} if step.temporary else {}),
        "text": step.text,
        **({"answer": answer} if answer else {}),
    }


def _message(message: Message) -> dict[str, Any]:
    return {"id": message.ref, "kind": "message", "from": message.role, "text": message.content}


def _redacted(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The items without secrets, all in one, so that a password has one number in the record; and long ones cut. Not
    before: half a secret, or one without the word before it, would not be known for one."""
    told = [(item, name) for item in items for name, text in item.items() if isinstance(text, str)]
    texts = redact_all([without_invisible(item[name]) for item, name in told])
    for (item, name), text in zip(told, texts, strict=True):
        item[name] = _cut(text)
    return items


def _cut(text: str) -> str:
    if len(text) <= ITEM:
        return text
    half = ITEM // 2
    return f"{text[:half]}[… {len(text) - ITEM} characters cut …]{text[-half:]}"
