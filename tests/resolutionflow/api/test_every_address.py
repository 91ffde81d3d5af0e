"""Every address of the API, taken from its URL list so that a new one cannot be forgotten."""

from __future__ import annotations

import re

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from tests.api_client import client_of
from tests.resolutionflow.api.addresses import EVERY, WRITES, body_of, call, filled, templated

OWN = {("post", "v1/notifications/read-all/"), ("post", "v1/notifications/<int:pk>/read/")}


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
                said = client.get(filled(route, ids)).content.decode(errors="replace")
                assert not re.search(r'T\d\d:\d\d[\d:.]*[+-]\d\d:?\d\d"', said), (route, said[:500])


def test_unknown_fields_and_parameters_are_400(ids, bo) -> None:
    client = client_of(bo)
    for method, route in EVERY:
        path = filled(route, ids)
        if method != "get":
            answer = call(client, method, path, **body_of(route), colour="red")
            assert "colour" in answer.json()["errors"], (method, route)
        elif b'"results"' in client.get(path).content:
            answer = client.get(f"{path}?colour=red")
            assert (answer.status_code, list(answer.json()["errors"])) == (400, ["colour"]), route


# --- the description -----------------------------------------------------------------------------


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


def conforms(schema: dict, method: str, route: str, answer) -> None:
    """The answer is what the description says of this address and status."""
    described = schema["paths"][templated(route)][method]["responses"]
    assert str(answer.status_code) in described, (method, route, answer.content)
    content = described[str(answer.status_code)]["content"]
    assert answer["Content-Type"] in content, (method, route)
    if "application/json" not in content:  # the bytes of a file
        return
    form = content["application/json"]["schema"]
    OAS31Validator({**form, "components": schema["components"]}).validate(answer.json())


@pytest.mark.thorough
@pytest.mark.parametrize(("method", "route"), EVERY)
def test_answers_are_as_described(schema, ids, bo, lea, method, route) -> None:
    body = body_of(route) if method != "patch" else {}
    body |= {"to": lea.pk} if "to" in body else {}
    conforms(schema, method, route, call(client_of(bo), method, filled(route, ids), **body))
