"""The one-liners of the pick-up screen, found in the record without AI: affected, suspect, next, watch out, contact.

A line is a sentence of the record as somebody wrote it, or two that follow each other, with its source; nothing is
invented or reworded.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from handoffs.brief.candidates import KINDS, LENGTH, SAYS_ELSE, WEAK, Candidate, Line, Reading, Source
from handoffs.brief.parts import PART

__all__ = ["KINDS", "LENGTH", "MOST", "Line", "Source", "find_lines"]

MOST = 3  # lines of a kind
_OVERTAKEN = ("affected", "suspect", "next_step")  # what is said of these later comes before what was confirmed
_BEGINNING = 40  # letters


def find_lines(sources: Sequence[Source]) -> dict[str, list[Line]]:
    """By kind, at most MOST lines of each, best first; `sources` come newest first."""
    return {kind: _best(kind, found.values()) for kind, found in Reading(sources).candidates.items()}


def _best(kind: str, candidates: Collection[Candidate]) -> list[Line]:
    chosen: list[Candidate] = []
    confirmed = min((one.age for one in candidates if one.confirmed), default=0) if kind in _OVERTAKEN else 0
    for candidate in sorted(
        candidates, key=lambda one: (_older(one, confirmed), -one.score, one.line.source == "note", one.turn)
    ):
        if len(chosen) == MOST or (chosen and candidate.score == 1 < chosen[0].score):
            break  # the last score is a last resort
        if not any(_same(candidate.line, other.line) for other in chosen) and (
            kind not in SAYS_ELSE or _says_else(candidate, chosen, SAYS_ELSE[kind])
        ):
            chosen.append(candidate)
    return [candidate.line for candidate in chosen]


def _older(candidate: Candidate, confirmed: int) -> bool:
    """Whether it is no clear word that came after what was confirmed."""
    return candidate.age >= confirmed or candidate.score < WEAK


def _same(one: Line, other: Line) -> bool:
    """Whether one is in the other, or both are the beginning of the same."""
    short, long = sorted((_letters(one.text), _letters(other.text)), key=len)
    return short in long or (one.source == other.source and short[:_BEGINNING] == long[:_BEGINNING])


def _says_else(candidate: Candidate, chosen: list[Candidate], room: int) -> bool:
    if candidate.score < PART and any(other.score >= WEAK for other in chosen):
        return False
    if candidate.score < WEAK and sum(other.score >= WEAK for other in chosen) >= room:
        return False
    words = _words(candidate.line)
    return all(len(words & _words(other.line)) * 2 <= len(words) for other in chosen)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def _words(line: Line) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"[\w.-]+", line.text.lower()) if len(word) > 3)
