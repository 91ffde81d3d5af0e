"""Where a change came from (web, api, command, system): Event.origin is set from here, so that verbs need not pass it
on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

ORIGINS = ("web", "api", "slack", "teams", "email", "command", "system")

_origin: ContextVar[str] = ContextVar("origin", default="system")


def current() -> str:
    """One of ORIGINS."""
    return _origin.get()


def in_request() -> bool:
    """Whether a request is being answered: the origin is neither a command nor the system."""
    return _origin.get() not in ("command", "system")


@contextmanager
def coming_from(origin: str) -> Iterator[None]:
    """Everything recorded inside has this origin, one of ORIGINS."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)


class OriginMiddleware:
    """Sets the origin of a request: `api` under /api/, else `web`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with coming_from("api" if request.path.startswith("/api/") else "web"):
            return self.get_response(request)
