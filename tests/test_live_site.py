"""The fixtures other tests stand on: a real server with sockets, workers that work, a real browser."""

from __future__ import annotations

import json

import httpx2
import pytest
from django.core.cache import cache
from websockets.sync.client import connect

from resolutionflow.accounts.models import ApiToken
from resolutionflow.celery import heartbeat
from tests.live_site import session_cookie, wait_until


def test_pages_see_what_the_test_wrote(live_site, ana):
    with httpx2.Client(base_url=live_site.url) as client:
        assert client.get("/login/").status_code == 200
        assert client.get("/").status_code == 302


def test_sockets_hear_what_the_test_does(live_site, session, ana):
    _token, key = ApiToken.issue(ana, name="socket")
    with connect(live_site.ws, additional_headers={"Authorization": f"Token {key}"}) as socket:
        assert json.loads(socket.recv(5))["type"] == "ready"
        session.add_step(ana, text="Looked again")
        wait_until(lambda: json.loads(socket.recv(5)).get("kind") == "step.added")


@pytest.mark.parametrize("queue", ["fast", "slow"])
def test_workers_take_what_is_sent(workers, queue):
    heartbeat.apply_async(args=[queue], queue=queue)
    assert wait_until(lambda: cache.get(f"heartbeat:{queue}"))


@pytest.mark.browser
def test_a_browser_is_signed_in_by_a_cookie(live_site, ana, context):
    context.add_cookies([session_cookie(ana, live_site)])
    page = context.new_page()
    page.goto(live_site.url + "/login/")
    assert page.url.rstrip("/") == live_site.url


def test_worker_process_takes_what_is_sent(worker_process):
    worker_process("slow")
    heartbeat.apply_async(args=["slow"], queue="slow")
    assert wait_until(lambda: cache.get("heartbeat:slow"))
