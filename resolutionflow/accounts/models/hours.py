"""Time zones, working hours and holidays, as they are written down and checked."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def check_time_zone(name: str) -> None:
    """Raise ValidationError unless `name` is an IANA time zone."""
    if name not in available_timezones():
        raise ValidationError(_("%(name)s is not a time zone, such as Europe/Oslo."), params={"name": name})


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
        raise ValidationError(_('Write weekdays 0 to 6 with hours: {"0": ["08:00", "18:00"]}.'))


def check_holidays(days: Any) -> None:
    """Raise ValidationError unless it is a list of days."""
    try:
        right = isinstance(days, list) and all(date.fromisoformat(day).isoformat() == day for day in days)
    except (TypeError, ValueError):
        right = False
    if not right:
        raise ValidationError(_('Write days as a list: ["2026-12-25"].'))
