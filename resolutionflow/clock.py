"""What time it is for what is being recorded: now, unless an earlier time is being replayed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_replayed: ContextVar[datetime | None] = ContextVar("replayed", default=None)


def now() -> datetime:
    """The time of whatever happens here and now."""
    return _replayed.get() or timezone.now()


@contextmanager
def at(time: datetime) -> Iterator[None]:
    """Everything recorded inside happens at `time`."""
    token = _replayed.set(time)
    try:
        yield
    finally:
        _replayed.reset(token)
