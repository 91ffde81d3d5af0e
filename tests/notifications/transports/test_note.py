"""The ticket note: once in the ticket whatever happens, or visibly failed; and what it says."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from django.utils import timezone

from handoffs.models import Handoff
from notifications import note, wording
from notifications.models import Delivery
from notifications.relay import relay
from resolutionflow.accounts.models import Event
from resolutionflow.core import clock
from resolutionflow.core.refusals import Invalid, NotAllowed, WrongState
from sessions_app.models import MemberMapping, PsaConnection, Session, Step, TechnicianList
from tests.conftest import summarised
from tests.fakes.connectwise import CREDENTIALS, TICKET


@pytest.fixture
def helpdesk(northwind, fake) -> PsaConnection:
    return PsaConnection.objects.create(
        account=northwind, name="Helpdesk", kind="connectwise", base_url=fake.url, credentials=CREDENTIALS
    )


@pytest.fixture
def ticket(session, helpdesk) -> Session:
    """Ana's session, its ticket in the fake."""
    session.psa_connection, session.psa_ticket_id = helpdesk, TICKET
    session.save(update_fields=["psa_connection", "psa_ticket_id"])
    return session


@pytest.fixture
def delivery(ticket, ana, bo) -> Delivery:
    """The note of Ana's escalation, written by the relay."""
    Handoff.escalate(ticket, ana, notes="I am stuck, it looks like the tunnel itself.", priority=1)
    return relayed("handoff.escalated")


def relayed(kind: str) -> Delivery:
    event = Event.objects.filter(kind=kind).latest("seq")
    relay(event.pk)
    return Delivery.objects.notes().get(event=event)


def run(delivery: Delivery) -> Delivery:
    """As a worker does, when it is due."""
    Delivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now())
    Delivery.run(delivery.pk)
    return Delivery.objects.get(pk=delivery.pk)


def dead_worker(delivery: Delivery, status: str) -> None:
    """A worker took it, wrote `status`, and died long ago."""
    Delivery.objects.filter(pk=delivery.pk).update(
        status=status, attempt=1, taken_at=timezone.now() - Delivery.time_limit - timedelta(seconds=1)
    )


# once


def test_it_lands_and_is_an_event(delivery, fake):
    done = run(delivery)
    assert (done.status, done.remote_id, done.error) == ("done", "88000", "")
    assert Event.objects.get(kind="note.posted").facts["remote_id"] == "88000"
    assert [found["text"].split("[rf:")[1] for found in fake.notes] == [f"{delivery.marker}]"]


@pytest.mark.parametrize("lost", ["store-then-drop", "store-then-hang", "store-then-500"])
def test_a_lost_answer_is_looked_up_not_posted_again(delivery, fake, impatient, lost):
    fake.script = [lost]
    waits = run(delivery)
    assert (waits.status, waits.maybe_sent) == ("pending", True)
    assert waits.due_at > timezone.now() + timedelta(seconds=9)
    assert not Event.objects.filter(kind__startswith="note.").exists()
    done = run(waits)
    assert (done.status, done.remote_id, done.maybe_sent) == ("done", "88000", False)
    assert len(fake.notes) == len(fake.posts) == 1


@pytest.mark.parametrize("lost", ["drop", "hang", 500, 503])
def test_what_turns_out_not_to_have_landed_is_posted_after_all(delivery, fake, impatient, lost):
    fake.script = [lost]
    assert run(run(delivery)).status == "done"
    assert len(fake.notes) == 1


def test_a_worker_that_died_while_sending_may_have_posted(delivery, fake):
    fake.store({"text": f"by the dead one [rf:{delivery.marker}]", "internalAnalysisFlag": True})
    dead_worker(delivery, "sending")
    assert run(delivery).remote_id == "88000"
    assert fake.posts == []


def test_a_new_secret_key_between_two_tries_posts_nothing_twice(delivery, fake, settings):
    fake.script = ["store-then-drop"]
    assert run(delivery).maybe_sent
    settings.SECRET_KEY = "quite another one, after a rotation of keys" * 2
    assert run(delivery).status == "done"
    assert len(fake.notes) == len(fake.posts) == 1


@pytest.mark.parametrize("status", ["running", "sending"])
def test_a_worker_that_died_before_posting_is_replaced(delivery, fake, status):
    dead_worker(delivery, status)
    assert run(delivery).status == "done"
    assert len(fake.notes) == 1


