"""How much was sent in the last day by each way out, how it went, and how long it took to begin."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from notifications.models import Delivery
from resolutionflow.accounts.models import User
from resolutionflow.core.work import Work

PERIOD = timedelta(days=1)
SAMPLE = 2000  # of each kind, the newest


@dataclass(frozen=True)
class Volume:
    """Of one kind of delivery. `half`, `most`: seconds from the commit, or the end of what held it, to the first
    attempt, for every second one and for 95 of 100; None where there was none."""

    label: str
    sent: int
    with_others: int
    failed: int
    waiting: int
    half: float | None
    most: float | None


def volumes(user: User) -> list[Volume]:
    """Of this person's account, each kind that there was."""
    rows = Delivery.objects.visible_to(user).filter(created_at__gte=timezone.now() - PERIOD)
    counted = (
        rows.order_by("kind")
        .values("kind")
        .annotate(
            sent=Count("pk", filter=Q(status=Work.Status.DONE)),
            with_others=Count("pk", filter=Q(status=Work.Status.CANCELLED, digest__status=Work.Status.DONE)),
            failed=Count("pk", filter=Q(status=Work.Status.FAILED)),
            waiting=Count("pk", filter=Q(status__in=Work.UNFINISHED)),
        )
    )
    happened = [of for of in counted if any(of[name] for name in ("sent", "with_others", "failed", "waiting"))]
    return [_volume(of, rows.filter(kind=of["kind"])) for of in happened]


def _volume(counted: dict[str, Any], rows: QuerySet[Delivery]) -> Volume:
    label = Delivery.Kind(counted.pop("kind")).label
    begun = rows.exclude(waited_ms=None).filter(digest=None).order_by("-pk")[:SAMPLE]
    seconds = sorted(ms / 1000 for ms in begun.values_list("waited_ms", flat=True) if ms is not None)
    if not seconds:
        return Volume(label, **counted, half=None, most=None)
    return Volume(label, **counted, half=statistics.median(seconds), most=seconds[int(0.95 * (len(seconds) - 1))])
