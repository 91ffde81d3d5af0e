"""The nights clocks change: a time they skip is refused in our words and kept; one that comes twice is the first."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django import forms
from django.contrib import admin
from django.test import RequestFactory
from django.utils import timezone

import handoffs
import notifications
import resolutionflow
import sessions_app
from handoffs.models import Handoff
from resolutionflow.web.form_fields import LocalTimeField
from tests.api_client import client_of

SKIPPED = [  # zone, typed, the next time there is
    ("Europe/Oslo", "2027-03-28T02:30", "28 Mar 2027 03:00"),
    ("America/Chicago", "2027-03-14T02:00", "14 Mar 2027 03:00"),
    ("Australia/Lord_Howe", "2027-10-03T02:15", "3 Oct 2027 02:30"),
    ("Africa/Cairo", "2027-04-30T00:30", "30 Apr 2027 01:00"),
    ("Asia/Beirut", "2027-03-28T00:00", "28 Mar 2027 01:00"),
    ("America/Sao_Paulo", "2018-11-04T00:59", "4 Nov 2018 01:00"),
    ("Pacific/Apia", "2011-12-30T12:00", "31 Dec 2011 00:00"),  # a whole day
]
TWICE = [
    ("Europe/Oslo", "2027-10-31T02:30", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
    ("Asia/Beirut", "2027-10-30T23:30", datetime(2027, 10, 30, 20, 30, tzinfo=UTC)),
]
AROUND = [("2027-03-28T01:59", 0, 59), ("2027-03-28T03:00", 1, 0)]  # in Oslo; in UTC


@pytest.mark.parametrize(("zone", "typed", "following"), SKIPPED)
def test_a_time_the_clocks_skip_names_the_zone_and_the_next_there_is(zone, typed, following) -> None:
    with timezone.override(ZoneInfo(zone)), pytest.raises(forms.ValidationError) as refused:
        LocalTimeField().clean(typed)
    (said,) = refused.value.messages
    assert said.startswith(f"The clocks in {zone} go forward past ")
    assert said.endswith(f". Choose {following} or later.")


@pytest.mark.parametrize(("zone", "typed", "following"), SKIPPED)
def test_the_time_it_names_is_taken(zone, typed, following) -> None:
    with timezone.override(ZoneInfo(zone)):
        named = datetime.strptime(following, "%d %b %Y %H:%M")
        moment = LocalTimeField().clean(f"{named:%Y-%m-%dT%H:%M}")
        assert timezone.localtime(moment).replace(tzinfo=None) == named


@pytest.mark.parametrize(("zone", "typed", "moment"), TWICE)
def test_of_two_the_first(zone, typed, moment) -> None:
    with timezone.override(ZoneInfo(zone)):
        assert LocalTimeField().clean(typed) == moment


@pytest.mark.parametrize(("typed", "hour", "minute"), AROUND)
def test_the_minutes_around_are_times_as_any(typed, hour, minute) -> None:
    with timezone.override(ZoneInfo("Europe/Oslo")):
        assert LocalTimeField().clean(typed) == datetime(2027, 3, 28, hour, minute, tzinfo=UTC)


def every_form() -> list[type[forms.BaseForm]]:
    for package in (resolutionflow, sessions_app, handoffs, notifications):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith("forms") or module.name.endswith("form"):
                importlib.import_module(module.name)
    found, left = [], [forms.BaseForm]
    while left:
        one = left.pop()
        left += one.__subclasses__()
        found.append(one)
    return [
        form
        for form in found
        if form.__module__.split(".")[0] in ("resolutionflow", "sessions_app", "handoffs", "notifications")
    ]


def test_every_time_that_is_typed_is_such_a_field(db, olga) -> None:
    """In our forms and in the admin's."""
    request = RequestFactory().get("/admin/")
    request.user = olga
    of_admin = [site.get_form(request) for site in admin.site._registry.values()]
    fields = [
        (form, field) for form in [*every_form(), *of_admin] for field in getattr(form, "base_fields", {}).items()
    ]
    typed = [
        (form.__name__, name)
        for form, (name, field) in fields
        if isinstance(field, forms.DateTimeField | forms.SplitDateTimeField)
    ]
    assert {"ParkForm", "BulkForm"} <= {form for form, _name in typed}
    assert all(
        isinstance(form.base_fields[name], LocalTimeField)
        for form, (name, _f) in fields
        if (form.__name__, name) in typed
    )


@pytest.mark.django_db
class TestPark:
    TYPED = {"do": "park", "wake": "at", "wake_at": "2027-03-28T02:30", "notes": "Part ordered"}

    @pytest.fixture(autouse=True)
    def in_oslo(self, ana):
        ana.time_zone = "Europe/Oslo"
        ana.save(update_fields=["time_zone"])
        with time_machine.travel(datetime(2027, 3, 1, 12, tzinfo=UTC), tick=False):
            yield

    def test_the_form_says_it_and_keeps_what_was_typed(self, client, session, ana) -> None:
        client.force_login(ana)
        answer = client.post(f"/sessions/{session.pk}/park/", self.TYPED)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "The clocks in Europe/Oslo go forward past 28 Mar 2027 02:30. Choose 28 Mar 2027 03:00 or later." in text
        assert 'value="2027-03-28T02:30"' in text
        assert "Part ordered" in text

    def test_so_does_the_form_for_several(self, client, claimed, bo) -> None:
        bo.time_zone = "Europe/Oslo"
        bo.save(update_fields=["time_zone"])
        client.force_login(bo)
        text = client.post("/queue/bulk/", {**self.TYPED, "pk": claimed.pk, "lane": "claimed"}).content.decode()
        assert "The clocks in Europe/Oslo go forward past 28 Mar 2027 02:30." in text
        assert 'value="2027-03-28T02:30"' in text

    def test_the_api_names_its_zone_so_no_time_is_skipped(self, session, ana) -> None:
        answer = client_of(ana).post(f"sessions/{session.pk}/park/", wake_at="2027-03-28T02:30:00")
        assert (answer.status_code, answer.json()["wake_at"]) == (201, "2027-03-28T02:30:00Z")
        assert Handoff.objects.get().wake_at == datetime(2027, 3, 28, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "friday"), [("Africa/Cairo", datetime(2027, 4, 29, 12)), ("Asia/Beirut", datetime(2027, 3, 27, 12))]
)
def test_who_opens_at_a_midnight_that_is_skipped_opens_when_the_day_begins(zone, friday, northwind) -> None:
    northwind.time_zone = zone
    northwind.business_hours = {str(day): ["00:00", "23:59"] for day in range(7)}
    opens = (
        northwind.next_business_day(friday.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC).astimezone(ZoneInfo(zone))
    )
    assert (opens.hour, opens.minute) == (1, 0)
