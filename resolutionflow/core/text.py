"""Text as people type and paste it: what may be stored, how it is shown, and how long it may be.

What people write (a name, a note, a message) is stored as typed, in Unicode's composed form (NFC), but for characters
nobody can see and that change what others see: control characters, terminal escapes and the Unicode controls that turn
the reading direction around. What a machine printed is stored as it came, and read by readable() wherever it is shown
or sent on.
"""

from __future__ import annotations

import re
import unicodedata

SHORT = 200  # names, labels, tickets
ADDRESS = 254  # an email address, as mail servers take it
LINE = 500  # a problem in one line
NOTE = 20_000  # a note, a reason, a step
LONG = 200_000  # a pasted log, a message

# What a terminal is told in between. A title or the address of a link ends at any control character, so that one that
# is never ended takes nothing with it, and no text takes long to read.
_ESCAPES = re.compile(
    r"(?:(?:\x1b[\]P_^Xk]|[\x90\x98\x9d-\x9f])[^\x00-\x08\n-\x1f\x7f-\x9f]*+(?:\x07|\x1b\\|\x9c)"  # OSC, DCS and such
    r"|(?:\x1b\[|\x9b)[0-?]*+[ -/]*+[@-~]"  # CSI: colours and cursor moves
    r"|\x1b(?: [FGLMN]|[!-/]++[0-~]|[0-~]))+"  # sets of characters, and the others of two
)
_ERASES = re.compile(r"(?:\x1b\[|\x9b)[02]?K")  # the line, from the cursor on or whole
_ERASED = "\0"  # stands for it meanwhile: no text has it
_BREAKS = re.compile(r"[\x0b\x0c]")  # vertical tab and form feed
_LINE_ENDS = re.compile(r"(?<!\r)\r++\n")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")  # NUL and lone surrogates: no database takes them
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters but tab and newline
    r"\u202a-\u202e\u2066-\u2069"  # bidi embeddings, overrides, isolates
    r"\ufff9-\ufffb\ufeff\ud800-\udfff]+"
)
_BLANK_LINES = re.compile(r"\A(?:[^\S\n]*+\n)+")

# Zero-width space, direction marks, word joiner, tags: harmless on a page, so they are stored, but they hide text
# elsewhere. The zero-width joiner is not among them: emoji are made with it.
_INVISIBLE = re.compile(r"[\u200b\u200e\u200f\u061c\u2060-\u2064\U000e0000-\U000e007f]")

# All of that, fillers, variation selectors and blanks: a text of nothing else shows nothing.
_NOTHING = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\uffa0"
    r"\U000e0000-\U000e0fff]*"
)


def visible(text: str) -> str:
    """`text` without terminal escapes, control and direction characters; whatever ends a line or a page is \\n."""
    if not _UNSEEN.search(text):
        return text
    text = _LINE_ENDS.sub("\n", _ESCAPES.sub("", text)).replace("\r", "\n")
    return _UNSEEN.sub("", _BREAKS.sub("\n", text))


def readable(output: str) -> str:
    """What a machine printed, as a terminal showed it in the end: `visible()`, with what was printed over a line (a
    progress bar) over it, and without what was rubbed out."""
    if not _UNSEEN.search(output):
        return output
    text = _LINE_ENDS.sub("\n", output)
    if "\r" in text or "\b" in text:
        text = _ESCAPES.sub("", _ERASES.sub(_ERASED, text))
        text = "\n".join(_as_printed(line) if "\r" in line or "\b" in line else line for line in text.split("\n"))
    return visible(text)


def _as_printed(line: str) -> str:
    """What is left of a line in which the cursor went back."""
    shown = ""
    for part in reversed(line.split("\r")):
        part, is_erased = _without_rubbed_out(part), _ERASED in part
        shown += part.replace(_ERASED, "")[len(shown) :]
        if is_erased:
            break
    return shown


def _without_rubbed_out(part: str) -> str:
    if "\b" not in part:
        return part
    kept: list[str] = []
    for sign in part:
        if sign != "\b":
            kept.append(sign)
        elif kept:
            kept.pop()
    return "".join(kept)


def as_it_came(output: str) -> str:
    """What a machine printed, as it is stored: unchanged, but for line ends (\\n), NUL and half surrogate pairs. Empty
    where nobody could see any of it."""
    text = _LINE_ENDS.sub("\n", _UNSTORABLE.sub("", output))
    return "" if _NOTHING.fullmatch(readable(text)) else text


def in_json(written: str) -> str:
    """JSON with what would control a terminal or turn the direction around spelled out: read, it is the same."""
    return _UNSEEN.sub(lambda found: "".join(f"\\u{ord(sign):04x}" for sign in found[0]), written)


def without_invisible(text: str) -> str:
    """`text` without characters that have no width, which stored text may have: for a terminal or another system."""
    return _INVISIBLE.sub("", text)


def clean(text: str) -> str:
    """`visible(text)` in NFC, without blank lines at its beginning and white space at its end: the first of several
    lines keeps its place among the others. Empty where nobody could see any of it."""
    text = unicodedata.normalize("NFC", visible(text)).rstrip()
    text = _BLANK_LINES.sub("", text) if "\n" in text else text
    text = text if "\n" in text else text.strip()
    return "" if _NOTHING.fullmatch(text) else text


def one_line(text: str) -> str:
    """`clean(text)` with every run of white space made one space."""
    return " ".join(clean(text).split())


_OPEN_END = re.compile(r"[\w)\]}\"'”’»%*]\Z")
_CODE_END = re.compile(r"\S*[/\\=@`|<>]\S*\Z")  # an address, a path, a value: a full stop would become a part of it


def as_sentences(text: str) -> str:
    """`text` with a full stop after each line that ends in a word: some ticket systems show line ends as blanks."""
    is_code, lines = False, []
    for line in text.split("\n"):
        is_code ^= line.lstrip().startswith("```")
        is_open = not is_code and _OPEN_END.search(line) and not _CODE_END.search(line)
        lines.append(f"{line}." if is_open else line)
    return "\n".join(lines)


def cut(text: str, length: int) -> str:
    """`text`, at most `length` characters, ending in an ellipsis where it was cut."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def as_id(text: str) -> int | None:
    """`text` as an id: at most 18 ASCII digits. None for anything else, which no row can have."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
