"""Whether a sentence says who and how many cannot do what."""

from __future__ import annotations

from collections.abc import Mapping

from handoffs.brief.parts import PART, Found, answers, blank, labelled, without
from handoffs.brief.phrases import affected, changes, impact
from handoffs.brief.sentences import Sentence


def affected_in(sentence: Sentence) -> Found | None:
    """Who and how many cannot do what, or nothing where the sentence says of nobody that they cannot."""
    if found := labelled(sentence, "affected") or answers(sentence, affected.ASKS_AFFECTED):
        return found
    if sentence.question or any(
        one.match(sentence.low) for one in (affected.ORDER, affected.OWN_REACH, affected.DOING)
    ):
        return None
    low = _without_told_questions(sentence)
    found = _of_people(sentence, low)
    if found is None or affected.NOT_NOW.search(low, sentence.words):
        return None
    said = without(affected.AFFECTED_NOT, low)
    return found if said is low else _of_people(sentence, said)


def _without_told_questions(sentence: Sentence) -> str:
    if sentence.words.isdisjoint(affected.ASKED_WORDS):
        return sentence.low
    return affected.ASKED.sub(blank, sentence.low)


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


def is_of_the_technology(sentence: Sentence, scores: Mapping[str, int]) -> bool:
    """Whether it states a cause or warns, and names nobody, nor what people work with."""
    states = scores.get("suspect", 0) >= PART or scores.get("watch_out", 0) > 5
    return states and scores.get("affected", 0) < PART and sentence.words.isdisjoint(impact.WORKED_WITH)


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
    said = affected.MANNER.sub(blank, low)
    effect = affected.EFFECT.search(said)
    if affected.ASKED.match(low) or affected.NOT_NOW.search(low, sentence.words):
        return None
    if said != low and not effect:
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
    if scores.get("watch_out", 0) > 4:
        return None
    if not sentence.words.isdisjoint(impact.WHO) or (effect and not affected.GREETING.match(low)):
        return Found(4)
    return None


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
