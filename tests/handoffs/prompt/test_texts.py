"""What people and machines wrote stands in what a model reads as data alone: inside strings, and without secrets."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache

import pytest

from handoffs.brief import FromSender
from handoffs.models import Handoff
from handoffs.prompt.record import read_record
from handoffs.prompt.tokens import END
from resolutionflow.core.redaction import redact
from resolutionflow.core.text import one_line
from sessions_app.models import Session
from tests.handoffs.prompt.records import LOG, add_messages, add_steps, lines_of
from tests.quality.asking.hostile import load_texts, prompt_faults
from tests.quality.redaction.samples import Sample, load_samples

PART = 8  # characters of a secret in a row, that nothing else has


def write_everywhere(session: Session, user, texts: Sequence[str]) -> FromSender:
    """One of these texts after the other into each field that somebody writes, and each into a step and a message."""
    short = [one_line(text)[:200] for text in texts]
    fields = ("problem_summary", "client_name", "asset_name", "contact", "access", "changed_before")
    for at, name in enumerate(fields):
        setattr(session, name, short[at % len(short)])
    session.intake_text = "\n\n".join(texts)
    for at, text in enumerate(texts[:3]):
        session.add_branch(user, label=short[at]).change_status(user, status="dead_end", reason=text)
    add_steps(
        session,
        (
            {
                "text": text,
                "free_text": f"  1 {text}\n",
                "outcome": "failed",
                "kind": "question",
                "options": [{"value": "a", "label": label}],
                "selected_option": "a",
            }
            for text, label in zip(texts, short, strict=True)
        ),
    )
    add_messages(session, texts)
    session.save()
    names = ("affected", "suspect", "next_step", "watch_out", "contact")
    return FromSender(user, "\n".join(texts), dict(zip(names, short, strict=False)))


def test_hostile_texts_stand_only_inside_strings(session, ana, wrong) -> None:
    texts = list(load_texts().values())
    sender = write_everywhere(session, ana, texts)
    handoff = Handoff.escalate(session, ana, notes=sender.note, **sender.lines)
    for fault in prompt_faults(handoff):
        wrong.append(fault)
    assert read_record(session, handoff.from_sender).left_out.steps.read > 40


@pytest.mark.parametrize("part", range(3))
def test_no_known_secret_is_sent(session, ana, wrong, part) -> None:
    """Wherever it was written; half of those that the rules of redaction know when they read nothing
    else."""
    for samples in in_tens(known_samples()[part::6]):
        fresh = Session.open(ana, problem_summary="x")
        sender = write_everywhere(fresh, ana, [sample.text for sample in samples])
        content = read_record(fresh, sender).content
        assert content.count("[REDACTED:") > len(samples)
        for sample in samples:
            wrong.unless(not parts_in(content, sample), sample.where, parts_in(content, sample))


def test_no_cut_leaves_a_piece_of_a_secret(session, wrong) -> None:
    """Wherever the text was cut: by what is shown, or by what was read of one that is longer still."""
    chosen = [sample for sample in known_samples() if "\n" not in sample.text][::30]
    at = random.Random(5)
    add_steps(session, ({"text": "Read the log", "free_text": _filled(sample, at, 8_000)} for sample in chosen))
    content = read_record(session).content
    long = Session.objects.get(pk=session.pk)
    long.intake_text = "\n".join(_filled(sample, at, 3 * END) for sample in chosen)
    content += read_record(long).content
    assert content.count(" characters cut …]") > 8
    for sample in chosen:
        wrong.unless(not parts_in(content, sample), sample.where, parts_in(content, sample))


def _filled(sample: Sample, at: random.Random, length: int) -> str:
    """A log that is full of this text, at places that nobody chose."""
    lines = []
    while sum(map(len, lines)) < length:
        lines += [LOG[: at.randint(20, 80)] + "\n", sample.text + "\n"]
    return "".join(lines)


@pytest.mark.parametrize("before", [0, 1_500, 15_000, 17_000, 40_000])
def test_no_piece_of_a_token_or_a_key_that_is_longer_than_what_is_shown(session, before) -> None:
    """Wherever it begins: half of it, or what is without the words before it, would not be known."""
    line = f"GET /api Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.{'Qx7d' * 90}.{'Qx7d' * 10}\n"
    key = f"-----BEGIN PRIVATE KEY-----\n{('Qx7d' * 16 + chr(10)) * 52}-----END PRIVATE KEY-----\n"
    texts = [f"{'x ' * (before // 2)}{line * 100}", f"{'x ' * (before // 2)}{key}{'x ' * 40_000}{key}{' x' * 1_500}"]
    add_steps(session, ({"text": text[:20_000], "free_text": text} for text in texts))
    add_messages(session, texts)
    session.intake_text = texts[1]
    content = read_record(session, FromSender(note=texts[0][:20_000])).content
    assert "characters cut" in content
    assert "Qx7dQx7d" not in content


def test_a_line_of_the_brief_that_ends_within_a_secret_ends_before_it(session) -> None:
    token = "ghp_" + "A1b2C3d4E5" * 3 + "aZ09xY"
    session.add_step(session.started_by, kind="check", text=f"Asked {'again ' * 28}{token}", outcome="ruled_out")
    line = next(line for line in lines_of(read_record(session).content) if line.get("brief") == "ruled_out")
    assert line["text"].endswith("again …")
    assert line["source"] == "s4"


# --- the samples of tests/quality/secrets/ ---------------------------------------------------------


@cache
def known_samples() -> list[Sample]:
    """Of the half that may be looked at: those of which nothing is left in any field, by itself and on one line; and
    that no other text repeats a part of."""
    samples = [sample for sample in load_samples() if sample.half == "a" and not sample.is_harmless]
    redacted = {sample.where: redact(sample.text) + "\n" + redact(one_line(sample.text)[:200]) for sample in samples}
    everything = "\n".join(redacted.values())
    return [sample for sample in samples if parts_of(sample) and not parts_in(everything, sample)]


def parts_of(sample: Sample) -> set[str]:
    lines = [line.strip() for secret in sample.secrets for line in secret.split("\n")]
    return {line[at : at + PART] for line in lines for at in range(len(line) - PART + 1)}


def parts_in(text: str, sample: Sample) -> list[str]:
    return sorted(part for part in parts_of(sample) if part in text)


def in_tens(samples: Sequence[Sample]) -> list[Sequence[Sample]]:
    return [samples[at : at + 10] for at in range(0, len(samples), 10)]
