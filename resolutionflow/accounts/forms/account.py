"""The form of the account's settings: hours day by day, one holiday a line, claim times in minutes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.dates import WEEKDAYS

from resolutionflow.accounts.forms.members import ZONES
from resolutionflow.accounts.models import Account, Priority, User
from resolutionflow.core.text import SHORT, cut
from resolutionflow.web.form_fields import AddressField, LineField, TextField

NEVER = "never"
PRIORITIES = {priority.word: priority.label for priority in Priority}
SHORTEST, LONGEST = 5, 100_000  # minutes of a lease
A_WEEK = 7 * 24 * 60
MOST_HOLIDAYS = 1_000


class LeaseField(forms.CharField):
    """Minutes of working time; None for "never"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, error_messages={"required": WRONG_LEASE}, **kwargs)

    def clean(self, value: Any) -> int | None:
        typed = str(super().clean(value)).lower()
        if typed in (NEVER, "never"):
            return None
        if not (typed.isascii() and typed.isdecimal() and SHORTEST <= int(typed) <= LONGEST):
            raise forms.ValidationError(WRONG_LEASE)
        return int(typed)


WRONG_LEASE = "Write minutes, from 5 to 100000, or: never."


class HourField(forms.TimeField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        wrong = {"invalid": "Write a time such as 08:30."}
        super().__init__(required=False, widget=widget, input_formats=["%H:%M"], error_messages=wrong, **kwargs)


class TimeZoneForm(forms.Form):
    """The zone alone: what a new account is asked for."""

    time_zone = forms.ChoiceField(
        label="Time zone",
        help_text="Working hours, holidays and “next business day” are counted in it. Members may set their own.",
    )

    def __init__(self, data: Any = None, *, account: Account) -> None:
        super().__init__(data, initial=_typed(account))
        self.account = account
        zone = self.fields["time_zone"]
        assert isinstance(zone, forms.ChoiceField)
        zone.choices = [(name, name) for name in sorted({*ZONES, account.time_zone})]


class AccountForm(TimeZoneForm):
    name = LineField(label="Name", limit=SHORT, help_text="Members see it in their settings.")
    holidays = TextField(
        label="Holidays",
        required=False,
        rows=4,
        help_text="Days you are closed, one a line, such as 2026-12-25.",
    )
    widen_after = forms.IntegerField(
        label="Open to everybody after (minutes)",
        min_value=0,
        max_value=A_WEEK,
        help_text="How long a handoff for one person or team waits for them before anybody may claim it.",
    )
    reply_to = AddressField(
        label="Replies to notifications go to",
        required=False,
        help_text="An address that somebody reads. Empty: mails say that nobody reads replies.",
    )
    lease_urgent, lease_high, lease_normal, lease_low = (LeaseField(label=label) for label in PRIORITIES.values())

    def __init__(self, data: Any = None, *, account: Account) -> None:
        super().__init__(data, account=account)
        for day, named in WEEKDAYS.items():
            self.fields[f"opens_{day}"] = HourField(label=f"{named}, opens")
            self.fields[f"closes_{day}"] = HourField(label=f"{named}, closes")

    # what the page shows side by side

    def days(self) -> Iterator[tuple[Any, BoundField, BoundField]]:
        for day, named in WEEKDAYS.items():
            yield named, self[f"opens_{day}"], self[f"closes_{day}"]

    def leases(self) -> list[BoundField]:
        return [self[f"lease_{word}"] for word in PRIORITIES]

    # what was typed, as the account keeps it

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if Account.objects.filter(name=name).exclude(pk=self.account.pk).exists():
            raise forms.ValidationError("There is an account of this name already.")
        return name

    def clean_holidays(self) -> list[str]:
        days = {_day(line) for line in str(self.cleaned_data["holidays"]).split()}
        if len(days) > MOST_HOLIDAYS:
            raise forms.ValidationError("These are too many days. Keep those to come.")
        return sorted(days)

    def clean(self) -> dict[str, Any]:
        for day in WEEKDAYS:
            self._check_day(day)
        return self.cleaned_data

    def _check_day(self, day: int) -> None:
        opens, closes = (f"opens_{day}", f"closes_{day}")
        if opens in self.errors or closes in self.errors:
            return
        begin, end = self.cleaned_data[opens], self.cleaned_data[closes]
        if (begin is None) != (end is None):
            missing = opens if begin is None else closes
            self.add_error(missing, "Write both times, or none on a day you are closed.")
        elif begin and begin >= end:
            self.add_error(closes, "It closes after it opens.")

    @property
    def changes(self) -> dict[str, Any]:
        """What Account.change() takes. A zone that was only left standing there is not chosen."""
        fields = self.cleaned_data
        hours = {str(day): (fields[f"opens_{day}"], fields[f"closes_{day}"]) for day in WEEKDAYS}
        zone = {"time_zone"} & set(self.changed_data)
        plain = {name: fields[name] for name in ("name", *zone, "holidays", "widen_after", "reply_to")}
        return {
            **plain,
            "business_hours": {day: [_hour(opens), _hour(closes)] for day, (opens, closes) in hours.items() if opens},
            "lease_minutes": {word: fields[f"lease_{word}"] for word in PRIORITIES},
        }


def time_zone_asked_of(user: User) -> TimeZoneForm | None:
    """The form that asks an owner or admin for the account's zone; None for others, and once one was chosen."""
    if user.account is None or user.account.time_zone_is_set or not user.is_admin:
        return None
    return TimeZoneForm(account=user.account)


def week(account: Account) -> list[tuple[Any, list[str] | None]]:
    """Each day with its hours or None, for those who may only read the settings."""
    return [(named, account.business_hours.get(str(day))) for day, named in WEEKDAYS.items()]


def leases(account: Account) -> list[tuple[Any, int | None]]:
    """How long a claim lasts by priority, for those who may only read the settings."""
    return [(named, account.lease_minutes.get(word)) for word, named in PRIORITIES.items()]


def _typed(account: Account) -> dict[str, Any]:
    """The account's settings as initial values of the form."""
    plain = {name: getattr(account, name) for name in ("name", "time_zone", "widen_after", "reply_to")}
    hours: dict[str, str] = {}
    for day, (opens, closes) in account.business_hours.items():
        hours |= {f"opens_{day}": opens, f"closes_{day}": closes}
    lengths = {f"lease_{word}": account.lease_minutes.get(word) or NEVER for word in PRIORITIES}
    return {**plain, **hours, **lengths, "holidays": "\n".join(account.holidays)}


def _day(typed: str) -> str:
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        said = f"“{cut(typed, 40)}” is no day. Write days like 2026-12-25, one a line."
        raise forms.ValidationError(said) from None


def _hour(moment: time) -> str:
    return f"{moment:%H:%M}"
