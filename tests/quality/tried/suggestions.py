"""Reads the sessions of tests/quality/tried/, and scores which suggestions are taken for steps that were tried."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from handoffs.tried import Ledger

FOLDER = Path(__file__).parent
# Rules are written on the first. The misses of the second were read afterwards. The third was written without sight of
# the rules, and whoever writes them does not read it.
HALVES = {"development": "development*.toml", "held out": "held_out*.toml", "fresh": "fresh*.toml"}


@dataclass(frozen=True)
class Recorded:
    """A step as far as a suggestion is compared with it."""

    ref: str
    outcome: str
    text: str


@dataclass(frozen=True)
class Suggestion:
    """What a model suggests after these steps; `repeats` is the step it says again, empty where it is new."""

    session: str
    domain: str
    half: str
    steps: tuple[Recorded, ...]
    text: str
    repeats: str = ""
    file: str = ""

    @cached_property
    def taken_for(self) -> str:
        """The step it is taken for, empty where for none."""
        step = Ledger(self.steps).step_for(self.text)
        return step.ref if step else ""


def load() -> list[Suggestion]:
    return [
        one for half, files in HALVES.items() for path in sorted(FOLDER.glob(files)) for one in _of_file(path, half)
    ]


def _of_file(path: Path, half: str) -> Iterator[Suggestion]:
    for name, session in tomllib.loads(path.read_text(encoding="utf-8")).items():
        steps = tuple(_recorded(session["steps"]))
        for line in session["repeats"]:
            ref, text = line.split(": ", 1)
            yield Suggestion(name, session["domain"], half, steps, text, ref, path.stem)
        for text in session["new"]:
            yield Suggestion(name, session["domain"], half, steps, text, file=path.stem)


def _recorded(lines: Iterable[str]) -> Iterator[Recorded]:
    for number, line in enumerate(lines, 1):
        outcome, text = line.split(": ", 1)
        yield Recorded(f"s{number}", outcome, text)
