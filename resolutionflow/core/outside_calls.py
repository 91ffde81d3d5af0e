"""Calls to something outside (a ticket system, a mail server, a model): never in a request, never holding a connection.

Request threads and database connections are few. A server that answers one byte a second would take them from every
account, so nothing that waits for it may hold one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from resolutionflow.core import origin


@contextmanager
def outside_call() -> Iterator[None]:
    """Wraps every call to a service that is not ours; RuntimeError in a request or a transaction. Connections are
    released first."""
    if origin.in_request():
        raise RuntimeError("Something outside was called in a request. Write a row of Work and show its result.")
    release_connections("Something outside was called inside a transaction.")
    yield


def release_connections(in_transaction: str) -> None:
    """Close this thread's database connections for others to use. RuntimeError with the given text inside a
    transaction."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
        elif not getattr(connection.atomic_blocks[-1], "_from_testcase", False):  # so Django marks those of its tests
            raise RuntimeError(in_transaction)
