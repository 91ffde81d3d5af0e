"""The briefing on the pick-up screen: offered, one's own alone, and what is new by rules where none is written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from handoffs.models import Briefing, Handoff
from resolutionflow.accounts.models import Account, Event
from sessions_app.models import Visit

pytestmark = pytest.mark.django_db

LINES = [{"text": "The router model is <b>unknown</b>.", "evidence": ["s3"]}, {"text": "Guessed.", "evidence": []}]


@pytest.fixture
def ai(settings: Any) -> None:
    """A key, and nobody who is asked."""
    settings.ANTHROPIC_API_KEY = "sk-ant-test"


@pytest.fixture
def look(client: Client) -> Any:
    """The region as this person is shown it; empty where it is hidden."""

    def look(user: Any, handoff: Handoff, **headers: str) -> str:
        client.force_login(user)
        page = client.get(handoff.get_absolute_url(), headers=headers).content.decode()
        assert "AI is off</" not in page
        region = page.partition(f'id="briefing-{handoff.pk}"')[2].partition("</section>")[0]
        return "" if "hidden" in region.partition(">")[0] else region

    return look


def away(user: Any) -> None:
    Visit.objects.filter(user=user).update(last_at=timezone.now() - timedelta(minutes=20))


def stored(handoff: Handoff, user: Any, **more: Any) -> Briefing:
    """As the AI's answer is stored."""
    seen = Account.objects.get(pk=handoff.account_id).last_seq
    words = {"prose": f"{user.first_name}, look at the tunnel.", "lines": LINES, "written_at": timezone.now()}
    fields: dict[str, Any] = {"status": "done", "seen_seq": seen, **words, **more}
    made: Briefing = Briefing.objects.create(account=handoff.account, handoff=handoff, user=user, **fields)
    return made


# --- offered -----------------------------------------------------------------------------------


def test_it_is_offered_to_who_may_pick_it_up(ai, look, waiting, ana, bo, vic) -> None:
    shown = look(bo, waiting)
    assert "Brief me" in shown
    assert "<details" not in shown
    assert not look(vic, waiting)
    assert not look(ana, waiting), "her own, and nothing is new to her"


def test_to_its_sender_once_something_is_new(ai, look, waiting, ana, cy) -> None:
    look(ana, waiting)
    away(ana)
    waiting.session.add_step(cy, text="Compared the lifetimes", outcome="failed")
    assert "Brief me" in look(ana, waiting)


def test_not_on_a_park_nor_on_what_is_over(ai, look, waiting, ana, bo) -> None:
    waiting.withdraw(ana)
    assert not look(bo, waiting)
    parked = Handoff.park(waiting.session, ana, notes="Later", wake_at=None)
    assert not look(bo, parked)


def test_without_ai_there_is_no_panel_but_for_who_has_news(look, waiting, ana, bo) -> None:
    assert not look(bo, waiting)
    away(bo)
    waiting.session.add_step(ana, text="Compared the <i>lifetimes</i>", outcome="failed")
    waiting.session.steps.get(order=2).change(ana, outcome="ruled_out")
    waiting.session.add_message(ana, content="It is the tunnel.")
    waiting.correct(ana, affected="Two users")
    shown = look(bo, waiting)
    assert "New to you" in shown
    assert "<details" in shown
    assert " open" not in shown.partition("<details")[2].partition(">")[0]
    lines = ("Compared the &lt;i&gt;lifetimes&lt;/i&gt;", "Failed:", "Ruled out:", "It is the tunnel.", "Two users")
    assert [line for line in lines if line not in shown] == []
    assert shown.index("Two users") < shown.index("It is the tunnel.") < shown.index("Compared"), "newest first"


def test_of_many_changes_five_are_listed(look, waiting, ana, bo) -> None:
    look(bo, waiting)
    away(bo)
    for number in range(8):
        waiting.session.add_step(ana, text=f"Tried {number}")
    shown = look(bo, waiting)
    assert "Tried 7" in shown
    assert "Tried 2" not in shown
    assert "3 more: view all activity" in shown


# --- pressed -----------------------------------------------------------------------------------


def press(client: Client, handoff: Handoff, **headers: str) -> Any:
    return client.post(f"/handoffs/{handoff.pk}/briefing/", headers=headers)


def test_a_press_draws_the_region_alone(ai, look, client, waiting, bo) -> None:
    look(bo, waiting)
    answer = press(client, waiting, **{"HX-Request": "true"}).content.decode()
    assert f'id="briefing-{waiting.pk}"' in answer
    assert "Being written" in answer
    assert f'href="#brief-{waiting.pk}"' in answer, "where all of it is new, the brief"
    assert "<html" not in answer
    assert "Being written" in press(client, waiting, **{"HX-Request": "true"}).content.decode()
    assert Briefing.objects.get().user == bo


