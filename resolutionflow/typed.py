"""What somebody typed is not lost: the browser keeps drafts (static/drafts.js) and is told which one was accepted."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

SEEN = 300  # seconds in which the page that follows a form is loaded


class TypedMiddleware:
    """The innermost: its process_view is reached only by what no other middleware has refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and getattr(request, "reached_its_view", False) and response.status_code < 400:
            _accept(request, response)
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        request.reached_its_view = True  # type: ignore[attr-defined]


def _accept(request: HttpRequest, response: HttpResponse) -> None:
    """A cookie of the draft's own, taken away by the script that reads it: two answers at once cannot mix."""
    draft = request.POST.get("draft", "")
    if re.fullmatch(r"[a-z0-9]{8,24}", draft):
        response.set_cookie(f"sent-{draft}", "1", max_age=SEEN, secure=settings.HTTPS, samesite="Lax")
