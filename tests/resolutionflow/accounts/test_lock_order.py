"""People and accounts are locked in one order: two verbs at the same moment never wait for each other in a circle."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import combinations
from threading import Barrier, BrokenBarrierError
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, connection

from resolutionflow.accounts.models import ApiToken, User
from resolutionflow.core.refusals import Refusal
from sessions_app.models import Session
from tests.locks import Other

VERBS: dict[str, Callable[[User, User], Any]] = {
    "open": lambda ana, olga: Session.open(ana, problem_summary="New", form_key=uuid4()),
    "change_profile": lambda ana, olga: ana.change_profile(name="Ana P", time_zone=""),
    "change_password": lambda ana, olga: ana.change_password("a battery of horses"),
    "go_off_shift": lambda ana, olga: ana.go_off_shift(),
    "change_membership": lambda ana, olga: ana.change_membership(by=olga, name="Ana M"),
    "issue": lambda ana, olga: ApiToken.issue(ana, name="New"),
    "deactivate": lambda ana, olga: ana.deactivate(by=olga),
}


class Holding:
    """After its first lock of a person or account a verb holds it until the other has its own, or waits for ours."""

    def __init__(self, gate: Barrier, deadlocks: list[str]) -> None:
        self.gate, self.deadlocks, self.held = gate, deadlocks, False

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        try:
            answer = execute(sql, *rest)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") == "40P01":
                self.deadlocks.append(sql)
            raise
        locks = sql.startswith("UPDATE") or "FOR NO KEY UPDATE" in sql
        if locks and not self.held and ('"accounts_user"' in sql or '"accounts_account"' in sql):
            self.held = True
            with suppress(BrokenBarrierError):  # the other waits for what we hold, as it should
                self.gate.wait(0.3)
        return answer


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("one", "other"), list(combinations(VERBS, 2)))
def test_no_two_verbs_wait_for_each_other(real, ana, olga, one, other) -> None:
    gate, deadlocks = Barrier(2), []

    def run(name: str) -> None:
        holding = connection.execute_wrapper(Holding(gate, deadlocks))
        with holding, suppress(Refusal):  # such as of somebody deactivated meanwhile
            VERBS[name](User.objects.get(pk=ana.pk), User.objects.get(pk=olga.pk))

    both = [Other(lambda name=name: run(name)) for name in (one, other)]
    [each.result() for each in both]
    assert deadlocks == []
