"""Patterns that are looked at only where one of their words occurs, so that reading a long record stays quick.

They are compiled when one first is: all of them at once would be a third of the start of every process and command.
Patterns are looked for in small letters with straight apostrophes (one may be missing), and every one reads a limited
distance, so that the time stays linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, partial

from resolutionflow.core.late_pattern import late


class Rules:
    """Patterns, each with words that let it be looked at: "before by & monday #" asks for one of each side.

    "#" stands for any digit.
    """

    def __init__(self, *table: tuple[str, str]) -> None:
        self._rules: list[tuple[frozenset[str] | None, str]] = []
        self._by_word: dict[str, list[int]] = {}
        for number, (words, pattern) in enumerate(table):
            first, _, also = words.partition("&")
            self._rules.append((frozenset(also.split()) or None, pattern))
            for word in dict.fromkeys(first.split()):
                self._by_word.setdefault(word, []).append(number)
        self.words = frozenset(self._by_word)

    def search(self, low: str, words: frozenset[str]) -> re.Match[str] | None:
        """What the first of the patterns finds in `low`, whose words are among `words`."""
        if words.isdisjoint(self.words):
            return None
        for number in self._numbers(words & self.words):
            also, pattern = self._rules[number]
            if (also is None or not words.isdisjoint(also)) and (found := _quick(pattern).search(low)):
                return found
        return None

    def _numbers(self, hits: frozenset[str]) -> Iterable[int]:
        """Of the patterns that these words let be looked at, in order."""
        if len(hits) == 1:
            return self._by_word[next(iter(hits))]
        return sorted({number for word in hits for number in self._by_word[word]})


def words(text: str) -> frozenset[str]:
    """The words of `text`."""
    return frozenset(text.split())


def either(*patterns: str) -> re.Pattern[str]:
    """One pattern of several."""
    return late(partial(_quick, "|".join(patterns)))


@cache
def _quick(pattern: str) -> re.Pattern[str]:
    """The same pattern, but where all its alternatives begin at the edge of a word, looked at only there."""
    parts = _alternatives(pattern)
    if all(part.startswith(_EDGE) for part in parts):
        pattern = rf"\b(?:{'|'.join(part.removeprefix(_EDGE) for part in parts)})"
    return re.compile(pattern)


def _alternatives(pattern: str) -> list[str]:
    """What stands between the bars of a pattern that are in no group and in no set."""
    parts, depth = [""], 0
    for piece in _PIECE.findall(pattern):
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


_EDGE = r"\b"
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.S)
