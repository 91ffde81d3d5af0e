"""Who has muted a session is notified of nothing there but what is aimed at them: of every kind of event there is."""

from __future__ import annotations

import pytest

from handoffs.models import Handoff
from notifications.audience import RULES, EventContext, audience_of
from notifications.models import Delivery, Notification
from notifications.relay import relay
from resolutionflow.accounts.models import Event, Priority, User
from resolutionflow.core import clock
from sessions_app.models import Session, SessionWatch
from tests.conftest import person

# By kind, who is notified though all have muted: beside Cy, who is mentioned in whatever it is. A new rule has a line.
COMES_THROUGH = {
    "handoff.parked": set(),
    "handoff.escalated": {"Bo"},  # for whom it is
    "handoff.released": {"Bo"},
    "handoff.widened": {"Bo"},
    "handoff.expired": {"Bo"},
    "handoff.claim_undone": {"Bo"},
    "handoff.reprioritised": {"Bo"},
    "handoff.stepped": {"Bo", "Lea", "Olga", "Adam"},  # whom it is for, and leads, as its steps say
    "handoff.claimed": set(),
    "handoff.returned": {"Ana", "Adam"},  # who has it again
    "handoff.transferred": {"Adam"},  # who has it now
    "handoff.taken_over": {"Adam"},
    "handoff.woken": {"Lea"},  # who parked it
    "handoff.expiring": {"Olga"},  # whose claim it is
    "handoff.read_back": set(),
    "message.added": set(),
    "session.resolved": set(),
    "session.abandoned": set(),
    "note.failed": {"Adam", "Lea"},  # who asked for it, who escalated
    "ticket.update_failed": {"Adam", "Lea"},
    "time.failed": {"Adam", "Lea"},
    "delivery.failed": {"Adam", "Lea"},
    "connection.refused": {"Olga", "Adam"},  # who administers the account
    "channel.failed": {"Olga", "Adam"},
    "ai.budget": {"Olga", "Adam"},
}


@pytest.fixture
def handoff(session, ana, bo, cy, lea, olga, adam) -> Handoff:
    """Lea's escalation of Ana's session, for Bo; as if Olga had claimed it, and were reminded. All of them watch."""
    waiting = Handoff.escalate(session, lea, notes="Stuck", target_user=bo)
    waiting.claimed_by, waiting.reminded_at = olga, clock.now()
    SessionWatch.begin(session, User.objects.values_list("pk", flat=True))
    return waiting


def notified(kind: str, handoff: Handoff, actor: User) -> set[str]:
    """Of an event of this kind in which everybody has some part, whoever is notified."""
    pks = {user.first_name: user.pk for user in User.objects.all()}
    facts = {
        "mentioned": [pks["Cy"]],
        "from_user": pks["Olga"],
        "to_user": pks["Adam"],
        "claimed_by": pks["Olga"],
        "requested_by": pks["Adam"],
        "closed": {"handoff": handoff.pk, "status": "claimed", "sender": pks["Lea"]},
    }
    if kind == "handoff.reprioritised":
        facts, handoff.priority = {**facts, "priority": "urgent"}, Priority.URGENT
    if kind == "handoff.stepped":
        facts["called"] = [{"whom": "target"}, {"whom": "leads"}]
    event = Event.record(handoff.account_id, kind, actor=actor, session_id=handoff.session_id, facts=facts)
    return {person.user.first_name for person in audience_of(EventContext(event, handoff.session, handoff))}


def test_each_rule_says_what_comes_through() -> None:
    assert COMES_THROUGH.keys() == RULES.keys()


@pytest.mark.parametrize("kind", sorted(COMES_THROUGH))
def test_what_comes_through(kind, handoff, northwind) -> None:
    zoe = person(northwind, "Zoe")
    before = notified(kind, handoff, zoe)
    SessionWatch.objects.update(muted=True)
    assert notified(kind, handoff, zoe) == COMES_THROUGH[kind] | {"Cy"}
    assert COMES_THROUGH[kind] | {"Cy"} <= before


def relay_all() -> None:
    for pk in Event.objects.unrelayed().order_by("pk").values_list("pk", flat=True):
        relay(pk)


def test_a_call_to_everyone_reaches_nobody_who_muted_it(session, ana, bo, cy) -> None:
    session.mute(bo)
    Handoff.escalate(session, ana, notes="Stuck")
    relay_all()
    assert {line.user for line in Notification.objects.all()} == {cy}
    assert {mail.recipient for mail in Delivery.objects.all()} == {cy}


def test_of_another_session_they_are_notified(session, ana, bo) -> None:
    session.mute(bo)
    Handoff.escalate(Session.open(ana, problem_summary="No paper"), ana, notes="Stuck")
    relay_all()
    assert Notification.objects.get().user == bo


def test_one_persons_mute_is_nobody_elses(session, ana, bo, cy) -> None:
    session.watch(cy)
    session.mute(bo)
    session.add_message(ana, content="Hello")
    relay_all()
    assert Notification.objects.get().user == cy
