"""How much a suggestion is like a step: what both speak of, by weight, and what speaks against it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from handoffs.tried.lines import Line, odd_acts, relation, spelled_alike
from handoffs.tried.vocabulary import is_known_thing, weight

VALUES = frozenset(("set", "raise", "lower"))  # of these it matters what something is set to
_LETTERS = re.compile(r"[^a-z]+")


# Fitted by tests/quality/tried/fitting.py.
WEIGHTS = {
    "beside_others": -0.80,
    "swapped_short": -0.21,
    "more_short": -0.36,
    "less_short": -0.40,
    "another_value": -0.82,
    "figure_of_another": -1.63,
    "swapped": -0.89,
    "swapped_known": -0.31,
    "swapped_proper": -0.61,
    "more_proper": -0.75,
    "more_known": -0.32,
    "odd_acts": -0.76,
    "one": -2.23,
    "step_covered": 2.25,
    "suggestion_covered": 0.66,
    "shared": 1.19,
    "told_covered": 0.61,
    "none_shared": -1.03,
    "same": 1.70,
    "near": -0.29,
    "other": -2.18,
    "opposite": -2.03,
    "clash": -0.68,
    "strange_names": -0.76,
    "strange_beside": -1.03,
    "other_figures": -1.74,
    "more_figures": -0.77,
    "figures_shared": 0.97,
}


def rarity(lines: Iterable[frozenset[str]]) -> dict[str, float]:
    """How much a word tells among these lines: that of every second one tells little."""
    counts = Counter(word for line in lines for word in line)
    return {word: 1.0 if count == 1 else 0.6 if count == 2 else 0.35 for word, count in counts.items()}


def likeness(wanted: Line, done: Line, rarity: Mapping[str, float]) -> float:
    """Above 0 where it is more likely than not that both are the same."""
    return sum(WEIGHTS[name] * value for name, value in features(wanted, done, rarity).items() if value)


def features(wanted: Line, done: Line, rarity: Mapping[str, float]) -> dict[str, float]:
    """What speaks for and against that both are the same, each between 0 and 1 or little more."""
    wanted, done = spelled_alike(wanted, done), spelled_alike(done, wanted)

    def heavy(words: frozenset[str]) -> float:
        return sum(weight(word) * rarity.get(word, 1.0) for word in words)

    head_met = _met(done.main, wanted.words)
    main_met = _met(wanted.main, done.words)
    shared = _met(done.words, wanted.words)
    how = relation(wanted, done)
    told = frozenset(word for word in done.main if weight(word) >= 1)
    told_met = _met(told, wanted.words)
    asked = frozenset(word for word in wanted.main if weight(word) >= 1)
    strange = wanted.names - done.words
    kin = {_LETTERS.sub("", name)[:12] for name in done.names - wanted.words}
    clash = any(_LETTERS.sub("", name)[:12] in kin for name in strange)
    mine, its = wanted.numbers - done.numbers, done.numbers - wanted.numbers
    unasked, unmet = told - told_met, asked - _met(asked, done.words)
    proper = unmet & wanted.proper
    return {
        "beside_others": float(_beside_others(wanted, done)),
        "swapped_short": float(bool(unasked and unmet) and len(told) + len(asked) < 5),
        "more_short": float(bool(unmet) and len(asked) < 4),
        "less_short": float(bool(unasked) and len(told) < 3),
        "another_value": float(_value_differs(wanted, done)),
        "figure_of_another": float(_figures_differ(wanted, done)),
        "swapped": float(bool(unasked and unmet)),
        "swapped_known": float(any(map(is_known_thing, unmet)) and any(map(is_known_thing, unasked))),
        "swapped_proper": float(bool(proper and unasked & done.proper)),
        "more_proper": float(bool(proper)),
        "more_known": float(any(map(is_known_thing, unmet))),
        "odd_acts": float(bool(odd_acts(wanted, done))),
        "one": 1.0,
        "step_covered": heavy(head_met) / (heavy(done.main) or 1),
        "suggestion_covered": heavy(main_met) / (heavy(wanted.main) or 1),
        "shared": min(heavy(shared), 5) / 5,
        "told_covered": len(told_met) / len(told) if told else 0.5,
        "none_shared": float(not told_met),
        "same": float(how == "same"),
        "near": float(how == "near"),
        "other": float(how == "other"),
        "opposite": float(how == "opposite"),
        "clash": float(clash),
        "strange_names": min(len(strange), 2) / 2,
        "strange_beside": float(bool(strange and done.names - wanted.words)),
        "other_figures": float(bool(mine and its)),
        "more_figures": float(bool(mine and not its)),
        "figures_shared": float(bool(wanted.numbers & done.numbers)),
    }


def _met(words: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """Those of the words that stand among the others, or the beginning of one of them."""
    found = words & others
    rest = [word for word in others - found if len(word) > 3 and word.isalpha()]
    return found | {
        word for word in words - found if len(word) > 3 and word.isalpha() and any(_akin(word, other) for other in rest)
    }


def _akin(word: str, other: str) -> bool:
    short, long = sorted((word, other), key=len)
    return long.startswith(short) or (len(short) > 5 and long.startswith(short[:6]))


def _beside_others(wanted: Line, done: Line) -> bool:
    """Whether a word of both stands beside another word in each: the Orders table, the Customers table."""
    mine, its = _neighbours(wanted, done.words), _neighbours(done, wanted.words)
    return any(mine[word] and its.get(word) for word in mine)


def _neighbours(line: Line, known: frozenset[str]) -> dict[str, set[str]]:
    """Of each word of both the words beside it that only this line has."""
    found: dict[str, set[str]] = {}
    for pair in line.beside:
        for word, other in (pair, pair[::-1]):
            if word in known and other not in known:
                found.setdefault(word, set()).add(other)
    return found


def _figures_differ(wanted: Line, done: Line) -> bool:
    """Whether one word has another figure beside it in each: port 80, port 443."""
    mine, its = _figures(wanted), _figures(done)
    return any(not mine[word] & its[word] for word in mine.keys() & its.keys())


def _figures(line: Line) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for pair in line.beside:
        for word, other in (pair, pair[::-1]):
            if other in line.numbers and word not in line.numbers:
                found.setdefault(word, set()).add(other)
    return found


def _value_differs(wanted: Line, done: Line) -> bool:
    """Whether both set something, each to what the other does not say."""
    if not wanted.acts & VALUES or not done.acts & VALUES:
        return False
    return wanted.last not in done.words and done.last not in wanted.words
