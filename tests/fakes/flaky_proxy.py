"""A TCP proxy between a browser and the site: it can be cut, fall silent, or lead to another server."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit


class FlakyProxy:
    """`with FlakyProxy(url) as proxy:` serves on `proxy.url`.

    `cut()` closes every connection and takes no more; `silence()` neither closes nor delivers, and what was on
    its way is lost for good; `open()` is for new connections. `upgrades = False`: no WebSocket gets through.
    `refused` and `unanswered` count who tried meanwhile.
    """

    def __init__(self, url: str) -> None:
        self.lead_to(url)
        self.upgrades = True
        self.refused = self.unanswered = 0
        self._state = "open"
        self._pairs: list[Pair] = []

    def __enter__(self) -> FlakyProxy:
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self.cut()
        self._listener.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def lead_to(self, url: str) -> None:
        parts = urlsplit(url)
        self.upstream = (parts.hostname or "", parts.port or 80)

    def open(self) -> None:
        self._state = "open"

    def cut(self) -> None:
        self._state = "cut"
        for pair in self._pairs:
            pair.close()
        self._pairs.clear()

    def silence(self) -> None:
        self._state = "silent"
        for pair in self._pairs:
            pair.lost = True

    def _serve(self) -> None:
        while True:
            try:
                client, _unused = self._listener.accept()
            except OSError:
                return
            if self._state == "cut":
                client.close()
                self.refused += 1
                continue
            pair = Pair(client, lost=self._state == "silent")
            self.unanswered += pair.lost
            self._pairs.append(pair)
            threading.Thread(target=self._join, args=[pair], daemon=True).start()

    def _join(self, pair: Pair) -> None:
        with suppress(OSError):
            first = pair.client.recv(65536)
            if not self.upgrades and first.startswith(b"GET /ws/"):
                pair.close()
            if pair.lost or not first or pair.is_closed:
                return
            pair.site = socket.create_connection(self.upstream, timeout=30)
            pair.site.settimeout(None)
            pair.site.sendall(first)
            threading.Thread(target=pair.pump, args=[pair.site, pair.client], daemon=True).start()
            pair.pump(pair.client, pair.site)


class Pair:
    """One connection: the browser's end and the site's."""

    def __init__(self, client: socket.socket, *, lost: bool) -> None:
        self.client = client
        self.site: socket.socket | None = None
        self.lost = lost
        self.is_closed = False

    def pump(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while received := source.recv(65536):
                if not self.lost:
                    target.sendall(received)
        if not self.lost:
            self.close()

    def close(self) -> None:
        self.is_closed = True
        for end in (self.client, self.site):
            with suppress(OSError):
                if end is not None:
                    end.shutdown(socket.SHUT_RDWR)
                    end.close()
