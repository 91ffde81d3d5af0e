"""Columns of secrets: CSV, tables of a spreadsheet or of Markdown, whose first line names one "password"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from resolutionflow.core.redaction.names import MOST, Name
from resolutionflow.core.redaction.values import is_mixed, is_secret
from resolutionflow.core.redaction.views import Span, View

_TITLE = re.compile(r"(?:(?:new|old|temp(?:orary)?|initial|default|admin|user|local|wifi|wi-fi|current|neues|nouveau)[ _-])?"
                    r"(?:password|passwort|passwd|pass|pwd|pw|kennwort|mot de passe|mdp|contraseña|wachtwoord|lösenord|passord|adgangskode|hasło|senha|"
                    r"şifre|psk|secret|api[ _-]?key|token|pin|passphrase|credentials?|wi-?fi key|parola|pre-?shared key)s?", re.I)  # fmt: skip
_CELLS = re.compile(r"\t|[ \t]*[|;][ \t]*|,(?=\S)| {3,}")
_MOST = 200  # rows of one table
_RULE = re.compile(r"[-=+|: \t]+\Z")


def spans(view: View, found: list[Name]) -> Iterator[Span]:
    """What stands in such columns."""
    text, skip = view.text, 0
    if not any(mark in text for mark in ("\t", "|", ",", ";", "   ")):
        return
    for title in found[:MOST]:
        if title.start < skip:
            continue
        start, end = (
            text.rfind("\n", max(0, title.start - 400), title.start) + 1,
            text.find("\n", title.end, title.end + 400),
        )
        if end < 0 or title.start - start > 400:
            continue
        skip, cells = end, _cells(text, start, end)
        columns = [at for at, (first, last) in enumerate(cells) if _TITLE.fullmatch(text[first:last].strip("\"'* "))]
        if (
            len(cells) > 1
            and columns
            and not any(":" in text[first:last] or "=" in text[first:last] for first, last in cells)
        ):
            yield from _rows(view, end + 1, len(cells), columns)


def _rows(view: View, at: int, width: int, columns: list[int]) -> Iterator[Span]:
    text = view.text
    for _ in range(_MOST):
        end = text.find("\n", at, at + 1000)
        end = len(text) if end < 0 and len(text) - at < 1000 else end
        if end <= at:
            return
        cells = _cells(text, at, end)
        if len(cells) != width:
            return
        for column in columns:
            first, last = cells[column]
            while first < last and text[first] in "\"'`* ":
                first += 1
            while first < last and text[last - 1] in "\"'`* ":
                last -= 1
            value = text[first:last]
            if (
                value
                and not _RULE.match(value)
                and is_secret(value, "strong")
                and (len(value.split()) == 1 or is_mixed(value))
            ):
                yield first, last, "PASSWORD"
        at = end + 1


def _cells(text: str, start: int, end: int) -> list[tuple[int, int]]:
    cells, at = [], start
    for separator in _CELLS.finditer(text, start, end):
        cells.append((at, separator.start()))
        at = separator.end()
    return [*cells, (at, end)]
