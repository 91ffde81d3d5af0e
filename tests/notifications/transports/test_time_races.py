"""Clicks and workers at the same moment, on PostgreSQL: one time entry, and never a note and a time entry that say the
same."""

from __future__ import annotations

from uuid import uuid4

import pytest

from notifications.models import Delivery
from sessions_app.models import PsaConnection, Session
from tests.fakes.connectwise import CREDENTIALS, TICKET
from tests.handoffs.test_races import at_once

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ticket(real, session, northwind, fake) -> Session:
    session.psa_connection = PsaConnection.objects.create(
        account=northwind, name="Helpdesk", kind="connectwise", base_url=fake.url, credentials=CREDENTIALS
    )
    session.psa_ticket_id = TICKET
    session.save(update_fields=["psa_connection", "psa_ticket_id"])
    return session


def test_clicks_of_one_form_and_workers_book_once(ticket, ana, fake) -> None:
    key = uuid4()

    def click() -> int:
        fresh = Session.objects.get(pk=ticket.pk)
        return Delivery.send_time(fresh, ana, minutes=45, text="Replaced it", form_key=key).pk

    made = at_once([click] * 6)
    assert len(set(made)) == Delivery.objects.count() == 1
    at_once([lambda: Delivery.run(made[0])] * 6)
    assert Delivery.objects.get().status == "done"
    assert len(fake.times) == len(fake.posts) == 1


def test_a_note_and_a_time_entry_that_say_the_same_are_never_both_made(ticket, ana, bo) -> None:
    def fresh() -> Session:
        return Session.objects.get(pk=ticket.pk)

    at_once([
        lambda: Delivery.send_note(fresh(), bo, body="Replaced it"),
        lambda: Delivery.send_time(fresh(), ana, minutes=5, text="Replaced it."),
    ] * 3)  # fmt: skip
    assert Delivery.objects.order_by().values("kind").distinct().count() == 1
