"""The brief as plain text, as a person would paste it into a chat: for copying, mails and the conversation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from django.conf import settings

from handoffs.brief.brief import Brief, Tried
from handoffs.brief.found_lines import Line
from resolutionflow.core.text import cut, one_line
from resolutionflow.web.templatetags import clock_time
from sessions_app.errors.lines import opening_line
from sessions_app.models import Message, Session, Step

STEPS, SAID = 12, 5  # the newest; the link leads to the others
STEP, MESSAGE = 200, 300  # characters
IN_WORDS = {"earlier": "earlier escalation"}


class Entry(NamedTuple):
    """One thing in a part: what it is (how a step ended, who said it, the kind of a line), its words, and where they
    stand in the record."""

    label: str
    text: str
    source: str = ""
    branch: str = ""


class Part(NamedTuple):
    """A part of the brief: `kind` is note, lines, tried, to_do or said. One without entries is a sentence."""

    kind: str
    heading: str
    entries: list[Entry]


def brief_in_parts(brief: Brief) -> list[Part]:
    """The note, the lines, what was tried, is to do and was said, without the parts that say nothing."""
    parts = [_note(brief), _lines(brief), _tried(brief), _to_do(brief), _said(brief)]
    return [part for part in parts if part.entries or part.kind == "tried"]


def brief_as_text(brief: Brief) -> str:
    """The brief in parts, as text."""
    return parts_as_text(brief_in_parts(brief))


def parts_as_text(parts: Iterable[Part]) -> str:
    """These parts of a brief, one below the other."""
    return "\n\n".join(map(_as_text, parts))


def _as_text(part: Part) -> str:
    match part.kind:
        case "note":
            said = part.entries[0].text
            return f"{part.heading}: {said}" if part.heading else said
        case "lines":
            rows = groupby(part.entries, key=lambda entry: entry.label)
            return "\n".join(f"{label}: {'; '.join(map(_with_source, entries))}" for label, entries in rows)
    return "\n".join([f"{part.heading}:", *map(_listed, part.entries)]) if part.entries else part.heading


def _with_source(entry: Entry) -> str:
    return f"{entry.text} ({entry.source})" if entry.source else entry.text


def _listed(entry: Entry) -> str:
    label = f"{entry.label}: " if entry.label else ""
    branch = f" [{entry.branch}]" if entry.branch else ""
    return f"- {label}{_with_source(entry)}{branch}"


def text_to_copy(brief: Brief, *, about: str, link: str) -> str:
    """The brief under its problem and facts, with `about` (its state, in words) and the address that leads to it."""
    session = brief.session
    head = [session.problem_summary, _facts(session, about), f"{settings.SITE_URL}{link}"]
    return "\n".join(line for line in head if line) + "\n\n" + brief_as_text(brief) + "\n"


def _facts(session: Session, about: str) -> str:
    ticket = f"#{session.psa_ticket_id.lstrip('#')}" if session.psa_ticket_id else ""
    due = f"due {clock_time(session.due_at)}" if session.due_at else ""
    facts = (session.client_name, session.asset_name, session.get_problem_domain_display(), ticket, due, about)
    return " · ".join(fact for fact in facts if fact)


def _note(brief: Brief) -> Part:
    heading = f"Note from {brief.sender}" if brief.sender else ""
    return Part("note", heading, [Entry("", brief.note)] if brief.note else [])


def _lines(brief: Brief) -> Part:
    lines = [Entry(row.label, line.text, _source(line)) for row in brief.rows for line in row.lines]
    return Part("lines", "", lines)


def _source(line: Line) -> str:
    """Where the line stands, to follow it; empty for what the sender or the session's facts say."""
    return "" if line.source in ("sender", "session") else IN_WORDS.get(line.source, line.source)


def source_in_words(line: Line) -> str:
    """Where the line stands, in brackets."""
    source = _source(line)
    return f" ({source})" if source else ""


def _tried(brief: Brief) -> Part:
    steps = [entry for tried in brief.tried for entry in _branch(tried, several=len(brief.tried) > 1)]
    return Part("tried", "Tried, newest first" if steps else "Nothing was tried yet.", steps[:STEPS])


def _branch(tried: Tried, *, several: bool) -> Iterator[Entry]:
    on = f"{tried.branch.label}, {tried.branch.standing}" if several and tried.branch else ""
    for step in tried.steps:
        yield Entry(step.ended, _step(step), step.ref, on)


def _step(step: Step) -> str:
    """What was done and what came of it: of a long output the line that tells most."""
    came = one_line(" ".join(text for text in (step.answer, opening_line(step.shown)) if text))
    text = cut(one_line(step.text).rstrip("."), STEP)
    return (f"{text}: {cut(came, STEP)}" if came else text) + _files(step)


def _files(entry: Step | Message) -> str:
    """The names of its pictures and files, in brackets."""
    names = ", ".join(file.name for file in entry.kept_files)
    return f" [{cut(names, STEP)}]" if names else ""


def _to_do(brief: Brief) -> Part:
    steps = [Entry("", cut(one_line(step.text), STEP), step.ref) for step in brief.to_do[:STEPS]]
    return Part("to_do", "To do", steps)


def _said(brief: Brief) -> Part:
    lines = [
        Entry(_who(message), f"{cut(one_line(message.shown), MESSAGE)}{_files(message)}", message.ref)
        for message in brief.said[:SAID]
    ]
    return Part("said", "Said, newest first", lines)


def _who(message: Message) -> str:
    return message.author.name if message.author else str(message.get_role_display())
