"""The figures of `make quality` about suggestions that repeat what was tried."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tests.bench.measuring import say
from tests.quality.figures import percent, row, share, verdict
from tests.quality.tried.suggestions import HALVES, Suggestion

FOUND_GOAL, FALSE_GOAL = 0.9, 0.05
MEANING = {"held out": "what does not get worse", "fresh": "the honest figure"}


def report(suggestions: Sequence[Suggestion], *, show_held_out: bool = False) -> None:
    """Print how many are found, by domain and by half; what is wrong of the half that rules are written on."""
    say("\n### Suggestions that repeat a step: found, and new ones that are taken for one\n")
    row("domain", "repeats", "found", "new", "taken")
    say(f"|{'-' * 22}|" + f"{'-' * 12}|" * 4)
    for domain in sorted({one.domain for one in suggestions}):
        of_domain = [one for one in suggestions if one.domain == domain and one.half == "held out"]
        if of_domain:
            row(domain[:20], *_cells(figures(of_domain)))
    for half in HALVES:
        found = figures([one for one in suggestions if one.half == half])
        row(half, *_cells(found))
    for half in HALVES:
        found = figures([one for one in suggestions if one.half == half])
        wrong = found["taken"]
        goal = "" if wrong is None else f"goal ≤ {FALSE_GOAL:.0%}: {'met' if wrong <= FALSE_GOAL else 'NOT MET'}"
        meaning = f" ({MEANING[half]})" if half in MEANING else ""
        say(f"\n{half.capitalize()}{meaning}: {percent(found['found'])} of {found['repeats']} repeats are found")
        say(f"  (goal ≥ {FOUND_GOAL:.0%}: {verdict(found['found'], FOUND_GOAL)}),")
        say(f"  {percent(wrong)} of {found['new']} new ones are taken for tried ({goal}).")
    say("")
    for one in suggestions:
        if (one.half == "development" or show_held_out) and one.taken_for != one.repeats:
            say(f"{one.session}: {one.repeats or 'new'}, taken for {one.taken_for or 'new'}: {one.text}")
    for half in HALVES:
        say(json.dumps({"tried": half, **figures([one for one in suggestions if one.half == half])}))


def figures(suggestions: Sequence[Suggestion]) -> dict[str, float | int | None]:
    repeats = [one for one in suggestions if one.repeats]
    new = [one for one in suggestions if not one.repeats]
    return {
        "repeats": len(repeats),
        "found": share(bool(one.taken_for) for one in repeats),
        "new": len(new),
        "taken": share(bool(one.taken_for) for one in new),
    }


def _cells(found: dict[str, float | int | None]) -> tuple[str, str, str, str]:
    return str(found["repeats"]), percent(found["found"]), str(found["new"]), percent(found["taken"])
