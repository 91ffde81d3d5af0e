"""{% load folding %}: whether a text of the trail is long enough to fold, and the line that is shown of it then."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b

from django import template
from django.core.cache import caches

from sessions_app.errors.lines import opening_line
from sessions_app.models import Step

register = template.Library()

LINES, CHARACTERS = 8, 900  # more than this is folded
LINE_SHOWN = 170  # characters of a step in a list
EXCERPT, PART, AROUND = 12_000, 4_000, 1_000  # characters: a longer text is shown in parts, of which each is so long
WORDS = 6  # of a line, by which it is found again
LEFT_OUT = "\n… left out here: all of it is in the session …\n"
REMEMBERED = 4_000  # characters of a text whose line is remembered


@register.filter
def is_long(text: str) -> bool:
    return len(text) > CHARACTERS or text.count("\n") >= LINES


@register.filter
def is_folded(step: Step) -> bool:
    """Whether a step of a brief is more than a line or two of a list."""
    return len(step.text) + len(step.answer) + len(step.shown) > LINE_SHOWN or "\n" in f"{step.text}{step.shown}"


@register.filter
def is_one_line(text: str) -> bool:
    return "\n" not in text


@register.filter
def line_count(text: str) -> int:
    return text.count("\n") + 1


@register.filter
def opening(text: str) -> str:
    """The line that is shown of a folded text. Pages are drawn again at every event: it is remembered."""
    return _opening_of_short(text) if len(text) <= REMEMBERED else _opening_of_long(text)


_opening_of_short = lru_cache(maxsize=1000)(opening_line)


def _opening_of_long(text: str) -> str:
    key = blake2b(text.encode()).hexdigest()
    return str(caches["local"].get_or_set(f"opening-{key}", lambda: opening_line(text)))


@register.filter
def excerpt(text: str) -> str:
    """`text`; of a very long one its beginning, what is around the line that is shown of it folded, and its end."""
    if len(text) <= EXCERPT:
        return text
    parts = [(0, PART), (len(text) - PART, len(text))]
    if found := _place(opening(text), text):
        parts.insert(1, (found.start() - AROUND, found.end() + AROUND))
    shown, at = "", 0
    for start, end in parts:
        shown += (LEFT_OUT if start > at else "") + text[max(start, at) : max(end, at)]
        at = max(end, at)
    return shown


def _place(line: str, text: str) -> re.Match[str] | None:
    """Where a line stands of which the blanks have been joined."""
    words = line.strip("…").split()[:WORDS]
    return re.search(r"\s+".join(map(re.escape, words)), text) if words else None
