"""The line a senior would call "the error", found in the texts of a record without AI.

A text is what a machine printed, or what a person wrote (prose): in the latter an error is quoted, introduced ("it
says: …") or named by its code, and whatever else sounds like one is a complaint, not an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from resolutionflow.core.text import SHORT, cut, one_line, visible
from sessions_app.errors.lookalikes import is_quiet
from sessions_app.errors.output import WEIGHED, Hit, hits_in, is_beside, surest, telling
from sessions_app.errors.patterns import EXCEPTION
from sessions_app.errors.weight import CERTAIN, ERROR, LIKELY, STAMP, WARNING, WEAK, level, names_error, weigh

__all__ = ["CERTAIN", "LIKELY", "WEAK", "ErrorLines", "find_error", "log_title", "opening_line"]

LINE = 300  # the longest line that is shown
OPENING = 160
HEAD, TAIL = 20_000, 100_000  # of a longer text only so much is read: how it began, and how it ended
LONGEST = 1_000  # a line that is longer is read in pieces


@dataclass(frozen=True)
class ErrorLines:
    """An error as it was printed: the line that tells it, up to two that belong to it, and how surely it is one."""

    line: str
    more: tuple[str, ...]
    score: int


def find_error(text: str, *, prose: bool = False) -> ErrorLines | None:
    """The error in a machine's output, or in what a person wrote: the sentence or line that quotes it; or None."""
    lines = _lines(text)
    if prose:
        return _in_prose(lines)
    best = surest(lines)
    return _shown(lines, best) if best else None


def log_title(log: str) -> str:
    """A title for a session opened with this log: its error, else its first line that says something; "" if none."""
    lines = _lines(log)
    return _title(lines, SHORT) or _first(lines, _FIGURES, SHORT)


def opening_line(text: str) -> str:
    """The line shown of a folded text: its error, else its first with letters, else its first."""
    lines = _lines(text)
    return _title(lines, OPENING) or _first(lines, _ANYTHING, OPENING)


def _title(lines: list[str], length: int) -> str:
    best = surest(lines)
    if best:
        return _fit(lines[best.index], best.at, length)
    return _first([line for line in lines if not _BANNER.match(line)], _WORD, length) or _first(lines, _LETTER, length)


def _first(lines: list[str], having: re.Pattern[str], length: int) -> str:
    return cut(one_line(next(filter(having.search, lines), "")), length)


_WORD, _LETTER, _FIGURES, _ANYTHING = (re.compile(one) for one in (r"[^\W\d_]{2}", r"[^\W\d_]", r"\d", r"\S"))
_BANNER = re.compile(
    r"\s*(?:Microsoft Windows \[Version|\(c\) |Copyright|Windows PowerShell$|Last login:|\S*[>$#]\s*$|[a-z]{2,9}\s*$"
    r"|Script started)",
    re.I,
)


# --- the text, line by line ----------------------------------------------------------------------

# What a terminal is told in between: its title, and colours whose escape character was lost on the way or spelled out.
_TERMINAL = re.compile(
    r"\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)|\^\[\[[0-9;]{0,24}[A-HJKfm]"
    r"|\[(?:0|0?1(?!m\])|[349]\d|10\d)(?:;\d{1,3}){0,4}m"
)
_UNUSUAL = re.compile(r"[^\t\n -~\xa0-\u2009\u2010-\u2027\u20a0-\u20bf]")  # quicker than to take these away from all
_PIECE = re.compile(rf".{{1,{LONGEST}}}(?:[\s,;}}]|$)|.{{1,{LONGEST}}}")


def _lines(text: str) -> list[str]:
    """The lines of a text, of a huge one those at its ends, without what a terminal is told."""
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]}\n{text[-TAIL:]}"
    text = _TERMINAL.sub("", text)
    lines = (visible(text) if _UNUSUAL.search(text) else text).split("\n")
    if max(map(len, lines)) <= LONGEST:
        return lines
    return [piece for line in lines for piece in (_PIECE.findall(line) if len(line) > LONGEST else [line])]


