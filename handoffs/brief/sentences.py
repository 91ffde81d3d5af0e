"""Prose as people type it, split into sentences: messages, notes and steps, with what a machine wrote left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from handoffs.brief.phrases import asides, over

LIMIT = 8_000  # characters read of one source, of a longer one half of them from each end
_KEPT = 1_000  # characters of a text whose sentences are kept
LONGEST = 600  # of a sentence; longer ones are broken at a blank


class Sentence:
    """One sentence, on one line; `asked` is the question it answers, `heading` the heading it stands under.

    `low` is the text in small letters with straight apostrophes, as long as it, with what is about no trouble blanked;
    `words` what is in it between blanks and marks, and "#" where it has a digit; `labelled` says whether it may begin
    with what it is ("Affected: …"). What was found in it is kept in `judged`, by kind: the same sentence is read at
    every look at its record.
    """

    __slots__ = ("asked", "heading", "judged", "labelled", "low", "question", "text", "words")

    def __init__(self, text: str, *, asked: str = "", heading: str = "") -> None:
        low = text.lower().replace("’", "'")
        self.text, self.asked, self.heading = text, asked, heading
        self.judged: dict[str, Any] = {}
        low = low if len(low) == len(text) else text.replace("’", "'")
        self.labelled = not _LABEL_ENDS.isdisjoint(text[:34])
        words = _words_in(low)
        self.low = over.blanked(asides.blanked(low, words), words)
        self.words = words if self.low == low else _words_in(self.low)
        asks = "?" in text[-4:] and text.rstrip("\"') ").endswith("?")
        self.question = asks or bool(_QUESTION.match(self.low))


def _words_in(low: str) -> frozenset[str]:
    words = low.translate(_MARKS).split()
    if "'s" in low:
        words += [word[:-2] for word in words if word.endswith("'s")]
    if _DIGIT.search(low):
        words.append("#")
    return frozenset(words)


def sentences(text: str, *, asks: bool = False, most: int = LIMIT) -> Iterable[Sentence]:
    """The sentences of `text`, of the beginning and the end of one longer than `most`; where it `asks` (a step), a
    question and then its answer, each sentence of the answer knows the question."""
    text = _ends_of(text, most)
    return _kept(text, asks) if len(text) < _KEPT else _split(text, asks)


def _ends_of(text: str, most: int) -> str:
    """`text`, or its beginning up to the end of a sentence and its end from the beginning of one."""
    if len(text) <= most:
        return text
    first, last = text[: most // 2], text[-(most // 2) :]
    stop = max(first.rfind("\n"), first.rfind(". ") + 1)
    start = min(at for at in (last.find("\n"), last.find(". ") + 1, len(last)) if at > 0)
    if stop > len(first) - LONGEST:
        first = first[:stop]
    if start < LONGEST:
        last = last[start:]
    return f"{first}\n\n{last}"


@lru_cache(maxsize=2_000)
def _kept(text: str, asks: bool) -> tuple[Sentence, ...]:
    """The same record is read at every look at it."""
    return tuple(_split(text, asks))


def _split(text: str, asks: bool) -> Iterator[Sentence]:
    asked = heading = ""
    for line in _lines(text):
        if not line:
            heading = ""
            continue
        if found := _HEADING.fullmatch(line):
            heading = (found[1] or found[2] or found[3]).lower()
            continue
        parts = _parts(line)
        for part in parts:
            yield Sentence(part, asked=asked, heading=heading)
        if asks and parts:
            asked = parts[-1] if parts[-1].endswith("?") else asked


def words_of(text: str) -> set[str]:
    """What is in `text` between blanks and marks, in small letters: a quick look at whether it is worth reading."""
    return set(text.lower().translate(_MARKS).split())


def machine(line: str) -> bool:
    """Whether a line was written by a machine: a log, a prompt, a trace, code."""
    return bool(_MACHINE.match(line)) or (len(line) > 30 and len(line.translate(_LETTERS)) > 0.55 * len(line))


# A question that somebody typed without its mark.
_QUESTION = re.compile(
    r"(?:(?:so|and|or|but|also),? )?(?:(?:do|does|did|is|are|was|were|have|can|will) (?:you|they|he|she|i|any ?one"
    r"|any ?body|every ?one|every ?body)\b(?!,)|(?:is|was|does|will) it\b(?!,)|(?:how (?:many|do|can|come)|who"
    r" (?:else|has)"
    r"|which of|what about|why (?:is|are|does|do|did))\b)"
)
_LABEL_ENDS = frozenset(":=–—-")
_DIGIT = re.compile(r"\d")
_MARKS = str.maketrans(dict.fromkeys(',.;:!?()[]{}<>"“”„`*_/\\|=+#~&-–—…', " "))
_LETTERS = str.maketrans(dict.fromkeys("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ äöüéèáß'"))
_HEADING = re.compile(r"#{1,4} *([\w /'-]{3,40}):?|\*\*([\w /'-]{3,40}):?\*\*:?|([A-Za-z][\w /'()-]{2,40}):")
_BULLET = re.compile(r"(?:[>|]+ ?)*(?:[-*•–—o·▪>]|->|=>|\(?\d{1,2}[.)]|[a-z]\)|\[[ x]?\])\s+(?:\[[ x]?\]\s+)?", re.I)
_MACHINE = re.compile(
    r"\W?\d{4}[-/.]\d\d[-/.]\d\d[T ,]+\d\d:\d\d|\[?[A-Z]?[a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d|\[?\d\d[:.]\d\d[:.]\d\d\b"
    r"|[A-Z]:\\\S*>|PS [A-Z]:|[\w.-]{1,60}@[\w.-]{1,60}:\S*[$#]|(?:\$|#|>>>|%) \S|at [\w.$]+\(|<[^>]{1,80}>|[{}]|\[\{"
    r"|(?:Reply from|Pinging|Ping statistics|Request timed out|Traceback|Exception|Caused by:)"
    r"|\W?(?:ERROR|INFO|DEBUG|FATAL|TRACE|WARN)\b|[\w.-]{1,60}=\S+(?: [\w.-]{1,60}=\S+)*$"
    r"|(?:MAIL|RCPT|EHLO|HELO) |\d{3} \d\.\d\.\d\b"
)
_END = re.compile(r"([.!?…]+)[\"')\]”]*\s+|;\s+|[.!?](?=(?:I|We|It|They|The|She|He|Please|Do|Next|Call|Ask)\b)")
_SHORT = re.compile(
    r"(?:^|[\s(/])(?:e\.?g|i\.?e|approx|ext|tel|mob|ph|mr|mrs|ms|dr|sra?|srta|prof|st|vs|incl|dept|bldg|prob|poss"
    r"|resp|temp|attn"
    r"|esp|orig|max|min|no|nr|a\.?k\.?a|w|c)\.$",
    re.I,
)
_ABOUT = re.compile(r"(?:^|[\s(])[Cc]a\.$")  # CA is an authority
_EITHER_WAY = re.compile(r"(?:max|min|no|nr|etc|inc|ltd|temp|sr|st|w|c)\.$", re.I)  # may end a sentence as well
_HALF_DAY = re.compile(r"\b[ap]\.m\.$", re.I)
_INITIAL = re.compile(r"(?:^|\s)[A-Z]\.$")


def _lines(text: str) -> Iterator[str]:
    """Its lines, without bullets and what machines wrote; one that goes on in the next is joined with it."""
    held, fenced, prompt = "", False, False
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("```"):
            fenced = not fenced
            continue
        bullet = _BULLET.match(line)
        line = line[bullet.end() :] if bullet else line.lstrip("> ")
        if fenced or (line and machine(line)):
            line = ""
            prompt = True
        if held and line and not bullet and len(held) > 50 and line[0].islower() and held[-1] not in ".!?:;":
            held = f"{held} {line}"
            continue
        if held:
            yield " ".join(held.split())
        if not line and not prompt:
            yield ""
        held, prompt = line, False
    if held:
        yield " ".join(held.split())


def _parts(line: str) -> list[str]:
    """The sentences of one line."""
    parts, start = [], 0
    for end in _END.finditer(line):
        if end[1] == "." and not _ends(
            line[max(start, end.start() - 12) : end.start() + 1], line[end.end() : end.end() + 1]
        ):
            continue
        parts.append(line[start : end.end()].rstrip(" ;"))
        start = end.end()
    parts.append(line[start:].rstrip(" ;"))
    return [piece for part in parts if part for piece in _pieces(part)]


def _ends(before: str, after: str) -> bool:
    """Whether the full stop that `before` ends with ends a sentence, when `after` is what comes next."""
    if _SHORT.search(before):
        return bool(_EITHER_WAY.search(before)) and not after.isdigit() and not after.islower()
    if _HALF_DAY.search(before):
        return after.isupper()
    return not _INITIAL.search(before) and not _ABOUT.search(before)


def _pieces(part: str) -> Iterator[str]:
    while len(part) > LONGEST:
        at = part.rfind(" ", LONGEST // 2, LONGEST)
        at = at if at > 0 else LONGEST
        yield part[:at]
        part = part[at:].lstrip()
    yield part
