"""The ladder of a busy account: 5,000 urgent cards wait, and the first step of 200 of them is due in the same minute.

Pages and claims are measured in turn without a ladder and with one, so that both see the same machine. Then the workers
are started, and the steps that are due are timed until the last one has called.
"""

from __future__ import annotations

import statistics
import time
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import connection
from django.utils import timezone

from handoffs.models import Handoff
from resolutionflow.accounts.models import Event
from sessions_app.models import Session
from tests.bench.measuring import Client, Site, figures, head, row, worker
from tests.bench.queue import copy, timed

CARDS, DUE, ROUNDS, CLAIMS = 5_000, 200, 6, 40
WITHIN, SLOWER = 10.0, 1.05
PATIENCE = 120  # seconds


def measure(dataset: Any, environment: dict[str, str]) -> None:
    head(f"Ladder: {CARDS:,} open cards, {DUE} due in one minute, p50 / p99")
    to_claim = iter(dataset.handoffs(2 * ROUNDS * CLAIMS))
    fill(dataset)
    with ExitStack() as stopping:
        site = Site(environment)
        stopping.callback(site.stop)
        compare(dataset, site, to_claim)
        Event.objects.unrelayed().update(relayed_at=timezone.now())  # of what was made above: nobody waits for it
        for part in ("fast", "slow", "beat"):
            stopping.enter_context(worker(part, environment))
        fire(dataset, 1)  # until the workers are there
        took = fire(dataset, DUE)
        said = f"{took:.1f} s" if took is not None else f"not within {PATIENCE} s"
        row("Steps due at once, to the last", said, "", f"≤ {WITHIN:.0f} s", met=took is not None and took <= WITHIN)


def fill(dataset: Any) -> None:
    [pattern] = dataset.handoffs(1)
    handoff = Handoff.objects.get(pk=pattern)
    first = 10 * (handoff.pk + handoff.session_id)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no foreign keys are checked row by row
        nothing = {"active_branch_id": "NULL", "form_key": "NULL", "problem_summary": "'Printer ' || n || ' offline'"}
        copy(cursor, Session, handoff.session_id, first, CARDS, nothing)
        copy(cursor, Handoff, pattern, first, CARDS, {"session_id": f"{first} + n", "priority": "0"})
        cursor.execute("RESET session_replication_role")
        cursor.execute("VACUUM ANALYZE")


def compare(dataset: Any, site: Site, to_claim: Any) -> None:
    queue, claimer = Client(site.port, cookie=dataset.cookie()), Client(site.port, dataset.senior)
    took: dict[tuple[str, bool], list[float]] = {}
    for _round in range(ROUNDS):
        for with_ladder in (False, True):
            plan(dataset, with_ladder=with_ladder)
            took.setdefault(("Queue page", with_ladder), []).extend(timed(partial(queue.get, "/queue/")))
            claims = [
                seconds(partial(claimer.post, f"/api/v1/handoffs/{next(to_claim)}/claim/")) for _n in range(CLAIMS)
            ]
            took.setdefault(("Claim", with_ladder), []).extend(claims)
    for name in ("Queue page", "Claim"):
        plain, ours = took[name, False], took[name, True]
        ratio = statistics.median(ours) / statistics.median(plain)
        row(
            f"{name} with ladders",
            figures(ours),
            f"{figures(plain)} without",
            f"≤ {SLOWER:.2f} x: {ratio:.2f}",
            met=ratio <= SLOWER,
        )


def plan(dataset: Any, *, with_ladder: bool) -> None:
    at = {"ladder_at": timezone.now() + timedelta(hours=1), "ladder_to": "leads"}
    none = {"ladder_at": None, "ladder_to": ""}
    Handoff.objects.filter(account=dataset.account, status="open").update(**(at if with_ladder else none))


def seconds(act: Any) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def fire(dataset: Any, count: int) -> float | None:
    """Make the first step of so many cards due now; seconds until the last of them has called, None where that takes
    too long."""
    plan(dataset, with_ladder=True)
    cards = Handoff.objects.filter(account=dataset.account, status="open", priority=0).order_by("pk")
    pks = list(cards.values_list("pk", flat=True)[:count])
    called = Event.objects.filter(account=dataset.account, kind="handoff.stepped")
    began, before = time.monotonic(), called.count()
    since = timezone.now() - timedelta(minutes=5)
    Handoff.objects.filter(pk__in=pks).update(open_since=since, ladder_at=timezone.now(), ladder_until=None)
    while called.count() < before + count:
        if time.monotonic() - began > PATIENCE:
            return None
        time.sleep(0.1)
    return time.monotonic() - began
