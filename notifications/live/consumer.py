"""The socket's Channels consumer: reads what a client sends. What a client receives is written by the hub, directly."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import Any

from channels.consumer import get_handler_name
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

from notifications.live.frames import TRY_AGAIN, Message, frame
from notifications.live.hub import Hub, get_hub
from notifications.live.socket import Socket

FRAME_LIMIT = 4096  # characters in one frame of a client
FRAMES_AT_ONCE, FRAMES_PER_SECOND = 20, 5
TOO_FAST = 1008


class LiveConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    """One socket from its first frame to its last, for the user found by SocketSignInMiddleware."""

    socket: Socket | None = None
    hub: Hub

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Runs without Channels' own loop, which also waits for a channel layer: the hub listens to other processes
        once for all sockets, and one more task for each socket would take memory."""
        self.scope, self.base_send = scope, send
        try:
            with suppress(StopConsumer):
                while True:
                    await self.dispatch(await receive())
        finally:
            if self.socket is not None:
                self.hub.leave(self.socket)
                self.socket.gone()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Does not close old database connections, as Channels does at every frame by way of a thread: in_thread() does
        that."""
        await getattr(self, get_handler_name(message))(message)

    async def connect(self) -> None:
        """Accepts, then closes with a code where somebody is not signed in: a browser learns no reason from a refused
        handshake."""
        user = self.scope["socket_user"]
        await self.accept()
        if isinstance(user, int):
            await self.close(user)
            return
        self.pace = Pace()
        self.hub = get_hub()
        self.socket = Socket(user, self.base_send, tab=self.scope["tab"])
        if not await self.hub.join(self.socket):
            self.socket.close(TRY_AGAIN)  # a tab too many: it polls until another is closed

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.socket is None:
            return
        if not self.pace.allows():
            self.hub.close(self.socket, TOO_FAST)
        elif answer := await answer_to(self.socket, text_data):
            self.socket.push(answer)

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        raise StopConsumer


TAKES = {
    "resume": "resume takes `after`: the newest number you have.",
    "watch": "watch takes `session`, an id, or `page`, which is queue or people; or neither, to watch nothing.",
    "presence": "presence takes `session`, an id, and `typing`, true or false; or `session` null.",
}


async def answer_to(socket: Socket, text: str | None) -> Message | None:
    """Do what a frame asks: `resume`, `watch` or `presence`. Returns an error frame for one that cannot be read, else
    None."""
    if text is not None and len(text) > FRAME_LIMIT:
        return _error("too_large", f"A frame has at most {FRAME_LIMIT} characters.")
    match sent := _parsed(text):
        case {"type": "resume", "after": int(after)} if after is not True and after is not False:
            await get_hub().resume(socket, after)
        case {"type": "watch", "session": int(pk)} if _is_id(pk):
            get_hub().watch(socket, f"session:{pk}")
        case {"type": "watch", "page": "queue" | "people" as page}:
            get_hub().watch(socket, page)
        case {"type": "watch"} if not {"session", "page"} & sent.keys():
            get_hub().watch(socket, "")
        case {"type": "presence", "session": None}:
            get_hub().presence.leave(socket)
        case {"type": "presence", "session": int(pk), "typing": bool(typing)} if _is_id(pk):
            await get_hub().set_place(socket, pk, typing=typing)
        case {"type": str(kind)} if kind in TAKES:
            return _error("invalid", TAKES[kind])
        case dict():
            return _error("invalid", f"The `type` of a frame is one of {', '.join(TAKES)}.")
        case _:
            return _error("invalid", 'A frame is a JSON object, as text: {"type": "resume", "after": 7}.')
    return None


def _parsed(text: str | None) -> Any:
    try:
        return json.loads(text or "")
    except (ValueError, RecursionError):
        return None


def _error(code: str, detail: str) -> Message:
    return frame(type="error", code=code, detail=detail)


def _is_id(pk: int) -> bool:
    return pk is not True and 0 < pk < 2**63  # to Python, true is a number too


class Pace:
    """Limits the frames of a client: a bucket that refills with time."""

    def __init__(self) -> None:
        self._left, self._at = float(FRAMES_AT_ONCE), time.monotonic()

    def allows(self) -> bool:
        now = time.monotonic()
        self._left = min(FRAMES_AT_ONCE, self._left + (now - self._at) * FRAMES_PER_SECOND)
        self._at = now
        self._left -= 1
        return self._left >= 0
