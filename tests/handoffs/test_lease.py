"""A claim is a lease: renewed by work, reminded of at 80 %, then back in the queue."""

from datetime import UTC, datetime, timedelta

import pytest

from handoffs import consistency
from handoffs.models import Handoff
from notifications import sweep, wording
from notifications.models import Notification
from notifications.relay import relay
from resolutionflow.accounts.models import Account, Event, User
from resolutionflow.core import clock
from resolutionflow.core.refusals import Directed, NotAllowed, WrongState
from sessions_app.models import Session
from tests.locks import meanwhile

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def at(hours: float):
    """So many hours after Monday 09:00; the account works 08:00 to 18:00."""
    return clock.replayed_at(MONDAY + timedelta(hours=hours))


def swept(handoff):
    sweep.sweep(sweep.do_it)
    handoff.refresh_from_db()
    return handoff


@pytest.fixture
def held(session, ana, bo, cy):
    """High priority, two working hours, claimed by Bo on Monday at 09:00."""
    with at(0):
        handoff = Handoff.escalate(session, ana, notes="stuck", priority=1)
        handoff.claim(bo)
        return swept(handoff)


def test_a_claim_lasts_as_long_as_the_account_says(held):
    assert held.lease_until == MONDAY + timedelta(hours=2)
    assert held.remind_at == MONDAY + timedelta(minutes=96)


def test_the_claimer_is_reminded_once_and_nobody_else(held, bo):
    with at(1.7):
        for _twice in range(2):
            swept(held)
    assert held.is_claimed
    told = Notification.objects.filter(event__kind="handoff.expiring")
    assert [line.user for line in told] == [bo]


def test_it_runs_out_and_everybody_is_called(held, ana, bo, cy):
    with at(2.1):
        swept(held)
        assert held.is_open
        assert held.session.assignee != bo
        assert not swept(held).is_claimed
    event = Event.objects.get(kind="handoff.expired")
    assert event.actor is None
    assert event.facts["claimed_by"] == bo.pk
    assert "ran out" in event.facts["reason"]
    told = Notification.objects.filter(event=event).values_list("user", flat=True)
    assert {bo.pk, cy.pk} <= set(told)


def test_an_expired_card_keeps_its_place_and_is_open_to_anyone(session, ana, bo, cy):
    with at(0):
        handoff = Handoff.escalate(session, ana, notes="stuck", priority=1, target_user=bo)
        handoff.claim(bo)
    with at(3):
        swept(handoff)
        assert handoff.opened_at == MONDAY
        assert handoff.widens_at is None
        handoff.claim(cy)
    assert handoff.claimed_by == cy


@pytest.mark.parametrize("work", ["step", "message", "branch", "outcome", "facts"])
def test_work_renews_it(held, bo, work):
    session = Handoff.objects.get(pk=held.pk).session
    with at(1.7):
        swept(held)
        match work:
            case "step":
                session.add_step(bo, text="try this")
            case "message":
                session.add_message(bo, content="on it")
            case "branch":
                session.add_branch(bo, label="it is the router")
            case "outcome":
                session.steps.first().change(bo, outcome="worked")
            case "facts":
                session.change(bo, asset_name="the other router")
    held.refresh_from_db()
    assert held.lease_until == MONDAY + timedelta(hours=3.7)
    assert held.reminded_at is None
    with at(3):
        assert swept(held).is_claimed


def test_the_work_of_others_renews_nothing(held, cy):
    with at(1):
        held.session.add_step(cy, text="have you tried this?")
    held.refresh_from_db()
    assert held.lease_until == MONDAY + timedelta(hours=2)


def test_still_on_it(held, bo, cy):
    with at(1.9):
        held.extend(bo)
        held.extend(bo)
        with pytest.raises(NotAllowed):
            held.extend(cy)
    assert held.lease_until == MONDAY + timedelta(hours=3.9)
    assert Event.objects.filter(kind="handoff.extended").count() == 1


@pytest.mark.parametrize("after", ["extend", "release", "resolve"])
def test_the_reminder_is_done_with_once_it_is_answered(held, bo, after):
    with at(1.7):
        swept(held)
        assert Notification.objects.filter(user=bo).unread().count() == 1
        match after:
            case "extend":
                held.extend(bo)
            case "release":
                held.release(bo)
            case "resolve":
                held.session.resolve(bo, resolution="fixed")
        swept(held)
    assert not Notification.objects.filter(user=bo, event__kind="handoff.expiring").unread().exists()


