"""The same Idempotency-Key sent at the same moment: done once, answered alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from resolutionflow.accounts.models import ApiToken, Event
from sessions_app.models import Session
from tests.api_client import ApiClient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
AT_ONCE = 8


def test_parallel_requests_with_one_key(ana) -> None:
    _token, key = ApiToken.issue(ana, name="test", scope="write")

    def send(_number: int):
        try:
            client = ApiClient(headers={"Authorization": f"Token {key}", "Idempotency-Key": "k"})
            return client.post("sessions/", problem_summary="Once")
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(send, range(AT_ONCE)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert Session.objects.count() == Event.objects.filter(kind="session.opened").count() == 1
