"""The sweep: finds what is due in the database, and does it or nudges a worker to do it.

Nothing depends on nudges because of it: they may be lost, brokers emptied, workers killed. Every few seconds this finds
events that were not relayed, work that is due or whose worker died, and what is due by time alone.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from handoffs.models import Handoff, Summary
from notifications.relay import relay
from resolutionflow.accounts.models import Event
from resolutionflow.core import clock, nudges
from resolutionflow.core.refusals import Refusal
from resolutionflow.core.work import Work

log = logging.getLogger(__name__)

PAGE = 200
SECONDS = 20  # of one job in one round: a flood of one kind does not keep the others waiting
NUDGES = 500  # in one round, for due rows
NUDGE_AGAIN = 10  # seconds after the last nudge for a row that is still due: it may be lost, or wait behind others

Do = Callable[[type[Work], int], bool]
nudged: dict[tuple[type[Work], int], float] = {}  # when this process last nudged a worker for a row


def have_it_done(kind: type[Work], pk: int) -> bool:
    """Nudge a worker for this row, by this process once in NUDGE_AGAIN seconds, so that at most two nudges of it wait;
    the row stays as it is until one takes it."""
    now = time.monotonic()
    for key in [key for key, at in nudged.items() if at <= now - NUDGE_AGAIN]:
        del nudged[key]
    if (kind, pk) not in nudged:
        nudged[kind, pk] = now
        nudges.work_due(kind.task, pk, queue=kind.queue, expires=2 * NUDGE_AGAIN)
    return False


def do_it(kind: type[Work], pk: int) -> bool:
    """Do this work here and now, without broker and worker."""
    return kind.run(pk) is not None


def sweep(do: Do, *, go_on: Callable[[], bool] = lambda: True) -> Counter[str]:
    """One round; returns how many of each were done. First what time brings, for it makes events; then events, for they
    make work. Before each job `go_on` says whether this process should continue."""
    done: Counter[str] = Counter()
    for what, job in _jobs(do):
        if not go_on():
            log.warning("the sweep took too long, and another process has taken over", extra={"before": what})
            break
        done[what] = job()
    return done


def _jobs(do: Do) -> Iterator[tuple[str, Callable[[], int]]]:
    """The jobs of a round by name. Each ends after SECONDS, and the row it is at."""
    handoffs, now = Handoff.objects, clock.now()
    yield "released", lambda: _each(handoffs.held_by_gone(), _release)
    yield "leased", lambda: _each(handoffs.to_lease(), lambda pk: Handoff.objects.get(pk=pk).start_lease())
    yield "expired", lambda: _each(handoffs.to_expire(now), lambda pk: Handoff.objects.get(pk=pk).expire())
    yield "reminded", lambda: _each(handoffs.to_remind(now), lambda pk: Handoff.objects.get(pk=pk).remind())
    yield "woken", lambda: _each(handoffs.to_wake(now), lambda pk: Handoff.objects.get(pk=pk).wake())
    yield "widened", lambda: _each(handoffs.to_widen(now), lambda pk: Handoff.objects.get(pk=pk).widen())
    with_all = handoffs.select_related("session", "account", "sender")
    yield "stepped", lambda: _each(handoffs.to_step(now), lambda pk: with_all.get(pk=pk).step())
    yield "renewed", lambda: _each(Summary.objects.to_renew(now), lambda pk: Summary.objects.get(pk=pk).renew_by_time())
    yield "relayed", lambda: _each(Event.objects.unrelayed(), relay)
    for kind in kinds_of_work():
        yield kind._meta.model_name or "", lambda kind=kind: _work(kind, do)  # type: ignore[misc]


def kinds_of_work() -> list[type[Work]]:
    return [model for model in apps.get_models() if issubclass(model, Work)]


def _release(pk: int) -> bool:
    released: bool = Handoff.objects.get(pk=pk).release_of_gone()
    return released


def _work(kind: type[Work], do: Do) -> int:
    due = list(kind.objects.due().values_list("pk", flat=True)[:NUDGES])
    return _count(due, lambda pk: do(kind, pk), what=kind.__name__)


def _each(rows: QuerySet[Any], act: Callable[[int], bool]) -> int:
    return _count(_pages(rows), act, what=rows.model.__name__)


def _pages(rows: QuerySet[Any]) -> Iterator[int]:
    """The ids of these rows, a page at a time: a row that cannot be done is passed, and not met again and again."""
    last = 0
    while page := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:PAGE]):
        yield from page
        last = page[-1]


def _count(pks: Iterator[int] | list[int], act: Callable[[int], bool], *, what: str) -> int:
    """Call `act` for each id; returns how often it did something. A row that fails does not stop the rest."""
    done, until = 0, time.monotonic() + SECONDS
    for pk in pks:
        try:
            done += bool(act(pk))
        except Refusal as refusal:  # somebody was faster
            log.info("%s %s: %s", what, pk, refusal)
        except Exception:
            log.exception("%s %s cannot be swept", what, pk)
        if time.monotonic() > until:
            break
    return done
