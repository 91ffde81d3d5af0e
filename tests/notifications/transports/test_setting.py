"""Status and owner of the ticket: as the session stands, whatever happens on the way, or visibly not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from handoffs.models import Handoff
from notifications.models import Delivery, Notification
from notifications.relay import relay
from resolutionflow.accounts.models import Event, User
from resolutionflow.core import clock
from resolutionflow.core.refusals import NotAllowed
from sessions_app.models import MemberMapping, PsaConnection, Session
from tests.conftest import relay_all
from tests.fakes.connectwise import CREDENTIALS, TICKET
from tests.notifications.transports.test_note import ticket  # noqa: F401  a fixture

A_MINUTE = timedelta(seconds=61)


@pytest.fixture
def helpdesk(northwind, fake, ana, bo) -> PsaConnection:
    """What waits is New there, what is worked on In Progress, what is resolved Done; Ana and Bo are known."""
    connection = PsaConnection.objects.create(
        account=northwind, name="Helpdesk", kind="connectwise", base_url=fake.url, credentials=CREDENTIALS,
        note_at_escalation=False, note_at_resolution=False, calls_per_minute=10_000,
        status_waiting="New", status_working="in progress", status_resolved="Done", owner_follows=True,
    )  # fmt: skip
    for user, identifier in ((ana, "ana"), (bo, "atech")):
        MemberMapping.objects.create(account=northwind, connection=connection, user=user, identifier=identifier)
    return connection


@pytest.fixture
def waiting(ticket, ana, bo, cy) -> Handoff:
    """Escalated, and set so in the ticket."""
    handoff = Handoff.escalate(ticket, ana, notes="I am stuck.")
    deliver()
    return handoff


@pytest.fixture
def claimed(waiting, bo) -> Handoff:
    """Claimed by Bo; the minute for undoing runs."""
    waiting.claim(bo)
    relay_all()
    return waiting


def deliver(*, later: timedelta = timedelta()) -> None:
    """What workers do about the ticket by then."""
    relay_all()
    due = Delivery.objects.ticket_updates().due(timezone.now() + later)
    for pk in list(due.values_list("pk", flat=True)):
        run(pk)


def run(pk: int) -> Delivery:
    Delivery.objects.filter(pk=pk, status="pending").update(due_at=timezone.now())
    Delivery.run(pk)
    return Delivery.objects.get(pk=pk)


def shown(fake) -> tuple[str, str]:
    """Status and owner of the ticket there."""
    found = fake.named(TICKET)
    return found["status"]["name"], found["owner"]["identifier"]


def written(fake) -> list[str]:
    return [operation["path"] for body in fake.sent("PATCH", TICKET) for operation in body]


def long_ago(kind: str) -> None:
    """What was sent about it has arrived by now, or never will."""
    Delivery.objects.filter(pk=of(kind).pk).update(taken_at=timezone.now() - Delivery.time_limit)


def of(kind: str) -> Delivery:
    return Delivery.objects.ticket_updates().get(event__kind=kind)


# as the session stands


def test_an_escalation_and_a_claim_whose_minute_is_over(waiting, bo, fake):
    assert shown(fake) == ("New", "ana")
    waiting.claim(bo)
    deliver()
    assert shown(fake) == ("New", "ana"), "it may still be undone"
    assert of("handoff.claimed").due_at == waiting.undo_until
    deliver(later=A_MINUTE)
    assert shown(fake) == ("In Progress", "atech")
    event = Event.objects.filter(kind="ticket.updated").latest("seq")
    assert (event.session_id, event.handoff_id) == (waiting.session_id, waiting.pk)
    told = {name: event.facts[name] for name in ("ticket", "ticket_status", "owner", "text")}
    text = "owner Bo Tester, status in progress"
    assert told == {"ticket": TICKET, "ticket_status": "in progress", "owner": bo.pk, "text": text}


@pytest.mark.parametrize(
    ("act", "status", "owner"),
    [
        (lambda handoff, people: handoff.release(people["bo"]), "New", "ana"),
        (lambda handoff, people: handoff.return_(people["bo"], reason="Try the router"), "New", "ana"),
        (lambda handoff, people: handoff.transfer(people["bo"], to=people["cy"]), "In Progress", "atech"),
        (lambda handoff, people: handoff.take_over(people["lea"], reason="Mine"), "In Progress", "leads"),
        (lambda handoff, people: handoff.take_over(people["ana"], reason="I see"), "In Progress", "ana"),
        (lambda handoff, people: handoff.session.resolve(people["lea"], resolution="Router"), "Done", "leads"),
        (lambda handoff, people: handoff.session.abandon(people["bo"], reason="Nobody calls"), "In Progress", "atech"),
    ],
    ids=["release", "return", "transfer", "take over", "take back", "resolve", "abandon"],
)
def test_each_verb_after_a_claim(claimed, ana, bo, cy, lea, helpdesk, fake, act, status, owner):
    User.objects.filter(pk=ana.pk).update(lead=True)
    fake.members.append({**fake.members[0], "id": 20, "identifier": "leads"})
    MemberMapping.objects.create(account=bo.account, connection=helpdesk, user=lea, identifier="leads")
    deliver(later=A_MINUTE)
    claimed.refresh_from_db()
    act(claimed, {"ana": User.objects.get(pk=ana.pk), "bo": bo, "cy": cy, "lea": lea})  # nobody there is mapped to Cy
    deliver()
    assert shown(fake) == (status, owner)


def test_a_claim_that_ran_out_and_a_session_that_is_reopened(claimed, bo, fake):
    deliver(later=A_MINUTE)
    with clock.replayed_at(claimed.lease_until + timedelta(minutes=1)):
        assert claimed.expire()
    deliver()
    assert shown(fake) == ("New", "ana")
    session = Session.objects.get(pk=claimed.session_id)
    session.resolve(session.assignee, resolution="Router")
    deliver()
    assert shown(fake) == ("Done", "ana")
    session.reopen(bo, reason="Again")
    deliver()
    assert shown(fake) == ("In Progress", "atech")


def test_a_withdrawal_gives_it_back(waiting, ana, fake):
    waiting.withdraw(ana)
    deliver()
    assert shown(fake) == ("In Progress", "ana")


def test_an_undo_within_the_minute_writes_nothing(claimed, bo, fake):
    before = written(fake)
    claimed.undo(bo)
    deliver(later=A_MINUTE)
    assert of("handoff.claimed").status == "cancelled"
    assert of("handoff.claim_undone").status == "done"
    assert (written(fake), shown(fake)) == (before, ("New", "ana"))
    assert Event.objects.filter(kind="ticket.updated").count() == 1, "the escalation's"


def test_an_undo_lets_what_the_claim_had_overtaken_be_set_after_all(ticket, ana, bo, fake):
    fake.script = [503]
    waiting = Handoff.escalate(ticket, ana, notes="Stuck")
    deliver()
    waiting.claim(bo)
    relay_all()
    assert of("handoff.escalated").status == "cancelled"
    waiting.undo(bo)
    long_ago("handoff.escalated")
    deliver()
    assert shown(fake) == ("New", "ana")


@pytest.mark.parametrize("late", [False, True], ids=["in order", "out of order"])
def test_a_claim_and_a_release_within_the_minute_end_in_waiting(claimed, bo, fake, late):
    before, claim = written(fake), of("handoff.claimed")
    claimed.release(bo)
    if late:  # a worker has the claim before the release is relayed
        assert run(claim.pk).status == "cancelled"
    deliver(later=A_MINUTE)
    assert run(claim.pk).status == "cancelled"
    assert (written(fake), shown(fake)) == (before, ("New", "ana"))


def test_a_claim_that_waits_for_its_next_try_does_not_undo_a_release(claimed, bo, fake):
    fake.script = [None, 503]
    claim = run(of("handoff.claimed").pk)
    assert (claim.status, shown(fake)) == ("pending", ("New", "atech"))
    claimed.release(bo)
    relay_all()
    release = run(of("handoff.released").pk)
    assert (release.status, release.tries) == ("pending", 0), "the claim's answer may still come"
    long_ago("handoff.claimed")
    assert run(release.pk).status == "done"
    assert run(claim.pk).status == "cancelled"
    assert shown(fake) == ("New", "ana")


def test_one_that_a_worker_has_is_waited_for(claimed, bo, fake):
    Delivery.objects.filter(pk=of("handoff.claimed").pk).update(status="sending", taken_at=timezone.now(), attempt=1)
    claimed.release(bo)
    relay_all()
    waits = run(of("handoff.released").pk)
    assert (waits.status, waits.tries, waits.error) == (
        "pending", 0, "What was to be set before this may still be on its way.",
    )  # fmt: skip


def test_a_worker_that_died_while_setting_is_replaced(claimed, fake):
    claim = of("handoff.claimed")
    fake.named(TICKET)["owner"] = {"id": 12, "identifier": "atech", "name": "Anna Tech"}
    lost = timezone.now() - Delivery.time_limit - timedelta(seconds=1)
    Delivery.objects.filter(pk=claim.pk).update(status="sending", attempt=1, taken_at=lost)
    before = written(fake)
    assert run(claim.pk).status == "done"
    assert shown(fake) == ("In Progress", "atech")
    assert written(fake) == [*before, "status"], "the owner is there already"
    assert Event.objects.filter(kind="ticket.updated").latest("seq").facts["owner"]


@pytest.mark.parametrize("lost", ["store-then-drop", "store-then-500", "drop", 503])
def test_a_lost_answer_is_read_back_and_told_once(claimed, fake, lost):
    fake.script = [lost]
    claim = run(of("handoff.claimed").pk)
    assert (claim.status, claim.maybe_sent) == ("pending", True)
    assert run(claim.pk).status == "done"
    assert shown(fake) == ("In Progress", "atech")
    assert Event.objects.filter(kind="ticket.updated").count() == 2


def test_each_event_sets_once_however_often_it_is_relayed(claimed, fake):
    for event in Event.objects.filter(kind="handoff.claimed"):
        assert not relay(event.pk)
    assert Delivery.objects.ticket_updates().filter(event__kind="handoff.claimed").count() == 1


# what does not take


def test_a_status_that_does_not_exist_fails_and_says_what_took(claimed, bo, lea, fake, helpdesk, client):
    PsaConnection.objects.update(status_working="Nope")
    failed = run(of("handoff.claimed").pk)
    assert failed.status == "failed"
    assert failed.error == ("The owner was set. The status was not set: The board Help Desk has no status “Nope”.")
    assert shown(fake) == ("New", "atech")
    event = Event.objects.get(kind="ticket.update_failed")
    assert (event.facts["text"], event.facts["owner"]) == ("owner Bo Tester, status Nope", bo.pk)
    assert "ticket_status" not in event.facts
    relay_all()
    lines = Notification.objects.filter(event=event)
    assert {line.user.first_name for line in lines} == {"Ana", "Bo", "Lea"}
    assert all(line.title.startswith("Not all was set in the ticket of") for line in lines), "the owner was set"
    assert not Delivery.objects.filter(event=event).exists(), "a bell line, and no mail"
    client.force_login(bo)
    for page in (f"/handoffs/{claimed.pk}/", f"/sessions/{claimed.session_id}/"):
        text = client.get(page).content.decode()
        assert "owner Bo Tester, status Nope" in text
        assert "has no status “Nope”." in text
        assert f"/deliveries/{failed.pk}/retry/" in text
    PsaConnection.objects.update(status_working="In Progress")
    client.post(f"/deliveries/{failed.pk}/retry/")
    assert run(failed.pk).status == "done"
    assert shown(fake) == ("In Progress", "atech")


def test_a_false_success_is_none(claimed, fake):
    fake.script = ["false-200"]
    failed = run(of("handoff.claimed").pk)
    assert (failed.status, failed.maybe_sent) == ("failed", False)
    assert failed.error == (
        "The status was set. The owner was not set: ConnectWise PSA said yes and left the ticket with ana."
    )


def test_a_second_failure_adds_no_bell_line_while_the_first_is_unread(claimed, bo, lea):
    PsaConnection.objects.update(status_working="Nope", status_waiting="Nor this")
    run(of("handoff.claimed").pk)
    claimed.release(bo)
    deliver()
    relay_all()
    assert Event.objects.filter(kind="ticket.update_failed").count() == 2
    assert Notification.objects.filter(event__kind="ticket.update_failed", user=lea).count() == 1


def test_whoever_is_nobody_there_leaves_the_owner_and_fails_no_status(claimed, fake, bo):
    MemberMapping.objects.filter(user=bo).update(identifier="")
    done = run(of("handoff.claimed").pk)
    left = "status in progress. The owner stays: nobody there is mapped to Bo Tester."
    assert (done.status, done.body) == ("done", left)
    assert shown(fake) == ("In Progress", "ana")
    assert Event.objects.filter(kind="ticket.updated").latest("seq").facts["text"] == left


def test_an_owner_alone_who_is_nobody_there_is_said(claimed, fake, bo):
    PsaConnection.objects.update(status_working="")
    MemberMapping.objects.filter(user=bo).delete()
    left = run(of("handoff.claimed").pk)
    assert (left.status, left.error) == ("cancelled", "The owner stays: nobody there is mapped to Bo Tester.")
    assert shown(fake) == ("New", "ana")


def test_a_ticket_that_is_missing_is_said_once(claimed, fake):
    fake.tickets.clear()
    failed = run(of("handoff.claimed").pk)
    assert failed.error.startswith("ConnectWise PSA has no such ticket")
    assert failed.error.count("no such ticket") == 1


def test_no_credential_is_told(claimed, fake, caplog, bo, client):
    PsaConnection.objects.update(credentials={**CREDENTIALS, "private_key": "Kangaroo-7-secret"})
    waits = run(of("handoff.claimed").pk)
    assert "does not accept the credentials" in waits.error
    assert (waits.status, waits.tries, waits.maybe_sent) == ("pending", 0, False)
    client.force_login(bo)
    told = [client.get(f"{page}handoffs/{claimed.pk}/").content.decode() for page in ("/", "/api/v1/")]
    told += [client.get(f"/api/v1/handoffs/{claimed.pk}/deliveries/").content.decode(), caplog.text, waits.body]
    assert not [text for text in told if "Kangaroo-7" in text]


# switched off


def test_nothing_is_set_where_the_account_has_not_asked_for_it(session, northwind, fake, ana, bo):
    session.psa_connection = PsaConnection.objects.create(
        account=northwind, name="Helpdesk", kind="connectwise", base_url=fake.url, credentials=CREDENTIALS
    )
    session.psa_ticket_id = TICKET
    session.save(update_fields=["psa_connection", "psa_ticket_id"])
    Handoff.escalate(session, ana, notes="Stuck").claim(bo)
    deliver(later=A_MINUTE)
    assert not Delivery.objects.ticket_updates().exists()


def test_what_is_switched_off_before_it_leaves_is_dropped(claimed, fake):
    PsaConnection.objects.update(status_working="", owner_follows=False)
    dropped = run(of("handoff.claimed").pk)
    assert (dropped.status, shown(fake)) == ("cancelled", ("New", "ana"))
    assert "switched off" in dropped.error


def test_the_owner_is_left_where_it_does_not_follow(claimed, fake):
    PsaConnection.objects.update(owner_follows=False)
    assert run(of("handoff.claimed").pk).body == "status in progress"
    assert shown(fake) == ("In Progress", "ana")


def test_another_ticket_is_not_set_by_what_was_meant_for_the_first(claimed, fake, bo):
    other = fake.add("Printer")
    claimed.session.change(bo, psa_ticket_id=other)
    dropped = run(of("handoff.claimed").pk)
    assert (dropped.status, dropped.error) == ("cancelled", "The session has another ticket now.")
    assert fake.named(other)["status"]["name"] == "New"


def test_all_that_failed_is_tried_again_by_one_press(claimed, fake, adam, bo, eve, client):
    PsaConnection.objects.update(status_working="Nope")
    failed = run(of("handoff.claimed").pk)
    client.force_login(adam)
    page = client.get("/settings/psa/").content.decode()
    assert "1 delivery there failed" in page
    with pytest.raises(NotAllowed):
        Delivery.retry_all(failed.connection, bo)
    assert Delivery.retry_all(failed.connection, eve) == 0
    PsaConnection.objects.update(status_working="In Progress")
    assert client.post(f"/settings/psa/{failed.connection_id}/retry/").status_code == 302
    assert run(failed.pk).status == "done"


def test_what_failed_and_is_overtaken_needs_nobody_any_more(claimed, bo):
    PsaConnection.objects.update(status_working="Nope")
    failed = run(of("handoff.claimed").pk)
    claimed.release(bo)
    relay_all()
    failed.refresh_from_db()
    assert failed.status == "cancelled"
    assert "has no status" in failed.error


def test_another_account_sees_none_of_it(claimed, eve, client):
    pk = of("handoff.claimed").pk
    client.force_login(eve)
    assert client.post(f"/deliveries/{pk}/retry/").status_code == 404
    assert client.get(f"/api/v1/handoffs/{claimed.pk}/deliveries/").status_code == 404
    assert not Delivery.objects.visible_to(eve).ticket_updates().exists()


def test_the_api_lists_it_with_the_other_deliveries(claimed, bo, client):
    client.force_login(bo)
    listed = client.get(f"/api/v1/handoffs/{claimed.pk}/deliveries/").json()["results"]
    found = [(one["event"], one["status"]) for one in listed if one["kind"] == "ticket"]
    assert found == [("handoff.claimed", "pending"), ("handoff.escalated", "done")]
