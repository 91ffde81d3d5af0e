"""Reads the recorded cases of tests/quality/cases/<domain>/<family>.toml, and refuses what is wrong in them.

A case is a session as a junior records it up to the escalation, and what a reader of that record answers to ten
questions: each answer is made of facts, and a fact is a fragment of the record with the places where it stands.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"

DOMAINS = {
    *("network", "identity", "email", "endpoint", "server"),
    *("cloud", "security", "printing", "line_of_business", "other"),
}
PEOPLE = ("ana", "dev")
OUTCOMES = ("pending", "worked", "failed", "ruled_out", "inconclusive", "skipped")
KINDS = ("question", "action", "check", "script", "note")
PRIORITIES = ("urgent", "high", "normal", "low")
STEP, MESSAGE, BRANCH, DEAD_END = "step", "message", "branch", "dead_end"

# The ten questions, and how many facts answer one at most: of errors only the last, of steps each that counts.
MOST_FACTS = {
    "problem": 4,
    "affected": 4,
    "client_device": 4,
    "tried_failed": 12,
    "worked_or_ruled_out": 12,
    "last_error": 1,
    "suspect": 4,
    "next": 4,
    "watch_out": 4,
    "contact": 4,
}

# What the columns hold; a longer text would be refused by the forms.
LONGEST = {
    "problem_summary": 500,
    "client_name": 200,
    "asset_name": 200,
    "psa_ticket_id": 200,
    "intake_text": 200_000,
    "contact": 200,
    "access": 500,
    "changed_before": 500,
    "step": 20_000,
    "output": 200_000,
    "message": 200_000,
    "branch": 200,
    "dead_end": 200,
    "reason": 20_000,
    "note": 20_000,
}

OF_SESSION = ("problem_summary", "client_name", "asset_name", "psa_ticket_id", "contact", "access", "changed_before")
ALSO = {  # what an entry may say besides: at, by and the key it is known by, it must
    STEP: {"outcome", "output", "kind", "temporary"},
    MESSAGE: set[str](),
    BRANCH: set[str](),
    DEAD_END: {"reason"},
}


class WrongCase(ValueError):
    """A case that cannot be used; the message names file, case and what is wrong."""


@dataclass(frozen=True)
class Fact:
    """A fragment of the record, and every place where it stands: s3, m1, log, note, branch, session."""

    text: str
    stands: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One line of the record: a step, a message, a branch, or a branch that became a dead end."""

    at: int
    by: str
    what: str  # STEP, MESSAGE, BRANCH or DEAD_END
    text: str  # the step's, the message's, the label of the branch
    outcome: str = ""
    output: str = ""
    kind: str = "action"
    temporary: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Case:
    """A recorded session, its escalation, and the answers expected of a page that shows it."""

    file: str  # below CASES, as in network/vpn.toml
    name: str
    problem_summary: str
    problem_domain: str
    record: tuple[Entry, ...]
    escalated_at: int
    note: str
    priority: str
    expected: Mapping[str, tuple[Fact, ...]] = field(hash=False)
    client_name: str = ""
    asset_name: str = ""
    psa_ticket_id: str = ""
    intake_text: str = ""
    contact: str = ""
    access: str = ""
    changed_before: str = ""

    @property
    def family(self) -> str:
        return self.file.removesuffix(".toml")

    @property
    def steps(self) -> list[Entry]:
        return [entry for entry in self.record if entry.what == STEP]

    @property
    def messages(self) -> list[Entry]:
        return [entry for entry in self.record if entry.what == MESSAGE]

    @property
    def places(self) -> dict[str, str]:
        """What is written where, by the names that Fact.stands uses; log and the like are left out where empty."""
        branches = [f"{entry.text}\n{entry.reason}" for entry in self.record if entry.what in (BRANCH, DEAD_END)]
        places = {f"s{number}": f"{step.text}\n{step.output}" for number, step in enumerate(self.steps, 1)}
        places |= {f"m{number}": message.text for number, message in enumerate(self.messages, 1)}
        places |= {"log": self.intake_text, "note": self.note, "branch": "\n".join(branches)}
        places["session"] = "\n".join(getattr(self, name) for name in OF_SESSION)
        return {name: text for name, text in places.items() if text.strip()}


