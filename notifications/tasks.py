"""Tasks of notifications: each fetches, then calls one verb."""

from __future__ import annotations

from celery import shared_task

from notifications import prune as pruning
from notifications import relay as relaying
from notifications import sweep as sweeping
from notifications.models import ChannelTest, Delivery, TimerLock

SWEEP_LOCK = 120  # seconds: longer than one job of a round; a sweeper that died is replaced after this


@shared_task(name="notifications.relay")
def relay(event_id: int) -> None:
    relaying.relay(event_id)


@shared_task(name=Delivery.task)
def deliver(pk: int) -> None:
    Delivery.run(pk)


@shared_task(name=ChannelTest.task)
def test_channel(pk: int) -> None:
    ChannelTest.run(pk)


@shared_task(name="notifications.sweep", expires=30)
def sweep() -> None:
    """Every five seconds. Only one of several timers sweeps; for slow work it nudges a worker."""
    with TimerLock.held("sweep", seconds=SWEEP_LOCK) as mine:
        if mine:
            sweeping.sweep(sweeping.have_it_done, go_on=lambda: mine.renew(seconds=SWEEP_LOCK))


@shared_task(name="notifications.prune")
def prune() -> None:
    pruning.prune()
