"""What a server runs: pages and API through Django, the live socket through its own door."""

from __future__ import annotations

import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "resolutionflow.settings")
pages = get_asgi_application()  # first: it loads the apps the imports below need

from channels.routing import ProtocolTypeRouter  # noqa: E402
from django.conf import settings  # noqa: E402
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware  # noqa: E402

from notifications.consumers import sockets  # noqa: E402
from resolutionflow import urls  # noqa: E402, F401  loaded before the first request or card has to wait for it

application: Any = ProtocolTypeRouter({"http": pages, "websocket": sockets})
if settings.TRUSTED_PROXIES:  # only they may say who the client is and that it came by https
    application = ProxyHeadersMiddleware(application, trusted_hosts=settings.TRUSTED_PROXIES)
