"""What `make test` runs: three sets that together leave nothing out, and run once what shows nothing new on another."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import COLLECTED

MAKEFILE = (Path(__file__).parent.parent / "Makefile").read_text()


@dataclass(frozen=True)
class TestSet:
    """One pytest of `make test`: `marks` is what it takes with -m, of the folders and files in `paths`."""

    __test__ = False

    marks: str
    paths: tuple[str, ...]

    def takes(self, item: pytest.Item) -> bool:
        names = set(re.findall(r"\w+", self.marks)) - {"and", "or", "not"}
        marked = eval(self.marks, {}, {name: item.get_closest_marker(name) is not None for name in names})
        return bool(marked) and item.nodeid.startswith(self.paths or "")


def sets() -> list[TestSet]:
    quick = re.search(r"^test: QUICK = (.+)$", MAKEFILE, re.M)[1]
    recipe = MAKEFILE.partition("\ntest: $(VENV)")[2].partition("\n\n")[0]
    return [read(command.replace("$(QUICK)", quick)) for command in re.split(r"\$\((?:PYTEST|COVERED)\)", recipe)[1:]]


def read(command: str) -> TestSet:
    words = shlex.split(re.split(r" > | \|\| ", command)[0].replace("\\\n", " "))
    paths = [word for word in words if word.startswith("tests/")]
    return TestSet(words[words.index("-m") + 1], tuple(paths))


def test_there_are_three_and_one_is_of_some_folders() -> None:
    assert [bool(one.paths) for one in sets()] == [False, True, False]


ONCE = ("pure", "rt", "redmine")


def test_make_test_leaves_nothing_out_and_runs_once_what_shows_nothing_new(request: Any, wrong: Any) -> None:
    """Of what this run has found, before it took its own choice."""
    found, all_sets = request.config.stash[COLLECTED], sets()
    assert found
    for item in found:
        times, once = sum(one.takes(item) for one in all_sets), any(map(item.get_closest_marker, ONCE))
        wrong.unless(times == 1 if once else times >= 1, item.nodeid, "is run", times, "times")
