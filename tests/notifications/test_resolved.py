"""What people read of a session that was resolved: in the bell, the mail, the history and the ticket."""

from __future__ import annotations

import pytest

from handoffs.models import Handoff
from notifications import note, wording
from notifications.models import Delivery, Notification
from notifications.relay import relay
from resolutionflow.accounts.models import Event, User
from sessions_app.models import Session, Step
from tests.conftest import relay_all


@pytest.fixture
def step(claimed: Handoff, bo: User) -> Step:
    step: Step = claimed.session.add_step(bo, text="Lowered the MTU\nto 1350.", outcome="worked")
    return step


@pytest.fixture
def rules(claimed: Handoff, bo: User) -> list[Step]:
    session = claimed.session
    return [session.add_step(bo, text=text, temporary=True) for text in ("Opened port 3389", "Switched logging on.")]


@pytest.fixture
def resolved(claimed: Handoff, bo: User, step: Step, rules: list[Step]) -> Event:
    session = Session.objects.get(pk=claimed.session_id)
    session.resolve(
        bo, resolution="Lowered the MTU to 1350.", root_cause="PPPoE takes 8 bytes", step=step, undone=rules[1:]
    )
    relay_all()
    return Event.objects.get(kind="session.resolved")


def test_the_sender_reads_it_in_the_bell(resolved: Event, ana: User) -> None:
    (line,) = Notification.objects.filter(event=resolved)
    assert (line.user, line.why) == (ana, "you escalated it")
    assert line.title == (
        "Bo Tester resolved #48190 VPN drops every ten minutes for two users: Lowered the MTU to 1350."
    )


def test_the_mail_has_resolution_cause_step_and_what_is_temporary(resolved: Event, ana: User) -> None:
    mail = Delivery.objects.get(event=resolved, kind="email")
    assert mail.recipient == ana
    text = wording.event_body(resolved, mail.session, mail.handoff, why=mail.why)
    assert text.startswith("Bo Tester resolved #48190 VPN drops every ten minutes for two users: Lowered")
    assert (
        "\n\nWhat fixed it:\nLowered the MTU to 1350.\n\nRoot cause:\nPPPoE takes 8 bytes\n\n"
        "Shown by step s4: Lowered the MTU to 1350.\n\nStill temporary: s5 Opened port 3389.\n\nProblem: VPN drops"
    ) in text
    assert "You get this because you escalated it." in text


def test_the_history_says_the_same_in_a_line(resolved: Event) -> None:
    assert wording.event_line(resolved) == (
        "Bo Tester resolved it (shown by s4): Lowered the MTU to 1350. (root cause: PPPoE takes 8 bytes)"
        " Undone: s6. Still temporary: s5 Opened port 3389."
    )


def test_the_ticket_reads_it_too(resolved: Event, claimed: Handoff) -> None:
    about = {"account_id": claimed.account_id, "session": claimed.session, "handoff": claimed}
    text = note.note_body(Delivery(kind="note", event=resolved, **about))
    assert text.startswith(
        "Bo Tester resolved this.\nWhat fixed it: Lowered the MTU to 1350.\nRoot cause: PPPoE takes 8 bytes.\n"
        "Shown by step s4: Lowered the MTU to 1350.\nStill temporary: s5 Opened port 3389.\n\nProblem: VPN drops"
    )


def test_what_is_told_stays_as_it_was(
    resolved: Event, claimed: Handoff, bo: User, step: Step, rules: list[Step]
) -> None:
    Session.objects.get(pk=claimed.session_id).reopen(bo, reason="It is back")
    step.change(bo, text="Reworded")
    rules[0].change(bo, temporary=False)
    text = wording.event_body(resolved, claimed.session, claimed)
    assert "Reworded" not in text
    assert "Still temporary: s5 Opened port 3389." in text


def test_every_sender_and_claimer_is_notified_with_their_reason(
    session: Session, ana: User, bo: User, cy: User
) -> None:
    """Of all the session's handoffs; somebody who did several things reads the one that concerns them most."""
    first = Handoff.escalate(session, ana, notes="Stuck")
    first.claim(bo)
    second = Handoff.escalate(Session.objects.get(pk=session.pk), bo, notes="Stuck, too")
    second.claim(cy)
    Handoff.park(Session.objects.get(pk=session.pk), cy, notes="Tomorrow")
    Session.objects.get(pk=session.pk).resolve(cy, resolution="New router")
    relay_all()
    lines = Notification.objects.filter(event__kind="session.resolved")
    assert dict(lines.values_list("user__name", "why")) == {
        "Ana Tester": "you escalated it", "Bo Tester": "you escalated it",
    }  # fmt: skip


def test_who_parked_it_only_is_not_said_to_have_escalated_it(session: Session, ana: User, lea: User) -> None:
    Handoff.park(session, ana, notes="Tomorrow")
    Session.objects.get(pk=session.pk).resolve(lea, resolution="New router")
    relay(Event.objects.get(kind="session.resolved").pk)
    assert Notification.objects.get(event__kind="session.resolved").why == "you parked it"
