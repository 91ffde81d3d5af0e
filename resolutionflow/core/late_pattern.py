"""Patterns that are compiled when one is first asked: the large ones took a sixth of the start of every process."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, cast


class _Late:
    """Stands for the pattern that `make` gives."""

    def __init__(self, make: Callable[[], re.Pattern[str]]) -> None:
        self._make = cache(make)

    def __getattr__(self, name: str) -> Any:
        """What has not been asked yet. It is kept, so that the next call costs no more than one of the pattern."""
        found = getattr(self._make(), name)
        setattr(self, name, found)
        return found


def late(make: Callable[[], re.Pattern[str]]) -> re.Pattern[str]:
    """The pattern that `make` gives, which is called when it is first looked for."""
    return cast("re.Pattern[str]", _Late(make))
