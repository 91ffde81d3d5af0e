"""How much a model reads of a text, counted without asking anybody, and texts cut so that it is not more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from resolutionflow.core.text import readable, without_invisible

END = 16_000  # characters at each end of a text that are read; one of no more than twice as many is read whole
BEGINNING = 6_000  # of a text that is told in short: no more of it is read

# Tokens of ASCII, and bytes of all else. Against the vocabulary that the vendor published (of an older model; the newer
# ones are not), this counts one and a half times what there is for English prose, about what there is for logs, paths,
# scripts and JSON, base64, hexadecimal and identifiers (0.93 to 1.3), and for other scripts by 2 tokens for 3 bytes
# between 0.9 (Polish, rare Chinese) and 2.4 (common Chinese; Greek, Arabic, Thai and emoji are near 1.1). Characters
# divided by 3.5 count half of what base64 and Greek have, bytes divided by 3 two thirds of a log.
_ASCII = re.compile(r'"[:,] "|\{"|"\}|\\.|[A-Z]?[a-z]{1,4}|[A-Z]|[0-9]{1,2}| {2,16}|[!-/:-@\[-`{-~\n]')
_OTHER = re.compile(r"[^\x00-\x7f]+")
_MOST = 16  # characters that count as one

_LINE_ENDS = re.compile("[\u0085\u2028\u2029]")  # as str.splitlines() has them beside those that JSON escapes


def count_tokens(written: str) -> int:
    """About how many tokens a model reads in this, rather more than fewer; of lines the sum of theirs."""
    others = "".join(_OTHER.findall(written))
    ascii_only = _OTHER.sub("\0", written) if others else written  # which stands for no token
    return len(_ASCII.findall(ascii_only)) - (-2 * len(others.encode()) // 3)


def as_line(item: Mapping[str, Any]) -> str:
    """The item as one line of JSON: without characters only a model would read, and none that may end a line."""
    written = without_invisible(json.dumps(item, ensure_ascii=False))
    return _LINE_ENDS.sub(lambda end: f"\\u{ord(end[0]):04x}", written)


def cost_of(item: Mapping[str, Any]) -> int:
    """The tokens of its line, with the end of the line."""
    return count_tokens(as_line(item)) + 1


@dataclass(frozen=True)
class Text:
    """A text, or both ends of a very long one, or its beginning: so many characters were not read.

    Of an end the half beside these is never shown: there may be a piece of a secret that is not known for one. The
    private key of a certificate has some 3,000 characters.
    """

    head: str
    tail: str = ""
    unread: int = 0

    @classmethod
    def of(cls, whole: str) -> Self:
        """What is read of a text that is at hand."""
        return cls.ends(whole[:END], whole[-END:], len(whole))

    @classmethod
    def ends(cls, head: str, tail: str, length: int) -> Self:
        """Of a text of this length its first and its last END characters."""
        if length > 2 * END:
            return cls(head, tail, length - 2 * END)
        return cls(head + tail[2 * END - length :] if length > END else head)

    @classmethod
    def beginning(cls, head: str, length: int) -> Self:
        """Of a text of this length its first BEGINNING characters."""
        return cls(head, unread=max(0, length - BEGINNING))

    @property
    def parts(self) -> list[str]:
        """What is redacted, each by itself: as a terminal shows it, without what nobody sees."""
        return [without_invisible(readable(part)) for part in (self.head, self.tail) if part]

    def redacted(self, parts: Sequence[str]) -> Text:
        """With these in place of its own parts, and without its edges."""
        head, tail = [*parts, "", ""][:2]
        if not self.unread:
            return Text(head)
        inner = head[: -(len(self.head) // 2)], tail[len(self.tail) // 2 :]
        return Text(*inner, self.unread + len(head) + len(tail) - len(inner[0]) - len(inner[1]))

    @property
    def least_tokens(self) -> int:
        """What it has at the very least."""
        return (len(self.head) + len(self.tail)) // _MOST

    @property
    def tokens(self) -> int:
        """What it has in JSON, of what was read."""
        return sum(_tokens_in_json(part) for part in (self.head, self.tail))

    def fitted(self, room: int) -> tuple[str, int]:
        """As much of it as has at most so many tokens in JSON, cut in its middle where it has more, with the cut
        visible; and how many characters were cut."""
        if not self.unread and len(self.head) <= room * _MOST and _tokens_in_json(self.head) <= room:
            return self.head, 0
        head, tail = self.head, self.tail if self.unread else self.head
        length = len(self.head) + len(self.tail) + self.unread
        most = min(max(len(head), len(tail)), room * _MOST)
        if not self.unread:
            most = min(most, (length - 1) // 2)
        few, many = 0, most
        while few < many:  # the most characters of each end that fit
            half = (few + many + 1) // 2
            if _tokens_in_json(_joined(head, tail, half, length)) <= room:
                few = half
            else:
                many = half - 1
        return _joined(head, tail, few, length), length - len(head[:few]) - len(_last(tail, few))


def _joined(head: str, tail: str, half: int, length: int) -> str:
    first, last = head[:half], _last(tail, half)
    return f"{first}[… {length - len(first) - len(last):,} characters cut …]{last}"


def _last(text: str, count: int) -> str:
    return text[-count:] if count else ""


def _tokens_in_json(text: str) -> int:
    return count_tokens(as_line({"": text})) - _EMPTY


_EMPTY = count_tokens(as_line({"": ""}))


def even_share(needs: Iterable[int], room: int) -> int:
    """The most that each may have of this room: what some do not need the others have."""
    waiting = sorted(needs)
    for at, need in enumerate(waiting):
        if need * (len(waiting) - at) > room:
            return room // (len(waiting) - at)
        room -= need
    return room
