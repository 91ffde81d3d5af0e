"""Imported texts whose letters went in wrong, written as the file says once it is read in its right encoding.

Only a text that is letter by letter what an import makes of these rows in a wrong encoding is touched: what
somebody has written or corrected since is not among those.
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
    """Correct what is here of these incidents; the number of texts. With a guessed encoding, only lost letters."""
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
    """The rows as they would be had their bytes been taken for another encoding than they are in."""
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
    return "\n".join(text for row in rows for text in row.told.values())


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
    """JSON with every text in it that is wrong made right."""
    match value:
        case str():
            return right.get(value, value)
        case list():
            return [_mended(one, right) for one in value]
        case dict():
            return {name: _mended(one, right) for name, one in value.items()}
    return value


def _rename(account: Account, right: Right) -> int:
    """People and groups of the export. A name that is there already is taken instead of the wrong one of a group."""
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
