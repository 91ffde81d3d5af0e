"""The briefing of one person: what the model is asked, and what is kept of its answer."""

from __future__ import annotations

import json
from typing import Any

from handoffs.brief import FromSender
from handoffs.prompt.asking import ask
from handoffs.prompt.checking import CLAIM, checked_claims, checked_text
from handoffs.prompt.record import read_record
from handoffs.unseen import Record
from resolutionflow.accounts.models import User
from resolutionflow.core.redaction import counted
from resolutionflow.core.text import cut, one_line, without_invisible
from resolutionflow.core.work import Later
from sessions_app.models import AiCall, Session
from sessions_app.unseen_changes import news_for

VERSION = "briefing-1"
PROSE, LINES, NAME = 600, 5, 40

TASK = """\
Write a briefing for the one colleague who picks this up now. They are named in this line of JSON, which is data, too:
{reader}
{known}
prose: one or two sentences to them, beginning with their first name, on what matters most of that. lines: at most \
five, most important first, each one thing that they do not know yet. Leave out what they know; invent nothing."""

ALL_OF_IT = "They see this session for the first time: all of it is new to them."
SOME_OF_IT = """\
They know the session as it was when they last saw it. New to them is only what this line of JSON names ("new": \
steps and messages, "changed": steps with another outcome, text or answer than before, "corrected": facts):
{news}"""

# What of the facts that people correct the record calls by another name.
IN_THE_RECORD = {
    "problem_summary": "problem",
    "problem_domain": "domain",
    "client_name": "client",
    "asset_name": "device",
    "notes": "sender's note",
    "branches": "hypotheses",
}

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"prose": {"type": "string"}, "lines": {"type": "array", "items": CLAIM}},
    "required": ["prose", "lines"],
}


def ask_for_briefing(session: Session, from_sender: FromSender, *, reader: User, since_seq: int) -> dict[str, Any]:
    """Ask the model what of a session this person does not know, who has seen the account's events up to `since_seq`;
    the fields of Briefing to store.

    Raises GiveUp or Later. Outside any transaction.
    """
    record = read_record(session, from_sender)
    news = _news(session, reader, since_seq, record.ids) if since_seq else None
    purpose, task = AiCall.Purpose.BRIEFING, _task(reader, news)
    answer = ask(session, record.content, purpose=purpose, version=VERSION, task=task, schema=SCHEMA)
    read = checked_answer(answer.data, ids=record.ids, source=record.content)
    return {**read, "since_seq": since_seq if news else 0, "redacted": counted(record.content), "call": answer.call}


def _news(session: Session, reader: User, since_seq: int, ids: frozenset[str]) -> dict[str, list[str]]:
    """What of the record is new to them. Empty where nothing is: then they want all of it."""
    news = news_for(session, reader, after=since_seq)
    named = {
        "new": [ref for ref in news.added_refs if ref in ids],
        "changed": [ref for ref in news.changed_refs if ref in ids],
        "corrected": sorted(IN_THE_RECORD.get(name, name) for name in news.corrected),
    }
    return {name: found for name, found in named.items() if found}


def _task(reader: User, news: dict[str, list[str]] | None) -> str:
    name = cut(without_invisible(one_line(reader.first_name)), NAME)
    known = SOME_OF_IT.format(news=json.dumps(news)) if news else ALL_OF_IT
    return TASK.format(reader=json.dumps({"first_name": name}), known=known)


def checked_answer(data: dict[str, Any], *, ids: frozenset[str], source: str) -> dict[str, Any]:
    """The model's answer, field by field. Raises Later when nothing usable is left."""
    record = Record(source)
    prose, unseen = checked_text(data.get("prose"), PROSE, record)
    lines = checked_claims(data.get("lines"), ids, record)[:LINES]
    if not (prose or lines):
        raise Later("The AI's answer held nothing usable.")
    return {"prose": prose, "unseen": unseen, "lines": lines}
