"""The selftest's own web server, on a free port of the loopback, and the error of a check that fails."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from resolutionflow import asgi
from resolutionflow.ops import server

PATIENCE = 10.0  # seconds for any one answer


class Broken(Exception):
    """A check failed; the text says what was seen."""


def must(holds: object, seen: str) -> None:
    if not holds:
        raise Broken(seen)


@contextmanager
def serving() -> Iterator[str]:
    """Run the site's own server and application on a free port of the loopback; gives its address."""
    ready = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        uvicorn = server.Server(ready=ready.set)
        uvicorn.config.app = _as_behind_its_proxy
        uvicorn.config.timeout_graceful_shutdown = 2
        thread = threading.Thread(target=uvicorn.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            must(ready.wait(PATIENCE), "The web server did not start.")
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            uvicorn.should_exit = True
            thread.join(PATIENCE)


async def _as_behind_its_proxy(scope: Any, receive: Any, send: Any) -> None:
    """A site behind https redirects plain requests: mark ours as https, as its proxy does."""
    if settings.HTTPS and scope["type"] == "http":
        scope = {**scope, "scheme": "https"}
    await asgi.application(scope, receive, send)
