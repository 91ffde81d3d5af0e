"""What of a text that was typed or pasted in one piece is the line of a step, and what is its output.

static/js/desk/paste.js knows printed lines by the same rules; tests/data/pasted.json holds both to them.
"""

from __future__ import annotations

import re

from resolutionflow.core.text import NOTE, SHORT, cut, one_line
from sessions_app.errors.lines import log_title

MANY = 5  # lines that were typed, and may be a log
SENTENCE = 3  # words, and it is more than a heading
LEAD = 300  # characters of prose before an output that are the line of a step

# A command behind its prompt: of Windows, PowerShell, a shell, a switch.
_COMMAND = re.compile(
    r"\s*(?:(?:PS )?[A-Za-z]:\\[^>\n]{0,200}> *\S|PS ?> *\S|[\w.-]+@[\w.-]+[^$#\n]{0,80}[$#] *\S|\$ \S"
    r"|[\w.()-]{2,40}#\s?[a-z]{2})"
)
# By its form: set in, in columns, with a time, a level or a number of an error, code, a table, a rule.
_PRINTED = re.compile(
    r"^[\t ]+(?![-*•] )\S|[^\s.!?:](?: {2,}|\t)\S|\. \. \. |^\W{0,2}\d{4}-\d\d-\d\d[ T]|\b\d\d?:\d\d:\d\d\b"
    r"|\b(?:ERROR|WARN|WARNING|INFO|DEBUG|FATAL|CRITICAL|TRACE)\b|\w(?:Exception|Error)\b: |\b0x[0-9a-fA-F]{4,}\b"
    r"|^\s*at [\w.$<>]+\(|\w=\S|^[\s|+]*[-=─═]{3,}[-=─═\s|+]*$|^\s*[{}\[\]<●○]|[;{}]$|\|.*\|"
    r"|^(?:[Ee]rror|[Ff]atal|[Tt]raceback|[Cc]aused by|[Uu]nhandled)\b.{0,80}?[:(]"
)


def is_log(text: str) -> bool:
    """Whether most of these lines look printed; a few lines are what somebody typed."""
    lines = [line for line in text.split("\n") if line.strip()]
    return len(lines) >= MANY and 2 * sum(map(is_printed, lines)) > len(lines)


def is_printed(line: str) -> bool:
    """Whether a line looks as a machine prints it."""
    line = line[:NOTE].rstrip()
    return bool(_PRINTED.search(line) or _COMMAND.match(line))


def opens_output(line: str, below: str = "") -> bool:
    """Whether a line says what those below it are: a command, or a sentence that ends with a colon. One with a blank
    line below it is a heading of the output itself."""
    is_sentence = line.rstrip().endswith(":") and len(line.split()) > SENTENCE and not is_printed(line)
    return bool(_COMMAND.match(line)) or (is_sentence and bool(below.strip()))


def split_output(text: str) -> tuple[str, str]:
    """The line of a step and its output, which has every blank of the text. Where the text is all output, the line is
    its title; a text of one line that fits has no output."""
    lines = re.sub(r"\A(?:\s*\n)+", "", text.rstrip()).split("\n")
    while len(lines) > 1 and not one_line(lines[0]):  # nobody can see it
        lines.pop(0)
    first = one_line(lines[0])
    is_opened = opens_output(*lines[:2])
    if not is_opened and is_printed(lines[0]):
        return log_title(text) or cut(first, SHORT), text
    if len(first) > NOTE:
        return cut(first, SHORT), text
    end = 1 if is_opened else _end_of_prose(lines)
    return one_line(" ".join(lines[:end])), "\n".join(lines[end:])


def _end_of_prose(lines: list[str]) -> int:
    """How many lines at the beginning are the line of a step: those before a printed one if they are short, else the
    first."""
    printed = next((number for number, line in enumerate(lines) if is_printed(line)), 1)
    return printed if sum(map(len, lines[:printed])) <= LEAD else 1
