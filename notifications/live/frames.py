"""Frames of JSON that are sent on a socket, and the codes with which one is closed."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from channels.db import database_sync_to_async

NOT_SIGNED_IN, NOT_ALLOWED, TRY_AGAIN = 4401, 4403, 1013

Message = dict[str, Any]  # an ASGI message; one dict is shared by every socket it goes to


def frame(**content: Any) -> Message:
    return {"type": "websocket.send", "text": json.dumps(content, separators=(",", ":"))}


def in_thread(call: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """Run a function that uses the database in a thread, and not in the one thread that all of Channels shares."""
    awaitable: Callable[..., Awaitable[Any]] = database_sync_to_async(call, thread_sensitive=False)
    return awaitable