def test_still_on_it_answers_the_reminder_where_leases_have_become_shorter(held, bo, northwind):
    northwind.change(by=None, lease_minutes={**northwind.lease_minutes, "high": 5})
    with at(1.7):
        handoff = swept(Handoff.objects.get(pk=held.pk))
        handoff.extend(bo)
    assert handoff.reminded_at is None
    assert handoff.lease_until == MONDAY + timedelta(hours=1.7, minutes=5)


def test_the_night_and_the_weekend_do_not_count(session, ana, bo):
    friday = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
    with clock.replayed_at(friday):
        handoff = Handoff.escalate(session, ana, notes="stuck", priority=1)
        handoff.claim(bo)
    assert handoff.lease_until == datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def test_an_account_may_do_without(session, ana, bo, northwind):
    Account.objects.filter(pk=northwind.pk).update(lease_minutes={**northwind.lease_minutes, "high": None})
    handoff = Handoff.escalate(session, ana, notes="stuck", priority=1)
    handoff.claim(User.objects.get(pk=bo.pk))
    assert handoff.lease_until is None
    with pytest.raises(WrongState, match="does not run out"):
        Handoff.objects.get(pk=handoff.pk).extend(bo)


def test_never_spares_the_claims_there_are(held, northwind):
    Account.objects.filter(pk=northwind.pk).update(lease_minutes={**northwind.lease_minutes, "high": None})
    for hours in (1.7, 2.1):
        with at(hours):
            assert swept(held).is_claimed
    assert held.lease_until is None
    assert not Event.objects.filter(kind__in=("handoff.expiring", "handoff.expired")).exists()


def test_the_reminder_never_comes_after_the_end(held, northwind, bo):
    short = {"business_hours": {"0": ["08:00", "08:01"]}, "lease_minutes": {**northwind.lease_minutes, "high": 200}}
    Account.objects.filter(pk=northwind.pk).update(**short)
    with at(1):
        Handoff.objects.get(pk=held.pk).session.add_step(bo, text="try")
    held.refresh_from_db()
    assert held.remind_at <= held.lease_until


def test_a_new_priority_brings_its_own_lease(held, ana):
    with at(1):
        held.reprioritise(ana, priority=0)
    assert held.lease_until == MONDAY + timedelta(hours=2)


@pytest.mark.parametrize("after", ["transfer", "release", "return", "resolve"])
def test_what_ends_or_passes_a_claim_leaves_no_old_lease(held, bo, cy, after):
    with at(1):
        match after:
            case "transfer":
                held.leave_read_back(bo, text="first the tunnel")
                held.transfer(bo, to=cy)
            case "release":
                held.release(bo)
            case "return":
                held.return_(bo, reason="no")
            case "resolve":
                held.session.resolve(bo, resolution="fixed")
    held.refresh_from_db()
    assert held.read_back == ""
    assert held.undo_until is None
    assert held.lease_until == (MONDAY + timedelta(hours=3) if after == "transfer" else None)


def test_who_has_it_by_now_is_not_told_that_the_last_one_runs_out(held, cy, lea):
    with at(1.7):
        Handoff.objects.get(pk=held.pk).remind()
        Handoff.objects.get(pk=held.pk).transfer(lea, to=cy)
        swept(held)
    assert not Notification.objects.filter(event__kind="handoff.expiring").exists()


def test_a_claim_by_a_page_from_before_a_new_priority_has_the_lease_of_the_new_one(waiting, ana, bo):
    with at(0):
        stale = Handoff.objects.get(pk=waiting.pk)
        waiting.reprioritise(ana, priority=0)
        stale.claim(bo)
    assert Handoff.objects.get(pk=waiting.pk).lease_until == MONDAY + timedelta(hours=1)


def test_a_claim_by_a_page_from_before_an_undo_is_kept_for_the_target(session, ana, bo, cy):
    handoff = Handoff.escalate(session, ana, notes="stuck", target_user=bo)
    handoff.claim(bo)
    stale = Handoff.objects.get(pk=handoff.pk)
    handoff.undo(bo)
    with pytest.raises(Directed):
        stale.claim(cy)
    assert consistency.inconsistent_sessions().count() == 0


