"""Asks the real model about recorded cases, and scores its answers by what is known of each."""

from __future__ import annotations

import json
import re
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from handoffs.models import Handoff
from handoffs.prompt import summary
from handoffs.prompt.record import read_record
from handoffs.tried import Ledger
from resolutionflow.core.work import GiveUp, Later
from sessions_app.models import Session
from tests.bench.measuring import say
from tests.quality.cases import Case, Fact, normalised
from tests.quality.figures import percent, row, share

ASKED = ("problem", "affected", "last_error", "tried_failed", "suspect", "next", "watch_out")  # what a summary may say
SAID = 0.6  # of a fact's words, so many are in an answer that says it: a model puts it in its own words

IsTried = Callable[[str, Session], bool]


def already_tried(suggestion: str, session: Session) -> bool:
    """Whether a suggested step is one that was tried, as a summary tells it."""
    return Ledger(session.steps.all(), device=session.asset_name).step_for(suggestion) is not None


@dataclass(frozen=True)
class Asked:
    """One case and the model's answer: `data` as it came, `fields` as they are kept; `error` where none came."""

    case: Case
    seconds: float
    ids: frozenset[str] = frozenset()
    data: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    repeated: tuple[bool, ...] = ()  # of each suggested step, whether it was tried
    tokens_read: int = 0
    tokens_written: int = 0
    error: str = ""

    @property
    def evidence(self) -> list[bool]:
        """Of each id the model named, whether it is one of the prompt."""
        claims = [self.data["likely_cause"], *self.data["what_we_know"], *self.data["suggested_steps"]]
        return [ref in self.ids for claim in claims for ref in claim["evidence"]]

    @property
    def found(self) -> dict[str, list[bool]]:
        """Of the facts of each question, whether the answer as it is kept says them."""
        said = words(" ".join(texts(self.fields)))
        return {question: [says(said, fact) for fact in self.case.expected[question]] for question in ASKED}

    @property
    def unseen(self) -> int:
        """How many names and commands it says that are not in the record."""
        return sum(len(claim.get("unseen", ())) for claim in claims_of(self.fields)) + len(self.fields["unseen"])


def ask(case: Case, handoff: Handoff, *, is_tried: IsTried = already_tried) -> Asked:
    """Ask about one case as a worker does. A failure is an answer, too: it is counted."""
    session = handoff.session
    read = read_record(session, handoff.from_sender)
    began = time.monotonic()
    try:
        answer = summary.ask_about(session, read.content)
        seconds = time.monotonic() - began
        fields = summary.checked_answer(answer.data, ids=read.ids, source=read.content)
    except (GiveUp, Later) as error:
        return Asked(case, time.monotonic() - began, error=str(error))
    steps = [step["text"] for step in fields["suggested_steps"]]
    return Asked(
        case,
        seconds,
        read.ids,
        answer.data,
        fields,
        tuple(is_tried(step, session) for step in steps),
        answer.call.tokens_read,
        answer.call.tokens_written,
    )


def claims_of(fields: dict[str, Any]) -> list[dict[str, Any]]:
    return [fields["likely_cause"], *fields["what_we_know"], *fields["suggested_steps"]]


def texts(fields: dict[str, Any]) -> list[str]:
    return [fields["summary_prose"], *(claim["text"] for claim in claims_of(fields))]


def words(text: str) -> set[str]:
    return {word for word in re.findall(r"[\w.-]*\w", normalised(text)) if len(word) > 2}


def says(said: set[str], fact: Fact) -> bool:
    """Whether most of the fact's words are said."""
    known = words(fact.text)
    return len(known & said) >= SAID * len(known)


# --- print -----------------------------------------------------------------------------------------


def report(asked: Sequence[Asked]) -> None:
    """A row a case, the shares over all, what failed, and lines for a machine."""
    answered = [one for one in asked if not one.error]
    say("\n### The AI's answers: ids of evidence that are in the prompt, facts of the case that are said\n")
    row("case", "evidence", "facts", "tried", "unseen", "read", "written", "seconds")
    say(f"|{'-' * 22}|" + f"{'-' * 12}|" * 7)
    for one in answered:
        facts = [found for of_question in one.found.values() for found in of_question]
        tokens = (str(one.tokens_read), str(one.tokens_written))
        seconds = f"{one.seconds:.1f}"
        again = tried(one.repeated)
        row(
            one.case.name[:20],
            percent(share(one.evidence)),
            percent(share(facts)),
            again,
            str(one.unseen),
            *tokens,
            seconds,
        )
    for one in asked:
        if one.error:
            say(f"{one.case.name}: no answer after {one.seconds:.1f} s: {one.error}")
    found = figures(asked)
    valid = percent(found["evidence"])
    say(f"\nAnswered {found['answered']} of {found['asked']}: {valid} of the evidence is in the prompt,")
    say(f"{percent(found['facts'])} of the facts are said; tokens: {found['tokens_read']} + {found['tokens_written']}.")
    for question in ASKED:
        of_question = share(said for one in answered for said in one.found[question])
        say(json.dumps({"ai": question, "said": of_question}))
    say(json.dumps({"ai": "all", **found}))


def tried(repeated: tuple[bool, ...]) -> str:
    return f"{sum(repeated)} of {len(repeated)}"


def figures(asked: Sequence[Asked]) -> dict[str, float | int | None]:
    answered = [one for one in asked if not one.error]
    seconds = sorted(one.seconds for one in answered)
    return {
        "asked": len(asked),
        "answered": len(answered),
        "evidence": share(known for one in answered for known in one.evidence),
        "facts": share(said for one in answered for of_question in one.found.values() for said in of_question),
        "repeated": share(again for one in answered for again in one.repeated),
        "unseen": sum(one.unseen for one in answered),
        "tokens_read": sum(one.tokens_read for one in answered),
        "tokens_written": sum(one.tokens_written for one in answered),
        "seconds_median": round(statistics.median(seconds), 2) if seconds else None,
        "seconds_most": round(seconds[-1], 2) if seconds else None,
    }
