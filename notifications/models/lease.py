"""Lease: of several timers, one does a periodic job."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models.functions import Now


class Lease(models.Model):
    """Whose turn it is: of several timers, one does the round. By the database's clock."""

    name = models.CharField(max_length=50, primary_key=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @classmethod
    @contextmanager
    def held(cls, name: str, *, seconds: float) -> Iterator[Lease | None]:
        """It, for one caller, until the block ends or, where that caller died, the seconds have passed."""
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
        """Work goes on. False: it took too long, and somebody else has the turn by now."""
        return self._move(Now() + timedelta(seconds=seconds))

    def _move(self, until: Any) -> bool:
        """Its end says whose it is: whoever took it over has moved that."""
        if not Lease.objects.filter(name=self.name, until=self.until).update(until=until):
            return False
        self.refresh_from_db()
        return True
