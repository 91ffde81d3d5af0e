"""Ticket notes and the budget, the rest and the key of their connection: they wait for their turn, and none fails of
waiting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from notifications.models import Delivery, Notification
from resolutionflow.accounts.models import Event, User
from sessions_app.models import ConnectionCheck, PsaConnection, TicketCopy, TicketSearch
from sessions_app.models.gate import FEW, RESTS
from tests.conftest import relay_all
from tests.fakes.connectwise import CREDENTIALS, TICKET, ConnectWise

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Time stands, and is moved."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def connect(account, fake: ConnectWise, name: str = "Helpdesk", **fields) -> PsaConnection:
    fields = {"kind": "connectwise", "base_url": fake.url, "credentials": CREDENTIALS, **fields}
    made: PsaConnection = PsaConnection.objects.create(account=account, name=name, **fields)
    return made


def notes(connection: PsaConnection, count: int) -> list[Delivery]:
    return [
        Delivery.objects.create(
            account=connection.account, kind="note", connection=connection, address=TICKET, body=f"Note {number}"
        )
        for number in range(count)
    ]


def sweep() -> None:
    """As the sweep has it done, all that is due."""
    for pk in list(Delivery.objects.notes().due().values_list("pk", flat=True)):
        Delivery.run(pk)


def statuses() -> set[str]:
    return set(Delivery.objects.notes().values_list("status", flat=True))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def run(work):
    type(work).run(work.pk)
    work.refresh_from_db()
    return work


# budget


@pytest.mark.thorough
def test_200_notes_on_a_connection_limited_to_60_a_minute(northwind, fake, clock):
    notes(connect(northwind, fake, calls_per_minute=60), 200)
    calls: list[datetime] = []
    while "pending" in statuses():
        sweep()
        calls += [timezone.now()] * (len(fake.requests) - len(calls))
        clock.shift(5)
    assert (statuses(), len(fake.notes), len(calls)) == ({"done"}, 200, 400)
    minute = timedelta(minutes=1)
    assert max(sum(at <= later < at + minute for later in calls) for at in calls) <= 60
    assert calls[-1] - calls[0] < 400 / 48 * minute * 1.2, "and little of the budget is left unused"


def test_notes_out_of_budget_come_back_one_by_one_and_have_not_been_tried(northwind, fake, clock):
    notes(connect(northwind, fake, calls_per_minute=60), 100)
    sweep()
    waiting = Delivery.objects.filter(status="pending")
    assert 90 < waiting.count() < 100
    assert set(waiting.values_list("tries", "maybe_sent")) == {(0, False)}
    due = sorted(waiting.values_list("due_at", flat=True))
    assert all(later - one >= timedelta(seconds=1.25) for one, later in pairwise(due))
    assert "limited to 60 calls a minute" in waiting[0].error


def test_another_connection_is_not_delayed(northwind, elsewhere, fake, clock):
    notes(connect(northwind, fake, calls_per_minute=20), 30)
    others = [connect(northwind, fake, "Second"), connect(elsewhere, fake, "Theirs")]
    theirs = [note.pk for other in others for note in notes(other, 1)]
    sweep()
    assert set(Delivery.objects.filter(pk__in=theirs).values_list("status", flat=True)) == {"done"}
    assert Delivery.objects.filter(status="pending").count() > 20


def test_who_looks_up_a_ticket_is_not_behind_the_notes(northwind, fake, clock):
    helpdesk = connect(northwind, fake, calls_per_minute=60)
    notes(helpdesk, 100)
    sweep()
    copy = run(TicketCopy.objects.create(account=northwind, connection=helpdesk, number=TICKET))
    assert (copy.status, copy.state) == ("done", "found")


# rest


def silent(connection: PsaConnection) -> None:
    PsaConnection.objects.filter(pk=connection.pk).update(base_url="http://127.0.0.1:9")


def test_a_system_that_fails_rests_and_comes_back_by_itself(northwind, fake, clock, ana):
    helpdesk = connect(northwind, fake)
    notes(helpdesk, 20)
    silent(helpdesk)
    sweep()
    helpdesk.refresh_from_db()
    assert (helpdesk.is_resting, helpdesk.failures, helpdesk.failing_since) == (True, FEW, NOON)
    assert helpdesk.rests_until == NOON + timedelta(seconds=RESTS[0])
    tried = sorted(Delivery.objects.values_list("tries", flat=True))
    assert tried == [0] * 15 + [1] * FEW, "nobody else has tried"
    assert Delivery.objects.filter(tries=0, due_at__gt=helpdesk.rests_until).count() == 15

    asked = [
        run(TicketCopy.objects.create(account=northwind, connection=helpdesk, number=TICKET)),
        run(TicketSearch.objects.create(account=northwind, connection=helpdesk, words="VPN", asked_by=ana)),
    ]
    assert [one.state for one in asked] == ["unreachable", "unreachable"]
    assert [one.status for one in asked] == ["pending", "failed"]
    assert all("Helpdesk rests" in one.error and "12:00 UTC" in one.error for one in asked)

    for seconds in RESTS[1:] + RESTS[-1:]:
        clock.move_to(helpdesk.rests_until + timedelta(seconds=1))
        before = sum(Delivery.objects.values_list("tries", flat=True))
        Delivery.objects.filter(status="pending").update(due_at=timezone.now())
        sweep()
        assert sum(Delivery.objects.values_list("tries", flat=True)) == before + 1, "one tries whether it is over"
        helpdesk.refresh_from_db()
        assert helpdesk.rests_until == timezone.now() + timedelta(seconds=seconds)

    PsaConnection.objects.update(base_url=fake.url)
    clock.move_to(helpdesk.rests_until + timedelta(seconds=1))
    for _unused in range(150):
        sweep()
        clock.shift(60)
    helpdesk.refresh_from_db()
    assert (helpdesk.is_resting, helpdesk.failures, helpdesk.last_error) == (False, 0, "")
    assert (statuses(), len(fake.notes)) == ({"done"}, 20)


def test_what_the_system_refuses_is_no_failure_of_it(northwind, fake, clock):
    helpdesk = connect(northwind, fake)
    Delivery.objects.filter(pk__in=[note.pk for note in notes(helpdesk, FEW + 1)]).update(address="77")
    sweep()
    helpdesk.refresh_from_db()
    assert (statuses(), helpdesk.failures, helpdesk.is_resting) == ({"failed"}, 0, False)


def test_a_system_that_is_busy_is_left_alone_by_all_for_as_long_as_it_asked(northwind, fake, clock):
    helpdesk = connect(northwind, fake)
    fake.script = [429]
    notes(helpdesk, 3)
    sweep()
    helpdesk.refresh_from_db()
    assert helpdesk.rests_until == NOON + timedelta(seconds=30)
    assert len(fake.posts) == 1
    clock.shift(31)
    for _unused in range(20):
        sweep()
        clock.shift(5)
    assert statuses() == {"done"}


def test_a_check_goes_through_a_rest_and_ends_it(northwind, fake, clock, adam):
    helpdesk = connect(northwind, fake)
    silent(helpdesk)
    notes(helpdesk, 10)
    sweep()
    PsaConnection.objects.update(base_url=fake.url)
    run(ConnectionCheck.ask(helpdesk, adam))
    helpdesk.refresh_from_db()
    assert (helpdesk.is_resting, helpdesk.check_error) == (False, "")
    assert Delivery.objects.notes().due().count() == 5, "what has waited is due; what was tried waits as it did"


def test_the_one_that_tries_may_die(northwind, fake, clock):
    helpdesk = connect(northwind, fake, rests_until=NOON, failing_since=NOON, failures=FEW, rests=1)
    clock.shift(1)
    assert helpdesk.try_once(timezone.now()) is not None
    assert helpdesk.try_once(timezone.now()) is None
    (note,) = notes(helpdesk, 1)
    assert run(note).status == "pending"
    clock.shift(70)
    assert run(note).status == "done"


# a refused key


def test_with_a_refused_key_notes_wait_and_the_admins_are_told_once(
    northwind, fake, clock, ana, lea, olga, adam, mailoutbox
):
    helpdesk = connect(northwind, fake, credentials={**CREDENTIALS, "private_key": "another-secret"})
    notes(helpdesk, 5)
    for _unused in range(3):
        sweep()
        relay_all()
        clock.shift(1200)
    assert (statuses(), set(Delivery.objects.notes().values_list("tries", flat=True))) == ({"pending"}, {0})
    assert len([one for one in fake.requests if "apis" in one["path"]]) == 1, "it was asked once"
    event = Event.objects.get(kind="connection.refused")
    assert event.facts == {"connection": helpdesk.pk, "name": "Helpdesk", "kind": "connectwise"}
    lines = Notification.objects.filter(event=event)
    assert {line.user for line in lines} == {olga, adam}
    assert lines[0].get_absolute_url() == "/settings/psa/"
    mails = Delivery.objects.filter(kind="email", event=event)
    assert {run(mail).recipient for mail in mails} == {olga, adam}
    assert "Helpdesk refuses its key" in mailoutbox[0].subject
    assert "/settings/psa/" in mailoutbox[0].body

    helpdesk.refresh_from_db()
    helpdesk.change(adam, name="Helpdesk", base_url=fake.url, credentials=CREDENTIALS)
    assert not helpdesk.is_held
    sweep()
    assert (statuses(), len(fake.notes)) == ({"done"}, 5)


def test_another_name_does_not_mend_a_key_and_a_check_does(northwind, fake, clock, adam):
    helpdesk = connect(northwind, fake)
    helpdesk.refuse("It does not accept the credentials.")
    helpdesk.refresh_from_db()
    helpdesk.change(adam, name="Desk", base_url=fake.url, credentials={})
    assert PsaConnection.objects.get().is_held
    run(ConnectionCheck.ask(helpdesk, adam))
    assert not PsaConnection.objects.get().is_held


def test_a_check_with_a_wrong_key_says_so_and_calls_nobody(northwind, fake, clock, adam):
    helpdesk = connect(northwind, fake, credentials={**CREDENTIALS, "client_id": "mistyped"})
    check = run(ConnectionCheck.ask(helpdesk, adam))
    assert "does not accept the credentials" in check.error
    assert not Event.objects.filter(kind="connection.refused").exists()


def test_a_secret_that_is_repeated_to_us_is_shown_nowhere(northwind, fake, clock, adam):
    helpdesk = connect(northwind, fake, credentials={**CREDENTIALS, "private_key": "denied"})  # it says that word
    (note,) = notes(helpdesk, 1)
    check = run(ConnectionCheck.ask(helpdesk, adam))
    helpdesk.refresh_from_db()
    for said in (run(note).error, check.error, helpdesk.check_error):
        assert "Authorization has been …" in said
    helpdesk.refresh_from_db()
    assert "denied" not in helpdesk.last_error


# again


def test_the_settings_say_what_holds_it_and_all_failed_notes_are_sent_again(northwind, fake, adam, bo, eve):
    helpdesk = connect(northwind, fake, credentials={**CREDENTIALS, "private_key": "7c1f-very-secret"})
    Delivery.objects.filter(pk__in=[note.pk for note in notes(helpdesk, 3)]).update(status="failed", error="x")
    PsaConnection.objects.update(
        failing_since=NOON, rests_until=NOON + timedelta(minutes=5), last_error="Helpdesk answered 503."
    )
    page = signed_in(adam).get("/settings/psa/").content.decode()
    for words in ("rests", "Helpdesk answered 503.", "Try now", "3 deliveries there failed", "Send all again"):
        assert words in page
    assert helpdesk.credentials["private_key"] not in page
    assert "Send all again" not in signed_in(bo).get("/settings/psa/").content.decode()
    again = f"/settings/psa/{helpdesk.pk}/retry/"
    assert [signed_in(user).post(again).status_code for user in (bo, eve)] == [403, 404]
    assert signed_in(adam).post(again).status_code == 302
    assert statuses() == {"pending"}
