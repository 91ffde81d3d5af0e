"""Time worked: booked once whatever happens, or visibly failed; and never with the text of a note."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from notifications.models import Delivery, Notification
from notifications.note import note_body
from notifications.relay import relay
from resolutionflow.accounts.models import Event
from resolutionflow.core.refusals import Invalid, NotAllowed, WrongState
from sessions_app.models import MemberMapping, PsaConnection
from tests.conftest import relay_all
from tests.fakes.connectwise import TICKET
from tests.notifications.transports.test_note import dead_worker, helpdesk, run, ticket  # noqa: F401  fixtures


@pytest.fixture
def entry(ticket, ana) -> Delivery:
    return Delivery.send_time(ticket, ana, minutes=45, text="Replaced the router")


# once


def test_it_is_booked_and_is_an_event(entry, fake, client, ana) -> None:
    done = run(entry)
    assert (done.status, done.remote_id, done.error, done.maybe_sent) == ("done", "91000", "", False)
    [booked] = fake.times
    assert booked["notes"] == f"Replaced the router.\nWritten by Ana Tester.\n[rf:{entry.marker}]"
    assert (booked["actualHours"], booked["addToInternalAnalysisFlag"]) == (0.75, True)
    assert (fake.notes, fake.mails) == ([], 0), "no note is made of it, and nobody is mailed"
    event = Event.objects.get(kind="time.posted")
    assert (event.facts["minutes"], event.facts["remote_id"], event.facts["internal"]) == (45, "91000", True)
    client.force_login(ana)
    page = client.get(f"/sessions/{entry.session_id}/").content.decode()
    assert "45 min of Ana Tester were booked on ticket 5001" in page
    relay_all()
    assert not Delivery.objects.exclude(pk=entry.pk).exists(), "nobody is mailed about it here, either"


@pytest.mark.parametrize("lost", ["store-then-drop", "store-then-hang", "store-then-500"])
def test_a_lost_answer_is_looked_up_not_booked_again(entry, fake, impatient, lost) -> None:
    fake.script = [lost]
    waits = run(entry)
    assert (waits.status, waits.maybe_sent) == ("pending", True)
    assert not Event.objects.filter(kind__startswith="time.").exists()
    done = run(waits)
    assert (done.status, done.remote_id, done.maybe_sent) == ("done", "91000", False)
    assert len(fake.times) == len(fake.posts) == 1


@pytest.mark.parametrize("lost", ["drop", "hang", 500, 503, "nonsense"])
def test_what_turns_out_not_to_have_landed_is_booked_after_all(entry, fake, impatient, lost) -> None:
    fake.script = [lost]
    assert run(run(entry)).status == "done"
    assert len(fake.times) == 1


def test_a_worker_that_died_while_sending_may_have_booked(entry, fake) -> None:
    run(entry)
    dead_worker(entry, "sending")
    Delivery.objects.filter(pk=entry.pk).update(remote_id="")
    assert run(entry).remote_id == "91000"
    assert len(fake.posts) == 1


@pytest.mark.parametrize("status", ["running", "sending"])
def test_a_worker_that_died_before_booking_is_replaced(entry, fake, status) -> None:
    dead_worker(entry, status)
    assert run(entry).status == "done"
    assert len(fake.times) == 1


def test_a_task_that_is_delivered_twice_books_once(entry, fake) -> None:
    run(entry)
    assert Delivery.run(entry.pk) is None
    assert len(fake.posts) == 1


def test_another_key_text_or_rounding_between_two_tries_changes_nothing(entry, fake, settings, helpdesk, ana) -> None:
    fake.script = ["store-then-drop"]
    assert run(entry).maybe_sent
    settings.SECRET_KEY = "quite another one, after a rotation of keys" * 2
    PsaConnection.objects.update(time_unit=30, options={"lines": "mark"})
    MemberMapping.objects.create(account=ana.account, connection=helpdesk, user=ana, identifier="ana")
    assert run(entry).status == "done"
    assert len(fake.times) == len(fake.posts) == 1


def test_a_look_up_that_fails_books_nothing_blind(entry, fake, helpdesk) -> None:
    fake.script = ["store-then-drop"]
    run(entry)
    PsaConnection.objects.update(base_url="http://127.0.0.1:9")
    for _unused in range(5):
        helpdesk.open()
        entry = run(entry)
    assert entry.status == "failed"
    assert entry.error.startswith("May have been sent. ")
    PsaConnection.objects.update(base_url=fake.url)
    entry.retry()
    assert run(entry).status == "done"
    assert len(fake.times) == len(fake.posts) == 1


def test_a_refusal_fails_with_its_reason_and_can_be_tried_again(entry, fake, lea, ana, client) -> None:
    Delivery.objects.filter(pk=entry.pk).update(address="77")
    failed = run(entry)
    assert (failed.status, failed.maybe_sent) == ("failed", False)
    assert Event.objects.get(kind="time.failed").facts["error"] == failed.error
    relay(Event.objects.get(kind="time.failed").pk)
    assert Notification.objects.first().title.startswith("Time of Ana Tester was not booked on #5001 ")
    assert set(Delivery.objects.filter(kind="email").values_list("recipient__name", flat=True)) == {
        "Ana Tester", "Lea Tester",
    }  # fmt: skip
    client.force_login(ana)
    page = client.get(f"/sessions/{entry.session_id}/").content.decode()
    assert f"/deliveries/{entry.pk}/retry/" in page
    assert "45 min of Ana Tester could not be booked on ticket 77: ConnectWise PSA has no such ticket" in page
    Delivery.objects.filter(pk=entry.pk).update(address=TICKET)
    assert client.post(f"/deliveries/{entry.pk}/retry/").status_code == 302
    assert run(entry).status == "done"
    assert len(fake.times) == 1


def test_what_failed_of_a_ticket_system_is_sent_again_at_once_but_what_is_there(
    entry, ticket, ana, adam, fake, client
) -> None:
    shown = Delivery.send_note(ticket, ana, body="Called them")
    fake.ignores_internal = True
    assert run(shown).landed_wrongly
    fake.ignores_internal = False
    fake.denied = {"time"}
    assert run(entry).status == "failed"
    assert PsaConnection.objects.with_failed().get().failed_deliveries == 2
    fake.denied = set()
    assert Delivery.retry_all(ticket.psa_connection, adam) == 1
    assert run(entry).status == "done"
    assert Delivery.objects.get(pk=shown.pk).status == "failed"
    client.force_login(adam)
    page = client.get("/settings/psa/").content.decode()
    assert "1 delivery there failed" in page
    assert "Send all again" not in page, "nothing is left that can be"


@pytest.mark.parametrize("script", [[], ["store-then-drop"]])
def test_time_that_the_client_was_shown_is_no_success_and_never_booked_again(entry, fake, lea, script) -> None:
    fake.ignores_internal, fake.script = True, list(script)
    failed = run(entry)
    if failed.status == "pending":
        failed = run(failed)
    assert (failed.status, failed.remote_id, failed.maybe_sent) == ("failed", "91000", False)
    assert failed.error.startswith("ConnectWise PSA shows this time entry to the client, against what was asked.")
    with pytest.raises(WrongState, match="write another"):
        failed.retry_by(lea)
    assert len(fake.posts) == 1


def test_too_many_requests_waits_as_long_as_asked(entry, fake) -> None:
    fake.script = [429]
    waits = run(entry)
    assert (waits.status, waits.maybe_sent) == ("pending", False)
    assert waits.due_at > timezone.now() + timedelta(seconds=25)


# whose it is, and when it was


def test_it_is_the_technicians_where_they_are_known(ticket, ana, helpdesk, fake) -> None:
    MemberMapping.objects.create(account=ana.account, connection=helpdesk, user=ana, identifier="ana")
    run(Delivery.send_time(ticket, ana, minutes=5, text="Replaced the router"))
    assert fake.times[0]["member"]["identifier"] == "ana"
    assert fake.times[0]["notes"].startswith("Replaced the router\n[rf:")


def test_it_ends_where_the_work_did(ticket, ana, lea, time_machine) -> None:
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    ticket.resolve(ana, resolution="Replaced the router")
    time_machine.shift(timedelta(hours=3))
    for who in (ana, lea):
        made = Delivery.send_time(ticket, who, minutes=30, text="Replaced the router")
        assert abs(made.started_at - (ticket.finished_at - timedelta(minutes=30))) < timedelta(seconds=1)


def test_it_is_booked_on_the_day_of_the_accounts_zone(entry, fake, northwind) -> None:
    Delivery.objects.update(started_at=datetime(2026, 11, 23, 23, 30, tzinfo=UTC))
    northwind.time_zone = "Europe/Oslo"
    northwind.save(update_fields=["time_zone"])
    run(entry)
    assert fake.times[0]["timeStart"] == "2026-11-23T23:30:00Z"
    assert fake.times[0]["timeEnd"] == "2026-11-24T00:15:00Z"


# never the text of a note


@pytest.mark.parametrize("state", ["pending", "sending", "done", "failed"])
def test_a_note_that_says_the_same_is_refused_whatever_became_of_it(ticket, ana, bo, fake, state) -> None:
    note = Delivery.send_note(ticket, bo, body="Replaced  the router.\nCalled them")
    Delivery.objects.filter(pk=note.pk).update(status=state)
    with pytest.raises(Invalid, match="says the same"):
        Delivery.send_time(ticket, ana, minutes=5, text="replaced the router. Called them.\u200b")
    Delivery.objects.filter(pk=note.pk).update(status="cancelled")
    assert Delivery.send_time(ticket, ana, minutes=5, text="Replaced the router. Called them")


def test_a_note_is_refused_the_text_of_a_time_entry(entry, ticket, bo) -> None:
    with pytest.raises(Invalid, match="says the same"):
        Delivery.send_note(ticket, bo, body="Replaced the router.")
    assert Delivery.send_note(ticket, bo, body="Replaced the router again.")


def test_what_the_note_of_a_resolution_will_say_is_known_before_it_leaves(
    ticket, ana, django_assert_num_queries
) -> None:
    ticket.resolve(ana, resolution="Fixed")
    relay_all()
    note = Delivery.objects.notes().get()
    assert (note.status, note.body) == ("pending", "")
    assert Delivery.says(ticket, note_body(note), kind="note")
    with django_assert_num_queries(1):
        assert not Delivery.says(ticket, "Ana Tester resolved this.", kind="note")


# who, what and how much


def test_secrets_do_not_leave(ticket, ana, fake) -> None:
    run(Delivery.send_time(ticket, ana, minutes=5, text="Set password: Kangaroo-7 on it\u202e"))
    assert "Set password: [REDACTED:PASSWORD#1] on it" in fake.times[0]["notes"]
    assert "Kangaroo" not in Delivery.objects.get().body


def test_it_needs_a_text_minutes_an_engineer_and_a_ticket(ticket, ana, vic) -> None:
    for minutes in (0, -5, 1_441):
        with pytest.raises(Invalid, match="from 1 to 1,440"):
            Delivery.send_time(ticket, ana, minutes=minutes, text="x")
    with pytest.raises(Invalid, match="1,000 fit"):
        Delivery.send_time(ticket, ana, minutes=5, text="x" * 1_001)
    with pytest.raises(Invalid, match="what was done"):
        Delivery.send_time(ticket, ana, minutes=5, text=" \u200b")
    with pytest.raises(NotAllowed):
        Delivery.send_time(ticket, vic, minutes=5, text="x")
    ticket.psa_ticket_id = ""
    ticket.save()
    with pytest.raises(WrongState):
        Delivery.send_time(ticket, ana, minutes=5, text="x")
    assert not Delivery.objects.exists()


def test_the_database_keeps_minutes_to_time_entries(entry, northwind) -> None:
    for wrong in ({"minutes": None}, {"minutes": 0}, {"minutes": 1441}, {"kind": "note"}, {"started_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delivery.objects.filter(pk=entry.pk).update(**wrong)


def test_it_is_work_that_renews_the_lease(ticket, claimed, bo) -> None:
    claimed.session.refresh_from_db()
    before = timezone.now() + timedelta(minutes=1)
    type(claimed).objects.filter(pk=claimed.pk).update(lease_until=before)
    Delivery.send_time(claimed.session, bo, minutes=5, text="Looked at it")
    claimed.refresh_from_db()
    assert claimed.lease_until > before
