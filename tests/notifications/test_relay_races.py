"""Verbs and relays all at once, in any order: in the end exactly those are called whom a waiting handoff calls."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection

from handoffs.models import Handoff
from notifications.models import Delivery, Notification
from notifications.relay import relay
from notifications.sweep import have_it_done, sweep
from resolutionflow.accounts.models import Event, User
from resolutionflow.core.refusals import Refusal
from sessions_app.models import Session
from tests.handoffs.test_races import at_once

SECONDS = 5


def in_threads(*works: Callable[[], None]) -> None:
    until = time.monotonic() + SECONDS

    def repeat(work: Callable[[], None]) -> None:
        while time.monotonic() < until:
            work()
        connection.close()

    threads = [threading.Thread(target=repeat, args=[work]) for work in works]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]


def a_verb(sessions: list[int], people: list[User]) -> None:
    user, session = random.choice(people), Session.objects.get(pk=random.choice(sessions))
    handoff = session.handoffs.unclosed().first()
    try:
        if handoff is None:
            Handoff.escalate(session, session.assignee, notes="Stuck", target_user=random.choice([None, user]))
        elif handoff.is_open:
            random.choice([handoff.claim, handoff.claim, handoff.claim, handoff.withdraw])(user)
        else:
            random.choice([handoff.undo, handoff.release])(handoff.claimed_by)
    except Refusal:
        pass


def some_relay() -> None:
    waiting = list(Event.objects.unrelayed().values_list("pk", flat=True)[:10])
    if waiting:
        relay(random.choice(waiting))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_only_those_are_called_whom_a_waiting_handoff_calls(real, ana, bo, cy, lea) -> None:
    sessions = [Session.open(ana, problem_summary=f"Printer {number} jams").pk for number in range(3)]
    people = [ana, bo, cy, lea]
    in_threads(*[lambda: a_verb(sessions, people)] * 3, *[some_relay] * 3)
    sweep(have_it_done)

    assert not Event.objects.unrelayed().exists()
    for handoff in Handoff.objects.all():
        called = list(Notification.objects.filter(handoff=handoff).calls().values_list("user", flat=True))
        assert len(called) == len(set(called)), "one open line a person"
        mails = Delivery.objects.filter(handoff=handoff).calls().filter(status="pending")
        if handoff.is_open and handoff.widens_at:
            assert {*called} - {handoff.sender_id} <= {handoff.target_user_id, lea.pk, *_claimers(handoff)}
        elif handoff.is_open:
            assert {person.pk for person in people} - set(called) <= _silent(handoff) | _undone_by(handoff)
        else:
            assert set(called) <= {handoff.claimed_by_id}
            others = [mail for mail in mails if mail.recipient_id != handoff.claimed_by_id]
            if handoff.can_be_undone:
                assert all(mail.due_at >= handoff.undo_until for mail in others), "held until it cannot be undone"
            else:
                assert others == []


def _claimers(handoff: Handoff) -> set[int]:
    return set(Event.objects.filter(handoff_id=handoff.pk, kind="handoff.claimed").values_list("actor_id", flat=True))


def _silent(handoff: Handoff) -> set[int]:
    """Sender and holder: a release calls them, neither what they sent nor the undo of a claim does."""
    released = Event.objects.filter(handoff_id=handoff.pk, kind="handoff.released")
    return set() if released.exists() else {handoff.sender_id, handoff.holder_id}


def _undone_by(handoff: Handoff) -> set[int]:
    """Whoever gave it back last is not told of it: they did it."""
    last = Event.objects.filter(handoff_id=handoff.pk).latest("seq")
    return {last.actor_id} if last.actor_id else set()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_messages_relayed_at_once_leave_one_unread_line_for_each_who_watches(real, session, ana, bo, cy) -> None:
    for user in (bo, cy):
        session.watch(user)
    for number in range(8):
        session.add_message(ana, content=f"Message {number}")
    pks = list(Event.objects.unrelayed().values_list("pk", flat=True))
    at_once([lambda pk=pk: relay(pk) for pk in pks * 2])
    unread = Notification.objects.filter(cause="watch").unread()
    assert sorted(unread.values_list("user__name", flat=True)) == ["Bo Tester", "Cy Tester"]
    assert not Delivery.objects.exists()
