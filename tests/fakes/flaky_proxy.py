"""A TCP proxy between a browser and the site: it can be cut, fall silent, or lead to another server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from urllib.parse import urlsplit

from tests.servers import PATIENCE


class FlakyProxy:
    """`with FlakyProxy(url) as proxy:` serves on `proxy.url`.

    `cut()` closes every connection and takes no more; `silence()` neither closes nor delivers, and what was on
    its way is lost for good; `open()` is for new connections. `upgrades = False`: no WebSocket gets through.
    `refused` and `unanswered` count who tried meanwhile.

    One thread does it all: where one closes a socket that another is about to read, the other may read from the next
    socket of the same number, and a request is gone.
    """

    def __init__(self, url: str) -> None:
        self.lead_to(url)
        self.upgrades = True
        self.refused = self.unanswered = 0
        self._state = "open"
        self._pairs: set[Pair] = set()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._serving: Future[str] = Future()

    def __enter__(self) -> FlakyProxy:
        self._thread.start()
        self.url = self._serving.result(PATIENCE)
        return self

    def __exit__(self, *args: object) -> None:
        self.cut()
        self._do(self._end.set)
        self._thread.join(PATIENCE)

    def lead_to(self, url: str) -> None:
        parts = urlsplit(url)
        self.upstream = (parts.hostname or "", parts.port or 80)

    def open(self) -> None:
        self._do(lambda: self._becomes("open"))

    def cut(self) -> None:
        def cut() -> None:
            self._becomes("cut")
            for pair in self._pairs:
                pair.cut()
            self._pairs.clear()

        self._do(cut)

    def silence(self) -> None:
        def silence() -> None:
            self._becomes("silent")
            for pair in self._pairs:
                pair.is_lost = True

        self._do(silence)

    def _becomes(self, state: str) -> None:
        self._state = state

    def _do(self, act: Callable[[], None]) -> None:
        """Have the proxy's thread do this, and wait until it has."""
        done: Future[None] = Future()
        self._loop.call_soon_threadsafe(lambda: done.set_result(act()))
        done.result(PATIENCE)

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self._serving.set_result(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        await self._end.wait()
        server.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._state == "cut":
            writer.close()
            self.refused += 1
            return
        pair = Pair(writer, is_lost=self._state == "silent")
        self.unanswered += pair.is_lost
        self._pairs.add(pair)
        with suppress(OSError, asyncio.CancelledError):  # cancelled where the proxy ends
            first = await reader.read(65536)
            if not first or (first.startswith(b"GET /ws/") and not self.upgrades):
                pair.close()
            if not (pair.is_lost or pair.is_closed):
                await pair.carry(first, reader, self.upstream)
        if not pair.is_lost:
            self._pairs.discard(pair)


class Pair:
    """One connection: the browser's end and the site's."""

    def __init__(self, client: asyncio.StreamWriter, *, is_lost: bool) -> None:
        self.ends = [client]
        self.is_lost = is_lost
        self.is_closed = False

    async def carry(self, first: bytes, client: asyncio.StreamReader, upstream: tuple[str, int]) -> None:
        """What either end says to the other, until one has ended."""
        site, to_site = await asyncio.open_connection(*upstream)
        self.ends.append(to_site)
        if self.is_closed:  # while it was opened
            self.close()
            return
        to_site.write(first)
        await asyncio.gather(self._pump(client, to_site), self._pump(site, self.ends[0]))

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while received := await source.read(65536):
                if not self.is_lost:
                    target.write(received)
                    await target.drain()
        if not self.is_lost:
            self.close()

    def close(self) -> None:
        """Once what is on its way has arrived."""
        self.is_closed = True
        for end in self.ends:
            end.close()

    def cut(self) -> None:
        self.is_closed = True
        for end in self.ends:
            end.transport.abort()
