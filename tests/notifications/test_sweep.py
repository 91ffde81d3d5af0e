"""The sweep: whatever was missed is found, and one bad row stops nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session as SignIn
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from handoffs.models import Handoff, Summary
from notifications import sweep as sweeping
from notifications import tasks
from notifications.models import Delivery, Notification, TimerLock
from resolutionflow.accounts.models import Event, IdempotencyKey, User
from tests.live_site import wait_until


def run() -> None:
    call_command("sweep", verbosity=0)


def test_it_does_everything_with_no_broker_and_no_worker(waiting) -> None:
    run()
    assert not Event.objects.unrelayed().exists()
    assert len(mail.outbox) == 2
    run()
    assert len(mail.outbox) == 2


def test_one_bad_event_stops_nothing(session, ana, bo, cy) -> None:
    bad = session.record_event("session.resolved", ana, handoff_id=1, closed={"handoff": "nonsense"})
    Handoff.escalate(session, ana, notes="Stuck")
    run()
    assert list(Event.objects.unrelayed()) == [bad]
    assert len(mail.outbox) == 2


def test_time_wakes_what_is_parked(session, ana, time_machine) -> None:
    Handoff.park(session, ana, wake_at=timezone.now() + timedelta(hours=1))
    run()
    assert mail.outbox == []
    time_machine.move_to(timezone.now() + timedelta(hours=1, seconds=1))
    run()
    run()
    (notice,) = mail.outbox
    assert notice.to == [ana.email]
    assert notice.subject.startswith("#48190 VPN drops every ten minutes for two users (session ")
    heading = notice.body.splitlines()[0]
    assert heading == "Due now: #48190 VPN drops every ten minutes for two users, which you parked"


def test_claims_of_who_left_go_back(claimed, bo) -> None:
    User.objects.filter(pk=bo.pk).update(is_active=False)  # the worker died right after the deactivation
    run()
    claimed.refresh_from_db()
    assert claimed.is_open


def test_of_two_timers_one_sweeps(waiting) -> None:
    with TimerLock.held("sweep", seconds=60) as mine:
        assert mine
        tasks.sweep()
        assert not Notification.objects.exists()
    tasks.sweep()
    assert Notification.objects.count() == 2


def test_a_timer_that_died_is_replaced(waiting) -> None:
    TimerLock.objects.create(name="sweep", until=timezone.now() - timedelta(seconds=1))
    tasks.sweep()
    assert Notification.objects.count() == 2


def test_a_round_renews_its_turn_before_each_job(waiting) -> None:
    renewed: list[str] = []

    def count(execute, sql, *rest):
        if sql.startswith("UPDATE") and f'"{TimerLock._meta.db_table}"' in sql:
            renewed.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        tasks.sweep()
    assert len(renewed) > 7 + len(sweeping.kinds_of_work())
    assert Notification.objects.count() == 2


def test_a_round_that_lost_its_turn_stops_and_leaves_the_others_alone(waiting) -> None:
    Event.objects.update(relayed_at=timezone.now())
    kinds, theirs = [], timezone.now() + timedelta(hours=1)
    Delivery.objects.create(account=waiting.account, kind="email", address="x@y.example")
    Summary.objects.update(status="pending", due_at=timezone.now())

    def taken_over(kind, pk) -> bool:
        kinds.append(kind)
        TimerLock.objects.filter(name="sweep").update(until=theirs)
        return False

    with TimerLock.held("sweep", seconds=60) as mine:
        assert mine
        sweeping.sweep(taken_over, go_on=lambda: mine.renew(seconds=60))
    assert len(set(kinds)) == 1, "the kinds after the first are the other's"
    assert TimerLock.objects.get().until == theirs


def test_a_turn_that_ran_out_is_still_ours_until_somebody_takes_it(db) -> None:
    with TimerLock.held("sweep", seconds=0) as mine:
        assert mine
        assert mine.renew(seconds=60)
        with TimerLock.held("sweep", seconds=60) as other:
            assert other is None
    with TimerLock.held("sweep", seconds=60) as next_one:
        assert next_one


def test_what_failed_can_be_listed_and_tried_again(waiting, capsys) -> None:
    run()
    Delivery.objects.update(status="failed", error="No such user")
    call_command("deliveries", failed=True, retry=True)
    assert capsys.readouterr().out.count("No such user") == 2
    run()
    assert len(mail.outbox) == 4
    capsys.readouterr()
    call_command("deliveries", failed=True, retry=True)
    assert capsys.readouterr() == ("", "Nothing has failed.\n"), "what is no row is none on stdout"


def test_prune_keeps_what_is_young_unread_or_in_a_ticket(waiting, ana, bo, cy) -> None:
    run()
    old = timezone.now() - timedelta(days=31)
    Notification.objects.filter(user=bo).update(read_at=old)
    Delivery.objects.filter(recipient=bo).update(done_at=old)
    done = {"account": waiting.account, "address": "1", "status": "done", "done_at": old}
    Delivery.objects.create(kind="note", **done)
    Delivery.objects.create(kind="time", minutes=5, started_at=old, **done)
    call_command("prune", days=30)
    assert set(Notification.objects.values_list("user", flat=True)) == {cy.pk}
    assert set(Delivery.objects.values_list("kind", "recipient")) == {
        ("email", cy.pk), ("note", None), ("time", None)
    }  # fmt: skip
    assert Event.objects.exists()
    assert Handoff.objects.exists()


@pytest.mark.parametrize("days", [0, -1])
def test_prune_refuses_less_than_a_day(waiting, ana, days) -> None:
    Client().force_login(ana)
    IdempotencyKey.objects.create(user=ana, key="k", digest="d", status=200, body="{}")
    with pytest.raises(CommandError, match="younger than one day"):
        call_command("prune", days=days)
    assert SignIn.objects.exists()
    assert IdempotencyKey.objects.exists()


def test_prune_keeps_the_answers_to_keys_for_a_day(ana) -> None:
    for key, hours in (("old", 25), ("young", 23)):
        made_at = timezone.now() - timedelta(hours=hours)
        IdempotencyKey.objects.create(user=ana, key=key, digest="d", status=200, body="{}", created_at=made_at)
    call_command("prune", days=30)
    assert IdempotencyKey.objects.get().key == "young"


@pytest.mark.parametrize("seconds", [0, 100])
def test_work_a_dead_worker_was_sending_may_have_been_sent(waiting, seconds) -> None:
    tasks.sweep()
    row = Delivery.objects.first()
    taken_at = timezone.now() - timedelta(seconds=seconds)
    Delivery.objects.filter(pk=row.pk).update(status="sending", attempt=1, taken_at=taken_at)
    run()
    row.refresh_from_db()
    assert row.status == ("failed" if seconds else "sending")
    assert row.error.startswith("May have been sent.") == bool(seconds)
    assert len(mail.outbox) == 1, "only the other one"


def test_with_workers_a_notice_is_out_in_a_moment(workers, session, ana, bo) -> None:
    Handoff.escalate(session, ana, notes="Stuck", target_user=bo)
    wait_until(lambda: mail.outbox)
    assert mail.outbox[0].to == [bo.email]
