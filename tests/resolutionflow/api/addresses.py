"""Every address of the API, from its URL list, and how a test fills and calls one."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern

from resolutionflow.api import urls

METHODS = ("get", "post", "patch", "delete")
PARTS = ("step_pk", "branch_pk", "message_pk", "file_pk")  # of a session


def addresses() -> Iterator[tuple[str, str]]:
    for pattern in urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        route, view = str(pattern.pattern), getattr(pattern.callback, "cls", None)
        if route.startswith("v1/"):
            yield from ((method, route) for method in METHODS if hasattr(view, method))


EVERY = sorted(addresses())
WRITES = [(method, route) for method, route in EVERY if method != "get"]
IN_JSON = [(method, route) for method, route in WRITES if not route.endswith("/files/")]


def filled(route: str, ids: dict[str, int]) -> str:
    path = route.removeprefix("v1/")
    for name in PARTS:
        path = path.replace(f"<int:{name}>", str(ids[name]))
    path = path.replace("<str:number>", "4711")
    return path.replace("<int:pk>", str(ids.get(path.split("/")[0], 0)))


def call(client, method: str, path: str, **body):
    if is_form(method, path):
        return Client.post(client, path, {name: value() if callable(value) else value for name, value in body.items()})
    return client.get(path) if method == "get" else client.send(method.upper(), path, body)


def is_form(method: str, path: str) -> bool:
    """Whether it takes a form with a file in it, and no JSON."""
    return method == "post" and path.rstrip("/").endswith("files")


def a_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("cbs.log", b"failed: 0x80070005")


def templated(route: str) -> str:
    for name in PARTS:
        route = route.replace(f"<int:{name}>", f"{{{name}}}")
    return "/api/" + route.replace("<int:pk>", "{id}").replace("<str:number>", "{number}")


def body_of(route: str) -> dict[str, object]:
    """A body each address takes."""
    return {
        "steps": {"text": "Tried it"}, "messages": {"content": "Hello"}, "branches": {"label": "Perhaps"},
        "resolve": {"resolution": "Fixed"}, "abandon": {"reason": "x"}, "reopen": {"reason": "x"},
        "park": {"wake": "none"}, "escalate": {"notes": "x"}, "return": {"reason": "x"}, "take-over": {"reason": "x"},
        "transfer": {"to": 1}, "note": {"body": "x"}, "ask": {"text": "x"}, "hold": {"reason": "x"},
        "sessions": {"problem_summary": "x"},
        "time": {"minutes": 5, "text": "x"}, "files": {"file": a_file},
    }.get(route.rstrip("/").split("/")[-1], {})  # fmt: skip
