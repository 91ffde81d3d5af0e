"""{% load folding %}: whether a text of the trail is long enough to fold, and the line that is shown of it then."""

from __future__ import annotations

from functools import lru_cache

from django import template

from sessions_app.errors.lines import opening_line
from sessions_app.models import Step

register = template.Library()

LINES, CHARACTERS = 8, 900  # more than this is folded
LINE_SHOWN = 170  # characters of a step in a list
EXCERPT, PART, AROUND = 12_000, 4_000, 1_000  # characters: a longer text is shown in parts, of which each is so long
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
    """The line that is shown of a folded text."""
    return _opening_of_short(text) if len(text) <= REMEMBERED else opening_line(text)


@register.filter
def excerpt(text: str) -> str:
    """`text`; of a very long one its beginning, what is around the line that is shown of it folded, and its end."""
    if len(text) <= EXCERPT:
        return text
    middle, at = text[PART:-PART], text.find(opening(text).rstrip("…"), PART, -PART) - PART
    around = [middle[max(0, at - AROUND) : at + AROUND]] if at >= 0 else []
    return LEFT_OUT.join([text[:PART], *around, text[-PART:]])


_opening_of_short = lru_cache(maxsize=1000)(opening_line)  # pages are drawn again at every event
