"""Times are typed and shown in the person's own zone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone


class TimeZoneMiddleware:
    """Activates the person's time zone for pages.

    Reads the account before anything that the page shows. Its event number (`data-seq`) may therefore be older than the
    page, never newer, and live.js misses no event.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        if not user.is_authenticated or user.account is None:
            return self.get_response(request)
        with timezone.override(user.zone):
            return self.get_response(request)
