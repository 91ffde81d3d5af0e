"""Whether a sentence says who is affected, what is suspected, what is next, what to beware of, or whom to ask."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from handoffs.brief import reached
from handoffs.brief.phrases import (
    affected,
    changes,
    conditions,
    contact,
    deadlines,
    hazards,
    impact,
    labels,
    next_step,
    suspect,
    watch_out,
)
from handoffs.brief.phrases.rules import words
from handoffs.brief.sentences import Sentence

# Scores of the state of something: what a check found is a cause, in a message only that of a part of the technology.
FINDING, PART = 2, 3


@dataclass(frozen=True)
class Found:
    """How good a line of its kind a sentence is (1: only for want of better), and where the words are that say so."""

    score: int
    start: int = 0
    with_question: bool = False
    hypothesis: frozenset[str] = frozenset()  # of a suspect: the words it stands on


def _affected(sentence: Sentence) -> Found | None:
    """Who and how many cannot do what."""
    if found := _labelled(sentence, "affected") or _answers(sentence, affected.ASKS_AFFECTED):
        return found
    low = sentence.low
    if sentence.question or affected.ORDER.match(low) or affected.OWN_REACH.match(low) or affected.IF_DONE.search(low):
        return None
    low = affected.ASKED.sub(_blank, low)
    found = _of_people(sentence, low)
    if found is None or (said := _without(affected.AFFECTED_NOT, low)) is low:
        return found
    low = said
    return _of_people(sentence, low)


def _of_people(sentence: Sentence, low: str) -> Found | None:
    words = sentence.words
    if (found := impact.IMPACT.search(low, words)) and not impact.IMPACT_NOT.search(low):
        return Found(4, found.start())
    if found := impact.STOPPED.search(low, words):
        return Found(3, found.start())
    if found := impact.UNAFFECTED.search(low, words):
        return Found(2, found.start())
    group = not words.isdisjoint(affected.GROUP_WORDS)
    counts = group and ("#" in words or not words.isdisjoint(affected.NUMBER_WORDS))
    everyone = not words.isdisjoint(affected.EVERYONE_WORDS)
    only = not words.isdisjoint(affected.ONLY_WORDS)
    plain = not (group or everyone or only)
    if plain and words.isdisjoint(affected.PERSONS) and not affected.SOME.search(low):
        return None
    stems = not affected.STEMS.isdisjoint([word[:4] for word in words])
    if not only and len(low) > 90 and not stems:
        return None
    effect = stems and bool(affected.EFFECT.search(low))
    said = only or not words.isdisjoint(affected.SAYS_SO)
    people = _people(low, counts=counts, everyone=everyone, only=only, said=said, effect=effect)
    if people is None and (led := affected.LED.match(low)) and not affected.LED_NOT.search(low):
        people = Found(3, led.start())
    people = people or _somebody(low, effect=effect)
    role = impact.BY_ROLE.search(low, words) if people is None or people.score < 2 else None
    return Found(2, role.start()) if role else people


def _suspect(sentence: Sentence) -> Found | None:
    """What somebody holds to be the cause."""
    if label := _labelled(sentence, "suspect"):
        return _cause(label.score, sentence.low)
    low = _quotes_blanked(sentence.low)
    if sentence.question and changes.ASKED.search(low):
        return _cause(4, low)
    if sentence.question:
        return _hedged(sentence, low) if suspect.MAY_BE_ASKED.search(low) else None
    return _hedged(sentence, low) or _stated(sentence, low)


def _hedged(sentence: Sentence, low: str) -> Found | None:
    """What somebody says they think, or that it looks like."""
    if len(low) <= 15 or sentence.words.isdisjoint(suspect.SUSPECT.words):
        return None
    for start, clause in _clauses(low):
        hedge = suspect.SUSPECT.search(clause, sentence.words)
        if hedge and not suspect.SUSPECT_NOT.search(clause):
            score = 1 if suspect.OTHERS_SUSPECT.search(low) else 5
            return _cause(score, clause, start + hedge.start())
    return None


def _stated(sentence: Sentence, low: str) -> Found | None:
    """A cause said as a fact: why it is so, what was changed before it began, what is not as it should be."""
    words = sentence.words
    reason = changes.REASON.search(low, words)
    if reason and not changes.REASON_NOT.search(low):
        return _cause(4, low, reason.start())
    if changes.OWN_ACTION.match(low):
        return None
    change = changes.CHANGE.search(low, words)
    if change and changes.SINCE.match(change[0]) and (hit := _affected(sentence)) and hit.score >= PART:
        return None  # since when people cannot work
    if change and not changes.CHANGE_NOT.search(low) and not changes.OURS.search(_clause_of(low, change)):
        return _cause(4, low, change.start())
    low = _without(suspect.CLEARED, low)
    if gone := changes.GONE.search(low, words):
        return _cause(3, low, gone.start())
    if found := changes.FINDING.search(low, words):
        return _cause(PART if changes.PART.search(low) else FINDING, low, found.start())
    return None


def _next_step(sentence: Sentence) -> Found | None:
    """What is to be tried."""
    if label := _labelled(sentence, "next_step"):
        return label
    if sentence.question and not next_step.ASKS_THEM.search(sentence.low):
        return None
    if not sentence.words.isdisjoint(next_step.NEXT.words) and not next_step.OVERTAKEN.search(sentence.low):
        for start, clause in _clauses(_quotes_blanked(sentence.low)):
            if (found := next_step.NEXT.search(clause, sentence.words)) and not next_step.NEXT_NOT.search(clause):
                return Found(5, start + found.start())
    if next_step.IMPERATIVE.match(sentence.low) and not next_step.RESULT.search(sentence.low):
        return Found(4)
    return None


def _watch_out(sentence: Sentence) -> Found | None:
    """What must not be done, what is temporary, what has to be ready when."""
    if found := _labelled(sentence, "watch_out") or _answers(sentence, labels.ASKS_WHAT_NOT_TO_DO):
        return found
    if sentence.question:
        return None
    low = _quotes_blanked(sentence.low)
    for score, table, unless in (
        (7, watch_out.DO_NOT, watch_out.DO_NOT_NOT),
        (7, hazards.FORBIDDEN, watch_out.DO_NOT_NOT),
        (6, hazards.HAZARD, hazards.HAZARD_NOT),
        (6, watch_out.CAUTION, watch_out.CAUTION_NOT),
        (6, watch_out.TEMPORARY, watch_out.TEMPORARY_NOT),
        (6, conditions.CONDITION, conditions.CONDITION_NOT),
        (5, deadlines.DEADLINE, deadlines.DEADLINE_NOT),
    ):
        if (said := table.search(low, sentence.words)) and not unless.search(low):
            if table is deadlines.DEADLINE and reached.number_in(sentence) is not None:
                return None  # when somebody can be reached
            if score < 7 and (conditions.OF_ME.match(low) or _hedged(sentence, low)):
                return None  # what may have happened, what the writer may do
            return Found(9 if score == 7 and hazards.HARD.search(low) else score, said.start())
    return None


def _contact(sentence: Sentence) -> Found | None:
    """Whom to ask, and how to reach them."""
    if (at := reached.number_in(sentence)) is not None or (at := reached.address_in(sentence)) is not None:
        return Found(6, at)
    if found := _labelled(sentence, "contact"):
        return found
    if sentence.question:
        return None
    if found := _answers(sentence, contact.ASKS_CONTACT):
        return found
    reach = contact.REACH.search(sentence.low, sentence.words)
    if reach and not contact.REACH_NOT.search(sentence.low):
        return Found(5, reach.start())
    if not sentence.words.isdisjoint(contact.ROLE_WORDS) and (named := contact.ROLE_OF.search(sentence.text)):
        return Found(4, named.start())
    if sentence.words.isdisjoint(contact.ON_SITE_WORDS):
        return None
    there = contact.ON_SITE.search(sentence.text)
    return Found(4, there.start()) if there and not contact.ON_SITE_NOT.search(there[0]) else None


JUDGES: dict[str, Callable[[Sentence], Found | None]] = {
    "affected": _affected,
    "suspect": _suspect,
    "next_step": _next_step,
    "watch_out": _watch_out,
    "contact": _contact,
}


def judge(sentence: Sentence, kinds: Collection[str]) -> list[tuple[str, Found]]:
    """What the sentence says of which of these kinds; each is judged once."""
    known = sentence.judged
    for kind in kinds:
        if kind not in known:
            known[kind] = JUDGES[kind](sentence)
    return [(kind, found) for kind in kinds if (found := known[kind])]


def rest(sentence: Sentence) -> tuple[str, Found] | None:
    """The kind of a sentence of no kind, for want of better: of people's work it says what is wrong, of the technology
    why. What somebody did, asks, wants or greets with is neither."""
    low, words = sentence.low, sentence.words
    if (
        sentence.question
        or not 18 < len(low) < 250
        or "please" in words
        or changes.SMALL_TALK.search(low)
        or changes.OWN_ACTION.match(low)
    ):
        return None
    people = not words.isdisjoint(impact.PERSONS)
    changed = not words.isdisjoint(changes.TIMES) or bool(changes.BECAME.search(low))
    if not (people or changed or changes.PART.search(low)):
        return None
    if changes.OURS.search(low) or affected.AFFECTED_NOT.search(low):
        return None
    if people and not changed:
        return "affected", Found(2)
    if affected.EFFECT.search(low) or changes.CHANGE_NOT.search(low) or suspect.SUSPECT_NOT.search(low):
        return None  # what is wrong, what will be, or what is taken back is no reason
    if any(True for _ in denied_words(sentence)):
        return None
    return "suspect", _cause(FINDING, low)


def denied_words(sentence: Sentence) -> Iterator[frozenset[str]]:
    """The words of each hypothesis that a sentence takes back: "it's not the cable" yields {"cable"}."""
    if sentence.question or sentence.words.isdisjoint(suspect.DENYING):
        return
    for _, clause in _clauses(sentence.low):
        if denial := suspect.DENIAL.search(clause):
            words = _content(clause[denial.end() :])[:3]
        elif cleared := suspect.CLEARED.search(clause):
            words = _content(clause[: cleared.start()])[-3:]
        else:
            continue
        if words:
            yield frozenset(words)


def is_personal(sentence: Sentence) -> bool:
    """Whether it reads as typed by somebody, not as a program's message."""
    return sentence.text[:1].islower() or not sentence.words.isdisjoint(_PERSONAL)


