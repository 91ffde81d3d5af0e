"""The budget of a connection over two worker processes, counted at the ticket system."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from notifications.models import Delivery
from resolutionflow.ops.workers import THREADS
from sessions_app.models import PsaConnection
from tests.fakes.connectwise import CREDENTIALS, TICKET, ConnectWise
from tests.live_site import wait_until

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NOTES, BUDGET, WORKERS = 14, 60, 2
CALLS = 2  # of one note: where the company is, and the note


class Timed(list[dict[str, Any]]):
    """Remembers when each came."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def append(self, request: dict[str, Any]) -> None:
        self.times.append(time.monotonic())
        super().append(request)


def test_two_workers_share_the_budget_and_another_connection_is_not_delayed(northwind, elsewhere, worker_process):
    with ConnectWise() as limited, ConnectWise() as other:
        limited.requests = requests = Timed()
        helpdesk = connect(northwind, limited, calls_per_minute=BUDGET)
        waiting = [note(helpdesk) for _unused in range(NOTES)]
        theirs = note(connect(elsewhere, other))
        for _unused in range(WORKERS):
            worker_process("fast", OUTBOUND_ALLOWLIST="127.0.0.1")
        swept_until(lambda: not Delivery.objects.exclude(status="done").exists())
        assert len(limited.notes) == NOTES
        last_at = max(Delivery.objects.filter(pk__in=[one.pk for one in waiting]).values_list("done_at", flat=True))
        assert Delivery.objects.get(pk=theirs.pk).done_at < last_at, "it stood behind them, and did not wait for them"
        assert set(Delivery.objects.values_list("tries", flat=True)) == {1}
        assert len(requests) == NOTES * CALLS
        # What may come at once, what the time between brings, and some that were late on their way.
        per_second, at_once = 1 / helpdesk.pause.total_seconds(), helpdesk.spare + THREADS["fast"]
        for first, began in enumerate(requests.times):
            for last, at in enumerate(requests.times[first:], start=1):
                assert last <= at_once + per_second * (at - began) + 1


def swept_until(met: Callable[[], bool]) -> None:
    """What the sweep does every few seconds, each second."""
    swept_at = 0.0

    def look() -> bool:
        nonlocal swept_at
        if time.monotonic() > swept_at + 1:
            swept_at = time.monotonic()
            for due in Delivery.objects.due():
                due.nudge_worker()
        return met()

    wait_until(look)


def connect(account, fake: ConnectWise, **fields: Any) -> PsaConnection:
    made: PsaConnection = PsaConnection.objects.create(
        account=account, name="Desk", kind="connectwise", base_url=fake.url, credentials=CREDENTIALS, **fields
    )
    return made


def note(connection: PsaConnection) -> Delivery:
    made: Delivery = Delivery.objects.create(
        account=connection.account, kind="note", connection=connection, address=TICKET, body="Stuck"
    )
    return made
