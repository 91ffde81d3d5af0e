"""One verb on several handoffs: a transaction for each, and a line about each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from handoffs.models import Handoff
from resolutionflow.accounts.models import Priority, User
from resolutionflow.core.refusals import outcome_of
from resolutionflow.core.verbs import verb
from resolutionflow.web.templatetags import clock_time


@dataclass(frozen=True)
class BulkResult:
    """What became of one handoff: whether it was done, and a sentence."""

    handoff: Handoff
    done: bool
    said: str


def apply_to_each(handoffs: Iterable[Handoff], user: User, *, do: str, fields: dict[str, Any]) -> list[BulkResult]:
    return [BulkResult(handoff, *outcome_of(partial(VERBS[do], handoff, user, **fields))) for handoff in handoffs]


def _priority(handoff: Handoff, user: User, *, priority: int) -> str:
    handoff.reprioritise(user, priority=priority)
    return f"priority set to {Priority(priority).label}"


def _transfer(handoff: Handoff, user: User, *, to: User) -> str:
    handoff.transfer(user, to=to)
    return f"transferred to {to.name}"


@verb
def _park(handoff: Handoff, user: User, *, wake_at: datetime | None) -> str:
    """Park it, but only while it is claimed: once the claim is over, the session may be somebody else's work."""
    handoff.lock()
    handoff.must_be_claimed()
    Handoff.park(handoff.session, user, wake_at=wake_at)
    return f"parked until {clock_time(wake_at)}" if wake_at else "parked, with no time set"


VERBS: dict[str, Callable[..., str]] = {"priority": _priority, "transfer": _transfer, "park": _park}
