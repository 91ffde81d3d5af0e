"""The shape of a verb: one transaction, tried once more where the database asks for it; then it is Busy.

Rows are locked in one order everywhere, so that no two verbs wait for each other: session, handoff, ticket system,
work, person, and last the account, whose counter of events is held only to the commit.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

from resolutionflow.core.refusals import Busy

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 2
_TRY_AGAIN = {"40001", "40P01"}  # PostgreSQL: serialization failure, deadlock
_LOCKED = "55P03"  # PostgreSQL: lock_timeout passed


def _may_repeat(error: OperationalError) -> bool:
    state = getattr(error.__cause__, "sqlstate", None)
    return state in _TRY_AGAIN and not connection.in_atomic_block


def _is_locked(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) == _LOCKED or "database is locked" in str(error)


def verb(method: Callable[P, T]) -> Callable[P, T]:
    """Run `method` in one transaction; once more after a deadlock or serialization failure.

    A long lock is Busy, and so is a second deadlock. Inside another verb the outer one is repeated as a whole.
    """

    @functools.wraps(method)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        tries = 0
        while True:
            tries += 1
            try:
                with transaction.atomic():
                    return method(*args, **kwargs)
            except OperationalError as error:
                may_repeat = _may_repeat(error)
                if _is_locked(error) or (may_repeat and tries == TRIES):
                    raise Busy from error
                if not may_repeat:
                    raise

    return run
