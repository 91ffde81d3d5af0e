"""The time that is recorded: now, or, while something earlier is being replayed, the time of that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from django.utils import timezone

from resolutionflow.core import origin

_replayed: ContextVar[datetime | None] = ContextVar("replayed", default=None)


def now() -> datetime:
    """The time to record for what happens now."""
    return _replayed.get() or timezone.now()


def iso(moment: datetime, timespec: str = "auto") -> str:
    """A time for machines, the one way it is written everywhere: ISO 8601 in UTC, `2026-11-26T20:36:40Z`."""
    return moment.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")


def hour_of_day(moment: datetime) -> str:
    """`14:05` in the reader's time zone; `13:05 UTC` where none is active, as for the API."""
    local = timezone.localtime(moment, UTC if origin.current() == "api" else None)
    return f"{local:%H:%M} UTC" if local.tzname() == "UTC" else f"{local:%H:%M}"


@contextmanager
def replayed_at(time: datetime) -> Iterator[None]:
    """Everything recorded inside happens at `time`."""
    token = _replayed.set(time)
    try:
        yield
    finally:
        _replayed.reset(token)