def test_a_look_up_that_fails_is_tried_again_and_nothing_is_posted_blind(delivery, fake, helpdesk):
    fake.script = ["store-then-drop"]
    run(delivery)
    helpdesk.base_url = "http://127.0.0.1:9"
    helpdesk.save(update_fields=["base_url"])
    for _unused in range(5):
        helpdesk.open()  # somebody presses Try now each time
        delivery = run(delivery)
    assert delivery.status == "failed"
    assert delivery.error.startswith("May have been sent. ")
    helpdesk.base_url = fake.url
    helpdesk.save(update_fields=["base_url"])
    delivery.retry()
    assert run(delivery).status == "done"
    assert len(fake.notes) == len(fake.posts) == 1


def test_a_note_that_cannot_be_looked_for_may_have_been_sent_and_is_not_posted_again(delivery, fake):
    fake.script = ["store-then-drop"]
    waits = run(delivery)
    for number in range(500):
        fake.store({"text": f"newer {number}", "internalAnalysisFlag": True})
    failed = run(waits)
    assert (failed.status, failed.maybe_sent) == ("failed", True)
    assert failed.error.startswith("May have been sent. ConnectWise PSA has more than 500 notes there")
    failed.retry()
    assert run(failed).status == "failed"
    assert len(fake.posts) == 1


def test_a_long_note_that_broke_off_is_completed(delivery, fake):
    Delivery.objects.filter(pk=delivery.pk).update(body="\n".join(f"line {number}" for number in range(1000)))
    fake.script = [None, "store-then-drop"]
    assert run(run(delivery)).status == "done"
    assert [found["text"][:5] for found in fake.notes] == ["(1/3)", "(2/3)", "(3/3)"]


@pytest.mark.parametrize("script", [[None, "store-then-drop"], [None, "drop"], [None, 400]])
@pytest.mark.parametrize(("before", "after"), [(2000, 4000), (4000, 2000)])
def test_another_length_of_notes_between_attempts_loses_and_doubles_nothing(
    delivery, fake, helpdesk, script, before, after
):
    """A part that is in the ticket fits no other cut: part 1 of 3 and part 2 of 2 are no note."""
    lines = [f"line {number:04}" for number in range(600)]
    Delivery.objects.filter(pk=delivery.pk).update(body="\n".join(lines))
    set_options(helpdesk, note_length=str(before))
    fake.script = list(script)
    broke_off = run(delivery)
    set_options(helpdesk, note_length=str(after), lines="mark")
    if broke_off.status == "failed":
        broke_off.retry()
    done = run(broke_off)
    assert (done.status, done.parts) == ("done", [])
    landed = [found["text"].split("\n[rf:")[0].split("\n", 1)[1] for found in fake.notes]
    assert "\n".join(landed).split("\n") == lines


def test_a_note_of_which_nothing_landed_is_cut_anew(delivery, fake, helpdesk):
    """It may have been refused because it was too long."""
    Delivery.objects.filter(pk=delivery.pk).update(body="\n".join(f"line {number:04}" for number in range(300)))
    set_options(helpdesk, note_length="4000")
    fake.script = [400]
    refused = run(delivery)
    assert (refused.status, fake.notes) == ("failed", [])
    set_options(helpdesk, note_length="2000")
    refused.retry()
    assert run(refused).status == "done"
    assert [found["text"][:5] for found in fake.notes] == ["(1/2)", "(2/2)"]


def set_options(connection: PsaConnection, **options: str) -> None:
    PsaConnection.objects.filter(pk=connection.pk).update(options=options)


@pytest.mark.parametrize("script", [[], ["store-then-drop"]])
def test_a_note_that_the_client_was_shown_is_no_success_and_never_posted_again(delivery, fake, lea, client, script):
    fake.ignores_internal, fake.script = True, list(script)
    failed = run(delivery)
    if failed.status == "pending":
        failed = run(failed)
    assert (failed.status, failed.remote_id, failed.maybe_sent) == ("failed", "88000", False)
    assert failed.error.startswith("ConnectWise PSA shows this note to the client, against what was asked.")
    assert Event.objects.get(kind__startswith="note.").kind == "note.failed"
    with pytest.raises(WrongState, match="write another"):
        failed.retry_by(lea)
    client.force_login(lea)
    page = client.get(f"/handoffs/{delivery.handoff_id}/").content.decode()
    assert "shows this note to the client" in page
    assert f"/deliveries/{delivery.pk}/retry/" not in page
    assert len(fake.posts) == 1


