"""Waiting for something outside (a ticket system, a mail server, a model): never in a request, never with a connection.

Whoever waits holds nothing that others need: a request thread and a database connection are few, and a
server that drips one byte a second would take them from every account.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from resolutionflow import doors


@contextmanager
def waiting() -> Iterator[None]:
    """Around every call that leaves this machine's own services. The next query takes a connection anew."""
    if doors.in_request():
        raise RuntimeError("Something outside was called in a request. Write a row of Work and show its result.")
    for connection in connections.all(initialized_only=True):
        _let_go(connection)
    yield


def _let_go(connection: BaseDatabaseWrapper) -> None:
    if not connection.in_atomic_block:
        connection.close()
        return
    innermost = connection.atomic_blocks[-1]
    if not getattr(innermost, "_from_testcase", False):  # as Django tells its own tests from a durable block
        raise RuntimeError("Something outside was called inside a transaction.")
