"""The whole way into each real ticket system: escalate, relay, deliver; and an answer swallowed on the way back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone

from handoffs.models import Handoff
from notifications.models import Delivery
from notifications.relay import relay
from resolutionflow.accounts.models import Event
from sessions_app.models import PsaConnection, Session
from tests.fakes.swallowing_proxy import SwallowingProxy


@pytest.fixture
def proxy(system) -> Iterator[SwallowingProxy]:
    with SwallowingProxy(system.url) as proxy:
        yield proxy


@pytest.fixture
def ticket(session, northwind, system, proxy) -> Session:
    session.psa_connection = PsaConnection.objects.create(
        account=northwind, name="Helpdesk", kind=system.kind, base_url=proxy.url, credentials=system.credentials
    )
    session.psa_ticket_id = system.ticket
    session.save(update_fields=["psa_connection", "psa_ticket_id"])
    return session


def noted(kind: str) -> Delivery:
    """Relayed and, as by a worker, delivered."""
    event = Event.objects.filter(kind=kind).latest("seq")
    relay(event.pk)
    return run(Delivery.objects.notes().get(event=event))


def run(delivery: Delivery) -> Delivery:
    Delivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now())
    Delivery.run(delivery.pk)
    return Delivery.objects.get(pk=delivery.pk)


def test_escalating_and_resolving_leave_one_internal_note_each(ticket, ana, system):
    Handoff.escalate(ticket, ana, notes="I am stuck. password: Summer2026!")
    escalated = noted("handoff.escalated")
    ticket.resolve(ana, resolution="Replaced the router", root_cause="")
    resolved = noted("session.resolved")
    assert [escalated.status, resolved.status] == ["done", "done"]
    assert system.notes() == {escalated.remote_id: True, resolved.remote_id: True}
    text = system.text(escalated.remote_id)
    assert "Restarted the VPN service" in text
    assert "Summer2026" not in text
    assert "Replaced the router" in system.text(resolved.remote_id)


def test_a_swallowed_answer_leaves_exactly_one_note(ticket, ana, system, proxy):
    proxy.swallow = 1
    Handoff.escalate(ticket, ana, notes="I am stuck.")
    waits = noted("handoff.escalated")
    assert (waits.status, waits.maybe_sent) == ("pending", True)
    done = run(waits)
    assert done.status == "done"
    assert system.notes() == {done.remote_id: True}
    assert proxy.writes == 1
