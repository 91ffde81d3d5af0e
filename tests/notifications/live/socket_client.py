"""Socket clients for the tests of push: opening one as a person or a script, hearing, saying, seeing it close."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import websockets
from channels.db import database_sync_to_async
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from websockets.asyncio.client import ClientConnection, connect

from resolutionflow.accounts.models import Account, Event, User
from tests.live_site import PATIENCE, Site


class SocketEndpoint:
    """Opens sockets on the running site, as people and scripts do."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def open(self, user: User | None = None, *, token: str = "", **options: Any) -> connect:
        """A socket, by a fresh sign-in of `user` or by token."""
        headers = {"Cookie": f"session={signed_in(user)}"} if user else {}
        headers.update(options.pop("additional_headers", {}))
        options.setdefault("origin", None if token else self.site.url)
        address = self.site.ws + (f"?token={token}" if token else "")
        return connect(address, additional_headers=headers, proxy=None, **options)


def signed_in(user: User) -> str:
    store = SessionStore()
    store[SESSION_KEY], store[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store.create()
    assert store.session_key
    return store.session_key


def record(account: Account, by: User, *, times: int = 1, relayed: bool = False) -> None:
    for _ in range(times):
        with transaction.atomic():
            Event.record(account.pk, "session.changed", actor=by, relayed=relayed)


def in_thread(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return database_sync_to_async(call, thread_sensitive=False)(*args, **kwargs)


async def hear(socket: ClientConnection, kind: str | None = None, within: float = PATIENCE) -> dict[str, Any]:
    """The next frame (of this type)."""
    async with asyncio.timeout(within):
        while True:
            message: dict[str, Any] = json.loads(await socket.recv())
            if kind is None or message["type"] == kind:
                return message


async def watching(socket: ClientConnection, **what: Any) -> dict[str, Any]:
    """Watch this page; the answer, which says who is there, comes once it is watched."""
    await say(socket, type="watch", **what)
    return await hear(socket, "presence")


async def say(socket: ClientConnection, **message: Any) -> None:
    await socket.send(json.dumps(message))


async def closed_with(socket: ClientConnection, within: float = PATIENCE) -> int:
    with suppress(websockets.ConnectionClosed):
        async with asyncio.timeout(within):
            while True:
                await socket.recv()
    return socket.close_code or 0
