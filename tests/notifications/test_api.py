"""The bell, deliveries and the ticket note over the API."""

from __future__ import annotations

import pytest

from notifications.models import Delivery, Notification
from notifications.relay import relay
from resolutionflow.accounts.models import Event
from sessions_app.models import PsaConnection
from tests.api_client import ApiClient, client_of


@pytest.fixture
def lines(waiting, bo, cy):
    event = Event.objects.get(kind="handoff.escalated")
    return [
        Notification.objects.create(
            account=event.account, user=user, event=event, session_id=event.session_id, handoff=waiting,
            title=f"Ana escalated {number}", why="You are on call.",
        )
        for number, user in enumerate((bo, cy))
    ]  # fmt: skip


@pytest.fixture
def ticket(waiting, northwind):
    psa = PsaConnection.objects.create(
        account=northwind, name="RT", kind="request_tracker", base_url="http://rt.invalid", credentials={"token": "x"}
    )
    waiting.session.psa_connection = psa
    waiting.session.save(update_fields=["psa_connection"])
    return psa


def test_my_bell_is_mine(lines, waiting, ana, bo) -> None:
    answer = client_of(bo).get("notifications/").json()
    assert [line["title"] for line in answer["results"]] == ["Ana escalated 0"]
    line = answer["results"][0]
    assert (line["kind"], line["handoff"], line["actor"]["id"]) == ("handoff.escalated", waiting.pk, ana.pk)
    assert line["url"] == f"/handoffs/{waiting.pk}/"


def test_read_one_and_all(lines, bo) -> None:
    client = client_of(bo)
    mine, anothers = lines
    first = client.post(f"notifications/{mine.pk}/read/").json()
    assert first["read_at"] is not None
    assert client.post(f"notifications/{mine.pk}/read/").json() == first
    assert client.post(f"notifications/{anothers.pk}/read/").status_code == 404
    assert client.get("notifications/", {"unread": "true"}).json()["results"] == []
    assert client.post("notifications/read-all/").json() == {"read": 0}


def test_what_was_read_by_opening_its_session_is_not_unread(session, ana, bo, cy, client) -> None:
    for person in (bo, cy):
        session.watch(person)
    session.add_message(ana, content="Hello?")
    relay(Event.objects.get(kind="message.added").pk)
    client.force_login(bo)
    client.get(session.get_absolute_url())
    for person, unread in ((bo, False), (cy, True)):
        api = client_of(person)
        (line,) = api.get("notifications/").json()["results"]
        assert (line["unread"], line["read_at"]) == (unread, None)
        assert len(api.get("notifications/", {"unread": "true"}).json()["results"]) == unread
        assert api.post("notifications/read-all/").json() == {"read": int(unread)}
        assert api.get("notifications/").json()["results"][0]["unread"] is False


def test_a_viewer_marks_their_own_bell(waiting, vic) -> None:
    assert client_of(vic).post("notifications/read-all/").status_code == 403  # a viewer's token can only read
    client = ApiClient()
    client.force_login(vic)
    assert client.post("notifications/read-all/").json() == {"read": 0}


def test_deliveries_and_retry(waiting, bo, eve) -> None:
    failed = Delivery.objects.create(
        account=waiting.account, handoff=waiting, kind="email", address="cy@northwind.example", status="failed",
        error="Mailbox full.",
    )  # fmt: skip
    client = client_of(bo)
    (shown,) = client.get(f"handoffs/{waiting.pk}/deliveries/").json()["results"]
    assert (shown["status"], shown["error"], shown["event"]) == ("failed", "Mailbox full.", None)
    assert client_of(eve).post(f"deliveries/{failed.pk}/retry/").status_code == 404
    assert client.post(f"deliveries/{failed.pk}/retry/").json()["status"] == "pending"
    assert client.post(f"deliveries/{failed.pk}/retry/").json()["code"] == "wrong_state"


def test_a_note_into_the_ticket(waiting, ticket, bo) -> None:
    client, url = client_of(bo), f"handoffs/{waiting.pk}/note/"
    assert waiting.session.problem_summary in client.get(url).json()["body"]
    sent = client.post(url, body="Called the provider.")
    assert (sent.status_code, sent.json()["status"], sent.json()["internal"]) == (202, "pending", True)
    assert client.get(f"handoffs/{waiting.pk}/").json()["note_state"] == "pending"
    Delivery.objects.update(status="failed", error="401")
    shown = client.get(f"handoffs/{waiting.pk}/").json()
    assert (shown["note_state"], shown["note_error"], shown["psa_note_pushed"]) == ("failed", "401", False)
    Delivery.objects.update(status="done", error="", remote_id="77")
    shown = client.get("handoffs/").json()["results"][0]
    assert (shown["note_state"], shown["note_error"]) == ("posted", None)
    assert (shown["psa_note_pushed"], shown["psa_note_id"]) == (True, "77")


def test_a_note_needs_a_text_and_a_ticket(waiting, bo) -> None:
    client, url = client_of(bo), f"handoffs/{waiting.pk}/note/"
    for body in ({}, {"body": ""}, {"body": 3}, {"body": "x" * 100_000}):
        assert list(client.post(url, **body).json()["errors"]) == ["body"]
    assert list(client.post(url, body="x", internal="no").json()["errors"]) == ["internal"]
    assert client.post(url, body="x").json()["code"] == "wrong_state"


def test_lists_ask_a_constant_number_of_queries(lines, waiting, bo, django_assert_max_num_queries) -> None:
    client = client_of(bo)
    client.get("me/")
    of = {"account": waiting.account, "handoff": waiting, "recipient": bo}
    for number in range(5):
        Delivery.objects.create(**of, kind="email", address=str(number))
    with django_assert_max_num_queries(4):
        client.get("notifications/")
    with django_assert_max_num_queries(4):
        assert len(client.get(f"handoffs/{waiting.pk}/deliveries/").json()["results"]) == 5
