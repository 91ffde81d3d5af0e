"""Gives every request its id before anything looks at it: what is written outside of Django has it, too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from resolutionflow.ops.logs import fit_request_id

HEADER = b"x-request-id"


class NamedRequests:
    """Wraps an ASGI application. The X-Request-ID that it gets is fit for a log, and one of ours where none came.

    It stays bound until the server is done with the request: an answer may break while it is streamed, long after the
    middleware, and the server writes that down. Each request is a task of its own, with a context of its own.
    """

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        given = b",".join(value for name, value in scope["headers"] if name == HEADER)
        request_id = fit_request_id(given.decode("latin-1"))
        others = [pair for pair in scope["headers"] if pair[0] != HEADER]
        structlog.contextvars.bind_contextvars(request_id=request_id)
        await self.app({**scope, "headers": [*others, (HEADER, request_id.encode())]}, receive, send)
