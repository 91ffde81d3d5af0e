"""The socket's endpoint, /ws/live/: who may come in, and what a client may say. The rest is the hub's.

Plain ASGI, without a Channels consumer behind it: measured three times as fast, and there is no
thread hop per frame. A refused Origin is refused at the handshake; whoever is not signed in gets
an accepted socket that closes with 4401, because a browser sees no reason in a failed handshake.
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, get_user
from django.http import HttpRequest, parse_cookie
from django.http.request import split_domain_port, validate_host

from notifications.live.hub import NOT_ALLOWED, NOT_SIGNED_IN, TRY_AGAIN, Message, Socket, Who, frame, hub, in_thread
from resolutionflow.accounts.models import ApiToken, User

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

PATH = "/ws/live/"
FRAME_LIMIT = 4096  # characters in one frame of a client
FRAMES_AT_ONCE, FRAMES_PER_SECOND = 20, 5
TOO_FAST = 1008


async def sockets(scope: Scope, receive: Receive, send: Send) -> None:
    """Every websocket of the site: this one address, all others are refused."""
    token, tab = _take_query(scope)
    await receive()  # websocket.connect
    if scope["path"] != PATH or not (token or _is_our_origin(scope)):
        return await send({"type": "websocket.close", "code": NOT_ALLOWED})
    who = await in_thread(_who_has_token)(token) if token else await in_thread(_who_has_session)(_session_key(scope))
    await send({"type": "websocket.accept"})
    if isinstance(who, int):
        return await send({"type": "websocket.close", "code": who})
    await _live(Socket(who, send, tab=tab), receive)
    return None


async def _live(socket: Socket, receive: Receive) -> None:
    """One socket from its first frame to its last."""
    mine = hub()
    try:
        if not await mine.join(socket):
            socket.close(TRY_AGAIN)  # a tab too many: it polls until another is closed
        pace = Pace()
        while (message := await receive())["type"] == "websocket.receive":
            if not pace.allows():
                mine.close(socket, TOO_FAST)
            elif wrong := await _hear(socket, message.get("text")):
                socket.push(wrong)
    finally:
        mine.leave(socket)
        socket.gone()


TAKES = {
    "resume": "resume takes `after`: the newest number you have.",
    "watch": "watch takes `session`, an id, or `page`, which is queue or people; or neither, to watch nothing.",
    "presence": "presence takes `session`, an id, and `typing`, true or false; or `session` null.",
}


async def _hear(socket: Socket, text: str | None) -> Message | None:
    """Do what a frame says: `resume`, `watch` or `presence`. Returns the answer to one that cannot be read."""
    if text is not None and len(text) > FRAME_LIMIT:
        return _error("too_large", f"A frame has at most {FRAME_LIMIT} characters.")
    match said := _parsed(text):
        case {"type": "resume", "after": int(after)} if after is not True and after is not False:
            await hub().resume(socket, after)
        case {"type": "watch", "session": int(pk)} if _is_id(pk):
            hub().watch(socket, f"session:{pk}")
        case {"type": "watch", "page": "queue" | "people" as page}:
            hub().watch(socket, page)
        case {"type": "watch"} if not {"session", "page"} & said.keys():
            hub().watch(socket, "")
        case {"type": "presence", "session": None}:
            hub().presence.leave(socket)
        case {"type": "presence", "session": int(pk), "typing": bool(typing)} if _is_id(pk):
            await hub().be_at(socket, pk, typing=typing)
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
    """A bucket of frames, refilled with time."""

    def __init__(self) -> None:
        self._left, self._at = float(FRAMES_AT_ONCE), time.monotonic()

    def allows(self) -> bool:
        now = time.monotonic()
        self._left = min(FRAMES_AT_ONCE, self._left + (now - self._at) * FRAMES_PER_SECOND)
        self._at = now
        self._left -= 1
        return self._left >= 0


# --- who ---------------------------------------------------------------------------------------


def _who_has_token(key: str) -> Who | int:
    token = ApiToken.find(key)
    if token is None:
        return NOT_SIGNED_IN
    return Who(token.user.pk, token.account_id, token.user.role, token.user.name, token_id=token.pk)


def _who_has_session(key: str) -> Who | int:
    if not key:
        return NOT_SIGNED_IN
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    if not isinstance(user, User) or not user.is_active:
        return NOT_SIGNED_IN
    if user.account_id is None:
        return NOT_ALLOWED  # the platform's superuser: the Django admin only
    session_hash = request.session[HASH_SESSION_KEY]
    return Who(user.pk, user.account_id, user.role, user.name, session_key=key, session_hash=session_hash)


def _session_key(scope: Scope) -> str:
    try:
        return parse_cookie(_header(scope, b"cookie")).get(settings.SESSION_COOKIE_NAME, "")
    except CookieError:
        return ""


def _take_query(scope: Scope) -> tuple[str, str]:
    """The API token, and which page it is. Taken out of the address, which servers write to their logs."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    scope["query_string"] = b""
    scheme, _, key = _header(scope, b"authorization").partition(" ")
    token = key.strip() if scheme.lower() in ("bearer", "token") else query.get("token", [""])[0]
    return token, query.get("tab", [""])[0][:40]


def _header(scope: Scope, name: bytes) -> str:
    """A header that came once; a doubled one is nobody's."""
    found = [value for key, value in scope["headers"] if key == name]
    return found[0].decode("latin-1") if len(found) == 1 else ""


# --- where from --------------------------------------------------------------------------------


def _is_our_origin(scope: Scope) -> bool:
    """Scheme, host and port of ours, exactly. A missing or `null` Origin is not a browser on our page."""
    origin = _header(scope, b"origin").lower()
    ours = {_origin_of(address) for address in (settings.SITE_URL, *settings.CSRF_TRUSTED_ORIGINS)}
    return bool(origin) and origin in ours | {_own_origin(scope)}


def _own_origin(scope: Scope) -> str | None:
    """The address this request was sent to, where that is one we answer to."""
    host = _header(scope, b"host").lower()
    domain, _port = split_domain_port(host)
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        return None
    return f"{'https' if scope.get('scheme') == 'wss' else 'http'}://{host}"


def _origin_of(address: str) -> str:
    parts = urlsplit(address.lower())
    return f"{parts.scheme}://{parts.netloc}"
