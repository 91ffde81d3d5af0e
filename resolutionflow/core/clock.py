"""What time it is for what is being recorded: now, unless an earlier time is being replayed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from django.utils import timezone

from resolutionflow.core import origin

_replayed: ContextVar[datetime | None] = ContextVar("replayed", default=None)


def now() -> datetime:
    """The time of whatever happens here and now."""
    return _replayed.get() or timezone.now()


def iso(moment: datetime, timespec: str = "auto") -> str:
    """A time for machines, the one way it is written everywhere: ISO 8601 in UTC, `2026-11-26T20:36:40Z`."""
    return moment.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")


def hour_of_day(moment: datetime) -> str:
    """`14:05` in the zone of who reads it; `13:05 UTC` to the API, and where no zone but that is known."""
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