def test_without_scripts_it_leads_back_to_it(ai, client, waiting, bo) -> None:
    client.force_login(bo)
    answer = press(client, waiting)
    assert answer["Location"] == f"{waiting.get_absolute_url()}#briefing-{waiting.pk}"


def test_while_it_is_written_what_is_new_stands_there(ai, look, client, waiting, ana, bo) -> None:
    look(bo, waiting)
    away(bo)
    waiting.session.add_step(ana, text="Compared the lifetimes", outcome="failed")
    look(bo, waiting)
    for shown in (press(client, waiting, **{"HX-Request": "true"}).content.decode(), look(bo, waiting)):
        assert "Being written" in shown
        assert "Compared the lifetimes" in shown


# --- written -----------------------------------------------------------------------------------


def test_it_stays_for_whom_it_was_written_and_for_nobody_else(ai, look, waiting, bo, cy) -> None:
    stored(waiting, bo)
    stored(waiting, cy)
    shown = look(bo, waiting, **{"X-Requested-With": "live"})
    assert "Bo, look at the tunnel." in shown
    assert "Cy, look" not in shown
    assert "&lt;b&gt;unknown&lt;/b&gt;" in shown
    assert 'href="#s3"' in shown
    assert "unproven" in shown
    assert "Unverified text, drafted" in shown
    assert "Renew" not in shown
    assert "Cy, look at the tunnel." in look(cy, waiting)


def test_no_fragment_of_the_socket_shows_it(waiting, bo) -> None:
    from notifications.live.fragments import fragments_of

    briefing = stored(waiting, bo)
    briefing.settled()
    event = Event.objects.latest("id")
    assert event.kind == "briefing.ready"
    assert "look at the tunnel" not in str(event.facts)
    drawn = fragments_of([event], {"queue", f"session:{waiting.session_id}"})
    assert drawn == {event.seq: {f"session:{waiting.session_id}": []}}


def test_it_says_what_came_since_and_can_be_renewed(ai, look, waiting, ana, bo) -> None:
    stored(waiting, bo)
    waiting.session.steps.get(order=1).change(ana, outcome="ruled_out")
    assert "The record has changed since" in look(bo, waiting)
    for _twice in range(2):
        waiting.session.add_step(ana, text="Compared the lifetimes", outcome="failed")
    shown = look(bo, waiting)
    assert "2 new steps since" in shown
    assert "Renew" in shown


def test_a_failure_says_why_and_keeps_what_there_is(ai, look, waiting, bo) -> None:
    stored(waiting, bo, status="failed", error="The AI is <busy>.", prose="", lines=[], written_at=None)
    shown = look(bo, waiting)
    assert "It could not be written. The AI is &lt;busy&gt;." in shown
    assert "Try again" in shown
    assert f'href="#brief-{waiting.pk}"' in shown
    Briefing.objects.update(prose="Bo, look.", written_at=timezone.now())
    shown = look(bo, waiting)
    assert "It could not be renewed." in shown
    assert "Bo, look." in shown


def test_what_failed_is_not_said_where_the_ai_is_off(look, waiting, bo) -> None:
    stored(waiting, bo, status="failed", error="Too slow.", prose="", lines=[], written_at=None)
    assert not look(bo, waiting)


def test_what_was_written_stays_when_the_ai_is_off(look, waiting, bo) -> None:
    stored(waiting, bo)
    waiting.session.add_step(waiting.sender, text="x")
    shown = look(bo, waiting)
    assert "Bo, look at the tunnel." in shown
    assert "Renew" not in shown


def test_the_page_asks_the_database_once_more_at_most(ai, client, waiting, ana, bo, monkeypatch) -> None:
    client.force_login(bo)
    client.get(waiting.get_absolute_url())
    away(bo)
    waiting.session.add_step(ana, text="Compared the lifetimes", outcome="failed")
    waiting.correct(ana, affected="Two users")
    stored(waiting, bo)
    for _once in range(2):
        client.get(waiting.get_absolute_url())
    with CaptureQueriesContext(connection) as queries:
        assert "Bo, look at the tunnel." in client.get(waiting.get_absolute_url()).content.decode()
    about = [query["sql"] for query in queries.captured_queries if "handoffs_briefing" in query["sql"]]
    assert len(about) == 1
    assert not [sql for sql in about if "JOIN" in sql and "accounts_user" in sql]
