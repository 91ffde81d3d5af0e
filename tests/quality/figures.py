"""How `make quality` counts and prints: shares, whether a goal is met, the rows of a table."""

from __future__ import annotations

from collections.abc import Iterable

from tests.bench.measuring import say


def share(true: Iterable[bool]) -> float | None:
    found = list(true)
    return round(sum(found) / len(found), 4) if found else None


def percent(part: float | int | None) -> str:
    return "" if part is None else f"{part:.1%}"


def verdict(part: float | int | None, goal: float) -> str:
    if part is None:
        return ""
    return "met" if part >= goal else "NOT MET"


def row(name: str, *cells: str) -> None:
    say(f"| {name:20} |" + "".join(f" {cell:>10} |" for cell in cells))
