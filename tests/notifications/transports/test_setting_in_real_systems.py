"""Status and owner in each real ticket system: escalate, claim, release, resolve; and what goes wrong on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from handoffs.models import Handoff
from notifications.models import Delivery
from sessions_app.models import MemberMapping, PsaConnection, Session
from tests.conftest import relay_all
from tests.fakes.swallowing_proxy import SwallowingProxy
from tests.real_systems import provider

STATUSES = {
    "request_tracker": {"status_waiting": "stalled", "status_working": "Open", "status_resolved": "resolved"},
    "redmine": {"status_waiting": "Feedback", "status_working": "in progress", "status_resolved": "Closed"},
}


@pytest.fixture
def proxy(system) -> Iterator[SwallowingProxy]:
    with SwallowingProxy(system.url) as proxy:
        yield proxy


@pytest.fixture
def ticket(session, northwind, system, proxy, bo) -> Session:
    """Ana's session; of its people Bo alone is known there."""
    connection = PsaConnection.objects.create(
        account=northwind, name="Helpdesk", kind=system.kind, base_url=proxy.url, credentials=system.credentials,
        note_at_escalation=False, note_at_resolution=False, owner_follows=True, **STATUSES[system.kind],
    )  # fmt: skip
    number, _email = system.technician()
    MemberMapping.objects.create(account=northwind, connection=connection, user=bo, identifier=number)
    session.psa_connection, session.psa_ticket_id = connection, system.ticket
    session.save(update_fields=["psa_connection", "psa_ticket_id"])
    return session


def deliver() -> Delivery:
    """What is to be set by the newest event, as a worker does when it is due."""
    relay_all()
    newest = Delivery.objects.ticket_updates().order_by("event_id").last()
    Delivery.objects.filter(pk=newest.pk).update(due_at=timezone.now(), status="pending")
    Delivery.run(newest.pk)
    return Delivery.objects.get(pk=newest.pk)


def status(system) -> str:
    return str(provider(system).ticket(system.ticket).status).lower()


def test_each_verb_is_seen_in_the_ticket(ticket, ana, bo, system, proxy):
    wanted = {name: word.lower() for name, word in STATUSES[system.kind].items()}
    handoff = Handoff.escalate(ticket, ana, notes="I am stuck.")
    escalated = deliver()
    assert (escalated.status, status(system)) == ("done", wanted["status_waiting"])
    assert escalated.body.endswith("The owner stays: nobody there is mapped to Ana Tester.")
    handoff.claim(bo)
    claimed = deliver()
    assert (claimed.status, claimed.error, status(system)) == ("done", "", wanted["status_working"])
    assert system.owner() == system.technician()[0]
    handoff.release(bo)
    assert (deliver().status, status(system)) == ("done", wanted["status_waiting"])
    handoff.claim(bo)
    deliver()
    handoff.session.resolve(bo, resolution="Replaced the router")
    assert (deliver().status, status(system)) == ("done", wanted["status_resolved"])
    writes = proxy.writes
    assert (deliver().status, proxy.writes) == ("done", writes), "it is so already"


def test_a_swallowed_answer_is_read_back(ticket, bo, ana, system, proxy):
    proxy.swallow = 1
    Handoff.escalate(ticket, ana, notes="I am stuck.")
    waits = deliver()
    assert (waits.status, waits.maybe_sent) == ("pending", True)
    Delivery.objects.update(taken_at=timezone.now() - timedelta(seconds=60))
    assert deliver().status == "done"
    assert status(system) == STATUSES[system.kind]["status_waiting"].lower()
    assert proxy.writes == 1


def test_a_status_that_is_not_there_is_refused_in_its_words(ticket, bo, ana, system):
    PsaConnection.objects.update(status_waiting="nosuch", owner_follows=False)
    before = status(system)
    Handoff.escalate(ticket, ana, notes="I am stuck.")
    failed = deliver()
    assert (failed.status, status(system)) == ("failed", before)
    assert failed.error.startswith("The status was not set: ")
    assert "nosuch" in failed.error
