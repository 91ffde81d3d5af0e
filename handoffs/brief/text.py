"""The brief as plain text, as a person would paste it into a chat: for copying, mails and the conversation."""

from __future__ import annotations

from collections.abc import Iterator

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


def brief_as_text(brief: Brief) -> str:
    """The note, the lines, what was tried and said."""
    parts = [_note(brief), _lines(brief), _tried(brief), _to_do(brief), _said(brief)]
    return "\n\n".join(part for part in parts if part)


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


def _note(brief: Brief) -> str:
    return f"Note from {brief.sender}: {brief.note}" if brief.note and brief.sender else brief.note


def _lines(brief: Brief) -> str:
    return "\n".join(f"{row.label}: {'; '.join(map(_line, row.lines))}" for row in brief.rows)


def _line(line: Line) -> str:
    return f"{line.text}{source_in_words(line)}"


def source_in_words(line: Line) -> str:
    """Where the line stands, to follow it; empty for what the sender or the session's facts say."""
    return "" if line.source in ("sender", "session") else f" ({IN_WORDS.get(line.source, line.source)})"


def _tried(brief: Brief) -> str:
    shown = [_branch(tried, several=len(brief.tried) > 1) for tried in brief.tried]
    lines = [line for lines in shown for line in lines][:STEPS]
    return "\n".join(["Tried, newest first:", *lines]) if lines else "Nothing was tried yet."


def _branch(tried: Tried, *, several: bool) -> Iterator[str]:
    on = f" [{tried.branch.label}, {tried.branch.standing}]" if several and tried.branch else ""
    for step in tried.steps:
        yield f"- {step.ended}: {_step(step)} ({step.ref}){on}"


def _step(step: Step) -> str:
    """What was done and what came of it: of a long output the line that tells most."""
    came = one_line(" ".join(text for text in (step.answer, opening_line(step.shown)) if text))
    text = cut(one_line(step.text).rstrip("."), STEP)
    return (f"{text}: {cut(came, STEP)}" if came else text) + _files(step)


def _files(entry: Step | Message) -> str:
    """The names of its pictures and files, in brackets."""
    names = ", ".join(file.name for file in entry.kept_files)
    return f" [{cut(names, STEP)}]" if names else ""


def _to_do(brief: Brief) -> str:
    lines = [f"- {cut(one_line(step.text), STEP)} ({step.ref})" for step in brief.to_do[:STEPS]]
    return "\n".join(["To do:", *lines]) if lines else ""


def _said(brief: Brief) -> str:
    lines = [
        f"- {_who(message)}: {cut(one_line(message.shown), MESSAGE)}{_files(message)} ({message.ref})"
        for message in brief.said[:SAID]
    ]
    return "\n".join(["Said, newest first:", *lines]) if lines else ""


def _who(message: Message) -> str:
    return message.author.name if message.author else str(message.get_role_display())
