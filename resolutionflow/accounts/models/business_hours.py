"""Time zones, working hours and holidays: their form in the database, its checks, and counting with them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError

from resolutionflow.accounts.models.priority import PRIORITY_WORDS


def check_time_zone(name: str) -> None:
    """Raise ValidationError unless `name` is an IANA time zone."""
    if name not in available_timezones():
        near = " or ".join(_near(name)) or "Europe/Oslo"
        raise ValidationError("%(name)s is not a time zone, such as %(near)s.", params={"name": name, "near": near})


def _near(name: str) -> list[str]:
    """The zones whose name or town looks most like `name`."""
    towns = {zone.rpartition("/")[2].lower(): zone for zone in sorted(available_timezones(), reverse=True)}
    whole = get_close_matches(name, available_timezones(), n=2, cutoff=0.7)
    town = name.rpartition("/")[2].strip().replace(" ", "_").lower()
    return whole or [towns[found] for found in get_close_matches(town, towns, n=2, cutoff=0.7)]


def working_week() -> dict[str, list[str]]:
    """Monday (0) to Friday (4), 08:00 to 18:00: {weekday: [opens, closes]}."""
    return {str(day): ["08:00", "18:00"] for day in range(5)}


def check_business_hours(week: Any) -> None:
    """Raise ValidationError unless it is {weekday "0" to "6": [opens, closes]}."""
    try:
        right = set(week) <= set("0123456") and all(
            time.fromisoformat(opens) < time.fromisoformat(closes) for opens, closes in week.values()
        )
    except (AttributeError, TypeError, ValueError):
        right = False
    if not right:
        raise ValidationError('Write weekdays 0 to 6 with hours: {"0": ["08:00", "18:00"]}.')


def check_holidays(days: Any) -> None:
    """Raise ValidationError unless it is a list of days."""
    try:
        right = isinstance(days, list) and all(date.fromisoformat(day).isoformat() == day for day in days)
    except (TypeError, ValueError):
        right = False
    if not right:
        raise ValidationError('Write days as a list: ["2026-12-25"].')


def lease_lengths() -> dict[str, int | None]:
    """Minutes of working time a claim lasts, by priority; null: it never runs out."""
    return {"urgent": 60, "high": 120, "normal": 240, "low": 480}


def check_lease_lengths(minutes: Any) -> None:
    """Raise ValidationError unless it is {priority: minutes from 5 to 100,000, or null}."""
    right = isinstance(minutes, dict) and set(minutes) == set(PRIORITY_WORDS)
    if not right or not all(_is_lease(length) for length in minutes.values()):
        raise ValidationError('Write minutes, or null, by priority: {"urgent": 60, "high": 120, …}.')


def _is_lease(length: Any) -> bool:
    return length is None or (isinstance(length, int) and not isinstance(length, bool) and 5 <= length <= 100_000)


LONGEST_WAIT = 3 * 366  # days to look ahead for working time; an account that never opens works round the clock


def after_working(
    start: datetime, length: timedelta, *, week: dict[str, list[str]], holidays: list[str], zone: ZoneInfo
) -> datetime:
    """The time when `length` of working time has passed since `start`; in real hours, also on days when clocks
    change."""
    left = length
    for opens, closes in _working_days(start, week=week, holidays=set(holidays), zone=zone):
        begins = max(opens, start.astimezone(UTC))
        if begins < closes:
            if left <= closes - begins:
                return begins + left
            left -= closes - begins
    return start + length


def _working_days(
    start: datetime, *, week: dict[str, list[str]], holidays: set[str], zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime]]:
    """Opening and closing of each working day from the day of `start` on, in UTC."""
    first = start.astimezone(zone).date()
    for day in (first + timedelta(days=n) for n in range(LONGEST_WAIT if week else 0)):
        hours = week.get(str(day.weekday()))
        if hours and day.isoformat() not in holidays:
            opens, closes = (datetime.combine(day, time.fromisoformat(hour), tzinfo=zone) for hour in hours)
            yield opens.astimezone(UTC), closes.astimezone(UTC)