def normalised(text: str) -> str:
    """The text as two are compared: every white space one blank, upper and lower case alike."""
    return " ".join(text.split()).casefold()


def load_cases(folder: Path = CASES) -> list[Case]:
    """All cases below a folder, in the order of their files. Refused with WrongCase: whatever breaks the format."""
    paths = sorted(folder.rglob("*.toml"))
    cases = [case for path in paths for case in read_family(path, path.relative_to(folder).as_posix())]
    for name, count in Counter(case.name for case in cases).items():
        files = ", ".join(sorted({case.file for case in cases if case.name == name}))
        require(count == 1, f"{files}: {name}: {count} cases have this name")
    return cases


def read_family(path: Path, file: str) -> list[Case]:
    """The two cases of one file. Refused with WrongCase: another number of them, and whatever is wrong in one."""
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise WrongCase(f"{file}: {wrong}") from wrong
    only_known(read, {"case"}, file)
    cases = read.get("case", [])
    require(isinstance(cases, list) and len(cases) == 2, f"{file}: a family is exactly two [[case]]")
    return [case_of(table, file) for table in cases]


def case_of(table: dict[str, Any], file: str) -> Case:
    where = f"{file}: {table.get('name') or 'a case without a name'}"
    record = table.get("record", [])
    require(isinstance(record, list), f"{where}: record is not a list of entries")
    texts = {"name", "problem_domain", "intake_text", *OF_SESSION}
    only_known(table, texts | {"record", "escalation", "expected"}, where)
    escalation = table.get("escalation", {})
    only_known(escalation, {"at", "note", "priority"}, f"{where}: escalation")
    case = Case(
        file=file,
        record=tuple(entry_of(entry, f"{where}: record {number}") for number, entry in enumerate(record, 1)),
        escalated_at=whole(escalation, "at", f"{where}: escalation"),
        note=text_of(escalation, "note", f"{where}: escalation"),
        priority=text_of(escalation, "priority", f"{where}: escalation"),
        expected=expected_of(table.get("expected", {}), f"{where}: expected"),
        **{name: text_of(table, name, where) for name in texts},
    )
    check(case, where)
    return case


def entry_of(table: dict[str, Any], where: str) -> Entry:
    require(isinstance(table, dict), f"{where}: not a table")
    kinds = [what for what in ALSO if what in table]
    require(len(kinds) == 1, f"{where}: one of {', '.join(ALSO)}, not {kinds or 'none'}")
    what = kinds[0]
    only_known(table, {"at", "by", what} | ALSO[what], where)
    entry = Entry(
        at=whole(table, "at", where),
        by=text_of(table, "by", where),
        what=what,
        text=text_of(table, what, where),
        outcome=text_of(table, "outcome", where),
        output=text_of(table, "output", where),
        kind=text_of(table, "kind", where) or "action",
        temporary=table.get("temporary", False),
        reason=text_of(table, "reason", where),
    )
    require(entry.by in PEOPLE, f"{where}: by {entry.by!r}, not one of {', '.join(PEOPLE)}")
    require(bool(entry.text.strip()), f"{where}: an empty {what}")
    require(what != STEP or entry.outcome in OUTCOMES, f"{where}: unknown outcome {entry.outcome!r}")
    require(entry.kind in KINDS, f"{where}: unknown kind {entry.kind!r}")
    require(isinstance(entry.temporary, bool), f"{where}: temporary is true or false")
    require(what != DEAD_END or bool(entry.reason.strip()), f"{where}: a dead end without a reason")
    return entry


