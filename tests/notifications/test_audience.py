"""Who is told what: one row a kind."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from handoffs.models import Handoff
from notifications import wording
from notifications.audience import RULES
from notifications.models import Delivery, Notification
from notifications.relay import BELL_ONLY, relay
from notifications.sweep import do_it, sweep
from resolutionflow.accounts.models import Event, Priority
from sessions_app.models import Session
from tests.conftest import person

EVERYBODY = {"Ana", "Bo", "Cy", "Lea", "Olga", "Adam"}


@pytest.fixture(autouse=True)
def cast(ana, bo, cy, lea, olga, adam, vic, eve):
    """Everybody is there, in every test."""


def relay_all() -> None:
    while pks := list(Event.objects.unrelayed().order_by("pk").values_list("pk", flat=True)):
        for pk in pks:
            relay(pk)


def told(kind: str) -> set[str]:
    relay_all()
    newest = Event.objects.filter(kind=kind).order_by("-seq").first()
    return {line.user.first_name for line in Notification.objects.filter(event=newest).select_related("user")}


def why(kind: str, user) -> str:
    relay_all()
    return Notification.objects.get(event__kind=kind, user=user).why


def test_untargeted_tells_every_engineer_but_the_sender(session, ana) -> None:
    Handoff.escalate(session, ana, notes="Stuck")
    assert told("handoff.escalated") == EVERYBODY - {"Ana"}
    assert Delivery.objects.filter(kind="email").count() == 5


def test_aimed_at_a_person_tells_that_person(session, ana, bo) -> None:
    Handoff.escalate(session, ana, notes="Stuck", target_user=bo)
    assert told("handoff.escalated") == {"Bo"}
    assert why("handoff.escalated", bo) == "it is for you"


def test_aimed_at_a_team_tells_the_team(session, ana, bo, network) -> None:
    Handoff.escalate(session, ana, notes="Stuck", target_team=network)
    assert told("handoff.escalated") == {"Bo"}
    assert why("handoff.escalated", bo) == "it is for your team Network"


def test_a_target_who_left_leaves_it_to_everybody(session, ana, bo, olga) -> None:
    Handoff.escalate(session, ana, notes="Stuck", target_user=bo)
    bo.deactivate(by=olga)
    assert told("handoff.escalated") == EVERYBODY - {"Ana", "Bo"}


def test_a_lead_who_escalates_for_somebody_tells_that_person_too(session, lea, ana) -> None:
    Handoff.escalate(session, lea, notes="Ana is off sick")
    assert told("handoff.escalated") == EVERYBODY - {"Lea"}
    assert why("handoff.escalated", ana) == "you worked on it"


def test_a_claim_tells_sender_and_holder(session, lea, bo) -> None:
    waiting = Handoff.escalate(session, lea, notes="Ana is off sick")
    waiting.claim(bo)
    assert told("handoff.claimed") == {"Lea", "Ana"}


def test_a_release_tells_who_holds_no_open_line(claimed, bo) -> None:
    relay_all()
    claimed.release(bo, reason="Not my field")
    # The claim closed everybody's lines but Bo's.
    assert told("handoff.released") == EVERYBODY - {"Bo"}


def test_an_undo_before_anybody_heard_of_the_claim_tells_nobody_twice(claimed, bo) -> None:
    claimed.undo(bo)
    assert told("handoff.escalated") == EVERYBODY - {"Ana"}
    assert told("handoff.claimed") == told("handoff.claim_undone") == set()


def test_an_undo_tells_nobody_twice(session, ana, bo, lea) -> None:
    waiting = Handoff.escalate(session, ana, notes="Stuck", target_user=bo)
    waiting.claim(lea)
    relay_all()
    waiting.undo(lea)
    assert told("handoff.claim_undone") == set()
    assert Notification.objects.for_bell(bo).unread().count() == 1, "his line is open again"


def test_widening_tells_everybody_not_yet_told(session, ana, bo, northwind, time_machine) -> None:
    waiting = Handoff.escalate(session, ana, notes="Stuck", target_user=bo)
    relay_all()
    time_machine.move_to(waiting.directed_until)
    sweep(do_it)
    assert told("handoff.widened") == EVERYBODY - {"Bo"}


def test_raised_to_urgent_calls_whom_nobody_called_yet(session, ana, bo, lea, northwind) -> None:
    waiting = Handoff.escalate(session, ana, notes="Stuck")
    relay_all()
    person(northwind, "Zoe")
    Delivery.objects.all().delete()
    waiting.reprioritise(lea, priority=Priority.HIGH)
    assert told("handoff.reprioritised") == set()
    waiting.reprioritise(lea, priority=Priority.URGENT)
    assert told("handoff.reprioritised") == {"Zoe", "Ana"}
    assert why("handoff.reprioritised", ana) == "you escalated it"
    assert {mail.recipient.first_name for mail in Delivery.objects.all()} == {"Zoe", "Ana"}, (
        "no channel hears of it once more"
    )
    waiting.claim(bo)
    relay_all()
    assert not Notification.objects.calls().exclude(user=bo).exists(), "a claim settles these calls too"


def test_raised_while_it_is_claimed_or_when_it_is_not_urgent_any_more_calls_nobody(claimed, session, ana, bo) -> None:
    claimed.reprioritise(ana, priority=Priority.URGENT)
    assert told("handoff.reprioritised") == set()
    claimed.release(bo)
    claimed.reprioritise(ana, priority=Priority.NORMAL)
    claimed.reprioritise(ana, priority=Priority.URGENT)
    claimed.reprioritise(ana, priority=Priority.LOW)
    assert told("handoff.reprioritised") == set()


def test_a_return_tells_the_holder(claimed, bo) -> None:
    claimed.return_(bo, reason="Ask the customer for the router model")
    assert told("handoff.returned") == {"Ana"}


def test_taken_back_by_its_sender_tells_the_claimer_and_the_holder(session, lea, bo) -> None:
    waiting = Handoff.escalate(session, lea, notes="Ana is off sick")
    waiting.claim(bo)
    waiting.take_over(lea, reason="I know this one")
    assert told("handoff.returned") == {"Bo", "Ana"}


def test_a_transfer_tells_both_claimers_and_the_sender(claimed, lea, cy) -> None:
    claimed.transfer(lea, to=cy)
    assert told("handoff.transferred") == {"Bo", "Cy", "Ana"}
    assert why("handoff.transferred", cy) == "it is yours now"


def test_taking_over_tells_the_old_claimer_and_the_sender(claimed, lea) -> None:
    claimed.take_over(lea, reason="Bo is at the dentist")
    assert told("handoff.taken_over") == {"Bo", "Ana"}


def test_a_withdrawal_tells_nobody_and_closes_the_lines(waiting, ana) -> None:
    relay_all()
    waiting.withdraw(ana)
    assert told("handoff.withdrawn") == set()
    assert not Notification.objects.unread().exists()
    assert set(Delivery.objects.values_list("status", flat=True)) == {"cancelled"}


def test_a_resolve_tells_senders_and_claimers(claimed, lea) -> None:
    claimed.session.resolve(lea, resolution="Replaced the router")
    assert told("session.resolved") == {"Ana", "Bo"}


def test_abandoning_tells_senders_and_claimers(claimed, bo) -> None:
    claimed.session.abandon(bo, reason="The customer left")
    assert told("session.abandoned") == {"Ana"}


@pytest.mark.parametrize("again", ["park", "escalate"])
def test_a_superseded_claim_tells_its_sender(claimed, bo, cy, again) -> None:
    if again == "park":
        Handoff.park(claimed.session, bo, notes="Waiting for the vendor")
        assert told("handoff.parked") == {"Ana"}
    else:
        Handoff.escalate(claimed.session, bo, notes="Above my head too", target_user=cy)
        assert told("handoff.escalated") == {"Ana", "Cy"}


def test_a_park_of_ones_own_work_tells_nobody(session, ana) -> None:
    Handoff.park(session, ana)
    assert told("handoff.parked") == set()


def test_a_wake_tells_its_author(session, ana, time_machine) -> None:
    time_machine.move_to("2026-11-23T10:00:00Z")
    Handoff.park(session, ana, wake_at=datetime(2026, 11, 23, 12, tzinfo=UTC))
    time_machine.move_to("2026-11-23T12:00:01Z")
    sweep(do_it)
    assert told("handoff.woken") == {"Ana"}


def test_what_could_not_be_sent_tells_the_sender_and_the_leads(waiting) -> None:
    Event.record(
        waiting.account_id, "note.failed", actor=None, session_id=waiting.session_id, handoff_id=waiting.pk,
        facts={"error": "No such ticket"},
    )  # fmt: skip
    assert told("note.failed") == {"Ana", "Lea", "Olga", "Adam"}


def test_a_mail_server_that_is_down_fills_no_bell(waiting) -> None:
    for address in ("bo@example.org", "cy@example.org"):
        Event.record(
            waiting.account_id, "delivery.failed", actor=None, session_id=waiting.session_id, handoff_id=waiting.pk,
            facts={"to": address, "error": "down"},
        )  # fmt: skip
    relay_all()
    assert Notification.objects.filter(event__kind="delivery.failed").count() == 4
    assert not Delivery.objects.filter(event__kind="delivery.failed").exists(), "no mail about a mail"


@pytest.mark.parametrize(
    "kind",
    ["session.opened", "session.changed", "session.resumed", "session.reopened", "handoff.withdrawn",
     "summary.ready", "summary.failed", "briefing.ready",
     "briefing.failed", "note.posted", "time.posted", "step.added", "step.changed",
     "message.added", "branch.changed", "member.changed", "token.created", "connection.changed", "new.kind"],
)  # fmt: skip
def test_the_rest_tells_nobody(waiting, kind) -> None:
    Event.record(waiting.account_id, kind, actor=None, session_id=waiting.session_id, handoff_id=waiting.pk)
    assert told(kind) == set()


def test_nobody_of_another_account_and_no_viewer_ever(claimed, bo, cy, lea, eve, vic) -> None:
    claimed.transfer(bo, to=cy)
    claimed.release(cy)
    Session.objects.get(pk=claimed.session_id).resolve(lea, resolution="Done")
    relay_all()
    people = set(Notification.objects.values_list("user", flat=True))
    people |= set(Delivery.objects.values_list("recipient", flat=True))
    assert not people & {eve.pk, vic.pk}


@pytest.mark.parametrize("kind", sorted(RULES.keys() - BELL_ONLY))
def test_each_kind_that_notifies_can_be_mailed(kind, waiting, ana, bo) -> None:
    facts = {"error": "The mailbox is full.", "name": "Desk", "to": "Bo", "percent": 80, "reason": "Ill"}
    of = {"session_id": waiting.session_id, "handoff_id": waiting.pk}
    event = Event.record(ana.account_id, kind, actor=ana, facts=facts, **of)
    for about in ((event, waiting.session, waiting), (event, None, None)):
        text = wording.event_body(*about, why="you are a lead", reader_id=bo.pk)
        assert text.splitlines()[0]
        assert "You get this because you are a lead." in text
