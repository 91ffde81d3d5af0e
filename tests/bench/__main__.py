"""`make bench`: our figures beside those of a bare twin, in turn, in one run on this machine.

Each line is p50/p99 of ours, of the twin, and the twin's p50 by ours: how much of the possible
speed is left. Absolute times say more of the machine than of the code.
"""

from __future__ import annotations

import asyncio
import http.client
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from tests import servers

ROUNDS, POSTS, PAGES, CARDS = 5, 60, 30, 50
SOCKETS = (100, 1000)
PUSHES = 20
WARM = 10
HOME = Path(tempfile.mkdtemp(prefix="resolutionflow-bench-"))

Ask = Callable[[], None]


def main() -> None:
    """Start the servers, fill the database, measure, print."""
    say("Starting PostgreSQL, Redis, the site and its twin …")
    try:
        servers.start(HOME)
        environment = production(servers.free_port())
        os.environ.update({**environment, "DJANGO_SETTINGS_MODULE": "resolutionflow.settings"})
        measure(environment)
        embedded_start()
    finally:
        shutil.rmtree(HOME, ignore_errors=True)


def production(port: int) -> dict[str, str]:
    """The site as it runs for real: DEBUG=0, PostgreSQL, Redis."""
    return servers.environment(
        DATABASE_URL=os.environ["TEST_DATABASE_URL"], REDIS_URL=os.environ["TEST_REDIS_URL"], DEBUG="0",
        SECRET_KEY=Fernet.generate_key().decode() + "-for-this-run", PORT=str(port), ALLOWED_HOSTS="127.0.0.1",
        FIELD_ENCRYPTION_KEYS=Fernet.generate_key().decode(), SITE_URL=f"http://127.0.0.1:{port}",
        DATA_DIR=str(HOME / "var"), LOG_LEVEL="WARNING",
    )  # fmt: skip


def measure(environment: dict[str, str]) -> None:
    from tests.bench.stock import Stock  # needs Django's settings, which name the servers just started

    stock = Stock()
    twin_port = servers.free_port()
    ours = Server([sys.executable, "manage.py", "up", "--only", "web"], int(environment["PORT"]), environment)
    twin = Server([sys.executable, "-m", "tests.bench.twin", str(twin_port)], twin_port, environment)
    say(f"{'':36}{'ours':>16}{'twin':>16}{'ratio':>8}")
    try:
        claim(stock, ours.port, twin.port)
        escalate(stock, ours.port, twin.port)
        queue(stock, ours.port, twin.port)
        for count in SOCKETS:
            push(stock, ours.port, twin.port, count)
    finally:
        ours.stop()
        twin.stop()


# --- the figures -----------------------------------------------------------------------------------


def claim(stock: Any, ours: int, twin: int) -> None:
    waiting = iter(stock.handoffs(2 * (POSTS * ROUNDS + WARM)))
    mine, its = Client(ours, stock.senior), Client(twin, stock.senior)
    compare(
        "HTTP claim", POSTS, goal=0.6,
        ours=lambda: mine.post(f"/api/v1/handoffs/{next(waiting)}/claim/"),
        twin=lambda: its.post(f"/claim/{next(waiting)}/"),
    )  # fmt: skip


def escalate(stock: Any, ours: int, twin: int) -> None:
    sessions = iter(stock.sessions(2 * (POSTS * ROUNDS + WARM)))
    mine, its = Client(ours, stock.junior), Client(twin, stock.junior)
    compare(
        "HTTP escalate", POSTS, goal=0.5,
        ours=lambda: mine.post(f"/api/v1/sessions/{next(sessions)}/escalate/", '{"notes": "stuck"}'),
        twin=lambda: its.post(f"/escalate/{next(sessions)}/"),
    )  # fmt: skip


def queue(stock: Any, ours: int, twin: int) -> None:
    stock.handoffs(CARDS)
    mine, its = Client(ours, cookie=stock.cookie()), Client(twin)
    compare(
        f"Queue page, {CARDS} cards", PAGES, goal=0.5,
        ours=lambda: mine.get("/queue/"),
        twin=lambda: its.get(f"/queue/{stock.bo.pk}/"),
    )  # fmt: skip


