"""People whom a text names, marked in its HTML: <bdi data-people="7">@Ana Petrov</bdi>.

Which words are a name is not decided here. Each is given by its place in the text, and is carried through the parser by
a sign before its "@" that no text can have: half of a surrogate pair, which no database takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

MOST_MARKED = 0x800  # names in a text: as many as there are halves of pairs
_FIRST = 0xD800
_SIGN = re.compile(r"[\ud800-\udfff]")


class Named(NamedTuple):
    """A name, from its "@" on, and the ids of those who are called so."""

    start: int
    end: int
    people: tuple[int, ...]


def names_alone(text: str, names: Sequence[Named]) -> SafeString:
    """The text as it was typed, with these marked."""
    parts, at = [], 0
    for name in names:
        marked = format_html('<bdi data-people="{}">{}</bdi>', _ids(name), text[name.start : name.end])
        parts += [escape(text[at : name.start]), marked]
        at = name.end
    return SafeString("".join([*parts, escape(text[at:])]))


def _ids(name: Named) -> str:
    return " ".join(map(str, name.people))


def signed(text: str, names: Sequence[Named]) -> str:
    """The text with a sign before each of these names, at most MOST_MARKED, in its order."""
    parts, at = [], 0
    for number, name in enumerate(names):
        parts += [text[at : name.start], chr(_FIRST + number)]
        at = name.start
    return "".join([*parts, text[at:]])


def unsigned(text: str) -> str:
    """The text without signs."""
    return _SIGN.sub("", text)


def signs_in(text: str) -> list[int]:
    """Which of the names have their signs in it."""
    return [ord(sign) - _FIRST for sign in _SIGN.findall(text)]


def mark_names(state: StateCore) -> None:
    """Marks the names whose signs are in text: what a link or a mark cuts in two stays text."""
    names, typed = state.env["place"].names, state.env["typed"]
    for token in state.tokens if names else ():
        if token.children is not None:
            token.children = [part for child in token.children for part in _marked(child, names, typed)]


def _marked(token: Token, names: Sequence[Named], typed: str) -> Iterator[Token]:
    at, level = 0, token.level
    for sign in _SIGN.finditer(token.content if token.type == "text" else ""):
        name = names[ord(sign[0]) - _FIRST]
        start, end = sign.end(), sign.end() + name.end - name.start
        if token.content[start:end] != typed[name.start : name.end]:
            continue
        yield Token("text", "", 0, content=token.content[at : sign.start()], level=level)
        yield Token("bdi_open", "bdi", 1, attrs={"data-people": _ids(name)}, level=level)
        yield Token("text", "", 0, content=token.content[start:end], level=level + 1)
        yield Token("bdi_close", "bdi", -1, level=level)
        at = end
    if at == 0:
        yield token
    else:
        yield Token("text", "", 0, content=token.content[at:], level=level)
