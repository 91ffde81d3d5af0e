"""claim: waiting -> claimed. One wins; the other is told who and when."""

from datetime import timedelta

import pytest
from django.utils import timezone

from handoffs.models import Handoff
from notifications.relay import relay
from resolutionflow.accounts.models import Event, Team
from resolutionflow.core.refusals import AlreadyClaimed, Directed, NotAllowed, WrongState
from sessions_app.models import Message
from tests.api_client import client_of


def claims_of(handoff):
    return Event.objects.filter(kind="handoff.claimed", handoff_id=handoff.pk).count()


def test_the_claimer_becomes_the_assignee(waiting, bo):
    waiting.claim(bo)
    fresh = Handoff.objects.get(pk=waiting.pk)
    assert (fresh.status, fresh.claimed_by, fresh.session.status, fresh.session.assignee) == (
        "claimed", bo, "active", bo,
    )  # fmt: skip
    assert claims_of(waiting) == 1


def test_again_by_the_winner_changes_nothing(claimed, bo):
    at = Handoff.objects.get(pk=claimed.pk).claimed_at
    Handoff.objects.get(pk=claimed.pk).claim(bo)
    assert Handoff.objects.get(pk=claimed.pk).claimed_at == at
    assert claims_of(claimed) == 1


def test_the_loser_is_told_who_and_when(waiting, bo, cy):
    stale = Handoff.objects.get(pk=waiting.pk)
    waiting.claim(bo)
    with pytest.raises(AlreadyClaimed) as lost:
        stale.claim(cy)
    assert lost.value.facts["claimed_by"] == {"id": bo.pk, "name": bo.name}
    assert lost.value.facts["claimed_at"] == Handoff.objects.get(pk=waiting.pk).claimed_at
    assert claims_of(waiting) == 1


@pytest.mark.parametrize("who", ["ana", "vic"])
def test_not_by_the_sender_nor_a_viewer(waiting, who, request):
    with pytest.raises(NotAllowed):
        waiting.claim(request.getfixturevalue(who))


def test_not_by_the_holder(session, ana, lea, bo):
    handoff = Handoff.escalate(session, lea, notes="Ana needs help")
    with pytest.raises(NotAllowed):
        handoff.claim(ana)


def test_an_old_handoff_does_not_revive_a_resolved_session(claimed, bo, cy):
    claimed.session.resolve(bo, resolution="new tunnel")
    with pytest.raises(WrongState, match="closed"):
        claimed.claim(cy)
    claimed.session.refresh_from_db()
    assert claimed.session.status == "resolved"


def test_an_old_handoff_does_not_take_a_new_one(waiting, ana, bo):
    waiting.withdraw(ana)
    new = Handoff.escalate(waiting.session, ana, notes="once more")
    with pytest.raises(WrongState):
        Handoff.objects.get(pk=waiting.pk).claim(bo)
    new.refresh_from_db()
    new.session.refresh_from_db()
    assert (new.status, new.session.status) == ("open", "escalated")


def test_a_park_cannot_be_claimed(session, ana, bo):
    with pytest.raises(WrongState):
        Handoff.park(session, ana).claim(bo)


def test_directed_is_kept_for_its_target(session, ana, bo, cy, lea):
    handoff = Handoff.escalate(session, ana, notes="Bo knows this client", target_user=bo)
    with pytest.raises(Directed) as refused:
        handoff.claim(cy)
    assert refused.value.facts["widens_at"] == handoff.open_since + timedelta(minutes=10)
    handoff.claim(lea)
    assert handoff.claimed_by == lea


def test_directed_at_a_team(session, ana, bo, cy, network):
    handoff = Handoff.escalate(session, ana, notes="network please", target_team=network)
    with pytest.raises(Directed, match="Network"):
        handoff.claim(cy)
    handoff.claim(bo)


def test_directed_opens_after_the_accounts_time(session, ana, bo, cy):
    handoff = Handoff.escalate(session, ana, notes="Bo", target_user=bo)
    Handoff.objects.filter(pk=handoff.pk).update(directed_until=timezone.now())
    Handoff.objects.get(pk=handoff.pk).claim(cy)


def test_directed_at_somebody_deactivated_is_open_to_all(session, ana, bo, cy, olga):
    handoff = Handoff.escalate(session, ana, notes="Bo", target_user=bo)
    bo.deactivate(by=olga)
    Handoff.objects.get(pk=handoff.pk).claim(cy)


def test_directed_at_a_team_of_nobody_is_open_to_all(session, ana, bo, cy, network, olga):
    handoff = Handoff.escalate(session, ana, notes="network", target_team=network)
    bo.deactivate(by=olga)
    Handoff.objects.get(pk=handoff.pk).claim(cy)


def test_start_from_an_analysis_writes_the_brief_once(waiting, bo):
    waiting.claim(bo, analysis=True)
    waiting.claim(bo, analysis=True)
    message = Message.objects.get(session=waiting.session)
    assert message.role == "system"
    assert "Restarted the VPN service" in message.content
    assert Event.objects.filter(session_id=waiting.session_id).latest("seq").kind == "handoff.claimed"


def test_directed_at_a_team_whose_only_engineer_sent_it_is_open_to_all(session, ana, bo, northwind):
    solo = Team.objects.create(account=northwind, name="Solo")
    solo.members.add(ana)
    handoff = Handoff.escalate(session, ana, notes="my own team, out of habit", target_team=solo)
    assert list(Handoff.objects.to_widen(timezone.now())) == [handoff]
    relay(Event.objects.get(handoff_id=handoff.pk).pk)
    assert [line.user for line in handoff.notifications.all()] == [bo]
    Handoff.objects.get(pk=handoff.pk).claim(bo)


@pytest.mark.parametrize("of_team", [False, True])
def test_what_nobody_is_left_for_says_no_time(client, session, ana, bo, cy, network, olga, of_team):
    aimed = {"target_team": network} if of_team else {"target_user": bo}
    handoff = Handoff.escalate(session, ana, notes="Bo", **aimed)
    assert handoff.widens_at
    bo.deactivate(by=olga)
    for rows in (Handoff.objects.all(), Handoff.objects.with_card(), Handoff.objects.as_cards()):
        assert rows.get(pk=handoff.pk).widens_at is None
    assert client_of(cy).get(f"handoffs/{handoff.pk}/").json()["widens_at"] is None
    client.force_login(cy)
    assert "to everybody at" not in client.get(f"/handoffs/{handoff.pk}/").content.decode().lower()
    relay(Event.objects.get(kind="member.deactivated").pk)
    handoff.refresh_from_db()
    assert handoff.widened_at
