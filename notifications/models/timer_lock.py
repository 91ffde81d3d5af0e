"""TimerLock: only one of several timers does a periodic job."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models.functions import Now


class TimerLock(models.Model):
    """Which timer may do a job, and until when, by the database's clock."""

    name = models.CharField(max_length=50, primary_key=True)
    until = models.DateTimeField()

    class Meta:
        db_table = "notifications_lease"  # as it was called first

    def __str__(self) -> str:
        return self.name

    @classmethod
    @contextmanager
    def held(cls, name: str, *, seconds: float) -> Iterator[TimerLock | None]:
        """The lock, for one caller, until the block ends or, where that caller has died, `seconds` have passed; None
        for all others."""
        cls.objects.get_or_create(name=name, defaults={"until": Now()})
        until = Now() + timedelta(seconds=seconds)
        taken = cls.objects.filter(name=name, until__lte=Now()).update(until=until)
        mine = cls.objects.get(name=name) if taken else None
        try:
            yield mine
        finally:
            if mine:
                mine._move(Now())

    def renew(self, *, seconds: float) -> bool:
        """Hold it for another `seconds`. False where it ran out and somebody else holds it by now."""
        return self._move(Now() + timedelta(seconds=seconds))

    def _move(self, until: Any) -> bool:
        """Change its end, which also says whose it is: where another took it over, the end is a different one, and
        nothing is changed."""
        if not TimerLock.objects.filter(name=self.name, until=self.until).update(until=until):
            return False
        self.refresh_from_db()
        return True
