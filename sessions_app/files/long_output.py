"""An output too long for a step becomes a file of it; the step keeps how long it is, and the lines that tell most."""

from __future__ import annotations

import hashlib

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


def moved(output: str) -> tuple[str, Readied]:
    """What the step keeps of a long output, and the file that holds all of it."""
    content = output.encode()
    lines = output.split("\n")
    shown = telling_lines(output, most=SHOWN) or [*lines[:ENDS], "…", *lines[-ENDS:]]
    head = f"{in_words(len(content))}, {len(lines):,} {'line' if len(lines) == 1 else 'lines'}: whole in {NAME}"
    whole = Readied(NAME, kinds.TEXT.content_type, content, hashlib.sha256(content).hexdigest())
    return "\n".join([head, *(cut(line, WIDTH) for line in shown)]), whole
