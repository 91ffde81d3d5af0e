"""Corrects imported texts that were read in a wrong encoding, once the file is read in its right one.

Only a text that is letter by letter what these rows give in a wrong encoding is changed: a text that somebody has
written or corrected since is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from handoffs.incidents import wording as wording
from handoffs.incidents.rows import Incident, IncidentRow
from handoffs.models import Handoff
from handoffs.snapshot import STEP_LENGTH
from resolutionflow.accounts.models import Account, Event, Team, User
from resolutionflow.core.spreadsheet import GUESSED
from resolutionflow.core.text import cut
from sessions_app.models import Session, Step

FACTS = ("problem_summary", "client_name", "asset_name", "resolution")
Right = dict[str, str]  # by what it went in as


def mend_texts(account: Account, incidents: list[Incident], *, is_certain: bool) -> int:
    """Correct the stored texts of these incidents; returns how many. With a guessed encoding, only texts with lost
    letters."""
    foreign = {number: rows for number, rows in incidents if not all(row.is_ascii for row in rows)}
    sessions = Session.objects.filter(
        account=account, intake=Session.Intake.IMPORT, psa_ticket_id__in=foreign
    ).prefetch_related("steps", "handoffs")
    mended = 0
    for session in sessions:
        right = _right(foreign[session.psa_ticket_id], is_certain=is_certain)
        if count := _mend(session, right) + _rename(account, right):
            facts = {"corrected": count}
            Event.record(account.pk, "session.changed", actor=None, session_id=session.pk, facts=facts, relayed=True)
            mended += count
    return mended


def _right(rows: list[IncidentRow], *, is_certain: bool) -> Right:
    texts = list(wording.texts(rows))
    right: Right = {}
    for misread in _misread(rows, is_certain=is_certain):
        for was, now in zip(wording.texts(misread), texts, strict=True):
            if was != now:
                right.setdefault(was, now)
                right.setdefault(cut(was, STEP_LENGTH), cut(now, STEP_LENGTH))
    return right


def _misread(rows: list[IncidentRow], *, is_certain: bool) -> Iterator[list[IncidentRow]]:
    """The rows as they would read if their bytes had been taken for another encoding than theirs."""
    seen = {_joined(rows)}
    for written, read in product(GUESSED, ("utf-8", *GUESSED) if is_certain else ("utf-8",)):
        try:
            misread = [row.misread(written, read) for row in rows]
        except UnicodeEncodeError:
            continue  # has letters that this encoding does not have
        if (joined := _joined(misread)) not in seen:
            seen.add(joined)
            yield misread


def _joined(rows: list[IncidentRow]) -> str:
    return "\n".join(text for row in rows for text in row.texts.values())


def _mend(session: Session, right: Right) -> int:
    facts = {name: right[was] for name in FACTS if (was := getattr(session, name)) in right}
    if facts:
        Session.objects.filter(pk=session.pk).update(**facts)
    steps = [step for step in session.steps.all() if step.text in right]
    for step in steps:
        step.text = right[step.text]
    Step.objects.bulk_update(steps, ["text"], batch_size=100)
    handoffs = [handoff for handoff in session.handoffs.all() if _mend_handoff(handoff, right)]
    Handoff.objects.bulk_update(handoffs, ["notes", "snapshot"], batch_size=100)
    return len(facts) + len(steps) + len(handoffs)


def _mend_handoff(handoff: Handoff, right: Right) -> bool:
    before = handoff.notes, handoff.snapshot
    handoff.notes, handoff.snapshot = right.get(handoff.notes, handoff.notes), _mended(handoff.snapshot, right)
    return (handoff.notes, handoff.snapshot) != before


def _mended(value: Any, right: Right) -> Any:
    """`value` (JSON) with every wrong text in it replaced by the right one."""
    match value:
        case str():
            return right.get(value, value)
        case list():
            return [_mended(one, right) for one in value]
        case dict():
            return {name: _mended(one, right) for name, one in value.items()}
    return value


def _rename(account: Account, right: Right) -> int:
    """Correct names of people and groups; returns how many. Where the right name exists already, that group takes the
    wrong one's place."""
    count = 0
    for person in User.objects.filter(account=account, email=None, is_active=False, name__in=right):
        count += User.objects.filter(pk=person.pk).update(name=right[person.name])
    for team in Team.objects.filter(account=account, name__in=right):
        if there := Team.objects.filter(account=account, name=right[team.name]).first():
            count += Session.objects.filter(account=account, team=team).update(team=there)
            count += Handoff.objects.filter(account=account, target_team=team).update(target_team=there)
        else:
            count += Team.objects.filter(pk=team.pk).update(name=right[team.name])
    return count
