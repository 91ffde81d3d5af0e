"""What machines ask, and what every answer carries."""

from __future__ import annotations

import time

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client


@pytest.fixture
def heard(db):
    for queue in ("fast", "slow"):
        cache.set(f"heartbeat:{queue}", time.time())


def test_healthz_needs_nothing(client):
    assert client.get("/healthz").json() == {"status": "ok"}


def test_readyz_is_ok_when_all_answer(client, heard):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_readyz_names_only_what_is_down(client, heard):
    cache.set("heartbeat:slow", time.time() - 3600)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "down", "down": ["worker slow"]})


def test_readyz_knows_a_database_that_does_not_answer(client, heard, settings):
    with connection.execute_wrapper(_refuse):
        assert "database" in client.get("/readyz").json()["down"]


def _refuse(*_unused: object) -> None:
    raise OSError("gone")


def test_metrics_are_for_this_machine(client, waiting):
    text = client.get("/metrics").content.decode()
    assert "resolutionflow_handoffs_open 1.0" in text
    assert 'resolutionflow_work_due{kind="delivery"}' in text
    assert "resolutionflow_events_unrelayed " in text
    assert 'resolutionflow_worker_silence_seconds{queue="fast"}' in text


@pytest.mark.parametrize("stranger", [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}])
def test_metrics_are_for_strangers_with_the_token_only(db, stranger, settings):
    client = Client(**stranger)
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 403
    settings.METRICS_TOKEN = "let-me-in"
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer let-me-in"}).status_code == 200


@pytest.mark.parametrize("path", ["/login/", "/", "/nowhere/", "/healthz", "/api/v1/handoffs/", "/admin/"])
def test_every_answer_carries_the_headers(client, db, path):
    answer = client.get(path)
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
