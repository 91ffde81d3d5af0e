"""undo, release, return, transfer, take over, withdraw: what can happen to a claim."""

import pytest
from django.utils import timezone

from handoffs.models import Handoff
from resolutionflow.accounts.models import Event
from resolutionflow.core.refusals import Invalid, NotAllowed, WrongState


def position(handoff):
    fresh = Handoff.objects.get(pk=handoff.pk)
    return fresh.session.status, fresh.status, fresh.closed_reason


class TestUndo:
    def test_puts_it_back_where_it_was(self, waiting, bo, ana):
        opened_at, open_since = waiting.opened_at, waiting.open_since
        waiting.claim(bo)
        waiting.session.add_step(bo, text="looked at it")
        waiting.undo(bo)
        fresh = Handoff.objects.get(pk=waiting.pk)
        assert position(waiting) == ("escalated", "open", "")
        assert (fresh.opened_at, fresh.open_since, fresh.session.assignee) == (opened_at, open_since, ana)
        assert fresh.session.steps.count() == 4

    def test_only_for_a_minute(self, claimed, bo):
        Handoff.objects.filter(pk=claimed.pk).update(undo_until=timezone.now())
        with pytest.raises(WrongState, match="Release"):
            claimed.undo(bo)

    def test_only_while_the_claim_is_its_last_event(self, claimed, bo, lea):
        claimed.reprioritise(lea, priority=0)
        with pytest.raises(WrongState, match="More has happened"):
            claimed.undo(bo)

    def test_only_by_the_claimer(self, claimed, cy, lea):
        for other in (cy, lea):
            with pytest.raises(NotAllowed):
                claimed.undo(other)

    def test_not_of_a_transferred_claim(self, claimed, bo, cy):
        claimed.transfer(bo, to=cy)
        with pytest.raises(WrongState):
            claimed.undo(cy)


class TestRelease:
    def test_goes_back_open_to_everybody_in_its_old_place(self, session, ana, bo, cy):
        handoff = Handoff.escalate(session, ana, notes="Bo", target_user=bo)
        opened_at = handoff.opened_at
        handoff.claim(bo)
        handoff.release(bo, reason="gone for the day")
        fresh = Handoff.objects.get(pk=handoff.pk)
        assert position(handoff) == ("escalated", "open", "")
        assert (fresh.opened_at, fresh.target_user, fresh.session.assignee) == (opened_at, bo, ana)
        assert fresh.widens_at is None
        fresh.claim(cy)

    def test_only_by_the_claimer(self, claimed, cy):
        with pytest.raises(NotAllowed):
            claimed.release(cy)

    def test_not_when_waiting(self, waiting, bo):
        with pytest.raises(WrongState):
            waiting.release(bo)

    def test_by_the_system(self, claimed):
        claimed.release(None, reason="deactivated")
        event = Event.objects.latest("id")
        assert (event.actor, event.kind, event.origin) == (None, "handoff.released", "system")


class TestReturn:
    def test_goes_back_to_the_holder(self, claimed, bo, ana):
        claimed.return_(bo, reason="needs the router model first")
        assert position(claimed) == ("active", "closed", "returned")
        claimed.session.refresh_from_db()
        assert claimed.session.assignee == ana

    def test_needs_a_reason(self, claimed, bo):
        with pytest.raises(Invalid):
            claimed.return_(bo, reason=" ")

    @pytest.mark.parametrize("gone", [{"is_active": False}, {"role": "viewer"}])
    def test_not_to_somebody_who_cannot_work(self, claimed, bo, ana, gone):
        type(ana).objects.filter(pk=ana.pk).update(**gone)
        with pytest.raises(WrongState, match="release it instead"):
            Handoff.objects.get(pk=claimed.pk).return_(bo, reason="here")


class TestTransfer:
    def test_by_the_claimer(self, claimed, bo, cy):
        before = claimed.claimed_at
        claimed.transfer(bo, to=cy)
        fresh = Handoff.objects.get(pk=claimed.pk)
        assert (fresh.claimed_by, fresh.session.assignee) == (cy, cy)
        assert fresh.claimed_at > before

    def test_by_a_lead(self, claimed, lea, cy):
        claimed.transfer(lea, to=cy)

    def test_not_by_others(self, claimed, cy, lea):
        with pytest.raises(NotAllowed):
            claimed.transfer(cy, to=lea)

    def test_back_to_the_sender_is_a_return(self, claimed, bo, ana):
        with pytest.raises(WrongState, match="return it instead"):
            claimed.transfer(bo, to=ana)

    @pytest.mark.parametrize("who", ["bo", "vic", "eve"])
    def test_only_to_another_active_engineer(self, claimed, bo, who, request):
        with pytest.raises(Invalid) as refused:
            claimed.transfer(bo, to=request.getfixturevalue(who))
        assert "to" in refused.value.errors


class TestTakeOver:
    def test_by_a_lead(self, claimed, lea, bo):
        claimed.take_over(lea, reason="Bo is on the train")
        fresh = Handoff.objects.get(pk=claimed.pk)
        assert (fresh.claimed_by, fresh.session.assignee) == (lea, lea)
        assert Event.objects.latest("id").facts["from_user"] == bo.pk

    def test_not_by_an_engineer(self, claimed, cy):
        with pytest.raises(NotAllowed):
            claimed.take_over(cy, reason="mine")

    def test_by_the_sender_it_is_a_return_to_them(self, session, lea, ana, bo):
        handoff = Handoff.escalate(session, lea, notes="for Ana")
        handoff.claim(bo)
        handoff.take_over(lea, reason="I have time now")
        assert position(handoff) == ("active", "closed", "returned")
        session.refresh_from_db()
        assert session.assignee == lea

    def test_not_of_the_own_claim(self, waiting, lea):
        waiting.claim(lea)
        with pytest.raises(WrongState):
            waiting.take_over(lea, reason="x")


class TestWithdraw:
    @pytest.mark.parametrize("who", ["ana", "lea"])
    def test_by_sender_holder_or_lead(self, waiting, who, request, ana):
        waiting.withdraw(request.getfixturevalue(who))
        assert position(waiting) == ("active", "closed", "withdrawn")
        waiting.session.refresh_from_db()
        assert waiting.session.assignee == ana

    def test_not_by_others(self, waiting, bo):
        with pytest.raises(NotAllowed):
            waiting.withdraw(bo)

    def test_not_once_claimed(self, claimed, ana):
        with pytest.raises(WrongState, match="Bo Tester has claimed"):
            claimed.withdraw(ana)

    def test_not_a_park(self, session, ana):
        with pytest.raises(WrongState, match="parked"):
            Handoff.park(session, ana).withdraw(ana)


class TestReleaseOfSomebodyWhoLeft:
    def test_puts_their_claim_back(self, claimed, bo, olga):
        bo.deactivate(by=olga)
        assert Handoff.objects.get(pk=claimed.pk).release_of_gone()
        assert position(claimed) == ("escalated", "open", "")

    def test_leaves_the_claim_of_whoever_took_over_meanwhile(self, claimed, bo, lea, olga):
        bo.deactivate(by=olga)
        found_by_the_sweep = Handoff.objects.get(pk=claimed.pk)
        Handoff.objects.get(pk=claimed.pk).take_over(lea, reason="Bo has left")
        assert not found_by_the_sweep.release_of_gone()
        assert Handoff.objects.get(pk=claimed.pk).claimed_by == lea
