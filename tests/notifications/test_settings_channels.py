"""The account's channels in the settings."""

from __future__ import annotations

import pytest
from django.test import Client

from notifications.models import Channel
from resolutionflow.accounts.models import Event, User

DESK = {"name": "Desk", "address": "Desk@Northwind.example"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(adam) -> Channel:
    return Channel.add(adam, name="Desk", address="desk@northwind.example")


def test_a_channel_is_added_changed_and_switched_off(adam):
    client = signed_in(adam)
    assert client.post("/settings/channels/", DESK).status_code == 302
    desk = Channel.objects.get()
    assert desk.address == "desk@northwind.example"
    assert client.post("/settings/channels/", DESK).status_code == 422
    assert client.post("/settings/channels/", {**DESK, "address": "x"}).status_code == 422
    assert client.post(f"/settings/channels/{desk.pk}/", DESK).status_code == 302
    desk.refresh_from_db()
    assert not desk.is_active
    assert Event.objects.filter(kind="connection.changed").count() == 2


def test_others_read_and_do_not_write(desk, bo, vic, eve):
    for person in (bo, vic):
        client = signed_in(person)
        assert b"desk@northwind" in client.get("/settings/channels/").content
        assert client.post("/settings/channels/", DESK).status_code == 403
        assert client.post(f"/settings/channels/{desk.pk}/", DESK).status_code == 403
    client = signed_in(eve)
    assert b"desk@northwind" not in client.get("/settings/channels/").content
    assert client.post(f"/settings/channels/{desk.pk}/", DESK).status_code == 404
