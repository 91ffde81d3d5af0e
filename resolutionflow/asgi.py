"""What a server runs: pages and API through Django, the live socket through its own door."""

from __future__ import annotations

import os
from typing import Any

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "resolutionflow.settings")
django.setup(set_prefix=False)  # first: it loads the apps the imports below need


class Pages(ASGIHandler):
    """Every page, middleware and all, in one hop to one thread.

    Ours are plain functions, and the database is asked from a thread in any case. Django's own way
    runs each middleware on the loop and hops to a thread and back for every one of them.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)


from channels.routing import ProtocolTypeRouter  # noqa: E402
from django.conf import settings  # noqa: E402
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware  # noqa: E402

from notifications.consumers import sockets  # noqa: E402
from resolutionflow import urls  # noqa: E402, F401  loaded before the first request or card has to wait for it
from resolutionflow.body_limit import BodyLimit  # noqa: E402

application: Any = ProtocolTypeRouter({"http": BodyLimit(Pages()), "websocket": sockets})
if settings.TRUSTED_PROXIES:  # only they may say who the client is and that it came by https
    application = ProxyHeadersMiddleware(application, trusted_hosts=settings.TRUSTED_PROXIES)