class TestWithoutALease:
    """Claims from before there were leases; and from when their account wanted none."""

    def test_it_begins_once_the_account_has_one(self, held):
        with at(1):
            Handoff.objects.filter(pk=held.pk).update(lease_until=None, remind_at=None)
            assert swept(held).lease_until == MONDAY + timedelta(hours=3)
            assert swept(held).lease_until == MONDAY + timedelta(hours=3)
        event = Event.objects.get(kind="handoff.extended")
        assert event.actor is None
        assert "has an end now" in wording.event_line(event)
        with at(3.1):
            assert swept(held).is_open

    def test_none_begins_where_the_account_wants_none(self, held, northwind):
        Handoff.objects.filter(pk=held.pk).update(lease_until=None, remind_at=None)
        northwind.change(by=None, lease_minutes={**northwind.lease_minutes, "high": None})
        assert swept(held).lease_until is None
        assert not Handoff.objects.get(pk=held.pk).start_lease()
        northwind.change(by=None, lease_minutes={**northwind.lease_minutes, "high": 30})
        assert swept(held).lease_until is not None

    def test_what_an_import_brought_has_none(self, held, northwind):
        there = User.objects.create(account=northwind, name="Imported", is_active=False)
        Handoff.objects.filter(pk=held.pk).update(claimed_by=there, lease_until=None, remind_at=None)
        assert swept(held).lease_until is None


def test_who_may_only_read_by_now_holds_nothing(claimed, bo, olga):
    event = bo.change_membership(by=olga, role="viewer")
    relay(event.pk)
    claimed.refresh_from_db()
    assert claimed.is_open
    assert Event.objects.get(kind="handoff.released").facts["reason"] == f"{bo} only reads here now."
    assert not swept(claimed).is_claimed


def test_what_a_viewer_worked_on_is_nobodys(session, ana, olga):
    assert not Session.objects.nobodys().exists()
    ana.change_membership(by=olga, role="viewer")
    assert list(Session.objects.nobodys()) == [session]


class TestOffShift:
    def test_what_they_hold_goes_back(self, claimed, bo):
        bo.go_off_shift()
        swept(claimed)
        assert claimed.is_open
        assert Event.objects.get(kind="handoff.released").facts["reason"] == f"{bo} went off shift."

    def test_they_are_not_called_back_by_it(self, claimed, ana, bo, cy):
        swept(claimed)
        bo.go_off_shift()
        swept(claimed)
        told = Notification.objects.filter(event__kind="handoff.released").values_list("user", flat=True)
        assert set(told) == {ana.pk, cy.pk}

    def test_what_they_claim_afterwards_stays(self, waiting, bo):
        bo.go_off_shift()
        waiting.claim(bo)
        assert swept(waiting).is_claimed

    def test_an_admin_means_what_they_claimed_since_too(self, waiting, bo, olga):
        bo.go_off_shift()
        waiting.claim(bo)
        User.objects.get(pk=bo.pk).go_off_shift(by=olga)
        assert swept(waiting).is_open

    def test_twice_is_once(self, bo):
        bo.go_off_shift()
        bo.go_off_shift()
        bo.come_back()
        assert Event.objects.filter(kind="member.changed").count() == 2


class TestReadBack:
    def test_the_sender_is_told_in_the_bell(self, claimed, ana, bo):
        claimed.leave_read_back(bo, text="  First I look at the tunnel ")
        sweep.sweep(sweep.do_it)
        assert claimed.read_back == "First I look at the tunnel"
        line = Notification.objects.get(event__kind="handoff.read_back")
        assert line.user == ana
        assert claimed.read_back in line.title
        assert not line.event.deliveries.exists()

    def test_only_by_the_claimer(self, claimed, cy):
        with pytest.raises(NotAllowed):
            claimed.leave_read_back(cy, text="mine")


def test_nothing_can_be_undone_once_more_has_happened(claimed, bo, cy):
    claimed.transfer(bo, to=cy)
    assert not claimed.can_be_undone


@pytest.mark.django_db(transaction=True)
def test_nobody_is_reminded_of_a_lease_renewed_at_that_moment(real, held):
    now = clock.now()
    Handoff.objects.update(remind_at=now - timedelta(minutes=1), lease_until=now + timedelta(hours=1))
    with meanwhile(lambda: Handoff.objects.get(pk=held.pk).remind()) as reminded:
        Handoff.objects.get(pk=held.pk).extend(held.claimed_by)
    held.refresh_from_db()
    assert (reminded, held.reminded_at) == ([False], None)
    assert held.remind_at > now
    assert not Event.objects.filter(kind="handoff.expiring").exists()
