"""What is read once while a request is answered, however many rows of its page ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

A = TypeVar("A")

_kept: ContextVar[dict[str, Any] | None] = ContextVar("kept", default=None)


def once(key: str, read: Callable[[], A]) -> A:
    """What `read` returned when this `key` was asked for first. Outside of asking_once() it is read each time."""
    kept = _kept.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    answer: A = kept[key]
    return answer


@contextmanager
def asking_once() -> Iterator[None]:
    """What is asked for by once() inside is forgotten at the end: it may have changed by the next time."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


class OnceMiddleware:
    """For a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with asking_once():
            return self.get_response(request)
