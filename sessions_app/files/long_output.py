"""An output too long for a step becomes a file of it; the step keeps how long it is, and the lines that tell most."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from itertools import count

from resolutionflow.core.text import LONG, cut
from sessions_app.errors.lines import telling_lines
from sessions_app.files import kinds
from sessions_app.files.reading import Readied, in_words

NAME = "output.log"
SHOWN = 30  # lines
ENDS = 5  # of one that tells of no error: so many from its beginning and its end
WIDTH = 300  # characters of a line


def is_too_long(output: str) -> bool:
    return len(output) > LONG


def moved(output: str, beside: Mapping[str, str] | None = None) -> tuple[str, Readied]:
    """What the step keeps of a long output, and the file that holds all of it. `beside`: the names of the files that
    the step has, by their check sums."""
    content = output.encode()
    sha256 = hashlib.sha256(content).hexdigest()
    name = _name(sha256, beside or {})
    lines = output.split("\n")
    shown = telling_lines(output, most=SHOWN) or [*lines[:ENDS], "…", *lines[-ENDS:]]
    head = f"{in_words(len(content))}, {len(lines):,} {'line' if len(lines) == 1 else 'lines'}: whole in {name}"
    whole = Readied(name, kinds.TEXT.content_type, content, sha256)
    return "\n".join([head, *(cut(line, WIDTH) for line in shown)]), whole


def _name(sha256: str, beside: Mapping[str, str]) -> str:
    """That of the same file where it is there, else one that no other has: output.log, output-2.log, …"""
    free = (NAME if number == 1 else NAME.replace(".", f"-{number}.") for number in count(1))
    return beside.get(sha256) or next(name for name in free if name not in beside.values())
