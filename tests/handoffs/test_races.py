"""Many at once, in real threads on the real database: one wins, everybody else gets a sentence."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from handoffs import positions
from handoffs.models import Handoff
from resolutionflow.accounts.models import Event, User
from resolutionflow.refusals import AlreadyClaimed, Refusal
from tests.conftest import person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(calls):
    """Run all calls at the same moment; their results or refusals, in order."""
    gate = Barrier(len(calls))

    def run(call):
        try:
            gate.wait()
            return call()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def engineers(northwind):
    return [person(northwind, f"E{n}") for n in range(12)]


def test_one_claim_wins(waiting, engineers):
    for _round in range(5):
        results = at_once([lambda u=u: Handoff.objects.get(pk=waiting.pk).claim(u) for u in engineers])
        winner = Handoff.objects.get(pk=waiting.pk).claimed_by
        lost = [r for r in results if isinstance(r, AlreadyClaimed)]
        assert results.count(None) == 1
        assert {r.facts["claimed_by"]["name"] for r in lost} == {winner.name}
        assert len(lost) == len(engineers) - 1
        waiting.refresh_from_db()
        waiting.release(User.objects.get(pk=winner.pk))
    assert Event.objects.filter(kind="handoff.claimed").count() == 5


def test_one_escalation_of_a_double_click(session, ana):
    results = at_once([lambda: Handoff.escalate(session.__class__.objects.get(pk=session.pk), ana, notes="x")] * 8)
    assert sum(isinstance(r, Handoff) for r in results) == 1
    assert not positions.impossible().exists()


def test_claim_against_withdraw_and_resolve(waiting, ana, bo, lea):
    at_once(
        [
            lambda: Handoff.objects.get(pk=waiting.pk).claim(bo),
            lambda: Handoff.objects.get(pk=waiting.pk).withdraw(ana),
            lambda: Handoff.objects.select_related("session").get(pk=waiting.pk).session.resolve(lea, resolution="ok"),
        ]
    )
    assert not positions.impossible().exists()


def test_numbers_have_no_holes(session, engineers, northwind):
    at_once([lambda u=u: session.__class__.objects.get(pk=session.pk).add_step(u, text="try") for u in engineers])
    seqs = list(Event.objects.filter(account=northwind).order_by("id").values_list("seq", flat=True))
    assert sorted(seqs) == list(range(1, len(seqs) + 1))
    orders = list(session.steps.values_list("order", flat=True))
    assert orders == list(range(1, len(orders) + 1))


def test_two_owners_cannot_both_step_down(northwind, olga):
    other = person(northwind, "Otto", "owner")
    results = at_once(
        [
            lambda: User.objects.get(pk=olga.pk).deactivate(by=User.objects.get(pk=other.pk)),
            lambda: User.objects.get(pk=other.pk).deactivate(by=User.objects.get(pk=olga.pk)),
        ]
    )
    assert sum(isinstance(r, Refusal) for r in results) == 1
    assert User.objects.filter(account=northwind, role="owner", is_active=True).count() == 1
