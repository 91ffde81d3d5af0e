"""HTML fragments by which open pages show an event: rendered from the pages' own partials, the same for every viewer.

A fragment shows the row as it is now, not as it was at the event: rendering it twice, or late, is harmless.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.template.loader import render_to_string

from handoffs.models import Handoff, with_counts
from resolutionflow.accounts.models import Event
from resolutionflow.core.once import asking_once
from sessions_app.models import Message, Step, with_files
from sessions_app.trail import with_source, with_steps

log = logging.getLogger(__name__)

QUEUE = "queue"
Fragment = dict[str, str | None]  # {"id", "html"}; empty html: the element goes; None: the page must fetch it

# Only these change a card of the queue; a message or a branch does not.
_ON_CARDS = ("handoff.", "session.", "summary.", "step.")


def fragments_of(events: Iterable[Event], watched: set[str]) -> dict[int, dict[str, list[Fragment]]]:
    """The fragments of each event, by its number and by what is watched ("queue", "session:7"). Each row is rendered
    once."""
    with asking_once():
        return _drawn(list(events), watched)


def _drawn(events: list[Event], watched: set[str]) -> dict[int, dict[str, list[Fragment]]]:
    drawn: dict[int, dict[str, list[Fragment]]] = {}
    cards = _cards(events) if QUEUE in watched else []
    for event in events:
        parts = drawn[event.seq] = {}
        if QUEUE in watched and event.kind.startswith(_ON_CARDS):
            parts[QUEUE] = [card.fragment for card in cards if card.is_about(event)]
        session = f"session:{event.session_id}"
        if session in watched:
            parts[session] = _of_session(event)
    return drawn


def unrendered_of(events: Iterable[Event], watched: set[str]) -> dict[int, dict[str, list[Fragment]]]:
    """As fragments_of(), for too many events to render: each fragment makes the page fetch itself once."""
    unknown: list[Fragment] = [{"id": "", "html": None}]
    return {event.seq: dict.fromkeys(watched & {QUEUE, f"session:{event.session_id}"}, unknown) for event in events}


# --- the queue ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Card:
    handoff_id: int
    session_id: int | None  # None: it waits no more, and only an event that names it takes it away
    fragment: Fragment

    def is_about(self, event: Event) -> bool:
        return self.handoff_id in handoffs_named_in(event) or (
            bool(self.session_id) and self.session_id == event.session_id
        )


def _cards(events: list[Event]) -> list[Card]:
    """The cards that these events change: rendered for handoffs that wait, empty for those that do not, or no
    longer."""
    named = {pk for event in events for pk in handoffs_named_in(event)}
    sessions = {event.session_id for event in events if event.session_id and event.kind.startswith(_ON_CARDS)}
    touched = Handoff.objects.filter(Q(pk__in=named) | Q(session_id__in=sessions, status=Handoff.Status.OPEN))
    waiting = with_counts(touched.waiting().as_cards())
    gone = named - {handoff.pk for handoff in waiting}
    drawn = [(handoff, _draw("handoffs/_card.html", handoff=handoff)) for handoff in waiting]
    return [
        *(Card(pk, None, {"id": f"card-{pk}", "html": ""}) for pk in gone),
        *(Card(h.pk, h.session_id, {"id": f"card-{h.pk}", "html": html}) for h, html in drawn),
    ]


def handoffs_named_in(event: Event) -> set[int]:
    """The ids of the handoffs an event is about: its own, and one closed on the way."""
    closed = event.facts.get("closed") or {}
    return {pk for pk in (event.handoff_id, closed.get("handoff")) if pk is not None}


# --- the session -------------------------------------------------------------------------------


def _of_session(event: Event) -> list[Fragment]:
    """The event's step or message, that of its file, or a step with the message it was made of. The page fetches
    whatever else changes on it."""
    if event.session_id is None:
        return []
    parts, of_file = [], event.kind.startswith("file.")
    if event.kind in ("step.added", "step.changed") or (of_file and "step" in event.facts):
        steps = Step.objects.filter(pk=event.facts.get("step"), session_id=event.session_id)
        step = with_source(steps.select_related("author", "branch", "session")).first()
        with_files([step] if step else [])
        parts += _part(f"step-{step.pk}", "sessions_app/_step.html", step=step) if step else []
    if (event.kind in ("step.added", "message.added") or of_file) and "message" in event.facts:
        messages = Message.objects.filter(pk=event.facts["message"], session_id=event.session_id)
        message = with_steps(messages.select_related("author", "session")).first()
        with_files([message] if message else [])
        parts += _part(f"message-{message.pk}", "sessions_app/_message.html", message=message) if message else []
    return parts


def _part(element: str, template: str, **context: Any) -> list[Fragment]:
    return [{"id": element, "html": _draw(template, **context)}]


def _draw(template: str, **context: Any) -> str | None:
    """The rendered template. None where rendering fails: the event is sent all the same, and pages fetch themselves."""
    try:
        return render_to_string(template, context).strip()
    except Exception:
        log.exception("cannot draw %s", template)
        return None
