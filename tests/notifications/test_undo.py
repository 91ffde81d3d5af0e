"""A claim and its undo: what is held for a minute, what leaves then, and that nobody is notified twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from handoffs.models import Handoff
from notifications.models import Channel, Delivery, Notification
from notifications.sweep import do_it, sweep
from resolutionflow.accounts.models import Event
from resolutionflow.core.work import NotWanted, NotYet
from tests.conftest import relay_all


@pytest.fixture
def waiting(session, ana) -> Handoff:
    return Handoff.escalate(session, ana, notes="Stuck")


def mails_to(user) -> list[str]:
    return [sent.body.splitlines()[0] for sent in mail.outbox if user.email in sent.to]


def test_a_claim_and_its_undo_are_mailed_to_nobody(waiting, ana, bo, cy) -> None:
    relay_all()
    waiting.claim(bo)
    relay_all()
    sweep(do_it)
    assert mails_to(cy) == mails_to(ana) == [], "held"
    waiting.undo(bo)
    relay_all()
    sweep(do_it)
    assert len(mails_to(cy)) == 1, "the call that was held"
    assert mails_to(ana) == []
    assert Notification.objects.for_bell(cy).unread().count() == 1, "open again, and no second line"
    assert not Notification.objects.for_bell(ana).unread().exists(), "nobody has it"


def test_after_the_minute_the_claim_is_mailed_and_the_calls_are_not(waiting, ana, bo, cy, time_machine) -> None:
    relay_all()
    waiting.claim(bo)
    relay_all()
    time_machine.move_to(waiting.undo_until + timedelta(seconds=1))
    sweep(do_it)
    assert mails_to(cy) == []
    assert Delivery.objects.get(recipient=cy).status == "cancelled"
    assert mails_to(ana) == ["Bo Tester claimed #48190 VPN drops every ten minutes for two users"]


def test_work_on_it_within_the_minute_ends_the_undo_and_holds_nothing_back(waiting, ana, bo, cy, time_machine) -> None:
    relay_all()
    waiting.claim(bo)
    waiting.leave_read_back(bo, text="Checking the tunnel")
    relay_all()
    sweep(do_it)
    assert mails_to(cy) == []
    assert len(mails_to(ana)) == 1, "claimed, and for good"


def test_claimed_again_at_once_it_stays_settled(waiting, bo, cy, lea, time_machine) -> None:
    relay_all()
    waiting.claim(bo)
    relay_all()
    waiting.undo(bo)
    waiting.claim(lea)
    relay_all()
    assert not Notification.objects.for_bell(cy).unread().exists()
    waiting.undo(lea)
    relay_all()
    assert Notification.objects.for_bell(cy).unread().count() == 1
    assert Notification.objects.filter(user=cy).count() == 1
    sweep(do_it)
    assert len(mails_to(cy)) == 1


def test_what_an_earlier_claim_settled_stays_so(waiting, bo, cy, lea) -> None:
    relay_all()
    waiting.claim(bo)
    relay_all()
    waiting.release(bo, reason="Not my field")
    relay_all()
    waiting.claim(cy)
    relay_all()
    waiting.undo(cy)
    relay_all()
    first = Notification.objects.get(user=lea, event__kind="handoff.escalated")
    assert first.done_at, "the release called her anew"
    assert Notification.objects.for_bell(lea).unread().get().event.kind == "handoff.released"


def test_relayed_late_the_claim_and_its_undo_say_nothing(waiting, ana, bo, cy) -> None:
    relay_all()
    waiting.claim(bo)
    waiting.undo(bo)
    relay_all()
    sweep(do_it)
    assert [len(mails_to(person)) for person in (ana, bo, cy)] == [0, 1, 1]
    assert not Notification.objects.filter(event__kind__in=("handoff.claimed", "handoff.claim_undone")).exists()


def test_a_call_that_a_worker_takes_before_the_claim_is_relayed_is_held_too(waiting, bo, cy) -> None:
    relay_all()
    waiting.claim(bo)
    call = Delivery.run(Delivery.objects.get(recipient=cy).pk)
    assert (call.status, call.tries, mails_to(cy)) == ("pending", 0, [])
    assert abs(call.due_at - waiting.undo_until) < timedelta(seconds=1)
    waiting.undo(bo)
    relay_all()
    sweep(do_it)
    assert len(mails_to(cy)) == 1


def test_a_shared_channel_hears_of_it_once(waiting, bo, northwind, time_machine) -> None:
    Channel.objects.create(account=northwind, name="Desk", address="desk@northwind.example")
    relay_all()
    sweep(do_it)
    waiting.claim(bo)
    relay_all()
    waiting.undo(bo)
    relay_all()
    sweep(do_it)
    assert len([sent for sent in mail.outbox if "desk@northwind.example" in sent.to]) == 1


def test_a_claim_committed_before_the_mail_was_begun_wins(waiting, bo, cy) -> None:
    relay_all()
    delivery = Delivery.objects.get(recipient=cy)
    Delivery.objects.filter(pk=delivery.pk).update(status="running", attempt=1, taken_at="2026-11-26T10:00Z")
    delivery.refresh_from_db()
    assert delivery.handoff.is_open, "as it was read"
    Handoff.objects.get(pk=waiting.pk).claim(bo)
    with pytest.raises(NotYet):
        delivery.begin()
    Handoff.objects.update(undo_until=None)
    with pytest.raises(NotWanted, match="Somebody has taken it already"):
        delivery.begin()
    assert Event.objects.filter(kind="handoff.claimed").exists()


def test_of_calls_that_are_relayed_after_a_claim_an_undo_opens_one(waiting, bo, cy, lea) -> None:
    waiting.claim(bo)
    waiting.release(bo)
    waiting.claim(lea)
    relay_all()
    waiting.undo(lea)
    relay_all()
    assert Notification.objects.filter(user=cy).calls().count() == 1
