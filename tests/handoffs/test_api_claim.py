"""The claim over the API: one wins, the others are told who and when."""

from __future__ import annotations

from tests.api import client_of


def test_a_claim_answers_the_handoff(waiting, bo) -> None:
    answer = client_of(bo).post(f"/api/v1/handoffs/{waiting.pk}/claim/")
    assert answer.status_code == 200, answer.content
    assert answer.json()["claimed_by"] == {"id": bo.pk, "name": bo.name}
    assert answer.json()["status"] == "claimed"
    assert answer.json()["session"]["assignee"]["id"] == bo.pk
