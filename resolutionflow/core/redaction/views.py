"""A text as the rules read it: without the marks of a quotation, the escapes of JSON and HTML, and what is redacted.

Mails quote with "> ", logs indent, APIs wrap a note in JSON and that in JSON again. The rules see none of it: each such
layer is taken off, and what they find is led back to where it stands in the text as it came.
"""

from __future__ import annotations

import html
import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import NamedTuple

from resolutionflow.core.redaction.words import later, merged, places, watch

Span = tuple[int, int, str]

LABEL = later(r"\[REDACTED:([A-Z_]{1,20})(?:#(\d{1,6}))?\]")
DONE = "\ufffb"  # stands for each character of a label
INSIDE = "\ufffc"  # … of a string whose text is a view of its own

BETWEEN = "\n\0\n"  # strings of one view: nothing found goes across

REACH = 160  # letters after a word within which a rule ends that may begin before it

_MANY, _BEHIND, _AHEAD = 2_000, 40, 500  # places of a word, and letters around one that are compared
_DEEPEST = 3  # JSON in JSON in JSON
_MARGIN = later(r"^[ \t>]++|\r(?=\n)", re.M)
_ENTITY = later(r"&(?:quot|amp|lt|gt|apos|nbsp|#\d{1,6}|#x[0-9a-f]{1,5});", re.I)
_STRING = later(r'"((?:[^"\\\n]++|\\.)*)("?)')
_ESCAPE = later(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}(?:\\u[dD][c-fC-F][0-9a-fA-F]{2})?)')
_NO_ESCAPE = later(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
_SHORT = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f"}


@dataclass
class View:
    """One layer: its text, and for each piece of that where it begins here, and where it begins and ends outside."""

    text: str
    outer: View | None = None
    begins: list[int] = field(default_factory=list)
    outside: list[tuple[int, int]] = field(default_factory=list)
    strings: dict[int, str] = field(default_factory=dict)  # what stands where INSIDE begins

    @cached_property
    def lower(self) -> str:
        """The text in small letters, each in its place."""
        lower = self.text.lower()
        if len(lower) == len(self.text):
            return lower
        return "".join(small if len(small := letter.lower()) == 1 else letter for letter in self.text)

    @cached_property
    def places(self) -> Mapping[str, Sequence[int]]:
        """Where the words of rules begin."""
        return places(self.lower)

    def near(self, words: Iterable[str], before: int, after: int) -> Iterator[tuple[int, int]]:
        """The parts of the text that are so near to these words."""
        found, end = self.places, len(self.text)
        spots = (at for word in words for at in found.get(word, ()))
        return merged((max(0, at - before), min(end, at + after)) for at in spots)

    def value(self, start: int, end: int) -> str:
        """What is written there, decoded."""
        return self.strings.get(start, self.text[start:end])

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where this part stands in the text as it came."""
        if self.outer is None:
            return start, end
        return self.outer.origin(self._outside(start)[0], self._outside(end - 1)[1])

    def _outside(self, at: int) -> tuple[int, int]:
        piece = bisect_right(self.begins, at) - 1
        begin, (start, end) = self.begins[piece], self.outside[piece]
        here = (self.begins[piece + 1] if piece + 1 < len(self.begins) else len(self.text)) - begin
        if end - start != here:
            return start, end  # an escape
        return start + at - begin, start + at - begin + 1


@cache
def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """An expression, compiled when a text first needs it: there are many, and every process imports them."""
    return re.compile(pattern, flags)


class Rule(NamedTuple):
    """An expression that is tried where a word stands: it begins there, or at most so many letters before."""

    words: tuple[str, ...]
    pattern: str
    kind: str
    before: int = 0
    flags: int = re.I
    small: bool = False  # in small letters, and tried on a text of such: much faster than to ignore the size of letters


def rule(words: str | Iterable[str], pattern: str, kind: str, before: int = 0, flags: int = re.I) -> Rule:
    return Rule(watch(words), pattern, kind, before, flags)


def small_rule(words: str | Iterable[str], pattern: str, kind: str) -> Rule:
    return Rule(watch(words), pattern, kind, flags=0, small=True)


def matches(view: View, rules: Iterable[Rule]) -> Iterator[tuple[re.Match[str], str]]:
    """What these rules find, each with its kind."""
    places = view.places
    for one in rules:
        text = view.lower if one.small else view.text
        for word in one.words:
            if word not in places:
                continue
            expression, after = compiled(one.pattern, one.flags), 0
            if one.before:
                for start, end in merged((max(0, at - one.before), at + REACH) for at in places[word]):
                    for match in expression.finditer(text, start, end):
                        yield match, one.kind
                continue
            many, failed = len(places[word]) > _MANY, None
            for at in places[word]:
                if at < after:
                    continue
                around = text[max(0, at - _BEHIND) : at + _AHEAD] if many else ""
                if many and around == failed:
                    continue  # the same text again, as nobody writes
                if found := expression.match(text, at):
                    yield found, one.kind
                    after = found.end()
                else:
                    failed = around


def views(text: str) -> list[View]:
    """The text, and each string in it that is escaped, at any depth."""
    if "[REDACTED:" in text:
        text = LABEL.sub(lambda label: DONE * len(label[0]), text)
    return list(_views(View(text.replace("\xa0", " ").replace("\u202f", " ")), 0))


def _views(view: View, depth: int) -> Iterator[View]:
    text = view.text
    if "\r" in text or text[:1] in " \t>" or any(margin in text for margin in ("\n ", "\n\t", "\n>")):
        view = _rewritten(view, _MARGIN, lambda _match: "")
    if "&" in text and _ENTITY.search(text):
        view = _rewritten(view, _ENTITY, lambda match: html.unescape(match[0]))
    if "\\" not in view.text or depth == _DEEPEST:
        yield view
        return
    inner, parts, at = [], [], 0
    for string in _STRING.finditer(view.text):
        start, end = string.span(1)
        if "\\" not in string[1] or not string[2] or _NO_ESCAPE.search(string[1].replace("\\\\", "")):
            continue
        parts += [view.text[at:start], INSIDE * (end - start)]
        at = end
        decoded = _rewritten(view, _ESCAPE, _unescaped, start, end)
        view.strings[start] = decoded.text
        inner.append(decoded)
    view.text = "".join([*parts, view.text[at:]])
    yield view
    if inner:
        yield from _views(_together(view, inner), depth + 1)


def _together(outer: View, inner: list[View]) -> View:
    """One view of all these: a text of many short strings is read in one go."""
    parts: list[str] = []
    whole, length = View("", outer), 0
    for one in inner:
        whole.begins += [length + begin for begin in one.begins] + [length + len(one.text)]
        whole.outside += [*one.outside, (one.outside[-1][1], one.outside[-1][1])]
        parts.append(one.text)
        length += len(one.text) + len(BETWEEN)
    whole.text = BETWEEN.join(parts)
    return whole


def _unescaped(escape: re.Match[str]) -> str:
    return _SHORT.get(escape[0][1]) or str(json.loads(f'"{escape[0]}"'))


def _rewritten(
    view: View, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str], start: int = 0, end: int | None = None
) -> View:
    """A view of this one, or of a part of it, with each match of the pattern replaced."""
    whole, end = view.text, len(view.text) if end is None else end
    parts: list[str] = []
    begins: list[int] = []
    outside: list[tuple[int, int]] = []
    length, at = 0, start
    for match in pattern.finditer(whole, start, end):
        for piece, span in ((whole[at : match.start()], (at, match.start())), (new(match), match.span())):
            if piece:
                parts.append(piece)
                begins.append(length)
                outside.append(span)
                length += len(piece)
        at = match.end()
    if at < end:
        parts.append(whole[at:end])
        begins.append(length)
        outside.append((at, end))
    return View("".join(parts), view, begins, outside)
