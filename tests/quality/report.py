"""The figures of `make quality` about the pick-up screen: a table, every miss with its cause, lines for a machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from tests.bench.measuring import say
from tests.quality.cases import MOST_FACTS, Case
from tests.quality.figures import percent, row, share, verdict
from tests.quality.measuring import LINES, NARROW, WIDE, Answer, Shown

WIDE_GOAL, NARROW_GOAL, ERROR_GOAL = 0.95, 0.90, 0.90

MEASURES: dict[str, Callable[[Answer], bool]] = {
    "first_1440": lambda answer: answer.wide.first,
    "page_1440": lambda answer: answer.wide.anywhere,
    "opened_1440": lambda answer: answer.wide.opened,
    "two_screens_360": lambda answer: answer.narrow.second,
    "first_360": lambda answer: answer.narrow.first,
}
OF_THE_FIRST = ("first_1440", "two_screens_360", "first_360")  # asked only of facts that belong there


def report(answers: Sequence[Answer], shown: Sequence[Shown]) -> None:
    questions = {name: [answer for answer in answers if answer.question == name] for name in MOST_FACTS}
    figures = {name: figures_of(known) for name, known in questions.items()} | {"all": figures_of(answers)}
    errors = error_figures(shown)
    table(figures)
    about_errors(errors)
    causes(answers, shown)
    misses(answers, shown)
    precision(shown)
    say("\n### Figures for a machine\n")
    for name, found in figures.items():
        say(json.dumps({"question": name, **found}))
    say(json.dumps({"question": "last_error_right", **errors}))


# --- figures ---------------------------------------------------------------------------------------


def figures_of(answers: Sequence[Answer]) -> dict[str, float | int | None]:
    """How many facts there are, how many of them belong on the first screen, and the shares, None of nothing."""
    first = [answer for answer in answers if answer.on_first]
    return {"facts": len(answers), "belong_first": len(first)} | {
        name: share(map(measure, first if name in OF_THE_FIRST else answers)) for name, measure in MEASURES.items()
    }


def error_figures(shown: Sequence[Shown]) -> dict[str, float | int | None]:
    """Where the record holds an error, and where it holds none."""
    some = [one.is_error_right for one in shown if one.expects_error]
    none = [one.is_error_right for one in shown if not one.expects_error]
    return {"with_error": len(some), "right": share(some), "without_error": len(none), "none_shown": share(none)}


# --- for people ------------------------------------------------------------------------------------


def table(figures: dict[str, dict[str, float | int | None]]) -> None:
    wide, narrow = size(WIDE), size(NARROW)
    say(f"\n### The pick-up screen: facts that are there to be seen ({wide} at a desk, {narrow} on a phone)\n")
    say("`first`: on the first screen, nothing scrolled or clicked. `page`: anywhere, without a click.")
    say("`opened`: with all that is folded opened. Of what was tried, only the newest eight steps belong on")
    say("the first screen, or within two on a phone: `of those`.\n")
    goals = (f"first ≥ {WIDE_GOAL:.0%}", f"two ≥ {NARROW_GOAL:.0%}")
    row("question", "facts", "of those", "first", "page", "opened", "360: two", "360: first", *goals)
    say(f"|{'-' * 22}|" + f"{'-' * 12}|" * 9)
    for name, found in figures.items():
        shares = [percent(found[measure]) for measure in MEASURES]
        verdicts = [verdict(found["first_1440"], WIDE_GOAL), verdict(found["two_screens_360"], NARROW_GOAL)]
        row(name, str(found["facts"]), str(found["belong_first"]), *shares, *verdicts)


def about_errors(errors: dict[str, float | int | None]) -> None:
    right, none = errors["right"], errors["none_shown"]
    if right is not None:
        goal = f"goal ≥ {ERROR_GOAL:.0%}: {verdict(right, ERROR_GOAL)}"
        say(f"\nThe top error line is the right one in {percent(right)} of {errors['with_error']} records ({goal}).")
    if none is not None:
        goal = f"goal 100%: {verdict(none, 1)}"
        say(f"None is shown in {percent(none)} of {errors['without_error']} records that hold no error ({goal}).")


def causes(answers: Sequence[Answer], shown: Sequence[Shown]) -> None:
    """By question, how many facts are missed because no line of the brief holds them, and how many by their place."""
    say("\n### Causes: facts missed at a desk / on a phone\n")
    say("`no line`: no line of the brief holds it. `low`: one does, too low. Else it stands in lists only.\n")
    row("question", "no line", "low")
    say(f"|{'-' * 22}|" + f"{'-' * 12}|" * 2)
    by_case = {one.case.name: one for one in shown}
    for question in MOST_FACTS:
        missed = [
            (why_missed(one), by_case[one.case.name].holds(one.fact)) for one in answers if one.question == question
        ]
        cells = [
            [sum(bool(why[at]) for why, holds in missed if holds is low) for at in (0, 1)] for low in (False, True)
        ]
        row(question, *(f"{wide} / {narrow}" for wide, narrow in cells))


def misses(answers: Sequence[Answer], shown: Sequence[Shown]) -> None:
    """A line each: case, question, fact, where it is recorded, whether a line of the brief holds it, and why it is
    missed at a desk and on a phone."""
    say("\n### Misses\n")
    by_case = {one.case.name: one for one in shown}
    for answer in answers:
        wide, narrow = why_missed(answer)
        if wide or narrow:
            line = "in the brief" if by_case[answer.case.name].holds(answer.fact) else "no line"
            said = "; ".join(filter(None, (wide and f"1440: {wide}", narrow and f"360: {narrow}")))
            miss(answer.case, answer.question, answer.fact.text, ",".join(answer.fact.stands), line, said)
    for one in shown:
        if not one.is_error_right:
            expected = next(iter(one.case.expected["last_error"]), None)
            why = f"not the top error but `{one.error}`" if one.error else "no error is shown"
            fact = (expected.text, ",".join(expected.stands)) if expected else ("none", "nowhere")
            miss(one.case, "last_error_right", *fact, why)


def miss(case: Case, *cells: str) -> None:
    say(" | ".join((f"{case.family} {case.name}", *cells)))


def why_missed(answer: Answer) -> tuple[str, str]:
    if answer.on_first:
        return answer.wide.missed(1, WIDE[1]), answer.narrow.missed(2, NARROW[1])
    return answer.wide.why, answer.narrow.why


def precision(shown: Sequence[Shown]) -> None:
    """The lines chosen by rules that no expected fact of their kind is in: a reader judges whether they are wrong."""
    say("\n### Lines shown that hold no expected fact of their kind\n")
    for question in LINES:
        lines = sum(len(one.lines[question]) for one in shown)
        other = [(one, line) for one in shown for line in one.unexpected(question)]
        pages = sum(bool(one.lines[question]) for one in shown)
        say(f"{question}: {lines} lines on {pages} pages, {len(other)} of them:")
        for one, line in other:
            miss(one.case, question, " ".join(line.split()))


def size(of: tuple[int, int]) -> str:
    return f"{of[0]} x {of[1]}"
