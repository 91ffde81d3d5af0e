"""The ASGI application: pages and API through Django, the live socket through Channels."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template import loader

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "resolutionflow.settings")
django.setup(set_prefix=False)  # first: it loads the apps the imports below need


SIGN_IN = ("/login/", "/password/", "/admin/login/")  # where strangers make us hash passwords
SIGN_IN_THREADS, SIGN_IN_LINE = 4, 60


def _line_is_full(request: HttpRequest) -> HttpResponse:
    """429, before any middleware and as cheap as possible; it sets the headers that middleware would have set."""
    headers = {
        "Retry-After": "5",
        "Cache-Control": "no-store, private",
        "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Request-ID": request.headers["X-Request-ID"],
    }
    return HttpResponse(loader.render_to_string("429.html", {"typed": []}), status=429, headers=headers)


class Pages(ASGIHandler):
    """Django's handler, with all middleware run in one thread per request.

    Ours is plain, synchronous code. Django's own handler would run each middleware on the event loop and move to a
    thread and back for every one of them.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "POST" and request.path.startswith(SIGN_IN):
            return await self._in_line(request)
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)

    # Anybody may press "Sign in", and each time costs: such requests wait for a few threads of their own, and those
    # that wait have no thread, no memory and no database connection yet. All others go past them.

    _threads = ThreadPoolExecutor(SIGN_IN_THREADS, thread_name_prefix="sign-in")
    line = 0

    async def _in_line(self, request: HttpRequest) -> HttpResponseBase:
        if self.line >= SIGN_IN_LINE:
            return _line_is_full(request)
        self.line += 1
        try:
            return await sync_to_async(
                self._answer_and_close_connections, thread_sensitive=False, executor=self._threads
            )(request)
        finally:
            self.line -= 1

    def _answer_and_close_connections(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then close this thread's connections: Django closes those of the thread it started the request in."""
        try:
            return self.get_response(request)
        finally:
            connections.close_all()


from channels.routing import ProtocolTypeRouter  # noqa: E402
from django.conf import settings  # noqa: E402
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware  # noqa: E402

from notifications.live.routing import application as sockets  # noqa: E402
from resolutionflow import urls  # noqa: E402, F401  loaded before the first request or card has to wait for it
from resolutionflow.ops.body_limit import BodyLimit  # noqa: E402
from resolutionflow.ops.request_names import NamedRequests  # noqa: E402

pages = Pages()
application: Any = ProtocolTypeRouter({"http": NamedRequests(BodyLimit(pages)), "websocket": sockets})
if settings.TRUSTED_PROXIES:  # only they may say who the client is and that it came by https
    application = ProxyHeadersMiddleware(application, trusted_hosts=settings.TRUSTED_PROXIES)
