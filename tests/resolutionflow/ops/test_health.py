"""/readyz while real servers stop, hang and come back: answered within a second, 503 only without a database."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from django.core.cache import cache
from django.db import connection

from resolutionflow.ops import health
from tests import servers
from tests.live_site import stop, wait_until

WITHIN = 1.5  # seconds: one, and what a busy machine adds
WORKERS = ["worker fast", "worker slow"]


def readiness(answers: Callable[[], Any]) -> tuple[int, dict[str, Any]]:
    began = time.monotonic()
    answer = answers()
    assert time.monotonic() - began < WITHIN
    return answer.status_code, answer.json()


# --- in this process -----------------------------------------------------------------------------


@pytest.fixture
def heard(transactional_db):
    for queue in ("fast", "slow"):
        cache.set(f"heartbeat:{queue}", time.time())
    yield
    cache.clear()


def test_healthz_needs_nothing(client):
    assert client.get("/healthz").json() == {"status": "ok"}


def test_all_is_well(client, heard):
    assert readiness(lambda: client.get("/readyz")) == (200, {"status": "ok"})


def test_a_silent_worker_is_named_and_no_reason_to_stop(client, heard):
    cache.set("heartbeat:slow", time.time() - 3600)
    assert readiness(lambda: client.get("/readyz")) == (200, {"status": "degraded", "degraded": ["worker slow"]})


def test_tables_of_another_version_are_no_tables(client, heard):
    (last,) = (name for app, name in health.newest_migrations() if app == "handoffs")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET name = 'away' WHERE app = 'handoffs' AND name = %s", [last])
        try:
            assert readiness(lambda: client.get("/readyz")) == (503, {"status": "down", "down": ["database"]})
        finally:
            cursor.execute("UPDATE django_migrations SET name = %s WHERE name = 'away'", [last])
    assert readiness(lambda: client.get("/readyz"))[0] == 200


def test_a_pool_in_use_is_no_missing_database(real, client, heard):
    pool = connection.pool
    taken = [pool.getconn(timeout=5) for _n in range(pool.max_size - pool.get_stats().get("requests_waiting", 0) - 1)]
    try:
        status, said = readiness(lambda: client.get("/readyz"))
        assert status == 200, said
    finally:
        for one in taken:
            pool.putconn(one)


# --- a process of its own ------------------------------------------------------------------------


@pytest.fixture
def database() -> Iterator[servers.Postgresql]:
    with tempfile.TemporaryDirectory() as home:  # pytest's own are closed to PostgreSQL's user
        server = servers.Postgresql(Path(home) / "postgresql", servers.free_port()).start()
        yield server
        server.stop()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[servers.Redis]:
    server = servers.Redis(tmp_path / "redis", servers.free_port()).start()
    yield server
    server.stop()


@pytest.fixture
def web(real, database, broker, tmp_path: Path) -> Iterator[str]:
    """A web process alone, with no worker anywhere."""
    port = servers.free_port()
    environment = servers.environment(
        DEBUG="1", DATA_DIR=str(tmp_path / "var"), PORT=str(port), DATABASE_URL=database.url, REDIS_URL=broker.url
    )
    manage = [sys.executable, str(servers.ROOT / "manage.py")]
    migrate = "from resolutionflow.ops import prepare; prepare.migrate()"
    subprocess.run([*manage, "shell", "-v0", "-c", migrate], env=environment, check=True, cwd=servers.ROOT)
    process = subprocess.Popen([*manage, "up", "--only", "web"], env=environment)
    url = f"http://127.0.0.1:{port}"
    wait_until(lambda: _answers(f"{url}/healthz"))
    yield url
    stop(process)


def _answers(url: str) -> bool:
    try:
        return httpx2.get(url, timeout=20).status_code == 200
    except httpx2.HTTPError:
        return False


@pytest.mark.slow
def test_whatever_stops_or_hangs(web, database, broker):
    def ready() -> tuple[int, dict[str, Any]]:
        return readiness(lambda: httpx2.get(f"{web}/readyz", headers={"Host": "10.0.0.7"}, timeout=20))

    well = (200, {"status": "degraded", "degraded": WORKERS})
    without_redis = (200, {"status": "degraded", "degraded": ["channel layer", *WORKERS]})
    without_database = (503, {"status": "down", "down": ["database"]})
    wait_until(lambda: _answers(f"{web}/readyz"))
    assert ready() == well

    broker.hang()
    assert ready() == without_redis
    broker.stop()
    assert ready() == without_redis
    assert httpx2.get(f"{web}/login/", timeout=20).status_code == 200
    broker.start()
    assert ready() == well

    database.hang()
    assert [ready() for _n in range(8)] == [without_database] * 8
    database.resume()
    wait_until(lambda: ready() == well)
    database.stop()
    assert [ready() for _n in range(3)] == [without_database] * 3
    database.start()
    wait_until(lambda: ready() == well)

    with psycopg.connect(database.url, autocommit=True) as asked:
        asked.execute("DELETE FROM django_migrations WHERE app = 'notifications'")
    assert ready() == without_database
