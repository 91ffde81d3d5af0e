"""A database that is locked, or gone: a clear answer in seconds, and nothing half-done."""

from __future__ import annotations

import threading

import httpx2
import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client

from handoffs.models import Handoff
from resolutionflow.accounts.models import ApiToken
from resolutionflow.core.refusals import Busy
from sessions_app.models import Session
from tests.live_site import PATIENCE


def _gone(*_unused: object) -> None:
    raise OperationalError("server closed the connection unexpectedly")


@pytest.mark.parametrize("path", ["/", "/queue/", "/api/v1/handoffs/"])
def test_a_database_that_is_gone_is_503(ana, path):
    client = Client(raise_request_exception=False)
    client.force_login(ana)
    with connection.execute_wrapper(_gone):
        answer = client.get(path)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert b"does not answer" in answer.content


def test_nobody_waits_for_a_lock_until_it_is_released(real, live_site, waiting, bo):
    _token, key = ApiToken.issue(bo, name="script", scope="write")
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Session.objects.select_for_update().get(pk=waiting.session_id)
            held.set()
            release.wait(PATIENCE)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(PATIENCE)
    url = f"{live_site.url}/api/v1/handoffs/{waiting.pk}/claim/"
    answer = httpx2.post(url, headers={"Authorization": f"Token {key}"}, timeout=PATIENCE)  # while it is held
    release.set()
    holder.join()
    assert (answer.status_code, answer.json()["code"]) == (409, Busy.code)
    assert Handoff.objects.get(pk=waiting.pk).claimed_by is None