def push(stock: Any, ours: int, twin: int, count: int) -> None:
    """From the start of the POST to the frame with the card on the last of `count` open queues."""
    sessions = iter(stock.sessions(2 * (PUSHES + 2)))
    mine, its = Client(ours, stock.junior), Client(twin, stock.junior)
    keys = stock.watchers(count)
    took = asyncio.run(last_socket(
        [f"ws://127.0.0.1:{ours}/ws/live/?token={key}" for key in keys],
        lambda: mine.post(f"/api/v1/sessions/{next(sessions)}/escalate/", '{"notes": "stuck"}'), watch=True,
    ))  # fmt: skip
    bare = asyncio.run(last_socket(
        [f"ws://127.0.0.1:{twin}/"] * count, lambda: its.post(f"/escalate/{next(sessions)}/"), watch=False
    ))  # fmt: skip
    line(f"POST to card, last of {count} sockets", took, bare, goal=1 / 3)


async def last_socket(urls: list[str], post: Ask, *, watch: bool) -> list[float]:
    """Seconds from the start of each POST until every socket has its event."""
    import websockets

    arrived: asyncio.Queue[float] = asyncio.Queue()
    ready = asyncio.Semaphore(0)

    async def listen(url: str) -> None:
        async with websockets.connect(url, compression=None, open_timeout=60, ping_interval=None) as socket:
            if watch:
                await socket.send('{"type":"watch","page":"queue"}')
            ready.release()
            async for text in socket:
                if '"type":"event"' in str(text).replace(" ", ""):
                    arrived.put_nowait(time.perf_counter())

    listeners = []
    for url in urls:
        listeners.append(asyncio.create_task(listen(url)))
        if len(listeners) % 25 == 0:
            await asyncio.wait_for(asyncio.gather(*(ready.acquire() for _each in range(25))), 60)
    await asyncio.sleep(2)
    took = []
    for n in range(PUSHES + 2):
        began = time.perf_counter()
        await asyncio.to_thread(post)
        for _socket in urls:
            last = await asyncio.wait_for(arrived.get(), 20)
        if n >= 2:
            took.append(last - began)
        await asyncio.sleep(0.05)
    for task in listeners:
        task.cancel()
    await asyncio.gather(*listeners, return_exceptions=True)
    return took


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


# --- the means -------------------------------------------------------------------------------------


class Server:
    """A process that answers /healthz."""

    def __init__(self, command: list[str], port: int, environment: dict[str, str]) -> None:
        self.port = port
        began = time.monotonic()
        self.process = subprocess.Popen(
            command, env=environment, cwd=servers.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while not self._well():
            if self.process.poll() is not None or time.monotonic() - began > 90:
                sys.exit(f"{' '.join(command)} does not start")
            time.sleep(0.01)
        self.started_in = time.monotonic() - began

    def _well(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        return False

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()


class Client:
    """One keep-alive connection."""

    def __init__(self, port: int, key: str = "", *, cookie: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.used_at = 0.0
        self.headers = {"Authorization": f"Token {key}"} if key else {"Cookie": cookie}

    def post(self, path: str, body: str = "{}") -> None:
        self._ask("POST", path, body, {**self.headers, "Content-Type": "application/json"})

    def get(self, path: str) -> None:
        self._ask("GET", path, None, self.headers)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> None:
        if time.monotonic() - self.used_at > 3:  # the server ends idle connections after five
            self.connection.close()
        self.connection.request(method, path, body, headers)
        self.used_at = time.monotonic()
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            sys.exit(f"{method} {path} answered {answer.status}: {text[:300]!r}")


def compare(name: str, count: int, *, goal: float, ours: Ask, twin: Ask) -> None:
    """Both in turn, so that the machine's moods meet both."""
    for each in (ours, twin):
        for _warm in range(WARM):
            each()
    times: dict[Ask, list[float]] = {ours: [], twin: []}
    for _round in range(ROUNDS):
        for each, taken in times.items():
            for _n in range(count):
                began = time.perf_counter()
                each()
                taken.append(time.perf_counter() - began)
    line(name, times[ours], times[twin], goal=goal)


def line(name: str, ours: list[float], twin: list[float], *, goal: float) -> None:
    ratio = statistics.median(twin) / statistics.median(ours)
    say(f"{name:36}{figures(ours):>16}{figures(twin):>16}{ratio:>8.2f}  goal {goal:.2f}")


def figures(times: list[float]) -> str:
    p99 = sorted(times)[min(len(times) - 1, int(len(times) * 0.99))]
    return f"{statistics.median(times) * 1000:.1f}/{p99 * 1000:.1f} ms"


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
