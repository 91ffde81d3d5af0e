"""What the model says of a case is scored by what is known of it: asked through the SDK, of a fake of its API."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from tests import servers
from tests.conftest import person
from tests.fakes import messages_api as fake
from tests.quality.asking import answers as ai
from tests.quality.cases import load_cases
from tests.quality.recording import play

CASE = next(case for case in load_cases() if all(case.expected[question] for question in ("affected", "last_error")))


@pytest.fixture
def api(settings):
    api = fake.MessagesApi()
    settings.ANTHROPIC_BASE_URL = api.url
    settings.AI_TIMEOUT_SECONDS = 5
    yield api
    api.stop()


@pytest.fixture
def handoff(ana, northwind):
    return play(CASE, {"ana": ana, "dev": person(northwind, "Dev")}, escalated_at=timezone.now() - timedelta(minutes=5))


@pytest.fixture
def key(settings, handoff):
    """Set after the case was played: nothing else asks."""
    settings.ANTHROPIC_API_KEY = "sk-ant-test"


def says(*, known: str = "Nothing.", evidence: tuple[str, ...] = ("s1",), steps: tuple[str, ...] = ()) -> dict:
    return fake.answer(
        {
            "summary_prose": "It does not work.",
            "what_we_know": [{"text": known, "evidence": list(evidence)}],
            "likely_cause": {"text": "", "evidence": []},
            "suggested_steps": [{"text": step, "evidence": []} for step in steps],
            "confidence": "low",
        }
    )


def test_evidence_facts_tokens_and_time_are_scored(api, handoff, key) -> None:
    affected = CASE.expected["affected"][0].text
    api.says(says(known=f"So it is: {affected}", evidence=("s1", "s99"), steps=("Ask 203.0.113.250",)))
    asked = ai.ask(CASE, handoff)
    assert asked.error == ""
    assert asked.evidence == [True, False]
    assert asked.found["affected"][0]
    assert not all(asked.found["last_error"])
    assert asked.unseen == 1
    assert (asked.tokens_read, asked.tokens_written) == (120, 30)
    assert 0 < asked.seconds < 5
    assert asked.repeated == (False,)


def test_of_each_suggestion_it_is_told_whether_it_was_tried(api, handoff, key) -> None:
    tried = handoff.session.steps.filter(outcome__in=("failed", "ruled_out")).first()
    api.says(says(steps=(tried.text, "Replace the coffee machine")))
    assert ai.ask(CASE, handoff).repeated == (True, False)


def test_a_failure_is_counted_and_said(api, handoff, key, capsys) -> None:
    api.says(fake.failure(401), says())
    refused, answered = ai.ask(CASE, handoff), ai.ask(CASE, handoff)
    assert "key is not valid" in refused.error
    ai.report([refused, answered])
    said = capsys.readouterr().out
    assert f"{CASE.name}: no answer after" in said
    assert "Answered 1 of 2: 100.0% of the evidence is in the prompt" in said
    figures = json.loads(said.strip().split("\n")[-1])
    assert (figures["asked"], figures["answered"], figures["tokens_read"], figures["repeated"]) == (2, 1, 120, None)


def test_nothing_but_failures_is_a_report_too(api, handoff, key, capsys) -> None:
    api.says(fake.failure(529))
    ai.report([ai.ask(CASE, handoff)])
    assert "Answered 0 of 1" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("key", ["", "sk-ant-test"])
def test_make_quality_says_that_it_is_skipped_without_a_key(key) -> None:
    api = fake.MessagesApi()
    api.says(says())
    environment = servers.environment(ONLY="ai", ANTHROPIC_API_KEY=key, ANTHROPIC_BASE_URL=api.url)
    command = [sys.executable, "-m", "tests.quality"]
    said = subprocess.run(command, env={**os.environ, **environment}, cwd=servers.ROOT, capture_output=True, text=True)
    api.stop()
    assert said.returncode == 0, said.stderr
    if key:
        assert f"Answered {len(load_cases())} of {len(load_cases())}" in said.stdout
        assert len(api.requests) == len(load_cases())
    else:
        assert "skipped, ANTHROPIC_API_KEY is not set" in said.stdout
        assert not api.requests
    assert "The pick-up screen" not in said.stdout
