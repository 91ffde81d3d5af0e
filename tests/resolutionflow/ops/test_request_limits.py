"""Requests that are too long, too slow or never whole end early, and nobody else notices. Real sockets throughout."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from django.conf import settings as django_settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from websockets.sync.client import connect

from resolutionflow.accounts.models import ApiToken
from resolutionflow.ops import body_limit, http_protocol
from resolutionflow.ops.body_limit import BodyLimit
from resolutionflow.ops.http_protocol import HttpProtocol
from tests import servers
from tests.live_site import session_cookie, stop, wait_until
from tests.notifications.live.socket_client import signed_in

MEGABYTE = 1_000_000
HALF_A_HEAD = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "


def dial(url: str, sent: bytes = b"") -> socket.socket:
    host, port = url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=60)
    connection.sendall(sent)
    return connection


def head(method: str, where: str, *headers: str) -> bytes:
    return "\r\n".join([f"{method} {where} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]).encode()


def flood(connection: socket.socket, *, megabytes: int) -> int:
    """Send a body in chunks, reading nothing; the bytes the other side took before it ended the connection."""
    chunk, taken = b"10000\r\n" + b"a" * 65536 + b"\r\n", 0
    with suppress(ConnectionError):
        while taken < megabytes * MEGABYTE:
            connection.sendall(chunk)
            taken += 65536
    return taken


def answer(connection: socket.socket) -> tuple[int, dict[str, str], str]:
    response = http.client.HTTPResponse(connection)
    response.begin()
    return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read().decode()


def is_closed(connection: socket.socket) -> bool:
    """Whether the other side has hung up: waits for it, as long as the socket's timeout."""
    try:
        return connection.recv(65536) == b""
    except ConnectionError:
        return True


@pytest.fixture(autouse=True)
def _short_goodbyes(monkeypatch):
    monkeypatch.setattr(body_limit, "LINGER_SECONDS", 0.2)


# --- too long ------------------------------------------------------------------------------------

FORM, JSON = "Content-Type: application/x-www-form-urlencoded", "Content-Type: application/json"
CHUNKED, LONG = "Transfer-Encoding: chunked", "Content-Length: 300000000"


def is_page(text: str) -> bool:
    return "<h1>This was not done</h1>" in text and "more than one request may carry" in text


def is_toast(text: str) -> bool:
    return "toast" in text and "<html" not in text and "more than one request may carry" in text


def is_json(text: str) -> bool:
    return json.loads(text)["code"] == "too_large"


@pytest.mark.parametrize("length", [CHUNKED, LONG])
@pytest.mark.parametrize(
    ("where", "headers", "right"),
    [
        ("/login/", (FORM,), is_page),
        ("/nowhere/", (FORM,), is_page),
        ("/login/", (FORM, "HX-Request: true"), is_toast),
        ("/api/v1/sessions/", (JSON,), is_json),
    ],
)
def test_too_long_is_413_before_the_rest_is_sent(live_site, where, headers, length, right):
    connection = dial(live_site.url, head("POST", where, length, *headers))
    if length == CHUNKED:
        for _n in range(django_settings.MAX_BODY // 65536 + 1):
            connection.sendall(b"10000\r\n" + b"a" * 65536 + b"\r\n")
    status, got, text = answer(connection)
    assert status == 413
    assert right(text), text[:500]
    assert got["connection"] == "close"
    assert "no-store" in got["cache-control"]
    assert is_closed(connection)


def test_signed_in_too(live_site, bo):
    cookie = session_cookie(bo, live_site)
    sent = head("POST", "/queue/bulk/", LONG, FORM, f"Cookie: {cookie['name']}={cookie['value']}")
    assert answer(dial(live_site.url, sent))[0] == 413


def test_a_request_at_the_limit_is_read(live_site, bo):
    _token, key = ApiToken.issue(bo, name="script", scope="write")
    body = json.dumps({"problem_summary": "", "intake_text": ""}).encode().ljust(django_settings.MAX_BODY)
    connection = http.client.HTTPConnection(live_site.url.removeprefix("http://"), timeout=60)
    for text, status in ((body, 400), (body + b" ", 413)):
        connection.request("POST", "/api/v1/sessions/", text, {"Authorization": f"Token {key}"})
        response = connection.getresponse()
        assert (response.status, b"code" in response.read()) == (status, True)


def test_whoever_goes_on_sending_is_not_read_for_ever(live_site):
    connection = dial(live_site.url, head("POST", "/login/", CHUNKED, FORM))
    assert flood(connection, megabytes=300) < 60 * MEGABYTE


@csrf_exempt
@login_not_required
def takes_more(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.body)))


