"""The API's ground: who comes in, how errors look, how lists page, what a key does once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from resolutionflow.accounts.models import ApiToken, IdempotencyKey, Team, User
from resolutionflow.api import access
from sessions_app.models import Session
from tests.api import ApiClient, client_of
from tests.conftest import PASSWORD, person

JSON = "application/json"


# who comes in


@pytest.mark.parametrize(
    "header", ["", "Token", "Token wrong", "Token a b", "Bearer x", "Bearer", "Basic x", "Token \xff", "token rf_x"]
)
def test_without_a_live_token_it_is_401(ana, header) -> None:
    answer = ApiClient(headers={"Authorization": header} if header else {}).get("me/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Token")
    assert answer.json()["code"] == "not_authenticated"


def test_expired_revoked_and_deactivated_tokens_are_401(ana, olga) -> None:
    client = client_of(ana)
    assert client.get("me/").status_code == 200
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get("me/").status_code == 401
    ApiToken.objects.update(expires_at=None)
    ana.deactivate(by=olga)
    assert client.get("me/").status_code == 401


def test_the_platforms_operator_sees_no_account(db) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root@platform.example", PASSWORD, name="Root"))
    answer = client.get("/api/v1/handoffs/")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_the_pages_cookie_needs_its_csrf_token_to_write(ana) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    assert client.get("/api/v1/me/").json()["id"] == ana.pk
    answer = client.post("/api/v1/sessions/", {"problem_summary": "x"}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert not Session.objects.exists()


def test_a_demoted_persons_write_token_writes_no_more(ana, olga) -> None:
    client = client_of(ana, scope="write")
    ana.change_membership(by=olga, role="viewer")
    answer = client.post("sessions/", problem_summary="x")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_who_is_here(ana, bo, network, eve) -> None:
    client = client_of(bo)
    me = client.get("me/").json()
    assert (me["name"], me["role"], me["lead"], me["account"]["name"]) == (bo.name, "engineer", False, "Northwind")
    assert [team["name"] for team in me["teams"]] == ["Network"]
    assert [member["name"] for member in client.get("members/").json()["results"]] == [ana.name, bo.name]
    assert client.get("teams/").json()["results"] == [
        {"id": network.pk, "name": "Network", "members": [{"id": bo.pk, "name": bo.name}]}
    ]


# errors


def errors_of(answer, status: int, code: str) -> dict:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == JSON
    body = answer.json()
    assert body["code"] == code
    assert body["detail"]
    return body


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


# lists


def test_pages_go_there_and_back(northwind, ana) -> None:
    for number in range(5):
        Team.objects.create(account=northwind, name=f"Team {number}")
    client = client_of(ana)
    first = client.get("teams/?limit=2").json()
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()
    assert [[team["name"][-1] for team in page["results"]] for page in (first, second, third)] == [
        ["0", "1"], ["2", "3"], ["4"],
    ]  # fmt: skip
    assert first["previous"] is None
    assert third["next"] is None
    assert client.get(third["previous"]).json()["results"] == second["results"]
    assert client.get(second["previous"]).json() == first


def test_deleting_the_row_a_cursor_names_breaks_nothing(northwind, ana) -> None:
    for number in range(4):
        Team.objects.create(account=northwind, name=f"Team {number}")
    client = client_of(ana)
    first = client.get("teams/?limit=2").json()
    Team.objects.filter(name="Team 1").delete()
    assert [team["name"] for team in client.get(first["next"]).json()["results"]] == ["Team 2", "Team 3"]


def test_the_feed_is_followed_by_number(session, bo) -> None:
    client = client_of(bo)
    first = client.get("events/?limit=3").json()
    rest = client.get(first["next"]).json()["results"]
    seqs = [event["seq"] for event in first["results"] + rest]
    assert seqs == list(range(1, len(seqs) + 1))
    assert client.get("events/", {"after": seqs[-2]}).json()["results"][0]["seq"] == seqs[-1]
    assert client.get("events/", {"after": "x"}).status_code == 400
    assert first["results"][0]["session"] == session.pk


# Idempotency-Key


def keyed(client: ApiClient, key: str, path: str = "sessions/", **body: object):
    return client.send("POST", path, body or {"problem_summary": "Once"}, headers={"Idempotency-Key": key})


def test_the_same_request_is_done_once(ana) -> None:
    client = client_of(ana)
    first, second = keyed(client, "k"), keyed(client, "k")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert second["Idempotency-Replayed"] == "true"
    assert Session.objects.count() == 1


def test_another_request_with_the_key_is_refused(ana) -> None:
    client = client_of(ana)
    pk = keyed(client, "k").json()["id"]
    errors_of(keyed(client, "k", problem_summary="Twice"), 409, "idempotency_mismatch")
    errors_of(keyed(client, "k", f"sessions/{pk}/steps/", problem_summary="Once"), 409, "idempotency_mismatch")
    assert Session.objects.count() == 1


def test_a_refusal_is_a_first_answer_too(claimed, bo, cy) -> None:
    first = keyed(client_of(cy), "k", f"handoffs/{claimed.pk}/claim/", analysis=False)
    claimed.release(bo)
    again = keyed(client_of(cy), "k", f"handoffs/{claimed.pk}/claim/", analysis=False)
    assert (first.status_code, again.status_code) == (409, 409)
    assert first.content == again.content
    errors_of(again, 409, "already_claimed")


def test_a_key_is_one_persons_and_lasts_a_day(ana, bo) -> None:
    keyed(client_of(ana), "k")
    assert keyed(client_of(bo), "k", problem_summary="Another").status_code == 201
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert keyed(client_of(ana), "k", problem_summary="Next day").status_code == 201
    assert Session.objects.count() == 3


@pytest.mark.parametrize("key", ["", "x" * 201, "a\x7fb"])
def test_a_key_is_short_and_printable(ana, key) -> None:
    errors_of(keyed(client_of(ana), key), 400, "invalid")


def test_a_crash_keeps_no_key(ana, monkeypatch) -> None:
    client = client_of(ana)
    client.raise_request_exception = False

    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(Session, "record_event", broken)
        assert keyed(client, "k").status_code == 500
    assert not IdempotencyKey.objects.exists()
    assert not Session.objects.exists()
    assert keyed(client, "k").status_code == 201


def test_other_peoples_ids_say_nothing(ana, eve) -> None:
    """A person of another account filters to nothing; as a field's value it is an error like any unknown id."""
    person(eve.account, "Mallory")
    assert client_of(ana).get("sessions/", {"assignee": eve.pk}).json()["results"] == []
