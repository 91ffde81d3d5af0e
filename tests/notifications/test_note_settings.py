"""What a ticket system is told by itself: at an escalation, at a resolution, as its settings say."""

from __future__ import annotations

import pytest
from django.utils import timezone

from handoffs.models import Handoff
from notifications.models import Delivery
from resolutionflow.accounts.models import Account, Event
from sessions_app.models import PsaConnection, Session
from tests.conftest import relay_all, shown_by


def connected(account: Account, kind: str = "request_tracker") -> PsaConnection:
    connection: PsaConnection = PsaConnection.objects.create(
        account=account, name=kind, kind=kind, base_url="https://rt.example", credentials={"token": "1-2-3"}
    )
    return connection


@pytest.fixture
def ticket(session, northwind) -> Session:
    session.psa_connection = connected(northwind)
    session.save(update_fields=["psa_connection"])
    return session


@pytest.mark.parametrize("off", ["note_at_escalation", "note_at_resolution"])
def test_each_is_switched_off_by_itself(ticket, ana, off) -> None:
    PsaConnection.objects.update(**{off: False})
    Handoff.escalate(ticket, ana, notes="Stuck")
    ticket.resolve(ana, resolution="Replaced the router")
    relay_all()
    posted = set(Delivery.objects.notes().values_list("event__kind", flat=True))
    assert posted == {kind for kind, name in PsaConnection.NOTES.items() if name != off}
    assert all(note.internal for note in Delivery.objects.notes())


def test_one_that_waits_is_not_posted_once_it_is_switched_off(ticket, ana) -> None:
    Handoff.escalate(ticket, ana, notes="Stuck")
    relay_all()
    PsaConnection.objects.update(note_at_escalation=False)
    note = Delivery.objects.notes().get()
    Delivery.objects.update(due_at=timezone.now())
    Delivery.run(note.pk)
    note.refresh_from_db()
    assert note.status == "cancelled"
    assert "switched off" in note.error


def test_a_note_that_somebody_wrote_goes_all_the_same(ticket, ana) -> None:
    PsaConnection.objects.update(note_at_escalation=False, note_at_resolution=False)
    assert Delivery.send_note(ticket, ana, body="Called them").status == "pending"


def test_the_subject_says_what_it_is(ticket, ana) -> None:
    Handoff.escalate(ticket, ana, notes="Stuck")
    ticket.resolve(ana, resolution="Replaced the router")
    relay_all()
    Delivery.send_note(ticket, ana, body="Called them")
    Delivery.send_note(ticket, ana, body="We are on it", internal=False)
    subjects = [note.subject for note in Delivery.objects.notes().order_by("id")]
    assert subjects == ["Escalation", "Resolution", "Note", "Update"]


def test_the_settings_show_and_change_both(client, northwind, adam) -> None:
    client.force_login(adam)
    connection = connected(northwind)
    address = f"/settings/psa/{connection.pk}/"
    page = client.get(address)
    assert "Post an internal note by itself" in page.content.decode()
    sent = {**shown_by(page), "is_active": "on", "note_at_escalation": "on"}
    sent.pop("note_at_resolution", None)
    assert client.post(address, sent).status_code == 302
    connection.refresh_from_db()
    assert (connection.note_at_escalation, connection.note_at_resolution) == (True, False)
    assert "note_at_resolution" in Event.objects.filter(kind="connection.changed").latest("seq").facts["fields"]
    assert client.get(address).context["form"]["note_at_resolution"].value() is False


def test_a_new_connection_is_told_both_unless_one_says_otherwise(client, northwind, adam) -> None:
    client.force_login(adam)
    address = "/settings/psa/new/request_tracker/"
    typed = {"name": "RT", "base_url": "https://rt.example", "credential_token": "x"}
    assert client.get(address).context["form"]["note_at_escalation"].value() is True
    client.post(address, {**typed, "note_at_escalation": "on"})
    made = PsaConnection.objects.get()
    assert (made.note_at_escalation, made.note_at_resolution) == (True, False)
    by_code = PsaConnection.connect(
        adam, kind="connectwise", name="CW", base_url="https://x.example", credentials={}, note_at_escalation=False
    )
    assert (by_code.note_at_escalation, by_code.note_at_resolution) == (False, True)