takes_more.max_body = 5_000_000  # type: ignore[attr-defined]
urlpatterns = [path("more/", takes_more)]


def test_an_address_may_take_more(live_site, settings):
    settings.ROOT_URLCONF = __name__
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = None
    connection = http.client.HTTPConnection(live_site.url.removeprefix("http://"), timeout=60)
    for size, said in ((4_000_000, (200, b"4000000")), (5_000_001, (413, b""))):
        connection.request("POST", "/more/", b"a" * size)
        response = connection.getresponse()
        text = response.read()
        assert response.status == said[0]
        assert text.startswith(said[1])


def test_many_long_requests_at_once_are_not_all_kept(live_site, monkeypatch):
    monkeypatch.setattr(body_limit, "ALL_BODIES", 3 * MEGABYTE)
    most = b"10000\r\n" + b"a" * 65536 + b"\r\n"
    held = [dial(live_site.url, head("POST", "/login/", CHUNKED, FORM) + most * 25) for _n in range(2)]
    status, got, _text = answer(held[1])
    assert (status, "retry-after" in got) == (503, True)
    small = dial(live_site.url, head("POST", "/api/v1/sessions/", JSON, "Content-Length: 2") + b"{}")
    assert answer(small)[0] == 401
    for connection in held:
        connection.close()


# --- too slow ------------------------------------------------------------------------------------


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """The site's protocol and limits, around another application."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(BodyLimit(app), http=HttpProtocol, lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    wait_until(lambda: server.started)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    listening.close()


def test_half_a_head_is_hung_up_on_while_slow_answers_and_sockets_stay(live_site, bo, monkeypatch):
    monkeypatch.setattr(http_protocol, "HEAD_SECONDS", 0.5)
    late = asyncio.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        loops.append(asyncio.get_running_loop())
        await late.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    loops: list[asyncio.AbstractEventLoop] = []
    cookie = {"Cookie": f"session={signed_in(bo)}"}
    with serving(slow) as url, connect(live_site.ws, additional_headers=cookie, origin=live_site.url) as page:
        patient = dial(url, head("GET", "/"))
        wait_until(lambda: loops)
        for _n in range(2):  # twice as long as a head may take
            assert is_closed(dial(url, HALF_A_HEAD))
            assert is_closed(dial(live_site.url, HALF_A_HEAD))
        assert is_closed(dial(live_site.url)), "who says nothing at all"
        loops[0].call_soon_threadsafe(late.set)
        assert answer(patient)[::2] == (200, "ok")
        page.send('{"type":"resume","after":0}')
        assert json.loads(page.recv(5))["type"] == "ready"


def test_half_a_head_after_a_whole_request_is_hung_up_on(live_site, monkeypatch):
    monkeypatch.setattr(http_protocol, "HEAD_SECONDS", 0.5)
    connection = dial(live_site.url, head("GET", "/healthz"))
    assert answer(connection)[0] == 200
    connection.sendall(HALF_A_HEAD)
    assert is_closed(connection)


@pytest.mark.slow
def test_a_connection_idles_for_as_long_as_a_proxy_keeps_one(website):
    """uvicorn's own five seconds are what clients keep one for too: who sent just then was reset."""
    connection = dial(website.url, head("GET", "/healthz"))
    assert answer(connection)[0] == 200
    time.sleep(7)
    connection.sendall(head("GET", "/healthz"))
    assert answer(connection)[0] == 200