def is_context(sentence: Sentence) -> bool:
    """Whether it may tell what a guess beside it stands on: it says how something is, of nobody's doing."""
    low = sentence.low
    if sentence.question or not 15 < len(low) < 130 or low.count(" ") < 2:
        return False
    return not (
        changes.SMALL_TALK.search(low) or changes.OWN_ACTION.match(low) or any(True for _ in denied_words(sentence))
    )


def opening_line(sentence: Sentence, scores: Mapping[str, int]) -> Found | None:
    """What a sentence of the first message says of whom is affected, which it nearly always begins with; `scores` is
    what it says of each kind by itself."""
    low = sentence.low
    if sentence.question or len(low) < 8 or affected.NOT_OPENING.match(low):
        return None
    if max((scores.get(kind, 0) for kind in ("contact", "next_step", "suspect")), default=0) > 4:
        return None
    if score := scores.get("affected", 0):
        return Found(max(score, 5))
    effect = affected.EFFECT.search(low)
    if affected.ASKED.match(low) or affected.IF_DONE.search(low) or (affected.WANTS.search(low) and not effect):
        return None
    if (
        affected.AFFECTED_NOT.search(low)
        or changes.OWN_ACTION.match(low)
        or scores.get("watch_out", 0) > 6
        or "next_step" in scores
    ):
        return None
    if affected.HOW_MANY.search(low):
        return Found(4)
    if scores.get("watch_out", 0) > 5:
        return None
    if not sentence.words.isdisjoint(impact.WHO) or (effect and not affected.GREETING.match(low)):
        return Found(4)
    return None


