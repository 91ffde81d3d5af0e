"""Double clicks and colleagues at the same moment, in real threads on the real database."""

from __future__ import annotations

from uuid import uuid4

import pytest

from resolutionflow.accounts.models import Event
from sessions_app.models import Branch, PsaConnection, Session
from tests.handoffs.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def fresh(session):
    return Session.objects.get(pk=session.pk)


def test_a_double_click_makes_one_of_each(session, ana):
    key = uuid4()
    opened = at_once([lambda: Session.open(ana, problem_summary="once", form_key=key)] * 6)
    steps = at_once([lambda: fresh(session).add_step(ana, text="once", form_key=key)] * 6)
    messages = at_once([lambda: fresh(session).add_message(ana, content="once", form_key=key)] * 6)
    branches = at_once([lambda: fresh(session).add_branch(ana, label="once", form_key=key)] * 6)
    for made in (opened, steps, messages, branches):
        assert len({one.pk for one in made}) == 1
    kinds = list(Event.objects.filter(seq__gt=4).values_list("kind", flat=True))
    assert sorted(kinds) == ["branch.changed", "message.added", "session.opened", "step.added"]


def test_of_three_who_open_one_ticket_one_does_and_two_are_led_there(as_user, northwind, ana, bo, cy):
    rt = PsaConnection.objects.create(
        account=northwind, name="RT", kind="request_tracker", base_url="https://rt.example"
    )
    fields = {"intake": "ticket", "psa_ticket_id": "77", "psa_connection": rt.pk, "problem_domain": "other"}
    clients = [as_user(user) for user in (ana, bo, cy)]
    answers = at_once([lambda client=client: client.post("/sessions/new/", fields) for client in clients])
    assert sorted(answer.status_code for answer in answers) == [302, 422, 422]
    opened = Session.objects.get(psa_ticket_id="77")
    for answer in answers:
        assert answer.status_code == 302 or f"Already open in session {opened.pk}" in answer.content.decode()


def test_branches_of_one_moment_get_different_places(session, ana, bo):
    at_once([lambda n=n: fresh(session).add_branch([ana, bo][n % 2], label=f"b{n}") for n in range(8)])
    assert list(session.branches.values_list("order", flat=True)) == list(range(9))


def test_one_branch_is_active_whoever_presses(session, ana):
    branches = [session.add_branch(ana, label=f"b{n}") for n in range(5)]
    at_once([lambda b=b: Branch.objects.get(pk=b.pk).activate(ana) for b in branches])
    active = session.branches.get(status="active")
    assert fresh(session).active_branch == active


def test_two_who_resolve_at_once_undo_once(session, ana, lea):
    step = session.add_step(ana, text="Opened a port", temporary=True)
    ended = at_once(
        [lambda by=by: fresh(session).resolve(by, resolution="done", undone=[step]) for by in (ana, lea)] * 2
    )
    assert sorted(type(one).__name__ for one in ended) == ["NoneType", *["WrongState"] * 3]
    event = Event.objects.get(kind="session.resolved")
    assert [row["step"] for row in event.facts["undone"]] == [step.pk]
    step.refresh_from_db()
    assert not step.temporary


def test_undone_by_a_colleague_at_that_moment_it_is_told_once(session, ana, bo):
    step = session.add_step(ana, text="Opened a port", temporary=True)
    at_once(
        [
            lambda: fresh(session).resolve(ana, resolution="done", undone=[step]),
            lambda: fresh(session).steps.get(pk=step.pk).change(bo, temporary=False),
        ]
    )
    events = Event.objects.filter(kind__in=("session.resolved", "step.changed"))
    assert events.count() == 1, "the other was refused"
    step.refresh_from_db()
    assert not step.temporary


def test_a_step_or_the_end_but_not_a_step_after_the_end(session, ana, bo):
    at_once(
        [
            lambda: fresh(session).add_step(bo, text="late"),
            lambda: fresh(session).resolve(ana, resolution="done"),
        ]
    )
    kinds = list(Event.objects.filter(session_id=session.pk).order_by("seq").values_list("kind", flat=True))
    assert kinds[-1] == "session.resolved"
    assert fresh(session).step_count == session.steps.count()


def test_who_writes_while_they_mute_it_has_one_row_and_stays_muted(session, ana, bo):
    """Whichever comes first: writing never ends a mute."""
    writes = [lambda n=n: fresh(session).add_message(bo, content=f"Message {n} for @Ana") for n in range(6)]
    at_once([*writes[:3], lambda: fresh(session).mute(bo), *writes[3:], lambda: fresh(session).mute(bo)])
    assert session.watches.get(user=bo).muted
    assert not session.watches.get(user=ana).muted
