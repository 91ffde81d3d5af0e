"""uvicorn's HTTP/1.1 with limits on a request's head, which uvicorn waits for without end and stores at any length.

The limits of a body are in body_limit.py.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 20  # from the first byte, or from the connection, to the end of the headers
HEAD_BYTES = 64 * 1024  # of a head; and of what comes between the bytes of a body: chunk sizes, trailers
FRAMING = 8  # bytes one byte of a body may cost: a chunk of its own
# Seconds a connection may idle between requests, longer than proxies and clients keep one (nginx 60, Go 90, Caddy 120).
# Where we close first, a request that is on its way is reset; a proxy says 502, and sends a claim no second time.
IDLE_SECONDS = 130


class HttpProtocol(HttpToolsProtocol):
    """One connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._taken = 0  # bytes of the message that comes, but for its body
        self._head_timer: asyncio.TimerHandle | None = None
        super().connection_made(transport)
        self.timeout_keep_alive = IDLE_SECONDS
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        if self._head_timer is None and self._is_idle():
            self._expect_head()
        self._taken += len(data)
        super().data_received(data)
        if not self._is_idle():
            self._head_came()
        if self._taken > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The headers are too long.")

    def on_message_begin(self) -> None:
        self._taken = 0
        super().on_message_begin()

    def on_body(self, body: bytes) -> None:
        self._taken -= len(body) * (1 + FRAMING)
        super().on_body(body)

    def handle_websocket_upgrade(self) -> None:
        self._head_came()
        super().handle_websocket_upgrade()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_came()
        super().connection_lost(exc)

    def _is_idle(self) -> bool:
        """Whether no request is being answered, so that what arrives is the head of the next one."""
        return self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr]  # None at first

    def _expect_head(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _head_came(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