def is_own_action(sentence: Sentence) -> bool:
    """Whether it begins with what somebody did: "Restarted the server"."""
    return bool(changes.OWN_ACTION.match(sentence.low))


def says_why(sentence: Sentence) -> bool:
    """Whether it says of the sentence before it that this is the cause."""
    return len(sentence.low) < 70 and bool(changes.SAYS_WHY.match(sentence.low))


def words_of_cause(said: str) -> frozenset[str]:
    """The words that a cause stands on."""
    return frozenset(_content(said.lower()))


# --- parts of a judgement -----------------------------------------------------------------------

_CLAUSE = re.compile(
    r"[,;:()]+\s|\s[-–—]\s|\s(?=(?:but|so|and then|then|because|since|rather|although|though|however|unless)\b)"
)
_ASIDE = re.compile(r"[\"“][^\"”]{3,200}[\"”]|`[^`]{2,200}`")
_PERSONAL = words("i i'm i'd i've we he she they it's that's don't doesn't isn't mr mrs ms says said told please pls")
_STOP = words(
    "a an the it its it's is are was were be been being this that these those there of on in at to for from"
    " with by and or not i we he she they you my our his her their your some something any all just only more"
    " most very really again now still yet then so but as if like think suspect guess believe probably maybe"
    " perhaps likely could might may must can would should seems seem looks look points point caused cause due"
    " because about no one i'm i'd that's thats isn't have has had do does did also possibly presumably will"
    " problem issue related fault faulty bad broken wrong dead"
)


