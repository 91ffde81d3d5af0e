"""Fixtures with a real server, real workers and a real browser, on whichever database the tests run.

`live_site` is uvicorn in a thread of the test's own process: pages, API and sockets see what the test
wrote, and the test sees what they wrote. `workers` adds both pools and the clock. `worker_process`
starts a worker as an operator does, to be killed.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
import uvicorn
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import connection
from playwright.sync_api import expect

from resolutionflow.accounts.models import User
from resolutionflow.celery import QUEUES
from resolutionflow.celery import app as celery_app
from resolutionflow.ops.http_protocol import HttpProtocol
from resolutionflow.ops.workers import Workers
from tests import servers

# Debian's; the shell is the same browser without its own window, which costs more than our pages do.
INSTALLED = [path for path in ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium") if Path(path).exists()]
CHROMIUM = os.environ.get("CHROMIUM") or next(iter(INSTALLED), "/usr/bin/chromium")
PATIENCE = servers.PATIENCE


# FONT="DejaVu Serif" shows every page in that one: no test may rest on how wide words are.
ONE_FONT = """<fontconfig><include>/etc/fonts/fonts.conf</include><match target="pattern">
<edit name="family" mode="assign" binding="strong"><string>{}</string></edit></match></fontconfig>"""


@dataclass
class Site:
    """A running site."""

    url: str
    server: uvicorn.Server

    @property
    def ws(self) -> str:
        return self.url.replace("http", "ws", 1) + "/ws/live/"


@pytest.fixture
def live_site(transactional_db: None, settings: Any) -> Iterator[Site]:
    """uvicorn on a free port of 127.0.0.1, with the test's database."""
    from resolutionflow.asgi import application  # the test database is set up by now

    listening = socket.create_server(("127.0.0.1", 0))
    settings.SITE_URL = f"http://127.0.0.1:{listening.getsockname()[1]}"
    settings.CSRF_TRUSTED_ORIGINS = [settings.SITE_URL]
    config = uvicorn.Config(
        application, http=HttpProtocol, lifespan="off", log_config=None, access_log=False, proxy_headers=False,
        timeout_graceful_shutdown=2, ws_max_size=65536,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    wait_until(lambda: server.started)
    yield Site(settings.SITE_URL, server)
    server.should_exit = True
    thread.join(PATIENCE)
    listening.close()
    cache.clear()  # flushing the database leaves the cache table alone


@pytest.fixture
def workers(transactional_db: None) -> Iterator[Workers]:
    """Both pools and the clock, in threads of this process."""
    forget_tasks()
    running = Workers()
    running.start()
    yield running
    assert running.stop(PATIENCE), "a task did not end"


@pytest.fixture
def worker_process(transactional_db: None, real: None) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """`worker_process("fast")`: a worker of one queue, or "web", as a process of its own on the test's database."""
    started: list[subprocess.Popen[bytes]] = []

    def start(part: str, **more: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, servers.ROOT / "manage.py", "up", "--only", part], env=process_environment(**more)
        )
        started.append(process)
        return process

    forget_tasks()
    yield start
    for process in started:
        stop(process)


@pytest.fixture
def real() -> None:
    """For tests that mean nothing on SQLite."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL and Redis: REAL=1")


def forget_tasks() -> None:
    """Tests without workers nudge them as well: what they nudged for waiting in queues, about rows long gone."""
    cache.clear()
    with celery_app.connection_for_write() as broker:
        for queue in QUEUES:
            celery_app.amqp.queues[queue](broker.default_channel).declare()
            broker.default_channel.queue_purge(queue)


def process_environment(**more: str) -> dict[str, str]:
    """The environment of another process that works on this test's database, broker and keys; `more` goes before."""
    name = connection.settings_dict["NAME"]
    url = django_settings.DATABASE_URL
    settings = {
        "DEBUG": "1",
        "DATA_DIR": str(django_settings.DATA_DIR),
        "DATABASE_URL": f"{url.rsplit('/', 1)[0]}/{name}" if url else "",
        "REDIS_URL": django_settings.REDIS_URL,
        "SITE_URL": django_settings.SITE_URL,
        "LOG_LEVEL": "WARNING",
    }
    return servers.environment(**settings | more)


def stop(process: subprocess.Popen[bytes], number: int = signal.SIGTERM) -> int:
    """Ask a process to end; kill it when it does not."""
    if process.poll() is None:
        process.send_signal(number)
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def wait_until(true: Callable[[], Any]) -> Any:
    """What `true()` gives once it is true. All waits have the one limit: no test is about how long its own take."""
    end = time.monotonic() + PATIENCE
    while not (found := true()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
    return found


# --- a browser -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """pytest-playwright's browsers are Debian's Chromium, which finds no other machine. Root needs --no-sandbox."""
    if not Path(CHROMIUM).exists():
        pytest.fail(f"The browser tests need Chromium at {CHROMIUM}. `make test` installs it when run as root.")
    os.environ[servers.ASYNC_UNSAFE] = "1"
    expect.set_options(timeout=PATIENCE * 1000)
    args = ["--no-sandbox", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    launch = {"executable_path": CHROMIUM, "args": args}
    if font := os.environ.get("FONT"):
        fonts = Path(os.environ["TEST_HOME"]) / "fonts.conf"
        fonts.write_text(ONE_FONT.format(escape(font)))
        launch["env"] = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
    return launch


def session_cookie(user: User, site: Site) -> dict[str, Any]:
    """A cookie for `context.add_cookies([...])`: this person, signed in."""
    return {"name": django_settings.SESSION_COOKIE_NAME, "value": session_of(user), "url": site.url}


def session_of(user: User) -> str:
    """What stands in the cookie of this person, signed in."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = django_settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return store.session_key or ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: the loop Playwright keeps running would be in the way of asynchronous tests.

    Whatever uses the fixture `real` is marked so: `make test` leaves it out on SQLite instead of skipping it there.
    """
    for item in items:
        if "real" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.real)
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
