"""What the texts of a record say of each kind of line: candidates, of which found_lines.py chooses.

What a machine wrote is no statement of anybody: of logs and outputs only what clearly speaks of people is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from handoffs.brief.judging import (
    JUDGES,
    denied_words,
    goes_on_about_somebody,
    is_context,
    is_own_action,
    is_personal,
    judge,
    rest,
    says_why,
    words_of_cause,
)
from handoffs.brief.parts import FINDING, PART, Found
from handoffs.brief.people import is_of_the_technology, opening_line
from handoffs.brief.phrases import affected
from handoffs.brief.sentences import LIMIT, Sentence, machine, sentences, words_of

KINDS = tuple(JUDGES)
LENGTH = 200  # characters of a line
_ENOUGH = 9  # candidates of a kind: older ones are not looked for
READ = 30_000  # characters of long texts, the newest first; the oldest, where it began, is read as well
_ENDS = 600  # characters of the other long ones: half of them from each end
_ANSWER = 160  # characters of an output that may be a person's answer
# A lower score is worth a line only where nothing says more; of the kinds that are told in many ways, the rest is read.
WEAK = 4
SAYS_ELSE = {"affected": 1, "suspect": 2}
CONFIRMED = 10  # the score of what somebody confirmed
_LEADING = 9  # of the hypothesis that is worked on: it stands before any other hunch
_POINTED_AT = 5  # of a sentence of which the next one says that this is it
TITLE = "session"  # the ref of the summary, which stands above the lines
_OPENING = ("m1", "m2", "m3")  # the first of these begins with what is wrong, and for whom
_CAUTION = 6  # the score of a warning that is no order
_IS_OF_IT = 5  # a higher score says what a sentence is of
_JOINED = ("affected", "watch_out", "contact")  # of these, sentences that follow each other are one line
_IN_CONTEXT = 180  # characters of a suspicion with the sentence beside it
_OF_PEOPLE = ("suspect", "next_step", "watch_out")  # what no machine thinks, even where it says so
_ONE_THING = 2  # words of a hypothesis that is nothing but a name
# Behind what a step was of: where, and by what.
_TRIED_ON = re.compile(r"[,;:.(]|\b(?:on|of|at|in|from|to|with|for|by|via|over|against)\b")
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
class Candidate:
    line: Line
    score: int
    age: int  # the place of its source: 0 is the newest
    hypothesis: frozenset[str] = frozenset()
    confirmed: bool = False
    to_do: bool = False  # a step that waits: the first that was written is the next

    @property
    def turn(self) -> int:
        return -self.age if self.to_do else self.age


@dataclass(frozen=True)
class _Denial:
    age: int
    words: frozenset[str]
    text: str


@dataclass
class Reading:
    """Reads `sources`, which come newest first, into `candidates` by kind."""

    sources: Sequence[Source]
    candidates: dict[str, dict[str, Candidate]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    _denials: list[_Denial] = field(default_factory=list)
    _refuted: list[tuple[int, frozenset[str]]] = field(default_factory=list)  # by steps: when, and what these were of
    _unjudged: list[tuple[Sentence, Source, int]] = field(default_factory=list)
    _done: list[str] = field(default_factory=list)
    _left: int = READ
    _oldest_message: int = -1

    def __post_init__(self) -> None:
        said = [age for age, one in enumerate(self.sources) if one.kind == "message" and one.ref != TITLE]
        self._oldest_message = max(said, default=-1)
        for age, source in enumerate(self.sources):
            self._read(source, age)
        self._read_the_rest()
        self.candidates["suspect"] = {
            text: one
            for text, one in self.candidates["suspect"].items()
            if not _denied(one, self._denials) and not _is_refuted(one, self._refuted)
        }

    def _read(self, source: Source, age: int) -> None:
        for kind, candidate in _given(source, age):
            if source.kind != "confirmed" or not _is_done(kind, candidate, self._done):
                self._add(kind, candidate)
        self._left -= min(len(source.text), LIMIT) if len(source.text) > _ENDS else 0
        most = LIMIT if self._left >= 0 or age >= len(self.sources) - 2 else _ENDS
        kinds = [kind for kind in KINDS if len(self.candidates[kind]) < _ENOUGH and _may_be(kind, source)]
        if kinds:
            self._read_sentences(source, age, kinds, most)
        if source.kind == "step" and source.outcome != "pending":
            self._done.append(source.text[:LENGTH])
        if source.outcome == "ruled_out":
            self._denials += _denials(Sentence(f"ruled out {source.text[:LENGTH]}"), age)
            self._refuted.append((age, words_of_cause(_TRIED_ON.split(source.text[:LENGTH], maxsplit=1)[0])))

    def _read_sentences(self, source: Source, age: int, kinds: list[str], most: int) -> None:
        opens = source.kind == "message" and source.ref in _OPENING and age == self._oldest_message
        before: Sentence | None = None
        said: dict[str, Candidate] = {}
        for sentence in _sentences(source, most):
            self._denials += _denials(sentence, age)
            judged = dict(self._judged(sentence, kinds, source, age))
            if is_of_the_technology(sentence, _scores(judged)):
                judged.pop("affected", None)
            elif opens and "affected" in kinds and (found := opening_line(sentence, _scores(judged))):
                judged = _read_there(judged)
                judged["affected"] = Candidate(Line(_excerpt(sentence, found), source.ref), found.score, age)
            elif not opens and "affected" in judged and max(map(_weight_beside, judged.items())) > _IS_OF_IT:
                judged["affected"] = replace(judged["affected"], score=min(judged["affected"].score, PART))
            if "contact" in judged and "watch_out" in judged and judged["watch_out"].score < _CAUTION:
                del judged["watch_out"]  # until when somebody is there
            if "suspect" in judged and _is_order(judged) and judged["suspect"].score <= WEAK:
                del judged["suspect"]  # an order says what it is for, not what is wrong
            if before is not None and "suspect" in kinds and says_why(sentence):
                self._add("suspect", _cause_in(before, source, age))
            if before is not None and (judged or said):
                judged |= self._with_the_last(before, said, sentence, judged, source)
            for kind, candidate in judged.items():
                if not _is_done(kind, candidate, self._done):
                    self._add(kind, candidate)
            before, said = sentence, judged

    def _with_the_last(
        self,
        before: Sentence,
        said: dict[str, Candidate],
        sentence: Sentence,
        judged: dict[str, Candidate],
        source: Source,
    ) -> Iterator[tuple[str, Candidate]]:
        """The candidates that become one with what the sentence before it said."""
        for kind in _JOINED:
            if kind in said and kind in judged:
                yield from self._joined(kind, said[kind], judged[kind], source, LENGTH)
        if "contact" in judged and "contact" not in said and goes_on_about_somebody(before, sentence):
            yield from self._joined("contact", _beside(before, judged["contact"]), judged["contact"], source, LENGTH)
        if source.kind in ("message", "note"):
            reasons = not said or (list(said) == ["suspect"] and said["suspect"].score < _POINTED_AT)
            if "suspect" in judged and reasons and judged["suspect"].score >= WEAK and is_context(before):
                guess = judged["suspect"]
                yield from self._joined("suspect", _beside(before, guess), guess, source, _IN_CONTEXT)
            elif "suspect" in said and not judged and said["suspect"].score >= WEAK and is_context(sentence):
                guess = said["suspect"]
                yield from self._joined("suspect", guess, _beside(sentence, guess), source, _IN_CONTEXT)

    def _joined(
        self, kind: str, one: Candidate, other: Candidate, source: Source, most: int
    ) -> Iterator[tuple[str, Candidate]]:
        """Two sentences as one line, where the second follows the first on the same line of the text."""
        text = f"{one.line.text} {other.line.text}"
        if len(text) <= most and text in source.text:
            self.candidates[kind].pop(one.line.text, None)
            best = max(one, other, key=lambda candidate: candidate.score)
            yield kind, Candidate(Line(text, source.ref), best.score, one.age, best.hypothesis)

    def _judged(
        self, sentence: Sentence, kinds: list[str], source: Source, age: int
    ) -> Iterator[tuple[str, Candidate]]:
        """By the kinds the sentence is of; where it is of none it is kept for the rest."""
        judged = judge(sentence, kinds)
        if not judged and source.kind in ("message", "note") and source.ref != TITLE:
            self._unjudged.append((sentence, source, age))
        for kind, found in judged:
            if _counts(kind, found.score, sentence, source):
                line = Line(_excerpt(sentence, found), source.ref)
                score = 1 if source.ref == TITLE and kind in SAYS_ELSE else found.score
                yield kind, Candidate(line, score, age, found.hypothesis)

    def _read_the_rest(self) -> None:
        """What sentences of no kind may say of a kind of which nothing better was found."""
        wanting = [kind for kind in SAYS_ELSE if all(one.score < WEAK for one in self.candidates[kind].values())]
        for sentence, source, age in self._unjudged if wanting else ():
            if (left := rest(sentence)) and left[0] in wanting:
                kind, found = left
                line = Line(_excerpt(sentence, found), source.ref)
                self._add(kind, Candidate(line, found.score, age, found.hypothesis))

    def _add(self, kind: str, candidate: Candidate) -> None:
        self.candidates[kind].setdefault(candidate.line.text, candidate)


def _beside(sentence: Sentence, candidate: Candidate) -> Candidate:
    """What stands beside a candidate and has no worth of its own."""
    return Candidate(Line(sentence.text, candidate.line.source), 0, candidate.age)


def _given(source: Source, age: int) -> Iterator[tuple[str, Candidate]]:
    """What a source is by itself, whatever its words: a step to do, a temporary one, the active hypothesis."""
    text = " ".join(source.text[: 4 * LENGTH].split())
    if not text:
        return
    if source.kind == "branch" and source.active and text.lower() != "main":
        yield "suspect", Candidate(Line(_cut(text), source.ref), _LEADING, age)
    if source.kind == "confirmed":
        yield (
            source.says,
            Candidate(Line(_cut(text), source.ref), CONFIRMED, age, words_of_cause(text), confirmed=True),
        )
    if source.kind == "step" and source.outcome == "pending":
        yield "next_step", Candidate(Line(_cut(text), source.ref), 9 if source.active else 8, age, to_do=True)
    if source.kind == "step" and source.temporary:
        yield "watch_out", Candidate(Line(_cut(text), source.ref), 8, age)


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
    elif not words_of(text).isdisjoint(affected.ABOUT_PEOPLE_WORDS):
        said = (one for one in sentences(text, most=most) if not one.words.isdisjoint(affected.ABOUT_PEOPLE_WORDS))
        about = (sentence for sentence in said if affected.ABOUT_PEOPLE.search(sentence.low))
        yield from (sentence for sentence in about if not affected.OF_A_MACHINE.search(sentence.text))


def _counts(kind: str, score: int, sentence: Sentence, source: Source) -> bool:
    """Whether such a source may say this: a step tells what was done, and only then what it was like."""
    if source.kind == "output" and kind in _OF_PEOPLE and not is_personal(sentence):
        return False
    if kind == "affected" and source.kind != "message":
        by_itself = score > (4 if source.kind == "step" else 3) and not is_own_action(sentence)
        return by_itself or source.kind == "note" or bool(sentence.asked)
    if kind == "suspect" and score in (FINDING, PART) and source.kind == "step":
        return source.outcome in ("worked", "inconclusive")
    if kind == "suspect" and score == FINDING:
        return False
    if kind == "watch_out" and source.kind == "step" and score < 7 and is_own_action(sentence):
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


def _read_there(judged: dict[str, Candidate]) -> dict[str, Candidate]:
    """What the opening says besides is read there: a cause has a line of its own where nobody names a better one, a
    time where one is left, a warning where it is an order."""
    return {
        kind: replace(one, score=min(one.score, FINDING)) if kind == "suspect" else one
        for kind, one in judged.items()
        if kind != "watch_out" or one.score != _CAUTION
    }


def _is_order(judged: dict[str, Candidate]) -> bool:
    return "watch_out" in judged and judged["watch_out"].score > _CAUTION


def _weight_beside(judged: tuple[str, Candidate]) -> int:
    """How clearly a sentence that tells of people is of another kind."""
    kind, candidate = judged
    return candidate.score if kind in ("watch_out", "contact") else 0


def _scores(judged: dict[str, Candidate]) -> dict[str, int]:
    return {kind: candidate.score for kind, candidate in judged.items()}


def _denials(sentence: Sentence, age: int) -> Iterator[_Denial]:
    """What a sentence takes back."""
    return (_Denial(age, words, sentence.text) for words in denied_words(sentence))


def _is_done(kind: str, candidate: Candidate, done: Sequence[str]) -> bool:
    """Whether it is to be tried, and one of the steps since did it: most of its words are in the step, in some form."""
    if kind != "next_step" or not done:
        return False
    stems = _stems(candidate.line.text)
    return any(len(stems & _stems(step)) * 2 > len(stems) for step in done)


@lru_cache(maxsize=2_000)
def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:4] for word in re.findall(r"[\w.-]+", text.lower()) if len(word) > 3)


def _denied(candidate: Candidate, denials: list[_Denial]) -> bool:
    """Whether something said elsewhere, later, takes the hypothesis back: all that it denies is in the hypothesis."""
    return any(
        denial.age <= candidate.age and denial.words <= candidate.hypothesis and denial.text != candidate.line.text
        for denial in denials
    )


def _is_refuted(candidate: Candidate, refuted: list[tuple[int, frozenset[str]]]) -> bool:
    """Whether it names one thing, and a step since was of this thing and ruled it out."""
    words = candidate.hypothesis
    return 0 < len(words) <= _ONE_THING and any(age <= candidate.age and words <= tried for age, tried in refuted)


def _cause_in(sentence: Sentence, source: Source, age: int) -> Candidate:
    return Candidate(Line(_cut(sentence.text), source.ref), _POINTED_AT, age, words_of_cause(sentence.text))


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
