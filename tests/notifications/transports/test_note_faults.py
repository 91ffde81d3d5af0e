"""A worker killed in the middle of a ticket note or time entry, on real processes: still exactly one."""

from __future__ import annotations

import signal
from datetime import timedelta

import pytest
from django.utils import timezone

from handoffs.models import Handoff
from notifications.models import Delivery
from notifications.relay import relay
from notifications.sweep import do_it, sweep
from resolutionflow.accounts.models import Event
from sessions_app.models import PsaConnection
from tests.fakes.connectwise import CREDENTIALS, TICKET, ConnectWise
from tests.live_site import wait_until

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("script", ["store-then-hang", "hang"])
@pytest.mark.parametrize("what", ["note", "time"])
def test_a_worker_killed_while_posting_leaves_one(session, ana, northwind, worker_process, settings, script, what):
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    with ConnectWise() as fake:
        fake.script = [script]
        session.psa_connection = PsaConnection.objects.create(
            account=northwind, name="Helpdesk", kind="connectwise", base_url=fake.url, credentials=CREDENTIALS
        )
        session.psa_ticket_id = TICKET
        session.save(update_fields=["psa_connection", "psa_ticket_id"])
        worker = worker_process("fast", OUTBOUND_ALLOWLIST="127.0.0.1")
        if what == "note":
            Handoff.escalate(session, ana, notes="Stuck")
            relay(Event.objects.get(kind="handoff.escalated").pk)
        else:
            Delivery.send_time(session, ana, minutes=45, text="Replaced the router")
        wait_until(lambda: fake.posts)
        worker.send_signal(signal.SIGKILL)
        worker.wait()

        sent = Delivery.objects.into_ticket().get()
        assert sent.status == "sending"
        died = timezone.now() - Delivery.time_limit - timedelta(seconds=1)
        Delivery.objects.filter(pk=sent.pk).update(taken_at=died)
        sweep(do_it)
        assert Delivery.objects.get(pk=sent.pk).status == "done"
        assert (len(fake.notes), len(fake.times)) == ((1, 0) if what == "note" else (0, 1))
        assert len(fake.posts) == (1 if script == "store-then-hang" else 2)
