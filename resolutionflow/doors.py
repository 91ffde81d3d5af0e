"""By which door somebody came in: what Event.door says without every verb passing it on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

DOORS = ("web", "api", "slack", "teams", "email", "command", "system")

_door: ContextVar[str] = ContextVar("door", default="system")


def current() -> str:
    """One of DOORS."""
    return _door.get()


def in_request() -> bool:
    """Whether somebody waits for an answer: whoever comes neither by a command nor by time."""
    return _door.get() not in ("command", "system")


@contextmanager
def by(door: str) -> Iterator[None]:
    """Everything recorded inside came by `door`."""
    token = _door.set(door)
    try:
        yield
    finally:
        _door.reset(token)


class DoorMiddleware:
    """Requests come by `web`, those under /api/ by `api`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with by("api" if request.path.startswith("/api/") else "web"):
            return self.get_response(request)
