"""What an account has set in its tickets by itself: shown, changed, refused, by the pages and the admin."""

from __future__ import annotations

import pytest
from django.urls import reverse

from resolutionflow.accounts.models import Event
from resolutionflow.core.refusals import Invalid
from sessions_app.models import PsaConnection, TicketCopy
from tests.conftest import shown_by

SET = {"status_waiting": "Waiting", "status_working": "In Progress", "status_resolved": "Done", "owner_follows": "on"}
NOTHING = ("", "", "", False)


@pytest.fixture
def connection(northwind) -> PsaConnection:
    return PsaConnection.objects.create(
        account=northwind, kind="request_tracker", name="RT", base_url="https://rt.example", credentials={"token": "t"}
    )


def chosen(connection: PsaConnection) -> tuple[str, str, str, bool]:
    found = PsaConnection.objects.get(pk=connection.pk)
    return found.status_waiting, found.status_working, found.status_resolved, found.owner_follows


def test_nothing_is_set_unless_somebody_says_so(as_user, adam, connection) -> None:
    assert chosen(connection) == NOTHING
    typed = {"name": "New", "base_url": "https://rt.example", "credential_token": "t"}
    assert as_user(adam).post("/settings/psa/new/request_tracker/", typed).status_code == 302
    assert chosen(PsaConnection.objects.get(name="New")) == NOTHING


def test_the_page_shows_and_changes_it(as_user, adam, connection) -> None:
    client, address = as_user(adam), f"/settings/psa/{connection.pk}/"
    page = client.get(address)
    assert "Set in the ticket by itself" in page.content.decode()
    sent = {**shown_by(page), "is_active": "on", **SET, "status_waiting": "  Waiting \n for us "}
    assert client.post(address, sent).status_code == 302
    assert chosen(connection) == ("Waiting for us", "In Progress", "Done", True)
    fields = Event.objects.filter(kind="connection.changed").latest("seq").facts["fields"]
    assert {*SET} <= {*fields}
    again = client.get(address).context["form"]
    assert again["status_waiting"].value() == "Waiting for us"
    assert again["owner_follows"].value() is True


def test_what_is_too_long_comes_back_with_what_was_typed(as_user, adam, connection) -> None:
    client, address = as_user(adam), f"/settings/psa/{connection.pk}/"
    page = client.post(address, {**shown_by(client.get(address)), **SET, "status_working": "x" * 201})
    assert page.status_code == 422
    assert "201 characters long and 200 fit" in page.content.decode()
    assert page.context["form"]["status_working"].value() == "x" * 201
    assert page.context["form"]["status_resolved"].value() == "Done"
    assert chosen(connection) == NOTHING
    with pytest.raises(Invalid):
        connection.change(adam, name="RT", base_url="https://rt.example", credentials={}, status_working="x" * 201)


def test_statuses_that_tickets_have_had_are_offered(as_user, adam, northwind, elsewhere, connection) -> None:
    theirs = PsaConnection.objects.create(account=elsewhere, kind="redmine", name="R", base_url="https://r.example")
    for number, (of, status) in enumerate([(connection, "stalled"), (connection, "open"), (theirs, "Secret")]):
        told = {"status": status}
        TicketCopy.objects.create(account=of.account, connection=of, number=str(number), told=told)
    page = as_user(adam).get(f"/settings/psa/{connection.pk}/")
    assert page.context["form"].known_statuses == ["open", "stalled"]
    assert '<option value="stalled"></option>' in page.content.decode()


def test_the_admin_shows_and_changes_it_with_what_is_posted(as_user, adam, connection) -> None:
    client, address = as_user(adam), reverse("admin:sessions_app_psaconnection_change", args=[connection.pk])
    page = client.get(address).content.decode()
    assert all(f'name="{name}"' in page for name in PsaConnection.BY_ITSELF)
    typed = {"name": "RT", "base_url": "https://rt.example", "is_active": "on", **SET, "note_at_resolution": "on"}
    assert client.post(address, typed).status_code == 302
    assert chosen(connection) == ("Waiting", "In Progress", "Done", True)
    connection.refresh_from_db()
    assert (connection.note_at_escalation, connection.note_at_resolution) == (False, True)


def test_the_forms_say_what_the_ticket_gets(as_user, ana, session, connection) -> None:
    session.psa_connection = connection
    session.save(update_fields=["psa_connection"])
    client = as_user(ana)
    pages = [f"/sessions/{session.pk}/escalate/", f"/sessions/{session.pk}/resolve/"]
    assert not [page for page in pages if "gets the status" in client.get(page).content.decode()]
    PsaConnection.objects.update(status_waiting="Waiting", status_resolved="Done")
    for page, status in zip(pages, ("Waiting", "Done"), strict=True):
        assert f"The ticket gets the status “<bdi>{status}</bdi>”." in client.get(page).content.decode()


def test_nobody_else_changes_it(as_user, connection, bo, eve) -> None:
    for person, answer in ((bo, 403), (eve, 404)):
        sent = {"name": "RT", "base_url": "https://rt.example", "is_active": "on", **SET}
        assert as_user(person).post(f"/settings/psa/{connection.pk}/", sent).status_code == answer
    assert chosen(connection) == NOTHING
