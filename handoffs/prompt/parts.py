"""The parts of what a model reads of a session, each within its room; which they are and why, record.py says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from handoffs.brief import Brief
from handoffs.prompt.left_out import LeftOut, Portion
from handoffs.prompt.tokens import BEGINNING, Text, cost_of, even_share
from handoffs.prompt.weighing import NEWEST_STEPS, Weighed, newness, read_messages, read_outputs, read_steps
from resolutionflow.core.redaction import redact_all
from sessions_app.models import Branch, Session

# Tokens, as tokens.py counts them: of each part, and of each text in it.
FACTS, NOTE, REPORT = 900, 1_500, 1_500
HYPOTHESES, BRIEF, STEPS, ENTRIES = 700, 2_500, 5_600, 7_000
FRAME = 300  # both markers, and the line about what was left out
BUDGET = FACTS + NOTE + REPORT + HYPOTHESES + BRIEF + STEPS + ENTRIES + FRAME
PROBLEM, NAME, LABEL, REASON, LINE = 500, 120, 60, 120, 200
NEWEST_SHORT, SHORT, OUTPUT, MESSAGE = 180, 60, 800, 400
LEAST = 120  # a longer text is not cut to less
NOT_READ = ("contact", "access")  # whom to call and how to get in: no model has to know that
AROUND_SHORT, AROUND = 100, 50  # what stands around the text of a step in short, and of an output or a message

Item = dict[str, Any]
Key = tuple[str, Any]


class Parts:
    """The lines of JSON about one session, and what was left out of them."""

    def __init__(self, session: Session, brief: Brief, weighed: Weighed) -> None:
        self._session, self._brief, self._weighed = session, brief, weighed
        self._branches = _active_first(brief.branches, session) if len(brief.branches) > 1 else []
        self._found = [(row.name, line) for row in brief.rows if row.name not in NOT_READ for line in row.lines]
        self._steps = read_steps(session, weighed.steps)
        self._texts = _redacted(self._read())
        self._left = 0  # tokens
        self._cut: dict[Key, int] = {}  # characters
        self._write()

    def _write(self) -> None:
        """Part by part: each is given its own room, and has besides what those before it did not need."""
        weighed = self._weighed
        facts = self._facts()
        hypotheses, lines = self._hypotheses(), self._lines_of_brief()
        steps = self._in_short()
        messages = self._in_full(steps)
        self._add_long(facts)
        told = {**steps, **messages}
        record = sorted((*weighed.steps, *weighed.messages), key=newness, reverse=True)
        self.items = [facts, *hypotheses, *lines, *(told[entry.ref] for entry in record if entry.ref in told)]
        self.left_out = LeftOut(
            steps=Portion(len(steps), len(weighed.steps)),
            outputs=Portion(sum("output" in step for step in steps.values()), len(weighed.outputs)),
            messages=Portion(len(messages), len(weighed.messages)),
            hypotheses=Portion(len(hypotheses), len(self._branches)),
            lines=Portion(len(lines), len(self._found)),
            characters=sum(self._cut.values()),
        )

    def _read(self) -> dict[Key, Text]:
        """All texts there may be room for."""
        session = self._session
        facts = {
            "problem": session.problem_summary,
            "domain": session.problem_domain,
            "client": session.client_name,
            "device": session.asset_name,
            "sender's note": self._brief.note,
            "first report": session.log,
        }
        texts: dict[Key, Text] = {("fact", name): Text.of(text) for name, text in facts.items() if text}
        for branch in self._branches:
            texts["label", branch.pk] = Text.of(branch.label)
            reason = branch.status_reason
            texts["reason", branch.pk] = Text.beginning(reason[:BEGINNING], len(reason))
        for at, (_name, line) in enumerate(self._found):
            texts["line", at] = Text.of(_without_half_words(line.text))
        steps = [(entry.ref, self._steps[entry.ref][1]) for entry in self._weighed.steps if entry.ref in self._steps]
        texts |= {("step", ref): text for ref, text in _within_budget(steps, SHORT)}
        texts |= {("answer", ref): Text.of(step.answer) for ref, (step, _text) in self._steps.items()}
        entries = read_outputs(session, self._weighed.outputs) | read_messages(session, self._weighed.messages)
        in_full = ((entry.ref, entries[entry.ref]) for entry in self._weighed.entries if entry.ref in entries)
        return texts | {("entry", ref): text for ref, text in _within_budget(in_full, MESSAGE)}

    # --- room ----------------------------------------------------------------------------------------

    def _fitted(self, key: Key, most: int) -> str:
        """So much of this text as there is room for."""
        shown, self._cut[key] = self._texts[key].fitted(most)
        return shown

    def _share(self, kind: str, around: int) -> int:
        """What each text of this kind may have, so that all of them are in."""
        needs = [text.tokens + around for key, text in self._texts.items() if key[0] == kind]
        return even_share(needs, self._left) - around

    def _takes(self, item: Item, *keys: Key, instead_of: Item | None = None) -> bool:
        """Whether there is room for this line, with these texts in it."""
        cost = cost_of(item) - (cost_of(instead_of) if instead_of else 0)
        if cost > self._left:
            for key in keys:
                self._cut.pop(key)
            return False
        self._left -= cost
        return True

    # --- part by part --------------------------------------------------------------------------------

    def _facts(self) -> Item:
        self._left += FACTS
        most = {"problem": PROBLEM, "domain": NAME, "client": NAME, "device": NAME}
        keys = [("fact", name) for name in most if ("fact", name) in self._texts]
        facts = {key[1]: self._fitted(key, most[key[1]]) for key in keys}
        self._takes(facts, *keys)
        return facts

    def _add_long(self, facts: Item) -> None:
        """The note and the first report, after all others: they have what nothing else needed."""
        for name, tokens in (("sender's note", NOTE), ("first report", REPORT)):
            self._left += tokens
            if (key := ("fact", name)) in self._texts:
                before = dict(facts)
                facts[name] = self._fitted(key, self._left - AROUND)
                self._takes(facts, key, instead_of=before)

    def _hypotheses(self) -> list[Item]:
        self._left += HYPOTHESES
        told = []
        for branch in self._branches:
            keys = ("label", branch.pk), ("reason", branch.pk)
            item = {"hypothesis": self._fitted(keys[0], LABEL), "status": branch.status}
            if reason := self._fitted(keys[1], REASON):
                item["reason"] = reason
            told += [item] if self._takes(item, *keys) else []
        return told

    def _lines_of_brief(self) -> list[Item]:
        self._left += BRIEF
        told = []
        for at, (name, line) in enumerate(self._found):
            key = "line", at
            item = {"brief": name, "text": self._fitted(key, LINE), "source": line.source}
            told += [item] if self._takes(item, key) else []
        return told

    def _in_short(self) -> dict[str, Item]:
        """The steps without their outputs, by ref."""
        self._left += STEPS
        share = self._share("step", AROUND_SHORT)
        told: dict[str, Item] = {}
        for at, entry in enumerate(self._weighed.steps):
            key, answered = ("step", entry.ref), ("answer", entry.ref)
            if key not in self._texts:
                continue
            step, _text = self._steps[entry.ref]
            item: Item = {"id": entry.ref, "kind": step.kind, "outcome": step.outcome}
            if step.temporary:
                item["temporary"] = True
            item["text"] = self._fitted(key, max(share, NEWEST_SHORT if at < NEWEST_STEPS else SHORT))
            if answer := self._fitted(answered, SHORT):
                item["answer"] = answer
            if self._takes(item, key, answered):
                told[entry.ref] = item
        return told

    def _in_full(self, steps: dict[str, Item]) -> dict[str, Item]:
        """Messages, by ref; and what steps put out, added to them."""
        self._left += ENTRIES
        share = self._share("entry", AROUND)
        messages: dict[str, Item] = {}
        for entry in self._weighed.entries:
            key, most = ("entry", entry.ref), OUTPUT if entry.is_step else MESSAGE
            room = min(share if share >= OUTPUT else most, self._left - AROUND)
            if key not in self._texts or room < LEAST or (entry.is_step and entry.ref not in steps):
                continue
            text = self._fitted(key, room)
            if entry.is_step:
                before = steps[entry.ref]
                item = {**before, "output": text}
                if self._takes(item, key, instead_of=before):
                    steps[entry.ref] = item
            else:
                item = {"id": entry.ref, "kind": "message", "from": entry.role, "text": text}
                if self._takes(item, key):
                    messages[entry.ref] = item
        return messages


def _active_first(branches: Iterable[Branch], session: Session) -> list[Branch]:
    return sorted(branches, key=lambda branch: branch.pk != session.active_branch_id)


def _redacted(texts: Mapping[Key, Text]) -> dict[Key, Text]:
    """Without secrets, all in one, so that a password has one number in the record. Before anything is cut: half a
    secret, or one without the word before it, would not be known for one."""
    parts = {key: text.parts for key, text in texts.items()}
    done = iter(redact_all([part for of_one in parts.values() for part in of_one]))
    return {key: text.redacted([next(done) for _part in parts[key]]) for key, text in texts.items()}


def _within_budget(texts: Iterable[tuple[str, Text]], most: int) -> Iterator[tuple[str, Text]]:
    """The first of these, until the budget is spent on them for certain: of each at most so many tokens are in."""
    left = BUDGET
    for ref, text in texts:
        left -= min(most, text.least_tokens)
        if left < 0:
            return
        yield ref, text


_HALF_WORD = re.compile(r"\A…[!-~]+|[!-~]+…\Z")


def _without_half_words(line: str) -> str:
    """A line of the brief may begin or end within a word of the text it is of: half a secret, perhaps."""
    return _HALF_WORD.sub("…", line)