def _cause(score: int, said: str, start: int = 0) -> Found:
    """A suspect, with the words it stands on."""
    return Found(score, start, hypothesis=words_of_cause(said))


def _labelled(sentence: Sentence, kind: str) -> Found | None:
    """A line that says itself what it is: "Affected: all tills", or stands under such a heading."""
    if sentence.heading and labels.HEADED[kind].fullmatch(sentence.heading):
        return None if labels.NOTHING.fullmatch(sentence.low) else Found(7)
    if not sentence.labelled or not labels.LABELLED.match(sentence.low):
        return None
    label = labels.LABEL[kind].match(sentence.low)
    return Found(7) if label and not labels.NOTHING.fullmatch(label[1]) else None


def _answers(sentence: Sentence, question: re.Pattern[str]) -> Found | None:
    """A short answer to such a question: only the two together say something."""
    if not sentence.asked or len(sentence.text) > 80 or not question.search(sentence.asked.lower()):
        return None
    return None if labels.NO_ANSWER.search(sentence.low) else Found(5, with_question=True)


def _people(low: str, *, counts: bool, everyone: bool, only: bool, said: bool, effect: bool) -> Found | None:
    counted = affected.COUNTED.search(low) if counts else None
    all_of_them = affected.EVERYONE.search(low) if everyone else None
    if (found := counted or all_of_them) and (effect or affected.NOBODY.search(low)):
        return Found(5 if counted else 4, found.start())
    if said and (found := affected.EXPLICIT.search(low)):
        return Found(4, found.start())
    if only and (found := affected.ONLY.search(low)) and not affected.ONLY_NOT.search(low):
        return Found(4, found.start())
    if (counted or all_of_them) and len(low) <= 90 and (found := affected.FRAGMENT.match(low)):
        return Found(4, found.start())
    return None


def _somebody(low: str, *, effect: bool) -> Found | None:
    """A group without a number, or one person: said only for want of a number."""
    if effect:
        if several := affected.SEVERAL.search(low) or affected.ALL_OF.search(low):
            return Found(3, several.start())
        if plural := affected.PLURAL.search(low):
            return Found(2, plural.start())
        if thing := affected.THING.search(low):
            return Found(1, thing.start())
    if (all_of := affected.ALL_OF.search(low)) and not affected.WELL.search(low):
        return Found(3, all_of.start())
    person = affected.PERSON.search(low)
    return Found(1, person.start()) if person and not affected.PERSON_NOT.search(low) else None


def _clause_of(low: str, found: re.Match[str]) -> str:
    """From where the clause begins to the end of what was found in it."""
    begin = max(low.rfind(mark, 0, found.start()) for mark in (", ", "; ", ": ", " but ", " and "))
    return low[max(begin, 0) : found.end()]


def _clauses(low: str) -> Iterator[tuple[int, str]]:
    start = 0
    for end in _CLAUSE.finditer(low):
        yield start, low[start : end.start()]
        start = end.end()
    yield start, low[start:]


def _without(pattern: re.Pattern[str], low: str) -> str:
    """`low` with the clauses blanked that hold the pattern."""
    if not pattern.search(low):
        return low
    parts = re.split(r"((?:,|;| but | and )\s*)", low)
    return "".join(" " * len(part) if pattern.search(part) else part for part in parts)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _quotes_blanked(low: str) -> str:
    """Without what somebody or something is quoted with: an error message is nobody's advice."""
    if '"' not in low and "`" not in low and "“" not in low:
        return low
    return _ASIDE.sub(lambda aside: "_" * len(aside[0]), low)


def _content(low: str) -> list[str]:
    return [word.rstrip("s") for word in re.findall(r"[\w-]+(?='s\b)|[\w-]+(?:'\w+)?", low) if word not in _STOP]
