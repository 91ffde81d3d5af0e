"""Every address of the API, from its URL list, and how a test fills and calls one."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern

from resolutionflow.api import urls

METHODS = ("get", "post", "patch")
PARTS = ("step_pk", "branch_pk", "message_pk")  # of a session


def addresses() -> Iterator[tuple[str, str]]:
    for pattern in urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        route, view = str(pattern.pattern), getattr(pattern.callback, "cls", None)
        if route.startswith("v1/"):
            yield from ((method, route) for method in METHODS if hasattr(view, method))


EVERY = sorted(addresses())
WRITES = [(method, route) for method, route in EVERY if method != "get"]


def filled(route: str, ids: dict[str, int]) -> str:
    path = route.removeprefix("v1/")
    for name in PARTS:
        path = path.replace(f"<int:{name}>", str(ids[name]))
    return path.replace("<int:pk>", str(ids.get(path.split("/")[0], 0)))


def call(client, method: str, path: str, **body):
    return client.get(path) if method == "get" else client.send(method.upper(), path, body)


def templated(route: str) -> str:
    for name in PARTS:
        route = route.replace(f"<int:{name}>", f"{{{name}}}")
    return "/api/" + route.replace("<int:pk>", "{id}")


def body_of(route: str) -> dict[str, object]:
    """A body each address takes."""
    return {
        "steps": {"text": "Tried it"}, "messages": {"content": "Hello"}, "branches": {"label": "Perhaps"},
        "resolve": {"resolution": "Fixed"}, "abandon": {"reason": "x"}, "reopen": {"reason": "x"},
        "park": {"wake": "none"}, "escalate": {"notes": "x"}, "return": {"reason": "x"}, "take-over": {"reason": "x"},
        "transfer": {"to": 1}, "note": {"body": "x"}, "ask": {"text": "x"}, "sessions": {"problem_summary": "x"},
    }.get(route.rstrip("/").split("/")[-1], {})  # fmt: skip
