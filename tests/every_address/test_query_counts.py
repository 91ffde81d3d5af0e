"""Every address asks the database as often for many rows as for few: pages and API, from the URL list."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from handoffs.models import Handoff, SavedView
from notifications.models import Channel, Delivery, Notification
from resolutionflow.accounts.models import ApiToken, Event, Team, User
from sessions_app.models import PsaConnection, Session
from tests.conftest import person
from tests.every_address.addresses import OF_PAGES, PAGES, filled, filled_api
from tests.resolutionflow.api import addresses as api

pytestmark = pytest.mark.django_db


def addresses(things: dict[str, Any]) -> list[str]:
    pages = [filled(route, things) for route, name in OF_PAGES if PAGES[name].get]
    return pages + ["/api/" + filled_api(route, things) for method, route in api.EVERY if method == "get"]


def asked(client: Client, path: str) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(path).status_code in (200, 302), path
    return [query["sql"] for query in queries.captured_queries]


def grow(session: Session, claimed: Handoff, olga: User, number: int) -> None:
    """One more of everything that some list shows."""
    account, other = olga.account, person(olga.account, f"P{number}")
    team = Team.objects.create(account=account, name=f"T{number}")
    team.members.add(other, olga)
    branch = session.add_branch(other, label="Perhaps")
    session.add_step(other, text="Tried", branch=branch)
    session.add_message(other, content="Hello")
    Session.open(olga, problem_summary="Mine")
    Handoff.park(Session.open(olga, problem_summary="Later"), olga, notes="", wake_at=None)
    for target in ({}, {"target_user": olga}, {"target_team": team}):
        handoff = Handoff.escalate(Session.open(other, problem_summary="Theirs"), other, notes="x", **target)
    handoff.claim(olga)
    Handoff.escalate(Session.open(olga, problem_summary="Sent"), olga, notes="x")
    event = Event.objects.filter(kind="handoff.escalated").last()
    Notification.objects.create(account=account, user=olga, event=event, handoff=handoff, title="x", why="y")
    for address in (f"a{number}@x.example", f"b{number}@x.example"):
        Delivery.objects.create(
            account=account,
            handoff=claimed,
            event=event,
            recipient=other,
            kind="email",
            address=address,
            status="failed",
        )
    ApiToken.issue(olga, name=f"t{number}", scope="read")
    SavedView.add(olga, name=f"v{number}", query=f"sender={other.pk}&q=mine", shared=bool(number % 2))
    Channel.add(olga, name=f"C{number}", address=f"c{number}@northwind.example")
    connection = {"kind": "request_tracker", "name": f"RT{number}", "base_url": "https://rt.example"}
    PsaConnection.connect(olga, **connection, credentials={})


def test_no_address_asks_more_for_more_rows(things, claimed, olga) -> None:
    client = Client()
    client.force_login(olga)
    grow(claimed.session, claimed, olga, 0)
    grow(claimed.session, claimed, olga, 1)
    for path in (paths := addresses(things)):
        client.get(path)  # what is kept from the first time on
    few = {path: asked(client, path) for path in paths}
    for number in range(2, 7):
        grow(claimed.session, claimed, olga, number)
    for path in paths:
        client.get(path)  # a page that notes who has seen what writes only where there is more to see
    many = {path: asked(client, path) for path in paths}
    grown = [f"{path}: {len(few[path])} -> {len(many[path])}" for path in paths if len(many[path]) > len(few[path])]
    assert not grown, "\n".join(grown)
    assert max(map(len, many.values())) <= 30, {path: len(sqls) for path, sqls in many.items()}


def test_lists_choose_their_rows_before_they_join_people(things: dict[str, Any], olga: User) -> None:
    """See keyset.top. What hangs on one session or handoff is few rows, whatever is joined to them."""
    client = Client()
    client.force_login(olga)
    wrong = [
        f"{path}: {statement}"
        for path in addresses(things)
        for statement in asked(client, path)
        if (limit := re.search(r" LIMIT (\d+)$", statement)) and int(limit[1]) > 21  # .first() and .get() have less
        if 'JOIN "accounts_user"' in statement and not re.match(r'SELECT "\w+"."id" AS "pk" FROM', statement)
        if not re.search(r'"(session_id|handoff_id)" = \d', statement)
    ]
    assert not wrong, "\n".join(wrong)
