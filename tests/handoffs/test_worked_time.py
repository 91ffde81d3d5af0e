"""The minutes that Log time offers: since the claim or the opening, without what the session waited, was parked or was
another's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from handoffs.models import Handoff
from handoffs.worked_time import WorkedTime, worked_time
from resolutionflow.accounts.models import User
from sessions_app.models import Session

AT = "2026-11-23T10:00:00Z"


@pytest.fixture
def later(time_machine):
    """Some minutes go by."""
    time_machine.move_to(AT, tick=False)
    return lambda minutes: time_machine.shift(timedelta(minutes=minutes))


@pytest.fixture
def opened(later, ana) -> Session:
    return Session.open(ana, problem_summary="VPN drops")


def of(session: Session, user: User, **more) -> WorkedTime:
    return worked_time(Session.objects.get(pk=session.pk), user, **more)


def waiting(session: Session, by: User) -> Handoff:
    return Handoff.escalate(Session.objects.get(pk=session.pk), by, notes="Stuck")


def test_it_counts_from_the_opening(opened, ana, bo, later) -> None:
    later(20)
    found = of(opened, ana)
    assert (found.minutes, found.is_going_on, found.waited) == (20, True, timedelta())
    assert found.in_words(1) == "20 min since you opened it."
    assert of(opened, bo).in_words(15) == "You have not had this session: type the minutes you worked."
    assert of(opened, bo).rounded(15) is None


def test_it_counts_from_the_claim_and_the_queue_is_nobodys(opened, ana, bo, later) -> None:
    later(20)
    handoff = waiting(opened, ana)
    later(60)
    handoff.claim(bo)
    later(42)
    assert of(opened, bo).in_words(15) == "42 min since you claimed it, rounded up to 45."
    assert of(opened, ana).minutes == 20
    assert of(opened, ana).in_words(1) == "20 min since you opened it until it left you."
    assert of(opened, ana).ended == datetime(2026, 11, 23, 10, 20, tzinfo=UTC)


def test_what_it_was_parked_is_left_out(opened, ana, later) -> None:
    later(10)
    Handoff.park(Session.objects.get(pk=opened.pk), ana)
    later(90)
    Session.objects.get(pk=opened.pk).resume(ana)
    later(5)
    assert (
        of(opened, ana).in_words(1) == "15 min since you opened it, without 90 min in which it waited or was another's."
    )


def test_what_it_waited_until_it_was_withdrawn_is_left_out(opened, ana, bo, later) -> None:
    later(10)
    handoff = waiting(opened, ana)
    later(30)
    handoff.withdraw(ana)
    later(3)
    assert of(opened, ana).minutes == 13


def test_what_comes_back_goes_on_without_what_was_the_others(opened, ana, bo, later) -> None:
    later(10)
    handoff = waiting(opened, ana)
    later(5)
    handoff.claim(bo)
    later(25)
    handoff.return_(bo, reason="Try the other router")
    later(7)
    assert (of(opened, ana).minutes, of(opened, bo).minutes) == (17, 25)


@pytest.mark.parametrize("how", ["undo", "release", "expire"])
def test_a_claim_that_ended_counts_to_its_end_and_a_new_one_anew(opened, ana, bo, later, how) -> None:
    handoff = waiting(opened, ana)
    handoff.claim(bo)
    later({"undo": 0.5, "release": 8, "expire": 12 * 60}[how])
    if how == "expire":
        Handoff.objects.filter(pk=handoff.pk).update(lease_until=datetime(2026, 11, 23, 11, tzinfo=UTC))
        assert handoff.expire()
    else:
        getattr(handoff, how)(bo)
    later(100)
    assert of(opened, bo).minutes == {"undo": 0, "release": 8, "expire": 12 * 60}[how]
    Handoff.objects.get(pk=handoff.pk).claim(bo)
    later(4)
    assert of(opened, bo).minutes == 4


@pytest.mark.parametrize(("verb", "said"), [("transfer", "it was given to you"), ("take_over", "you took it over")])
def test_who_is_given_it_counts_from_then(opened, ana, bo, lea, later, verb, said) -> None:
    handoff = waiting(opened, ana)
    handoff.claim(bo)
    later(30)
    handoff.transfer(bo, to=lea) if verb == "transfer" else handoff.take_over(lea, reason="Ill")
    later(11)
    assert of(opened, lea).in_words(1) == f"11 min since {said}."
    assert of(opened, bo).minutes == 30


def test_what_left_them_before_it_was_resolved_is_not_said_to_end_there(opened, ana, bo, later) -> None:
    later(20)
    handoff = waiting(opened, ana)
    later(60)
    handoff.claim(bo)
    later(30)
    Session.objects.get(pk=opened.pk).resolve(bo, resolution="Replaced it")
    assert of(opened, ana).in_words(1) == "20 min since you opened it until it left you."
    assert of(opened, bo).in_words(1) == "30 min since you claimed it until it was resolved."


def test_it_ends_where_it_is_resolved_and_begins_anew_for_who_reopens_it(opened, ana, bo, later) -> None:
    later(33)
    Session.objects.get(pk=opened.pk).resolve(ana, resolution="Replaced it")
    later(500)
    assert of(opened, ana).in_words(6) == "33 min since you opened it until it was resolved, rounded up to 36."
    Session.objects.get(pk=opened.pk).reopen(bo, reason="Again")
    later(2)
    assert of(opened, bo).in_words(1) == "2 min since you reopened it."
    assert of(opened, ana).minutes == 33


def test_it_says_how_their_own_time_ended_whatever_came_after(opened, ana, bo, lea, later) -> None:
    later(10)
    handoff = waiting(opened, ana)
    handoff.claim(bo)
    later(30)
    handoff.release(bo)
    Handoff.objects.get(pk=handoff.pk).claim(lea)
    later(60)
    Handoff.park(Session.objects.get(pk=opened.pk), lea)
    assert of(opened, lea).in_words(1) == "60 min since you claimed it until it was parked."
    Session.objects.get(pk=opened.pk).resolve(lea, resolution="Replaced it")
    assert of(opened, bo).in_words(1) == "30 min since you claimed it until it left you."
    assert of(opened, ana).in_words(1) == "10 min since you opened it until it left you."


def test_what_was_logged_is_not_offered_again(opened, ana, later) -> None:
    later(30)
    logged_at = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
    assert of(opened, ana, logged_at=logged_at).rounded(15) is None
    assert "Nothing since you logged time last: type the minutes" in of(opened, ana, logged_at=logged_at).in_words(15)
    later(12)
    assert of(opened, ana, logged_at=logged_at).in_words(15) == "12 min since you logged time last, rounded up to 15."
    Session.objects.get(pk=opened.pk).resolve(ana, resolution="Replaced it")
    after = datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert of(opened, ana, logged_at=after).worked == timedelta()


@pytest.mark.parametrize(
    ("minutes", "unit", "offered"),
    [(0.5, 1, 1), (0.5, 15, 15), (1, 1, 1), (15, 15, 15), (15.9, 15, 15), (16, 15, 30), (7, 6, 12), (5, 5, 5),
     (21, 10, 30), (31, 30, 60), (1440, 30, 1440), (1441, 1, None), (20_000, 15, None)],
)  # fmt: skip
def test_minutes_are_rounded_up_to_the_unit_and_at_least_one(opened, ana, later, minutes, unit, offered) -> None:
    later(minutes)
    assert of(opened, ana).rounded(unit) == offered
    if offered is None:
        assert "More than a day since you opened it: type" in of(opened, ana).in_words(unit)
    elif minutes < 1:
        assert of(opened, ana).in_words(unit) == f"Less than a minute since you opened it, rounded up to {offered}."
