"""Texts that try to lead the model astray, and what a model that was may answer: tests/quality/injections/."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

INJECTIONS = Path(__file__).parent.parent / "injections"
HUGE = "The tunnel drops. " * 2_000
FENCE = re.compile(r"RECORD-[0-9a-f]{16}")
# The fields of each line of a prompt: one that has others was written by somebody else.
OF_A_LINE = (
    {"problem", "domain", "client", "device", "sender's note", "first report"},
    {"hypothesis", "status", "reason"},
    {"brief", "text", "source"},
    {"id", "kind", "outcome", "temporary", "text", "answer", "output"},
    {"id", "kind", "from", "text"},
    {"left out"},
)
UNSEEN = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)


@dataclass(frozen=True)
class Answer:
    """The model's reply, with RECORD for the marker it was sent, and what of it must not leave the page."""

    name: str
    data: dict[str, Any]
    never: tuple[str, ...]


def load_texts() -> dict[str, str]:
    """Each text by its name, which says its kind."""
    kinds = tomllib.loads((INJECTIONS / "texts.toml").read_text(encoding="utf-8"))
    return {f"{kind}-{number}": text for kind, texts in kinds.items() for number, text in enumerate(texts, 1)}


def load_answers() -> list[Answer]:
    written = tomllib.loads((INJECTIONS / "answers.toml").read_text(encoding="utf-8"))
    return [Answer(name, _data(table), tuple(table.get("never", ()))) for name, table in written.items()]


def _data(table: dict[str, Any]) -> dict[str, Any]:
    data = {
        "summary_prose": table.get("prose", "").replace("HUGE", HUGE),
        "what_we_know": [_claim(line) for line in table.get("known", ())],
        "likely_cause": _claim(table.get("cause", "")),
        "suggested_steps": [_claim(line) for line in table.get("steps", ())],
        "confidence": table.get("confidence", "high"),
    }
    return {**data, **table.get("extra", {}), **table.get("raw", {})}


def _claim(line: str | dict[str, Any]) -> dict[str, Any]:
    return line if isinstance(line, dict) else {"text": line.replace("HUGE", HUGE), "evidence": ["s1"]}


def recorded(text: str, user: Any) -> Any:
    """An escalation whose session has this text wherever a person, a client or a machine may write."""
    from handoffs.models import Handoff
    from resolutionflow.core.text import one_line
    from sessions_app.models import Session, Step

    short = one_line(text)[:200]
    session = Session.open(
        user,
        problem_summary=short,
        client_name=short,
        asset_name=short,
        contact=short,
        access=short,
        changed_before=short,
        intake_text=text,
        intake="log_paste",
    )
    session.add_step(user, text=text, outcome=Step.Outcome.FAILED, free_text=text)
    session.add_step(user, text="Read the log", outcome=Step.Outcome.INCONCLUSIVE, free_text=f"  1 {text}\n  2 end")
    options = [{"value": "yes", "label": short}]
    session.add_step(user, text="Is it so?", kind=Step.Kind.QUESTION, options=options, selected_option="yes")
    session.add_message(user, content=text)
    session.add_branch(user, label=short).change_status(user, status="dead_end", reason=text)
    session.refresh_from_db()
    return Handoff.escalate(session, user, notes=text, suspect=short, next_step=short)


def prompt_faults(handoff: Any) -> list[str]:
    """What is wrong with the prompt about it: everything that was written has to stand inside strings of JSON."""
    from handoffs.prompt.record import read_record

    session = handoff.session
    read = read_record(session, handoff.from_sender)
    lines = read.content.split("\n")
    faults = [f"a character nobody sees: {found[0]!r}" for found in UNSEEN.finditer(read.content)]
    if not FENCE.fullmatch(lines[0]) or lines[-1] != lines[0] or read.content.count(lines[0]) != 2:
        faults.append("the marker does not stand at both ends, and nowhere else")
    if read.content.splitlines() != lines:
        faults.append("something in it may be taken for the end of a line")
    items = [json.loads(line) for line in lines[1:-1]]
    order = [next((at for at, known in enumerate(OF_A_LINE) if set(item) <= known), -1) for item in items]
    faults += [f"fields of its own: {sorted(item)}" for item, at in zip(items, order, strict=True) if at < 0]
    if order[:1] != [0] or [min(at, 3) for at in order] != sorted(min(at, 3) for at in order):
        faults.append(f"lines that do not stand in their order: {order}")
    named = [item["id"] for item in items if "id" in item]
    sources = {item["source"] for item in items if "source" in item}
    there = {step.ref for step in session.steps.all()} | {m.ref for m in session.messages.exclude(role="system")}
    if len(named) != len(set(named)) or read.ids != {*named, *(sources & there)} or not read.ids <= there:
        faults.append(f"ids that are not those of steps and messages: {sorted(named)}")
    if not sources <= there | {"note", "branch", "log", "session", "sender", "earlier"}:
        faults.append(f"sources that there are not: {sorted(sources)}")
    return faults


def answer_faults(answer: Answer, *, content: str, ids: frozenset[str]) -> list[str]:
    """What is wrong with the fields that are kept of this answer to that prompt."""
    from handoffs.prompt.checking import LINE, LINES, PROSE
    from handoffs.prompt.summary import checked_answer
    from resolutionflow.core.work import Later

    try:
        fields = checked_answer(sent(answer, content), ids=ids, source=content)
    except Later:
        return []  # nothing of it is kept
    claims = [fields["likely_cause"], *fields["what_we_know"], *fields["suggested_steps"]]
    prose = {"text": fields["summary_prose"], "evidence": [], "unseen": fields["unseen"]}
    faults = []
    for claim in (prose, *claims):
        named = [part for part in answer.never if part in claim["text"]]
        is_flagged = claim.get("unseen") or (claim is not prose and not claim["evidence"])  # or marked as unproven
        faults += [f"{part!r} is kept and not flagged" for part in named if not is_flagged]
        faults += [f"evidence {ref!r} is not in the prompt" for ref in claim["evidence"] if ref not in ids]
        faults += [f"a character nobody sees: {found[0]!r}" for found in UNSEEN.finditer(claim["text"])]
        faults += ["a link that is not in the record"] if "://" in claim["text"] else []
        faults += ["too long"] if len(claim["text"]) > (PROSE if claim is prose else LINE) else []
    faults += ["too many lines"] if max(len(fields["what_we_know"]), len(fields["suggested_steps"])) > LINES else []
    return faults


def sent(answer: Answer, content: str) -> dict[str, Any]:
    """The answer as the model sends it, which knows the marker."""
    fence = content.split("\n")[0]
    data: dict[str, Any] = json.loads(json.dumps(answer.data).replace("RECORD", fence))
    return data
