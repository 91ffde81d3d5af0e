"""How long a request may be and how long it may take to arrive: checked as it arrives, before any is stored.

Django reads a body to its end before it looks who sends it, and moves a long one to a file. Here a request that is too
long or too slow ends early; Django then gets an empty body and, in the scope, the refusal that RefusalMiddleware
answers with. A view which takes more than MAX_BODY says so: `view.max_body = bytes`; one that takes files, by
takes_files().
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

from django.conf import settings
from django.urls import Resolver404, resolve

from resolutionflow.core.refusals import Refusal, TooCrowded, TooLarge, TooSlow

SECONDS = 60  # from a request's headers to the end of its body; longer in proportion for what may be longer
ALL_BODIES = 64 * 1024 * 1024  # of all requests being read or answered; then only small ones come in
SMALL = 64 * 1024
LINGER_SECONDS, LINGER_BYTES = 2, 8 * 1024 * 1024  # read on so far after a refusal: a reset would eat our answer
REFUSAL = "resolutionflow.refusal"

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


V = TypeVar("V", bound=Callable[..., Any])


def takes_files(view: V) -> V:
    """Mark a view that takes a file of MAX_FILE in a form, beside what any other may take."""
    view.max_form = settings.MAX_FILE + settings.MAX_BODY  # type: ignore[attr-defined]
    return view


class BodyLimit:
    """Wraps an ASGI application that reads whole bodies."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.held = 0  # bytes of all bodies in memory

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        exchange = Exchange(self, scope, receive, send)
        try:
            await self.app(scope, exchange.receive, exchange.send)
        finally:
            self.held -= exchange.size
        await exchange.end()


class Exchange:
    """One request and its answer."""

    def __init__(self, limit: BodyLimit, scope: Message, receive: Receive, send: Send) -> None:
        self.limit, self.scope = limit, scope
        self._receive, self._send = receive, send
        self.size = 0  # of the body in memory: of a longer one Django moves all to a file
        self._came = 0
        self._is_read = self._is_refused = False
        length = _length(scope)
        if length > settings.MAX_BODY and length > _limit_of(scope):
            self._refuse(TooLarge())
        self._until = asyncio.get_running_loop().time() + SECONDS * max(1, length / settings.MAX_BODY)

    async def receive(self) -> Message:
        if self._is_refused and self._is_read:
            await asyncio.Future()  # whether the client leaves: not asked any more, that would read on
        if self._is_refused:
            return self._end()
        if self._is_read:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            self._refuse(TooSlow())
            return self._end()
        return self._counted(message)

    def _counted(self, message: Message) -> Message:
        self._came += len(message.get("body", b""))
        in_memory = min(self._came, settings.MAX_BODY)
        self.limit.held += in_memory - self.size
        self.size = in_memory
        if self._came > settings.MAX_BODY and self._came > _limit_of(self.scope):
            self._refuse(TooLarge())
        elif self.limit.held > ALL_BODIES and self.size > SMALL:
            self._refuse(TooCrowded())
        if self._is_refused:
            return self._end()
        self._is_read = not message.get("more_body", False)
        return message

    def _refuse(self, refusal: Refusal) -> None:
        self._is_refused = True
        self.scope[REFUSAL] = refusal

    def _end(self) -> Message:
        self._is_read = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message: Mapping[str, Any]) -> None:
        """Passes the answer on. After a refusal the connection ends, but only once its answer had time to be read: see
        end()."""
        if self._is_refused and message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
        elif self._is_refused:
            message = {**message, "more_body": True}
        await self._send(message)

    async def end(self) -> None:
        """After a refusal: let the client send a little more and read our answer, then close."""
        if not self._is_refused:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER_SECONDS):
                await self._pass_over()
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _pass_over(self) -> None:
        left = LINGER_BYTES
        while left > 0:
            message = await self._receive()
            if not message.get("more_body"):
                return
            left -= len(message["body"])


def _length(scope: Message) -> int:
    """The Content-Length; 0 when there is none or it is no number."""
    said = _header(scope, b"content-length")
    return int(said) if said.isdigit() else 0


def _header(scope: Message, wanted: bytes) -> bytes:
    return next((bytes(value) for name, value in scope["headers"] if name == wanted), b"")


def _limit_of(scope: Message) -> int:
    """The most bytes this address takes; looked up only for the few requests longer than MAX_BODY."""
    try:
        view = resolve(scope["path"]).func
    except Resolver404:
        return settings.MAX_BODY
    has_files = _header(scope, b"content-type").lower().startswith(b"multipart/form-data")
    return int(getattr(view, "max_form" if has_files else "max_body", settings.MAX_BODY))
