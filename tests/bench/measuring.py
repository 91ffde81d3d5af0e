"""What every part of the bench uses: servers, a client, both in turn, and the table."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import servers

ROUNDS, WARM = 5, 10

Ask = Callable[[], None]


class Server:
    """A process that answers /healthz."""

    def __init__(self, command: list[str], port: int, environment: dict[str, str], *, fds: Sequence[int] = ()) -> None:
        self.port = port
        began = time.monotonic()
        self.process = subprocess.Popen(
            command, env=environment, cwd=servers.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            pass_fds=fds,
        )  # fmt: skip
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

    def memory(self) -> int:
        """Bytes of its own in RAM."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+)", status)
        assert found
        return int(found.group(1)) * 1024

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class Site(Server):
    """Our web process. The listening socket is held outside, as by `up`: it can be killed and started again."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.listening = socket.create_server(("127.0.0.1", int(environment["PORT"])), backlog=2048)
        self.start()

    def start(self) -> None:
        fd = self.listening.fileno()
        command = [sys.executable, "manage.py", "up", "--only", "web", "--fd", str(fd)]
        super().__init__(command, int(self.environment["PORT"]), self.environment, fds=[fd])

    def stop(self) -> None:
        super().stop()
        self.listening.close()


@contextmanager
def worker(queue: str, environment: dict[str, str]) -> Iterator[None]:
    """Who works this queue off meanwhile, in a process of its own."""
    process = subprocess.Popen([sys.executable, "manage.py", "up", "--only", queue], env=environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


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
        if time.monotonic() - self.used_at > 3:  # the twin ends idle connections after five
            self.connection.close()
        self.connection.request(method, path, body, headers)
        self.used_at = time.monotonic()
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            sys.exit(f"{method} {path} answered {answer.status}: {text[:300]!r}")


@dataclass
class Bench:
    """What is measured, and on what."""

    dataset: Any
    ours: Server
    twin: Server


# --- the table -----------------------------------------------------------------------------------


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
    """p50/p99 of both, and how much of the twin's speed is left."""
    ratio = statistics.median(twin) / statistics.median(ours)
    row(name, figures(ours), figures(twin), f"≥ {goal:.2f} of its speed: {ratio:.2f}", met=ratio >= goal)


def head(title: str) -> None:
    say(f"\n### {title}  (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)\n")
    row("what", "ours", "bare twin", "goal")
    say(f"|{'-' * 48}|{'-' * 22}|{'-' * 22}|{'-' * 34}|---------|")


def row(name: str, ours: str, twin: str, goal: str, *, met: bool | None = None) -> None:
    """One line of a table that can be pasted."""
    verdict = {None: "", True: "met", False: "NOT MET"}[met]
    say(f"| {name:46} | {ours:20} | {twin:20} | {goal:32} | {verdict:7} |")


def figures(times: list[float]) -> str:
    return f"{ms(statistics.median(times))} / {ms(p99(times))} ms"


def p99(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.99))]


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201
