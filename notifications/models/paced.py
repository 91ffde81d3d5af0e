"""Paced: when the next message may go to an address that is posted to. One at a time, and not more than it takes.

It stands in the channel's row and is moved by conditional UPDATEs, so that all workers go by the same. Nobody waits
here: whoever has to, is told for how long.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import F
from django.utils import timezone

from notifications.transports.hook import SwitchOff
from resolutionflow.core.text import LINE, cut, one_line
from resolutionflow.core.work import LONGEST_WAIT, Later, NotYet, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notifications.models.delivery import Delivery

ON_ITS_WAY = timedelta(seconds=15)  # longer than any post takes: until then, where its worker is lost, none is begun
RESTS = (10, 60, 300, 600)  # seconds after the first, second, … failure in a row
SPREAD = 0.1  # seconds between those that wait, where the other side takes as many as there are
NEAR, FAR = 3, 10  # who is not among the first waits so many seconds: it is called when its turn comes
MOST = 500  # of those that wait are counted


class Paced(models.Model):
    """Of a channel that is posted to: its pace, and how it went lately."""

    free_at = models.DateTimeField(default=timezone.now, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False, help_text="In a row.")
    last_error = models.CharField(max_length=LINE, blank=True, editable=False)

    if TYPE_CHECKING:
        objects: ClassVar[Any]

        def switch_off(self, reason: str) -> None: ...

    class Meta:
        abstract = True

    @contextmanager
    def turn(self, delivery: Delivery, *, pause: float) -> Iterator[None]:
        """The turn of this delivery: NotYet where it has to wait. What is raised within says how it went. `pause`:
        seconds after it to the next."""
        self._begin(delivery, pause)
        try:
            yield
        except SwitchOff as error:
            self.switch_off(str(error))
            raise
        except NotYet:
            self._free_in(pause)
            raise
        except (Later, Unknown) as error:
            self._rest(str(error), after=getattr(error, "after", None))
            raise
        except BaseException:
            self._free_in(pause)
            raise
        else:
            self._free_in(pause, failures=0, last_error="")

    def _begin(self, delivery: Delivery, pause: float) -> None:
        """Take the turn. Who was never tried lets those of earlier events go first."""
        now = timezone.now()
        ahead = 0
        if delivery.tries <= 1:
            ahead = type(delivery).objects.ahead_of(delivery, since=now - ON_ITS_WAY)[:MOST].count()
        if ahead == 0 and self._mine.filter(free_at__lte=now).update(free_at=now + ON_ITS_WAY):
            return
        free_at = self._mine.values_list("free_at", flat=True).get()
        wait = max(0.0, (free_at - now).total_seconds()) + max(ahead * max(pause, SPREAD), FAR * (ahead > NEAR))
        raise NotYet("It waits for its turn: one message at a time goes there.", after=wait)

    def _rest(self, error: str, *, after: float | None) -> None:
        self._mine.update(failures=F("failures") + 1, last_error=cut(one_line(error), LINE))
        failures = self._mine.values_list("failures", flat=True).get()
        self._free_in(max(RESTS[min(failures, len(RESTS)) - 1], min(after or 0, LONGEST_WAIT)))

    def _free_in(self, seconds: float, **fields: Any) -> None:
        self._mine.update(free_at=timezone.now() + timedelta(seconds=seconds), **fields)

    @property
    def _mine(self) -> Any:
        return type(self).objects.filter(pk=self.pk)
