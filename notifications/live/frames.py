"""What goes out on a socket: frames of JSON, and the codes a socket is closed with."""

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
    """Database work off the loop, and not on the one thread all of Channels would share."""
    awaitable: Callable[..., Awaitable[Any]] = database_sync_to_async(call, thread_sensitive=False)
    return awaitable
