"""The text of a ticket note: recorded facts first; what the AI wrote comes last, marked as such.

Its words are in templates/events/<kind>/note.txt, and templates/notifications/standing.txt where nothing has happened.
Every line is a sentence, because some ticket systems show line ends as spaces.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template

from handoffs.brief import Brief, Row, brief_for
from handoffs.brief.text import source_in_words
from handoffs.models import Handoff
from resolutionflow.accounts.models import Event, User
from resolutionflow.core.redaction import redact
from resolutionflow.core.refusals import WrongState
from resolutionflow.core.text import as_sentences, clean, cut, one_line, without_invisible
from resolutionflow.core.work import GiveUp
from sessions_app.models import PsaConnection, Session, Step, author_of, count_outcomes

if TYPE_CHECKING:
    from notifications.models import Delivery

STEPS, TO_DO, FILES = 40, 10, 50  # the newest; the link leads to the others
STEP, REASON = 300, 6_000  # characters
LONGEST = 60_000  # characters that somebody may post: more than any text of ours has
OF_THE_FIXED = ("affected", "last_error", "watch_out")  # lines of the brief that still say something once it is solved
NOT_WRITTEN = "(what you write)"


def note_body(delivery: Delivery) -> str:
    """The text that this delivery posts, as it leaves."""
    if delivery.body:
        return outgoing_text(delivery.body)
    if delivery.event is None or delivery.session is None:
        raise GiveUp("There is nothing to write about.")
    return _render(delivery.event.kind, delivery.session, delivery.handoff, delivery.event)


def note_preview(about: Handoff | Session) -> str:
    """What a note would say now: of an escalation, what it says; of a session, what fixed it, or where it stands."""
    if isinstance(about, Handoff):
        if about.intent == Handoff.Intent.ESCALATE:
            return _render("handoff.escalated", about.session, about, None)
        about = about.session
    resolved = Event.objects.filter(session_id=about.pk, kind="session.resolved").select_related("actor").last()
    if about.status == Session.Status.RESOLVED and resolved is not None:
        handoff = Handoff.objects.filter(session=about, pk=resolved.handoff_id or 0).first()
        return _render("session.resolved", about, handoff, resolved)
    return _render("", about, None, None)


def coming_note(kind: str, session: Session, user: User) -> str:
    """The note of an escalation or resolution that this person is about to write, with NOT_WRITTEN for their words."""
    if kind == "handoff.escalated":
        handoff = Handoff(account_id=session.account_id, session=session, sender=user, notes=NOT_WRITTEN)
        return _render(kind, session, handoff, None)
    left = [step.as_fact for step in session.temporary_steps]
    facts = {"resolution": NOT_WRITTEN, "still_temporary": left}
    return _render(kind, session, None, Event(kind=kind, actor=user, facts=facts))


def what_was_done(session: Session, user: User) -> str:
    """A text for a time entry, to be changed: the problem, and what solved it, or else what this person tried last."""
    problem = as_sentences(cut(one_line(session.problem_summary), STEP))
    if session.status == Session.Status.RESOLVED:
        return outgoing_text(f"{problem}\nSolved: {as_sentences(cut(one_line(session.resolution), STEP))}")
    tried = session.steps.filter(author=user).exclude(outcome__in=(Step.Outcome.PENDING, Step.Outcome.SKIPPED))
    done = "; ".join(one_line(text).rstrip(".") for text in tried.order_by("-order").values_list("text", flat=True)[:2])
    return outgoing_text(f"{problem}\nDone: {as_sentences(cut(done, 200))}" if done else problem)


def signed(text: str, connection: PsaConnection, user: User) -> str:
    """`text` as it leaves: without secrets, and with its author's name where it cannot be posted as theirs."""
    text, name = outgoing_text(text), signature(connection, user)
    if text.endswith(name):
        return text
    head, line_end, last = text.rpartition("\n")
    return f"{head}{line_end}{as_sentences(last)}\n{name}"


def signature(connection: PsaConnection, user: User) -> str:
    """The line that names this author; empty where the ticket system does."""
    return "" if author_of(connection, user) else f"Written by {one_line(user.name)}."


_SIGNED = re.compile(r"\nWritten by [^\n]+\.\Z")


def as_compared(text: str) -> str:
    """What it says, to be compared: without its signature, line ends, case and a last full stop."""
    return one_line(_SIGNED.sub("", text)).rstrip(".").casefold()


def may_say(delivery: Delivery, compared: str) -> bool:
    """Whether this delivery's text, as_compared(), could be `compared`: one that is not written yet would be with its
    link, which is told without the queries that writing it takes."""
    if delivery.body or delivery.event is None or delivery.session is None:
        return True
    link = _link(_linked(delivery.event.kind, delivery.session, delivery.handoff))
    return as_compared(outgoing_text(link)) in compared


