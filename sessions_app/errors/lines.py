"""The line a senior would call "the error", found in the texts of a record without AI.

A text is what a machine printed, or what a person wrote (prose): in the latter an error is quoted, introduced ("it
says: …") or named by its code, and whatever else sounds like one is a complaint, not an error.
"""

from __future__ import annotations

import re

from resolutionflow.core.text import SHORT, cut, one_line, readable
from sessions_app.errors.output import hits_in, parts_of
from sessions_app.errors.said import in_prose
from sessions_app.errors.shown import ErrorLines, fit, joined, shown
from sessions_app.errors.speaking import speaking
from sessions_app.errors.surest import surest
from sessions_app.errors.weight import CERTAIN, LIKELY, WEAK

__all__ = ["CERTAIN", "LIKELY", "WEAK", "ErrorLines", "find_error", "log_title", "opening_line", "telling_lines"]

OPENING = 160
MAIL_HEAD = 10  # lines of a mail, among which its subject is
HEAD, TAIL = 20_000, 100_000  # of a longer text only so much is read: how it began, and how it ended
LONGEST = 1_000  # a line that is longer is read in pieces


def find_error(text: str, *, prose: bool = False) -> ErrorLines | None:
    """The error in a machine's output, or in what a person wrote: the sentence or line that quotes it; or None."""
    lines = _lines(text)
    if prose:
        return in_prose(lines)
    best = surest(lines)
    return shown(lines, best) if best else None


def log_title(log: str) -> str:
    """A title for a session opened with this log: its error, else its first line that says something; "" if none."""
    lines = _lines(log)
    subject = next(filter(None, map(_SUBJECT.match, lines[:MAIL_HEAD])), None)
    title = _title([subject[1]] if subject else lines, SHORT) or _first(lines, _FIGURES, SHORT)
    return _LEADER.sub(":", _BEFORE_TITLE.sub("", title))


def opening_line(text: str) -> str:
    """The line shown of a folded text: its error, else its first that says something, else its first."""
    lines = _lines(text)
    lines = [line for line in lines if not _FENCE.fullmatch(line)] or lines
    return _title(lines, OPENING) or _first(lines, _ANYTHING, OPENING)


_SUBJECT = re.compile(r"\s*(?:Subject|Betreff|Objet|Asunto|Oggetto|Onderwerp)\s?:\s*(\S.*)", re.I)
_BEFORE_TITLE = re.compile(
    r"\A(?:\W{0,3}(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,\d]*Z?|[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d)[\s,;|\]]+(?=\S)"
    r"|[|\s\d]*\|\s+(?=\S)|[•*–-]\s+(?=\S))"  # when it was, a margin as PowerShell draws it, a bullet
)
_FENCE = re.compile(r"[ \t]*`{3,}[ \t]*\w*[ \t]*")  # which says what follows, at most
_LEADER = re.compile(r"(?: \.){2,} ?:")  # Host Name . . . . : NL-WS014


def telling_lines(text: str, *, most: int) -> list[str]:
    """The lines of a long output that tell of an error, the surest of them, in its order. All of it is read, a part at
    a time; of lines that differ only in figures the last of a part counts."""
    found: list[tuple[int, int, str]] = []  # how sure, where, what
    for part in _PART.findall(text):
        lines = _lines(part)
        found += [(hit.score, len(found) + number, lines[hit.index]) for number, hit in enumerate(hits_in(lines))]
    surest_first = sorted(found, key=lambda hit: (-hit[0], -hit[1]))
    return [line for _score, _place, line in sorted(surest_first[:most], key=lambda hit: hit[1])]


_PART = re.compile(r"(?s).{1,100000}(?:\n|$)|.{1,100000}")


def _title(lines: list[str], length: int) -> str:
    best = surest(lines)
    if best:
        return fit(joined(lines, parts_of(lines, best)), best.at, length)
    return _first(speaking(lines), _WORD, length) or _first(lines, _LETTER, length)


def _first(lines: list[str], having: re.Pattern[str], length: int) -> str:
    return cut(one_line(next(filter(having.search, lines), "")), length)


_WORD, _LETTER, _FIGURES, _ANYTHING = (re.compile(one) for one in (r"[^\W\d_]{2}", r"[^\W\d_]", r"\d", r"\S"))


# --- the text, line by line ----------------------------------------------------------------------

# Colours whose escape character was lost on the way or spelled out.
_COLOURS = re.compile(r"\^\[\[[0-9;]{0,24}[A-HJKfm]|\[(?:0|0?1(?!m\])|[349]\d|10\d)(?:;\d{1,3}){0,4}m")
_UNUSUAL = re.compile(r"[^\t\n -~\xa0-\u2009\u2010-\u2027\u20a0-\u20bf]")  # quicker than to take these away from all
_PIECE = re.compile(rf".{{1,{LONGEST}}}(?:[\s,;}}]|$)|.{{1,{LONGEST}}}")


def _lines(text: str) -> list[str]:
    """The lines of a text, of a huge one those at its ends, without what a terminal is told."""
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]}\n{text[-TAIL:]}"
    lines = _COLOURS.sub("", readable(text) if _UNUSUAL.search(text) else text).split("\n")
    if max(map(len, lines)) <= LONGEST:
        return lines
    return [piece for line in lines for piece in (_PIECE.findall(line) if len(line) > LONGEST else [line])]
