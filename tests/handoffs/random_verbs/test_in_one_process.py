"""A random walk of several people through all verbs, over several sessions, while time passes.

After each step every session is in one of the six positions, and the events alone say the same as the tables do.
test_in_several_processes.py does the same with processes that get in each other's way.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoffs import consistency
from handoffs.models import Handoff
from notifications import sweep
from resolutionflow.accounts.models import Account, Event, Team, User
from resolutionflow.core import clock
from resolutionflow.core.refusals import Refusal
from sessions_app.models import Session
from tests.conftest import person
from tests.handoffs.random_verbs.event_replay import Replay
from tests.handoffs.random_verbs.verbs import (
    OFTEN,
    ON_HANDOFFS,
    ON_PEOPLE,
    ON_SESSIONS,
    ON_SEVERAL,
    PEOPLE,
    SWEEP,
    WHOEVER,
)
from tests.settings import EMBEDDED

pytestmark = [pytest.mark.thorough, pytest.mark.both]

SESSIONS = 3
WALKS = 15 if EMBEDDED else 60  # the rules are the same; what SQLite may do otherwise, a few walks show as well
START = datetime(2027, 3, 26, 15, 0, tzinfo=UTC)  # a Friday; on Sunday the clocks of Oslo go forward

MOVES = st.tuples(
    st.sampled_from(OFTEN),
    st.sampled_from([*PEOPLE, WHOEVER, WHOEVER, WHOEVER]),
    st.sampled_from(PEOPLE),
    st.integers(0, SESSIONS - 1),
    st.sampled_from([0, 0, 0, 0, 0, 1, 9, 45, 130, 600, 3600]),  # minutes that pass before it
    st.sampled_from([0, 0, 0, 1, 2]),  # how old what they look at is
)


class Walk:
    """One account, its people and sessions, and where the walk has got to."""

    def __init__(self) -> None:
        self.account = Account.objects.create(
            name=f"Walk {Account.objects.count()}", time_zone="Europe/Oslo", holidays=["2027-03-29"]
        )
        self.people = {
            name: person(self.account, name, "viewer" if name == "vic" else "engineer", lead=name == "lea")
            for name in PEOPLE
        }
        Team.objects.create(account=self.account, name="Network").members.add(self.people["bo"], self.people["cy"])
        self.now = START
        with clock.replayed_at(self.now):
            self.opened = [Session.open(self.people["ana"], problem_summary=f"walk {n}") for n in range(SESSIONS)]
        self.replay = Replay()

    def step(self, verb: str, actor: str, other: str, session: int, minutes: int, age: int) -> None:
        self.now += timedelta(minutes=minutes)
        with clock.replayed_at(self.now):
            if verb == SWEEP:
                sweep.sweep(sweep.do_it)
            else:
                self._try(verb, self._person(actor, session), self._person(other, session), session, age)
        self.replay.feed(Event.objects.filter(account=self.account).after(self.replay.last))
        assert not consistency.inconsistent_sessions().exists(), f"after {verb} by {actor}"
        assert self.replay.differences(self.account.pk) == [], f"after {verb} by {actor}"

    def _person(self, name: str, session: int) -> User:
        if name == WHOEVER:
            assignee = Session.objects.get(pk=self.opened[session].pk).assignee
            assert assignee is not None
            return assignee
        return User.objects.get(pk=self.people[name].pk)

    def _try(self, verb: str, user: User, other: User, session: int, age: int) -> None:
        """One event at most; a refusal leaves none."""
        before = Event.objects.count()
        try:
            if verb in ON_PEOPLE:
                ON_PEOPLE[verb](user)
            elif verb in ON_SEVERAL:
                several = list(Handoff.objects.visible_to(user).with_people()[: age + 2])
                done = [result for result in ON_SEVERAL[verb](several, user, other) if result.done]
                assert Event.objects.count() - before <= len(done), "a line that says done and is not, or the reverse"
                return
            elif verb in ON_SESSIONS:
                # a tab left open knows only the start
                fresh = Session.objects.get(pk=self.opened[session].pk)
                ON_SESSIONS[verb](self.opened[session] if age == 2 else fresh, user, other)
            else:
                handoffs = Handoff.objects.filter(session=self.opened[session])[: age + 1]
                for handoff in list(handoffs)[-1:]:
                    ON_HANDOFFS[verb](handoff, user, other)
        except Refusal:
            assert Event.objects.count() == before, f"{verb} was refused and left an event"
        else:
            assert Event.objects.count() - before <= (2 if "analysis" in verb else 1), verb


@pytest.mark.django_db
@settings(max_examples=WALKS, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(MOVES, min_size=5, max_size=60))
def test_every_walk_keeps_the_six_positions_and_its_ledger(db, moves):
    with transaction.atomic():
        walk = Walk()
        for move in moves:
            walk.step(*move)
        transaction.set_rollback(True)  # the next walk starts alone


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
    assert not consistency.inconsistent_sessions().exists() or handoff_status is None
    Session.objects.filter(pk=waiting.session_id).update(status=session_status)
    assert list(consistency.inconsistent_sessions()) == [waiting.session]
