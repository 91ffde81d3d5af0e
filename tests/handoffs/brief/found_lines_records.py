"""The records the found lines are measured with: tests/data/found_lines_*.txt, which say there how they are written."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from handoffs.brief.found_lines import KINDS, Line, Source, find_lines

DATA = Path(__file__).parent.parent.parent / "data"
LETTERS = dict(zip("ASNWC", KINDS, strict=True))
SOURCE = re.compile(r"(?:(\w+) )?(step|output|message|note|log|branch)((?: \w+)*): ?(.*)")
MARK = re.compile(r"\s*\{(\w*)\}")
OUTCOMES = ("pending", "worked", "failed", "ruled_out", "inconclusive", "skipped")


@dataclass
class Fact:
    kind: str
    text: str
    source: str
    wanted: bool  # or only allowed


@dataclass
class Record:
    name: str
    sources: list[Source] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    def lines(self) -> dict[str, list[Line]]:
        return find_lines(self.sources)

    def missed(self) -> list[Fact]:
        lines = self.lines()
        return [fact for fact in self.facts if fact.wanted and not any(same(fact, one) for one in lines[fact.kind])]

    def wrong(self) -> list[tuple[str, Line]]:
        facts = {kind: [fact for fact in self.facts if fact.kind == kind] for kind in KINDS}
        lines = self.lines()
        return [(k, line) for k in KINDS for line in lines[k] if not any(same(fact, line) for fact in facts[k])]


def same(fact: Fact, line: Line) -> bool:
    """Whether the line holds the fact, or as much of it as fits."""
    said, wanted = flat(line.text), flat(fact.text)
    return fact.source == line.source and bool(wanted) and (wanted in said or said in wanted or tail(wanted, said))


def tail(wanted: str, said: str) -> bool:
    return len(wanted) > 30 and (wanted[:30] in said or wanted[-30:] in said)


def flat(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def records(name: str) -> list[Record]:
    found: list[Record] = []
    for line in (DATA / name).read_text().splitlines():
        if line.startswith("== "):
            found.append(Record(line[3:]))
        elif line and not line.startswith("#"):
            add(found[-1], line)
    return found


def add(record: Record, line: str) -> None:
    match = SOURCE.fullmatch(line)
    assert match, line
    ref, kind, flags, text = match[1] or match[2], match[2], match[3].split(), match[4].replace("\\n", "\n")
    at = 0
    for mark in MARK.finditer(text):
        span = re.split(r"(?<!Mr.)(?<=[a-z\d)][.!?;])\s+|\n", text[at : mark.start()].strip())[-1]
        at = mark.end()
        record.facts += [Fact(LETTERS[one.upper()], span, ref, one.isupper()) for one in mark[1]]
    outcome = next((flag for flag in flags if flag in OUTCOMES), "")
    record.sources.append(
        Source(ref, kind, MARK.sub("", text), outcome, "temporary" in flags, active="inactive" not in flags)
    )


def figures(all_records: list[Record]) -> tuple[dict[str, tuple[int, int]], dict[str, tuple[int, int]]]:
    """By kind: facts found of facts wanted; right lines of lines shown."""
    wanted, missed, shown, wrong = Counter(), Counter(), Counter(), Counter()
    for record in all_records:
        wanted.update(fact.kind for fact in record.facts if fact.wanted)
        missed.update(fact.kind for fact in record.missed())
        shown.update({kind: len(lines) for kind, lines in record.lines().items()})
        wrong.update(kind for kind, _ in record.wrong())
    return (
        {kind: (wanted[kind] - missed[kind], wanted[kind]) for kind in KINDS},
        {kind: (shown[kind] - wrong[kind], shown[kind]) for kind in KINDS},
    )
