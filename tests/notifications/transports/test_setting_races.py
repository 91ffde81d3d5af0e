"""Two workers at once: the ticket ends as its session does, and nothing is written twice."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.utils import timezone

from handoffs.models import Handoff
from notifications.models import Delivery
from resolutionflow.core import outgoing_http
from sessions_app.models import PsaConnection, Session
from tests.conftest import relay_all
from tests.fakes.connectwise import CREDENTIALS, TICKET
from tests.handoffs.test_races import at_once
from tests.locks import Other
from tests.servers import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)


class Held(list[dict[str, Any]]):
    """Holds the first change of a ticket back until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.has_come, self.may_go = threading.Event(), threading.Event()

    def append(self, request: dict[str, Any]) -> None:
        super().append(request)
        if request["method"] == "PATCH" and not self.has_come.is_set():
            self.has_come.set()
            self.may_go.wait(PATIENCE)


@pytest.fixture
def ticket(real, session, northwind, fake, monkeypatch) -> Session:
    monkeypatch.setattr(outgoing_http, "READ", 10)  # what is held back, or slow, is no lost answer
    session.psa_connection = PsaConnection.objects.create(
        account=northwind, name="Helpdesk", kind="connectwise", base_url=fake.url, credentials=CREDENTIALS,
        calls_per_minute=10_000, note_at_escalation=False, note_at_resolution=False,
        status_waiting="New", status_working="In Progress", status_resolved="Done",
    )  # fmt: skip
    session.psa_ticket_id = TICKET
    session.save(update_fields=["psa_connection", "psa_ticket_id"])
    return session


def run(kind: str) -> str:
    """Do what an event of this kind is to set, now; how it stands then."""
    pk = Delivery.objects.ticket_updates().get(event__kind=kind).pk
    Delivery.objects.filter(pk=pk, status="pending").update(due_at=timezone.now())
    Delivery.run(pk)
    return str(Delivery.objects.get(pk=pk).status)


def test_two_workers_write_one_status_once(ticket, ana, fake) -> None:
    ticket.resolve(ana, resolution="Router")
    relay_all()
    at_once([lambda: run("session.resolved")] * 4)
    assert fake.sent("PATCH", TICKET) == [[{"op": "replace", "path": "status", "value": {"id": 502}}]]


def test_a_release_while_the_claim_is_being_set_comes_after_it(ticket, ana, bo, fake) -> None:
    fake.requests = held = Held()
    handoff = Handoff.escalate(ticket, ana, notes="Stuck")
    relay_all()
    assert run("handoff.escalated") == "done"
    handoff.claim(bo)
    relay_all()
    worker = Other(lambda: run("handoff.claimed"))
    assert held.has_come.wait(PATIENCE)
    handoff.release(bo)
    relay_all()
    assert run("handoff.released") == "pending", "the other is not there yet: read now, the ticket would be right"
    held.may_go.set()
    assert worker.result() == "done"
    assert fake.named(TICKET)["status"]["name"] == "In Progress"
    assert run("handoff.released") == "done"
    assert fake.named(TICKET)["status"]["name"] == "New"
