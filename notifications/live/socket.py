"""One open socket: who is at it, and the queue of its unsent frames."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from notifications.live.frames import Message

log = logging.getLogger(__name__)

QUEUE_LIMIT = 1000  # frames a socket may leave unread
GRACE = 5.0  # seconds a closing socket gets to take its close frame


@dataclass(frozen=True)
class SocketUser:
    """What a socket's rights depend on; checked again at every beat."""

    user_id: int
    account_id: int
    role: str
    name: str = ""
    session_key: str = ""
    session_hash: str = ""
    token_id: int | None = None


class Socket:
    """One open page, or a script. Frames for it wait in a short queue, so that it delays nobody else."""

    def __init__(self, user: SocketUser, send: Callable[[Message], Awaitable[None]], *, tab: str = "") -> None:
        self.user = user
        self.tab = tab  # a page's own name for itself, the same when it comes back
        self.watch = ""  # which fragments and people are wanted: "queue", "people" or "session:7"
        self._send = send
        self._waiting: deque[Message] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._sent, self._sent_at_beat = 0, -1  # whoever joins just before a beat has had no time to be stuck
        self._abort_timer: asyncio.TimerHandle | None = None

    def push(self, *messages: Message) -> bool:
        """Queue frames. False where the socket has left too many unread."""
        if len(self._waiting) >= QUEUE_LIMIT:
            return False
        self._waiting.extend(messages)
        if self._writer is None:
            self._writer = asyncio.get_running_loop().create_task(self._write())
        return True

    def is_stuck(self) -> bool:
        """Whether frames wait and none has been sent since the last call, one beat ago."""
        stuck = bool(self._waiting) and self._sent == self._sent_at_beat
        self._sent_at_beat = self._sent
        return stuck

    def close(self, code: int) -> None:
        """Close at once; frames that still wait are dropped."""
        self._waiting.clear()
        self.push({"type": "websocket.close", "code": code})
        if self._abort_timer is None:
            self._abort_timer = asyncio.get_running_loop().call_later(GRACE, self.abort)

    def abort(self) -> None:
        """Cut the connection of a client that reads nothing: a close frame would wait behind the others for ever.

        ASGI has no message for this, so it uses uvicorn's transport, where there is one.
        """
        transport = getattr(getattr(self._send, "__self__", None), "transport", None)
        if transport is not None:
            transport.abort()
        self.gone()

    def gone(self) -> None:
        """Called when the connection is over."""
        self._waiting.clear()
        if self._writer is not None:
            self._writer.cancel()
        if self._abort_timer is not None:
            self._abort_timer.cancel()

    async def _write(self) -> None:
        try:
            while self._waiting:
                await self._send(self._waiting.popleft())
                self._sent += 1
        except Exception as error:  # the server's own class for a peer that left; receive() ends the socket
            log.debug("socket of user %s: %s", self.user.user_id, error)
            self._waiting.clear()
        finally:
            self._writer = None
