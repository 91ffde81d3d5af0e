"""Attempts: counters in the database, by which a limit holds in every process and no request waits for another."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.db import models
from django.db.models import F

from resolutionflow.core import clock


class Attempts(models.Model):
    """How often something was tried in the time that ends at `ends_at`; the key says what, and from whom."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "attempts"

    def __str__(self) -> str:
        return self.key[:12]


@dataclass(frozen=True)
class Limit:
    """So many attempts in so many seconds."""

    most: int
    seconds: int

    def take(self, *who: str) -> bool:
        """Count one more attempt of theirs. False, and nothing counted, when there were too many."""
        now = clock.now()
        key, ends_at = _key(who), now + timedelta(seconds=self.seconds)
        # A new one is over, by everybody's clock: whoever comes first begins it. But `prune` does not take it before.
        Attempts.objects.bulk_create([Attempts(key=key, ends_at=now - timedelta(hours=1))], ignore_conflicts=True)
        mine = Attempts.objects.filter(key=key)
        over = mine.filter(ends_at__lte=now).update(count=1, ends_at=ends_at)
        return bool(over or mine.filter(ends_at__gt=now, count__lt=self.most).update(count=F("count") + 1))

    def give_back(self, *who: str) -> None:
        """The attempt was none."""
        Attempts.objects.filter(key=_key(who), count__gt=0).update(count=F("count") - 1)


def _key(who: tuple[str, ...]) -> str:
    """Nobody's address or email can be read from it."""
    return hashlib.sha256("\n".join(who).encode()).hexdigest()
