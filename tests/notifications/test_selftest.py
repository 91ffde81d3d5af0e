"""manage.py selftest, as an operator runs it: what it says, that nothing is left of it, and that nobody hears of it."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from notifications.selftest import throwaway_account
from notifications.selftest.checks import was_interrupted
from resolutionflow.accounts.models import Account, Event
from tests import servers
from tests.fakes import smtp
from tests.fakes.messages_api import MessagesApi
from tests.live_site import PATIENCE, process_environment, stop, wait_until
from tests.resolutionflow.ops.test_startup_checks import PRODUCTION

pytestmark = pytest.mark.slow

MANAGE = [sys.executable, str(servers.ROOT / "manage.py")]


class Place:
    """An installation: PostgreSQL and Redis of the tests, or an SQLite of its own."""

    def __init__(self, env: dict[str, str], accounts: Callable[[], list[str]]) -> None:
        self.env, self.accounts = env, accounts

    def start(self, **more: str) -> subprocess.Popen[str]:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([*MANAGE, "selftest"], env={**self.env, **more}, text=True, **pipes)

    def run(self, **more: str) -> tuple[int, str]:
        with self.start(**more) as process:
            said, wrong = process.communicate(timeout=PATIENCE)
        return process.returncode, said + wrong

    @property
    def leftovers(self) -> list[str]:
        return [name for name in self.accounts() if name.startswith("selftest ")]


@cache
def empty_tables() -> bytes:
    """An SQLite database with all tables, made once: it takes seconds."""
    with tempfile.TemporaryDirectory() as home:
        env = servers.environment(DATA_DIR=home, DEBUG="1")
        subprocess.run([*MANAGE, "migrate", "--verbosity", "0"], env=env, check=True)
        return Path(home, "resolutionflow.sqlite3").read_bytes()


def sqlite(data: Path, **settings: str) -> Place:
    env = servers.environment(DATA_DIR=str(data), **(settings or {"DEBUG": "1"}))
    data.mkdir()
    (data / "resolutionflow.sqlite3").write_bytes(empty_tables())

    def accounts() -> list[str]:
        with sqlite3.connect(data / "resolutionflow.sqlite3", timeout=20) as database:
            return [name for (name,) in database.execute("SELECT name FROM accounts_account")]

    return Place(env, accounts)


@pytest.fixture
def place(transactional_db: None, tmp_path: Path) -> Iterator[Place]:
    if connection.vendor == "postgresql":
        return Place(process_environment(), lambda: list(Account.objects.values_list("name", flat=True)))
    return sqlite(tmp_path / "var")


def test_what_it_promises_holds_here_and_nothing_is_left(place) -> None:
    code, said = place.run()
    assert code == 0, said
    assert said.count("✓ held") == 6
    assert "6 held, 0 failed" in said
    assert "20 claims at once" in said
    assert "“The connection to the AI was lost, or there was none." in said
    assert place.leftovers == []


def test_a_production_site_behind_https_too(tmp_path) -> None:
    """Hosts, redirects, secure cookies and collected files as they are there."""
    https = {"SITE_URL": "https://flow.example.com", "ALLOWED_HOSTS": "flow.example.com"}
    place = sqlite(tmp_path / "var", **{**PRODUCTION, **https})
    code, said = place.run()
    assert code == 0, said
    assert place.leftovers == []


def test_what_breaks_is_said_and_is_the_exit_code(tmp_path) -> None:
    place = sqlite(tmp_path / "var")
    with sqlite3.connect(tmp_path / "var" / "resolutionflow.sqlite3") as database:
        database.execute(
            "CREATE TRIGGER broken BEFORE UPDATE ON handoffs_handoff WHEN NEW.status = 'claimed'"
            " BEGIN SELECT RAISE(ABORT, 'out of order'); END"
        )
    code, said = place.run()
    assert code == 1
    assert "✗ FAILED  20 claims at once" in said
    assert "0 of 20 claims won." in said
    assert "✓ held    A socket cut off" in said, "the others are tried all the same"
    assert place.leftovers == []


def test_it_wants_the_tables_of_this_code(tmp_path) -> None:
    env = servers.environment(DATA_DIR=str(tmp_path / "var"), DEBUG="1")
    code, said = Place(env, list).run()
    assert (code, "manage.py migrate" in said) == (1, True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_takes_everything_away(number, place) -> None:
    with place.start() as process:
        assert process.stdout
        wait_until(lambda: place.leftovers)
        process.send_signal(number)
        process.send_signal(number)  # an impatient hand
        _said, wrong = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, wrong
    assert place.leftovers == []


def test_an_interruption_that_breaks_the_connection_is_one_all_the_same() -> None:
    def interrupted_query() -> None:
        try:
            raise KeyboardInterrupt
        finally:  # as Django's atomic() ends
            raise DatabaseError("can't change 'autocommit' now")

    with pytest.raises(DatabaseError) as caught:
        interrupted_query()
    assert was_interrupted(caught.value)
    assert not was_interrupted(DatabaseError("the server is gone"))


def test_killed_it_is_cleared_away_by_the_next_run(place) -> None:
    with place.start() as process:
        wait_until(lambda: place.leftovers)
        process.kill()
    assert len(place.leftovers) == 1
    code, said = place.run()
    assert code == 0, said
    assert place.leftovers == []


# --- beside a running site -------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_sites_own_workers_mail_nobody_and_ask_no_model(real, worker_process, northwind) -> None:
    model = MessagesApi()
    with smtp.running() as mail_server:
        outside = {"EMAIL_URL": mail_server.url, "ANTHROPIC_API_KEY": "sk-test", "ANTHROPIC_BASE_URL": model.url}
        workers = [worker_process(part, **outside) for part in ("fast", "slow", "beat")]
        place = Place(process_environment(**outside), list)
        code, said = place.run()
        assert code == 0, said
        assert all(stop(worker) == 0 for worker in workers)
        assert (mail_server.mails, model.requests) == ([], [])
    assert list(Account.objects.all()) == [northwind]
    assert not Event.objects.exists()


# --- whose account it is ---------------------------------------------------------------------------


@pytest.fixture
def named(db) -> Callable[..., Account]:
    def make(name: str, **fields: Any) -> Account:
        return Account.objects.create(name=name, **fields)

    return make


@pytest.mark.django_db(transaction=True)
def test_it_goes_although_a_query_was_interrupted(real, named) -> None:
    name = throwaway_account.new_name()
    named(name)
    connection.connection.pgconn.send_query(b"SELECT 1")  # as far as it came; nobody reads the answer
    throwaway_account.delete_if_opened(name)
    assert not Account.objects.filter(name=name).exists()


GONE = 4_000_000  # above what Linux gives a process


@pytest.mark.django_db
def test_only_what_a_dead_selftest_left_is_removed(named, ana) -> None:
    here, old = throwaway_account.HERE, timezone.now() - timedelta(hours=1)
    kept = [
        named(f"selftest {os.getppid()} on {here} 00000001"),  # still running
        named(f"selftest {GONE} on elsewhere 00000002"),  # on another machine, perhaps still running
        named("selftest and sons"),
        named(f"selftest {GONE} on {here} 00000003"),
    ]
    ana.account = kept[-1]  # somebody signs in there
    ana.save(update_fields=["account"])
    gone = [
        named(f"selftest {GONE} on {here} 00000004"),
        named(f"selftest {GONE} on elsewhere 00000005", created_at=old),
    ]
    throwaway_account.remove_leftovers()
    left = set(Account.objects.filter(name__startswith="selftest"))
    assert left == set(kept)
    assert not left & set(gone)
