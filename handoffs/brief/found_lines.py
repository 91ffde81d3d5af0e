"""The one-liners of the pick-up screen, found in the record without AI: affected, suspect, next, watch out, contact.

A line is a sentence of the record as somebody wrote it, with its source; nothing is invented or reworded. What a
machine wrote is no statement of anybody: of logs and outputs only what clearly speaks of people is read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from handoffs.brief.judging import FINDING, JUDGES, PART, Found, denied_words, rest, words_of_cause
from handoffs.brief.phrases import affected
from handoffs.brief.sentences import LIMIT, Sentence, machine, sentences

KINDS = tuple(JUDGES)
MOST = 3  # lines of a kind
LENGTH = 200  # characters of a line
_ENOUGH = 9  # candidates of a kind: older ones are not looked for
READ = 30_000  # characters of long texts, the newest first; the oldest, where it began, is read as well
_ENDS = 600  # characters of the other long ones: half of them from each end
_ANSWER = 160  # characters of an output that may be a person's answer
# A second line of these is worth its place only where it says something else, a weak one only beside so few strong.
_SAYS_ELSE = {"affected": 1, "suspect": 2}
WEAK = 4  # a lower score of these is worth a line only where nothing says more
CONFIRMED = 10  # the score of what somebody confirmed
_OVERTAKEN = ("affected", "suspect", "next_step")  # what is said of these later comes before what was confirmed
_BEGINNING = 40  # letters
TITLE = "session"  # the ref of the summary, which stands above the lines
_CLAUSE = re.compile(r"[,;:]\s+|\s[-–—]\s|\s(?=(?:and|but|so|then|because)\s)")


@dataclass(frozen=True)
class Source:
    """One text of the record: `kind` is step, output, message, note, log, branch (the active hypothesis' label) or
    confirmed (a line of which somebody said what it `says`: one of KINDS).

    Of a step: its `outcome`, whether it is `temporary`, and whether its branch is `active` still.
    """

    ref: str
    kind: str
    text: str
    outcome: str = ""
    temporary: bool = False
    active: bool = True
    says: str = ""


@dataclass(frozen=True)
class Line:
    """A sentence of the record, on one line of at most LENGTH characters, and the ref of its source."""

    text: str
    source: str


@dataclass(frozen=True)
class _Candidate:
    line: Line
    score: int
    age: int  # the place of its source: 0 is the newest
    hypothesis: frozenset[str] = frozenset()
    confirmed: bool = False


@dataclass(frozen=True)
class _Denial:
    age: int
    words: frozenset[str]
    text: str


def find_lines(sources: Sequence[Source]) -> dict[str, list[Line]]:
    """By kind, at most MOST lines of each, best first; `sources` come newest first."""
    found: dict[str, dict[str, _Candidate]] = {kind: {} for kind in KINDS}
    denials: list[_Denial] = []
    unjudged: list[tuple[Sentence, Source, int]] = []
    done: list[frozenset[str]] = []
    left = READ
    for age, source in enumerate(sources):
        for kind, candidate in _given(source, age):
            if source.kind != "confirmed" or not _is_done(kind, candidate, done):
                found[kind].setdefault(candidate.line.text, candidate)
        open_kinds = [kind for kind in KINDS if len(found[kind]) < _ENOUGH and _may_be(kind, source)]
        left -= min(len(source.text), LIMIT) if len(source.text) > _ENDS else 0
        most = LIMIT if left >= 0 or age >= len(sources) - 2 else _ENDS
        for sentence in _sentences(source, most) if open_kinds else ():
            denials += _denials(sentence, age)
            for kind, candidate in _judged(sentence, open_kinds, source, age, unjudged):
                if not _is_done(kind, candidate, done):
                    found[kind].setdefault(candidate.line.text, candidate)
        if source.kind == "step" and source.outcome != "pending":
            done.append(_stems(source.text[:LENGTH]))
        if source.outcome == "ruled_out":
            denials += _denials(Sentence(f"ruled out {source.text[:LENGTH]}"), age)
    if wanting := [kind for kind in _SAYS_ELSE if all(one.score < WEAK for one in found[kind].values())]:
        for kind, candidate in _of_the_rest(unjudged, wanting):
            found[kind].setdefault(candidate.line.text, candidate)
    found["suspect"] = {text: one for text, one in found["suspect"].items() if not _denied(one, denials)}
    return {kind: _best(kind, found[kind].values()) for kind in KINDS}


# --- candidates ---------------------------------------------------------------------------------


def _given(source: Source, age: int) -> Iterator[tuple[str, _Candidate]]:
    """What a source is by itself, whatever its words: a step to do, a temporary one, the active hypothesis."""
    text = " ".join(source.text[: 4 * LENGTH].split())
    if not text:
        return
    if source.kind == "branch" and source.active and text.lower() != "main":
        # Of one word or two it says nothing that the map of branches does not: what gives the cause comes first.
        yield "suspect", _Candidate(Line(_cut(text), source.ref), PART if text.count(" ") > 1 else 1, age)
    if source.kind == "confirmed":
        yield (
            source.says,
            _Candidate(Line(_cut(text), source.ref), CONFIRMED, age, words_of_cause(text), confirmed=True),
        )
    if source.kind == "step" and source.outcome == "pending":
        yield "next_step", _Candidate(Line(_cut(text), source.ref), 9 if source.active else 8, age)
    if source.kind == "step" and source.temporary:
        yield "watch_out", _Candidate(Line(_cut(text), source.ref), 8, age)


def _sentences(source: Source, most: int) -> Iterable[Sentence]:
    if source.kind in ("branch", "confirmed"):
        return ()
    if source.kind in ("output", "log"):
        return _said_by_people(source, most)
    return sentences(source.text, asks=source.kind == "step", most=most)


def _said_by_people(source: Source, most: int) -> Iterator[Sentence]:
    """The whole of a short output that reads like an answer; of longer ones and logs, lines about affected."""
    text = source.text.strip()
    if "\n" not in text and len(text) <= _ANSWER and not machine(text) and not affected.OF_A_MACHINE.search(text):
        yield from sentences(text)
    else:
        about = (sentence for sentence in sentences(text, most=most) if not affected.OF_A_MACHINE.search(sentence.text))
        yield from (sentence for sentence in about if affected.ABOUT_PEOPLE.search(sentence.low))


def _judged(
    sentence: Sentence, kinds: list[str], source: Source, age: int, unjudged: list[tuple[Sentence, Source, int]]
) -> Iterator[tuple[str, _Candidate]]:
    """By the kinds the sentence is of; where it is of none it goes to `unjudged`."""
    judged = [(kind, found) for kind in kinds if (found := JUDGES[kind](sentence))]
    if not judged and source.kind in ("message", "note") and source.ref != TITLE:
        unjudged.append((sentence, source, age))
    for kind, found in judged:
        if _counts(kind, found.score, sentence, source):
            line = Line(_excerpt(sentence, found), source.ref)
            score = 1 if source.ref == TITLE and kind in _SAYS_ELSE else found.score
            yield kind, _Candidate(line, score, age, found.hypothesis)


def _of_the_rest(
    unjudged: Iterable[tuple[Sentence, Source, int]], kinds: Collection[str]
) -> Iterator[tuple[str, _Candidate]]:
    """What sentences of no kind may say of a kind of which nothing better was found."""
    for sentence, source, age in unjudged:
        if (left := rest(sentence)) and left[0] in kinds:
            kind, found = left
            line = Line(_excerpt(sentence, found), source.ref)
            yield kind, _Candidate(line, found.score, age, found.hypothesis)


def _counts(kind: str, score: int, sentence: Sentence, source: Source) -> bool:
    """Whether such a source may say this: a step tells what was done, and only then what it was like."""
    if kind == "affected" and source.kind != "message":
        return score > 3 or source.kind == "note" or bool(sentence.asked)
    if kind == "suspect" and score in (FINDING, PART) and source.kind == "step":
        return source.outcome in ("worked", "inconclusive")
    if kind == "suspect" and score == FINDING:
        return False
    if kind == "watch_out" and source.outcome in ("skipped", "pending"):
        return score > 6 or bool(sentence.asked)
    return True


def _may_be(kind: str, source: Source) -> bool:
    if source.kind in ("output", "log"):
        return kind == "affected" or (kind != "contact" and source.kind == "output" and "\n" not in source.text.strip())
    if source.kind == "step" and kind in ("next_step", "suspect"):
        # A step is what was done: what its text proposes has been tried, or is to do and given already.
        return kind == "suspect" and source.active and source.outcome not in ("ruled_out", "failed", "pending")
    return kind != "suspect" or source.active


def _denials(sentence: Sentence, age: int) -> Iterator[_Denial]:
    """What a sentence takes back."""
    return (_Denial(age, words, sentence.text) for words in denied_words(sentence))


def _is_done(kind: str, candidate: _Candidate, done: list[frozenset[str]]) -> bool:
    """Whether it is to be tried, and one of the steps since did it: most of its words are in the step, in some form."""
    stems = _stems(candidate.line.text) if done and kind == "next_step" else frozenset()
    return any(len(stems & step) * 2 > len(stems) for step in done)


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:4] for word in re.findall(r"[\w.-]+", text.lower()) if len(word) > 3)


def _denied(candidate: _Candidate, denials: list[_Denial]) -> bool:
    """Whether something said elsewhere, later, takes the hypothesis back: all that it denies is in the hypothesis."""
    return any(
        denial.age <= candidate.age and denial.words <= candidate.hypothesis and denial.text != candidate.line.text
        for denial in denials
    )


# --- lines --------------------------------------------------------------------------------------


def _best(kind: str, candidates: Collection[_Candidate]) -> list[Line]:
    chosen: list[_Candidate] = []
    confirmed = min((one.age for one in candidates if one.confirmed), default=0) if kind in _OVERTAKEN else 0
    for candidate in sorted(candidates, key=lambda one: (_older(one, confirmed), -one.score, one.age)):
        if len(chosen) == MOST or (chosen and candidate.score == 1 < chosen[0].score):
            break  # the last score is a last resort
        if not any(_same(candidate.line, other.line) for other in chosen) and (
            kind not in _SAYS_ELSE or _says_else(candidate, chosen, _SAYS_ELSE[kind])
        ):
            chosen.append(candidate)
    return [candidate.line for candidate in chosen]


def _older(candidate: _Candidate, confirmed: int) -> bool:
    """Whether it is no clear word that came after what was confirmed."""
    return candidate.age >= confirmed or candidate.score < WEAK


def _same(one: Line, other: Line) -> bool:
    """Whether one is in the other, or both are the beginning of the same."""
    short, long = sorted((_letters(one.text), _letters(other.text)), key=len)
    return short in long or (one.source == other.source and short[:_BEGINNING] == long[:_BEGINNING])


def _says_else(candidate: _Candidate, chosen: list[_Candidate], room: int) -> bool:
    if candidate.score < PART and any(other.score >= WEAK for other in chosen):
        return False
    if candidate.score < WEAK and sum(other.score >= WEAK for other in chosen) >= room:
        return False
    words = _words(candidate.line)
    return all(len(words & _words(other.line)) * 2 <= len(words) for other in chosen)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def _words(line: Line) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"[\w.-]+", line.text.lower()) if len(word) > 3)


def _excerpt(sentence: Sentence, found: Found) -> str:
    """The sentence, or of a long one what surrounds the words that were found; after its question, if it needs it."""
    text = sentence.text
    if found.with_question and len(sentence.asked) + len(text) < LENGTH:
        return f"{sentence.asked} {text}"
    if len(text) <= LENGTH:
        return text
    begin = _clause_before(text, found.start)
    if len(text) - begin <= LENGTH:
        begin = max(0, text.find(" ", len(text) - LENGTH + 2) + 1)
    return ("… " if begin else "") + _cut(text[begin:], LENGTH - (2 if begin else 0))


def _clause_before(text: str, at: int) -> int:
    """Where the clause begins that holds `at`, or some word not far before it."""
    start = max(0, at - LENGTH // 4)
    if start == 0:
        return 0
    clause = _CLAUSE.search(text, start, at + 1)
    return clause.end() if clause else text.find(" ", start, at + 1) + 1


def _cut(text: str, length: int = LENGTH) -> str:
    """`text`, at most `length` characters, cut between two words."""
    if len(text) <= length:
        return text
    at = text.rfind(" ", length // 2, length - 1)
    return text[: at if at > 0 else length - 1].rstrip(" ,;:-") + "…"
