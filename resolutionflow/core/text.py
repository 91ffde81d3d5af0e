"""Text as people type and paste it: what may be stored, and how long it may be.

Whatever is stored is stored as typed, but for characters nobody can see and that
change what others see: control characters (a terminal's colours, NUL) and the
Unicode controls that turn the reading direction around.
"""

from __future__ import annotations

import re

SHORT = 200  # names, labels, tickets
ADDRESS = 254  # an email address, as mail servers take it
LINE = 500  # a problem in one line
NOTE = 20_000  # a note, a reason, a step
LONG = 200_000  # a pasted log, a message

_UNSEEN = re.compile(
    r"\x1b\[[0-9;?]*[ -/]*[@-~]"  # terminal colours and cursor moves
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"  # control characters but tab and newline
    r"|[\u202a-\u202e\u2066-\u2069]"  # bidi embeddings, overrides, isolates
    r"|[\ufff9-\ufffb\ufeff]"
    r"|[\ud800-\udfff]"  # lone surrogates: no database takes them
)

# Zero-width space, direction marks, word joiner, tags: harmless on a page, so they are stored, but they hide text
# elsewhere. The zero-width joiner is not among them: emoji are made with it.
_INVISIBLE = re.compile(r"[\u200b\u200e\u200f\u061c\u2060-\u2064\U000e0000-\U000e007f]")

# All of that, fillers, variation selectors and blanks: a text of nothing else shows nothing.
_NOTHING = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\uffa0"
    r"\U000e0000-\U000e0fff]*"
)


def visible(text: str) -> str:
    """`text` without control and direction characters; \\r\\n and \\r become \\n."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def without_invisible(text: str) -> str:
    """`text` without characters that have no width, which stored text may have: for a terminal or another system."""
    return _INVISIBLE.sub("", text)


def clean(text: str) -> str:
    """`visible(text)` without white space at its ends; empty where nobody could see any of it."""
    text = visible(text).strip()
    return "" if _NOTHING.fullmatch(text) else text


def one_line(text: str) -> str:
    """`clean(text)` with every run of white space made one space."""
    return " ".join(clean(text).split())


def cut(text: str, length: int) -> str:
    """`text`, at most `length` characters, ending in an ellipsis where it was cut."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def as_id(text: str) -> int | None:
    """`text` as an id: at most 18 ASCII digits. None for anything else, which no row can have."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
