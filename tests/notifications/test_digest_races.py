"""Workers that send many mails to one person at once, while others claim: one is the first, none begins too late."""

from __future__ import annotations

from functools import partial

import pytest
from django.core import mail

from handoffs.models import Handoff
from notifications.models import Delivery
from resolutionflow.accounts.models import Event, User
from sessions_app.models import Session
from tests.conftest import relay_all
from tests.handoffs.test_races import at_once

PEOPLE = 6


def escalations(by: User, count: int) -> list[Handoff]:
    sessions = [Session.open(by, problem_summary=f"Printer {number} jams") for number in range(count)]
    return [Handoff.escalate(session, by, notes="Stuck") for session in sessions]


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_leaves(ana, bo) -> None:
    escalations(ana, PEOPLE)
    relay_all()
    mails = list(Delivery.objects.filter(recipient=bo).values_list("pk", flat=True))
    at_once([partial(Delivery.run, pk) for pk in mails])
    assert len([sent for sent in mail.outbox if bo.email in sent.to]) == 1
    digest = Delivery.objects.digests().get(recipient=bo)
    assert digest.put_into.count() == PEOPLE - 1


@pytest.mark.parametrize("_round", range(6))
@pytest.mark.django_db(transaction=True)
def test_none_is_begun_after_a_claim(ana, bo, cy, _round) -> None:
    (waiting,) = escalations(ana, 1)
    relay_all()
    pk = Delivery.objects.get(recipient=bo).pk
    at_once([lambda: Handoff.objects.get(pk=waiting.pk).claim(cy), lambda: Delivery.run(pk)])
    delivery, claim = Delivery.objects.get(pk=pk), Event.objects.get(kind="handoff.claimed")
    assert delivery.status == ("done" if mail.outbox else "pending")
    assert delivery.status == "pending" or delivery.taken_at <= claim.at
