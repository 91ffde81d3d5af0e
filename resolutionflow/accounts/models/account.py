"""Account: one MSP; how members and teams are added, and how an account is deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from graphlib import TopologicalSorter
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, connection, models, transaction

from resolutionflow.accounts.models.ai_settings import check_ai_budget, check_ai_instructions, check_ai_model
from resolutionflow.accounts.models.business_hours import (
    after_working,
    check_business_hours,
    check_holidays,
    check_lease_lengths,
    check_time_zone,
    lease_lengths,
    working_week,
)
from resolutionflow.accounts.models.event import Event
from resolutionflow.accounts.models.ladder import check_ladder, default_ladder
from resolutionflow.accounts.models.phone import cleaned_phone
from resolutionflow.accounts.models.team import Team
from resolutionflow.accounts.models.tenancy import M, Owned
from resolutionflow.accounts.models.user import User, role_named
from resolutionflow.core import clock
from resolutionflow.core.refusals import Invalid, NotAllowed
from resolutionflow.core.text import ADDRESS, SHORT, clean, one_line
from resolutionflow.core.verbs import verb


class Account(models.Model):
    """One MSP. Nothing of one account is ever seen from another."""

    name = models.CharField(max_length=SHORT, unique=True)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[check_time_zone])
    time_zone_is_set = models.BooleanField(default=True, editable=False)  # False: UTC, until somebody chooses
    business_hours = models.JSONField(default=working_week, help_text='Weekday 0-6 to ["08:00", "18:00"].')
    holidays = models.JSONField(default=list, blank=True, help_text='Days off: ["2026-12-25"].')
    widen_after = models.PositiveIntegerField(
        default=10, help_text="Minutes a directed handoff waits before it is open to everybody."
    )
    lease_minutes = models.JSONField(
        default=lease_lengths, help_text="Minutes of working time a claim lasts without work on it, by priority."
    )
    ladder = models.JSONField(
        default=default_ladder, help_text="Whom an escalation calls again while nobody claims it, by priority."
    )
    reply_to = models.EmailField(
        blank=True, help_text="Where replies to notifications go. Empty: mails say that nobody reads replies."
    )
    ai_enabled = models.BooleanField(default=True)
    ai_model = models.CharField(max_length=100, blank=True, help_text="Empty: the one this server uses.")
    ai_instructions = models.TextField(blank=True, help_text="What the AI reads beside its own instructions.")
    ai_monthly_tokens = models.PositiveIntegerField(null=True, blank=True, help_text="The month's budget; empty: none.")
    ai_after_quiet_minute = models.BooleanField(default=False)  # renew a summary a minute after the last new step
    retention_days = models.PositiveIntegerField(null=True, blank=True)  # nothing deletes by it yet: not shown
    last_seq = models.PositiveBigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    CHANGEABLE = (
        "name",
        "time_zone",
        "business_hours",
        "holidays",
        "widen_after",
        "lease_minutes",
        "ladder",
        "reply_to",
        "ai_enabled",
        "ai_model",
        "ai_instructions",
        "ai_monthly_tokens",
        "ai_after_quiet_minute",
    )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        checks: dict[str, Callable[[Any], None]] = {
            "business_hours": check_business_hours,
            "holidays": check_holidays,
            "lease_minutes": check_lease_lengths,
            "ladder": check_ladder,
            "ai_monthly_tokens": check_ai_budget,
        }
        # Only what is new: rules of redaction grow, and old instructions must not stand in the way of a new name.
        if not Account.objects.filter(pk=self.pk, ai_instructions=self.ai_instructions).exists():
            checks["ai_instructions"] = check_ai_instructions
        wrong = {}
        for name, check in checks.items():
            try:
                check(getattr(self, name))
            except ValidationError as error:
                wrong[name] = error
        if wrong:
            raise ValidationError(wrong)

    @classmethod
    def open(
        cls, *, name: str, owner_email: str, password: str | None = None, time_zone: str | None = None
    ) -> tuple[Account, User]:
        """A new account with its owner, from the shell. Without a time zone, its owner and admins are asked for one."""
        name = one_line(name)
        if not 0 < len(name) <= SHORT:
            raise Invalid(name=f"An account needs a name of at most {SHORT} characters.")
        account = cls(name=name, time_zone_is_set=time_zone is not None)
        if time_zone is not None:
            account.time_zone = time_zone
        account._check(["time_zone"])
        owner = account._new_member(owner_email, password, role=User.Role.OWNER)
        account._begin(owner)
        return account, owner

    @verb
    def _begin(self, owner: User) -> None:
        with _only_one(name=f"There is an account named {self.name} already."):
            self.save(force_insert=True)
        self._join(owner, by=None)

    @verb
    def change(self, *, by: User | None, **fields: Any) -> None:
        """Change any of CHANGEABLE. Only what differs is written, so that the counter of events is not set back.

        A time zone that is given counts as chosen: choosing UTC is a change where nobody had chosen yet.
        """
        by = self.lock_people(by)
        self.refresh_from_db(fields=[*self.CHANGEABLE, "time_zone_is_set"])
        for name, cleaned in {"name": one_line, "reply_to": one_line, "ai_instructions": clean}.items():
            if name in fields:
                fields[name] = cleaned(fields[name])
        news = set() if self.time_zone_is_set else {"time_zone"}
        changed = {name: value for name, value in fields.items() if getattr(self, name) != value or name in news}
        if not changed:
            return
        before = {name: getattr(self, name) for name in changed}
        for name, value in changed.items():
            setattr(self, name, value)
        self._check(changed)
        self.time_zone_is_set = self.time_zone_is_set or "time_zone" in changed
        with _only_one(name=f"There is an account named {self.name} already."):
            self.save(update_fields=[*changed, "time_zone_is_set"])
        Event.record(self.pk, "account.changed", actor=by, facts={"before": before, "after": changed})

    def _check(self, changed: Iterable[str]) -> None:
        """Raise Invalid for what a form would have caught. clean() checks the JSON fields: an empty week {} is
        valid. A model that is not offered any more stays, until another is chosen."""
        written = set(changed) - {"business_hours", "holidays", "lease_minutes", "ladder"}
        others = {field.name for field in self._meta.fields} - written
        try:
            self.clean_fields(exclude=others)
            if "ai_model" in changed:
                check_ai_model(self.ai_model)
            self.clean()
            self.validate_unique(exclude=others)
        except ValidationError as error:
            raise Invalid(**{name: " ".join(said) for name, said in error.message_dict.items()}) from None

    def add_member(
        self,
        *,
        by: User | None,
        email: str,
        name: str = "",
        role: str = "engineer",
        lead: bool = False,
        phone: str = "",
        teams: Iterable[Team] = (),
        password: str | None = None,
    ) -> User:
        """A new member. Without a password they set one themselves, by the `password_link`."""
        member = self._new_member(
            email, password, name=name, role=role_named(role), lead=lead, phone=cleaned_phone(phone)
        )
        self._join(member, by=by, teams=teams)
        return member

    def _new_member(self, email: str, password: str | None, *, name: str = "", **fields: Any) -> User:
        """A member who is not stored yet: hashing the password takes time and comes before the transaction."""
        address = _address(email)
        name = one_line(name)[:SHORT] or address.split("@")[0].replace(".", " ").title()
        member = User(email=address, name=name, **fields)
        _check_password(password, member)
        member.set_password(password)
        member.confirmed_email = "" if password is None else address  # the operator who gives it knows whose it is
        return member

    @verb
    def _join(self, member: User, *, by: User | None, teams: Iterable[Team] = ()) -> None:
        by = self.lock_people(by)
        member.must_be_changeable_by(by)
        member.account = self
        with _only_one(email=f"Somebody signs in as {member.email} already."):
            member.save(force_insert=True)
        member.teams.set(self._ours(teams))
        member.changed(by, added=True, role=member.role)

    @verb
    def add_team(self, *, by: User | None, name: str, members: Iterable[User] = ()) -> Team:
        by = self.lock_people(by)
        team: Team = Team.objects.create(account=self, name=self.free_team_name(name))
        team.fill(members, by)
        team.changed(by)
        return team

    def lock_people(self, by: User | None, *, of: User | None = None) -> User | None:
        """Lock the account, so that its people change one at a time; returns `by` afresh, None for the operator.

        `of` is the person who is changed; they are locked before the account, in the order all verbs keep. NotAllowed
        for somebody who may not administer this account.
        """
        if of is not None:
            User.objects.select_for_update(no_key=True).get(pk=of.pk)
        Account.objects.select_for_update(no_key=True).get(pk=self.pk)
        if by is None:
            return None
        by = User.objects.get(pk=by.pk)
        by.must_administer()
        if by.account_id != self.pk and not by.is_superuser:
            raise NotAllowed("This is another account.")
        return by

    def free_team_name(self, name: str, *, of: Team | None = None) -> str:
        name = one_line(name)[:SHORT]
        if not name:
            raise Invalid(name="A team needs a name.")
        if Team.objects.filter(account=self, name=name).exclude(pk=of.pk if of else 0).exists():
            raise Invalid(name="There is a team of this name already.")
        return name

    def _ours(self, rows: Iterable[M]) -> list[M]:
        """Those of `rows` that belong to this account."""
        return [row for row in rows if getattr(row, "account_id", None) == self.pk]

    def delete(self, using: str | None = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:
        """Delete the account and all that belongs to it, its events too: the only time that events may go (migration
        0002)."""
        with transaction.atomic():
            _unlock_events(str(self.pk))
            for model in _owned_models():
                model._base_manager.filter(account_id=self.pk).delete()
            deleted = super().delete(using, keep_parents)
            _unlock_events("")
        return deleted

    def next_business_day(self, after: datetime) -> datetime:
        """When this account opens next after the day of `after`: its own zone, hours and holidays."""
        first = after.astimezone(ZoneInfo(self.time_zone)).date() + timedelta(days=1)
        for day in (first + timedelta(days=n) for n in range(366 if self.business_hours else 0)):
            hours = self.business_hours.get(str(day.weekday()))
            if hours and day.isoformat() not in self.holidays:
                return self._at(day, hours[0])
        return self._at(first, "08:00")

    def working_time(self, start: datetime, minutes: float) -> datetime:
        """When so many minutes of this account's working time have passed since `start`."""
        zone, length = ZoneInfo(self.time_zone), timedelta(minutes=minutes)
        return after_working(start, length, week=self.business_hours, holidays=self.holidays, zone=zone)

    def _at(self, day: date, clock: str) -> datetime:
        return datetime.combine(day, time.fromisoformat(clock), tzinfo=ZoneInfo(self.time_zone))


