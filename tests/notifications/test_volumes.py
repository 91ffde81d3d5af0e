"""What the settings say of the last day: how much was sent, how it went, and how soon it began."""

from __future__ import annotations

from datetime import timedelta

from handoffs.models import Handoff
from notifications.models import Delivery
from notifications.sweep import do_it, sweep
from notifications.volumes import volumes
from sessions_app.models import Session
from tests.conftest import person, relay_all


def escalate(ana, number: int) -> Handoff:
    session = Session.open(ana, problem_summary=f"Printer {number} jams")
    return Handoff.escalate(session, ana, notes="Stuck")


def test_what_was_sent_is_counted_from_when_it_could_leave(ana, bo, elsewhere, time_machine) -> None:
    time_machine.move_to("2026-11-26T10:00Z", tick=False)
    escalate(ana, 1)
    time_machine.shift(timedelta(seconds=2))  # the relay is late
    relay_all()
    time_machine.shift(timedelta(seconds=1))  # and so is the worker
    sweep(do_it)
    escalate(ana, 2)
    relay_all()
    sweep(do_it)
    (mails,) = volumes(bo)
    assert (mails.label, mails.sent, mails.with_others, mails.failed, mails.waiting) == ("Email", 1, 0, 0, 1)
    assert Delivery.objects.get(recipient=bo, status="done").waited_ms == 3000
    assert mails.most == 3.0
    time_machine.shift(timedelta(minutes=15))
    sweep(do_it)
    (mails,) = volumes(bo)
    assert (mails.sent, mails.with_others, mails.waiting) == (2, 1, 0)
    assert volumes(person(elsewhere, "Fay")) == []


def test_what_was_held_counts_from_the_end_of_that(ana, bo, cy, time_machine) -> None:
    time_machine.move_to("2026-11-26T10:00Z", tick=False)
    escalate(ana, 1).claim(bo)
    relay_all()
    time_machine.shift(timedelta(seconds=64))
    sweep(do_it)
    assert Delivery.objects.get(recipient=ana).waited_ms == 4000
