"""The briefing over the API: mine alone, and what is new to me by rules."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from handoffs.models import Briefing, Handoff
from resolutionflow.accounts.models import Account
from sessions_app.models import Visit
from tests.api_client import client_of, errors_of
from tests.fakes import messages_api as fake
from tests.handoffs.test_briefing import GOOD

pytestmark = pytest.mark.django_db


def address(handoff: Handoff) -> str:
    return f"handoffs/{handoff.pk}/briefing/"


@pytest.fixture
def ai(settings: Any) -> None:
    settings.ANTHROPIC_API_KEY = "sk-ant-test"


def test_off_without_ai_but_what_is_new_is_there(waiting, ana, bo) -> None:
    session, desk = waiting.session, client_of(bo)
    given = desk.get(address(waiting)).json()
    assert (given["state"], given["news"], given["prose"], given["lines"]) == ("off", None, None, [])
    Visit.note(session, bo)
    seen = Account.objects.get(pk=bo.account_id).last_seq
    Visit.objects.update(since_seq=seen, began_seq=seen)
    session.add_step(ana, text="Compared the lifetimes", outcome="failed")
    session.steps.get(order=2).change(ana, outcome="ruled_out")
    session.add_message(ana, content="It is the tunnel.")
    assert desk.get(address(waiting)).json()["news"] == {"added": ["s4", "m1"], "changed": ["s2"]}
    errors_of(desk.post(address(waiting)), 409, "wrong_state")


@pytest.mark.thorough
def test_asked_written_and_asked_again(settings, waiting, ana, bo, cy) -> None:
    desk = client_of(bo)
    with fake.running(settings) as api:
        api.says(fake.answer(GOOD))
        assert desk.get(address(waiting)).json()["state"] == "not_asked"
        answer = desk.post(address(waiting))
        assert (answer.status_code, answer.json()["state"]) == (202, "pending")
        Briefing.run(Briefing.objects.get().pk)
        given = desk.get(address(waiting)).json()
        assert desk.post(address(waiting)).json()["state"] == "ready", "nothing is new"
        waiting.session.add_step(ana, text="Compared the lifetimes", outcome="failed")
        outdated = desk.get(address(waiting)).json()
        again = desk.post(address(waiting)).json()
    assert (given["prose"], given["error"], given["is_outdated"]) == (GOOD["prose"], None, False)
    assert given["lines"] == [{**line, "unproven": False, "unseen": []} for line in GOOD["lines"]]
    assert given["written_at"].endswith("Z")
    assert given["model"] == settings.ANTHROPIC_MODEL
    assert (given["redacted"], given["redacted_count"]) == ([], 0)
    assert (outdated["steps_since"], outdated["is_outdated"]) == (1, True)
    assert (again["state"], again["prose"]) == ("pending", GOOD["prose"])
    assert client_of(cy).get(address(waiting)).json()["prose"] is None


def test_a_viewer_reads_and_cannot_ask_and_another_account_finds_nothing(ai, waiting, vic, eve) -> None:
    assert client_of(vic).get(address(waiting)).json()["lines"] == []
    errors_of(client_of(vic).post(address(waiting)), 403, "not_allowed")
    for ask in (client_of(eve).get, client_of(eve).post):
        errors_of(ask(address(waiting)), 404, "not_found")
    assert not Briefing.objects.exists()


def test_a_park_has_none(ai, session, ana, bo) -> None:
    parked = Handoff.park(session, ana, notes="", wake_at=timezone.now())
    assert client_of(bo).get(address(parked)).json()["state"] == "off"
    errors_of(client_of(bo).post(address(parked)), 409, "wrong_state")
