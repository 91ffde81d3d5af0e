"""An error as it is shown: one line of a bearable length, and up to two that belong to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from resolutionflow.core.text import cut, one_line
from sessions_app.errors.hit import Hit
from sessions_app.errors.output import parts_of
from sessions_app.errors.weight import signs_in

LINE = 300  # the longest line that is shown
VERDICT = 60  # characters that tell what it came to


@dataclass(frozen=True)
class ErrorLines:
    """An error as it was printed: the line that tells it, up to two that belong to it, how surely it is one, and
    whether it was over again before the output ended."""

    line: str
    more: tuple[str, ...]
    score: int
    over: bool = False


def fit(line: str, at: int, length: int) -> str:
    """The line tidied; a longer one is cut to `length`, but for how it begins, around what makes it an error, and what
    it says last of all, which is the verdict."""
    whole, place = one_line(line), len(one_line(line[:at]))
    if len(whole) <= length:
        return whole
    signs = [*signs_in(whole), place]
    last = max(signs)
    if last < length - VERDICT:
        return cut(whole, length)
    first = cut(whole, length // 3)
    room = length - len(first) - 1
    near = min(sign for sign in signs if sign >= len(first) and last - sign < room - VERDICT)
    rest = whole[min(near, len(whole) - room) :]
    return cut(f"{first} {rest if near <= len(whole) - room else _from_word(rest)}", length)


def _from_word(text: str) -> str:
    """The text without the rest of a word that it begins with."""
    return text.partition(" ")[2] if " " in text[:30] else text


def shown(lines: list[str], hit: Hit) -> ErrorLines:
    parts = parts_of(lines, hit)
    more = tuple(cut(one_line(lines[index]), LINE) for index in hit.more if index not in parts)
    return ErrorLines(fit(joined(lines, parts), hit.at, LINE), more, hit.score, hit.over)


def joined(lines: list[str], parts: Iterable[int]) -> str:
    return " ".join(lines[index].rstrip() for index in parts)
