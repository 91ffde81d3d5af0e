"""A row whose worker is lost each time is given up, visibly, whatever kind of work it is."""

from __future__ import annotations

import pytest
from django.utils import timezone

from handoffs.models import Briefing, Proposals, Summary
from notifications.models import Channel, ChannelTest, Delivery
from notifications.sweep import kinds_of_work
from resolutionflow.accounts.models import PasswordMail
from resolutionflow.core.work import TAKES
from sessions_app.models import ConnectionCheck, FileDeletion, PsaConnection, TechnicianList, TicketCopy, TicketSearch


def rows(account, handoff) -> dict[type, dict]:
    """What one of each kind needs; a new kind is missing here and fails."""
    desk = Channel.objects.create(account=account, name="Desk", address="desk@northwind.example")
    rt = PsaConnection.objects.create(account=account, name="RT", kind="request_tracker", base_url="https://rt.example")
    return {
        Delivery: {"account": account, "kind": "note", "address": "4711"},
        Summary: {"account": account, "handoff": handoff},
        Briefing: {"account": account, "handoff": handoff, "user": handoff.sender},
        Proposals: {"account": account, "session": handoff.session, "kind": "resolution"},
        PasswordMail: {"address": "ana@northwind.example"},
        ConnectionCheck: {"account": account, "connection": rt},
        TicketCopy: {"account": account, "connection": rt, "number": "4711"},
        TicketSearch: {"account": account, "connection": rt, "words": "vpn", "asked_by": handoff.sender},
        TechnicianList: {"account": account, "connection": rt},
        ChannelTest: {"account": account, "channel": desk},
        FileDeletion: {"account": account, "key": "1/ab/abcd"},
    }


@pytest.mark.parametrize("kind", kinds_of_work(), ids=lambda kind: kind.__name__)
def test_a_worker_lost_each_time(kind, northwind, waiting) -> None:
    row = kind.objects.create(**rows(northwind, waiting)[kind])
    most = max(TAKES, len(kind.backoff) + 1)
    for take in range(most):
        assert kind._take(row.pk) is not None, f"take {take + 1}"
        kind.objects.update(taken_at=timezone.now() - kind.time_limit * 2)  # it was killed
    assert kind.objects.due().exists()
    kind.run(row.pk)
    row.refresh_from_db()
    assert row.status == "failed"
    assert f"Given up after {most} tries: in the last of them the worker stopped." in row.error
    assert not kind.objects.due().exists()


def test_a_worker_lost_once_costs_no_try_of_the_others(northwind, waiting) -> None:
    """Put off by the other side as often as may be, and lost in the last try but one."""
    row = Delivery.objects.create(account=northwind, kind="note", address="4711", tries=len(Delivery.backoff) - 1)
    assert Delivery._take(row.pk) is not None
    Delivery.objects.update(taken_at=timezone.now() - Delivery.time_limit * 2)
    Delivery.run(row.pk)
    row.refresh_from_db()
    assert "the worker stopped" not in row.error
