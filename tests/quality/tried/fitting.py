"""Fits the weights of handoffs/tried/likeness.py, and says what they find of texts left out of it:
`python -m tests.quality.tried.fitting` prints both."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

from handoffs.tried import SETTLED
from handoffs.tried.already import ENOUGH, SAID_SO, Ledger
from handoffs.tried.likeness import features, rarity
from handoffs.tried.lines import recorded, suggested
from tests.bench.measuring import say
from tests.quality.figures import percent
from tests.quality.tried.suggestions import Suggestion, load

ROUNDS, TENDENCY_TO_ZERO = 12, 2.0
Row = tuple[dict[str, float], bool]


def rows_of(one: Suggestion) -> list[Row]:
    """The suggestion beside each step, and whether it says that step again. What a new one has in common with a step
    that is still open tells nothing."""
    lines = [(step, recorded(step.text, ruled_out=step.outcome == "ruled_out")) for step in one.steps]
    tells = rarity(line.words for _, line in lines)
    wanted = suggested(one.text)
    return [
        (features(wanted, line, tells), step.ref == one.repeats)
        for step, line in lines
        if one.repeats or step.outcome in SETTLED
    ]


def fitted(rows: Sequence[Row]) -> dict[str, float]:
    """The weights of a logistic regression, by Newton's method."""
    names = list(rows[0][0])
    weights = [0.0] * len(names)
    for _ in range(ROUNDS):
        slope = [-TENDENCY_TO_ZERO * weight for weight in weights]
        bend = [[TENDENCY_TO_ZERO * (at == other) for other in range(len(names))] for at in range(len(names))]
        for row, is_same in rows:
            values = [(at, value) for at, value in enumerate(row.values()) if value]
            chance = 1 / (1 + math.exp(-sum(weights[at] * value for at, value in values)))
            for at, value in values:
                slope[at] += (is_same - chance) * value
                for other, beside in values:
                    bend[at][other] += chance * (1 - chance) * value * beside
        weights = [weight + step for weight, step in zip(weights, _solved(bend, slope), strict=True)]
    return dict(zip(names, weights, strict=True))


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """By Gauss; the matrix is positive, so that no pivot is 0."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for at, row in enumerate(rows):
        for below in rows[at + 1 :]:
            share = below[at] / row[at]
            below[at:] = [value - share * above for value, above in zip(below[at:], row[at:], strict=True)]
    found = [0.0] * len(rows)
    for at in reversed(range(len(rows))):
        known = sum(rows[at][other] * found[other] for other in range(at + 1, len(rows)))
        found[at] = (rows[at][-1] - known) / rows[at][at]
    return found


def is_taken(one: Suggestion, weights: dict[str, float], *, with_acts: bool) -> bool:
    """As Ledger.step_for decides, by these weights."""
    exact = Ledger(one.steps).by_acts(one.text) if with_acts else None
    every = Suggestion(one.session, one.domain, one.half, one.steps, one.text, "all")
    likes = [
        sum(weights[name] * value for name, value in row.items()) + (SAID_SO if step is exact else 0)
        for step, (row, _) in zip(one.steps, rows_of(every), strict=True)
    ]
    most = max(likes)
    return most >= ENOUGH and one.steps[likes.index(most)].outcome in SETTLED


def main() -> None:
    """Leave out each file in turn, the acts' rules not asked: those were written on all of them."""
    suggestions = [one for one in load() if one.half != "fresh"]
    rows = {id(one): rows_of(one) for one in suggestions}
    for with_acts in (False, True):
        say(f"\nLeft out in turn, {'with' if with_acts else 'without'} the rules of acts:")
        found: dict[bool, list[bool]] = {True: [], False: []}
        for file, ones in groupby(suggestions, key=lambda one: one.file):
            left_out = list(ones)
            weights = fitted([row for one in suggestions if one.file != file for row in rows[id(one)]])
            here: dict[bool, list[bool]] = {True: [], False: []}
            for one in left_out:
                here[bool(one.repeats)].append(is_taken(one, weights, with_acts=with_acts))
            say(f"  {file}: {_shares(here)}")
            for repeats, taken in here.items():
                found[repeats] += taken
        say(f"  all: {_shares(found)}")
    say("\nWEIGHTS = {")
    for name, weight in fitted([row for one in suggestions for row in rows[id(one)]]).items():
        say(f'    "{name}": {weight:.2f},')
    say("}")


def _shares(taken: dict[bool, list[bool]]) -> str:
    found, wrong = (sum(those) / len(those) for those in (taken[True], taken[False]))
    return f"{percent(found)} of {len(taken[True])} found, {percent(wrong)} of {len(taken[False])} taken"


if __name__ == "__main__":
    main()
