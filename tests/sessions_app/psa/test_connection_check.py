"""Checking a ticket system: a worker asks it, two at a time for an account, and the settings show what came of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection as database

from resolutionflow.core import outgoing_http
from sessions_app.models import ConnectionCheck, PsaConnection
from tests.fakes.connectwise import CREDENTIALS, ConnectWise


class SlowTracker(ThreadingHTTPServer):
    """A Request Tracker that answers when it is let go, and counts how many ask at once."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.now = self.most = 0
        self.counting, self.go = threading.Lock(), threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}"

    def count(self, by: int) -> None:
        with self.counting:
            self.now += by
            self.most = max(self.most, self.now)


class Answer(BaseHTTPRequestHandler):
    server: SlowTracker

    def do_GET(self) -> None:
        self.server.count(1)
        self.server.go.wait(10)
        self.server.count(-1)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"Version": "5.0.3"}')

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def tracker(settings) -> Iterator[SlowTracker]:
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    server = SlowTracker()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.go.set()
    server.shutdown()


def connected(account, url: str, name: str = "RT") -> PsaConnection:
    return PsaConnection.objects.create(
        account=account, kind="request_tracker", name=name, base_url=url, credentials={"token": "t"}
    )


def test_a_press_is_answered_at_once_and_a_worker_brings_the_result(as_user, adam, settings):
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    client = as_user(adam)
    with ConnectWise() as fake:
        connection = PsaConnection.objects.create(
            account=adam.account, kind="connectwise", name="CW", base_url=fake.url, credentials=CREDENTIALS
        )
        assert client.post(f"/settings/psa/{connection.pk}/check/").status_code == 302
        assert fake.requests == []
        page = client.get("/settings/psa/").content.decode()
        assert "check pending" in page
        assert f'hx-get="/settings/psa/{connection.pk}/state/"' in page
        ConnectionCheck.run(ConnectionCheck.objects.get().pk)
    state = client.get(f"/settings/psa/{connection.pk}/state/").content.decode()
    assert "ConnectWise PSA v" in state
    assert "works" in state
    assert "hx-get" not in state, "nothing to wait for any more"


def test_a_check_that_fails_says_why_and_can_be_pressed_again(as_user, adam, settings):
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    connection = connected(adam.account, "http://127.0.0.1:9")
    ConnectionCheck.run(ConnectionCheck.ask(connection, adam).pk)
    state = as_user(adam).get(f"/settings/psa/{connection.pk}/state/").content.decode()
    assert "cannot be reached" in state
    assert "does not work" in state
    assert f"/settings/psa/{connection.pk}/check/" in state
    assert ConnectionCheck.ask(connection, adam).status == "pending"


def test_further_presses_show_the_one_that_waits(as_user, adam):
    connection = connected(adam.account, "https://rt.example")
    client = as_user(adam)
    for _press in range(3):
        client.post(f"/settings/psa/{connection.pk}/check/")
    assert ConnectionCheck.objects.count() == 1
    ConnectionCheck.objects.update(created_at=connection.checks.get().created_at - ConnectionCheck.time_limit * 2)
    state = client.get(f"/settings/psa/{connection.pk}/state/").content.decode()
    assert "No worker has taken this check yet" in state
    assert "hx-get" not in state, "a page does not ask for ever"


def test_what_is_changed_meanwhile_does_not_get_the_result_of_what_it_was(adam, tracker):
    tracker.go.set()
    connection = connected(adam.account, tracker.url)
    check = ConnectionCheck._take(ConnectionCheck.ask(connection, adam).pk)
    connection.change(adam, name="RT", base_url="https://rt.example", credentials={"token": "new"})
    check._run()
    connection.refresh_from_db()
    assert (connection.checked_at, connection.check_found) == (None, "")
    assert ConnectionCheck.objects.get().status == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_two_at_a_time_for_an_account(adam, tracker):
    checks = [ConnectionCheck.ask(connected(adam.account, tracker.url, f"RT {number}"), adam).pk for number in range(6)]

    def worker(pk: int) -> None:
        ConnectionCheck.run(pk)
        database.close()

    with ThreadPoolExecutor(len(checks)) as workers:
        running = [workers.submit(worker, pk) for pk in checks]
        deadline = time.monotonic() + 10
        while sum(each.done() for each in running) < len(checks) - 2 or tracker.most < 2:
            assert time.monotonic() < deadline, "two are under way, the others are sent away at once"
            time.sleep(0.01)
        tracker.go.set()
    assert (tracker.most, ConnectionCheck.objects.filter(status="done").count()) == (2, 2)
    for pk in checks:
        ConnectionCheck.run(pk)
    assert set(ConnectionCheck.objects.values_list("status", flat=True)) == {"done"}
    assert set(PsaConnection.objects.values_list("check_found", flat=True)) == {"Request Tracker 5.0.3"}


def test_real_a_waiting_worker_holds_no_connection(real, transactional_db, adam, tracker, monkeypatch):
    held = []

    def resolve(*args, **kwargs):
        held.append(database.connection)
        return look_up(*args, **kwargs)

    look_up = outgoing_http.resolve
    monkeypatch.setattr(outgoing_http, "resolve", resolve)
    tracker.go.set()
    ConnectionCheck.run(ConnectionCheck.ask(connected(adam.account, tracker.url), adam).pk)
    assert held == [None]
    assert PsaConnection.objects.get().check_found == "Request Tracker 5.0.3"
