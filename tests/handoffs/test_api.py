"""The queue and the verbs of a handoff over the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from handoffs.models import Handoff
from resolutionflow.accounts.models import Account, Event, Team
from sessions_app.models import Session
from tests.api_client import client_of
from tests.conftest import person, summarised


def queue(user, **query) -> list[int]:
    answer = client_of(user).get("handoffs/", query)
    assert answer.status_code == 200, answer.content
    return [card["id"] for card in answer.json()["results"]]


def escalated(user, summary="Printer is offline", **fields) -> Handoff:
    targets = {name: fields.pop(name) for name in ("priority", "target_user", "target_team") if name in fields}
    return Handoff.escalate(Session.open(user, problem_summary=summary, **fields), user, notes="stuck", **targets)


def test_the_queue_is_priority_then_longest_wait(waiting, ana, bo) -> None:
    low, urgent, later = (escalated(ana, priority=priority) for priority in (3, 0, 1))
    assert queue(bo) == [urgent.pk, waiting.pk, later.pk, low.pk]


def test_pages_are_stable_under_inserts(ana, bo) -> None:
    cards = [escalated(ana, priority=priority) for priority in (2, 1, 2, 1, 2)]
    expected = [card.pk for card in sorted(cards, key=lambda card: (card.priority, card.pk))]
    client = client_of(bo)
    seen, url, pages = [], "handoffs/?limit=2", []
    while url:
        page = client.get(url).json()
        pages.append(page)
        seen += [card["id"] for card in page["results"]]
        escalated(ana, priority=0)  # arrives at the top, before what is being read
        url = page["next"]
    assert seen == expected
    back = client.get(pages[-1]["previous"]).json()
    assert [card["id"] for card in back["results"]] == expected[2:4]
    assert back["next"] is not None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, True),
        ({"status": "open"}, True),
        ({"status": "claimed"}, False),
        ({"status": "any", "intent": "any"}, True),
        ({"intent": "park"}, False),
        ({"priority": "high"}, True),
        ({"priority": "low"}, False),
        ({"domain": "network"}, True),
        ({"domain": "email"}, False),
        ({"client": "northgate"}, True),
        ({"client": "southgate"}, False),
        ({"q": "vpn ten"}, True),
        ({"q": "printer"}, False),
        ({"ticket": "48190"}, True),
        ({"ticket": "#48190"}, True),
        ({"ticket": "4819"}, False),
        ({"older_than": "0"}, True),
        ({"older_than": "15m"}, False),
        ({"older_than": "2h"}, False),
        ({"older_than": "2100-01-01T00:00:00Z"}, True),
        ({"target": "me"}, False),
    ],
)
def test_filters(waiting, bo, query, found) -> None:
    assert queue(bo, **query) == ([waiting.pk] if found else [])


def test_filters_by_people_and_teams(waiting, ana, bo, cy, network) -> None:
    to_team = escalated(ana, target_team=network)
    to_cy = escalated(ana, target_user=cy)
    assert queue(bo, target="me") == [to_team.pk]
    assert queue(bo, target=cy.pk) == [to_cy.pk]
    assert queue(bo, team=network.pk) == [to_team.pk]
    assert len(queue(bo, sender=ana.pk)) == 3
    assert queue(bo, sender="me") == []


def test_a_team_no_row_can_have_finds_nothing(waiting, bo):
    for address in ("handoffs/", "sessions/"):
        answer = client_of(bo).get(f"{address}?team={10**30}")
        assert (answer.status_code, answer.json()["results"]) == (200, [])


@pytest.mark.parametrize(
    "query",
    [
        {"status": "gone"}, {"priority": "0"}, {"target": "them"}, {"older_than": "soon"}, {"older_than": "2026-13-01"},
        {"limit": "0"}, {"limit": "many"}, {"cursor": "x"}, {"cursor": "W10"}, {"colour": "red"}, {"team": "1.5"},
        {"older_than": "999999d"}, {"older_than": "9999-12-31T23:59:59-14:00"},
        {"older_than": "0001-01-01T00:00+14:00"},
    ],
)  # fmt: skip
def test_a_wrong_filter_is_said_not_passed_over(waiting, bo, query) -> None:
    answer = client_of(bo).get("handoffs/", query)
    assert answer.status_code == 400, answer.content
    assert list(answer.json()["errors"]) == list(query)


def test_the_queue_asks_a_constant_number_of_queries(ana, bo, django_assert_max_num_queries) -> None:
    client = client_of(bo)
    client.get("me/")
    for count in (1, 6):
        for _ in range(count):
            escalated(ana)
        with django_assert_max_num_queries(5):  # the ids of a page, then what it shows
            assert len(client.get("handoffs/").json()["results"]) >= count


def test_detail_has_the_snapshot_and_the_summary(waiting, bo) -> None:
    body = client_of(bo).get(f"handoffs/{waiting.pk}/").json()
    assert body["snapshot"]["problem_summary"] == waiting.session.problem_summary
    assert body["summary"]["state"] == body["summary_state"] == "off"
    assert body["handed_off_by_name"] == waiting.sender.name
    assert (body["priority"], body["closed_reason"], body["note_state"], body["psa_note_pushed"]) == (
        "high", None, None, False,
    )  # fmt: skip


def test_priority(waiting, ana, bo) -> None:
    assert client_of(ana).patch(f"handoffs/{waiting.pk}/", priority="urgent").json()["priority"] == "urgent"
    assert client_of(bo).patch(f"handoffs/{waiting.pk}/", priority="low").status_code == 403
    for wrong in (0, "now", None, True, ["low"]):
        answer = client_of(ana).patch(f"handoffs/{waiting.pk}/", priority=wrong)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["priority"])


def test_escalate(session, ana, bo) -> None:
    answer = client_of(ana).post(
        f"sessions/{session.pk}/escalate/", notes="stuck", priority="urgent", target_user=bo.pk
    )
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert (body["intent"], body["status"], body["priority"]) == ("escalate", "open", "urgent")
    assert body["target_user"] == {"id": bo.pk, "name": bo.name}
    assert body["attempts"]["failed"] == 1
    again = client_of(ana).post(f"sessions/{session.pk}/escalate/", notes="again")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")


def test_escalate_says_what_is_wrong(session, ana, bo, eve, vic, network, elsewhere) -> None:
    foreign = Team.objects.create(account=elsewhere, name="Theirs")
    wrong = [
        ({}, "notes"), ({"notes": ""}, "notes"), ({"notes": "\u202e \x00"}, "notes"), ({"notes": 7}, "notes"),
        ({"notes": None}, "notes"), ({"notes": "x" * 100_000}, "notes"), ({"notes": "x", "colour": "red"}, "colour"),
        ({"notes": "x", "priority": 1}, "priority"), ({"notes": "x", "priority": "soon"}, "priority"),
        ({"notes": "x", "target_user": ana.pk}, "target_user"), ({"notes": "x", "target_user": vic.pk}, "target_user"),
        ({"notes": "x", "target_user": eve.pk}, "target_user"), ({"notes": "x", "target_user": "1"}, "target_user"),
        ({"notes": "x", "target_user": 10**30}, "target_user"), ({"notes": "x", "target_user": True}, "target_user"),
        ({"notes": "x", "target_team": foreign.pk}, "target_team"),
        ({"notes": "x", "target_user": bo.pk, "target_team": network.pk}, "target_user"),
    ]  # fmt: skip
    client = client_of(ana)
    for body, field in wrong:
        answer = client.post(f"sessions/{session.pk}/escalate/", **body)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid"), body
        assert list(answer.json()["errors"]) == [field], body
    session.refresh_from_db()
    assert session.status == "active"


def test_park_needs_a_wake_rule(session, ana) -> None:
    Account.objects.update(time_zone="Europe/Oslo")
    client, url = client_of(ana), f"sessions/{session.pk}/park/"
    later, before = (timezone.now() + timedelta(hours=hours) for hours in (3, -3))
    for body in ({}, {"wake": "none", "wake_at": later.isoformat()}, {"wake": "soon"}):
        assert list(client.post(url, **body).json()["errors"]) == ["wake"], body
    for at in (before.isoformat(), "tomorrow", 5):
        assert list(client.post(url, wake_at=at).json()["errors"]) == ["wake_at"]
    answer = client.post(url, wake="next_business_day", notes="waits for the vendor")
    assert answer.status_code == 201
    assert answer.json()["wake_at"].endswith("Z")
    assert Event.objects.get(kind="handoff.parked").facts["wake_at"].endswith("Z")
    assert answer.json()["notes"] == "waits for the vendor"
    assert client.post(f"sessions/{session.pk}/resume/").json()["status"] == "active"
    assert client.post(url, wake="none").json()["wake_at"] is None


def test_there_and_back(waiting, ana, bo, cy, lea) -> None:
    ana_, bo_, lea_ = (client_of(user) for user in (ana, bo, lea))
    url = f"handoffs/{waiting.pk}/"
    assert bo_.post(f"{url}claim/").json()["status"] == "claimed"
    assert bo_.post(f"{url}undo/").json()["status"] == "open"
    assert bo_.post(f"{url}claim/").status_code == 200
    assert bo_.post(f"{url}release/", reason="shift ends").json()["claimed_by"] is None
    assert bo_.post(f"{url}claim/").status_code == 200
    assert bo_.post(f"{url}transfer/", to=cy.pk, reason="knows it").json()["claimed_by"]["id"] == cy.pk
    assert lea_.post(f"{url}take-over/", reason="urgent").json()["claimed_by"]["id"] == lea.pk
    returned = lea_.post(f"{url}return/", reason="try the cable").json()
    assert (returned["status"], returned["closed_reason"]) == ("closed", "returned")
    assert returned["session"]["assignee"]["id"] == ana.pk
    assert ana_.post(f"sessions/{waiting.session_id}/escalate/", notes="once more").status_code == 201
    history = ana_.get(f"sessions/{waiting.session_id}/handoffs/").json()["results"]
    assert [handoff["id"] for handoff in history][1:] == [waiting.pk]
    assert ana_.post(f"handoffs/{history[0]['id']}/withdraw/").json()["closed_reason"] == "withdrawn"


@pytest.mark.parametrize("verb", ["undo", "release", "return", "transfer", "take-over"])
def test_refusals_are_sentences(waiting, lea, verb) -> None:
    body = {"transfer": {"to": lea.pk}, "take-over": {"reason": "x"}, "return": {"reason": "x"}}.get(verb, {})
    answer = client_of(lea).post(f"handoffs/{waiting.pk}/{verb}/", **body)
    assert answer.status_code == 409
    assert answer.json()["code"] == "wrong_state"
    assert answer.json()["detail"].endswith(".")


def test_a_reason_is_asked_for(claimed, bo, lea, eve, vic) -> None:
    url = f"handoffs/{claimed.pk}/"
    for client, verb in ((client_of(bo), "return"), (client_of(lea), "take-over")):
        for body in ({}, {"reason": ""}, {"reason": 5}):
            answer = client.post(f"{url}{verb}/", **body)
            assert (answer.status_code, list(answer.json()["errors"])) == (400, ["reason"])
    for to in (eve.pk, vic.pk, bo.pk, None, "Bo", 99999):
        answer = client_of(bo).post(f"{url}transfer/", to=to)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["to"]), to


def test_the_summary_is_off_without_a_key(waiting, bo) -> None:
    assert client_of(bo).get(f"handoffs/{waiting.pk}/summary/").json()["state"] == "off"
    answer = client_of(bo).post(f"handoffs/{waiting.pk}/summary/")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


def test_the_summary_is_made_anew(waiting, bo, settings) -> None:
    settings.ANTHROPIC_API_KEY = "key"
    answer = client_of(bo).post(f"handoffs/{waiting.pk}/summary/")
    assert (answer.status_code, answer.json()["state"]) == (202, "pending")
    waiting.refresh_from_db()
    cause = {"text": "MTU", "evidence": ["s1"]}
    summarised(waiting, summary_prose="The tunnel is down.", steps_seen=1, likely_cause=cause)
    body = client_of(bo).get(f"handoffs/{waiting.pk}/").json()
    for status in ("done", "failed"):
        type(waiting.summary).objects.update(status=status)
        assert client_of(bo).post(f"handoffs/{waiting.pk}/summary/").json()["state"] == "pending"
    type(waiting.summary).objects.update(status="done")
    assert body["ai_assessment"] == body["summary"]["summary_prose"] == "The tunnel is down."
    assert body["ai_assessment_data"]["likely_cause"] == "MTU"
    assert body["summary"]["steps_since"] == 2
    package = client_of(bo).get(f"sessions/{waiting.session_id}/").json()["escalation_package"]
    assert (package["handoff_id"], package["suggested_next_steps"]) == (waiting.pk, [])


def test_a_queue_of_thousands_pages_by_its_index(ana, bo) -> None:
    """The cursor's position is compared field by field, not counted: the last page costs what the first does."""
    crowd = [person(ana.account, f"P{number}") for number in range(3)]
    cards = [escalated(user) for user in crowd]
    Handoff.objects.update(opened_at=timezone.now())  # all alike: the id decides
    first = client_of(bo).get("handoffs/", {"limit": 2}).json()
    second = client_of(bo).get(first["next"]).json()
    assert [card["id"] for card in first["results"] + second["results"]] == [card.pk for card in cards]
