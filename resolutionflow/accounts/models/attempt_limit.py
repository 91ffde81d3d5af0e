"""Attempts: counters in the database, so that a limit on attempts holds over all processes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.db import models
from django.db.models import F

from resolutionflow.core import clock


class Attempts(models.Model):
    """How often something was tried in the time that ends at `ends_at`. The key is a hash of what was tried, and by
    whom."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "attempts"

    def __str__(self) -> str:
        return self.key[:12]


@dataclass(frozen=True)
class Limit:
    """At most `most` attempts in `seconds` seconds."""

    most: int
    seconds: int

    def take(self, *who: str) -> bool:
        """Count one more attempt by `who`. False, and nothing counted, where there were too many already."""
        now = clock.now()
        key, ends_at = _key(who), now + timedelta(seconds=self.seconds)
        # A new counter has ended already, on any machine's clock, so that the first attempt starts it. An hour ago is
        # too recent for `prune` to delete it meanwhile.
        Attempts.objects.bulk_create([Attempts(key=key, ends_at=now - timedelta(hours=1))], ignore_conflicts=True)
        mine = Attempts.objects.filter(key=key)
        over = mine.filter(ends_at__lte=now).update(count=1, ends_at=ends_at)
        return bool(over or mine.filter(ends_at__gt=now, count__lt=self.most).update(count=F("count") + 1))

    def give_back(self, *who: str) -> None:
        """Take back an attempt that should not count."""
        Attempts.objects.filter(key=_key(who), count__gt=0).update(count=F("count") - 1)


def _key(who: tuple[str, ...]) -> str:
    """A hash of `who`: no address or email can be read from it."""
    return hashlib.sha256("\n".join(who).encode()).hexdigest()
