"""The claim over the API: one wins, the others are told who and when."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from handoffs.models import Handoff
from resolutionflow.accounts.models import Event
from tests.api_client import client_of


def claim(handoff, user):
    return client_of(user).post(f"handoffs/{handoff.pk}/claim/")


def test_a_claim_answers_the_handoff(waiting, bo) -> None:
    answer = claim(waiting, bo)
    assert answer.status_code == 200
    assert answer.json()["claimed_by"] == {"id": bo.pk, "name": bo.name}
    assert answer.json()["status"] == "claimed"
    assert answer.json()["session"]["assignee"]["id"] == bo.pk
    assert answer.json()["session"]["status"] == "active"
    assert answer.json()["attempts"] == {
        "pending": 1,
        "worked": 0,
        "failed": 1,
        "ruled_out": 0,
        "inconclusive": 1,
        "skipped": 0,
    }


def test_the_loser_is_told_who_and_when(claimed, bo, cy) -> None:
    answer = claim(claimed, cy)
    assert answer.status_code == 409
    body = answer.json()
    assert body["code"] == "already_claimed"
    assert body["claimed_by"] == {"id": bo.pk, "name": bo.name}
    assert parse_datetime(body["claimed_at"]) == claimed.claimed_at
    assert parse_datetime(body["claimed_at"]) <= parse_datetime(body["now"])


def test_a_repeat_by_the_winner_changes_nothing(waiting, bo) -> None:
    first, second = claim(waiting, bo), claim(waiting, bo)
    assert second.status_code == 200
    assert second.json() == first.json()
    assert Event.objects.filter(kind="handoff.claimed").count() == 1


def test_a_directed_handoff_says_for_whom_and_until_when(session, ana, bo, cy) -> None:
    handoff = Handoff.escalate(session, ana, notes="for Bo", target_user=bo)
    answer = claim(handoff, cy)
    assert answer.status_code == 403
    assert answer.json()["code"] == "directed"
    assert answer.json()["target"] == {"id": bo.pk, "name": bo.name}
    assert parse_datetime(answer.json()["widens_at"]) == handoff.widens_at
    Handoff.objects.update(directed_until=timezone.now() - timedelta(seconds=1))
    assert claim(handoff, cy).status_code == 200


def test_not_by_the_sender(waiting, ana) -> None:
    answer = claim(waiting, ana)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_closed_handoff_is_not_claimed(waiting, ana, bo) -> None:
    waiting.withdraw(ana)
    answer = claim(waiting, bo)
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


def test_with_an_analysis_it_is_in_the_conversation(waiting, bo) -> None:
    assert client_of(bo).post(f"handoffs/{waiting.pk}/claim/", analysis=True).status_code == 200
    message = waiting.session.messages.get()
    assert (message.role, message.author) == ("system", None)


def test_few_queries(waiting, bo, django_assert_max_num_queries) -> None:
    client = client_of(bo)
    client.get("me/")  # the token's use is noted once a minute
    with django_assert_max_num_queries(12):
        assert client.post(f"handoffs/{waiting.pk}/claim/").status_code == 200