def expected_of(table: dict[str, Any], where: str) -> dict[str, tuple[Fact, ...]]:
    only_known(table, MOST_FACTS, where)
    missing = [question for question in MOST_FACTS if question not in table]
    require(not missing, f"{where}: no answer to {', '.join(missing)}; write [] where nothing was recorded")
    for question, facts in table.items():
        require(isinstance(facts, list), f"{where}: {question} is not a list")
        require(len(facts) <= MOST_FACTS[question], f"{where}: {question} has {len(facts)} facts")
    return {
        question: tuple(fact_of(fact, f"{where}: {question}") for fact in table[question]) for question in MOST_FACTS
    }


def fact_of(table: dict[str, Any], where: str) -> Fact:
    only_known(table, {"text", "stands"}, where)
    stands = table.get("stands", [])
    require(isinstance(stands, list) and bool(stands), f"{where}: a fact that stands nowhere")
    fact = Fact(text_of(table, "text", where), tuple(map(str, stands)))
    require(bool(fact.text.strip()), f"{where}: an empty text")
    return fact


def check(case: Case, where: str) -> None:
    """What takes the whole case to see."""
    require(bool(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", case.name)), f"{where}: a name is in kebab-case")
    require(bool(case.problem_summary.strip()), f"{where}: no problem_summary")
    require("\n" not in case.problem_summary, f"{where}: problem_summary is one line")
    require(case.problem_domain in DOMAINS, f"{where}: unknown problem_domain {case.problem_domain!r}")
    require(case.file.split("/")[0] == case.problem_domain, f"{where}: a case of {case.problem_domain} in {case.file}")
    require(case.priority in PRIORITIES, f"{where}: unknown priority {case.priority!r}")
    require(bool(case.steps), f"{where}: no step was recorded")
    require(bool(case.note.strip()), f"{where}: escalation: no note")
    times = [0, *(entry.at for entry in case.record), case.escalated_at]
    require(times == sorted(times), f"{where}: not in order of time: {times}")
    check_branches(case, where)
    for name, text in lengths(case):
        require(len(text) <= LONGEST[name], f"{where}: {name} has {len(text)} characters, at most {LONGEST[name]}")
    check_places(case, where)


def check_branches(case: Case, where: str) -> None:
    opened: list[str] = []
    for entry in case.record:
        if entry.what == BRANCH:
            require(entry.text not in opened, f"{where}: two branches {entry.text!r}")
            opened.append(entry.text)
        elif entry.what == DEAD_END:
            require(entry.text in opened, f"{where}: a dead end {entry.text!r}, and no such branch before it")


def check_places(case: Case, where: str) -> None:
    places = {name: normalised(text) for name, text in case.places.items()}
    for question, facts in case.expected.items():
        for fact in facts:
            for place in fact.stands:
                require(place in places, f"{where}: {question}: {fact.text!r} stands in {place!r}, which there is not")
                found = normalised(fact.text) in places[place]
                require(found, f"{where}: {question}: {fact.text!r} does not stand in {place}")


def lengths(case: Case) -> Iterator[tuple[str, str]]:
    """Every text that has a longest length, with the name of its limit."""
    for name in (*OF_SESSION, "intake_text", "note"):
        yield name, getattr(case, name)
    for entry in case.record:
        yield entry.what, entry.text
        yield "output", entry.output
        yield "reason", entry.reason


def only_known(table: Any, known: Iterable[str], where: str) -> None:
    require(isinstance(table, dict), f"{where}: not a table")
    unknown = sorted(set(table) - set(known))
    require(not unknown, f"{where}: unknown key {', '.join(unknown)}")


def text_of(table: Mapping[str, Any], name: str, where: str) -> str:
    """The text under a key without line ends around it, "" where the key is left out. Refused: another type."""
    text = table.get(name, "")
    require(isinstance(text, str), f"{where}: {name} is not a text")
    return str(text).strip("\n")


def whole(table: Mapping[str, Any], name: str, where: str) -> int:
    number = table.get(name)
    require(type(number) is int and number >= 0, f"{where}: {name} is not in whole minutes")
    return int(table[name])


def require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise WrongCase(otherwise)
