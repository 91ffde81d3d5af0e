"""The text of a ticket note: recorded facts first; what the AI wrote comes last, marked as such.

Its words are in templates/events/<kind>/note.txt. Every line is a sentence, because some ticket systems show line ends
as spaces.
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
from resolutionflow.accounts.models import Event
from resolutionflow.core.redaction import redact
from resolutionflow.core.text import clean, cut, one_line, without_invisible
from resolutionflow.core.work import GiveUp
from sessions_app.models import Session, Step, count_outcomes

if TYPE_CHECKING:
    from notifications.models import Delivery

STEPS, TO_DO, FILES = 40, 10, 50  # the newest; the link leads to the others
STEP, REASON = 300, 6_000  # characters


def note_body(delivery: Delivery) -> str:
    """The text that this delivery posts, as it leaves."""
    if delivery.body:
        return outgoing_text(delivery.body)
    if delivery.event is None or delivery.session is None:
        raise GiveUp("There is nothing to write about.")
    return _render(delivery.event.kind, delivery.session, delivery.handoff, delivery.event)


def note_preview(handoff: Handoff) -> str:
    """The text of this handoff's note as it would be now."""
    return _render("handoff.escalated", handoff.session, handoff, None)


def outgoing_text(text: str) -> str:
    """`text` without secrets and invisible characters."""
    return redact(without_invisible(clean(text)))


def _render(kind: str, session: Session, handoff: Handoff | None, event: Event | None) -> str:
    template = get_template(f"events/{kind.replace('.', '_')}/note.txt").template  # type: ignore[attr-defined]
    text = template.render(Context(_context(session, handoff, event), autoescape=False))
    return outgoing_text(re.sub(r"\n{3,}", "\n\n", text))


def _context(session: Session, handoff: Handoff | None, event: Event | None) -> dict[str, Any]:
    known = handoff.brief() if handoff else brief_for(session)
    return {
        "session": session,
        "handoff": handoff,
        "facts": {name: _cut_note(value) for name, value in event.facts.items()} if event else {},
        "actor": event.actor if event else handoff.sender if handoff else None,
        "reason": cut(handoff.notes, REASON) if handoff else "",
        "brief": known,
        "outcomes": _in_words(counted := count_outcomes(session.steps.all())),
        "tried": (tried := _tried(known)),
        "to_do": (to_do := [NoteLine(step.ref, "to do", _step(step), "") for step in known.to_do[:TO_DO]]),
        "older": sum(counted.values()) - counted[Step.Outcome.SKIPPED] - len(to_do) - len(tried),
        "files": cut(", ".join(session.files.kept().values_list("name", flat=True)[:FILES]), REASON),
        "lines": [f"{row.label}: {_as_sentence(row)}" for row in known.rows],
        "reading": _summary_part(handoff),
        "link": f"{settings.SITE_URL}{(handoff or session).get_absolute_url()}",
    }


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
    if handoff is None or handoff.summary_state != "ready":
        return ""
    return re.sub(r"\bhttp(s?://)", r"hxxp\1", handoff.summary.as_text(), flags=re.I)


def _cut_note(value: Any) -> Any:
    return cut(value, REASON) if isinstance(value, str) else value
