"""escalate: working, parked, claimed -> waiting."""

import pytest

from handoffs.models import Handoff
from resolutionflow.accounts.models import Event, Priority
from resolutionflow.core.refusals import Invalid, NotAllowed, WrongState
from sessions_app.models import Session


def test_makes_a_waiting_handoff_and_one_event(session, ana):
    before = Event.objects.count()
    handoff = Handoff.escalate(session, ana, notes="stuck", priority=Priority.URGENT)
    session.refresh_from_db()
    assert (session.status, session.assignee, session.handoff_count) == ("escalated", ana, 1)
    assert (handoff.status, handoff.sender, handoff.holder) == ("open", ana, ana)
    event = Event.objects.latest("id")
    assert Event.objects.count() == before + 1
    assert (event.kind, event.handoff_id, event.session_id) == ("handoff.escalated", handoff.pk, session.pk)
    assert event.facts["priority"] == "urgent"


def test_snapshot_is_frozen_before_the_status_changes(session, ana):
    handoff = Handoff.escalate(session, ana, notes="stuck")
    assert handoff.snapshot["status"] == "active"
    assert handoff.snapshot["psa_ticket_id"] == "48190"
    assert [step["outcome"] for step in handoff.snapshot["steps"]] == ["failed", "inconclusive", "pending"]
    assert "branch_map" not in handoff.snapshot


def test_what_is_not_known_is_null_in_the_snapshot(ana):
    session = Session.open(ana, problem_summary="No client, no device, no ticket")
    session.add_step(ana, text="Looked at it")
    snapshot = Handoff.escalate(session, ana, notes="stuck").snapshot
    assert [snapshot[name] for name in ("client_name", "asset_name", "psa_ticket_id")] == [None] * 3
    assert snapshot["steps"][0]["answer"] is None


def test_snapshot_of_a_branching_session_has_the_map(session, ana):
    branch = session.add_branch(ana, label="It is the router")
    branch.activate(ana)
    session.refresh_from_db()
    snapshot = Handoff.escalate(session, ana, notes="stuck").snapshot
    assert [b["label"] for b in snapshot["branch_map"]] == ["Main", "It is the router"]
    assert snapshot["active_branch_id"] == branch.pk


def test_snapshot_keeps_the_newest_steps(session, ana):
    for n in range(30):
        session.add_step(ana, text=f"try {n}")
    steps = Handoff.escalate(session, ana, notes="stuck").snapshot["steps"]
    assert (len(steps), steps[-1]["text"]) == (20, "try 29")


@pytest.mark.parametrize("notes", ["", "  \n ", "\x00\u202e"])
def test_needs_a_reason(session, ana, notes):
    with pytest.raises(Invalid) as refused:
        Handoff.escalate(session, ana, notes=notes)
    assert "notes" in refused.value.errors


def test_twice_is_refused_and_says_since_when(waiting, ana):
    with pytest.raises(WrongState, match=f"{waiting.open_since:%H:%M}"):
        Handoff.escalate(waiting.session, ana, notes="again")
    assert waiting.session.handoffs.unclosed().count() == 1


def test_a_resolved_session_is_refused(session, ana):
    session.resolve(ana, resolution="done")
    with pytest.raises(WrongState, match="resolved"):
        Handoff.escalate(session, ana, notes="stuck")


def test_only_the_assignee_or_a_lead(session, bo, lea, vic):
    for nobody in (bo, vic):
        with pytest.raises(NotAllowed):
            Handoff.escalate(session, nobody, notes="let me")
    handoff = Handoff.escalate(session, lea, notes="Ana is ill")
    assert (handoff.sender, handoff.holder.name) == (lea, "Ana Tester")


def test_target_is_checked(session, ana, vic, eve, network, bo):
    for target in (ana, vic, eve):
        with pytest.raises(Invalid) as refused:
            Handoff.escalate(session, ana, notes="stuck", target_user=target)
        assert "target_user" in refused.value.errors
    with pytest.raises(Invalid):
        Handoff.escalate(session, ana, notes="stuck", target_user=bo, target_team=network)
    bo.is_active = False
    bo.save()
    with pytest.raises(Invalid):
        Handoff.escalate(session, ana, notes="stuck", target_user=bo)
    assert not session.handoffs.exists()


def test_a_lead_cannot_aim_it_at_whoever_holds_it(session, lea, ana):
    with pytest.raises(Invalid, match="already"):
        Handoff.escalate(session, lea, notes="stuck", target_user=ana)


def test_from_parked_closes_the_park(session, ana):
    park = Handoff.park(session, ana)
    handoff = Handoff.escalate(session, ana, notes="cannot wait")
    park.refresh_from_db()
    assert (park.status, park.closed_reason) == ("closed", "superseded")
    event = Event.objects.latest("id")
    assert (event.handoff_id, event.facts["closed"]["handoff"]) == (handoff.pk, park.pk)


def test_from_an_own_claim_closes_it_and_names_its_sender(claimed, ana, bo):
    further = Handoff.escalate(claimed.session, bo, notes="beyond me too")
    claimed.refresh_from_db()
    assert (claimed.closed_reason, claimed.claimed_by) == ("superseded", bo)
    assert further.holder == bo
    assert Event.objects.latest("id").facts["closed"]["sender"] == ana.pk
