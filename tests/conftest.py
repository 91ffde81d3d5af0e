"""The cast. Northwind is the MSP every test is about; Eve of Elsewhere must never see any of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from handoffs.models import Handoff
from resolutionflow.accounts.models import Account, Team, User
from sessions_app.models import Session, Step

pytest_plugins = ["tests.live_site", "tests.web_process"]


@pytest.fixture(autouse=True)
def no_update_over_a_subquery() -> Iterator[None]:
    """PostgreSQL looks again at a row it waited for, not into the subquery that found it: OwnedQuerySet.by_number."""

    def refuse(execute: Any, sql: str, *rest: Any) -> Any:
        assert not (sql.startswith("UPDATE") and "SELECT" in sql), f"An UPDATE over a subquery: {sql}"
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        yield


PASSWORD = "correct horse battery"


def person(account: Account, name: str, role: str = "engineer", **fields) -> User:
    """Somebody who has signed in before."""
    email = f"{name.lower()}@{account.name.lower()}.example"
    fields = {"account": account, "name": f"{name} Tester", "role": role, "confirmed_email": email, **fields}
    return User.objects.create_user(email, **fields)


@pytest.fixture
def northwind(db) -> Account:
    return Account.objects.create(name="Northwind")


@pytest.fixture
def elsewhere(db) -> Account:
    return Account.objects.create(name="Elsewhere")


@pytest.fixture
def ana(northwind) -> User:
    """Junior: opens sessions and hands them over."""
    return person(northwind, "Ana")


@pytest.fixture
def bo(northwind) -> User:
    """Senior: claims."""
    return person(northwind, "Bo")


@pytest.fixture
def cy(northwind) -> User:
    """Another senior: claims at the same moment."""
    return person(northwind, "Cy")


@pytest.fixture
def lea(northwind) -> User:
    """Lead, by the flag."""
    return person(northwind, "Lea", lead=True)


@pytest.fixture
def olga(northwind) -> User:
    """Owner."""
    return person(northwind, "Olga", "owner")


@pytest.fixture
def adam(northwind) -> User:
    """Admin."""
    return person(northwind, "Adam", "admin")


@pytest.fixture
def vic(northwind) -> User:
    """Viewer."""
    return person(northwind, "Vic", "viewer")


@pytest.fixture
def eve(elsewhere) -> User:
    """Owner of another account."""
    return person(elsewhere, "Eve", "owner")


@pytest.fixture
def network(northwind, bo) -> Team:
    team = Team.objects.create(account=northwind, name="Network")
    team.members.add(bo)
    return team


@pytest.fixture
def session(ana) -> Session:
    """Ana works on it: three steps, one still open."""
    session = Session.open(
        ana,
        problem_summary="VPN drops every ten minutes for two users",
        problem_domain="network",
        client_name="Northgate Legal",
        asset_name="NL-FW01",
        psa_ticket_id="48190",
    )
    session.add_step(ana, text="Restarted the VPN service", outcome=Step.Outcome.FAILED, free_text="error 809 again")
    session.add_step(ana, text="Checked the firewall log", kind="check", outcome=Step.Outcome.INCONCLUSIVE)
    session.add_step(ana, text="Ask the user for the router model", kind="question")
    return session


@pytest.fixture
def waiting(session, ana, bo, cy) -> Handoff:
    """Ana's session, escalated to anyone."""
    return Handoff.escalate(session, ana, notes="I am stuck, it looks like the tunnel itself.", priority=1)


@pytest.fixture
def claimed(waiting, bo) -> Handoff:
    """… and claimed by Bo."""
    waiting.claim(bo)
    return waiting
