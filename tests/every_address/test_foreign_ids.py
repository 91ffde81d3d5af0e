"""Ids of another account, inside what is sent: as unknown as one that never was."""

from __future__ import annotations

from typing import Any

import pytest

from handoffs.models import Handoff
from resolutionflow.accounts.models import Team, User
from resolutionflow.api.fields import VisibleIdField
from sessions_app.models import Message, PsaConnection, Session, Step
from tests.api_client import client_of
from tests.conftest import add_picture, person
from tests.every_address.addresses import OF_PAGES, PAGES, ask, body_of, filled
from tests.resolutionflow.api import addresses as api

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs(eve) -> dict[type, Any]:
    """Things of Elsewhere."""
    session = Session.open(eve, problem_summary="Theirs")
    return {
        User: person(eve.account, "Eric"), Team: Team.objects.create(account=eve.account, name="Theirs"),
        PsaConnection: PsaConnection.connect(
            eve, kind="request_tracker", name="Theirs", base_url="https://rt.example", credentials={}
        ),
        type(session.active_branch): session.active_branch, Session: session,
        type(session.add_step(eve, text="x")): session.steps.get(),
        Message: session.add_message(eve, content="x"),
        Handoff: Handoff.escalate(session, eve, notes="x"),
    }  # fmt: skip


def test_an_id_of_another_account_is_as_unknown_as_one_that_never_was(things, theirs, bo, wrong) -> None:
    tried = 0
    views = {
        str(pattern.pattern): pattern.callback.cls
        for pattern in api.urls.urlpatterns
        if hasattr(pattern.callback, "cls")
    }
    for method, route in api.WRITES:
        takes = getattr(views[route], method).spec.takes
        for name, one in takes().fields.items() if takes else ():
            if not isinstance(one, VisibleIdField):
                continue
            said = []
            for pk in (theirs[one.model].pk, 999_999):
                body = {**api.body_of(route), name: pk} if method == "post" else {name: pk}
                answer = api.call(client_of(bo), method, api.filled(route, things), **body)
                said.append((answer.status_code, answer.json().get("errors", {}).get(name)))
            wrong.unless(said == [(400, ["There is nothing with this id."])] * 2, method, route, name, said)
            tried += 1
    assert tried >= 8


# fmt: off
FOREIGN = [
    ("session_new", "team", Team), ("session_change", "team", Team), ("session_new", "psa_connection", PsaConnection),
    ("session_change", "psa_connection", PsaConnection), ("session_escalate", "target", "user-{}"),
    ("session_escalate", "target", "team-{}"), ("handoff_transfer", "to", User), ("settings_team", "members", User),
    ("settings_teams", "members", User), ("settings_member", "teams", Team), ("settings_members", "teams", Team),
    ("session_resolve", "step", Step), ("session_resolve", "undone", Step),
    ("step_add", "branch", "branch"), ("branch_add", "parent", "branch"),
]


@pytest.mark.parametrize(("name", "field", "of"), FOREIGN)
def test_a_form_with_an_id_of_another_account_is_not_right(name, field, of, things, theirs, olga) -> None:
    branch = next(row for row in theirs.values() if row._meta.model_name == "branch")
    pk = {"user-{}": theirs[User].pk, "team-{}": theirs[Team].pk, "branch": branch.pk}.get(of) or theirs[of].pk
    value = of.format(pk) if isinstance(of, str) and "{}" in of else pk
    route = next(route for route, named in OF_PAGES if named == name)
    answer = ask(olga, "POST", filled(route, things), {**body_of(PAGES[name]), field: value})
    assert (answer.status_code, answer.changed) == (422, False)


def test_a_part_of_another_session_is_404(things, ana, bo, theirs, wrong) -> None:
    other = Session.open(ana, problem_summary="Another of ours")
    other.add_step(ana, text="x")
    for row in (other, theirs[Session]):
        row.add_message(row.assignee, content="Hello")
        parts = (row.steps.get().pk, row.active_branch_id, row.messages.last().pk, add_picture(row, row.started_by).pk)
        mixed = {**things, **dict(zip(api.PARTS, parts, strict=True))}
        for route, name in OF_PAGES:
            if any(part in route for part in api.PARTS):
                answer = ask(bo, "POST", filled(route, mixed), body_of(PAGES[name]))
                expected = 404 if PAGES[name].posts else 405
                wrong.unless(answer.status_code == expected and not answer.changed, "POST", name, answer.status_code)
        for method, route in api.EVERY:
            if any(part in route for part in api.PARTS):
                answer = api.call(client_of(bo), method, api.filled(route, mixed), **api.body_of(route))
                wrong.unless(answer.status_code == 404, method, route, answer.status_code)
