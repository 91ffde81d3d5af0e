"""A proxy that passes requests on and, when told to, swallows the answer: it arrived, and nobody hears of it."""

from __future__ import annotations

import socket
import threading
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

    def __enter__(self) -> SwallowingProxy:
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self.listener.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}{self.path}"

    def _serve(self) -> None:
        while True:
            try:
                client, _unused = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=[client], daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        with client, socket.create_connection(self.upstream, timeout=30) as upstream:
            request = _whole(client)
            upstream.sendall(request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
            answer = b"".join(iter(lambda: upstream.recv(65536), b""))
            if request.startswith((b"POST", b"PUT")):
                self.writes += 1
                if self.swallow > 0:
                    self.swallow -= 1
                    return
            client.sendall(answer)


def _whole(client: Any) -> bytes:
    """One request: its head, and the body its Content-Length announces."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += client.recv(65536) or b"\r\n\r\n"
    head, _unused, body = received.partition(b"\r\n\r\n")
    length = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    while length and len(body) < int(length[0]):
        body += client.recv(65536)
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
