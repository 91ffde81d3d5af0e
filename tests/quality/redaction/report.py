"""The figures of `make quality` about redaction: recall and false positives by kind, by form and by half."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tests.bench.measuring import say
from tests.quality.figures import percent, row, share, verdict
from tests.quality.redaction.samples import FORMS, Score

RECALL_GOAL, FALSE_GOAL = 0.95, 0.02
PARTS = {
    "a": "Half a, may be looked at",
    "b": "Half b, once held out",
    "read": "Fresh once, read since (first sight 92.1 % and 6.0 %, then 90.0 % and 3.4 %)",
    "fresh": "Fresh, nobody who writes rules has read it",
}
SHOWN = 160  # characters of a text that is missed


def report(found: Sequence[Score], *, show_held_out: bool = False) -> None:
    """Print all of it. Fresh texts are not shown, unless it is said."""
    secret = [score for score in found if not score.sample.is_harmless]
    harmless = [score for score in found if score.sample.is_harmless]
    recall(secret)
    false_positives(harmless)
    totals(secret, harmless)
    misses(found, show_held_out)
    say("\n### Figures for a machine\n")
    for half in PARTS:
        say(json.dumps({"redaction": half, **figures(secret, harmless, half)}))


def figures(secret: Sequence[Score], harmless: Sequence[Score], half: str) -> dict[str, float | int | None]:
    """Of one half: how many samples, the recall over all forms, and the false positives as they are written."""
    secret = [score for score in secret if score.sample.half == half]
    harmless = [score for score in harmless if score.sample.half == half]
    return {
        "secrets": len(secret),
        "recall": caught(secret),
        "recall_plain": share(score.caught("plain") for score in secret),
        "harmless": len(harmless),
        "false_positives": share(score.changed["plain"] for score in harmless),
    }


def caught(found: Sequence[Score]) -> float | None:
    return share(score.caught(form) for score in found for form in FORMS)


def recall(secret: Sequence[Score]) -> None:
    say("\n### Redaction: secrets of which nothing is left\n")
    say("Each text as it is written, inside JSON, quoted, indented, and with the line ends of Windows. Four characters")
    say("of a secret that are left count as missed. `kept`: words beside the secrets that are still there.\n")
    row("kind", "samples", *FORMS, "all", "read", "fresh", "kept")
    say(f"|{'-' * 22}|" + f"{'-' * 12}|" * (len(FORMS) + 5))
    for kind in kinds(secret):
        of_kind = [score for score in secret if kind in ("all", score.sample.kind)]
        by_form = [percent(share(score.caught(form) for score in of_kind)) for form in FORMS]
        sets = [[score for score in of_kind if score.sample.half == half] for half in ("read", "fresh")]
        kept = sum(score.kept for score in of_kind) / len(of_kind)
        recalls = [percent(caught(one)) for one in (of_kind, *sets)]
        row(kind, str(len(of_kind)), *by_form, *recalls, percent(kept))


def false_positives(harmless: Sequence[Score]) -> None:
    say("\n### Redaction: harmless texts that are changed\n")
    row("kind", "samples", "plain", "any form", "read", "fresh")
    say(f"|{'-' * 22}|" + f"{'-' * 12}|" * 5)
    for kind in kinds(harmless):
        of_kind = [score for score in harmless if kind in ("all", score.sample.kind)]
        plain = share(score.changed["plain"] for score in of_kind)
        any_form = share(any(score.changed.values()) for score in of_kind)
        sets = [[score for score in of_kind if score.sample.half == half] for half in ("read", "fresh")]
        read, fresh = (share(score.changed["plain"] for score in one) for one in sets)
        row(kind, str(len(of_kind)), *map(percent, (plain, any_form, read, fresh)))


def kinds(found: Sequence[Score]) -> list[str]:
    return [*dict.fromkeys(score.sample.kind for score in found), "all"]


def totals(secret: Sequence[Score], harmless: Sequence[Score]) -> None:
    say("")
    for half, meaning in PARTS.items():
        found = figures(secret, harmless, half)
        if not found["secrets"] and not found["harmless"]:
            say(f"{meaning}: nothing is there.")
            continue
        goal = f"goal ≥ {RECALL_GOAL:.0%}: {verdict(found['recall'], RECALL_GOAL)}"
        say(f"{meaning}: {percent(found['recall'])} of {found['secrets']} secrets in five forms ({goal}),")
        wrong = found["false_positives"]
        goal = "" if wrong is None else f"goal ≤ {FALSE_GOAL:.0%}: {'met' if wrong <= FALSE_GOAL else 'NOT MET'}"
        say(f"  {percent(wrong)} of {found['harmless']} harmless texts changed ({goal}).")


def misses(found: Sequence[Score], show_held_out: bool) -> None:
    say("\n### Redaction: misses" + ("" if show_held_out else " (SHOW=1: of fresh texts, too)") + "\n")
    for score in found:
        sample = score.sample
        if sample.fresh and not show_held_out:
            continue
        forms = [form for form in FORMS if (score.changed[form] if sample.is_harmless else not score.caught(form))]
        if forms:
            text = " ⏎ ".join(sample.marked.split("\n"))[:SHOWN]
            what = "changed" if sample.is_harmless else f"left {next(filter(None, score.left.values()))!r}"
            said = "every form" if len(forms) == len(FORMS) else ", ".join(forms)
            say(f"{sample.where} | {sample.kind} {sample.family} | {said} | {what} | {text}")
