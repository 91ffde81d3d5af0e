"""What the AI proposes, on the forms that escalate and resolve: an open form alone asks, and is whole without it."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from handoffs.models import Handoff, Proposals
from sessions_app.models import AiCall, Session
from tests.conftest import shown_by
from tests.fakes import messages_api as fake
from tests.handoffs.test_proposals import ESCALATION, RESOLUTION

FORMS = {"escalation": "escalate", "resolution": "resolve"}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def api(api):
    api.says(fake.answer(ESCALATION))
    return api


@pytest.fixture
def anas(client: Client, ana) -> Client:
    client.force_login(ana)
    return client


def form_of(session: Session, kind: str) -> str:
    return f"/sessions/{session.pk}/{FORMS[kind]}/"


def ask(client: Client, session: Session, kind: str = "escalation") -> Any:
    return client.post(f"{form_of(session, kind)}proposals/", headers=HTMX)


def look(client: Client, session: Session, kind: str = "escalation") -> Any:
    return client.get(f"{form_of(session, kind)}proposals/", headers=HTMX)


def work() -> None:
    for pk in Proposals.objects.values_list("pk", flat=True):
        Proposals.objects.filter(pk=pk).update(due_at=timezone.now())
        Proposals.run(pk)


@pytest.mark.parametrize("kind", FORMS)
def test_reading_a_form_asks_nothing(api, anas, session, kind):
    page = anas.get(form_of(session, kind)).content.decode()
    assert f'hx-post="{form_of(session, kind)}proposals/"' in page
    assert look(anas, session, kind).content.strip().startswith(b"<p") is False
    assert not Proposals.objects.exists()
    assert not api.requests


@pytest.mark.parametrize(("kind", "answer"), [("escalation", ESCALATION), ("resolution", RESOLUTION)])
def test_an_open_form_asks_waits_and_is_told(api, anas, session, ana, kind, answer):
    session.add_step(ana, text="Lowered the MTU", outcome="worked")
    api.says(fake.answer(answer))
    assert "The AI is reading the record" in ask(anas, session, kind).content.decode()
    assert look(anas, session, kind).status_code == 204
    assert not api.requests
    work()
    told = html.unescape(look(anas, session, kind).content.decode())
    assert "reading" not in told
    for field, lines in answer.items():
        for line in lines:
            assert f'data-proposed="{field}"' in told
            assert f'value="{line["text"]}"' in told
            assert f"/sessions/{session.pk}/?at={line['evidence'][0]}#{line['evidence'][0]}" in told
    assert html.unescape(ask(anas, session, kind).content.decode()) == told
    assert len(api.requests) == 1


def test_what_the_model_wrote_is_text(api, anas, session, ana):
    session.add_step(ana, text='Saw <b onmouseover="alert(1)"> in its log', outcome="inconclusive")
    line = {"text": 'Its log has <b onmouseover="alert(1)"> in it.', "evidence": ["s4"]}
    api.says(fake.answer({**ESCALATION, "suspect": [line]}))
    ask(anas, session)
    work()
    told = look(anas, session).content.decode()
    assert "<b " not in told
    assert "&lt;b onmouseover=&quot;alert(1)&quot;&gt;" in told


def test_a_failure_is_one_quiet_line(api, anas, session):
    api.says(fake.failure(401))
    ask(anas, session)
    work()
    told = look(anas, session).content.decode()
    assert '<p class="muted small">The AI could not read the record.</p>' in told
    assert "hx-get" not in told


def test_where_nothing_is_proposed_nothing_is_shown(api, anas, session):
    api.says(fake.answer({field: [] for field in ESCALATION}))
    ask(anas, session)
    work()
    assert look(anas, session).content.strip() == b""


@pytest.mark.parametrize("off", ["no key", "switched off", "no budget left"])
def test_with_the_ai_off_a_form_is_whole_and_says_nothing_of_it(settings, anas, session, northwind, off):
    settings.ANTHROPIC_API_KEY = "" if off == "no key" else "sk-ant-test"
    northwind.ai_enabled, northwind.ai_monthly_tokens = off != "switched off", 0 if off == "no budget left" else None
    northwind.save(update_fields=["ai_enabled", "ai_monthly_tokens"])
    for kind in FORMS:
        page = anas.get(form_of(session, kind)).content.decode()
        assert "hx-post" not in page
        assert "The AI" not in page
        assert ask(anas, session, kind).content.strip() == b""
    assert not Proposals.objects.exists()


@pytest.mark.parametrize("on", [True, False], ids=["on", "off"])
def test_a_form_is_sent_the_same_with_the_ai_on_or_off(api, anas, session, settings, on):
    settings.ANTHROPIC_API_KEY = "sk-ant-test" if on else ""
    sent = shown_by(anas.get(form_of(session, "escalation")))
    if on:
        ask(anas, session)
        work()
    typed = {**sent, "notes": "Stuck", "suspect": "The tunnel drops after error 809."}
    assert anas.post(form_of(session, "escalation"), typed).status_code == 302
    handoff = Handoff.objects.get()
    assert (handoff.notes, handoff.suspect) == ("Stuck", "The tunnel drops after error 809.")
    assert handoff.next_step == sent["next_step"]


def test_a_refused_form_asks_too_and_keeps_what_was_typed(api, anas, session):
    answer = anas.post(form_of(session, "escalation"), {"suspect": "The tunnel", "priority": "2"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'hx-post="{form_of(session, "escalation")}proposals/"' in page
    assert 'value="The tunnel"' in page


@pytest.mark.parametrize("kind", FORMS)
def test_who_may_not_send_the_form_is_refused(api, client, session, bo, vic, eve, kind):
    for user, status in ((bo, 403), (vic, 403), (eve, 404)):
        client.force_login(user)
        assert ask(client, session, kind).status_code == status
    assert look(client, session, kind).status_code == 404
    assert not Proposals.objects.exists()


def test_a_lead_may(api, client, session, lea):
    client.force_login(lea)
    assert ask(client, session).status_code == 200
    assert Proposals.objects.get().session == session


def test_pressed_without_a_script_it_leads_to_the_session(api, anas, session):
    answer = anas.post(f"{form_of(session, 'escalation')}proposals/")
    assert (answer.status_code, answer["Location"]) == (302, f"/sessions/{session.pk}/")


def test_the_session_goes_on_without_its_calls(api, anas, session, ana):
    ask(anas, session)
    work()
    AiCall.objects.all().delete()
    assert 'data-proposed="suspect"' in look(anas, session).content.decode()