def connection_for(session: Session, seen: str, what: str = "note") -> PsaConnection:
    """The ticket system that this goes to. WrongState where there is none, or where the ticket has changed since its
    author saw it: `seen`, the session's ticket_key then."""
    if not session.takes_notes or session.psa_connection is None:
        raise WrongState("This session has no ticket in a connected ticket system.")
    if seen and seen != session.ticket_key:
        raise WrongState(moved(session, what))
    return session.psa_connection


def moved(session: Session, what: str = "note") -> str:
    """What is said where a note or time entry was written for another ticket than the session has now."""
    now = f"#{session.psa_ticket_id.lstrip('#')} of {session.psa_connection}"
    asked = f"Does the {what} belong there?"
    return f"Not posted: the session's ticket was changed while this was written, to {now}. {asked}"


def outgoing_text(text: str) -> str:
    """`text` without secrets and invisible characters."""
    return redact(without_invisible(clean(text)))


def _render(kind: str, session: Session, handoff: Handoff | None, event: Event | None) -> str:
    name = f"events/{kind.replace('.', '_')}/note.txt" if kind else "notifications/standing.txt"
    template = get_template(name).template  # type: ignore[attr-defined]
    text = template.render(Context(_context(kind, session, handoff, event), autoescape=False))
    return outgoing_text(re.sub(r"\n{3,}", "\n\n", text))


def _context(kind: str, session: Session, handoff: Handoff | None, event: Event | None) -> dict[str, Any]:
    known = handoff.brief() if handoff and handoff.pk else brief_for(session)
    rows = [row for row in known.rows if kind != "session.resolved" or row.name in OF_THE_FIXED]
    return {
        "session": session,
        "handoff": handoff,
        "facts": {name: _cut_note(value) for name, value in event.facts.items()} if event else {},
        "actor": event.actor if event else handoff.sender if handoff else None,
        "reason": as_sentences(cut(handoff.notes, REASON)) if handoff else "",
        "brief": known,
        "outcomes": _in_words(counted := count_outcomes(session.steps.all())),
        "tried": (tried := _tried(known)),
        "to_do": (to_do := [NoteLine(step.ref, "to do", _step(step), "") for step in known.to_do[:TO_DO]]),
        "older": sum(counted.values()) - counted[Step.Outcome.SKIPPED] - len(to_do) - len(tried),
        "files": cut(", ".join(session.files.kept().values_list("name", flat=True)[:FILES]), REASON),
        "lines": [f"{row.label}: {_as_sentence(row)}" for row in rows],
        "reading": as_sentences(_summary_part(handoff)),
        "link": _link(_linked(kind, session, handoff)),
    }


def _linked(kind: str, session: Session, handoff: Handoff | None) -> Handoff | Session:
    return handoff if handoff and kind == "handoff.escalated" else session


def _link(about: Handoff | Session) -> str:
    return f"{settings.SITE_URL}{about.get_absolute_url() if about.pk else '/handoffs/…/'}"


@dataclass(frozen=True)
class NoteLine:
    """One step in one line, with its branch where there are several."""

    ref: str
    outcome: str
    text: str
    branch: str


def _in_words(counted: Counter[str]) -> str:
    """How many steps ended how: "3 failed, 1 ruled out"."""
    return ", ".join(f"{count} {Step.Outcome(name).label.lower()}" for name, count in counted.items())


def _as_sentence(row: Row) -> str:
    """The lines of one kind with where they stand, as one sentence."""
    said = (f"{one_line(line.text).rstrip('.')}{source_in_words(line)}" for line in row.lines)
    return "; ".join(said) + "."


def _tried(known: Brief) -> list[NoteLine]:
    several = len(known.tried) > 1
    return [
        NoteLine(step.ref, step.ended.lower(), _step(step), str(tried.branch or "") if several else "")
        for tried in known.tried
        for step in tried.steps
    ][:STEPS]


def _step(step: Step) -> str:
    """What was done and the result, ending in a full stop."""
    answer = one_line(" ".join(text for text in (step.answer, step.shown) if text))
    text = cut(one_line(step.text), STEP).rstrip(".")
    return f"{text}: {cut(answer, STEP).rstrip('.')}." if answer else f"{text}."


def _summary_part(handoff: Handoff | None) -> str:
    """The AI's part, marked as such. Its links are made unusable, because nobody has checked them."""
    version = handoff.summary_version if handoff else None
    if version is None:
        return ""
    return re.sub(r"\bhttp(s?://)", r"hxxp\1", version.as_text(), flags=re.I)


def _cut_note(value: Any) -> Any:
    return as_sentences(cut(value, REASON)) if isinstance(value, str) else value
