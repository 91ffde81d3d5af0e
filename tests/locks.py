"""Real concurrent transactions on PostgreSQL: who holds a row, who waits for it, and what is done in which order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from tests.servers import PATIENCE


class Other(threading.Thread):
    """Something done in a transaction of its own, at the same time; `result` joins it."""

    def __init__(self, act: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self.act, self.answer, self.error = act, None, None
        self.start()

    def run(self) -> None:
        try:
            self.answer = self.act()
        except Exception as error:
            self.error = error
        finally:
            connection.close()

    def result(self) -> Any:
        self.join(PATIENCE)
        assert not self.is_alive(), "it still waits"
        if self.error is not None:
            raise self.error
        return self.answer


def waits_for_a_lock() -> bool:
    """Whether somebody does now. Inside a transaction PostgreSQL goes on showing the sessions of the first look."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def until_it_waits(other: Other) -> None:
    """Until what it does waits for a lock. What it says instead is raised."""
    deadline = time.monotonic() + PATIENCE
    while not waits_for_a_lock():
        assert other.is_alive(), f"it did not wait, and answered {other.result()}"
        assert time.monotonic() < deadline
        time.sleep(0.01)


@contextmanager
def meanwhile(act: Callable[[], Any]) -> Iterator[list[Any]]:
    """In one transaction: the block; while it is open, `act` begins and comes to wait for it. Then its result."""
    found: list[Any] = []
    with transaction.atomic():
        yield found
        other = Other(act)
        until_it_waits(other)
    found.append(other.result())


@contextmanager
def held(rows: Any) -> Iterator[None]:
    """These rows are locked by somebody else, for the length of the block."""
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            list(rows.select_for_update(of=("self",)))
            locked.set()
            done.wait(PATIENCE)

    other = Other(hold)
    assert locked.wait(PATIENCE)
    try:
        yield
    finally:
        done.set()
        other.result()
