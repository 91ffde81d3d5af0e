"""Importing a ServiceNow export: batches of incidents, each replayed and stored in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.db import connection, reset_queries, transaction
from django.db.models import F
from django.utils import timezone

from handoffs.incidents import mending
from handoffs.incidents.replay import ImportedPeople, IncidentReplay, PlannedEvent
from handoffs.incidents.rows import ImportReport, Incident, IncidentRow, read_export
from handoffs.models import Handoff
from resolutionflow.accounts.models import Account, Event
from resolutionflow.core import origin
from sessions_app.models import Branch, Session, Step


def import_file(
    path: Path,
    account: Account,
    *,
    until: datetime | None = None,
    encoding: str | None = None,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> ImportReport:
    """Import the file into the account, as far as `until`. Run again, it continues and adds nothing twice."""
    report, done = ImportReport(), 0
    with read_export(path, report, encoding=encoding) as rows:
        for batch in rows.batches():
            with transaction.atomic(), origin.coming_from("command"):
                _import_batch(account, batch, until, report)
            reset_queries()  # while DEBUG=1 Django keeps the text of thousands
            done += len(batch)
            progress(done, rows.incidents)
    return report


def _import_batch(account: Account, incidents: list[Incident], until: datetime | None, report: ImportReport) -> None:
    numbers = [number for number, _rows in incidents]
    _lock(account, numbers)
    assert report.sheet is not None
    report.mended += mending.mend_texts(account, incidents, is_certain=report.sheet.is_certain)
    people = ImportedPeople(account, [row for _number, rows in incidents for row in rows])
    known = {
        session.psa_ticket_id: session
        for session in Session.objects.filter(
            account=account, intake=Session.Intake.IMPORT, psa_ticket_id__in=numbers
        ).prefetch_related("steps__author", "handoffs")
    }
    worked_on = set(
        Event.objects.filter(session_id__in=[session.pk for session in known.values()])
        .exclude(origin="command")
        .values_list("session_id", flat=True)
    )
    replays = []
    for number, rows in incidents:
        session = known.get(number)
        due = [row for row in rows if until is None or row.at <= until]
        report.later += len(rows) - len(due)
        stored = {step.form_key for step in session.steps.all()} if session else set()
        former = next((row for row in reversed(due) if row.key in stored), None)
        new = _rows_to_replay(due, stored, former, report)
        if new and session and session.pk in worked_on:
            report.left_alone.append(number)
        elif new:
            replays.append(_replay(people, session, former, new))
            report.rows += len(new)
            report.incidents += session is None
    _store(people, replays)
    report.handoffs += sum(h.intent == Handoff.Intent.ESCALATE for replay in replays for h in replay.new_handoffs)


def _lock(account: Account, numbers: list[str]) -> None:
    """Lock, so that two imports into one account, and people's work on these sessions, come one after the other.

    Sessions are locked before the account, as everywhere; the account by an advisory lock, since its row is locked
    last.
    """
    if connection.vendor == "postgresql":  # SQLite has one writer at a time
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('import_incidents'), %s)", [account.pk])
    known = Session.objects.filter(account=account, intake=Session.Intake.IMPORT, psa_ticket_id__in=numbers)
    list(known.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))


def _rows_to_replay(
    due: list[IncidentRow], stored: set[uuid.UUID | None], former: IncidentRow | None, report: ImportReport
) -> list[IncidentRow]:
    """The rows to replay: those after the last one that is stored already."""
    new = []
    for row in due:
        if row.key in stored:
            report.repeated += 1
        elif former and row.position < former.position:
            report.skip(row.line, "an earlier row of an incident that has gone on since")
        else:
            new.append(row)
    return new


def _replay(
    people: ImportedPeople, session: Session | None, former: IncidentRow | None, rows: list[IncidentRow]
) -> IncidentReplay:
    unclosed = next((h for h in session.handoffs.all() if not h.is_closed), None) if session else None
    replay = IncidentReplay(people, session, unclosed, former)
    if session:
        replay.steps = list(session.steps.all())
    for row in rows:
        replay.apply(row)
    return replay


def _store(people: ImportedPeople, replays: list[IncidentReplay]) -> None:
    new = [replay for replay in replays if replay.branch]
    Session.objects.bulk_create([replay.stored_session for replay in new])
    Branch.objects.bulk_create([replay.branch for replay in new if replay.branch])
    for replay in new:
        replay.stored_session.active_branch = replay.branch
        for step in replay.new_steps:
            step.branch = replay.branch
        for handoff in replay.new_handoffs:
            handoff.source_branch = replay.branch
    Step.objects.bulk_create([step for replay in replays for step in replay.new_steps], batch_size=500)
    stored = [handoff for replay in replays for handoff in replay.touched if handoff.pk]
    Handoff.objects.bulk_update(
        stored, ["status", "closed_reason", "claimed_by", "claimed_at", "open_since"], batch_size=100
    )
    Handoff.objects.bulk_create([handoff for replay in replays for handoff in replay.new_handoffs], batch_size=200)
    Session.objects.bulk_update(
        [replay.stored_session for replay in replays],
        [
            "status",
            "assignee",
            "team",
            "active_branch",
            "step_count",
            "handoff_count",
            "resolution",
            "updated_at",
            "finished_at",
        ],
        batch_size=100,
    )
    _record(people.account, sorted((h for replay in replays for h in replay.planned), key=lambda h: h.clock))


def _record(account: Account, planned: list[PlannedEvent]) -> None:
    """Store the events, numbered in one block; the account's counter is locked from here to the commit."""
    Account.objects.filter(pk=account.pk).update(last_seq=F("last_seq") + len(planned))
    last = Account.objects.values_list("last_seq", flat=True).get(pk=account.pk)
    first, now = last - len(planned) + 1, timezone.now()
    Event.objects.bulk_create([one.event(account.pk, first + n, now) for n, one in enumerate(planned)], batch_size=500)
