"""Many at once, in real threads on the real database: one wins, everybody else gets a sentence."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from handoffs import consistency
from handoffs.models import Handoff
from notifications.sweep import do_it, sweep
from resolutionflow.accounts.models import Event, User
from resolutionflow.core.refusals import AlreadyClaimed, Refusal
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
    assert not consistency.inconsistent_sessions().exists()


def test_claim_against_withdraw_and_resolve(waiting, ana, bo, lea):
    at_once(
        [
            lambda: Handoff.objects.get(pk=waiting.pk).claim(bo),
            lambda: Handoff.objects.get(pk=waiting.pk).withdraw(ana),
            lambda: Handoff.objects.select_related("session").get(pk=waiting.pk).session.resolve(lea, resolution="ok"),
        ]
    )
    assert not consistency.inconsistent_sessions().exists()


def on(handoff, verb, *args, **fields):
    """A press on a card as it was read just now."""
    return getattr(Handoff.objects.select_related("session").get(pk=handoff.pk), verb)(*args, **fields)


PAIRS = {  # what both find; the two presses; whether only one of them can be
    "claim, claim": ("open", lambda h, p: on(h, "claim", p["bo"]), lambda h, p: on(h, "claim", p["cy"]), True),
    "claim, withdraw": ("open", lambda h, p: on(h, "claim", p["bo"]), lambda h, p: on(h, "withdraw", p["ana"]), True),
    "claim, resolve": ("open", lambda h, p: on(h, "claim", p["bo"]), lambda h, p: end(h, p["lea"]), False),
    "claim, reprioritise": (
        "open", lambda h, p: on(h, "claim", p["bo"]), lambda h, p: on(h, "reprioritise", p["lea"], priority=0), False,
    ),
    "release, transfer": (
        "claimed", lambda h, p: on(h, "release", p["bo"]), lambda h, p: on(h, "transfer", p["bo"], to=p["cy"]), True,
    ),
    "return, take over": (
        "claimed", lambda h, p: on(h, "return_", p["bo"], reason="Yours"),
        lambda h, p: on(h, "take_over", p["lea"], reason="Ill"), True,
    ),
    "release, resolve": ("claimed", lambda h, p: on(h, "release", p["bo"]), lambda h, p: end(h, p["lea"]), False),
    "undo, extend": ("claimed", lambda h, p: on(h, "undo", p["bo"]), lambda h, p: on(h, "extend", p["bo"]), False),
    "transfer, deactivate": (
        "claimed", lambda h, p: on(h, "transfer", p["bo"], to=User.objects.get(pk=p["cy"].pk)),
        lambda h, p: User.objects.get(pk=p["cy"].pk).deactivate(by=p["olga"]), False,
    ),
}  # fmt: skip


def end(handoff, user):
    Handoff.objects.select_related("session").get(pk=handoff.pk).session.resolve(user, resolution="Fixed")


@pytest.mark.parametrize("pair", PAIRS)
def test_two_verbs_at_once_leave_one_story(pair, waiting, ana, bo, cy, lea, olga):
    found, first, second, only_one = PAIRS[pair]
    people = {"ana": ana, "bo": bo, "cy": cy, "lea": lea, "olga": olga}
    if found == "claimed":
        waiting.claim(bo)
    results = at_once([lambda: first(waiting, people), lambda: second(waiting, people)])
    refused = sum(isinstance(result, Refusal) for result in results)
    assert refused == 1 if only_one else refused < 2
    assert not consistency.inconsistent_sessions().exists()
    seqs = list(Event.objects.filter(account=ana.account).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))
    sweep(do_it)  # gives back what somebody got in the moment they left
    handoff = Handoff.objects.select_related("claimed_by").get(pk=waiting.pk)
    assert not handoff.is_claimed or handoff.claimed_by.is_active


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
