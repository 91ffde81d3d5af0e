"""Preference: what a person wants to hear of outside the bell, and when; and what an account's people hear of who have
chosen nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from notifications.wording import CALLS
from resolutionflow.accounts.models import Event, Owned, OwnedQuerySet, User
from resolutionflow.core.refusals import Invalid
from resolutionflow.core.verbs import verb

DIGEST_EVERY = timedelta(minutes=15)
OFF_SHIFT_ASKS_AGAIN = timedelta(hours=1)  # being on shift again makes it due at once


class Scope(models.IntegerChoices):
    """How near something is to a person. Each takes in those before it."""

    NOTHING = 0, "Nothing"
    AIMED = 1, "For me"
    MINE = 2, "Mine"
    TEAMS = 3, "My teams'"
    EVERYONE = 4, "Everything"


class Way(models.TextChoices):
    """How a person hears of something beside the bell, which always has it."""

    EMAIL = "email", "Email"
    BROWSER = "browser", "Browser"


@dataclass(frozen=True)
class Subject:
    """Events that people choose together: a row of the matrix. `scopes` are the choices that differ for it."""

    name: str
    label: str
    help: str
    kinds: frozenset[str]
    scopes: tuple[Scope, ...]
    default: Scope

    def scopes_by(self, way: str) -> tuple[Scope, ...]:
        """What others say in a session that one watches is in the bell, and shown by the browser: never mailed."""
        return self.scopes[:2] if self.name == "said" and way == Way.EMAIL else self.scopes

    def default_by(self, way: str) -> Scope:
        return min(self.default, self.scopes_by(way)[-1])


_N, _A, _M, _T, _E = Scope
FAILURES = (
    *("note.failed", "ticket.update_failed", "time.failed", "delivery.failed"),
    *("connection.refused", "channel.failed", "ai.budget"),
)
SUBJECTS = (
    Subject("waiting", "An escalation waits", "New, given back, or open to everyone", CALLS, tuple(Scope), _E),
    Subject(
        "claims",
        "It is claimed or changes hands",
        "Claimed, returned, transferred, taken over, parked",
        frozenset(
            f"handoff.{verb}" for verb in ("claimed", "returned", "transferred", "taken_over", "parked", "read_back")
        ),
        (_N, _A, _M),
        _M,
    ),
    Subject(
        "finished",
        "It is resolved or abandoned",
        "With what fixed it",
        frozenset(("session.resolved", "session.abandoned")),
        (_N, _M),
        _M,
    ),
    Subject(
        "said",
        "Somebody writes",
        "Mentions and questions; messages in sessions you watch",
        frozenset(("message.added",)),
        (_N, _A, _M),
        _M,
    ),
    Subject(
        "reminders",
        "You are reminded",
        "A parked session wakes, a claim runs out",
        frozenset(("handoff.woken", "handoff.expiring")),
        (_N, _A),
        _A,
    ),
    Subject(
        "problems",
        "Something fails",
        "A note, mail or channel; a ticket system's key; the AI's budget",
        frozenset(FAILURES),
        (_N, _A, _M, _E),
        _E,
    ),
)
BY_NAME = {subject.name: subject for subject in SUBJECTS}
BY_KIND = {kind: subject for subject in SUBJECTS for kind in subject.kinds}

Levels = dict[str, dict[str, int]]  # of each subject by name: the scope by way; what is not there is the default


class PreferenceQuerySet(OwnedQuerySet["Preference"]):
    def of_account(self, account_id: int) -> Preference:
        """What people of this account have who chose nothing; not stored yet where nothing was chosen for them."""
        return self.filter(user=None, account_id=account_id).first() or Preference(account_id=account_id)

    def of(self, people: Iterable[User]) -> dict[int, Preference]:
        """Of each of these people of one account by id, what holds for them: one query."""
        people = list(people)
        if not people:
            return {}
        of_account = self.filter(account_id=people[0].home)
        rows = {row.user_id: row for row in of_account.filter(Q(user__in=people) | Q(user=None))}
        found = {}
        for user in people:
            row = rows.get(user.pk) or Preference(account_id=user.home, user=user)
            row.user, row.account_wide = user, rows.get(None)
            found[user.pk] = row
        return found


class Preference(Owned):
    """Of one person, or, without a user, what an account's people have who chose nothing. The bell has everything."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, null=True, related_name="preference")
    levels = models.JSONField(default=dict, blank=True, help_text="By subject and way: 0 nothing to 4 everything.")
    digest = models.BooleanField(null=True, help_text="Of many mails one in 15 minutes. Empty: as the account says.")
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    on_shift_only = models.BooleanField(default=False)

    account_wide: Preference | None = None  # by of(): the account's
    objects: ClassVar[Any] = PreferenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(user=None), name="one_default_per_account"),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None) | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_both_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"Notifications of {self.user or self.account}"

    # what holds

    def scope(self, subject: Subject, way: str) -> Scope:
        """How far this subject reaches them this way: their choice, else the account's, else the product's."""
        for row in (self, self.account_wide):
            chosen = row.levels.get(subject.name, {}).get(way) if row is not None else None
            if chosen in subject.scopes_by(way):
                return Scope(chosen)
        return subject.default_by(way)

    def wants(self, subject: Subject, way: str, scope: Scope) -> bool:
        return scope <= self.scope(subject, way)

    @property
    def is_digest(self) -> bool:
        """Whether of many mails only the first comes at once."""
        for row in (self, self.account_wide):
            if row is not None and row.digest is not None:
                return row.digest
        return True

    def held_until(self, now: datetime) -> datetime | None:
        """Until when mails that do not press are held: by quiet hours, or while they are off shift."""
        if self.on_shift_only and self.user is not None and self.user.is_off_shift:
            return now + OFF_SHIFT_ASKS_AGAIN
        return self._quiet_until(now)

    def _quiet_until(self, now: datetime) -> datetime | None:
        """The end of the quiet hours that it is now, in their own time zone, over midnight too."""
        if self.user is None or self.quiet_from is None or self.quiet_until is None:
            return None
        local = now.astimezone(self.user.zone)
        clock = local.time()
        if self.quiet_from < self.quiet_until:
            quiet, days = self.quiet_from <= clock < self.quiet_until, 0
        else:
            quiet = clock >= self.quiet_from or clock < self.quiet_until
            days = int(clock >= self.quiet_from)
        if not quiet:
            return None
        end = datetime.combine(local.date() + timedelta(days=days), self.quiet_until, self.user.zone)
        # On a night when clocks change a time may be there twice, or not at all: the later one is meant.
        return max(end.replace(fold=fold).astimezone(UTC) for fold in (0, 1))

    # choosing

    @classmethod
    @verb
    def choose(cls, user: User, **fields: Any) -> Preference:
        """Store what this person chose: `levels`, `digest`, `quiet_from`, `quiet_until`, `on_shift_only`; what is not
        given stays."""
        row, _made = cls.objects.get_or_create(user=user, account_id=user.home)
        row._change(**fields)
        # What quiet hours held, say; by what is chosen now it may put itself off again.
        user.mails.digests().filter(due_at__gt=timezone.now() + DIGEST_EVERY).let_go()
        return row

    @classmethod
    @verb
    def choose_for_account(cls, by: User, **fields: Any) -> Preference:
        """Store what people of the account have who chose nothing: `levels` and `digest`."""
        assert by.account is not None
        by.account.lock_people(by)
        row = cls.objects.of_account(by.home)
        before = {name: getattr(row, name) for name in fields}
        if before == fields:
            return row
        facts = {"before": {"notifications": before}, "after": {"notifications": fields}}
        Event.record(by.home, "account.changed", actor=by, facts=facts)
        return row._change(**fields)

    def _change(self, **fields: Any) -> Preference:
        if "levels" in fields:
            fields["levels"] = _checked(fields["levels"])
        if problem := problem_with_hours(fields.get("quiet_from"), fields.get("quiet_until")):
            raise Invalid(**problem)
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=list(fields) if self.pk else None)
        return self


def problem_with_hours(begin: time | None, end: time | None) -> dict[str, str]:
    """Why these cannot be somebody's quiet hours, by field; empty where they can, and where there are none."""
    if (begin is None) != (end is None):
        return {"quiet_from" if begin is None else "quiet_until": "Quiet hours need a beginning and an end."}
    if begin is not None and begin == end:
        return {"quiet_until": "These hours are empty: choose another end."}
    return {}


def _checked(levels: Any) -> Levels:
    """Known subjects, ways and scopes alone; Invalid names what is none."""
    if not isinstance(levels, dict):
        raise Invalid(levels="An object of subjects.")
    for name, by_way in levels.items():
        subject = BY_NAME.get(name)
        if subject is None:
            raise Invalid(levels=f"There is no subject {name!r}.")
        for way, scope in by_way.items() if isinstance(by_way, dict) else [("", by_way)]:
            if way not in Way.values or scope not in subject.scopes_by(way):
                raise Invalid(levels=f"{subject.label}: this cannot be chosen.")
    return {name: dict(by_way) for name, by_way in levels.items()}
