"""A random walk through all verbs: every session stays in one of the six positions, whatever is tried."""

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoffs import positions
from handoffs.models import Handoff
from resolutionflow.accounts.models import Account, Event
from resolutionflow.refusals import Refusal
from sessions_app.models import Session
from tests.conftest import person

PEOPLE = ["ana", "bo", "cy", "lea", "vic"]

VERBS = {
    "park": lambda s, u, o: Handoff.park(s, u, wake_at=timezone.now()),
    "escalate": lambda s, u, o: Handoff.escalate(s, u, notes="stuck"),
    "escalate to": lambda s, u, o: Handoff.escalate(s, u, notes="stuck", target_user=o),
    "resume": lambda s, u, o: s.resume(u),
    "resolve": lambda s, u, o: s.resolve(u, resolution="fixed"),
    "abandon": lambda s, u, o: s.abandon(u, reason="gone"),
    "reopen": lambda s, u, o: s.reopen(u, reason="back"),
    "add step": lambda s, u, o: s.add_step(u, text="try"),
}
HANDOFF_VERBS = {
    "claim": lambda h, u, o: h.claim(u),
    "claim with analysis": lambda h, u, o: h.claim(u, analysis=True),
    "undo": lambda h, u, o: h.undo(u),
    "release": lambda h, u, o: h.release(u),
    "release by time": lambda h, u, o: h.release(None),
    "return": lambda h, u, o: h.return_(u, reason="no"),
    "transfer": lambda h, u, o: h.transfer(u, to=o),
    "take over": lambda h, u, o: h.take_over(u, reason="mine"),
    "withdraw": lambda h, u, o: h.withdraw(u),
    "wake": lambda h, u, o: h.wake(),
    "widen": lambda h, u, o: h.widen(),
    "reprioritise": lambda h, u, o: h.reprioritise(u, priority=0),
}
MOVES = st.tuples(
    st.sampled_from([*VERBS, *HANDOFF_VERBS]), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE), st.integers(0, 3)
)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(MOVES, min_size=5, max_size=40))
def test_every_walk_keeps_the_six_positions(db, moves):
    account = Account.objects.create(name=f"Walk {Account.objects.count()}")
    cast = {
        name: person(account, name, "viewer" if name == "vic" else "engineer", lead=name == "lea") for name in PEOPLE
    }
    session = Session.open(cast["ana"], problem_summary="walk")
    stale = Session.objects.get(pk=session.pk)
    for verb, actor, other, age in moves:
        handoffs = list(Handoff.objects.filter(session=session).select_related("session")[: age + 1])
        if verb in HANDOFF_VERBS and not handoffs:
            continue
        before = Event.objects.count()
        page = Session.objects.get(pk=session.pk) if age else stale  # a tab left open knows only the start
        try:
            if verb in VERBS:
                VERBS[verb](page, cast[actor], cast[other])
            else:
                HANDOFF_VERBS[verb](handoffs[-1], cast[actor], cast[other])
        except Refusal:
            assert Event.objects.count() == before, f"{verb} was refused and left an event"
        else:
            assert Event.objects.count() - before <= (2 if "analysis" in verb else 1), verb
        assert not positions.impossible().exists(), f"after {verb} by {actor}"
    seqs = list(Event.objects.filter(account=account).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("session_status", "handoff_status"),
    [("escalated", "claimed"), ("resolved", "open"), ("paused", "open"), ("active", "open"), ("escalated", None)],
)
def test_an_impossible_pair_is_found(waiting, bo, session_status, handoff_status):
    if handoff_status == "claimed":
        waiting.claim(bo)
    if handoff_status is None:
        waiting.delete()
    assert not positions.impossible().exists() or handoff_status is None
    Session.objects.filter(pk=waiting.session_id).update(status=session_status)
    assert list(positions.impossible()) == [waiting.session]
