"""How much of a session a model was not given, in numbers and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Portion(NamedTuple):
    """Of so many, so many are in what is read."""

    read: int
    of: int

    @property
    def left(self) -> int:
        return self.of - self.read


@dataclass(frozen=True)
class LeftOut:
    """What of a record is in what is read, and how many characters of it were cut; false where all of it is in."""

    steps: Portion
    outputs: Portion
    messages: Portion
    hypotheses: Portion
    lines: Portion  # of the brief
    characters: int

    def __bool__(self) -> bool:
        portions = (self.steps, self.outputs, self.messages, self.hypotheses, self.lines)
        return self.characters > 0 or any(portion.left for portion in portions)

    @property
    def in_words(self) -> str:
        """ "Read: the brief, 60 of 212 steps and 40 of 90 messages; 12,400 characters of long texts were cut." Empty
        where nothing was left out."""
        if not self:
            return ""
        named = {"steps": self.steps, "outputs": self.outputs, "messages": self.messages, "hypotheses": self.hypotheses}
        told = [f"{portion.read:,} of {portion.of:,} {what}" for what, portion in named.items() if portion.left]
        brief = f"{self.lines.read} of {self.lines.of} lines of the brief" if self.lines.left else "the brief"
        said = f"Read: {_listed([brief, *told] if told else ['all steps and messages'])}"
        if not self.characters:
            return f"{said}."
        were = "character of a long text was" if self.characters == 1 else "characters of long texts were"
        return f"{said}; {self.characters:,} {were} cut."


def _listed(parts: list[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
