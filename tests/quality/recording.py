"""Plays a recorded case into the database with the verbs people use, each at its own time. No AI is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from handoffs.models import Handoff
from resolutionflow.accounts.models import Priority, User
from resolutionflow.core import clock, origin
from sessions_app.models import Session
from tests.quality.cases import BRANCH, DEAD_END, MESSAGE, STEP, Case, Entry


def play(case: Case, people: Mapping[str, User], *, escalated_at: datetime) -> Handoff:
    """Record the case as `people`, by the names it gives them, so that it was escalated at this moment, to anyone, with
    its note and priority and none of the five lines."""
    opened_at = escalated_at - timedelta(minutes=case.escalated_at)
    session: Session = _at(opened_at, 0, lambda: _open(case, people["ana"]))
    for entry in case.record:
        _at(opened_at, entry.at, lambda entry=entry: RECORD[entry.what](session, people[entry.by], entry))
        session.refresh_from_db()
    priority = Priority[case.priority.upper()]
    handoff: Handoff = _at(
        opened_at,
        case.escalated_at,
        lambda: Handoff.escalate(session, people["ana"], notes=case.note, priority=priority),
    )
    return handoff


def _at(opened_at: datetime, minutes: int, do: Callable[[], Any]) -> Any:
    with clock.replayed_at(opened_at + timedelta(minutes=minutes)), origin.coming_from("web"):
        return do()


def _open(case: Case, user: User) -> Session:
    return Session.open(
        user,
        problem_summary=case.problem_summary,
        problem_domain=case.problem_domain,
        client_name=case.client_name,
        asset_name=case.asset_name,
        psa_ticket_id=case.psa_ticket_id,
        intake_text=case.intake_text,
        intake="log_paste" if case.intake_text else "ticket",
        contact=case.contact,
        access=case.access,
        changed_before=case.changed_before,
    )


def _step(session: Session, user: User, entry: Entry) -> None:
    session.add_step(
        user,
        text=entry.text,
        kind=entry.kind,
        outcome=entry.outcome,
        free_text=entry.output,
        temporary=entry.temporary,
    )


def _message(session: Session, user: User, entry: Entry) -> None:
    session.add_message(user, content=entry.text)


def _branch(session: Session, user: User, entry: Entry) -> None:
    session.add_branch(user, label=entry.text).activate(user)


def _dead_end(session: Session, user: User, entry: Entry) -> None:
    session.branches.get(label=entry.text).change_status(user, status="dead_end", reason=entry.reason)


RECORD = {STEP: _step, MESSAGE: _message, BRANCH: _branch, DEAD_END: _dead_end}
