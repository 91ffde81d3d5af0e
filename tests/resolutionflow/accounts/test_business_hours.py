"""Working time: nights, weekends and holidays do not count; a changed clock moves nothing but the wall's."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from resolutionflow.accounts.models import Account
from resolutionflow.accounts.models.business_hours import check_lease_lengths, lease_lengths

OSLO = ZoneInfo("Europe/Oslo")


def account(**fields) -> Account:
    return Account(time_zone="Europe/Oslo", **fields)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        (datetime(2026, 11, 23, 9), 120, datetime(2026, 11, 23, 11)),
        (datetime(2026, 11, 23, 17), 120, datetime(2026, 11, 24, 9)),
        (datetime(2026, 11, 27, 17, 30), 60, datetime(2026, 11, 30, 8, 30)),
        (datetime(2026, 11, 28, 3), 60, datetime(2026, 11, 30, 9)),
        (datetime(2026, 11, 23, 6), 600, datetime(2026, 11, 23, 18)),
        (datetime(2026, 11, 23, 18), 1, datetime(2026, 11, 24, 8, 1)),
    ],
)
def test_nights_and_weekends_do_not_count(start, minutes, end):
    assert account().working_time(start.replace(tzinfo=OSLO), minutes) == end.replace(tzinfo=OSLO)


def test_nor_do_holidays():
    start = datetime(2026, 12, 24, 17, tzinfo=OSLO)
    assert account(holidays=["2026-12-25"]).working_time(start, 120) == datetime(2026, 12, 28, 9, tzinfo=OSLO)


def test_the_clocks_go_forward_within_working_time():
    nights = account(business_hours={str(day): ["00:00", "08:00"] for day in range(7)})
    start = datetime(2027, 3, 28, 1, tzinfo=OSLO)  # 02:00 does not exist that night
    assert nights.working_time(start, 120).astimezone(OSLO) == datetime(2027, 3, 28, 4, tzinfo=OSLO)
    assert nights.working_time(start, 120) - start.astimezone(UTC) == timedelta(hours=2)


def test_the_clocks_go_back_within_working_time():
    nights = account(business_hours={str(day): ["00:00", "08:00"] for day in range(7)})
    start = datetime(2026, 10, 25, 1, tzinfo=OSLO)
    assert nights.working_time(start, 120) - start.astimezone(UTC) == timedelta(hours=2)


def test_without_hours_it_is_always_open():
    start = datetime(2026, 11, 28, 23, tzinfo=UTC)
    assert account(business_hours={}).working_time(start, 60) == start + timedelta(hours=1)


@pytest.mark.parametrize(
    "wrong", [None, {}, {"urgent": 60}, {**lease_lengths(), "low": 0}, {**lease_lengths(), "low": True}]
)
def test_lease_lengths_are_checked(wrong):
    with pytest.raises(ValidationError):
        check_lease_lengths(wrong)
