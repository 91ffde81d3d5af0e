"""Every command of ours: what it cannot do it says in one sentence with exit code 1, and nothing is done."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import OperationalError, connection

from handoffs.models import Handoff
from notifications.models import Delivery
from resolutionflow.accounts.management import base
from resolutionflow.accounts.models import Account, User
from sessions_app.models import PsaConnection, Session
from tests import servers
from tests.conftest import person
from tests.live_site import process_environment
from tests.test_house import APPS

pytestmark = pytest.mark.django_db

OURS = sorted(name for name, app in get_commands().items() if app.split(".")[0] in APPS)
RIGHT = {  # what a command needs beside the option that is tried
    "create_account": ["New", "--owner", "new@new.example"],
    "create_token": ["ana@northwind.example"],
    "create_user": ["new@northwind.example", "--account", "Northwind", "--role", "viewer"],
    "import_incidents": [str(servers.ROOT / "tests/data/incidents.csv"), "--account", "Northwind"],
}
NASTY = "Ann \x1b[31mred\x1b]0;title\x07 \u202etxet\u2066 \r\nline\u200e"


def options() -> Iterator[tuple[str, Any]]:
    """(command, option) of ours, without Django's."""
    for name in OURS:
        command = load_command_class(get_commands()[name], name)
        django = {action.dest for action in load_command_class("django.core", "check").create_parser("", "")._actions}
        for action in command.create_parser("manage.py", name)._actions:
            if action.option_strings and action.dest not in django:
                yield name, action


OPTIONS = list(options())
ACCOUNTS = [name for name, action in OPTIONS if action.dest == "account"]
NUMBERS = [(name, action.option_strings[0]) for name, action in OPTIONS if action.type is not None and name != "up"]


def everything() -> dict[str, int]:
    return {model.__name__: model._base_manager.count() for model in apps.get_models()}


def refused(name: str, *args: str) -> str:
    before = everything()
    with pytest.raises(CommandError) as refusal:
        call_command(name, *args, stdout=io.StringIO(), stderr=io.StringIO())
    assert everything() == before
    assert refusal.value.returncode == 1
    assert len(str(refusal.value).splitlines()) == 1
    return str(refusal.value)


def test_every_command_speaks_and_refuses_alike() -> None:
    assert {"queue", "prune", "create_user", "import_incidents"} < set(OURS)
    apart = [name for name in OURS if not isinstance(load_command_class(get_commands()[name], name), base.SiteCommand)]
    assert apart == ["up"], "which runs until it is ended"


@pytest.mark.parametrize("account", ["Nope", "", "northwind ", "\x1b[31m", "x" * 5000])
@pytest.mark.parametrize("name", ACCOUNTS)
def test_an_account_that_is_not_there(name, account, ana) -> None:
    said = refused(name, *RIGHT.get(name, []), "--account", account)
    assert "There is no account named" in said
    assert said.endswith("There are: Northwind.")


@pytest.mark.parametrize("name", ACCOUNTS)
def test_an_argument_that_is_not_utf_8(name, ana) -> None:
    assert refused(name, *RIGHT.get(name, []), "--account", "\udcff") == "An argument is not UTF-8."


def test_nearly_every_command_may_be_asked_of_one_account() -> None:
    assert {"queue", "check_psa", "create_user", "import_incidents"} <= set(ACCOUNTS)


@pytest.mark.parametrize("value", ["-1", "0", "99999999999", "9" * 50, "x", "1.5", ""])
@pytest.mark.parametrize(("name", "option"), NUMBERS)
def test_a_value_that_is_none(name, option, value, ana) -> None:
    assert refused(name, *RIGHT.get(name, []), f"{option}={value}")


@pytest.mark.parametrize("name", ["create_token"])
def test_a_person_who_is_not_there(name, ana) -> None:
    assert refused(name, "nobody@northwind.example") == "Nobody signs in as nobody@northwind.example."


def gone(*_unused: object) -> None:
    raise OperationalError("connection to server failed: password=hunter2")


@pytest.mark.parametrize("name", sorted(set(OURS) - {"up", "demo", "selftest"}))
def test_a_database_that_is_gone_is_a_sentence(name, ana) -> None:
    with connection.execute_wrapper(gone), pytest.raises(CommandError, match="The database does not answer"):
        call_command(name, *RIGHT.get(name, []), stdout=io.StringIO(), stderr=io.StringIO())


# --- what stands in a terminal ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["queue", "deliveries", "check_psa", "prune", "sweep", "create_user", "create_account"]
)
def test_no_name_steers_the_terminal(name, waiting, capsys) -> None:
    """Old rows may hold what is cleaned away today."""
    account = waiting.account
    Delivery.objects.create(account=account, kind="email", address=NASTY, status="failed", error=NASTY)
    PsaConnection.objects.create(account=account, name=NASTY, kind="nosuch", base_url="https://x.example")
    Account.objects.update(name=NASTY)
    User.objects.update(name=NASTY)
    Session.objects.update(problem_summary=NASTY, client_name=NASTY, psa_ticket_id=NASTY)
    Account.objects.create(name="Northwind")
    with pytest.raises(CommandError) if name == "check_psa" else nullcontext():
        call_command(name, *RIGHT.get(name, []))
    said = "".join(capsys.readouterr())
    assert said
    assert not any(letter in said for letter in "\x1b\x07\u202e\u2066\u200e\r")


def test_an_unknown_name_that_is_given_back_steers_nothing(real, db) -> None:
    run = subprocess.run(
        [sys.executable, str(servers.ROOT / "manage.py"), "queue", "--account", NASTY],
        env=process_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1
    assert "There is no account named Ann red" in run.stderr
    assert not any(letter in run.stderr for letter in "\x1b\x07\u202e\u2066\u200e\r")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["queue", "deliveries"])
def test_who_reads_no_further_sees_no_traceback(real, name, northwind) -> None:
    ana = person(northwind, "Ana")
    for number in range(60 if name == "queue" else 0):
        session = Session.open(ana, problem_summary=f"Problem {number} " + "x" * 400)
        Handoff.escalate(session, ana, notes="I am stuck.")
    error = "y" * 400
    Delivery.objects.bulk_create(
        Delivery(account=northwind, kind="email", address=f"{n}@x.example", status="failed", error=error)
        for n in range(400)
    )
    assert piped(name) == (0, b"")
    if name == "deliveries":
        assert piped(name, "--retry") == (0, b"400 are due now: a worker takes them, or manage.py sweep.\n")
        assert not Delivery.objects.failed().exists(), "all of them, whoever reads"


def piped(*args: str) -> tuple[int, bytes]:
    """The exit code and stderr when stdout is closed after the first line."""
    command = [sys.executable, str(servers.ROOT / "manage.py"), *args]
    with subprocess.Popen(
        command, env=process_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
        return process.wait(), said
