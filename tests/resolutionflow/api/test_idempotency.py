"""Idempotency-Key: what was sent twice with one key is done once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from resolutionflow.accounts.models import IdempotencyKey
from sessions_app.models import Session
from tests.api_client import ApiClient, client_of, errors_of


def keyed(client: ApiClient, key: str, path: str = "sessions/", **body: object):
    return client.send("POST", path, body or {"problem_summary": "Once"}, headers={"Idempotency-Key": key})


def test_the_same_request_is_done_once(ana) -> None:
    client = client_of(ana)
    first, second = keyed(client, "k"), keyed(client, "k")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert second["Idempotency-Replayed"] == "true"
    assert Session.objects.count() == 1


def test_another_request_with_the_key_is_refused(ana) -> None:
    client = client_of(ana)
    pk = keyed(client, "k").json()["id"]
    errors_of(keyed(client, "k", problem_summary="Twice"), 409, "idempotency_mismatch")
    errors_of(keyed(client, "k", f"sessions/{pk}/steps/", problem_summary="Once"), 409, "idempotency_mismatch")
    assert Session.objects.count() == 1


def test_a_refusal_is_a_first_answer_too(claimed, bo, cy) -> None:
    first = keyed(client_of(cy), "k", f"handoffs/{claimed.pk}/claim/", analysis=False)
    claimed.release(bo)
    again = keyed(client_of(cy), "k", f"handoffs/{claimed.pk}/claim/", analysis=False)
    assert (first.status_code, again.status_code) == (409, 409)
    assert first.content == again.content
    errors_of(again, 409, "already_claimed")


def test_a_key_is_one_persons_and_lasts_a_day(ana, bo) -> None:
    keyed(client_of(ana), "k")
    assert keyed(client_of(bo), "k", problem_summary="Another").status_code == 201
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert keyed(client_of(ana), "k", problem_summary="Next day").status_code == 201
    assert Session.objects.count() == 3


@pytest.mark.parametrize("key", ["", "x" * 201, "a\x7fb"])
def test_a_key_is_short_and_printable(ana, key) -> None:
    errors_of(keyed(client_of(ana), key), 400, "invalid")


def test_a_crash_keeps_no_key(ana, monkeypatch) -> None:
    client = client_of(ana)
    client.raise_request_exception = False

    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(Session, "record_event", broken)
        assert keyed(client, "k").status_code == 500
    assert not IdempotencyKey.objects.exists()
    assert not Session.objects.exists()
    assert keyed(client, "k").status_code == 201
