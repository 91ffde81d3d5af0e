"""Whether a text of several lines is what a machine printed, to be shown column by column, or what a person wrote."""

from __future__ import annotations

import re
from functools import lru_cache

from sessions_app.errors.output import is_beside
from sessions_app.errors.weight import STAMP, level

READ = 80  # lines, from the first on
_COLUMNS = re.compile(r"[^\s.!?:,;](?: {2,}|\t)\s*\S|:(?: {3,}|\t)\s*\S|\S\s?\|\s?\S.*\|")
_INDENTED = re.compile(r"[ \t]+\S")
_BULLET = re.compile(r"\s*(?:[-*•–]|\d{1,2}[.)])\s+[^\W\d_]")
_SHAPE = re.compile(
    r"\s*(?:[-=─═_*#+|~. ]{4,}$|[\]{}\[(),;]{1,3}$|[{\[<][\"'{\w/?!]|\"[\w.-]+\"\s*:|[\w.-]+ ?=\s?\S+$"  # JSON, XML
    r"|[^:\n]{1,50}(?: \.){2,} ?:|(?:\d{1,3}\.){3}\d|(?:[\da-f]{2}[ :-]){3}|[|+]|/[\w.-]+/\S+$|[\w.-]+/[\w./-]+\s*$)",
    re.I,
)
_TYPED = re.compile(
    r"(?:PS )?[A-Z]:\\[^>\n]{0,120}>|[\w.-]{1,40}@[^\s$#]{1,80} ?[^\s$#]{0,80}[$#]|[$>#] ?[a-z]"
    r"|[A-Z][\w-]{2,40} ?# ?[a-z]"
)  # a command behind its prompt: what follows is its answer
_SENTENCE = re.compile(r"\s*\S+(?: [^\W\d_][\w'’-]*,?){4,}.*[.!?:,]\s*$")


def looks_printed(text: str) -> bool:
    """Whether most lines of a text of several have the shape of output: stamps, levels, columns, indents, commands."""
    return "\n" in text and _looks_printed(text[:8_000])


@lru_cache(maxsize=1000)
def _looks_printed(text: str) -> bool:
    lines = [line for line in text.split("\n")[:READ] if line.strip()]
    printed = sum(_is_printed(lines, index) for index in range(len(lines)))
    return len(lines) > 1 and (bool(_TYPED.match(lines[0])) or printed * 2 >= len(lines))


def _is_printed(lines: list[str], index: int) -> bool:
    line = lines[index][:500]
    if _BULLET.match(line):
        return False
    if STAMP.match(line) or _SHAPE.match(line) or _COLUMNS.search(line.strip()):
        return True
    return not _SENTENCE.match(line) and (
        bool(_INDENTED.match(line)) or level(line) is not None or is_beside(lines, index)
    )
