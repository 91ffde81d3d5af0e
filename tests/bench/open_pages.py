"""A thousand open pages in a process of their own: raw sockets that read no more of a frame than who has what when.

Asked line by line in JSON on standard input, answers likewise. Times are `time.perf_counter()`, which all
processes of a machine share here. Cheap on purpose: what is measured is the server.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from typing import Any

import uvloop

EVENT, READY, BEAT = b'{"type":"event","seq":', b'{"type":"ready","seq":', b'{"type":"beat",'
AT_ONCE = 100  # opening, as opposed to a storm
PATIENCE = 60.0


class OpenPages:
    """The bench's end of it."""

    def __init__(self, port: int, cookies: list[str], *, path: str = "/ws/live/") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.open_pages"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.size = len(cookies)
        self.opened = self.ask("open", port=port, path=path, cookies=cookies)

    def ask(self, what: str, **more: Any) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"ask": what, **more}) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit("The process of the open pages is gone.")
        return json.loads(answer)

    def arrivals(self, count: int) -> list[tuple[int, float, float]]:
        """Of the next events: number, first arrival, last arrival. Each is on every page."""
        found = self.ask("arrivals", count=count)
        if len(found) < count:
            sys.exit(f"{count} events were sent, {len(found)} reached all pages")
        return [(seq, first, last) for seq, first, last in found]

    def close(self) -> None:
        self.ask("close")
        self.process.wait(10)


# --- in the process of its own -------------------------------------------------------------------


class Page(asyncio.Protocol):
    """One open queue. After a loss it comes back by the rule of live.js, and asks for what it missed."""

    def __init__(self, pages: Pages, tab: int, cookie: str) -> None:
        self.pages, self.tab, self.cookie = pages, tab, cookie
        self.transport: Any = None
        self.last: int | None = None
        self.failures = 0
        self.ready = False
        self._rest = b""
        self._shaken = False

    async def connect(self, wait: float = 0) -> None:
        await asyncio.sleep(wait)
        self._rest, self._shaken = b"", False
        try:
            await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self.pages.port)
        except OSError:
            self.connection_lost(None)

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        origin = f"127.0.0.1:{self.pages.port}"
        transport.write(
            f"GET {self.pages.path}?tab={self.tab} HTTP/1.1\r\nHost: {origin}\r\nOrigin: http://{origin}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            f"Cookie: {self.cookie}\r\n\r\n".encode()
        )

    def connection_lost(self, error: Exception | None) -> None:
        self.transport = None
        if self.ready:
            self.ready = False
            self.pages.ready -= 1
            self.pages.lost += 1
        elif self.pages.coming_back:
            self.pages.refused += 1
        self.come_back()

    def come_back(self) -> None:
        if self.pages.coming_back:
            self.failures += 1
            longest = min(30, 3 * 2 ** (self.failures - 1)) if self.pages.jitter else 0.1 * (self.failures - 1)
            self.pages.start(self.connect(random.uniform(0, longest)))

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        data = self._rest + data if self._rest else data
        at = 0
        if not self._shaken:
            at = data.find(b"\r\n\r\n") + 4
            if at == 3:
                self._rest = data
                return
            if not data.startswith(b"HTTP/1.1 101"):
                self.pages.codes[int(data[9:12])] += 1
                self.transport.abort()
                return
            self._shaken = True
        size = len(data)
        while size - at >= 2:
            length, start = data[at + 1], at + 2
            if length == 126:
                length, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif length == 127:
                length, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if start + length > size:
                break
            self._frame(data[at] & 15, data, start, start + length, now)
            at = start + length
        self._rest = data[at:]

    def _frame(self, kind: int, data: bytes, start: int, end: int, now: float) -> None:
        if kind == 1 and data.startswith(EVENT, start):
            self._event(_seq(data, start), now)
        elif kind == 1 and data.startswith(BEAT, start):
            self.pages.beats += 1
        elif kind == 1 and data.startswith(READY, start):
            self._is_ready(int(data[start + len(READY) : end - 1]))
        elif kind == 8:
            self.pages.codes[int.from_bytes(data[start : start + 2], "big")] += 1
        elif kind == 9:
            self.transport.write(bytes([0x8A, 0x80 | (end - start), 0, 0, 0, 0]) + data[start:end])

    def _event(self, seq: int, now: float) -> None:
        if self.last is not None and seq <= self.last:
            return  # it came with the answer to `resume` already
        if self.last is not None and seq > self.last + 1:
            self.pages.holes += 1
        self.last = seq
        self.pages.arrived(seq, now)

    def _is_ready(self, seq: int) -> None:
        self.ready, self.failures = True, 0
        self.say({"type": "watch", "page": "queue"})
        if self.last is None:
            self.last = seq
        elif seq > self.last:
            self.say({"type": "resume", "after": self.last})
        self.pages.is_ready()

    def say(self, message: object) -> None:
        text = json.dumps(message).encode()
        self.transport.write(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)


