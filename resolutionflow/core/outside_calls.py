"""Waiting for something outside (a ticket system, a mail server, a model): never in a request, never with a connection.

Whoever waits holds nothing that others need: a request thread and a database connection are few, and a
server that drips one byte a second would take them from every account.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from resolutionflow.core import origin


@contextmanager
def outside_call() -> Iterator[None]:
    """Around every call that leaves this machine's own services. The next query takes a connection anew."""
    if origin.in_request():
        raise RuntimeError("Something outside was called in a request. Write a row of Work and show its result.")
    release_connections("Something outside was called inside a transaction.")
    yield


def release_connections(in_transaction: str) -> None:
    """For others to use meanwhile. In a transaction they cannot go, and rows are locked: RuntimeError, saying so."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
        elif not getattr(connection.atomic_blocks[-1], "_from_testcase", False):  # so Django marks those of its tests
            raise RuntimeError(in_transaction)
