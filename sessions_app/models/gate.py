"""Gated: what may pass to a ticket system now. A budget of calls, a rest after failures, a key that is refused.

All of it stands in the connection's row and is moved by conditional UPDATEs, so that every thread, process and machine
goes by the same. Nobody waits here: whoever has to, is told until when.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NoReturn

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from resolutionflow.accounts.models import Event
from resolutionflow.core import clock
from resolutionflow.core.text import LINE, cut, one_line
from resolutionflow.core.work import GiveUp, Later, NotYet, Work
from sessions_app.psa import Gate

FEWEST, MOST = 20, 100_000  # calls a minute that a connection may be limited to
SPARE = 12  # calls: what may come at once with the smallest budget
FEW = 5  # failures in a row, after which it rests
RESTS = (60, 300, 900, 1800)  # seconds of the first, second, … rest
PROBE = timedelta(seconds=60)  # one call tries whether it is over; longer than an exchange takes
LOOK = timedelta(minutes=10)  # how often a waiting row looks whether a refused key was changed
ASK_AGAIN = 2.0  # seconds: what somebody waits for has no place in the queue of what nobody waits for

Purpose = Literal["work", "ask", "check"]


class Gated(models.Model):
    """The part of a connection that says what may pass. In any minute at most `calls_per_minute` calls do: a share of
    them, `spare`, may come at once; the rest comes evenly. Notes may take a quarter of the share, so that whoever looks
    up a ticket is not behind them."""

    calls_per_minute = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(FEWEST), MaxValueValidator(MOST)],
        help_text="Empty: as many as is usual for its kind.",
    )
    free_at = models.DateTimeField(default=timezone.now, editable=False)  # by then all that was sent is paid for
    slot_at = models.DateTimeField(default=timezone.now, editable=False)  # the last place in the queue that was given
    failures = models.PositiveIntegerField(default=0, editable=False)  # in a row
    failing_since = models.DateTimeField(null=True, editable=False)
    rests = models.PositiveIntegerField(default=0, editable=False)  # in a row
    rests_until = models.DateTimeField(null=True, editable=False)
    refused_at = models.DateTimeField(null=True, editable=False)
    last_error = models.CharField(max_length=LINE, blank=True, editable=False)

    if TYPE_CHECKING:
        account_id: int
        name: str
        kind: str
        deliveries: Any
        ticketcopy_rows: Any
        objects: ClassVar[Any]

        @property
        def usual_calls_per_minute(self) -> int: ...

    class Meta:
        abstract = True

    # its budget

    @property
    def budget(self) -> int:
        """Calls a minute."""
        return self.calls_per_minute or self.usual_calls_per_minute

    @property
    def spare(self) -> int:
        """Calls that may come at once: a fifth of the budget."""
        return max(self.budget // 5, SPARE)

    @property
    def pause(self) -> timedelta:
        """Between two calls, once those that may come at once have come."""
        return timedelta(seconds=60 / (self.budget - self.spare))

    def spend(self, calls: int) -> bool:
        """Count one call, where at most `calls` come at once with it."""
        now, pause = timezone.now(), self.pause
        if self._mine.filter(free_at__lte=now).update(free_at=now + pause):
            return True
        room = self._mine.filter(free_at__lte=now + (calls - 1) * pause)
        return bool(room.update(free_at=F("free_at") + pause))

    def place(self, after: datetime) -> datetime:
        """A place of its own in the queue, after this moment: who waits comes back one by one."""
        pause = self.pause
        if not self._mine.filter(slot_at__lte=after).update(slot_at=after + pause):
            self._mine.update(slot_at=F("slot_at") + pause)
        at: datetime = self._mine.values_list("slot_at", flat=True).get()
        return at

    # its rest

    @property
    def is_resting(self) -> bool:
        return self.rests_until is not None

    @property
    def is_held(self) -> bool:
        """Whether what is to be sent waits: it rests, or its key is refused."""
        return self.is_resting or self.refused_at is not None

    @property
    def why_held(self) -> str:
        """In sentences; "" where nothing holds it."""
        if self.refused_at is not None:
            since = f"{self.name} has refused its key since {clock.hour_of_day(self.refused_at)}."
            return f"{since} What is to be sent waits until its credentials are changed or a check succeeds."
        if self.rests_until is None:
            return ""
        since = f" since {clock.hour_of_day(self.failing_since)}" if self.failing_since else ""
        again = f"It is tried again by itself at {clock.hour_of_day(self.rests_until)}."
        return f"{self.name} rests: it has failed{since}. {self.last_error} {again}"

    def try_once(self, now: datetime) -> datetime | None:
        """Be the one that tries whether a rest is over; the mark of that, or None where somebody else is."""
        mark = now + PROBE
        return mark if self._mine.filter(rests_until__lte=now).update(rests_until=mark) else None

    def count_failure(self, error: str, *, after: float | None, mark: datetime | None) -> None:
        """Count a failure of the system as a whole. After FEW in a row, or where it asks for it, it rests; a rest that
        has begun is not made longer by what was on its way."""
        now = timezone.now()
        failing_since = Coalesce("failing_since", Value(now))
        error = cut(one_line(error), LINE)
        self._mine.update(failures=F("failures") + 1, failing_since=failing_since, last_error=error)
        failures, rests = self._mine.values_list("failures", "rests").get()
        is_long = failures >= FEW
        seconds = max(min(after or 0, RESTS[-1]), RESTS[min(rests, len(RESTS) - 1)] if is_long else 0)
        awake = Q(rests_until=None) | Q(rests_until__lte=now) | Q(rests_until=mark)
        if seconds:
            rest = {"rests_until": now + timedelta(seconds=seconds), "rests": rests + is_long}
            self._mine.filter(awake, rests=rests).update(**rest)

    def count_answer(self) -> None:
        """It has answered: whatever it was asked, it works."""
        failing = self._mine.filter(Q(failures__gt=0) | Q(rests_until__isnull=False))
        failing.update(failures=0, failing_since=None, rests=0, rests_until=None, last_error="")

    # its key

    def refuse(self, error: str) -> None:
        """Its key is refused: nothing is sent any more, and the admins are told once."""
        with transaction.atomic():
            found = {"refused_at": timezone.now(), "last_error": cut(one_line(error), LINE)}
            if self._mine.filter(refused_at=None).update(**found):
                facts = {"connection": self.pk, "name": self.name, "kind": self.kind}
                Event.record(self.account_id, "connection.refused", actor=None, facts=facts)

    def open(self) -> None:
        """Nothing holds it any more; what waited, untried, is due. In a transaction."""
        now = timezone.now()
        fresh = {"failures": 0, "failing_since": None, "rests": 0, "rests_until": None, "refused_at": None}
        for name, value in {**fresh, "last_error": "", "slot_at": now}.items():
            setattr(self, name, value)
        self._mine.update(**fresh, last_error="", slot_at=now)
        for rows in (self.deliveries, self.ticketcopy_rows):
            rows.filter(status=Work.Status.PENDING, attempt__gt=0, tries=0, due_at__gt=now).update(due_at=now)

    @property
    def _mine(self) -> Any:
        return type(self).objects.filter(pk=self.pk)


class Exchange(Gate):
    """One exchange with a connection. What nobody waits for stands in its queue; a check passes in any case."""

    def __init__(self, connection: Gated, purpose: Purpose) -> None:
        self.connection, self.purpose, self.mark = connection, purpose, None

    mark: datetime | None  # of the one that tries whether a rest is over

    def begin(self) -> None:
        connection, now = self.connection, timezone.now()
        fields = ("calls_per_minute", "failing_since", "rests_until", "refused_at", "last_error")
        connection.refresh_from_db(fields=fields)
        if self.purpose != "check":
            if connection.refused_at is not None:
                self._wait(connection.why_held, now + LOOK)
            if connection.rests_until is not None and connection.rests_until > now:
                self._wait(connection.why_held, connection.rests_until)
        if not connection.spend(self._at_once):
            self._wait_for_budget()
        if self.purpose != "check" and connection.rests_until is not None:
            self.mark = connection.try_once(now)
            if self.mark is None:
                self._wait(f"{connection.name} is being tried again.", now + PROBE)

    def go_on(self) -> None:
        if not self.connection.spend(self.connection.spare):
            raise Later(self._limit)

    def answered(self) -> None:
        self.connection.count_answer()

    def failed(self, error: str, *, after: float | None = None) -> None:
        self.connection.count_failure(error, after=after, mark=self.mark)

    def refused(self, error: str) -> NoReturn:
        if self.purpose == "check":
            raise GiveUp(error)  # who checks reads it, and tells nobody else
        self.connection.refuse(error)
        self._wait(error, timezone.now() + LOOK)

    @property
    def _at_once(self) -> int:
        spare = self.connection.spare
        return spare // 4 if self.purpose == "work" else spare * 2 // 3

    @property
    def _limit(self) -> str:
        return f"{self.connection.name} is limited to {self.connection.budget} calls a minute: this waits for its turn."

    def _wait_for_budget(self) -> NoReturn:
        if self.purpose != "work":
            raise NotYet(self._limit, after=ASK_AGAIN)
        self._wait(self._limit, timezone.now())

    def _wait(self, why: str, until: datetime) -> NoReturn:
        at = self.connection.place(until) if self.purpose == "work" else until
        raise NotYet(why, after=max(0.0, (at - timezone.now()).total_seconds()))
