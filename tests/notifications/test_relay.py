"""The relay: exactly once, in whatever order, and what a claim does to the calls of others."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from handoffs.models import Handoff, Summary
from notifications import wording
from notifications.models import Channel, Delivery, Notification
from notifications.relay import relay
from notifications.sweep import do_it, sweep
from resolutionflow.accounts.models import Event
from sessions_app.models import PsaConnection, Session
from tests.conftest import relay_all


def event(kind: str) -> Event:
    return Event.objects.filter(kind=kind).latest("seq")


@pytest.fixture
def ticket(session, northwind) -> Session:
    """Ana's session, its ticket in a connected ticket system."""
    session.psa_connection = PsaConnection.objects.create(
        account=northwind, name="RT", kind="request_tracker", base_url="https://rt.example"
    )
    session.save(update_fields=["psa_connection"])
    return session


def test_relayed_twice_it_is_told_once(waiting) -> None:
    assert relay(event("handoff.escalated").pk)
    assert not relay(event("handoff.escalated").pk)
    assert Notification.objects.count() == 2
    assert Delivery.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_relayed_by_many_at_once_it_is_told_once(waiting) -> None:
    pk, barrier, won = event("handoff.escalated").pk, threading.Barrier(6), []

    def work() -> None:
        barrier.wait()
        won.append(relay(pk))
        connection.close()

    threads = [threading.Thread(target=work) for _unused in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(won) == [False] * 5 + [True]
    assert Notification.objects.count() == Delivery.objects.count() == 2


def test_a_claim_closes_the_calls_of_everybody_else(waiting, bo, cy) -> None:
    relay_all()
    waiting.claim(bo)
    relay_all()
    calls = Notification.objects.filter(event__kind="handoff.escalated")
    assert calls.get(user=cy).done_at
    assert not calls.get(user=bo).done_at
    assert calls.get(user=bo).read_at, "the dot goes when it is claimed"
    mails = Delivery.objects.filter(event__kind="handoff.escalated")
    assert mails.get(recipient=cy).due_at == waiting.undo_until, "held, as long as it can be undone"
    assert mails.get(recipient=bo).due_at < waiting.undo_until


def test_a_call_relayed_after_the_claim_calls_nobody(claimed, cy) -> None:
    relay(event("handoff.claimed").pk)
    relay(event("handoff.escalated").pk)
    assert not Notification.objects.for_bell(cy).unread().exists()
    assert Delivery.objects.get(event__kind="handoff.escalated").due_at == claimed.undo_until, "to Cy alone, and held"


def test_a_claim_relayed_after_its_undo_takes_no_call_away(claimed, bo, cy) -> None:
    relay(event("handoff.escalated").pk)
    claimed.undo(bo)
    relay(event("handoff.claim_undone").pk)
    relay(event("handoff.claimed").pk)
    assert Notification.objects.for_bell(cy).unread().count() == 1


def test_the_inbox_of_the_desk_hears_what_everybody_hears(session, ana, bo, northwind) -> None:
    Channel.objects.create(account=northwind, name="Desk", address="desk@northwind.example")
    first = Handoff.escalate(session, ana, notes="Stuck", target_user=bo)
    relay_all()
    assert not Delivery.objects.filter(channel__name="Desk").exists()
    first.withdraw(ana)
    session.refresh_from_db()
    Handoff.escalate(session, ana, notes="Stuck still")
    relay_all()
    assert Delivery.objects.get(channel__name="Desk").address == "desk@northwind.example"


def test_a_member_who_leaves_gets_no_more_mail_and_gives_back_claims(claimed, bo, olga) -> None:
    relay_all()
    bo.deactivate(by=olga)
    relay_all()
    claimed.refresh_from_db()
    assert claimed.is_open
    assert Session.objects.get(pk=claimed.session_id).status == "escalated"
    assert not Delivery.objects.filter(recipient=bo, status="pending").exists()
    assert event("handoff.released").actor is None


# the ticket note


def test_a_ticket_gets_one_note_at_once_without_a_summary(ticket, ana) -> None:
    Handoff.escalate(ticket, ana, notes="Stuck")
    relay_all()
    note = Delivery.objects.notes().get()
    assert (note.address, note.internal, note.due_at <= note.created_at) == ("48190", True, True)


def test_the_note_waits_for_the_summary_a_minute_at_most(ticket, ana) -> None:
    waiting = Handoff.escalate(ticket, ana, notes="Stuck")
    summary = Summary.objects.create(account=waiting.account, handoff=waiting)
    relay_all()
    note = Delivery.objects.notes().get()
    assert note.due_at == event("handoff.escalated").at + timedelta(seconds=60)
    Summary.objects.filter(pk=summary.pk).update(status="failed")
    Summary.objects.get(pk=summary.pk).settled()
    relay_all()
    assert Delivery.objects.notes().due().exists()


def test_a_withdrawal_cancels_the_note(ticket, ana) -> None:
    waiting = Handoff.escalate(ticket, ana, notes="Stuck")
    relay_all()
    waiting.withdraw(ana)
    relay_all()
    assert Delivery.objects.notes().get().status == "cancelled"


def test_a_claim_leaves_the_note_alone(ticket, ana, bo) -> None:
    Handoff.escalate(ticket, ana, notes="Stuck").claim(bo)
    relay_all()
    assert Delivery.objects.notes().get().status == "pending"


def test_a_resolve_writes_a_note_of_its_own(ticket, ana) -> None:
    Handoff.escalate(ticket, ana, notes="Stuck")
    ticket.resolve(ana, resolution="Found it myself")
    relay_all()
    assert set(Delivery.objects.notes().values_list("event__kind", flat=True)) == {
        "handoff.escalated",
        "session.resolved",
    }


# words


def test_titles_tell_two_escalations_of_one_person_apart(waiting, ana) -> None:
    other = Session.open(ana, problem_summary="Printer <b>jams</b>\nagain " + "x" * 100, psa_ticket_id="48191")
    Handoff.escalate(other, ana, notes="Stuck")
    relay_all()
    first, second = Notification.objects.order_by("event_id").values_list("title", flat=True).distinct()
    assert first == "Ana Tester escalated #48190 VPN drops every ten minutes for two users"
    assert second.startswith("Ana Tester escalated #48191 Printer <b>jams</b> again xxx")
    assert len(second) < 120


def test_what_fixed_it_is_in_the_bell(claimed, bo, ana) -> None:
    claimed.session.resolve(bo, resolution="Replaced the router")
    relay_all()
    line = Notification.objects.get(user=ana, event__kind="session.resolved")
    assert line.title.endswith("two users: Replaced the router")


def test_every_event_of_a_life_has_a_line(claimed, bo, cy, lea, olga, ana) -> None:
    claimed.transfer(lea, to=cy, reason="She knows VPNs")
    claimed.reprioritise(lea, priority=0)
    claimed.session.change(lea, client_name="Northgate")
    claimed.release(cy, reason="Lunch")
    claimed.claim(bo)
    claimed.session.resolve(bo, resolution="Replaced the router")
    lines = [wording.event_line(row) for row in Event.objects.order_by("seq")]
    assert lines[-1] == "Bo Tester resolved it: Replaced the router"
    assert "Lea Tester transferred it from Bo Tester to Cy Tester: She knows VPNs" in lines
    assert "Lea Tester changed client name: Northgate Legal → Northgate" in lines
    assert type(lines[0]) is str, "not marked as safe HTML"


def test_a_title_says_you_to_whom_the_work_comes_back(claimed, ana, bo, lea) -> None:
    claimed.take_over(lea, reason="Bo is ill")
    claimed.return_(lea, reason="Ask for the router model")
    sweep(do_it)
    returned = Notification.objects.get(user=ana, event__kind="handoff.returned")
    assert returned.title.startswith("Lea Tester returned ")
    assert " to you: Ask for" in returned.title
    taken = Notification.objects.get(user=bo, event__kind="handoff.taken_over")
    assert taken.title.endswith(" from you")
