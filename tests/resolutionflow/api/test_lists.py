"""Lists of the API: their pages, and what their filters take."""

from __future__ import annotations

from resolutionflow.accounts.models import Team
from tests.api_client import client_of
from tests.conftest import person


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


def test_other_peoples_ids_say_nothing(ana, eve) -> None:
    """A person of another account filters to nothing; as a field's value it is an error like any unknown id."""
    person(eve.account, "Mallory")
    assert client_of(ana).get("sessions/", {"assignee": eve.pk}).json()["results"] == []


def test_clients_are_described(schema) -> None:
    forms = schema["components"]["schemas"]
    assert set(forms["Client"]["properties"]) == set(forms["Client"]["required"]) == {
        "name", "devices", "sessions", "last_at",
    }  # fmt: skip
    assert forms["Client"]["properties"]["devices"]["items"] == {"type": "string"}
    assert schema["paths"]["/api/v1/clients/"]["get"]["operationId"] == "clients"
