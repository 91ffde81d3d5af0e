"""A pattern that is compiled late is one, and is compiled once."""

from __future__ import annotations

import re

from resolutionflow.core.late_pattern import late


def test_it_is_made_once_and_only_when_asked() -> None:
    made = []

    def make() -> re.Pattern[str]:
        made.append(re.compile(r"\bdown\b", re.I))
        return made[-1]

    pattern = late(make)
    assert made == []
    assert pattern.search("It is DOWN")[0] == "DOWN"
    assert pattern.sub("up", "down, down") == "up, up"
    assert (pattern.pattern, pattern.flags & re.I) == (r"\bdown\b", re.I)
    assert len(made) == 1
