"""The line a senior would call "the error", found in the texts of a record without AI.

A text is what a machine printed, or what a person wrote (prose): in the latter an error is quoted, introduced ("it
says: …") or named by its code, and whatever else sounds like one is a complaint, not an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import takewhile

from resolutionflow.core.text import SHORT, cut, one_line, visible
from sessions_app.errors.lookalikes import is_quiet
from sessions_app.errors.output import WEIGHED, Hit, hits_in, is_beside, parts_of, surest, telling
from sessions_app.errors.patterns import EXCEPTION
from sessions_app.errors.screens import denies, is_on_screen, typed_off
from sessions_app.errors.speaking import speaking
from sessions_app.errors.weight import CERTAIN, ERROR, LIKELY, STAMP, WARNING, WEAK, level, names_error, weigh

__all__ = ["CERTAIN", "LIKELY", "WEAK", "ErrorLines", "find_error", "log_title", "opening_line"]

LINE = 300  # the longest line that is shown
OPENING = 160
PASTED = 15  # lines below a colon, in which what is announced is looked for
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
    """The line shown of a folded text: its error, else its first that says something, else its first."""
    lines = _lines(text)
    return _title(lines, OPENING) or _first(lines, _ANYTHING, OPENING)


def _title(lines: list[str], length: int) -> str:
    best = surest(lines)
    if best:
        return _fit(_joined(lines, parts_of(lines, best)), best.at, length)
    return _first(speaking(lines), _WORD, length) or _first(lines, _LETTER, length)


def _first(lines: list[str], having: re.Pattern[str], length: int) -> str:
    return cut(one_line(next(filter(having.search, lines), "")), length)


_WORD, _LETTER, _FIGURES, _ANYTHING = (re.compile(one) for one in (r"[^\W\d_]{2}", r"[^\W\d_]", r"\d", r"\S"))


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
    parts = parts_of(lines, hit)
    more = tuple(cut(one_line(lines[index]), LINE) for index in hit.more if index not in parts)
    return ErrorLines(_fit(_joined(lines, parts), hit.at, LINE), more, hit.score)


def _joined(lines: list[str], parts: Iterable[int]) -> str:
    return " ".join(lines[index].rstrip() for index in parts)


# --- what a person wrote -------------------------------------------------------------------------

_QUOTED = re.compile(
    r"\"([^\"\n]{3,600})\"|“([^”\n]{3,600})”|„([^“”\n]{3,600})[“”]|«([^»\n]{3,600})»|`([^`\n]{3,600})`"
    r"|(?<!\w)'((?:[^'\n]|(?<=\w)'(?=\w)){6,300})'(?!\w)"
)
# Before a quotation: that it is an error whatever it says, and that nobody saw it or it is only a name.
_FAILS_WITH = re.compile(
    r"\b(?:error|fehler|erreur|fails|failed|complains|refuses|bounces|bounced|stops|aborts|crashes|dies|bluescreen"
    r"|gets?|getting|receives?|bekommt|reçoit)\b[^.;!?]{0,40}$",
    re.I,
)
_NOT_SEEN = re.compile(
    r"\b(?:if|unless|no|no more|without|instead of|expected|expecting|never|not|button|option|group|folder|setting"
    r"|policy|menu|tab|field|subject|betreff|called|named|wenn|falls|kein|si)\b[^.;!?]{0,25}$"
    r"|\b(?:set|sets|switched|turned|changed|ticked|press(?:ed)?|click(?:ed)?|chose|select(?:ed)?)"
    r" (?:to |on |off |the )?\W?$",
    re.I,
)
_SPEECH = re.compile(r"(?:because|that|as|so|but|and|when|if|he|she|we|they|my|our|nothing|everything|always|never) ")
_SPOKEN = re.compile(
    r"\b(?:he|she|they|who|boss|user|customer|client|vendor|maker|manager|director|owner|support|provider|colleague|doctor)\b"
    r"[^.;!?]{0,20}\b(?:said|says|answers?|answered|words|wrote|writes|asked|insists?|calls?|thinks?|replied|reply)\b[^.;!?]{0,20}$",
    re.I,
)
_NAMED = re.compile(r" (?:policy|setting|option|button|group|folder|field|tab|menu|column|rule|box|page|list)\b")
_FINE = re.compile(
    r"success|welcome|ready|complete|up to date|connected$|\bok\b|healthy|enter (?:your|the)|please wait"
    r"|thank|updated$|passed",
    re.I,
)
_SAYS = re.compile(
    r"(?:\b(?P<verb>window|screen|display|dialog|pop-?up|box|panel|anzeige|fenster|says|say|said|shows?|showed|gets?|got|getting|reads?|message|messages|errors?|reported|reports|returns"
    r"|returned|displays|gives"
    r"|receives?|received|threw|throws|prints|answers|logs?|log has|fehler|meldung|meldet|zeigt|steht|stand"
    r"|(?-i:Reason|Cause|Grund|Raison|Details?)|erreur|affiche|dice|melding|geeft|zegt)"
    r"\b(?P<between>[^:\"“\n]{0,50})|\b(?:this|following)"
    r"(?: (?:at once|again|now|then|error|message|line|text|output|answer))?):\s+(?=\S)",
    re.I,
)
_ERROR_NO = re.compile(r"(?:errors?|fehler|erreur) \w*\d", re.I)
# "At logon: The …", and behind more than a few words.
_ABOUT = re.compile(r"(?:[\w'/-]{1,20} ){0,3}[\w'/-]{1,20}: (?=[A-Z0-9\[])|([^:\n]{1,90}): (?=[A-Z\[])")
_TO_YOU = re.compile(r"(?:Sorry, )?Your?\b")
_MACHINE_SAYS = re.compile(
    r"\b(?:it|display|screen|phone|handset|printer|copier|scanner|mfp|panel|box|pop-?up|window|dialog|banner|message|app"
    r"|portal|console|bounce|log|journal|screenshot|photo|picture|terminal|till|browser|client|service|program|tool|website|page"
    r"|test|device|machine|anzeige|display)"
    r" (?:just |still |now |only |then )?(?:says|said|shows|showed|reads|displays|returned|returns|zeigt|meldet)"
    r" (?=[A-Z0-9\[])"
)
_VERB = re.compile(
    r"\b(?:says?|said|shows?|showed|reads?|gets?|got|getting|gives?|gave|throws?|threw|returns?|returned|displays?|message"
    r"|errors?|reports?|answers?|prints|logs?|meldet|zeigt|affiche|bounced with|fails with|failed with)\b",
    re.I,
)
_INTRODUCES = re.compile(
    rf"(?:{_VERB.pattern}|\b(?:with|mit|avec|still|warns|reported|reporting|seeing|sees|sent|wrote|photo|screenshot|picture|pop-?up"
    r"|dialog|window|box|banner|screen|display|fenster|anzeige|fenêtre|event)\b)[^.;!?]{0,60}$|[:=(>]\s*$",
    re.I,
)
_SAYS_SO = re.compile(rf"{_VERB.pattern}[^!?]{{0,120}}$", re.I)
_MAY_NAME = re.compile(r"\d|_|[A-Z]{4}|[a-z][A-Z]|=|[Ff]ailed")  # what every code or name of an error has
_MARKED = re.compile(rf"{_MAY_NAME.pattern}|[:\"“„«`'’]")  # something that is quoted has one of these
_ASIDE = re.compile(r"\s*\((?:[^()]*\s)?(?:i|we|he|she|they|photo\w*)\b[^()]*\)\.?$", re.I)
_ANNOUNCES = re.compile(
    r"\b(?:lines?|log|says|said|shows?|reads?|message|error|output|screen|window|pop-?up|display|copied|copy|pasted|mail|text"
    r"|result|this|following|notification|event|protocol|report|got|see|anzeige|meldung)\b",
    re.I,
)
_BULLET = re.compile(r"\s*[-*•]\s")
_END = re.compile(r"[.!?][\"”“]?\s+(?=[\"'“A-ZÀ-Þ0-9\[(])")
_TALK = re.compile(
    r"\b(?:i|we|he|she|they|you|please|my|our|their|her|his|someone|nobody|sometimes|often"
    r"|(?-i:(?:the|our|their|a|one|my|this|her|his) )?(?-i:users?|clients?|customers?) [a-z]|again|since|annoyed"
    r"|call)\b",
    re.I,
)
_MILD = re.compile(rf"(?:warning|caution|note|hint)\b|{_TALK.pattern}", re.I)


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
    if _TALK.search(line) or _BULLET.match(line):
        return False
    if hit.score < CERTAIN:
        return hit.score == LIKELY and line[:1].isupper() and _is_below_colon(lines, hit.index)
    return len(lines) > 1 and bool(hit.more or names_error(line) or _is_printed(line))


def _is_below_colon(lines: list[str], index: int) -> bool:
    """Whether lines that a person announces with a colon go on without a gap down to this one."""
    for above in range(index - 1, max(-1, index - PASTED), -1):
        if lines[above].rstrip().endswith(":"):
            return bool(_ANNOUNCES.search(lines[above]))
        if not lines[above].strip():
            break
    return False


def _is_printed(line: str) -> bool:
    weight = weigh(line)
    return weight is not None and weight.printed


def _in_line(lines: list[str], index: int) -> ErrorLines | None:
    """What a line introduces or quotes; else the surest of its sentences, of several the last."""
    line = lines[index]
    if is_beside(lines, index) or is_quiet(line.lower()):
        return None
    if introduced := _introduced(line):
        return introduced
    best: ErrorLines | None = None
    for sentence in _sentences(line):
        quoted = _quoted(sentence)
        found = quoted if quoted and names_error(quoted.line) else _named_or(quoted, sentence)
        if found and (not best or found.score >= best.score):
            best = found
    return best


def _introduced(line: str) -> ErrorLines | None:
    """What stands behind "it says:", "the display shows" or "At logon:"."""
    says = _SAYS.search(line) if ": " in line else None
    if says and not _is_in_quotes(line, says.start()):
        told = says.end()
        if says["between"] and weigh(says["between"]):
            told = says.start("between")
        elif says["verb"] and _ERROR_NO.match(line, says.start()):
            told = says.start()
        if found := _told(_sentences(line[told:])) or _denied(line, says.end()):
            return found
    if says := _MACHINE_SAYS.search(line):
        return _told(_sentences(line[says.end() :]), only_first=True)
    if found := _denied(line, line.find(": ") + 2):
        return found
    about = _ABOUT.match(line)
    if not about or _is_in_quotes(line, about.end() - 2) or _TALK.search(_TO_YOU.sub("", line[about.end() :], count=1)):
        return None
    found = _told(_sentences(line[about.end() :]), only_first=True)
    return found if found and (not about[1] or found.score == CERTAIN) else None


def _denied(line: str, place: int) -> ErrorLines | None:
    """The first sentence behind this place, if a screen shows it and it says what is not, with those behind it that
    are errors too."""
    first, *others = _sentences(line[place:]) if place > 2 else [""]
    if not denies(line[:place], first):
        return None
    others = [_ASIDE.sub("", other) for other in others]
    rest = takewhile(lambda more: _weighed_as_printed(more) and not _TALK.search(more), others)
    return ErrorLines(cut(one_line(" ".join((first, *rest))), LINE), (), LIKELY)


def _is_in_quotes(line: str, place: int) -> bool:
    return any(found.start() < place < found.end() for found in _QUOTED.finditer(line))


def _told(sentences: list[str], *, only_first: bool = False) -> ErrorLines | None:
    """The first error of what is introduced, with the sentences right behind it that are errors too."""
    for place, sentence in enumerate(sentences[:1] if only_first else sentences):
        if found := None if only_first else _quoted(sentence):
            return found
        if found := _weighed_as_printed(sentence):
            rest = takewhile(lambda more: _weighed_as_printed(more) and not _TALK.search(more), sentences[place + 1 :])
            return replace(found, line=cut(" ".join((found.line, *rest)), LINE))
    return None


def _sentences(line: str) -> list[str]:
    """The sentences of a line; what is in quotation marks stays in one piece."""
    ends = list(_END.finditer(line))
    if not ends:
        return [line]
    quoted = [found.span() for found in _QUOTED.finditer(line)]
    kept = [end for end in ends if not any(first < end.start() < last - 2 for first, last in quoted)]
    places = [0, *(end.end() for end in kept)]
    return [line[first:last].rstrip() for first, last in zip(places, [*places[1:], len(line)], strict=True)]


def _quoted(sentence: str) -> ErrorLines | None:
    """The first error in quotation marks: what sounds like one, or whatever it fails with."""
    for found in _QUOTED.finditer(sentence):
        part, before = (
            next(part for part in found.groups() if part),
            sentence[max(0, found.start() - 80) : found.start()],
        )
        if _NOT_SEEN.search(before) or _NAMED.match(sentence, found.end()):
            continue
        if error := _weighed_as_printed(part):
            return error if _is_told(before, sentence, part) else replace(error, score=WEAK)
        fails = part.count(" ") > 1 and _FAILS_WITH.search(before) and not _FINE.search(part)
        if fails or is_on_screen(before, part):
            return ErrorLines(_fit(part, 0, LINE), (), LIKELY)
    return None


def _is_told(before: str, sentence: str, part: str) -> bool:
    """Whether something in quotation marks is a machine's: it names an error, or is all there is, or is introduced or
    begins with a capital in the middle of a sentence, and is not what somebody says."""
    if names_error(part):
        return True
    if not before.strip():
        return len(part) > len(sentence) * 2 // 3 or (part[0].isupper() and not _MILD.search(part))
    if _SPEECH.match(part) or (part[0].islower() and _SPOKEN.search(before)):
        return False
    return bool(part[0].isupper() or _INTRODUCES.search(before))


def _weighed_as_printed(text: str) -> ErrorLines | None:
    """What is quoted or introduced is a machine's: what it takes for likely is."""
    weight = weigh(text)
    if not weight or weight.score < LIKELY or not (weight.printed or " " in text.strip()):
        return None
    return ErrorLines(_fit(text, weight.at, LINE), (), weight.score)


def _named_or(quoted: ErrorLines | None, sentence: str) -> ErrorLines | None:
    """What is quoted, unless the sentence itself names an error."""
    found = _in_sentence(sentence)
    if quoted and not (found and found.score >= LIKELY and names_error(found.line)):
        return quoted
    return found


def _in_sentence(sentence: str) -> ErrorLines | None:
    """A code counts in a sentence, too, and the words of a machine after "it says"; what a person says of their own
    accord does not."""
    at = typed_off(sentence)
    if at is not None:
        return ErrorLines(_fit(sentence, at, LINE), (), LIKELY)
    names = bool(_MAY_NAME.search(sentence)) and names_error(sentence)
    weight = weigh(sentence) if names or _VERB.search(sentence) else None
    if not weight or not weight.printed:
        return None
    talks = bool(_TALK.search(sentence[:600]))
    score = weight.score if names else LIKELY + talks if _SAYS_SO.search(sentence[: weight.at]) else WEAK
    return ErrorLines(_fit(sentence, weight.at, LINE), (), max(WEAK, score - talks))
