"""Where a ticket system may be: one rule for the settings, the admin and whoever connects it by code."""

from __future__ import annotations

import pytest
from django.urls import reverse

from notifications.models import Delivery
from resolutionflow.core.refusals import Invalid
from sessions_app.models import ConnectionCheck, PsaConnection

WRONG = [
    ("request_tracker", "http://rt.example", "Only https"),
    ("request_tracker", "ftp://rt.example", "not a web address"),
    ("request_tracker", "https://user:pw-canary@rt.example", "no name or password"),
    ("request_tracker", "https://rt.example:8443", "usual https port"),
    ("request_tracker", "https://rt.example/rt?x=1", "Leave out"),
    ("request_tracker", "https://rt.example/rt#top", "Leave out"),
    ("connectwise", "https://na.myconnectwise.net/v4_6_release", "no path"),
]
RIGHT = [
    ("request_tracker", "https://rt.example/rt/REST/2.0"),
    ("connectwise", "https://na.myconnectwise.net/"),
    ("request_tracker", "http://tracker.internal:8080/rt"),  # an operator allowed this host
]
TYPED = {
    "credential_token": "t", "credential_company": "c", "credential_public_key": "k", "credential_private_key": "p",
    "credential_client_id": "i",
}  # fmt: skip


@pytest.fixture(autouse=True)
def allowlist(settings) -> None:
    settings.OUTBOUND_ALLOWLIST = ["tracker.internal"]


def old(account, url: str, **fields) -> PsaConnection:
    """As versions before stored it."""
    fields = {"kind": "request_tracker", "name": "Old", "credentials": {"token": "t"}, **fields}
    return PsaConnection.objects.create(account=account, base_url=url, **fields)


@pytest.mark.parametrize(("kind", "url", "said"), WRONG)
def test_page_admin_and_verb_refuse_it_alike(as_user, adam, kind, url, said):
    client, typed = as_user(adam), {"name": "New", "kind": kind, "base_url": url, **TYPED}
    page = client.post(f"/settings/psa/new/{kind}/", typed)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert said in client.post(reverse("admin:sessions_app_psaconnection_add"), typed).content.decode()
    with pytest.raises(Invalid, match=said):
        PsaConnection.connect(adam, kind=kind, name="New", base_url=url, credentials={})
    assert not PsaConnection.objects.exists()
    right = PsaConnection.connect(adam, kind=kind, name="R", base_url="https://rt.example", credentials={"token": "t"})
    with pytest.raises(Invalid, match=said):
        right.change(adam, name="R", base_url=url, credentials={"token": "t"})
    changed = {**typed, "is_active": "on"}
    assert said in client.post(f"/settings/psa/{right.pk}/", changed).content.decode()
    assert (
        said
        in client.post(reverse("admin:sessions_app_psaconnection_change", args=[right.pk]), changed).content.decode()
    )
    right.refresh_from_db()
    assert right.base_url == "https://rt.example"


@pytest.mark.parametrize(("kind", "url"), RIGHT)
def test_what_can_be_called_is_taken(as_user, adam, kind, url):
    typed = {"name": "New", "base_url": url, **TYPED}
    assert as_user(adam).post(f"/settings/psa/new/{kind}/", typed).status_code == 302
    assert PsaConnection.objects.get().base_url == url


def test_an_old_address_with_a_password_needs_attention_and_shows_none_of_it(as_user, adam, session):
    connection = old(adam.account, "https://user:pw-canary@rt.example")
    client = as_user(adam)
    session.psa_connection = connection
    session.save(update_fields=["psa_connection"])
    admin = "admin:sessions_app_psaconnection"
    pages = [
        "/settings/psa/", f"/settings/psa/{connection.pk}/", f"/sessions/{session.pk}/",
        reverse(f"{admin}_changelist"), reverse(f"{admin}_change", args=[connection.pk]),
    ]  # fmt: skip
    for page in pages:
        assert "pw-canary" not in client.get(page).content.decode(), page
    said = client.get("/settings/psa/").content.decode()
    assert "needs attention" in said
    assert "no name or password" in said
    same = {"name": "Old", "base_url": connection.address, "is_active": "on"}
    assert client.post(f"/settings/psa/{connection.pk}/", same).status_code == 302
    connection.refresh_from_db()
    assert (connection.base_url, connection.credentials["token"]) == ("https://rt.example", "t")


def test_nothing_is_sent_to_an_old_one(adam, session):
    connection = old(adam.account, "https://user:pw-canary@rt.example")
    check = ConnectionCheck.run(ConnectionCheck.ask(connection, adam).pk)
    note = Delivery.objects.create(
        account=adam.account, session=session, kind="note", body="x", connection=connection, address="4711"
    )
    Delivery.run(note.pk)
    note.refresh_from_db()
    for error in (check.error, note.error):
        assert error == "A web address here has no name or password in it. Correct the address in the settings."


def test_an_old_one_can_be_switched_off_as_it_is(as_user, adam):
    connection = old(adam.account, "http://rt.example")
    client = as_user(adam)
    off = {"name": "Off", "base_url": "http://rt.example"}
    assert client.post(f"/settings/psa/{connection.pk}/", off).status_code == 302
    change = reverse("admin:sessions_app_psaconnection_change", args=[connection.pk])
    assert client.post(change, {**off, "name": "Off, too"}).status_code == 302
    connection.refresh_from_db()
    assert (connection.name, connection.is_active) == ("Off, too", False)
    assert client.post(change, {**off, "is_active": "on"}).status_code == 200
