"""Patterns that are looked at only where one of their words occurs, so that reading a long record stays quick.

Patterns are looked for in small letters with straight apostrophes (one may be missing), and every one reads a limited
distance, so that the time stays linear.
"""

from __future__ import annotations

import re


class Rules:
    """Patterns, each with words that let it be looked at: "before by & monday #" asks for one of each side.

    "#" stands for any digit.
    """

    def __init__(self, *table: tuple[str, str]) -> None:
        self._by_word: dict[str, list[tuple[frozenset[str] | None, re.Pattern[str]]]] = {}
        for words, pattern in table:
            first, _, also = words.partition("&")
            rule = (frozenset(also.split()) or None, re.compile(pattern))
            for word in first.split():
                self._by_word.setdefault(word, []).append(rule)
        self.words = frozenset(self._by_word)

    def search(self, low: str, words: frozenset[str]) -> re.Match[str] | None:
        """What one of the patterns finds in `low`, where its words are among `words`."""
        for word in words & self.words:
            for also, pattern in self._by_word[word]:
                if (also is None or not words.isdisjoint(also)) and (found := pattern.search(low)):
                    return found
        return None


def words(text: str) -> frozenset[str]:
    """The words of `text`."""
    return frozenset(text.split())


def either(*patterns: str) -> re.Pattern[str]:
    """One pattern of several."""
    return re.compile("|".join(patterns))
