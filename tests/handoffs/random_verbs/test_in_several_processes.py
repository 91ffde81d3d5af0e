"""Several processes walk through all verbs on the same three sessions, as fast as they can, on real PostgreSQL."""

from __future__ import annotations

import subprocess
import sys

import pytest

from handoffs import consistency
from resolutionflow.accounts.models import Account, Event, Team
from sessions_app.models import Session
from tests import servers
from tests.conftest import person
from tests.handoffs.random_verbs.event_replay import Replay
from tests.handoffs.random_verbs.verbs import PEOPLE
from tests.live_site import process_environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PROCESSES = 4
SECONDS = 12


def test_walkers_in_each_others_way_keep_the_positions_and_the_ledger(real, northwind):
    people = {
        name: person(northwind, name, "viewer" if name == "vic" else "engineer", lead=name == "lea") for name in PEOPLE
    }
    Team.objects.create(account=northwind, name="Network").members.add(people["bo"], people["cy"])
    for n in range(3):
        Session.open(people["ana"], problem_summary=f"walk {n}")
    walkers = [start(northwind, seed) for seed in range(PROCESSES)]
    replay, looks = Replay(), 0
    while any(walker.poll() is None for walker in walkers):
        assert not consistency.inconsistent_sessions().exists()
        replay.feed(Event.objects.filter(account=northwind).after(replay.last)[:500])
        looks += 1
    for walker in walkers:
        _out, errors = walker.communicate()
        assert walker.returncode == 0, errors.decode()[-3000:]
        assert b"cannot be swept" not in errors, errors.decode()[-3000:]
    replay.feed(Event.objects.filter(account=northwind).after(replay.last))
    assert replay.differences(northwind.pk) == []
    assert replay.last == Account.objects.get(pk=northwind.pk).last_seq
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert "handoff.claimed" in kinds
    assert len(kinds) > 10, "they hardly walked"
    assert looks > 10


def start(account: Account, seed: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.handoffs.random_verbs.process", str(account.pk), str(seed), str(SECONDS)],
        env=process_environment(DJANGO_SETTINGS_MODULE="resolutionflow.settings"),
        cwd=servers.ROOT,
        stderr=subprocess.PIPE,
    )