def test_nothing_is_sent_while_the_system_cannot_be_reached(delivery, fake, helpdesk):
    helpdesk.base_url = "http://127.0.0.1:9"
    helpdesk.save(update_fields=["base_url"])
    waits = run(delivery)
    assert (waits.status, waits.maybe_sent) == ("pending", False)
    assert "cannot be reached" in waits.error


def test_too_many_requests_waits_as_long_as_asked(delivery, fake):
    fake.script = [429]
    waits = run(delivery)
    assert (waits.status, waits.maybe_sent) == ("pending", False)
    assert waits.due_at > timezone.now() + timedelta(seconds=25)


def test_a_refusal_fails_with_its_reason_and_can_be_retried(delivery, fake, ticket, lea):
    Delivery.objects.filter(pk=delivery.pk).update(address="77")
    failed = run(delivery)
    assert (failed.status, failed.maybe_sent) == ("failed", False)
    assert "no such ticket" in failed.error
    assert Event.objects.get(kind="note.failed").facts["error"] == failed.error
    Delivery.objects.filter(pk=delivery.pk).update(address=TICKET)
    failed.retry_by(lea)
    assert run(delivery).status == "done"


def test_a_connection_switched_off_is_said(delivery, helpdesk):
    PsaConnection.objects.filter(pk=helpdesk.pk).update(is_active=False)
    assert "switched off" in run(delivery).error


def test_a_claim_does_not_stop_it(delivery, bo):
    delivery.handoff.claim(bo)
    assert run(delivery).status == "done"


def test_a_withdrawal_does(delivery, ana, fake):
    delivery.handoff.withdraw(ana)
    assert run(delivery).status == "cancelled"
    assert fake.posts == []


def test_one_that_landed_before_the_withdrawal_is_not_called_cancelled(delivery, ana, fake):
    fake.script = ["store-then-drop"]
    waits = run(delivery)
    delivery.handoff.withdraw(ana)
    assert run(waits).status == "done"


# what it says


def test_it_says_when_it_is_due_and_where(delivery, session, ana, northwind):
    northwind.time_zone = "Europe/Oslo"
    northwind.save(update_fields=["time_zone"])
    session.change(ana, due_at=datetime(2026, 12, 1, 16, tzinfo=UTC))
    delivery = Delivery.objects.get(pk=delivery.pk)
    assert "Device: NL-FW01.\nDue: 1 Dec 2026 17:00 (Europe/Oslo).\n" in note.note_body(delivery)
    mail = wording.event_body(delivery.event, delivery.session, delivery.handoff, why="")
    assert "\nDue: 1 Dec 2026 17:00 (Europe/Oslo)\n" in mail


def test_it_is_made_of_the_recorded_facts(delivery, fake, settings):
    text = note.note_body(delivery)
    assert text.startswith("Ana Tester escalated this to whoever is free. Priority: high.\nReason: I am stuck")
    assert "Problem: VPN drops every ten minutes for two users" in text
    assert "Client: Northgate Legal.\nDevice: NL-FW01." in text
    assert text.index("- s2, unclear") < text.index("- s1, failed") < text.index("To do:\n- s3: Ask the user")
    assert "- s1, failed: Restarted the VPN service: error 809 again.\n" in text
    assert "Last error: error 809 again (s1)" in text
    assert f"{settings.SITE_URL}/handoffs/{delivery.handoff_id}/" in text
    assert "AI-generated" not in text


def test_the_reading_is_marked_and_its_links_lead_nowhere(delivery):
    cause = {"text": "The tunnel", "evidence": ["s1"]}
    words = {"summary_prose": "See https://evil.example/fix now.", "confidence": "low", "likely_cause": cause}
    summarised(delivery.handoff, **words)
    text = note.note_body(Delivery.objects.get(pk=delivery.pk))
    facts, reading = text.split("AI-generated, unverified")
    assert "The tunnel" in reading
    assert "hxxps://evil.example" in reading
    assert "The tunnel" not in facts


