"""Whether a sentence says who is affected, what is suspected, what is next, what to beware of, or whom to ask."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from handoffs.brief import reached
from handoffs.brief.parts import FINDING, PART, Found, answers, clauses, labelled, quotes_blanked, without
from handoffs.brief.people import affected_in
from handoffs.brief.phrases import (
    affected,
    changes,
    conditions,
    contact,
    deadlines,
    fragile,
    hazards,
    impact,
    labels,
    next_step,
    suspect,
    watch_out,
)
from handoffs.brief.phrases.rules import Rules, words
from handoffs.brief.sentences import Sentence


def _suspect(sentence: Sentence) -> Found | None:
    """What somebody holds to be the cause."""
    if label := labelled(sentence, "suspect"):
        return _cause(label.score, sentence.low)
    low = quotes_blanked(sentence.low)
    if sentence.question and changes.ASKED.search(low):
        return _cause(4, low)
    if sentence.question:
        return _hedged(sentence, low) if suspect.MAY_BE_ASKED.search(low) else None
    return _hedged(sentence, low) or _stated(sentence, low)


def _hedged(sentence: Sentence, low: str) -> Found | None:
    """What somebody says they think, or that it looks like."""
    if len(low) <= 15 or sentence.words.isdisjoint(suspect.SUSPECT.words):
        return None
    for start, clause in clauses(low):
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
    if change and changes.SINCE.match(change[0]) and _tells_impact(sentence):
        return None  # since when people cannot work
    if change and not changes.CHANGE_NOT.search(low) and _of_others(low, change):
        return _cause(4, low, change.start())
    if change and changes.EARLIER.search(low) and not changes.STILL_SO.search(low):
        return _cause(PART, low, change.start())
    if gone := changes.GONE.search(low, words):
        return _cause(3, low, gone.start())
    if (found := changes.FINDING.search(low, words)) and _of_others(low, found):
        return _cause(PART if changes.PART.search(without(suspect.CLEARED, low)) else FINDING, low, found.start())
    return None


def _tells_impact(sentence: Sentence) -> bool:
    hit = affected_in(sentence)
    return bool(changes.NOTHING_SINCE.match(sentence.low)) or (hit is not None and hit.score >= PART)


def _of_others(low: str, found: re.Match[str]) -> bool:
    """Whether what was found is neither the writer's own doing nor said to be in order."""
    clause = _clause_of(low, found)
    return not changes.OURS.search(clause) and not suspect.CLEARED.search(clause)


def _next_step(sentence: Sentence) -> Found | None:
    """What is to be tried."""
    if label := labelled(sentence, "next_step"):
        return label
    if next_step.NOT_TO.match(sentence.low) or (sentence.question and not next_step.ASKS_THEM.search(sentence.low)):
        return None
    if not sentence.words.isdisjoint(next_step.NEXT.words):
        for start, clause in clauses(quotes_blanked(sentence.low)):
            if (found := next_step.NEXT.search(clause, sentence.words)) and not next_step.NEXT_NOT.search(clause):
                return None if next_step.OVERTAKEN.match(sentence.low) else Found(5, start + found.start())
    order = next_step.IMPERATIVE.match(sentence.low)
    return Found(4) if order and not next_step.RESULT.search(sentence.low, order.end()) else None


def _watch_out(sentence: Sentence) -> Found | None:
    """What must not be done, what is temporary, what has to be ready when."""
    if found := labelled(sentence, "watch_out") or answers(sentence, labels.ASKS_WHAT_NOT_TO_DO):
        return found
    if sentence.question:
        return None
    low = quotes_blanked(sentence.low)
    for score, table, unless in (
        (7, watch_out.DO_NOT, watch_out.DO_NOT_NOT),
        (7, hazards.FORBIDDEN, watch_out.DO_NOT_NOT),
        (6, hazards.HAZARD, hazards.HAZARD_NOT),
        (6, fragile.FRAGILE, fragile.FRAGILE_NOT),
        (6, watch_out.CAUTION, watch_out.CAUTION_NOT),
        (6, watch_out.TEMPORARY, watch_out.TEMPORARY_NOT),
        (6, conditions.CONDITION, conditions.CONDITION_NOT),
        (5, deadlines.DEADLINE, deadlines.DEADLINE_NOT),
    ):
        if (said := table.search(low, sentence.words)) and not unless.search(low):
            if not _to_be_minded(sentence, low, table):
                continue
            if table is deadlines.DEADLINE and reached.number_in(sentence) is not None:
                return None  # when somebody can be reached
            guess = _hedged(sentence, low) if score < 7 else None
            if score < 7 and (conditions.OF_ME.match(low) or (guess and guess.score > 1)):
                return None  # what may have happened, what the writer may do
            return Found(9 if score == 7 and hazards.HARD.search(low) else score, said.start())
    return None


