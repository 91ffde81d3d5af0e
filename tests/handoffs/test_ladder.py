"""The ladder: whom an escalation calls again while nobody claims it, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from handoffs import consistency
from handoffs.models import Handoff
from notifications import sweep
from resolutionflow.accounts.models import Event, Priority, User
from resolutionflow.accounts.models.ladder import check_ladder, default_ladder
from resolutionflow.core import clock
from resolutionflow.core.refusals import Invalid, NotAllowed, WrongState

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # the account works 08:00 to 18:00
URGENT, HIGH, NORMAL, LOW = Priority


def at(minutes: float, *, start: datetime = MONDAY):
    return clock.replayed_at(start + timedelta(minutes=minutes))


def swept(handoff: Handoff) -> Handoff:
    sweep.sweep(sweep.do_it)
    handoff.refresh_from_db()
    return handoff


def steps() -> list[list[str]]:
    """Whom each step called, in order."""
    events = Event.objects.filter(kind="handoff.stepped").order_by("seq")
    return [[called["whom"] for called in event.facts["called"]] for event in events]


@pytest.fixture
def escalated(session, ana, bo, cy, lea):
    """`escalated(priority)`: on Monday at 09:00."""

    def escalate(priority: Priority, *, start: datetime = MONDAY, **more) -> Handoff:
        with at(0, start=start):
            return Handoff.escalate(session, ana, notes="stuck", priority=priority, **more)

    return escalate


# --- when it is due ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("priority", "minutes", "to"),
    [(URGENT, 5, "leads"), (HIGH, 15, "leads"), (NORMAL, None, ""), (LOW, None, "")],
)
def test_the_default(escalated, priority, minutes, to):
    handoff = escalated(priority)
    assert handoff.ladder_at == (MONDAY + timedelta(minutes=minutes) if minutes else None)
    assert handoff.ladder_to == to


@pytest.mark.parametrize(
    ("zone", "holidays", "start", "due"),
    [
        ("UTC", [], "2026-11-23 17:50", "2026-11-24 08:05"),  # over night
        ("UTC", ["2026-11-24"], "2026-11-23 17:50", "2026-11-25 08:05"),  # … and a holiday
        ("UTC", [], "2026-11-27 17:50", "2026-11-30 08:05"),  # over a weekend
        ("UTC", [], "2026-11-28 03:00", "2026-11-30 08:15"),
        ("Europe/Oslo", [], "2026-03-27 16:50", "2026-03-30 06:05"),  # clocks go forward on Sunday
        ("Europe/Oslo", [], "2026-10-23 15:50", "2026-10-26 07:05"),  # … and back
    ],
)
def test_working_time(escalated, northwind, zone, holidays, start, due):
    northwind.change(by=None, time_zone=zone, holidays=holidays)
    handoff = escalated(HIGH, start=_utc(start))
    assert handoff.ladder_at == _utc(due)
    with clock.replayed_at(_utc(due) - timedelta(seconds=1)):
        swept(handoff)
    assert steps() == []
    with clock.replayed_at(_utc(due)):
        swept(handoff)
    assert steps() == [["leads"]]


@pytest.mark.parametrize(("zone", "start"), [("Europe/Oslo", "2026-03-29 00:58"), ("Europe/Oslo", "2026-10-25 00:58")])
def test_any_time_is_real_time_where_clocks_change(escalated, northwind, zone, start):
    northwind.change(by=None, time_zone=zone)
    assert escalated(URGENT, start=_utc(start)).ladder_at == _utc(start) + timedelta(minutes=5)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# --- by time -------------------------------------------------------------------------------------


def test_each_step_at_its_minute_and_once(escalated):
    handoff = escalated(URGENT)
    seen = []
    for minute in (4, 5, 5, 6, 14.9, 15, 16, 300):
        with at(minute):
            swept(handoff)
        seen.append(len(steps()))
    assert seen == [0, 1, 1, 1, 1, 2, 2, 2]
    assert steps() == [["leads"], ["on_shift"]]
    assert (handoff.ladder_at, handoff.ladder_to) == (None, "")
    first = Event.objects.filter(kind="handoff.stepped").order_by("seq").first()
    assert (first.actor, first.origin, first.facts["waited"], first.facts["priority"]) == (None, "system", 5, "urgent")
    assert not consistency.inconsistent_sessions().exists()


def test_after_the_first_the_card_names_the_second(escalated):
    handoff = escalated(URGENT)
    with at(5):
        swept(handoff)
    assert (handoff.ladder_at, handoff.ladder_to) == (MONDAY + timedelta(minutes=15), "everyone on shift")


def test_a_worker_that_was_away_calls_once(escalated):
    handoff = escalated(URGENT)
    with at(90):
        swept(handoff)
    assert steps() == [["leads", "on_shift"]]


def test_two_workers_step_once(escalated):
    handoff = escalated(URGENT)
    other = Handoff.objects.get(pk=handoff.pk)
    with at(5):
        assert [handoff.step(), other.step()] == [True, False]


# --- what stops it, and what starts it anew --------------------------------------------------------


def test_a_claim_stops_it(escalated, bo):
    handoff = escalated(URGENT)
    with at(4):
        handoff.claim(bo)
    with at(30):
        swept(handoff)
    assert steps() == []


def test_an_undo_goes_on_where_it_was(escalated, bo):
    handoff = escalated(URGENT)
    with at(5):
        swept(handoff)
    with at(14.5):
        handoff.claim(bo)
    with at(15.2):
        handoff.undo(bo)
        assert handoff.ladder_at == MONDAY + timedelta(minutes=15)
        swept(handoff)
    assert steps() == [["leads"], ["on_shift"]]


def test_a_release_starts_anew(escalated, bo):
    handoff = escalated(URGENT)
    with at(5):
        swept(handoff)
    with at(10):
        handoff.claim(bo)
    with at(30):
        handoff.release(bo)
        assert handoff.ladder_at == MONDAY + timedelta(minutes=35)
    with at(35):
        swept(handoff)
    assert steps() == [["leads"], ["leads"]]


def test_so_does_a_claim_that_ran_out(escalated, bo):
    handoff = escalated(URGENT)
    with at(4):
        handoff.claim(bo)
    with at(64):
        swept(handoff)
    assert handoff.is_open
    assert handoff.ladder_at == MONDAY + timedelta(minutes=69)


@pytest.mark.parametrize("end", ["withdraw", "resolve", "abandon"])
def test_what_is_over_calls_nobody(escalated, ana, end):
    handoff = escalated(URGENT)
    with at(1):
        match end:
            case "withdraw":
                handoff.withdraw(ana)
            case "resolve":
                handoff.session.resolve(ana, resolution="fixed")
            case "abandon":
                handoff.session.abandon(ana, reason="gone")
    with at(30):
        swept(handoff)
    assert steps() == []


# --- another priority ------------------------------------------------------------------------------


def test_a_raised_card_takes_the_steeper_ladder_from_the_same_start(escalated, ana):
    handoff = escalated(NORMAL)
    with at(2):
        handoff.reprioritise(ana, priority=URGENT)
    assert handoff.ladder_at == MONDAY + timedelta(minutes=5)


def test_and_makes_up_for_what_is_past_at_once(escalated, ana):
    handoff = escalated(NORMAL)
    with at(20):
        handoff.reprioritise(ana, priority=URGENT)
        swept(handoff)
    assert steps() == [["leads", "on_shift"]]


def test_a_lowered_one_calls_nobody_again_for_what_is_past(escalated, ana):
    handoff = escalated(URGENT)
    with at(16):
        swept(handoff)
        handoff.reprioritise(ana, priority=HIGH)
        swept(handoff)
    assert steps() == [["leads", "on_shift"]]
    assert handoff.ladder_at is None


def test_lowered_and_raised_again_calls_nobody_a_second_time(escalated, ana):
    handoff = escalated(URGENT)
    with at(16):
        swept(handoff)
        for priority in (HIGH, URGENT):
            handoff.reprioritise(ana, priority=priority)
            swept(handoff)
    assert steps() == [["leads", "on_shift"]]


def test_a_park_calls_nobody(session, ana):
    park = Handoff.park(session, ana)
    park.reprioritise(ana, priority=URGENT)
    assert park.ladder_at is None


def test_what_came_with_an_import_calls_nobody(session, ana, bo):
    User.objects.filter(pk=ana.pk).update(email=None)
    session.refresh_from_db()
    handoff = Handoff.escalate(session, User.objects.get(pk=ana.pk), notes="stuck", priority=URGENT)
    assert handoff.ladder_at is None


# --- hold and let go -------------------------------------------------------------------------------


def test_a_held_ladder_calls_nobody_until_it_is_let_go(escalated, ana):
    handoff = escalated(URGENT)
    with at(1):
        handoff.hold(ana, reason="The client calls back at ten")
    with at(60):
        swept(handoff)
        assert steps() == []
        handoff.let_go(ana)
        swept(handoff)
    assert steps() == [["leads", "on_shift"]]
    held, gone = Event.objects.filter(kind="handoff.held").order_by("seq")
    assert (held.facts["held"], held.facts["reason"]) == (True, "The client calls back at ten")
    assert gone.facts == {"held": False}


def test_it_stays_held_through_a_claim_and_another_priority(escalated, ana, bo):
    handoff = escalated(NORMAL)
    with at(1):
        handoff.reprioritise(ana, priority=HIGH)
        handoff.hold(ana, reason="Wait for the part")
        handoff.reprioritise(ana, priority=URGENT)
        handoff.claim(bo)
    with at(3):
        handoff.release(bo)
    with at(60):
        swept(handoff)
    assert steps() == []
    assert handoff.ladder_held_by == ana


def test_who_may_hold_it(escalated, ana, bo, lea, vic):
    handoff = escalated(URGENT)
    for nobody in (bo, vic):
        with pytest.raises(NotAllowed):
            handoff.hold(nobody, reason="no")
    handoff.hold(lea, reason="yes")
    with pytest.raises(WrongState, match="Lea Tester holds it already"):
        handoff.hold(ana, reason="me too")
    with pytest.raises(NotAllowed):
        handoff.let_go(bo)
    handoff.let_go(ana)
    with pytest.raises(WrongState, match="Nobody holds it"):
        handoff.let_go(ana)


@pytest.mark.parametrize("reason", ["", " \u200b\n", "x" * 501])
def test_a_reason_is_needed_in_one_line(escalated, ana, reason):
    with pytest.raises(Invalid):
        escalated(URGENT).hold(ana, reason=reason)


def test_only_what_waits_is_held(escalated, lea, bo):
    handoff = escalated(URGENT)
    handoff.claim(bo)
    with pytest.raises(WrongState):
        handoff.hold(lea, reason="too late")


# --- another ladder --------------------------------------------------------------------------------


def test_what_waits_goes_on_by_a_new_ladder_without_making_up_for_the_past(escalated, northwind):
    handoff = escalated(NORMAL)
    leads = {"minutes": 30, "working_time": False, "whom": "leads"}
    late = {"minutes": 60, "working_time": False, "whom": "on_shift"}
    with at(40):
        northwind.change(by=None, ladder={**default_ladder(), "normal": [leads, late]})
        swept(handoff)
        assert steps() == []
        assert handoff.ladder_at == MONDAY + timedelta(minutes=60)
    with at(60):
        swept(handoff)
    assert steps() == [["on_shift"]]


def test_what_waits_follows_the_hours(escalated, northwind):
    handoff = escalated(HIGH, start=datetime(2026, 11, 23, 17, 50, tzinfo=UTC))
    with at(0, start=datetime(2026, 11, 23, 17, 55, tzinfo=UTC)):
        northwind.change(by=None, business_hours={"0": ["08:00", "20:00"]})
        assert swept(handoff).ladder_at == datetime(2026, 11, 23, 18, 5, tzinfo=UTC)


def test_what_was_due_between_the_change_and_its_relay_is_called(escalated, northwind):
    handoff = escalated(NORMAL)
    with at(20):
        northwind.change(by=None, ladder={**default_ladder(), "normal": [STEP | {"minutes": 30}]})
    with at(35):
        swept(handoff)
        swept(handoff)
    assert steps() == [["leads"]]


STEP = {"minutes": 5, "working_time": False, "whom": "leads"}


@pytest.mark.parametrize(
    "steps",
    [
        None, {}, [STEP | {"minutes": 0}], [STEP | {"minutes": True}], [STEP | {"minutes": 10_081}],
        [STEP | {"whom": "x"}],
        [STEP | {"whom": "team"}], [STEP | {"id": 1}], [STEP | {"whom": "person", "id": "1", "name": "Bo"}],
        [STEP | {"whom": "team", "id": 1, "name": ""}], [STEP | {"working_time": "no"}], [STEP] * 7, ["leads"],
    ],
)  # fmt: skip
def test_a_ladder_is_checked(steps):
    with pytest.raises(ValidationError):
        check_ladder({**default_ladder(), "urgent": steps})


@pytest.mark.parametrize("wrong", [None, [], {}, {"urgent": []}, {**default_ladder(), "asap": []}])
def test_it_has_each_priority_and_no_other(wrong):
    with pytest.raises(ValidationError):
        check_ladder(wrong)


def test_the_default_is_right():
    check_ladder(default_ladder())
