"""Errors of the API: JSON with a code and a sentence, whatever was sent."""

from __future__ import annotations

import pytest
from django.test import Client

from resolutionflow.api import access
from tests.api_client import client_of, errors_of

JSON = "application/json"


def test_errors_are_json_whatever_is_asked_for(ana) -> None:
    client = client_of(ana)
    html = {"Accept": "text/html"}
    errors_of(client.get("sessions/1/", headers=html), 404, "not_found")
    errors_of(client.get("nothing/here/", headers=html), 404, "not_found")
    errors_of(client.get("/api/", headers=html), 404, "not_found")
    errors_of(Client(enforce_csrf_checks=True).post("/api/v1/handoffs/1/clam"), 404, "not_found")
    errors_of(Client(enforce_csrf_checks=True).post("/api/v1/handoffs/1/claim"), 401, "not_authenticated")
    errors_of(client.post("me/"), 405, "method_not_allowed")
    errors_of(client.send("OPTIONS", "me/", {}), 405, "method_not_allowed")
    form = client.send("POST", "sessions/", b"a=b", content_type="application/x-www-form-urlencoded")
    assert "Content-Type: application/json" in errors_of(form, 415, "unsupported_media_type")["detail"]
    errors_of(client.get(f"sessions/{10**30}/"), 404, "not_found")


@pytest.mark.parametrize(
    "body",
    [
        b"{", b'{"a": NaN}', b'{"a": -Infinity}', b"[" * 100_000, b'{"a":' * 50_000, b"[]", b'"text"', b"7", b"null",
        b"\xff\xfe", b'{"a" 1}', b'\xef\xbb\xbf{"problem_summary": "BOM"}', b'{"a": ' + b"9" * 5000 + b"}",
        b'{"problem_summary": "one", "problem_summary": "two"}', b'{"a": "\x00"}', "{}".encode("utf-16"),
    ],
)  # fmt: skip
def test_what_is_not_a_json_object_is_400(ana, body) -> None:
    errors_of(client_of(ana).send("POST", "sessions/", body), 400, "invalid")


@pytest.mark.parametrize("charset", ["latin-1", "utf-16", "utf-7", "no-such"])
def test_json_is_in_utf_8(ana, charset) -> None:
    for kind, status in (("utf-8", 201), ("UTF8", 201), (charset, 415)):
        kind = f"application/json; charset={kind}"
        answer = client_of(ana).send("POST", "sessions/", b'{"problem_summary": "Plain"}', content_type=kind)
        assert answer.status_code == status, answer.content
    errors_of(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "text/plain", "application/xml", "nonsense"])
def test_what_is_sent_as_something_else_is_415(ana, kind) -> None:
    answer = client_of(ana).send("POST", "sessions/", b'{"problem_summary": "x"}', content_type=kind)
    errors_of(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize("depth", [10, 200, 400, 700, 800, 900, 950, 990, 5000])
@pytest.mark.parametrize("field", ["notes", "priority", "target_user", "colour"])
def test_nesting_is_an_error_at_any_depth(ana, session, depth, field) -> None:
    body = f'{{"{field}": {"[" * depth}{"]" * depth}}}'.encode()
    path, keyed = f"sessions/{session.pk}/escalate/", {"Idempotency-Key": f"{depth}"}
    errors_of(client_of(ana).send("POST", path, body), 400, "invalid")
    errors_of(client_of(ana).send("POST", path, body, headers=keyed), 400, "invalid")


def test_a_body_without_a_type_is_json_and_a_verb_needs_neither(ana, waiting, bo) -> None:
    opened = client_of(ana).send("POST", "sessions/", b'{"problem_summary": "No type"}', content_type="")
    assert (opened.status_code, opened.json()["problem_summary"]) == (201, "No type")
    assert client_of(bo).generic("POST", f"handoffs/{waiting.pk}/claim/").status_code == 200


def test_too_much_is_413(ana) -> None:
    errors_of(client_of(ana).send("POST", "sessions/", b" " * 5_000_001), 413, "too_large")
    errors_of(client_of(ana).get("sessions/?" + "a=1&" * 3000), 413, "too_large")


def test_a_field_name_may_be_hostile(ana) -> None:
    answer = client_of(ana).send("POST", "sessions/", {"problem_summary": "x", "\u202eevil\x00" + "x" * 1000: 1})
    (name,) = errors_of(answer, 400, "invalid")["errors"]
    assert name.startswith("evil")
    assert len(name) == 100


def test_a_verb_without_fields_takes_none(waiting, bo) -> None:
    errors_of(client_of(bo).post(f"sessions/{waiting.session_id}/resume/", now=True), 400, "invalid")


def test_an_empty_body_without_a_type_is_fine(waiting, bo) -> None:
    assert client_of(bo).generic("POST", f"handoffs/{waiting.pk}/claim/").status_code == 200


def test_a_crash_is_json_without_a_traceback(ana, monkeypatch) -> None:
    def broken(*args: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("resolutionflow.core.pagination.keyset_page", broken)
    client = client_of(ana)
    client.raise_request_exception = False
    answer = client.get("sessions/")
    assert "secret" not in answer.content.decode()
    errors_of(answer, 500, "error")


def test_too_many_requests_are_429(ana, bo, settings, monkeypatch) -> None:
    monkeypatch.setattr(access.PerMinute, "counted", {})
    settings.API_REQUESTS_PER_MINUTE = 2
    client = client_of(ana)
    assert [client.get("me/").status_code for _ in range(2)] == [200, 200]
    answer = client.get("me/")
    errors_of(answer, 429, "throttled")
    assert 0 < int(answer["Retry-After"]) <= 61
    assert client_of(bo).get("me/").status_code == 200


def test_a_parameter_nobody_takes_is_400_beside_one_thing_too(ana, session) -> None:
    for path in ("me/", f"sessions/{session.pk}/"):
        assert list(errors_of(client_of(ana).get(f"{path}?colour=red"), 400, "invalid")["errors"]) == ["colour"]
