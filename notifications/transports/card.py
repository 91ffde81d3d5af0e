"""Card: what a chat shows of an event: the same facts for each kind of chat, without secrets, and a link."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from handoffs.brief.text import source_in_words
from handoffs.models import Handoff
from notifications import wording
from resolutionflow.core.redaction import counted, in_words, redact_all
from resolutionflow.core.text import LINE, cut, one_line, without_invisible
from resolutionflow.core.work import GiveUp
from sessions_app.models import Session, Step

if TYPE_CHECKING:
    from notifications.models import ChannelTest, Delivery

FACT, TEXT = LINE, 2000  # characters, of which a reader of a chat needs no more: the link leads to the rest


@dataclass(frozen=True)
class Card:
    """`facts` are a line each, `texts` may have several; both with their labels. All of it is plain text."""

    title: str
    facts: list[tuple[str, str]]
    texts: list[tuple[str, str]]
    small: str  # why, and what was left out
    button: str
    link: str


def card_about(delivery: Delivery) -> Card:
    """What the delivery's event says, redacted as one document."""
    event, session, handoff = delivery.event, delivery.session, delivery.handoff
    if event is None:
        raise GiveUp("There is no event to write about.")
    title = wording.event_title(event, session, handoff)
    facts = list(_facts(session, handoff))
    texts = list(_texts(event.facts.get("reason") or "", handoff))
    redacted = iter(redact_all([title, *(text for _label, text in facts), *(text for _label, text in texts)]))
    card = Card(
        title=_plain(next(redacted), FACT),
        facts=[(label, _plain(next(redacted), FACT)) for label, _text in facts],
        texts=[(label, cut(without_invisible(next(redacted)), TEXT)) for label, _text in texts],
        small="",
        button="Open the handoff" if handoff else "Open",
        link=settings.SITE_URL + wording.page_about(event, session, handoff),
    )
    all_of_it = "\n".join([card.title, *(text for _label, text in (*card.facts, *card.texts))])
    small = f"You get this because {delivery.why}. {in_words(counted(all_of_it))}".strip()
    return replace(card, small=small)


def card_of_test(test: ChannelTest) -> Card:
    by = test.asked_by.name if test.asked_by else "An administrator"
    return Card(
        title="Test from ResolutionFlow",
        facts=[("Channel", _plain(test.channel.name, FACT)), ("Sent by", _plain(by, FACT))],
        texts=[],
        small="Escalations that are sent to everyone will appear here.",
        button="Open the settings",
        link=settings.SITE_URL + reverse("settings_channels"),
    )


def _facts(session: Session | None, handoff: Handoff | None) -> Iterator[tuple[str, str]]:
    if session is not None:
        yield "Problem", session.problem_summary
        if session.client_name:
            yield "Client", session.client_name
        if session.psa_ticket_id:
            yield "Ticket", f"#{session.psa_ticket_id.lstrip('#')}"
    if handoff is not None:
        yield "Priority", str(handoff.get_priority_display())
        yield "Escalated by", handoff.sender.name
        yield "Tried", _tried(handoff)


def _tried(handoff: Handoff) -> str:
    to_do = handoff.attempts[Step.Outcome.PENDING]
    counts = [handoff.marks_in_words, f"{to_do} to do" if to_do else ""]
    return ", ".join(filter(None, counts)) or "nothing yet"


def _texts(reason: str, handoff: Handoff | None) -> Iterator[tuple[str, str]]:
    """Why it came back, why it waits, and the last error."""
    if handoff is None:
        return
    if reason and reason != handoff.notes:
        yield "Reason", reason
    if handoff.notes:
        yield "Why it waits", handoff.notes
    for row in handoff.brief().rows:
        if row.name == "last_error":
            yield row.label, "\n".join(f"{line.text}{source_in_words(line)}" for line in row.lines)


def _plain(text: str, length: int) -> str:
    return cut(one_line(without_invisible(text)), length)
