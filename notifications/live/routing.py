"""The address of the socket: /ws/live/."""

from __future__ import annotations

from typing import Any

from channels.routing import URLRouter
from django.urls import path, re_path

from notifications.live.consumer import LiveConsumer
from notifications.live.middleware import SocketOriginMiddleware, SocketSignInMiddleware, SocketTokenMiddleware, refuse

live: Any = SocketOriginMiddleware(SocketSignInMiddleware(LiveConsumer.as_asgi()))
websocket_urlpatterns = [path("ws/live/", live), re_path("", refuse)]  # type: ignore[arg-type]  # Channels' way
application = SocketTokenMiddleware(URLRouter(websocket_urlpatterns))
