"""The shape of a verb: repeated once after a deadlock, busy after a second one or a long wait."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection

from resolutionflow.accounts.models import IdempotencyKey
from resolutionflow.core.refusals import Busy
from resolutionflow.core.verbs import verb
from sessions_app.models import Session, Step
from tests.api_client import client_of
from tests.locks import held

pytestmark = pytest.mark.django_db(transaction=True)


def failing(times: int, code: str):
    """A verb that PostgreSQL itself ends so often with this error."""
    left = [times]

    @verb
    def act() -> str:
        if left[0]:
            left[0] -= 1
            with connection.cursor() as cursor:
                cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$")
        return "done"

    return act


@pytest.mark.parametrize("code", ["40P01", "40001"])
def test_once_more_after_a_deadlock_and_then_it_is_busy(real, code):
    assert failing(1, code)() == "done"
    with pytest.raises(Busy):
        failing(2, code)()


def test_a_long_lock_is_busy_and_anything_else_is_what_it_is(real):
    with pytest.raises(Busy):
        failing(1, "55P03")()
    with pytest.raises(OperationalError):
        failing(1, "57014")()


def test_inside_another_verb_the_outer_one_is_repeated(real):
    runs, inner = [], failing(1, "40P01")

    @verb
    def outer() -> str:
        runs.append(1)
        return inner()

    assert outer() == "done"
    assert len(runs) == 2


def test_a_key_does_not_remember_that_it_was_busy(real, session, ana):
    client, before = client_of(ana), Step.objects.count()
    sent = {"path": f"sessions/{session.pk}/steps/", "body": {"text": "Tried"}, "headers": {"Idempotency-Key": "k"}}
    with held(Session.objects.filter(pk=session.pk)):
        busy = client.send("POST", sent["path"], sent["body"], headers=sent["headers"])
    assert (busy.status_code, busy.json()["code"], busy["Retry-After"]) == (409, "busy", "2")
    assert not IdempotencyKey.objects.exists()
    for _again in range(2):
        assert client.send("POST", sent["path"], sent["body"], headers=sent["headers"]).status_code == 201
    assert Step.objects.count() == before + 1
