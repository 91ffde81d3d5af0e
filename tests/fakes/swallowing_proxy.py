"""A proxy that passes requests on and, when told to, swallows the answer: it arrived, and nobody hears of it."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit


class SwallowingProxy:
    """`with SwallowingProxy(url) as proxy:` serves on `proxy.url`; the next `proxy.swallow` writes get no answer."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.upstream = (parts.hostname or "", parts.port or 80)
        self.path = parts.path
        self.swallow = 0
        self.writes = 0
        self.passing: list[threading.Thread] = []

    def __enter__(self) -> SwallowingProxy:
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self.listener.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}{self.path}"

    def settle(self) -> None:
        """Until all that has come so far is passed on and answered, whether or not somebody waits for the answer."""
        with socket.create_connection(self.listener.getsockname()) as last:
            last.shutdown(socket.SHUT_WR)
            last.recv(1)  # it is accepted after all others, and hung up on
        for thread in self.passing:
            thread.join()
        self.passing.clear()

    def goes_on(self, stage: str, request: bytes) -> bool:
        """Asked of each request that is `sent`, then `passed on`, then `answered`: a place to interfere."""
        return True

    def _serve(self) -> None:
        while True:
            try:
                client, _unused = self.listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._pass_on, args=[client], daemon=True)
            self.passing.append(thread)
            thread.start()

    def _pass_on(self, client: socket.socket) -> None:
        with client:
            request, is_whole = _received(client)
            if not request:
                return
            with socket.create_connection(self.upstream, timeout=30) as upstream:
                if not self.goes_on("sent", request):
                    return
                upstream.sendall(request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
                if not is_whole:  # who sent it is gone
                    upstream.shutdown(socket.SHUT_WR)
                self.goes_on("passed on", request)
                answer = b"".join(iter(lambda: upstream.recv(65536), b""))
                self.goes_on("answered", request)
            if is_write(request):
                self.writes += 1
                if self.swallow > 0:
                    self.swallow -= 1
                    return
            with suppress(OSError):  # who asked may be gone
                client.sendall(answer)


def is_write(request: bytes) -> bool:
    return request.startswith((b"POST", b"PUT"))


def _received(client: Any) -> tuple[bytes, bool]:
    """One request, its head and the body its Content-Length announces, and whether all of it came."""
    received = b""
    while b"\r\n\r\n" not in received:
        more = client.recv(65536)
        if not more:
            return received, False
        received += more
    head, _unused, body = received.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    length = int(lengths[0]) if lengths else 0
    while len(body) < length and (more := client.recv(65536)):
        body += more
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body, len(body) >= length
