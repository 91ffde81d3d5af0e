"""Of the lines of an output those that say something: not the command that was typed, a program's greeting, what it is
about to do, nor the heads of columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

_GREETING = re.compile(
    r"\s*(?:Microsoft Windows \[Version|\(c\) |Copyright|Windows PowerShell$|Last login:|\S*[>$#]\s*$"
    r"|Script started|Windows IP Configuration)",
    re.I,
)
_ONE_WORD = re.compile(r"\s*[a-z]{2,9}\s*$")  # as the first line a command, further down its answer
_TYPED = re.compile(
    r"\s*(?:(?:PS )?[A-Z]:\\[^>\n]{0,120}>|[\w.-]{1,40}@[^\n$#]{1,80}[$#]|[$>]|[\w-]{2,40}[#>](?=\s?[a-z]))\s*\S"
)
_ABOUT_TO = re.compile(
    r"\s*(?:now )?(?:(?:beginning|starting|initiali[sz]ing)\b"
    r"|(?:running|checking|scanning|pinging|querying|testing|tracing|loading|reading|connecting|collecting|preparing"
    r"|verifying|processing)\b[^\n]{0,120}?(?:\.{2,}|…|:)\s*$)",
    re.I,
)
_UNDERLINE = re.compile(r"[\s|+]*[-=─═]{2}[-=─═\s|+]*$")
_COLUMNS = re.compile(r"\S(?:\s{2,}|\t|\s?\|\s?)\S")
_VERDICT = re.compile(
    r"\b(?:no|not|none|nothing|0|ok|okay|pass(?:ed|es)?|success(?:ful(?:ly)?)?|succeeded|healthy|valid|match(?:es)?|fine"
    r"|clean|up to date|completed?|normal|identical|within|reachable|running|enabled|green)\b",
    re.I,
)


def speaking(lines: Sequence[str]) -> list[str]:
    """These lines without those that say nothing; all of them where none would be left."""
    return list(_speaking(lines)) or list(lines)


def verdict(lines: Sequence[str]) -> str:
    """The line of a check's output that says how it came out: the first that sounds like it, else the first that says
    something; "" for none."""
    said = [line for line in speaking(lines) if line.strip()]
    return next(filter(_VERDICT.search, said), said[0] if said else "")


def _speaking(lines: Sequence[str]) -> Iterator[str]:
    for number, (line, following) in enumerate(zip_longest(lines, lines[1:], fillvalue="")):
        says_nothing = (_GREETING, _TYPED, _ABOUT_TO, _UNDERLINE, *([] if number else [_ONE_WORD]))
        if line.strip() and not any(one.match(line) for one in says_nothing) and not _is_head(line, following):
            yield line


def _is_head(line: str, following: str) -> bool:
    """Whether it names the columns of what follows."""
    if _UNDERLINE.match(following) and following.strip():
        return True
    columns = len(_COLUMNS.findall(line))
    has_figures = any(map(str.isdigit, line)) or not any(map(str.isdigit, following))
    return columns > 0 and not has_figures and len(_COLUMNS.findall(following)) >= columns
