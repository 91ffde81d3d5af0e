"""The queue as people see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from handoffs.models import Handoff, Summary
from resolutionflow.accounts.models import User
from sessions_app.models import Session

pytestmark = pytest.mark.django_db
QUEUE = "/queue/"


def escalated(sender: User, problem: str, **fields) -> Handoff:
    session = Session.open(sender, problem_summary=problem, client_name="Hartwell Dental")
    session.add_step(sender, text="Restarted it", outcome="failed")
    return Handoff.escalate(session, sender, notes="Please help", **fields)


def page(client, user, query: str = "") -> str:
    client.force_login(user)
    response = client.get(QUEUE + query)
    assert response.status_code == 200
    return response.content.decode()


def test_a_card_says_all_that_is_needed_to_decide(client, waiting, bo):
    html = page(client, bo)
    for said in ("VPN drops every ten minutes", "High", "Northgate Legal", "Network", "#48190", "from Ana Tester"):
        assert said in html
    assert "2 tried" in html
    assert "(1 failed, 1 unclear)" in html
    assert "<small>summary" not in html  # it is off, and nothing is said of it
    assert "anyone" in html
    assert reverse("handoff_claim", args=[waiting.pk]) in html


def test_priority_comes_first_then_the_longest_wait(client, ana, bo):
    for problem, priority in (("slow", 3), ("first", 2), ("second", 2), ("burning", 0)):
        escalated(ana, problem, priority=priority)
    html = page(client, bo)
    places = [html.index(f">{problem}</a>") for problem in ("burning", "first", "second", "slow")]
    assert places == sorted(places)


def test_lanes_are_addresses_with_counts(client, ana, bo, cy, lea, network):
    escalated(ana, "for anybody")
    escalated(ana, "for Bo himself", target_user=bo)
    escalated(ana, "for Bo's team", target_team=network)
    escalated(ana, "for Cy", target_user=cy)
    escalated(ana, "taken already").claim(cy)
    Handoff.park(Session.open(bo, problem_summary="waits for a part"), bo)
    html = page(client, bo)
    assert [count for count in ("Waiting", "For me", "Claimed", "Parked") if count in html]
    for lane, count in (("waiting", 4), ("mine", 2), ("claimed", 1), ("parked", 1)):
        assert f'<span class="count" data-count-of="{lane}">{count}</span>' in html, lane
    mine = page(client, bo, "?lane=mine")
    assert "for Bo himself" in mine
    assert "for Bo&#x27;s team" in mine
    assert "for Cy" not in mine
    assert "taken already" in page(client, bo, "?lane=claimed")
    assert "waits for a part" in page(client, bo, "?lane=parked")
    assert "waits for a part" not in page(client, ana, "?lane=parked")


def test_empty_lanes_say_what_to_do(client, bo):
    assert "The queue is empty" in page(client, bo)
    assert "Nothing is aimed at you" in page(client, bo, "?lane=mine")
    assert "You have parked nothing" in page(client, bo, "?lane=parked")


def test_a_long_queue_comes_in_pages(client, ana, bo, monkeypatch):
    monkeypatch.setattr("handoffs.views.queue.PAGE", 2)
    for number in range(5):
        escalated(ana, f"problem {number}")
    html = page(client, bo)
    assert "problem 1<" in html
    assert "problem 2<" not in html
    cursor = html.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    following = page(client, bo, cursor)
    assert "problem 2<" in following
    assert "problem 1<" not in following


def test_nothing_of_another_account(client, waiting, eve):
    assert "VPN" not in page(client, eve)


@pytest.mark.parametrize(
    ("way", "place"), [("", "s3"), ("continue", "s3"), ("analysis", "m1"), ("own", "composer"), ("odd", "s3")]
)
def test_claiming_always_leads_into_the_session(client, waiting, bo, way, place):
    client.force_login(bo)
    address, session = reverse("handoff_claim", args=[waiting.pk]), f"/sessions/{waiting.session_id}/"
    assert client.post(address, {"way": way})["Location"] == f"{session}?compose=1#{place}"
    again = client.post(address, {"way": way}, headers={"HX-Request": "true"})
    assert again["HX-Redirect"] == f"{session}?compose=1#{place}"
    assert f'formaction="/handoffs/{waiting.pk}/undo/"' in client.get(session).content.decode().split('id="toasts"')[1]


@pytest.mark.parametrize(
    ("came_from", "leads"),
    [
        ("http://testserver/queue/?priority=urgent&q=a%26b", "/queue/?priority=urgent&amp;q=a%26b"),
        ("http://testserver/queue/", "/queue/"),
        ("http://evil.example/queue/?q=x", "/queue/"),
        ("http://testserver/sessions/?q=x", "/queue/"),
        ("", "/queue/"),
    ],
)
def test_back_to_the_queue_keeps_its_filters(client, waiting, bo, came_from, leads):
    client.force_login(bo)
    html = client.get(waiting.get_absolute_url(), headers={"Referer": came_from}).content.decode()
    assert f'<a href="{leads}" data-back>' in html


@pytest.mark.parametrize(
    ("back", "leads"),
    [
        ("/queue/?priority=urgent&q=a%26b", "/queue/?priority=urgent&q=a%26b"),
        ("/queue/", "/queue/"),
        ("https://evil.example/queue/", "/queue/"),
        ("//evil.example/queue/", "/queue/"),
        ("/queue/../admin/", "/queue/"),
        ("/sessions/?q=x", "/queue/"),
        ("/queue/?q=\r\nX-Evil: 1", "/queue/"),
        ("", "/queue/"),
    ],
)
def test_a_release_leads_back_to_the_filtered_queue(client, claimed, bo, back, leads):
    client.force_login(bo)
    answer = client.post(reverse("handoff_release", args=[claimed.pk]), {"reason": "Not mine", "back": back})
    assert answer["Location"] == leads


def test_queries_do_not_grow_with_rows(client, ana, bo, network):
    escalated(ana, "one", target_team=network)
    client.force_login(bo)
    client.get(QUEUE)
    for lane in ("waiting", "mine", "claimed", "parked"):
        few = _queries(client, lane)
        for number in range(6):
            escalated(ana, f"more {number}", target_team=network)
            escalated(ana, f"taken {number}").claim(bo)
            Handoff.park(Session.open(bo, problem_summary="later"), bo)
        assert _queries(client, lane) == few


def _queries(client, lane: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(QUEUE, {"lane": lane}).status_code == 200
    return len(queries)


def test_a_card_that_is_kept_is_never_out_of_date(client, waiting, ana, bo, lea):
    """Cards are kept as HTML by what stands on them: whatever changes there, the next page has it."""

    def says(words: str) -> bool:
        return words in page(client, bo)

    assert says("2 tried")
    waiting.session.add_step(ana, text="Swapped the cable", outcome="failed")
    assert says("3 tried")
    waiting.session.change(ana, problem_summary="VPN drops for everybody", client_name="Northgate South")
    assert says("VPN drops for everybody")
    assert says("Northgate South")
    waiting.reprioritise(lea, priority=0)
    assert says('class="priority urgent"')
    ana.change_profile(name="Anna Tester", time_zone="")
    assert says("from Anna Tester")
    Summary.objects.create(account=bo.account, handoff=waiting, status=Summary.Status.FAILED)
    assert says("summary failed")
    Handoff.objects.filter(pk=waiting.pk).update(opened_at=waiting.opened_at - timedelta(hours=3))
    assert says(">3 h</time>")
