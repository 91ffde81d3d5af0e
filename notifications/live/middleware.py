"""Channels middleware of the socket: its token, the origin of its page, and who is signed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import parse_cookie
from django.http.request import split_domain_port, validate_host

from notifications.live.frames import NOT_ALLOWED, in_thread
from notifications.live.rights import user_by_session, user_by_token

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class SocketTokenMiddleware:
    """Puts the API token and the page's name into scope["token"] and scope["tab"], and takes them out of the address,
    which servers write to their logs. It must be the outermost: the others work on copies of the scope."""

    def __init__(self, inner: Application) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["token"], scope["tab"] = _take_query(scope)
        await self.inner(scope, receive, send)


class SocketOriginMiddleware:
    """Refuses the handshake of another site's page. A client with a token is no browser, and may have any origin."""

    def __init__(self, inner: Application) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["token"] or _is_our_origin(scope):
            await self.inner(scope, receive, send)
        else:
            await refuse(scope, receive, send)


class SocketSignInMiddleware:
    """Puts who is signed in into scope["socket_user"]: a SocketUser, or the code to close with."""

    def __init__(self, inner: Application) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = scope["token"]
        found = in_thread(user_by_token)(token) if token else in_thread(user_by_session)(_session_key(scope))
        scope["socket_user"] = await found
        await self.inner(scope, receive, send)


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer the handshake with 403."""
    await receive()  # websocket.connect
    await send({"type": "websocket.close", "code": NOT_ALLOWED})


def _session_key(scope: Scope) -> str:
    try:
        return parse_cookie(_header(scope, b"cookie")).get(settings.SESSION_COOKIE_NAME, "")
    except CookieError:
        return ""


def _take_query(scope: Scope) -> tuple[str, str]:
    """The API token and the name of the page, taken out of the scope's address."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    scope["query_string"] = b""
    scheme, _, key = _header(scope, b"authorization").partition(" ")
    token = key.strip() if scheme.lower() in ("bearer", "token") else query.get("token", [""])[0]
    return token, query.get("tab", [""])[0][:40]


def _header(scope: Scope, name: bytes) -> str:
    """The value of a header; "" where it is missing or came twice."""
    found = [value for key, value in scope["headers"] if key == name]
    return found[0].decode("latin-1") if len(found) == 1 else ""


def _is_our_origin(scope: Scope) -> bool:
    """Whether Origin is exactly our scheme, host and port. A missing or `null` one is not a browser on our page."""
    origin = _header(scope, b"origin").lower()
    ours = {_origin_of(address) for address in (settings.SITE_URL, *settings.CSRF_TRUSTED_ORIGINS)}
    return bool(origin) and origin in ours | {_own_origin(scope)}


def _own_origin(scope: Scope) -> str | None:
    """The origin of the address this request was sent to; None where we do not answer to it."""
    host = _header(scope, b"host").lower()
    domain, _port = split_domain_port(host)
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        return None
    return f"{'https' if scope.get('scheme') == 'wss' else 'http'}://{host}"


def _origin_of(address: str) -> str:
    parts = urlsplit(address.lower())
    return f"{parts.scheme}://{parts.netloc}"
