"""What stands around the JSON: both kinds of token, both kinds of slash, Location, ETag, X-Request-ID."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from resolutionflow.accounts.models import ApiToken, Event
from sessions_app.models import Session
from tests.api_client import ApiClient, client_of, errors_of
from tests.resolutionflow.api import addresses as api

# --- who comes in --------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["Token", "Bearer", "token", "BEARER"])
def test_a_token_comes_by_either_name(ana, scheme) -> None:
    _token, key = ApiToken.issue(ana, name="script", scope="read")
    answer = ApiClient(headers={"Authorization": f"{scheme} {key}"}).get("me/")
    assert (answer.status_code, answer.json()["id"]) == (200, ana.pk)


# --- addresses -----------------------------------------------------------------------------------


@pytest.mark.thorough
def test_an_address_without_its_slash_is_the_same(ids, eve, bo) -> None:
    """Of every address, to every method: answered, not redirected, which would lose what was sent."""
    for method in ("get", "head", "post", "patch", "options", "delete"):
        for route in sorted({route for _method, route in api.EVERY}):
            with_slash = "/api/v1/" + api.filled(route, ids)
            for client in (client_of(eve), Client()):
                one = getattr(client, method)(with_slash)
                other = getattr(client, method)(with_slash.rstrip("/"))
                assert (one.status_code, one.content) == (other.status_code, other.content), (method, route)
                assert other.status_code in (200, 400, 401, 403, 404, 405), (method, route)


def test_a_post_without_the_slash_is_done(ana) -> None:
    answer = client_of(ana).post("sessions", problem_summary="No slash")
    assert (answer.status_code, Session.objects.get().problem_summary) == (201, "No slash")


@pytest.mark.parametrize("path", ["/api/schema", "/api/docs", "/api/v1/me"])
def test_the_others_answer_too(ana, client, path) -> None:
    client.force_login(ana)
    assert client.get(path).status_code == 200
    assert client.post(f"{path}/nothing").status_code == 404


# --- Location ------------------------------------------------------------------------------------


def made(client: ApiClient, route: str, ids: dict[str, int], **more: Any) -> Any:
    path, body = api.filled(route, ids), api.body_of(route)
    if api.is_form("post", route):
        return Client.post(client, path, {name: value() for name, value in body.items()}, **more)
    return client.send("POST", path, body, **more)


def test_whatever_was_made_says_where_it_is(schema, ids, bo) -> None:
    """Every operation that the description lets answer 201, and again when the same request is repeated."""
    client, found = client_of(bo), set()
    for method, route in reversed(api.WRITES):  # park comes before escalate
        described = schema["paths"][api.templated(route)][method]["responses"]
        if "201" not in described:
            continue
        assert "Location" in described["201"]["headers"], route
        answer, again = (made(client, route, ids, headers={"Idempotency-Key": route}) for _ in range(2))
        assert (answer.status_code, answer["Location"]) == (201, again["Location"]), route
        assert answer["Location"].startswith("http://testserver/api/v1/")
        there = client.get(answer["Location"])
        assert (there.status_code, there.json()["id"]) == (200, answer.json()["id"]), route
        found.add(route.split("/")[-2])
    assert found == {"sessions", "steps", "messages", "branches", "park", "escalate", "ask", "files"}


# --- ETag and If-Match ---------------------------------------------------------------------------

CHANGES = [route for method, route in api.EVERY if method == "patch"]
CHANGE: dict[str, dict[str, Any]] = {
    "sessions": {"client_name": "Changed"},
    "handoffs": {"priority": "low"},
    "steps": {"outcome": "worked"},
    "branches": {"status": "dead_end"},
}


def change_of(route: str) -> dict[str, Any]:
    return CHANGE[route.split("<")[-2].strip("/>").split("/")[-1] if "_pk" in route else route.split("/")[1]]


def test_one_thing_has_an_etag_and_is_not_sent_twice(ids, bo) -> None:
    client = client_of(bo)
    for method, route in api.EVERY:
        if method != "get":
            continue
        answer = client.get(api.filled(route, ids))
        if answer["Content-Type"] != "application/json":
            continue  # a file's bytes
        if "results" in answer.json():
            assert "ETag" not in answer, route
            continue
        etag = answer["ETag"]
        assert etag.startswith('"'), route
        for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            again = client.get(api.filled(route, ids), headers={"If-None-Match": known})
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag), (route, known)
        assert client.get(api.filled(route, ids), headers={"If-None-Match": '"other"'}).status_code == 200
        assert client.head(api.filled(route, ids))["ETag"] == etag


@pytest.mark.parametrize("route", CHANGES)
def test_a_change_of_what_has_changed_is_412(ids, lea, route) -> None:
    client, path, body = client_of(lea), api.filled(route, ids), change_of(route)
    etag = client.get(path)["ETag"]
    events = Event.objects.count()
    for outdated in ('"other"', f"W/{etag}", '"a", "b"'):
        answer = client.send("PATCH", path, body, headers={"If-Match": outdated})
        errors_of(answer, 412, "precondition_failed")
    errors_of(client.send("PATCH", path, body, headers={"If-Match": etag.strip('"')}), 400, "invalid")
    assert Event.objects.count() == events
    changed = client.send("PATCH", path, body, headers={"If-Match": f'"other", {etag}'})
    assert changed.status_code == 200
    assert Event.objects.count() == events + 1
    assert changed["ETag"] == client.get(path)["ETag"] != etag
    assert changed.json() == client.get(path).json()
    errors_of(client.send("PATCH", path, body, headers={"If-Match": etag}), 412, "precondition_failed")
    assert client.send("PATCH", path, body, headers={"If-Match": "*"}).status_code == 200


@pytest.mark.parametrize("route", CHANGES)
def test_another_accounts_thing_is_404_before_412(ids, eve, route) -> None:
    answer = client_of(eve).send("PATCH", api.filled(route, ids), change_of(route), headers={"If-Match": "*"})
    errors_of(answer, 404, "not_found")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_read_the_same_version_one_changes_it(session, ana, bo) -> None:
    path = f"sessions/{session.pk}/"
    etag = client_of(bo).get(path)["ETag"]
    clients, start, statuses = [client_of(ana), client_of(bo)] * 4, threading.Barrier(8), []

    def change(client: ApiClient, number: int) -> None:
        start.wait(10)
        body = {"client_name": f"Number {number}"}
        statuses.append(client.send("PATCH", path, body, headers={"If-Match": etag}).status_code)
        connections.close_all()

    threads = [threading.Thread(target=change, args=(client, n)) for n, client in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(statuses) == [200] + [412] * 7
    assert Event.objects.filter(kind="session.changed").count() == 1


# --- X-Request-ID --------------------------------------------------------------------------------

ANSWERED = ["/login/", "/", "/nothing/", "/api/v1/me/", "/api/v1/nothing/", "/healthz", "/api/docs/", "/sessions/999/"]


@pytest.mark.parametrize("path", ANSWERED)
def test_every_answer_says_which_request_it_is_of(client, ana, path) -> None:
    client.force_login(ana)
    mine = "b4c1:2f-9.a/b=@+_Z"
    assert client.get(path, headers={"X-Request-ID": mine})["X-Request-ID"] == mine
    first, second = (client.get(path)["X-Request-ID"] for _ in range(2))
    assert first
    assert first != second


@pytest.mark.parametrize("given", ["", " ", "a b", "x" * 129, "é", "a\x1b[31m", '"}', "<b>", "a;b", "\u0661"])
def test_what_is_not_fit_for_a_log_is_replaced(client, db, given) -> None:
    answered = client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"]
    assert answered != given
    assert answered.isalnum()


def test_a_crash_says_it_too(ana, monkeypatch, caplog) -> None:
    def broken(*args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("resolutionflow.core.pagination.keyset_page", broken)
    client = client_of(ana)
    client.raise_request_exception = False
    answer = client.get("sessions/", headers={"X-Request-ID": "trace-7"})
    assert (answer.status_code, answer["X-Request-ID"]) == (500, "trace-7")


# --- empty filters -------------------------------------------------------------------------------


def test_an_empty_filter_is_none(schema, ids, bo) -> None:
    """Every parameter of every list."""
    client, seen = client_of(bo), 0
    for method, route in api.EVERY:
        parameters = schema["paths"][api.templated(route)][method].get("parameters", [])
        names = [one["name"] for one in parameters if one["in"] == "query"]
        path = api.filled(route, ids)
        if method != "get" or not names:
            continue
        plain = client.get(path).json()["results"]
        for empty in [f"{name}=" for name in names] + [f"{name}=%20%00" for name in names] + ["=&".join(names) + "="]:
            answer = client.get(f"{path}?{empty}")
            assert (answer.status_code, answer.json()["results"]) == (200, plain), (route, empty, answer.content)
            seen += 1
        assert client.get(f"{path}?colour=").status_code == 400
    assert seen > 50
