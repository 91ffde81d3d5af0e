"""{% load folding %}: whether a text of the trail is long enough to fold, and the line that is shown of it then."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from django import template
from django.core.cache import caches

from resolutionflow.core.text import cut
from sessions_app.errors.folded import telling_places
from sessions_app.errors.lines import opening_line
from sessions_app.errors.printed import looks_printed
from sessions_app.models import Step

register = template.Library()

LINES, CHARACTERS = 16, 1_800  # an output of more than this is folded: what its block shows without scrolling
VALUE = 900  # characters of a single line that is a value, and no block
SCREENS = (60, 4_000)  # lines or characters of a message: some three screens of a phone
VERY_LONG = 300  # lines: of more than this, only those that tell something are shown
LINE_TOLD = 1_000  # characters of a line of a folded output
LINE_SHOWN = 170  # characters of a step in a list
EXCERPT, PART, AROUND = 12_000, 4_000, 1_000  # characters: a longer text is shown in parts, of which each is so long
NEAR = 900  # characters around the end of a part in which a word or a line ends
WORDS = 6  # of a line, by which it is found again
LEFT_OUT = "\n… left out here: all of it is in the session …\n"
REMEMBERED = 4_000  # characters of a text whose line is remembered


@register.filter
def is_long(text: str) -> bool:
    return len(text) > CHARACTERS or line_count(text) > LINES


@register.filter
def is_of_screens(text: str) -> bool:
    """Whether what somebody said is so long that one would scroll past it: a line or two more fold nothing."""
    lines, characters = SCREENS
    return len(text) > characters or line_count(text) > lines


@register.filter
def is_very_long(text: str) -> bool:
    return line_count(text) > VERY_LONG


@register.filter
def is_value(text: str) -> bool:
    """Whether an output is one line, and not a long one: it is shown as a value, not as a block."""
    return line_count(text) == 1 and len(text) <= VALUE


@register.filter
def is_whole(text: str) -> bool:
    """Whether excerpt() leaves out nothing of it."""
    return len(text) <= EXCERPT


register.filter("looks_like_output", looks_printed)


@dataclass(frozen=True)
class Part:
    """Lines of a folded output, or how many are left out between two of these."""

    text: str = ""
    left_out: int = 0


@register.filter
def telling_parts(text: str) -> list[Part]:
    """The lines of a very long output that tell most, with how many are left out before, between and after them."""
    text = text.rstrip("\n")
    lines, parts, at = text.split("\n"), [], 0
    for first, last in _remembered("telling", text, telling_places):
        parts += [Part(left_out=first - at)] if first > at else []
        parts.append(Part("\n".join(cut(line, LINE_TOLD) for line in lines[first : last + 1])))
        at = last + 1
    return [*parts, Part(left_out=len(lines) - at)] if at < len(lines) else parts


@register.filter
def is_folded(step: Step) -> bool:
    """Whether a step of a brief is more than a line or two of a list."""
    return (
        len(step.text) + len(step.answer) + len(step.shown) > LINE_SHOWN or line_count(f"{step.text}{step.shown}") > 1
    )


@register.filter
def line_count(text: str) -> int:
    """How many there are; a line end at the end begins no other."""
    return text.rstrip("\n").count("\n") + 1


@register.filter
def opening(text: str) -> str:
    """The line that is shown of a folded text. Pages are drawn again at every event: it is remembered."""
    return _opening_of_short(text) if len(text) <= REMEMBERED else _opening_of_long(text)


_opening_of_short = lru_cache(maxsize=1000)(opening_line)


def _opening_of_long(text: str) -> str:
    return str(_remembered("opening", text, opening_line))


def _remembered(what: str, text: str, read: Callable[[str], Any]) -> Any:
    """What `read` makes of a long text; this process remembers it."""
    key = blake2b(text.encode()).hexdigest()
    return caches["local"].get_or_set(f"{what}-{key}", lambda: read(text))


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
        if start > at:
            shown, at = shown + LEFT_OUT, _next_word(text, start)
        end = max(at, _last_word(text, end))
        shown, at = shown + text[at:end], end
    return shown


def _next_word(text: str, at: int) -> int:
    """Where a line begins soon after this, or a word if none does. A part of an address leads elsewhere."""
    found = _LINE_END.search(text, at, at + NEAR) or _BLANK.search(text, at, at + NEAR)
    return found.end() if found else at


def _last_word(text: str, at: int) -> int:
    """Where a line ends shortly before this, or a word if none does; its blank is left out."""
    if at >= len(text):
        return at
    ends = [found.start() for what in (_BLANK, _LINE_END) for found in what.finditer(text, at - NEAR, at)]
    return ends[-1] if ends else at


_LINE_END, _BLANK = re.compile(r"\n"), re.compile(r"\s")


def _place(line: str, text: str) -> re.Match[str] | None:
    """Where a line stands of which the blanks have been joined."""
    words = line.strip("…").split()[:WORDS]
    return re.search(r"\s+".join(map(re.escape, words)), text) if words else None
