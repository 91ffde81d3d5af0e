"""What time alone does: leases, widening, wakes; over a change of clocks, and with nobody there to do it."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from handoffs.forms.handoff import ParkForm
from handoffs.models import Handoff
from notifications import sweep
from notifications.models import Notification
from resolutionflow.accounts.models import Account, Event
from resolutionflow.core import clock
from sessions_app.models import Session

OSLO = ZoneInfo("Europe/Oslo")
FRIDAY = datetime(2027, 3, 26, 14, 0, tzinfo=UTC)  # 15:00 in Oslo; on Sunday its clocks go forward
BY_TIME = ("handoff.expiring", "handoff.expired", "handoff.woken", "handoff.widened", "handoff.released")


@pytest.fixture
def oslo(northwind) -> Account:
    Account.objects.filter(pk=northwind.pk).update(time_zone="Europe/Oslo")
    northwind.refresh_from_db()
    return northwind


@pytest.fixture
def three(oslo, ana, bo, cy) -> dict[str, Handoff]:
    """On Friday at 15:00: one claimed, one parked to the next business day, one directed at Cy."""
    with clock.replayed_at(FRIDAY):
        held, parked, aimed = (Session.open(ana, problem_summary=f"problem {n}") for n in range(3))
        claimed = Handoff.escalate(held, ana, notes="stuck")
        claimed.claim(bo)
        return {
            "claimed": claimed,
            "parked": Handoff.park(parked, ana, wake_at=oslo.next_business_day(clock.now())),
            "aimed": Handoff.escalate(aimed, ana, notes="stuck", target_user=cy),
        }


def swept_at(moment: datetime) -> Counter[str]:
    """What time did in one round of the sweep at `moment`, by kind."""
    last = Event.objects.count()
    with clock.replayed_at(moment):
        sweep.sweep(sweep.do_it)
    return Counter(Event.objects.order_by("id").values_list("kind", flat=True)[last:])


def test_each_thing_has_its_moment_and_happens_then(three):
    seconds = timedelta(seconds=1)
    monday = datetime(2027, 3, 29, 8, 0, tzinfo=OSLO)  # summer time by now
    # Normal priority: 240 working minutes, 180 of them on Friday; 80 % of it is 12 minutes into Monday.
    moments = [
        (FRIDAY + timedelta(minutes=10), "handoff.widened"),
        (monday, "handoff.woken"),
        (monday + timedelta(minutes=12), "handoff.expiring"),
        (monday + timedelta(hours=1), "handoff.expired"),
    ]
    for moment, kind in moments:
        assert swept_at(moment - seconds) == {}, f"before {kind}"
        assert swept_at(moment) == {kind: 1}
    assert swept_at(monday + timedelta(days=30)) == {}


def test_a_worker_that_was_down_over_all_of_it_does_each_once(three, ana, bo, cy):
    late = FRIDAY + timedelta(days=10)
    assert swept_at(late) == {"handoff.expired": 1, "handoff.woken": 1, "handoff.widened": 1}, "no reminder any more"
    assert swept_at(late) == {}
    told = Counter(Notification.objects.filter(event__kind__in=BY_TIME).values_list("event__kind", "user__name"))
    assert set(told.values()) == {1}
    assert told["handoff.woken", ana.name] == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_of_several_sweeps_at_once_one_does_it(three):
    gate = Barrier(4)

    def round_() -> None:
        try:
            gate.wait()
            with clock.replayed_at(FRIDAY + timedelta(days=10)):
                sweep.sweep(sweep.do_it)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _n: round_(), range(4)))
    kinds = Counter(Event.objects.filter(kind__in=BY_TIME).values_list("kind", flat=True))
    assert kinds == {"handoff.expired": 1, "handoff.woken": 1, "handoff.widened": 1}


def test_what_a_person_did_before_the_late_sweep_stands(three, ana, bo, cy):
    late = FRIDAY + timedelta(days=10)
    with clock.replayed_at(late):
        Handoff.objects.get(pk=three["claimed"].pk).session.add_step(bo, text="here I am again")
        three["parked"].session.resume(ana)
        three["aimed"].claim(bo)
    assert swept_at(late) == {}


def test_a_due_time_in_the_gap_of_the_clocks_still_comes(three, oslo):
    gap = datetime(2027, 3, 28, 2, 30, tzinfo=OSLO)  # a wall clock that never shows this
    Handoff.objects.filter(pk=three["parked"].pk).update(wake_at=gap)
    sunday = datetime(2027, 3, 28, 0, 59, tzinfo=UTC)
    assert "handoff.woken" not in swept_at(sunday)
    assert swept_at(sunday + timedelta(minutes=32))["handoff.woken"] == 1


def test_an_hour_that_comes_twice_wakes_once(three):
    first, second = (datetime(2027, 10, 31, 2, 30, tzinfo=OSLO, fold=fold) for fold in (0, 1))
    Handoff.objects.filter(pk=three["parked"].pk).update(wake_at=first)
    assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=1)
    swept_at(first)
    assert "handoff.woken" not in swept_at(second)
    assert Event.objects.filter(kind="handoff.woken").count() == 1


def test_a_time_the_clocks_skip_is_asked_for_again_and_of_one_told_twice_the_first_is_taken(session):
    with timezone.override(OSLO):
        gap = ParkForm({"wake": "at", "wake_at": "2027-03-28T02:30"}, session=session)
        assert not gap.is_valid()
        assert gap.errors["wake_at"]
        twice = ParkForm({"wake": "at", "wake_at": "2027-10-31T02:30"}, session=session)
        assert twice.is_valid()
    assert twice.cleaned_data["wake_at"].astimezone(UTC) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_the_next_business_day_is_at_the_wall_clocks_hour(oslo):
    woken = oslo.next_business_day(FRIDAY)
    assert woken.astimezone(OSLO) == datetime(2027, 3, 29, 8, 0, tzinfo=OSLO)
    assert woken - FRIDAY == timedelta(days=2, hours=16), "an hour less: the clocks went forward"


def test_a_clock_that_goes_back_does_nothing_again(three):
    late = FRIDAY + timedelta(days=10)
    swept_at(late)
    assert swept_at(FRIDAY + timedelta(days=3)) == {}
