"""park, resume, wake, widen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from handoffs.models import Handoff
from resolutionflow.accounts.models import Event
from resolutionflow.core.refusals import NotAllowed, WrongState


def test_park_and_resume(session, ana):
    park = Handoff.park(session, ana, notes="vendor calls back", wake_at=timezone.now() + timedelta(hours=1))
    session.refresh_from_db()
    assert (session.status, park.status, park.intent) == ("paused", "open", "park")
    session.resume(ana)
    park.refresh_from_db()
    assert (session.status, park.closed_reason) == ("active", "resumed")
    assert Event.objects.latest("id").handoff_id == park.pk


def test_park_is_only_for_working_and_claimed(waiting, session, ana):
    with pytest.raises(WrongState, match="waiting"):
        Handoff.park(session, ana)


def test_park_of_a_claim_closes_it(claimed, bo):
    park = Handoff.park(claimed.session, bo)
    claimed.refresh_from_db()
    assert claimed.closed_reason == "superseded"
    assert park.holder == bo


def test_only_the_assignee_resumes(session, ana, lea):
    Handoff.park(session, ana)
    with pytest.raises(NotAllowed):
        session.resume(lea)


def test_wakes_once_when_due(session, ana):
    park = Handoff.park(session, ana, wake_at=timezone.now() - timedelta(seconds=1))
    later = Handoff.objects.get(pk=park.pk)
    assert list(Handoff.objects.to_wake(timezone.now())) == [park]
    assert [park.wake(), later.wake()] == [True, False]
    session.refresh_from_db()
    assert session.status == "paused"
    assert Event.objects.filter(kind="handoff.woken").count() == 1


def test_does_not_wake_early(session, ana):
    assert not Handoff.park(session, ana, wake_at=timezone.now() + timedelta(hours=1)).wake()


def test_widens_once_after_the_accounts_time(session, ana, bo):
    handoff = Handoff.escalate(session, ana, notes="Bo", target_user=bo)
    assert not handoff.widen()
    Handoff.objects.filter(pk=handoff.pk).update(directed_until=timezone.now())
    assert list(Handoff.objects.to_widen(timezone.now())) == [handoff]
    assert [handoff.widen(), handoff.widen()] == [True, False]
    assert Handoff.objects.get(pk=handoff.pk).widens_at is None
    assert Event.objects.filter(kind="handoff.widened").count() == 1


def test_widens_at_once_when_nobody_is_left_to_take_it(session, ana, bo, network, olga):
    handoff = Handoff.escalate(session, ana, notes="network", target_team=network)
    assert not Handoff.objects.to_widen(timezone.now()).exists()
    bo.deactivate(by=olga)
    assert list(Handoff.objects.to_widen(timezone.now())) == [handoff]


def test_next_business_day_is_the_accounts(northwind):
    from datetime import UTC, datetime

    northwind.time_zone, northwind.holidays = "Europe/Oslo", ["2026-11-30"]
    friday = datetime(2026, 11, 27, 15, tzinfo=UTC)
    assert northwind.next_business_day(friday).isoformat() == "2026-12-01T08:00:00+01:00"
