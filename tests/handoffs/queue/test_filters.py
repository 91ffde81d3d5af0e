"""What narrows the queue: the same words on the page and in the API, in every lane; nonsense narrows nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from handoffs.models import Handoff, SavedView
from handoffs.queue.filters import LANES, SORTS, QueueQuery
from resolutionflow.accounts.models import User
from resolutionflow.core import clock
from sessions_app.models import Session
from tests.api_client import client_of

pytestmark = pytest.mark.django_db


def escalated(sender: User, problem: str, *, hours: float = 0, handoff: dict | None = None, **session) -> Handoff:
    with clock.replayed_at(timezone.now() - timedelta(hours=hours)):
        opened = Session.open(sender, problem_summary=problem, **session)
        return Handoff.escalate(opened, sender, notes="Please help", **handoff or {})


@pytest.fixture
def busy(ana, bo, cy, network) -> None:
    """One card for each filter, and what tells them apart."""
    escalated(ana, "vpn", hours=3, problem_domain="network", client_name="Harbour Dental", psa_ticket_id="48190",
              handoff={"priority": 0})  # fmt: skip
    escalated(cy, "mail", hours=1, problem_domain="email", client_name="Amber Law", asset_name="MX-1",
              handoff={"priority": 1})  # fmt: skip
    escalated(ana, "login", hours=30, problem_domain="identity", client_name="harbour north",
              handoff={"target_user": bo})  # fmt: skip
    escalated(ana, "printer", hours=0, problem_domain="printing", handoff={"target_team": network, "priority": 3})


def shown(client, user: User, query: str) -> list[str]:
    """The problems on the page, in their order."""
    client.force_login(user)
    answer = client.get(f"/queue/?{query}")
    assert answer.status_code == 200
    return [handoff.session.problem_summary for handoff in answer.context["page"].rows]


FITS = {
    "": ["vpn", "mail", "login", "printer"],
    "priority=urgent": ["vpn"],
    "priority=urgent&priority=low": ["vpn", "printer"],
    "priority=urgent,low": ["vpn", "printer"],
    "domain=email": ["mail"],
    "domain=email,printing": ["mail", "printer"],
    "client=HARBOUR": ["vpn", "login"],
    "sender={ana}": ["vpn", "login", "printer"],
    "sender={ana}&client=harbour&priority=urgent": ["vpn"],
    "target=me": ["login", "printer"],
    "target={bo}": ["login", "printer"],
    "target=anyone": ["vpn", "mail"],
    "team={network}": ["printer"],
    "older_than=2h": ["vpn", "login"],
    "older_than=30m": ["vpn", "mail", "login"],
    "older_than=1d": ["login"],
    "older_than=90": ["vpn", "login"],
    "ticket=yes": ["vpn"],
    "ticket=no": ["mail", "login", "printer"],
    "ticket=%2348190": ["vpn"],
    "q=mx-1": ["mail"],
    "q=harbour+vpn": ["vpn"],
    "q=%2348190": ["vpn"],
    "q=nothing": [],
}


@pytest.mark.parametrize("query", FITS)
def test_page_and_api_agree(query, busy, client, ana, bo, network):
    filled = query.format(ana=ana.pk, bo=bo.pk, network=network.pk)
    assert shown(client, bo, filled) == FITS[query]
    answer = client_of(bo).get(f"handoffs/?{filled}").json()["results"]
    assert [one["session"]["problem_summary"] for one in answer] == FITS[query]


def test_the_api_takes_twice_only_what_takes_several(busy, bo):
    answer = client_of(bo).get("handoffs/?client=a&client=b&priority=urgent&priority=low")
    assert (answer.status_code, answer.json()["errors"]) == (400, {"client": ["Give this once."]})
    answer = client_of(bo).get("handoffs/?target=bo")
    assert answer.json()["errors"] == {"target": ["This must be an id, `me` or `anyone`."]}


@pytest.mark.parametrize("lane", LANES)
def test_filters_hold_in_every_lane(lane, ana, bo, client):
    for problem, name in (("vpn", "Harbour"), ("mail", "Amber")):
        escalated(ana, problem, client_name=name)
        escalated(ana, problem, client_name=name, handoff={"target_user": bo})
        escalated(ana, problem, client_name=name).claim(bo)
        Handoff.park(Session.open(bo, problem_summary=problem, client_name=name), bo)
    assert set(shown(client, bo, f"lane={lane}&client=amber")) == {"mail"}
    assert set(shown(client, bo, f"lane={lane}")) == {"mail", "vpn"}


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", ["vpn", "mail", "login", "printer"]),
        ("wait", ["login", "vpn", "mail", "printer"]),
        ("client", ["printer", "mail", "vpn", "login"]),
        ("nonsense", ["vpn", "mail", "login", "printer"]),
    ],
)
def test_the_sort_is_in_the_address(sort, order, busy, client, bo):
    Session.objects.filter(problem_summary="login").update(client_name="Harbour North")
    assert shown(client, bo, f"sort={sort}") == order


@pytest.mark.thorough
@pytest.mark.parametrize("sort", ["", *SORTS])
@pytest.mark.parametrize("lane", LANES)
def test_every_sort_comes_in_pages(sort, lane, ana, bo, client, monkeypatch):
    monkeypatch.setattr("handoffs.views.queue.PAGE", 2)
    for number in range(5):
        target = {"target_user": bo} if lane == "mine" else {}
        handoff = escalated(ana, f"p{number}", client_name=f"C{number % 2}", handoff={"priority": number % 3, **target})
        if lane == "claimed":
            handoff.claim(bo)
        if lane == "parked":
            handoff.claim(bo)
            Handoff.park(handoff.session, bo)
    whole, query = [], f"lane={lane}&sort={sort}"
    for _page in range(3):
        whole += shown(client, bo, query)
        page = client.get(f"/queue/?{query}").context["page"]
        query = f"lane={lane}&sort={sort}&after={page.next}"
    assert page.next is None
    assert sorted(whole) == [f"p{number}" for number in range(5)]


def test_a_strange_cursor_is_the_first_page(busy, client, bo):
    for cursor in ("x", "bm9uc2Vuc2U", "%00", "9" * 500):
        for sort in SORTS:
            assert len(shown(client, bo, f"sort={sort}&after={cursor}")) == 4


WRONG = [
    "priority=worst", "domain=x", "sender=me", f"sender={10**30}", "sender=0", "target=bo", "target=0", "team=x",
    "team=999999", "older_than=yesterday", "older_than=1y", "q=" + "x" * 600, "client=" + "x" * 600,
    "ticket=" + "x" * 600, "older_than=0001-01-01T00:00:00%2B23:59", "priority=%D9%A3", "sender=%D9%A3",
]  # fmt: skip


@pytest.mark.parametrize("query", WRONG)
def test_a_wrong_value_is_said_at_its_filter_and_narrows_nothing(query, busy, client, bo):
    assert len(shown(client, bo, query)) == 4
    name = query.split("=")[0]
    html = client.get(f"/queue/?{query}").content.decode()
    assert f'id="{name}_error"' in html
    assert f'aria-describedby="{name}_error"' in html


def test_another_accounts_person_is_nobody_here(busy, client, bo, eve):
    assert len(shown(client, bo, f"sender={eve.pk}")) == 4
    assert "Eve Tester" not in client.get(f"/queue/?sender={eve.pk}").content.decode()


def test_who_has_left_is_still_a_name(busy, client, ana, bo):
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert shown(client, bo, f"sender={ana.pk}") == ["vpn", "login", "printer"]
    assert "From Ana Tester" in client.get(f"/queue/?sender={ana.pk}").content.decode()


def test_each_filter_that_is_on_can_be_taken_off_alone(busy, client, bo):
    client.force_login(bo)
    bar = client.get("/queue/?priority=urgent&priority=high&client=amber&open=7&after=x&lane=mine").context["bar"]
    assert [(chip.label, chip.without) for chip in bar.chips] == [
        ("Urgent", "lane=mine&priority=high&client=amber"),
        ("High", "lane=mine&priority=urgent&client=amber"),
        ("Client: amber", "lane=mine&priority=urgent&priority=high"),
    ]
    assert bar.cleared == "lane=mine"


def test_lanes_count_what_fits(busy, client, ana, bo):
    client.force_login(bo)
    context = client.get("/queue/?client=harbour").context
    assert {lane: count for lane, _label, count, _address in context["lanes"]} == {
        "waiting": 2, "mine": 1, "claimed": 0, "parked": 0,
    }  # fmt: skip
    assert (context["waiting"], context["shown"], context["hidden"]) == (4, 2, 2)


def test_an_empty_page_says_what_hides_the_rest(busy, client, bo):
    client.force_login(bo)
    html = client.get("/queue/?priority=low&q=vpn").content.decode()
    assert "4 handoffs of this lane are hidden by: “vpn”, Low." in " ".join(html.split())
    assert "Clear the filters" in html
    assert "The queue is empty" not in html


def test_one_way_of_writing_an_address():
    mixed = QueueQuery.read(QueryDict("sort=priority&priority=low,urgent&q= a  b &lane=waiting&after=x&open=4&team="))
    assert mixed.query == "q=a+b&priority=low&priority=urgent"
    assert QueueQuery.read(QueryDict(mixed.query)) == mixed
    assert QueueQuery.read(QueryDict("lane=claimed&sort=priority")).query == "lane=claimed&sort=priority"


def queries(client, query: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/queue/?{query}").status_code == 200
    return len(asked)


@pytest.mark.thorough
def test_as_many_queries_for_sixty_cards_and_twenty_views_as_for_one(client, ana, bo, network):
    def card(number: int) -> None:
        target = {"target_team": network} if number % 2 else {}
        escalated(ana, f"vpn {number}", client_name=f"Client {number % 3}", handoff=target)
        escalated(ana, f"vpn {number}").claim(bo)

    def queries_of_each() -> dict[str, int]:
        return {
            query: queries(client, query)
            for query in ("", "q=vpn&sort=client", "lane=claimed", "sender=1&target=me&older_than=1m")
        }

    card(0)
    card(1)  # one for a team: whether anybody is left in it is asked once
    client.force_login(bo)
    client.get("/queue/")
    few = queries_of_each()
    for number in range(2, 62):
        card(number)
    assert queries_of_each() == few
    for number in range(20):
        SavedView.add(bo, name=f"v{number}", query=f"q=vpn&sender={ana.pk}&team={number}&target=me")
    assert queries_of_each() == few