def _fit(line: str, at: int, length: int) -> str:
    """The line tidied, and cut to `length` around what makes it an error."""
    line = line.strip()
    before, after, whole = one_line(line[:at]), one_line(line[at:]), one_line(line)
    if len(whole) <= length or len(before) < length // 2:
        return cut(whole, length)
    lead = before[-(length // 3) :]
    return cut(f"…{lead.partition(' ')[2] or lead} {after}", length)


def _shown(lines: list[str], hit: Hit) -> ErrorLines:
    more = tuple(cut(one_line(lines[index]), LINE) for index in hit.more)
    return ErrorLines(_fit(lines[hit.index], hit.at, LINE), more, hit.score)


# --- what a person wrote -------------------------------------------------------------------------

_QUOTED = re.compile(
    r"\"([^\"\n]{3,600})\"|“([^”\n]{3,600})”|„([^“”\n]{3,600})[“”]|«([^»\n]{3,600})»|`([^`\n]{3,600})`"
    r"|(?<!\w)'([^'\n]{6,300})'(?!\w)"
)
_SAYS = re.compile(
    r"(?:\b(?:says|say|said|shows?|showed|gets?|got|getting|reads?|message|messages|errors?|reported|reports|returns"
    r"|returned|displays|popup|pop-up|gives"
    r"|receives?|received|threw|throws|prints|answers|logs?|log has|fehler|meldung|meldet|zeigt|erreur|affiche|dice"
    r"|melding|geeft|zegt)"
    r"\b[^:\"“\n]{0,50}|\b(?:this|following)"
    r"(?: (?:at once|again|now|then|error|message|line|text|output|answer))?):\s+(?=\S)",
    re.I,
)
_ABOUT = re.compile(r"(?:[\w'/-]{1,20} ){0,3}[\w'/-]{1,20}: (?=[A-Z0-9])")  # "At logon: The …"
_VERB = re.compile(
    r"\b(?:says?|said|shows?|showed|reads?|gets?|got|getting|gives?|gave|throws?|threw|returns?|returned|displays?|message"
    r"|errors?|reports?|answers?|prints|logs?|meldet|zeigt|affiche|bounced with|fails with|failed with)\b",
    re.I,
)
_SAYS_SO = re.compile(rf"{_VERB.pattern}[^!?]{{0,120}}$", re.I)
_MAY_NAME = re.compile(r"\d|_|[A-Z]{4}|[a-z][A-Z]|=|[Ff]ailed")  # what every code or name of an error has
_MARKED = re.compile(rf"{_MAY_NAME.pattern}|[:\"“„«`'’]")  # something that is quoted has one of these
_BULLET = re.compile(r"\s*[-*•]\s")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[\"'“A-ZÀ-Þ0-9\[(])")
_TALK = re.compile(
    r"\b(?:i|we|he|she|they|you|please|my|our|their|her|his|someone|nobody|sometimes|often"
    r"|(?-i:(?:the|our|their|a|one|my|this|her|his) )?(?-i:users?|clients?|customers?) [a-z]|again|since|annoyed"
    r"|call)\b",
    re.I,
)


def _in_prose(lines: list[str]) -> ErrorLines | None:
    """The surest error quoted; of several the last. Lines that look pasted are read as a machine's output."""
    if len(lines) == 1 and not (_MARKED.search(lines[0]) or _VERB.search(lines[0])):
        return None
    may_be_pasted = len(lines) > 1 or EXCEPTION.match(lines[0]) or level(lines[0]) is not None
    if not may_be_pasted:
        return _in_line(lines, 0)
    pasted = {hit.index: hit for hit in hits_in(lines) if _looks_pasted(lines, hit)}
    best: ErrorLines | None = None
    beside = {index for hit in pasted.values() for index in hit.more}
    for index in sorted({*telling(lines, most=WEIGHED // 2), *pasted} - beside, reverse=True):
        found = _shown(lines, pasted[index]) if index in pasted else _in_line(lines, index)
        if found and (not best or found.score > best.score):
            best = found
    return best


def _looks_pasted(lines: list[str], hit: Hit) -> bool:
    """Whether a line was pasted: it has a time or a level or names an exception; or, among others, is an error for
    certain and talks like no person."""
    line = lines[hit.index]
    if EXCEPTION.match(line) or (level(line) or 0) >= (WARNING if STAMP.match(line) else ERROR):
        return hit.score >= LIKELY
    if hit.score < CERTAIN or _TALK.search(line) or _BULLET.match(line):
        return False
    return len(lines) > 1 and bool(hit.more or names_error(line) or _is_printed(line))


def _is_printed(line: str) -> bool:
    weight = weigh(line)
    return weight is not None and weight.printed


def _in_line(lines: list[str], index: int) -> ErrorLines | None:
    """What a line introduces or quotes; else the surest of its sentences, of several the last."""
    line = lines[index]
    if is_beside(lines, index) or is_quiet(line.lower()):
        return None
    if says := _SAYS.search(line):
        for sentence in _SENTENCE.split(line[says.end() :]):
            if (found := _quoted(sentence)) or (found := _weighed_as_printed(sentence)):
                return found
    about = _ABOUT.match(line)
    if about and not _TALK.search(line, about.end()):
        introduced = _weighed_as_printed(_SENTENCE.split(line[about.end() :])[0])
        if introduced:
            return introduced
    best: ErrorLines | None = None
    for sentence in _SENTENCE.split(line):
        found = _quoted(sentence) or _in_sentence(sentence)
        if found and (not best or found.score >= best.score):
            best = found
    return best


def _quoted(sentence: str) -> ErrorLines | None:
    """The first error in quotation marks."""
    parts = (next(part for part in found.groups() if part) for found in _QUOTED.finditer(sentence))
    return next(filter(None, map(_weighed_as_printed, parts)), None)


def _weighed_as_printed(text: str) -> ErrorLines | None:
    """What is quoted or introduced is a machine's: what it takes for likely is."""
    weight = weigh(text)
    if not weight or weight.score < LIKELY or not (weight.printed or " " in text.strip()):
        return None
    return ErrorLines(_fit(text, weight.at, LINE), (), weight.score)


def _in_sentence(sentence: str) -> ErrorLines | None:
    """A code counts in a sentence, too, and the words of a machine after "it says"; what a person says of their own
    accord does not."""
    names = bool(_MAY_NAME.search(sentence)) and names_error(sentence)
    weight = weigh(sentence) if names or _VERB.search(sentence) else None
    if not weight or not weight.printed:
        return None
    talks = bool(_TALK.search(sentence[:600]))
    score = weight.score if names else LIKELY + talks if _SAYS_SO.search(sentence[: weight.at]) else WEAK
    return ErrorLines(_fit(sentence, weight.at, LINE), (), max(WEAK, score - talks))