def test_secrets_and_hidden_characters_do_not_leave(ticket, ana, bo, fake):
    ticket.add_step(ana, text="Set the password: Summer2026! on it\u202e\u200b", free_text="Bearer abcdef123456")
    Handoff.escalate(ticket, ana, notes="The router\u2066 has password is Kangaroo-7")
    assert run(relayed("handoff.escalated")).status == "done"
    sent = json.loads(fake.posts[0]["body"])["text"]
    hidden = ("Summer2026", "abcdef123456", "Kangaroo", "\u202e", "\u2066", "\u200b")
    assert not [secret for secret in hidden if secret in sent]
    assert "Summer2026!" in Step.objects.latest("order").text  # stored as typed


def test_a_long_trail_is_cut_visibly(delivery, ticket, ana):
    for number in range(60):
        ticket.add_step(ana, text=f"Tried thing {number} " + "x" * 2000, outcome="failed")
    text = note.note_body(delivery)
    assert "22 earlier steps are left out here." in text
    assert len(text) < 20_000


def test_what_was_resolved_says_what_fixed_it(ticket, ana):
    ticket.resolve(ana, resolution="Replaced the router", root_cause="Overheated")
    text = note.note_body(relayed("session.resolved"))
    assert text.startswith("Ana Tester resolved this.\nWhat fixed it: Replaced the router.\nRoot cause: Overheated.\n")
    assert f"/sessions/{ticket.pk}/" in text


def test_its_author_is_named_where_they_are_mapped(delivery, ana, helpdesk, fake):
    MemberMapping.objects.create(account=ana.account, connection=helpdesk, user=ana, identifier="ana")
    run(delivery)
    assert fake.notes[0]["member"]["identifier"] == "ana"


def test_its_author_is_named_where_a_technician_has_their_email(delivery, ana, helpdesk, fake):
    told = [{"id": "ana", "name": "Ana", "email": ana.email}]
    TechnicianList.objects.create(account=ana.account, connection=helpdesk, told=told)
    run(delivery)
    assert fake.notes[0]["member"]["identifier"] == "ana"


# by hand


def test_a_note_by_hand_is_posted_beside_the_other(delivery, bo, fake):
    by_hand = Delivery.send_note(delivery.session, bo, handoff=delivery.handoff, body="Called the client. pin: 4711")
    assert run(by_hand).status == run(delivery).status == "done"
    text = "Called the client. pin: [REDACTED:CODE#1].\nWritten by Bo Tester."
    assert fake.notes[0]["text"] == f"{text}\n[rf:{by_hand.marker}]"
    assert len(fake.notes) == 2


def test_a_note_by_the_claimer_is_work_that_renews_the_lease(delivery, bo):
    handoff = delivery.handoff
    handoff.claim(bo)
    before = handoff.lease_until
    with clock.replayed_at(before - timedelta(minutes=5)):
        Delivery.send_note(handoff.session, bo, handoff=handoff, body="Called the client.")
    handoff.refresh_from_db()
    assert handoff.lease_until > before


def test_a_double_click_posts_one_note(delivery, bo, client):
    client.force_login(bo)
    address = f"/handoffs/{delivery.handoff_id}/note/"
    key = client.get(address).context["form"].initial["form_key"]
    for _click in range(2):
        assert client.post(address, {"body": "Called the client.", "form_key": key}).status_code == 302
    assert Delivery.objects.notes().filter(requested_by=bo).count() == 1


def test_a_lost_key_is_no_note_that_may_have_been_sent(delivery, fake, settings):
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    failed = run(delivery)
    assert (failed.status, failed.maybe_sent) == ("failed", False)
    assert "May have been sent" not in failed.error
    assert not fake.notes


def test_a_note_by_hand_has_a_text_and_a_ticket(delivery, bo, vic):
    with pytest.raises(Invalid):
        Delivery.send_note(delivery.session, bo, body=" ")
    with pytest.raises(NotAllowed):
        Delivery.send_note(delivery.session, vic, body="x")
    delivery.session.psa_ticket_id = ""
    delivery.session.save()
    with pytest.raises(WrongState):
        Delivery.send_note(delivery.session, bo, body="x")


def test_the_preview_is_what_would_be_posted(delivery):
    assert note.note_preview(delivery.handoff) == note.note_body(delivery)
