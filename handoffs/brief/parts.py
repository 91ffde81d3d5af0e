"""What judging a sentence is made of: what is found, a label, an answer, clauses and what is blanked in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from handoffs.brief.phrases import labels
from handoffs.brief.sentences import Sentence

# Scores of the state of something: what a check found is a cause, in a message only that of a part of the technology.
FINDING, PART = 2, 3


@dataclass(frozen=True)
class Found:
    """How good a line of its kind a sentence is (1: only for want of better), and where the words are that say so."""

    score: int
    start: int = 0
    with_question: bool = False
    hypothesis: frozenset[str] = frozenset()  # of a suspect: the words it stands on


def labelled(sentence: Sentence, kind: str) -> Found | None:
    """A line that says itself what it is: "Affected: all tills", or stands under such a heading."""
    if sentence.heading and labels.HEADED[kind].fullmatch(sentence.heading):
        return None if labels.NOTHING.fullmatch(sentence.low) else Found(7)
    if not sentence.labelled or not labels.LABELLED.match(sentence.low):
        return None
    label = labels.LABEL[kind].match(sentence.low)
    return Found(7) if label and not labels.NOTHING.fullmatch(label[1]) else None


def answers(sentence: Sentence, question: re.Pattern[str]) -> Found | None:
    """A short answer to such a question: only the two together say something."""
    if not sentence.asked or len(sentence.text) > 80 or not question.search(sentence.asked.lower()):
        return None
    return None if labels.NO_ANSWER.search(sentence.low) else Found(5, with_question=True)


def clauses(low: str) -> Iterator[tuple[int, str]]:
    """The clauses of a sentence, each with the place where it begins."""
    start = 0
    for end in _CLAUSE.finditer(low):
        yield start, low[start : end.start()]
        start = end.end()
    yield start, low[start:]


def without(pattern: re.Pattern[str], low: str) -> str:
    """`low` with the clauses blanked that hold the pattern."""
    if not pattern.search(low):
        return low
    parts = re.split(r"((?:,|;| but | and )\s*)", low)
    return "".join(" " * len(part) if pattern.search(part) else part for part in parts)


def blank(found: re.Match[str]) -> str:
    """What stands instead of it, as long."""
    return " " * len(found[0])


def quotes_blanked(low: str) -> str:
    """Without what somebody or something is quoted with: an error message is nobody's advice."""
    if '"' not in low and "`" not in low and "“" not in low:
        return low
    return _ASIDE.sub(lambda aside: "_" * len(aside[0]), low)


_CLAUSE = re.compile(
    r"[,;:()]+\s|\s[-–—]\s|\s(?=(?:but|so|and then|then|because|since|rather|although|though|however|unless)\b)"
)
_ASIDE = re.compile(r"[\"“][^\"”]{3,200}[\"”]|`[^`]{2,200}`")
