"""Work: taken by one, stored by its taker only, tried again with growing waits, never sent twice in the dark."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from notifications import transports
from notifications.models import Delivery
from resolutionflow.core.refusals import WrongState
from resolutionflow.core.work import BACKOFF, GiveUp, Later, NotWanted, Unknown


class Scripted:
    """A transport that does what the test says."""

    does: Any = staticmethod(lambda delivery: {})

    def send(self, delivery: Delivery) -> dict[str, Any]:
        return type(self).does(delivery) or {}


@pytest.fixture
def does(monkeypatch):
    monkeypatch.setitem(transports.TRANSPORTS, "email", Scripted)
    return lambda act: monkeypatch.setattr(Scripted, "does", staticmethod(act))


@pytest.fixture
def work(northwind) -> Delivery:
    return Delivery.objects.create(account=northwind, kind="email", address="somebody@example.org")


def raising(error: Exception):
    def act(delivery: Delivery) -> None:
        raise error

    return act


def run(work: Delivery) -> Delivery:
    Delivery.run(work.pk)
    work.refresh_from_db()
    return work


def test_done_is_done_once(work, does) -> None:
    calls = []
    does(lambda delivery: calls.append(delivery.attempt))
    run(work)
    run(work)
    assert (work.status, calls) == ("done", [1])


@pytest.mark.django_db(transaction=True)
def test_many_workers_one_takes_it(work, does) -> None:
    calls, barrier = [], threading.Barrier(6)
    does(lambda delivery: calls.append(delivery.attempt))

    def worker() -> None:
        barrier.wait()
        Delivery.run(work.pk)
        connection.close()

    threads = [threading.Thread(target=worker) for _unused in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert calls == [1]


def test_what_is_not_due_is_left(work, does) -> None:
    Delivery.objects.update(due_at=timezone.now() + timedelta(minutes=1))
    assert Delivery.run(work.pk) is None


@pytest.mark.parametrize("attempt", range(1, len(BACKOFF) + 1))
def test_it_waits_longer_each_time(work, does, attempt) -> None:
    does(raising(Later("busy")))
    Delivery.objects.update(tries=attempt - 1)
    run(work)
    waits = (work.due_at - timezone.now()).total_seconds()
    assert work.status == "pending"
    assert 0.85 * BACKOFF[attempt - 1] < waits < 1.15 * BACKOFF[attempt - 1]


def test_it_waits_as_long_as_the_other_side_asks(work, does) -> None:
    does(raising(Later("slow down", after=600)))
    assert 590 < (run(work).due_at - timezone.now()).total_seconds() <= 600


def test_after_the_last_wait_it_fails(work, does) -> None:
    does(raising(RuntimeError("boom")))
    Delivery.objects.update(tries=len(BACKOFF))
    assert (run(work).status, work.error) == ("failed", "RuntimeError: boom")


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [(GiveUp("no such ticket"), "failed", "no such ticket"), (NotWanted("gone"), "cancelled", "gone"),
     (Unknown("lost"), "failed", "May have been sent. lost")],
)  # fmt: skip
def test_some_answers_are_final(work, does, error, status, said) -> None:
    does(raising(error))
    assert (run(work).status, work.error) == (status, said)


def test_a_slow_worker_does_not_overwrite_a_later_one(work, does) -> None:
    def overtaken(delivery: Delivery) -> dict[str, Any]:
        if delivery.attempt == 1:
            Delivery.objects.update(taken_at=timezone.now() - Delivery.time_limit * 2)
            does(lambda later: {"remote_id": "second"})
            Delivery.run(work.pk)
        return {"remote_id": "first"}

    does(overtaken)
    assert run(work).remote_id == "second"


def test_a_worker_that_died_before_sending_is_replaced(work, does) -> None:
    long_ago = timezone.now() - Delivery.time_limit * 2
    Delivery.objects.update(status="running", attempt=1, taken_at=long_ago)
    assert (run(work).status, work.attempt) == ("done", 2)


def test_a_worker_that_died_while_sending_is_not(work, does) -> None:
    calls: list[int] = []
    does(lambda delivery: calls.append(1))
    Delivery.objects.update(status="sending", attempt=1, taken_at=timezone.now() - Delivery.time_limit * 2)
    assert run(work).error.startswith("May have been sent.")
    assert calls == []


def test_nor_is_one_whose_successor_dies_before_knowing_more(work, does) -> None:
    calls: list[int] = []
    does(lambda delivery: calls.append(1))
    long_ago = timezone.now() - Delivery.time_limit * 2
    Delivery.objects.update(status="sending", attempt=1, taken_at=long_ago)
    assert Delivery._take(work.pk) is not None
    Delivery.objects.update(taken_at=long_ago)
    assert run(work).error.startswith("May have been sent.")
    assert calls == []


def test_cancelled_meanwhile_nothing_leaves(work, does) -> None:
    def cancelled(delivery: Delivery) -> None:
        Delivery.objects.update(status="cancelled")
        delivery.sending()
        raise AssertionError("it left")

    does(cancelled)
    assert run(work).status == "cancelled"


def test_only_what_failed_can_be_tried_again(work, does) -> None:
    with pytest.raises(WrongState):
        work.retry()
    does(raising(GiveUp("no")))
    run(work)
    work.retry()
    does(lambda delivery: {})
    assert (run(work).status, work.error, work.tries, work.attempt) == ("done", "", 1, 2)


def test_a_worker_from_before_the_retry_sends_nothing(work, does) -> None:
    does(raising(GiveUp("no")))
    stalled = Delivery._take(work.pk)
    Delivery.objects.update(status="failed")
    Delivery.objects.get(pk=work.pk).retry()
    assert Delivery._take(work.pk) is not None
    with pytest.raises(GiveUp, match="another worker"):
        stalled.sending()
