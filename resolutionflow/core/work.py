"""Work: everything slow or outside is a row, so that nothing is lost and everything can be seen and retried.

`pending` (due at `due_at`) -> `running`, or `sending` for what talks outside -> `done`, `failed`
or `cancelled`. A worker takes a row by conditional UPDATE, which bumps `attempt`; a result is
stored only where `attempt` is still the taker's, so a slow worker cannot overwrite a later one.
"""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from resolutionflow.core import nudges
from resolutionflow.core.refusals import WrongState
from resolutionflow.core.text import clean, cut

log = logging.getLogger(__name__)

BACKOFF = (10, 60, 300, 1800, 7200)  # seconds before the second, third, … attempt
TAKES = 5  # of a row whose worker is lost, as one that it kills: then it fails, unless its backoff is longer
LONGEST_WAIT = 7200  # seconds; no other side may make us wait longer than this


class GiveUp(Exception):
    """It will never work (a bad key, a missing ticket). The text is shown to people."""


class NeedsSomebody(GiveUp):
    """It works once somebody has set something right, as a key or a budget: asking again before is pointless.
    `works_from`: when it works though nobody does."""

    def __init__(self, reason: str, *, works_from: datetime | None = None) -> None:
        super().__init__(reason)
        self.works_from = works_from


class Later(Exception):
    """It did not work now: try again, after at least `after` seconds where the other side asked for that."""

    def __init__(self, reason: str, *, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class NotYet(Later):
    """It is not its turn: nothing was tried, so that this is none of its tries. Where nobody waits longer than for one
    try, it is the answer."""


class NotWanted(Exception):
    """It is not needed any more: cancel it, and send nothing more."""


class Settled(Exception):
    """What becomes of it is stored already."""


class Unknown(Exception):
    """It was sent, and whether it arrived is unknown. Never sent again without asking the other side first."""


class WorkQuerySet(models.QuerySet[Any]):
    def due(self, now: datetime | None = None) -> Self:
        """What a worker may take: pending and due, or taken by a worker that died."""
        now = now or timezone.now()
        lost = Q(status__in=self.model.TAKEN, taken_at__lt=now - self.model.time_limit)
        return self.filter(Q(status=Work.Status.PENDING, due_at__lte=now) | lost).order_by("due_at", "pk")

    def failed(self) -> Self:
        return self.filter(status=Work.Status.FAILED)

    def unfinished(self) -> Self:
        return self.filter(status__in=Work.UNFINISHED)

    def running(self) -> Self:
        """Those that a worker has taken and is still working on."""
        return self.filter(status__in=Work.TAKEN, taken_at__gte=timezone.now() - self.model.time_limit)

    if TYPE_CHECKING:  # each kind of work has a manager of its own: the stubs would have them all be this one's

        @classmethod
        def as_manager(cls) -> Any: ...


class Work(models.Model):
    """One piece of work. A subclass says what it does in `perform()` and names its task and queue."""

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        RUNNING = "running", "Running"
        SENDING = "sending", "Sending"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    TAKEN: ClassVar[tuple[str, ...]] = (Status.RUNNING, Status.SENDING)
    UNFINISHED: ClassVar[tuple[str, ...]] = (Status.PENDING, *TAKEN)
    task: ClassVar[str]
    queue: ClassVar[str] = "fast"
    time_limit: ClassVar[timedelta] = timedelta(seconds=60)
    backoff: ClassVar[tuple[int, ...]] = BACKOFF

    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    attempt = models.PositiveIntegerField(default=0)  # only ever grows: by it a result knows whether it is the latest
    tries = models.PositiveIntegerField(default=0)  # since somebody last asked: the backoff counts these
    due_at = models.DateTimeField(default=timezone.now)
    taken_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    objects: ClassVar[Any] = WorkQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_unfinished(self) -> bool:
        return self.status in self.UNFINISHED

    def perform(self) -> dict[str, Any]:
        """Do the work; return the fields to store. Raise GiveUp, Later or Unknown; after any other error it is tried
        again."""
        raise NotImplementedError

    def settled(self) -> None:
        """Called in the storing transaction once status is done or failed: the place for an Event."""

    # taking and running

    @classmethod
    def run(cls, pk: int) -> Self | None:
        """Take row `pk` and do it. Returns None where it is not due, is gone, or another worker has it."""
        work = cls._take(pk)
        if work is not None:
            work._run()
        return work

    @classmethod
    def _take(cls, pk: int) -> Self | None:
        now = timezone.now()
        before = cls.objects.filter(pk=pk).due(now).values_list("status", flat=True).first()
        if before is None:
            return None
        # Lost while sending it stays so, until it is known what became of that: this worker may be lost as well.
        status = before if before == cls.Status.SENDING else cls.Status.RUNNING
        taken = (
            cls.objects.filter(pk=pk, status=before)
            .due(now)
            .update(status=status, attempt=F("attempt") + 1, tries=F("tries") + 1, taken_at=now)
        )
        work: Self | None = cls.objects.filter(pk=pk).first() if taken else None
        if work is not None:
            work.lost_while = before if before in cls.TAKEN else ""
        return work

    lost_while: str = ""  # the status an earlier worker died in; `sending` means the outcome is unknown

    def _run(self) -> None:
        try:
            if self.lost_while == self.Status.SENDING:
                self.check_lost()
            if self.lost_while and self.tries > max(TAKES, len(self.backoff) + 1):
                raise GiveUp(f"Given up after {self.tries - 1} tries: in the last of them the worker stopped.")
            fields = self.perform()
        except Settled:
            pass
        except NotWanted as error:
            self._store(status=self.Status.CANCELLED, done_at=timezone.now(), error=cut(clean(str(error)), 500))
        except GiveUp as error:
            self._fail(str(error))
        except Unknown as error:
            self._unknown(str(error))
        except NotYet as error:
            self._wait(str(error), after=error.after)
        except Later as error:
            self._again(str(error), after=error.after)
        except Exception as error:
            log.exception("%s %s failed", type(self).__name__, self.pk)
            self._again(f"{type(error).__name__}: {error}")
        else:
            self._store(status=self.Status.DONE, done_at=timezone.now(), error="", **fields)

    def check_lost(self) -> None:
        """Called when a worker died while sending. Override where the other side can be asked whether it arrived."""
        raise Unknown("The connection was lost while it was being sent.")

    def sending(self, **fields: Any) -> None:
        """Store the status `sending`, and these fields, before a call that leaves: after a crash from here on it "may
        have been sent"."""
        mine = type(self).objects.filter(pk=self.pk, attempt=self.attempt, status__in=self.TAKEN)
        if not mine.update(status=self.Status.SENDING, taken_at=timezone.now(), **fields):
            raise GiveUp("Cancelled, or taken over by another worker.")

    def _unknown(self, reason: str) -> None:
        self._fail(f"May have been sent. {reason}")

    def _fail(self, reason: str) -> None:
        self._store(status=self.Status.FAILED, done_at=timezone.now(), error=cut(clean(reason), 500))

    def _again(self, reason: str, *, after: float | None = None) -> None:
        if self.tries > len(self.backoff):
            self._fail(reason)
            return
        jitter = random.uniform(0.9, 1.1)  # noqa: S311
        wait = max(self.backoff[self.tries - 1] * jitter, min(after or 0, LONGEST_WAIT))
        due_at = timezone.now() + timedelta(seconds=wait)
        self._store(status=self.Status.PENDING, due_at=due_at, error=cut(clean(reason), 500))

    def _wait(self, reason: str, *, after: float | None = None) -> None:
        if not self.backoff:
            self._fail(reason)
            return
        due_at = timezone.now() + timedelta(seconds=min(after or 0, LONGEST_WAIT))
        error = cut(clean(reason), 500)
        self._store(status=self.Status.PENDING, due_at=due_at, error=error, tries=self.tries - 1)

    def _store(self, **fields: Any) -> None:
        with transaction.atomic():
            mine = type(self).objects.filter(pk=self.pk, attempt=self.attempt, status__in=self.TAKEN)
            if not mine.update(**fields):
                log.info("%s %s: a later attempt owns it, result dropped", type(self).__name__, self.pk)
                return
            for name, value in fields.items():
                setattr(self, name, value)
            if self.status in (self.Status.DONE, self.Status.FAILED):
                self.settled()

    # what people may do

    def retry(self, **fields: Any) -> None:
        """A person asks to try it again now, with these fields."""
        if not self._put_back(type(self).objects.filter(pk=self.pk, status=self.Status.FAILED), **fields):
            raise WrongState("Only what has failed can be tried again.")

    def ask_anew(self, **fields: Any) -> bool:
        """Put it to be done once more; False where it is being done already, or was since this was read."""
        settled = type(self).objects.filter(pk=self.pk, attempt=self.attempt).exclude(status__in=self.UNFINISHED)
        return self._put_back(settled, **fields)

    def _put_back(self, settled: WorkQuerySet, **fields: Any) -> bool:
        """In one UPDATE, so that of two who ask at once one does."""
        anew = {"status": self.Status.PENDING, "tries": 0, "due_at": timezone.now(), "done_at": None, "error": ""}
        if not settled.update(**anew, **fields):
            return False
        self.refresh_from_db()
        self.nudge_worker()
        return True

    def nudge_worker(self) -> None:
        """After the commit, tell a worker that this row is due."""
        task, pk, queue = self.task, self.pk, self.queue
        transaction.on_commit(lambda: nudges.work_due(task, pk, queue=queue))
