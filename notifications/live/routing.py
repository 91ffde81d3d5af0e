"""The addresses of sockets: /ws/live/, and no other."""

from __future__ import annotations

from typing import Any

from channels.routing import URLRouter
from django.urls import path, re_path

from notifications.live.consumer import LiveConsumer
from notifications.live.middleware import OriginMiddleware, SignInMiddleware, TokenMiddleware, refuse

live: Any = OriginMiddleware(SignInMiddleware(LiveConsumer.as_asgi()))
websocket_urlpatterns = [path("ws/live/", live), re_path("", refuse)]  # type: ignore[arg-type]  # Channels' way
application = TokenMiddleware(URLRouter(websocket_urlpatterns))
