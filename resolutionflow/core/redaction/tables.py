"""Columns of secrets: CSV, tables of a spreadsheet or of Markdown, whose first line names one "password"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from resolutionflow.core.redaction.names import MOST, Name
from resolutionflow.core.redaction.values import is_mixed, is_secret
from resolutionflow.core.redaction.views import Span, View
from resolutionflow.core.redaction.words import later

_TITLE = later(r"(?:(?:new|old|temp(?:orary)?|initial|default|admin|user|local|wifi|wi-fi|current|neues|nouveau)[ _-])?"
                    r"(?:password|passwort|passwd|pass|pwd|pw|kennwort|mot de passe|mdp|contraseña|wachtwoord|lösenord|passord|adgangskode|hasło|senha|"
                    r"şifre|psk|secret|api[ _-]?key|token|pin|passphrase|credentials?|wi-?fi key|parola|pre-?shared key)s?", re.I)  # fmt: skip
_CELLS = later(r"\t+|[ \t]*[|;][ \t]*|,(?=\S|\n|\Z)| {3,}")
_DASHES = later(r"^-{3,}(?:[ +|]+-{2,}){0,20}[ \t]*$", re.M)
_TITLE_OF_LAPS = later(
    r"(?:ms-mcs-admpwd|mslaps-password|admpwd|key ?password|recoverypassword|recovery key|plaintext|secret ?value)",
    re.I,
)
_MOST = 200  # rows of one table
_RULE = later(r"[-=+|: \t]+\Z")


def spans(view: View, found: list[Name]) -> Iterator[Span]:
    """What stands in such columns."""
    yield from _ruled(view)
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
            for first, last, row_end in _rows(view, end + 1, len(cells), columns):
                skip = row_end
                if first < last:
                    yield first, last, "PASSWORD"


def _ruled(view: View) -> Iterator[Span]:
    """What stands below its head where dashes underline the heads, as PowerShell and SQL print a table."""
    text, skip = view.text, 0
    for rule in _DASHES.finditer(text) if "---" in text else ():
        if rule.start() < skip:
            continue
        head_at = text.rfind("\n", max(0, rule.start() - 401), max(0, rule.start() - 1)) + 1
        head = text[head_at : rule.start()].rstrip("\n")
        columns = [column.span() for column in re.finditer(r"-+", rule[0])]
        for at, (first, _last) in enumerate(columns):
            until = columns[at + 1][0] if at + 1 < len(columns) else 400
            title = head[first:until].strip()
            if _TITLE.fullmatch(title) or _TITLE_OF_LAPS.fullmatch(title):
                for start, end, row_end in _below(view, rule.end() + 1, first, until):
                    skip = row_end
                    if start < end:
                        yield start, end, "PASSWORD"


def _below(view: View, at: int, first: int, until: int) -> Iterator[tuple[int, int, int]]:
    """As _rows, by where the column stands."""
    text = view.text
    for _ in range(_MOST):
        end = text.find("\n", at, at + 1000)
        end = len(text) if end < 0 else end
        if end <= at or not text[at:end].strip():
            return
        cell = text[at + first : min(at + until, end)]
        value = cell.strip()
        start = at + first + len(cell) - len(cell.lstrip())
        if value and " " not in value and is_secret(value, "strong"):
            yield start, start + len(value), end
        yield end, end, end
        at = end + 1


def _rows(view: View, at: int, width: int, columns: list[int]) -> Iterator[tuple[int, int, int]]:
    """The cells of these columns with a secret, each with the end of its row; an empty one for each row."""
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
                yield first, last, end
        yield end, end, end
        at = end + 1


def _cells(text: str, start: int, end: int) -> list[tuple[int, int]]:
    cells, at = [], start
    for separator in _CELLS.finditer(text, start, end):
        cells.append((at, separator.start()))
        at = separator.end()
    return [*cells, (at, end)]
