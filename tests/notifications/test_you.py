"""Whoever a line would name reads "you" in it; everybody else reads the name."""

from __future__ import annotations

import pytest

from notifications import wording
from notifications.models import Delivery, Notification
from resolutionflow.accounts.models import Event
from tests.conftest import relay_all

SUBJECT = "#48190 VPN drops every ten minutes for two users"


def title_for(user, kind: str) -> str:
    return Notification.objects.get(user=user, event__kind=kind).title


def test_a_claim_that_is_taken_over_or_passed_on(claimed, ana, bo, cy, lea) -> None:
    claimed.take_over(lea, reason="Ill")
    claimed.transfer(lea, to=cy)
    relay_all()
    assert title_for(bo, "handoff.taken_over") == f"Lea Tester took over {SUBJECT} from you"
    assert title_for(ana, "handoff.taken_over") == f"Lea Tester took over {SUBJECT} from Bo Tester"
    assert title_for(cy, "handoff.transferred") == f"Lea Tester transferred {SUBJECT} to you"
    assert title_for(ana, "handoff.transferred") == f"Lea Tester transferred {SUBJECT} to Cy Tester"


def test_a_mention_of_whoever_had_it_says_more(claimed, bo, lea) -> None:
    claimed.take_over(lea, reason="@Bo Tester is ill")
    relay_all()
    assert title_for(bo, "handoff.taken_over").startswith("Lea Tester mentions you: ")


def test_time_that_was_not_booked(claimed, bo, lea) -> None:
    facts = {"requested_by": bo.pk, "minutes": 5, "error": "Closed."}
    Event.record(
        bo.account_id, "time.failed", actor=None, session_id=claimed.session_id, handoff_id=claimed.pk, facts=facts
    )
    relay_all()
    assert title_for(bo, "time.failed") == f"Your time was not booked on {SUBJECT}"
    assert title_for(lea, "time.failed") == f"Time of Bo Tester was not booked on {SUBJECT}"


def test_a_message_of_ones_own_that_failed(waiting, ana, lea) -> None:
    mail = Delivery(account=waiting.account, handoff=waiting, session=waiting.session, kind="email", recipient=lea)
    mail.status, mail.error = "failed", "Mailbox full."
    mail.address = lea.email
    mail.save()
    mail.settled()
    relay_all()
    assert title_for(lea, "delivery.failed") == f"Not delivered to you: {SUBJECT}"
    assert title_for(ana, "delivery.failed") == f"Not delivered to Lea Tester: {SUBJECT}"


@pytest.mark.parametrize("fact", wording.AS_YOU)
def test_nobody_is_you_to_others(fact, claimed, bo, cy) -> None:
    event = Event(kind="time.failed", facts={fact: bo.pk})
    assert [wording.role_in(event, reader) for reader in (bo.pk, cy.pk, None)] == [fact, "", ""]
