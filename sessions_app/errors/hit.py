"""A line of an output that is an error."""

from __future__ import annotations

from dataclasses import dataclass

from sessions_app.errors.weight import ERROR, LIKELY

MORE = 2  # how many lines are shown beside the one that tells


@dataclass(frozen=True)
class Hit:
    """A line that is an error, by its place in the text."""

    index: int
    score: int
    severity: int = ERROR
    at: int = 0
    sums_up: bool = False
    more: tuple[int, ...] = ()
    end: int = 0  # the last line that is about this error, where that is known
    over: bool = False  # whether a line below says that all is there again

    @property
    def rank(self) -> tuple[float, int, int]:
        """Which of several is shown: the surest, of these the worst, of these the last. One that sums up is for want
        of better."""
        return min(self.score, LIKELY) - 0.5 if self.sums_up else self.score, self.severity, self.index