class Pages:
    """All of them."""

    def __init__(self) -> None:
        self.all: list[Page] = []
        self.port, self.path = 0, ""
        self.coming_back = self.jitter = False
        self.ready = self.lost = self.refused = self.beats = self.holes = 0
        self.codes: Counter[int] = Counter()
        self.moved = asyncio.Event()
        self._heard: dict[int, list[Any]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, coroutine: Any) -> None:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def arrived(self, seq: int, now: float) -> None:
        heard = self._heard.get(seq)
        if heard is None:
            heard = self._heard[seq] = [0, now, now]
        heard[0] += 1
        heard[2] = now
        if heard[0] == len(self.all):
            self.moved.set()

    def is_ready(self) -> None:
        self.ready += 1
        if self.ready % AT_ONCE == 0 or self.ready == len(self.all):
            self.moved.set()

    async def until(self, true: Any) -> bool:
        end = time.perf_counter() + PATIENCE
        while not true():
            self.moved.clear()
            try:
                await asyncio.wait_for(self.moved.wait(), end - time.perf_counter())
            except TimeoutError:
                return False
        return True

    def _have(self, seq: int) -> bool:
        return self.ready == len(self.all) and all((page.last or 0) >= seq for page in self.all)

    # what can be asked

    async def open(self, port: int, path: str, cookies: list[str]) -> Any:
        self.port, self.path = port, path
        self.all = [Page(self, tab, cookie) for tab, cookie in enumerate(cookies)]
        began = time.perf_counter()
        for n in range(0, len(self.all), AT_ONCE):
            await self._open(self.all[n : n + AT_ONCE])
        return time.perf_counter() - began

    async def _open(self, some: list[Page]) -> None:
        opened = self.ready + len(some)
        await asyncio.gather(*(page.connect() for page in some))
        if not await self.until(lambda: self.ready >= opened):
            sys.exit(f"{self.ready} of {len(self.all)} pages were let in, {self.lost} lost: {dict(self.codes)}")

    async def arrivals(self, count: int) -> Any:
        full = len(self.all)
        await self.until(lambda: sum(heard[0] == full for heard in self._heard.values()) >= count)
        found = sorted((seq, heard[1], heard[2]) for seq, heard in self._heard.items() if heard[0] == full)
        self._heard.clear()
        return found

    async def cut(self) -> Any:
        """Every connection is gone at once, without a goodbye."""
        self.coming_back = False
        for page in self.all:
            page.transport.abort()
        while any(page.transport for page in self.all):
            await asyncio.sleep(0)
        return time.perf_counter()

    async def watch_for_loss(self, jitter: bool) -> Any:
        """From now on whoever is lost comes back."""
        self.coming_back, self.jitter = True, jitter
        self.refused = 0
        for page in self.all:
            if page.transport is None:
                page.come_back()
        return None

    async def caught_up(self, seq: int) -> Any:
        """When the last page was there again and had number `seq`."""
        well = await self.until(lambda: self._have(seq))
        self._heard.clear()
        self.coming_back = False
        return {"at": time.perf_counter() if well else None, "refused": self.refused}

    async def count(self) -> Any:
        return {"ready": self.ready, "lost": self.lost, "beats": self.beats, "holes": self.holes, "codes": self.codes}

    async def close(self) -> Any:
        return await self.cut()


def _seq(data: bytes, start: int) -> int:
    start += len(EVENT)
    return int(data[start : data.index(b",", start)])


async def serve() -> None:
    pages = Pages()
    while line := await asyncio.to_thread(sys.stdin.readline):
        question = json.loads(line)
        what = question.pop("ask")
        answer = await getattr(pages, what)(**question)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
        if what == "close":
            os._exit(0)


if __name__ == "__main__":
    uvloop.run(serve())
