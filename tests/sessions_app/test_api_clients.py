"""GET clients/: who the sessions of the account are for."""

from __future__ import annotations

import pytest

from sessions_app.models import Session
from tests.api_client import client_of


def opened(user, client="", device="", **fields):
    return Session.open(user, problem_summary="x", client_name=client, asset_name=device, **fields)


def rows(client, query=""):
    answer = client.get(f"clients/{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_one_row_for_each_client(ana, bo) -> None:
    opened(ana, "Hartwell Dental", "HD-1"), opened(bo, "Brook", "BD-1"), opened(bo, "", "X-1")
    opened(ana, "HARTWELL  dental ", "HD-2").resolve(ana, resolution="x")
    last = opened(ana, "hartwelldental", "hd-1")
    assert rows(client_of(ana)) == [
        {
            "name": "hartwelldental", "devices": ["hd-1", "HD-2"], "sessions": 3,
            "last_at": last.updated_at.isoformat().replace("+00:00", "Z"),
        },
        {
            "name": "Brook", "devices": ["BD-1"], "sessions": 1,
            "last_at": Session.objects.get(client_name="Brook").updated_at.isoformat().replace("+00:00", "Z"),
        },
    ]  # fmt: skip


def test_the_spelling_of_the_session_that_changed_last(ana) -> None:
    first = opened(ana, "Hartwell")
    opened(ana, "HARTWELL")
    first.change(ana, asset_name="HD-1")
    assert [row["name"] for row in rows(client_of(ana))] == ["Hartwell"]


def test_a_search_has_every_word_in_the_name(ana) -> None:
    opened(ana, "Hartwell Dental", "Legal-1"), opened(ana, "Northgate Legal"), opened(ana, "Northgate Dental")
    client = client_of(ana)
    assert [row["name"] for row in rows(client, "?q=dental")] == ["Northgate Dental", "Hartwell Dental"]
    assert [row["name"] for row in rows(client, "?q=DENT+north")] == ["Northgate Dental"]
    assert len(rows(client, "?q=")) == 3
    assert rows(client, "?q=%25") == rows(client, "?q=_") == []


def test_pages_go_there_and_back(ana) -> None:
    for number in range(5):
        opened(ana, f"Client {number}"), opened(ana, f"CLIENT {number}")
    client = client_of(ana)
    first = client.get("clients/?limit=2").json()
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()
    names = [[row["name"] for row in page["results"]] for page in (first, second, third)]
    assert names == [["CLIENT 4", "CLIENT 3"], ["CLIENT 2", "CLIENT 1"], ["CLIENT 0"]]
    assert third["next"] is None
    assert client.get(second["previous"]).json() == first
    assert {row["sessions"] for row in second["results"]} == {2}


def test_at_most_50_devices(ana) -> None:
    for number in range(60):
        opened(ana, "Hartwell", f"HD-{number}")
    (row,) = rows(client_of(ana))
    assert row["devices"] == [f"HD-{number}" for number in range(59, 9, -1)]
    assert row["sessions"] == 60


def test_another_accounts_are_never_there(ana, eve) -> None:
    opened(ana, "Hartwell", "HD-1")
    assert rows(client_of(eve)) == []
    opened(eve, "hartwell", "EVES-1")
    (theirs,), (ours,) = rows(client_of(eve)), rows(client_of(ana))
    assert (theirs["name"], theirs["devices"], theirs["sessions"]) == ("hartwell", ["EVES-1"], 1)
    assert (ours["name"], ours["devices"], ours["sessions"]) == ("Hartwell", ["HD-1"], 1)
    cursor = client_of(ana).get("clients/?limit=1").json()["next"]
    assert cursor is None


@pytest.mark.parametrize(
    ("query", "field"),
    [("?limit=0", "limit"), ("?limit=x", "limit"), ("?cursor=x", "cursor"), ("?name=x", "name"), ("?q=a&q=b", "q")],
)
def test_bad_input_is_said_by_field(ana, query, field) -> None:
    answer = client_of(ana).get(f"clients/{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["errors"]) == [field]
    assert client_of(ana).get(f"clients/?q={'x' * 501}").status_code == 400


def test_who_may(ana, vic, client) -> None:
    opened(ana, "Hartwell")
    assert len(rows(client_of(vic))) == 1
    assert client.get("/api/v1/clients/").status_code == 401
    assert client_of(ana).post("clients/", name="x").status_code == 405


def test_as_many_queries_for_many_as_for_one(ana, django_assert_num_queries, django_assert_max_num_queries) -> None:
    client = client_of(ana)
    opened(ana, "Hartwell", "HD-1")
    client.get("clients/")
    with django_assert_max_num_queries(5) as few:  # two of them are the token's and the account's
        client.get("clients/")
    for number in range(30):
        opened(ana, f"Client {number}", f"D-{number}")
    with django_assert_num_queries(len(few)):
        client.get("clients/")


def test_a_due_time_no_calendar_has_is_refused(ana, session) -> None:
    client = client_of(ana)
    for due in ("1999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "x", 7):
        for answer in (
            client.post("sessions/", problem_summary="x", due_at=due),
            client.patch(f"sessions/{session.pk}/", due_at=due),
        ):
            assert (answer.status_code, list(answer.json()["errors"])) == (400, ["due_at"]), due
    kept = client.patch(f"sessions/{session.pk}/", due_at="2026-12-01T17:00:00+01:00", contact="Jo").json()
    assert (kept["due_at"], kept["contact"], kept["access"]) == ("2026-12-01T16:00:00Z", "Jo", None)
