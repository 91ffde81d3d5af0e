"""Every address of the API, taken from its URL list so that a new one cannot be forgotten."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import URLPattern
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from notifications.models import Delivery, Notification
from resolutionflow.accounts.models import Event
from resolutionflow.api import urls
from tests.api_client import client_of

METHODS = ("get", "post", "patch")
PARTS = ("step_pk", "branch_pk", "message_pk")  # of a session
OWN = {("post", "v1/notifications/read-all/"), ("post", "v1/notifications/<int:pk>/read/")}


def addresses() -> Iterator[tuple[str, str]]:
    for pattern in urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        route, view = str(pattern.pattern), getattr(pattern.callback, "cls", None)
        if route.startswith("v1/"):
            yield from ((method, route) for method in METHODS if hasattr(view, method))


EVERY = sorted(addresses())
WRITES = [(method, route) for method, route in EVERY if method != "get"]


@pytest.fixture
def ids(claimed, bo) -> dict[str, int]:
    """Of things in Northwind; the same ids for every address, by what it starts with."""
    session = claimed.session
    event = Event.objects.filter(kind="handoff.escalated").get()
    line = Notification.objects.create(account=event.account, user=bo, event=event, handoff=claimed, title="x", why="y")
    mail = Delivery.objects.create(account=event.account, handoff=claimed, kind="email", address="x", status="failed")
    message = session.add_message(bo, content="Looking at it")
    return {
        "sessions": session.pk, "handoffs": claimed.pk, "notifications": line.pk, "deliveries": mail.pk,
        "step_pk": session.steps.get(order=1).pk, "branch_pk": session.active_branch_id,
        "message_pk": message.pk,
    }  # fmt: skip


def filled(route: str, ids: dict[str, int]) -> str:
    path = route.removeprefix("v1/")
    for name in PARTS:
        path = path.replace(f"<int:{name}>", str(ids[name]))
    return path.replace("<int:pk>", str(ids.get(path.split("/")[0], 0)))


def call(client, method: str, path: str, **body):
    return client.get(path) if method == "get" else client.send(method.upper(), path, body)


def test_there_are_many() -> None:
    assert len(EVERY) > 40


def test_without_sign_in_it_is_401(ids, client) -> None:
    for method, route in EVERY:
        answer = getattr(client, method)(f"/api/v1/{filled(route, ids)}")
        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated"), (method, route)


def test_another_accounts_object_is_404(ids, eve) -> None:
    """Whatever is sent along: what is wrong with it is nobody's business there."""
    client = client_of(eve)
    for method, route in EVERY:
        if "<int:pk>" in route:
            for body in ({}, body_of(route)):
                answer = call(client, method, filled(route, ids), **body)
                assert answer.status_code == 404, (method, route)
                assert answer.json() == {"code": "not_found", "detail": "There is no such thing here."}


def test_a_viewer_writes_nothing_but_their_own(ids, client, vic) -> None:
    client.force_login(vic)
    for method, route in WRITES:
        answer = getattr(client, method)(f"/api/v1/{filled(route, ids)}", {}, content_type="application/json")
        assert answer.status_code in ((200, 404) if (method, route) in OWN else (403,)), (method, route)


def test_a_token_to_read_writes_nothing(ids, bo) -> None:
    client = client_of(bo, scope="read")
    for method, route in WRITES:
        answer = call(client, method, filled(route, ids), **body_of(route))
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), (method, route)


def test_a_viewer_may_read_everything(ids, vic) -> None:
    client = client_of(vic)
    for method, route in EVERY:
        if method == "get":
            assert client.get(filled(route, ids)).status_code == 200, route


def test_every_time_ends_in_z(ids, bo, lea) -> None:
    for user in (bo, lea):
        client = client_of(user)
        for method, route in EVERY:
            if method == "get":
                said = client.get(filled(route, ids)).content.decode()
                assert not re.search(r'T\d\d:\d\d[\d:.]*[+-]\d\d:?\d\d"', said), (route, said[:500])


def test_unknown_fields_and_parameters_are_400(ids, bo) -> None:
    client = client_of(bo)
    for method, route in EVERY:
        path = filled(route, ids)
        if method != "get":
            answer = call(client, method, path, **body_of(route), colour="red")
            assert "colour" in answer.json()["errors"], (method, route)
        elif "results" in client.get(path).json():
            answer = client.get(f"{path}?colour=red")
            assert (answer.status_code, list(answer.json()["errors"])) == (400, ["colour"]), route


# --- the description -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def schema() -> dict:
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", stdout=out)
    return json.loads(out.getvalue())


def test_it_is_openapi_3(schema) -> None:
    validate(schema)
    assert "Idempotency-Key" in schema["info"]["description"]


def test_every_address_is_described(schema) -> None:
    for method, route in EVERY:
        operation = schema["paths"][templated(route)][method]
        assert operation["summary"], route
        assert operation["description"], route
        assert {"401", "404", "429"} <= set(operation["responses"]), route


def test_a_body_is_described_with_nothing_but_its_fields(schema) -> None:
    taken = {name: form for name, form in schema["components"]["schemas"].items() if name.endswith(("Body", "Change"))}
    assert len(taken) > 15
    assert [name for name, form in taken.items() if form.get("additionalProperties") is not False] == []


def test_it_is_served(client, db) -> None:
    assert client.get("/api/schema/").status_code == 200


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
        "transfer": {"to": 1}, "note": {"body": "x"}, "sessions": {"problem_summary": "x"},
    }.get(route.rstrip("/").split("/")[-1], {})  # fmt: skip


def conforms(schema: dict, method: str, route: str, answer) -> None:
    """The answer is what the description says of this address and status."""
    described = schema["paths"][templated(route)][method]["responses"]
    assert str(answer.status_code) in described, (method, route, answer.content)
    form = described[str(answer.status_code)]["content"]["application/json"]["schema"]
    OAS31Validator({**form, "components": schema["components"]}).validate(answer.json())


@pytest.mark.parametrize(("method", "route"), EVERY)
def test_answers_are_as_described(schema, ids, bo, lea, method, route) -> None:
    body = body_of(route) if method != "patch" else {}
    body |= {"to": lea.pk} if "to" in body else {}
    conforms(schema, method, route, call(client_of(bo), method, filled(route, ids), **body))
