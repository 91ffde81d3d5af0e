"""The web server: pages, API and sockets in one uvicorn."""

from __future__ import annotations

import errno
import gc
import resource
import socket
from collections.abc import Callable

import uvicorn
from django.conf import settings

from resolutionflow.ops.http_protocol import HttpProtocol

GRACE = 15  # seconds a running request gets when the server stops
FILES = 16_384  # an open page is one; 1,024, what a shell or systemd gives at first, are too few


class PortTaken(Exception):
    """Another process listens on this port."""


def listen(host: str, port: int) -> socket.socket:
    """Open the site's socket: before anything else, so that a second start fails at once with PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OverflowError as error:
        raise PortTaken(f"PORT is a number from 0 to 65535, not {port}.") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(f"Port {port} on {host} is taken. Stop what runs there, or set PORT.") from error
        raise PortTaken(f"Cannot listen on {host}, port {port}: {error.strerror}.") from error


class Server(uvicorn.Server):
    """uvicorn, which prints a line when it is ready."""

    def __init__(self, ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                "resolutionflow.asgi:application",
                http=HttpProtocol,
                lifespan="off",
                log_config=None,
                access_log=False,  # it would write the tokens in socket addresses; logs.RequestLog writes ours
                server_header=False,
                proxy_headers=False,  # asgi.py trusts TRUSTED_PROXIES and nobody else
                timeout_graceful_shutdown=GRACE,
                ws_max_size=16_384,
                ws_max_queue=32,
                ws_per_message_deflate=False,  # doubles the memory of a socket, quarters what it carries
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        allow_many_files()
        gc.freeze()  # what is loaded stays: no collection walks it while a thousand sockets wait
        gc.set_threshold(100_000, 50, 100)
        self._ready()


def allow_many_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if resource.RLIM_INFINITY != soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def site_address() -> str:
    host = "127.0.0.1" if settings.HOST in ("0.0.0.0", "::") else settings.HOST  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.PORT}"
