"""`make bench`: our figures beside those of a bare twin, in one run on this machine.

Times are p50 / p99. Absolute ones say more of the machine than of the code; where a goal is a ratio, it is
how much of the twin's speed is left. `make bench ONLY=sockets` runs one part alone (`ONLY="http queue"` two),
`make bench IDLE=600` keeps idle sockets up for ten minutes.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import django
from cryptography.fernet import Fernet

from tests import servers
from tests.bench.measuring import Bench, Client, Server, Site, compare, head, line, say

PARTS = "http pickup session ai sockets queue flood ladder notices"
POSTS, PAGES, CARDS = 60, 30, 50
STOCK = 2 * (POSTS * 5 + 10)  # what `compare` asks for, of both
HOME = Path(tempfile.mkdtemp(prefix="resolutionflow-bench-"))


def main() -> None:
    """Start the servers, fill the database, measure, print."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # however it ends, its servers end too
    say("Starting PostgreSQL, Redis, the site and its twin …")
    try:
        servers.start(HOME)
        environment = production(servers.free_port())
        os.environ.update({**environment, "DJANGO_SETTINGS_MODULE": "resolutionflow.settings"})
        measure(environment, os.environ.get("ONLY", PARTS).split())
    finally:
        shutil.rmtree(HOME, ignore_errors=True)


def production(port: int) -> dict[str, str]:
    """The site as it runs for real: DEBUG=0, PostgreSQL, Redis."""
    return servers.environment(
        DATABASE_URL=os.environ["TEST_DATABASE_URL"], REDIS_URL=os.environ["TEST_REDIS_URL"], DEBUG="0",
        SECRET_KEY=Fernet.generate_key().decode() + "-for-this-run", PORT=str(port), ALLOWED_HOSTS="127.0.0.1",
        FIELD_ENCRYPTION_KEYS=Fernet.generate_key().decode(), SITE_URL=f"http://127.0.0.1:{port}",
        DATA_DIR=str(HOME / "var"), LOG_LEVEL="WARNING", TRUSTED_PROXIES="127.0.0.1",
        ALLOW_HTTP="1",
    )  # fmt: skip


def measure(environment: dict[str, str], parts: list[str]) -> None:
    django.setup()  # by settings that name the servers just started
    from tests.bench import ai, flood, ladder, notices, pickup, session, sockets
    from tests.bench import queue as busy
    from tests.bench.dataset import Dataset

    dataset = Dataset()
    if "http" in parts:
        head("Requests")
        with both(dataset, environment) as bench:
            claim(bench)
            escalate(bench)
            queue(bench)
        embedded_start()
    if "pickup" in parts:
        with both(dataset, environment) as bench:
            pickup.measure(bench)
    if "session" in parts:
        with both(dataset, environment) as bench:
            session.measure(bench)
    if "ai" in parts:
        ai.measure(dataset, environment)
    if "sockets" in parts:
        head("Sockets of one account")
        with both(dataset, environment) as bench:
            sockets.measure(bench, idle=int(os.environ.get("IDLE", "15")))
    if "queue" in parts:
        with both(dataset, environment) as bench:
            busy.measure(bench)
    if "flood" in parts:
        with both(dataset, environment) as bench:
            flood.measure(bench)
    if "ladder" in parts:
        ladder.measure(dataset, environment)
    if "notices" in parts:
        notices.measure(dataset, environment)


@contextmanager
def both(dataset: Any, environment: dict[str, str]) -> Iterator[Bench]:
    """The site and its twin, freshly started."""
    port = servers.free_port()
    with ExitStack() as stopping:
        twin = Server([sys.executable, "-m", "tests.bench.twin", str(port)], port, environment)
        stopping.callback(twin.stop)
        ours = Site(environment)
        stopping.callback(ours.stop)
        yield Bench(dataset, ours, twin)


# --- requests --------------------------------------------------------------------------------------


def claim(bench: Bench) -> None:
    waiting = iter(bench.dataset.handoffs(STOCK))
    mine, its = Client(bench.ours.port, bench.dataset.senior), Client(bench.twin.port, bench.dataset.senior)
    compare(
        "HTTP claim", POSTS, goal=0.6,
        ours=lambda: mine.post(f"/api/v1/handoffs/{next(waiting)}/claim/"),
        twin=lambda: its.post(f"/claim/{next(waiting)}/"),
    )  # fmt: skip


def escalate(bench: Bench) -> None:
    sessions = iter(bench.dataset.sessions(STOCK))
    mine, its = Client(bench.ours.port, bench.dataset.junior), Client(bench.twin.port, bench.dataset.junior)
    compare(
        "HTTP escalate", POSTS, goal=0.5,
        ours=lambda: mine.post(f"/api/v1/sessions/{next(sessions)}/escalate/", '{"notes": "stuck"}'),
        twin=lambda: its.post(f"/escalate/{next(sessions)}/"),
    )  # fmt: skip


def queue(bench: Bench) -> None:
    bench.dataset.handoffs(CARDS)
    mine, its = Client(bench.ours.port, cookie=bench.dataset.cookie()), Client(bench.twin.port)
    compare(
        f"Queue page, {CARDS} cards", PAGES, goal=0.5,
        ours=lambda: mine.get("/queue/"),
        twin=lambda: its.get(f"/queue/{bench.dataset.bo.pk}/"),
    )  # fmt: skip


def embedded_start() -> None:
    """From the command to the first answer, on the second start; beside the twin, which migrates and checks nothing."""
    ours, twin = [], []
    for n in range(4):
        port, other = servers.free_port(), servers.free_port()
        embedded = servers.environment(DEBUG="1", DATA_DIR=str(HOME / "embedded"), PORT=str(port), LOG_LEVEL="WARNING")
        server = Server([sys.executable, "manage.py", "up"], port, embedded)
        server.stop()
        bare = Server([sys.executable, "-m", "tests.bench.twin", str(other)], other, embedded)
        bare.stop()
        if n:
            ours.append(server.started_in)
            twin.append(bare.started_in)
    line("Embedded start, second time", ours, twin, goal=0.25)


if __name__ == "__main__":
    main()
