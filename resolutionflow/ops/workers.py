"""Workers inside this process: a pool of threads per queue, and the timer that starts periodic tasks.

`manage.py up` runs all of them beside the web server when embedded, or one of them as a process of its own.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from celery.beat import Scheduler, Service
from celery.worker import WorkController, state
from kombu.exceptions import OperationalError

from resolutionflow.celery import FAST, QUEUES, SLOW, heartbeat, make_app

log = logging.getLogger(__name__)

THREADS = {FAST: 3, SLOW: 4}  # slow ones mostly wait for a model


def make_worker(queue: str, *, alone: bool) -> Any:
    """A Celery worker of `queue`, `alone` in its process or beside others; its start() blocks until stop()."""
    app = make_app(current=False)
    if alone:
        # It takes a task when one of its threads is free. Counted by what is acknowledged, as by default, it would take
        # none for good once its acknowledgements were lost with a Redis that went away and came back.
        app.conf.update(worker_disable_prefetch=True, worker_prefetch_multiplier=0)
    return WorkController(
        app=app,
        hostname=f"{queue}@resolutionflow",
        queues=[queue],
        pool_cls="threads",
        concurrency=THREADS[queue],
        use_eventloop=None if alone else False,  # two event loops cannot share a process; without one it polls
        without_mingle=True,
        without_gossip=True,
        without_heartbeat=True,
    )


def beat() -> Any:
    """Celery's beat, the timer; its start() blocks until its stop(). It stores nothing: the next sweep makes up for one
    it missed."""
    return Service(make_app(current=False), max_interval=1, scheduler_cls=Scheduler, remote_control=False)


class Workers:
    """The workers of both queues and the timer, each in a thread of its own."""

    def __init__(self) -> None:
        self._parts = [make_worker(FAST, alone=False), make_worker(SLOW, alone=False)]
        self._clock = beat()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        state.should_stop = None
        for part in (*self._parts, self._clock):
            thread = threading.Thread(target=part.start, daemon=True)
            thread.start()
            self._threads.append(thread)
        first_heartbeats()

    def stop(self, seconds: float) -> bool:
        """Take no new task and finish those that run. False where that took longer than `seconds`."""
        self._clock.stop()
        _let_workers_stop()
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)


# --- one of them, as a process of its own --------------------------------------------------------


def run_worker(queue: str) -> int:
    """Run a worker of `queue` until SIGTERM; it then finishes what it runs. Returns the exit code."""
    part = make_worker(queue, alone=True)
    _on_signal(_let_workers_stop)
    part.start()
    return int(part.exitcode or 0)


def run_beat() -> int:
    part = beat()
    _on_signal(part.stop)
    first_heartbeats()
    part.start()
    return 0


def first_heartbeats() -> None:
    """Ask the workers for a heartbeat now, so that /readyz need not wait for the timer's first round."""
    for queue in QUEUES:
        try:
            heartbeat.apply_async(args=[queue], queue=queue)
        except OperationalError as error:
            log.warning("no broker yet: %s", error)


def _let_workers_stop() -> None:
    state.should_stop = 0


def _on_signal(do: Callable[[], object]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_unused: do())