def _owned_models() -> Iterable[type[Owned]]:
    """The models of an account's rows, in an order in which they can be deleted: those that point with PROTECT before
    those they point at."""
    owned = [model for model in apps.get_models() if issubclass(model, Owned)]
    order: TopologicalSorter[type[Owned]] = TopologicalSorter(dict.fromkeys(owned, ()))
    for model in owned:
        pointers = (field for field in model._meta.fields if isinstance(field, models.ForeignKey))
        for target in (f.related_model for f in pointers if f.remote_field.on_delete is not models.SET_NULL):
            if target in owned and target is not model:
                order.add(target, model)
    return order.static_order()


def _unlock_events(account: str) -> None:
    """Tell PostgreSQL's trigger that this transaction may delete the events of `account`."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('resolutionflow.deleting_account', %s, true)", [account])


@contextmanager
def _only_one(**said: str) -> Iterator[None]:
    """Raise Invalid with these errors where the database finds that such a row exists already, even since a
    moment ago."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise Invalid(**said) from None


def _address(email: str) -> str:
    """`email` as it is stored; Invalid where it is not an email address."""
    email = email.strip().lower()
    try:
        validate_email(email)
        if len(email) > ADDRESS:
            raise Invalid(email=f"An email address has at most {ADDRESS} characters.")
    except ValidationError:
        raise Invalid(email=f"{email or 'Nothing'} is not an email address.") from None
    return email


def _check_password(password: str | None, user: User) -> None:
    """Raise Invalid for a weak password; None means that there is none yet."""
    try:
        if password is not None:
            validate_password(password, user)
    except ValidationError as error:
        raise Invalid(password=" ".join(error.messages)) from None
