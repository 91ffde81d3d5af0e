"""Where the words stand that rules begin at. One scan finds those of all rules: each then costs only where its word is,
so there may be many rules, and none is tried on every letter of a megabyte.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, cast

_WATCHED: set[str] = set()
_MANY, _BETWEEN = 10_000, 4
_SHORTEST = 2  # of words that are watched: shorter ones stand everywhere


def later(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """An expression, compiled when a text first needs it: there are many, and every process imports them."""
    return cast("re.Pattern[str]", _Later(pattern, flags))


class _Later:
    def __init__(self, pattern: str, flags: int) -> None:
        self._given = pattern, flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(*self._given), name)
        setattr(self, name, value)  # asked for once
        return value


def watch(words: str | Iterable[str]) -> tuple[str, ...]:
    """These words, in small letters, are looked for in every text from now on."""
    given = tuple(words.split() if isinstance(words, str) else words)
    assert all(len(word) >= _SHORTEST and word == word.lower() for word in given), given
    _WATCHED.update(given)
    return given


def places(lower: str) -> Mapping[str, Sequence[int]]:
    """Where each watched word begins in a text of small letters, also where one begins within another."""
    expression, beginnings = _compiled(len(_WATCHED))
    found: dict[str, list[int]] = defaultdict(list)
    search, match = expression.search, expression.search(lower)
    while match:
        at = match.start()
        for word in beginnings[match[0]]:
            found[word].append(at)
        match = search(lower, at + 1)
    return {word: _thinned(word, at) for word, at in found.items()}


def _thinned(word: str, at: list[int]) -> list[int]:
    """Without those that the same word follows at once, where nobody writes so many: "code code code"."""
    if len(at) < _MANY:
        return at
    least = len(word) + _BETWEEN
    return [here for here, following in pairwise(at) if following - here > least] + at[-1:]


@cache
def _compiled(_count: int) -> tuple[re.Pattern[str], Mapping[str, Sequence[str]]]:
    """An expression for the longest word at a place, and the words that begin each."""
    beginnings = {
        word: [word[:end] for end in range(_SHORTEST, len(word) + 1) if word[:end] in _WATCHED] for word in _WATCHED
    }
    return re.compile(any_of(_WATCHED)), beginnings


def any_of(words: Iterable[str]) -> str:
    """An expression for the longest of these words, letter by letter: much faster than one after the other."""
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _written(tree)


def _written(node: dict[str, Any]) -> str:
    branches = [re.escape(letter) + _written(below) for letter, below in node.items() if letter]
    if not branches:
        return ""
    either = branches[0] if len(branches) == 1 and "" not in node else f"(?:{'|'.join(branches)})"
    return f"{either}?" if "" in node else either


def merged(windows: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """These windows of a text, in order, those that touch as one."""
    begin = end = -1
    for first, last in sorted(windows):
        if first > end:
            if end > begin:
                yield begin, end
            begin, end = first, last
        else:
            end = max(end, last)
    if end > begin:
        yield begin, end
