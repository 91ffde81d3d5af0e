"""/metrics: what it says, and to whom."""

from __future__ import annotations

import pytest
from django.test import Client


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