def _to_be_minded(sentence: Sentence, low: str, table: Rules) -> bool:
    """Whether the table finds it still where nothing says that it has not to be minded."""
    if sentence.words.isdisjoint(watch_out.SAFE_WORDS) or (left := without(watch_out.SAFE, low)) is low:
        return True
    return table.search(left, sentence.words) is not None


def _contact(sentence: Sentence) -> Found | None:
    """Whom to ask, and how to reach them."""
    if contact.NO_NUMBER.search(sentence.low, sentence.words) and not contact.RIGHT_NUMBER.search(sentence.low):
        return None
    if (at := reached.number_in(sentence)) is not None or (at := reached.address_in(sentence)) is not None:
        return Found(6, at)
    if found := labelled(sentence, "contact"):
        return found
    if sentence.question:
        return None
    if found := answers(sentence, contact.ASKS_CONTACT):
        return found
    reach = contact.REACH.search(sentence.low, sentence.words)
    if reach and not contact.REACH_NOT.search(sentence.low):
        return Found(5, reach.start())
    if not sentence.words.isdisjoint(contact.ROLE_WORDS) and (named := contact.ROLE_OF.search(sentence.text)):
        return Found(4, named.start())
    does_it = not sentence.words.isdisjoint(contact.WHAT_THEY_ARE) and contact.DOES_IT.search(sentence.low)
    if does_it and (named := contact.NAMED_WITH_ROLE.search(sentence.text)):
        return Found(4, named.start())
    if not sentence.words.isdisjoint(contact.TITLES) and (named := contact.TITLED.match(sentence.text)):
        return Found(4, named.start())
    if sentence.words.isdisjoint(contact.ON_SITE_WORDS):
        return None
    there = contact.ON_SITE.search(sentence.text)
    return Found(4, there.start()) if there and not contact.ON_SITE_NOT.search(there[0]) else None


JUDGES: dict[str, Callable[[Sentence], Found | None]] = {
    "affected": affected_in,
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
    if not words.isdisjoint(_ONE_PERSON) or affected.EFFECT.search(low) or any(True for _ in denied_words(sentence)):
        return None  # what is wrong, or what it is not, is no reason
    if changes.CHANGE_NOT.search(low) or _takes_back(sentence):
        return None
    return "suspect", _cause(FINDING, low)


def _takes_back(sentence: Sentence) -> bool:
    """Whether it says of a guess that it is none."""
    return not sentence.words.isdisjoint(suspect.SUSPECT_WORDS) and bool(suspect.SUSPECT_NOT.search(sentence.low))


def denied_words(sentence: Sentence) -> Iterator[frozenset[str]]:
    """The words of each hypothesis that a sentence takes back: "it's not the cable" yields {"cable"}."""
    if sentence.question or sentence.words.isdisjoint(suspect.DENYING):
        return
    for _, clause in clauses(sentence.low):
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
        changes.SMALL_TALK.search(low)
        or changes.OWN_ACTION.match(low)
        or _takes_back(sentence)
        or any(True for _ in denied_words(sentence))
    )


def goes_on_about_somebody(before: Sentence, sentence: Sentence) -> bool:
    """Whether it says he, she or they of somebody whom the sentence before it names: alone it says of nobody."""
    return bool(contact.SHE.match(sentence.low)) and bool(contact.SOMEBODY.search(before.text))


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

_ONE_PERSON = words("she he")
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


def _clause_of(low: str, found: re.Match[str]) -> str:
    """From where the clause begins to the end of what was found in it."""
    begin = max(low.rfind(mark, 0, found.start()) for mark in (", ", "; ", ": ", " but ", " and "))
    return low[max(begin, 0) : found.end()]


def _content(low: str) -> list[str]:
    return [
        word.rstrip("s")
        for word in re.findall(r"[\w-]+(?='s\b)|[\w-]+(?:'\w+)?", low)
        if word not in _STOP and len(word) > 1
    ]
