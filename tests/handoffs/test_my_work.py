"""My work: everything I hold, and what became of what I handed over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from handoffs.models import Handoff
from sessions_app.models import Session

pytestmark = pytest.mark.django_db


def page(client, user) -> str:
    client.force_login(user)
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def section(html: str, name: str) -> str:
    return html.split(f'id="{name}-heading"')[1].split("</section>")[0]


def test_what_i_work_on(client, session, ana, bo):
    assert "VPN drops" in section(page(client, ana), "working")
    assert "VPN drops" not in page(client, bo)


def test_what_i_claimed_stands_apart(client, claimed, bo, ana):
    html = page(client, bo)
    assert "VPN drops" in section(html, "claimed")
    assert "working-heading" not in html


def test_what_i_parked_with_its_time(client, session, ana):
    parked = Handoff.park(session, ana, wake_at=timezone.now() + timedelta(days=1))
    assert "in 23 h" in section(page(client, ana), "parked")
    Handoff.objects.filter(pk=parked.pk).update(wake_at=timezone.now() - timedelta(minutes=5))
    assert "due" in section(page(client, ana), "parked")


def test_what_became_of_what_i_handed_over(client, waiting, session, ana, bo):
    assert "waiting" in section(page(client, ana), "sent")
    waiting.claim(bo)
    assert "Bo has it" in section(page(client, ana), "sent")
    session.refresh_from_db()
    session.resolve(bo, resolution="Lowered the MTU to 1400")
    sent = section(page(client, ana), "sent")
    assert "resolved" in sent
    assert "Fixed by: Lowered the MTU to 1400" in sent


def test_what_came_back(client, claimed, ana, bo):
    claimed.return_(bo, reason="Restart the router first")
    html = page(client, ana)
    assert "returned" in section(html, "sent")
    assert "VPN drops" in section(html, "working")


def test_what_i_withdrew_is_gone(client, waiting, ana):
    waiting.withdraw(ana)
    assert "VPN drops" not in section(page(client, ana), "sent")


def test_leads_see_what_is_nobodys(client, session, ana, bo, lea, adam):
    ana.deactivate(by=adam)
    assert "Ana Tester is deactivated" in section(page(client, lea), "nobodys")
    assert "nobodys-heading" not in page(client, bo)


def test_empty_lists_say_what_to_do(client, bo):
    html = page(client, bo)
    assert "Nothing on your desk" in html
    assert "Nothing parked" in html
    assert "Nothing handed over" in html


def test_queries_do_not_grow_with_rows(client, ana, bo):
    def more() -> None:
        Session.open(bo, problem_summary="mine")
        Handoff.park(Session.open(bo, problem_summary="later"), bo)
        Handoff.escalate(Session.open(bo, problem_summary="sent"), bo, notes="Help")
        Handoff.escalate(Session.open(ana, problem_summary="taken"), ana, notes="Help").claim(bo)

    more()
    page(client, bo)
    few = _queries(client)
    for _number in range(5):
        more()
    assert _queries(client) == few


def _queries(client) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/").status_code == 200
    return len(queries)
