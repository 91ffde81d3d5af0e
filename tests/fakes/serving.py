"""An HTTP server on a port of its own, for a fake that lives as long as a `with` block."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class Served:
    """`handler` answers; each of its requests finds the fake as `self.fake`."""

    handler: type[BaseHTTPRequestHandler]

    def __enter__(self) -> Self:
        bound: Any = type("Bound", (self.handler,), {"fake": self})
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), bound)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self.http.shutdown()
        self.http.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http.server_port}"