def test_it_idles_no_longer_than_that(live_site, monkeypatch):
    monkeypatch.setattr(http_protocol, "IDLE_SECONDS", 0.5)
    connection = dial(live_site.url, head("GET", "/healthz"))
    assert answer(connection)[0] == 200
    assert is_closed(connection)


@pytest.mark.parametrize("length", [CHUNKED, "Content-Length: 1000"])
def test_a_body_that_drips_is_408(live_site, monkeypatch, length):
    monkeypatch.setattr(body_limit, "SECONDS", 1)
    connection = dial(live_site.url, head("POST", "/login/", length, FORM))
    connection.sendall(b"1\r\na\r\n" if length == CHUNKED else b"a")
    status, _headers, text = answer(connection)
    assert status == 408
    assert "took too long to arrive" in text
    assert is_closed(connection)


@pytest.mark.parametrize(
    "begins", [b"GET /", head("GET", "/")[:-2] + b"X: ", head("POST", "/login/", CHUNKED) + b"1\r\na\r\n0\r\nTrailer: "]
)
def test_a_head_or_trailer_without_end_is_hung_up_on(live_site, begins):
    connection = dial(live_site.url, begins)
    taken = 0
    with suppress(ConnectionError):
        while taken < 100 * MEGABYTE:
            connection.sendall(b"a" * 65536)
            taken += 65536
    assert taken < 20 * MEGABYTE


# --- a server of its own -------------------------------------------------------------------------


@pytest.fixture
def process(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    port = servers.free_port()
    environment = servers.environment(DEBUG="1", DATA_DIR=str(tmp_path), PORT=str(port), LOG_LEVEL="WARNING")
    started = subprocess.Popen([sys.executable, str(servers.ROOT / "manage.py"), "up"], env=environment)
    url = f"http://127.0.0.1:{port}"
    wait_until(lambda: _is_up(url))
    yield started, url
    stop(started)


def _is_up(url: str) -> bool:
    with suppress(OSError, http.client.HTTPException):
        return answer(dial(url, head("GET", "/login/", "Connection: close")))[0] == 200
    return False


def _written(process: subprocess.Popen[bytes]) -> int:
    """Bytes it has written so far, to files and sockets alike."""
    found = re.search(r"^wchar: (\d+)", Path(f"/proc/{process.pid}/io").read_text(), re.M)
    assert found
    return int(found[1])


def _memory(process: subprocess.Popen[bytes]) -> int:
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())
    assert found
    return int(found[1]) * 1024


@pytest.mark.slow
def test_three_hundred_megabytes_are_neither_written_nor_kept(process):
    server, url = process
    written, memory = _written(server), _memory(server)
    connection = dial(url, head("POST", "/login/", CHUNKED, FORM))
    assert flood(connection, megabytes=300) < 60 * MEGABYTE
    assert _written(server) - written < MEGABYTE
    assert _memory(server) - memory < 30 * MEGABYTE


@pytest.mark.slow
def test_five_hundred_halves_are_gone_after_twenty_seconds_and_hurt_nobody(process):
    _server, url = process
    began = time.monotonic()
    halves = [dial(url, HALF_A_HEAD) for _n in range(500)]
    idle = [dial(url, head("GET", "/healthz")) for _n in range(500)]
    assert all(answer(connection)[0] == 200 for connection in idle)
    slowest = 0.0
    while time.monotonic() - began < http_protocol.HEAD_SECONDS - 1:
        asked = time.monotonic()
        assert answer(dial(url, head("GET", "/login/", "Connection: close")))[0] == 200
        slowest = max(slowest, time.monotonic() - asked)
    assert all(is_closed(connection) for connection in halves)
    assert time.monotonic() - began < http_protocol.HEAD_SECONDS + 10
    for connection in idle:
        connection.sendall(head("GET", "/healthz"))
    assert all(answer(connection)[0] == 200 for connection in idle), "who asks now and then keeps the line"
    assert slowest < 2
