"""Incidents of another tool, replayed: a ServiceNow export becomes sessions, steps, handoffs and events.

One row of the export is one update of one incident. Each becomes a step; each increase of
`reassignment_count` a handoff to the new group, claimed where a person is named; "Awaiting …" a
park, Resolved or Closed a resolve, back again a reopen. Rows are written in bulk, past the verbs:
the people are long gone, so nobody may do anything; what the verbs guarantee, the positions and one
event per change, is kept here and checked by the tests. Events carry their own time and are marked
relayed: they nudge nobody.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, reset_queries, transaction
from django.db.models import F
from django.utils import timezone

from handoffs.incidents import mending, wording
from handoffs.incidents.rows import Incident, Report, Row, read
from handoffs.models import Handoff
from handoffs.snapshot import snapshot_from
from resolutionflow.accounts.models import Account, Event, Priority, Team, User
from resolutionflow.core import origin
from sessions_app.models import Branch, Session, Step

# --- replaying ---------------------------------------------------------------------------------


@dataclass
class Happening:
    """An event to be: its numbers are known only once what it is about has been stored."""

    clock: datetime  # never goes back within an incident: the order of the numbers
    at: datetime
    kind: str
    actor: User
    session: Session
    handoff: Handoff | None = None
    step: Step | None = None
    closed: tuple[Handoff, dict[str, Any]] | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    def event(self, account_id: int, seq: int, now: datetime) -> Event:
        facts = dict(self.facts)
        if self.step:
            facts |= {"step": self.step.pk, "order": self.step.order, "outcome": self.step.outcome}
        if self.closed:
            facts["closed"] = {"handoff": self.closed[0].pk, **self.closed[1]}
        about = self.handoff or (self.closed[0] if self.closed else None)
        return Event(
            account_id=account_id,
            seq=seq,
            kind=self.kind,
            at=self.at,
            actor=self.actor,
            origin=origin.current(),
            session_id=self.session.pk,
            handoff_id=about.pk if about else None,
            facts=facts,
            relayed_at=now,
        )


class Cast:
    """The people and groups of an export as members and teams: deactivated, without address or password."""

    def __init__(self, account: Account, rows: list[Row]) -> None:
        self.account = account
        names = {row.told[column] for row in rows for column in ("opened_by", "sys_updated_by", "assigned_to")}
        people = User.objects.filter(account=account, email=None, name__in={*names, "Unknown"}).order_by("-pk")
        self.people = {user.name: user for user in people}
        groups = {row.told["assignment_group"] for row in rows}
        self.teams = {team.name: team for team in Team.objects.filter(account=account, name__in=groups)}

    def person(self, name: str) -> User:
        if name not in self.people:
            user = User(account=self.account, name=name, is_active=False)
            user.set_unusable_password()
            user.save(force_insert=True)
            self.people[name] = user
        return self.people[name]

    def team(self, name: str) -> Team | None:
        if name and name not in self.teams:
            self.teams[name] = Team.objects.create(account=self.account, name=name)
        return self.teams.get(name)


class Replay:
    """One incident: its rows moved through the six positions, on objects that are stored afterwards."""

    def __init__(self, cast: Cast, session: Session | None, unclosed: Handoff | None, former: Row | None) -> None:
        self.cast = cast
        self.session = session
        self.unclosed = unclosed
        self.former = former
        self.branch: Branch | None = None
        self.steps: list[Step] = []
        self.new_steps: list[Step] = []
        self.new_handoffs: list[Handoff] = []
        self.touched: list[Handoff] = []
        self.happenings: list[Happening] = []

    def apply(self, row: Row) -> None:
        actor = self.cast.person(row.told["sys_updated_by"] or "Unknown")
        if self.session is None:
            self._open(row, actor)
        session = self._session
        handed_over = self.former is not None and row.reassigned > self.former.reassigned
        if session.is_finished and (handed_over or not row.is_over):
            self._move(Session.Status.ACTIVE, finished_at=None)
            self._happen(row, "session.reopened", actor, reason="reopened in the other tool")
        self._step(row, actor)
        if handed_over:
            self._escalate(row, actor)
        self._hand_to_person(row, actor, handed_over=handed_over)
        self._follow_state(row, actor)
        session.updated_at = row.at
        self.former = row

    @property
    def _session(self) -> Session:
        assert self.session is not None
        return self.session

    def _open(self, row: Row, actor: User) -> None:
        told = row.told
        opener = self.cast.person(told["opened_by"] or told["sys_updated_by"] or "Unknown")
        self.session = Session(
            account=self.cast.account,
            intake=Session.Intake.IMPORT,
            problem_summary=wording.problem(row),
            client_name=told["caller_id"],
            asset_name=told["cmdb_ci"] or told["location"],
            psa_ticket_id=row.number,
            started_by=opener,
            assignee=opener,
            team=self.cast.team(told["assignment_group"]),
            created_at=row.at,
            updated_at=row.at,
        )
        if told["assigned_to"]:
            self.session.assignee = self.cast.person(told["assigned_to"])
        self.branch = Branch(account=self.cast.account, session=self.session, label="Main", status=Branch.Status.ACTIVE)
        self._happen(row, "session.opened", opener, summary=self.session.problem_summary)

    def _step(self, row: Row, actor: User) -> None:
        session = self._session
        session.step_count += 1
        step = Step(
            account=self.cast.account,
            session=session,
            branch_id=session.active_branch_id,
            author=actor,
            order=session.step_count,
            kind=Step.Kind.NOTE,
            text=wording.step(row, self.former),
            outcome=self._outcome(row),
            created_at=row.at,
            form_key=row.key,
        )
        self.steps.append(step)
        self.new_steps.append(step)
        self._happen(row, "step.added", actor, step=step)

    def _outcome(self, row: Row) -> str:
        if row.is_over:
            return Step.Outcome.WORKED
        back = self.former is not None and self.former.is_over
        return Step.Outcome.FAILED if back else Step.Outcome.INCONCLUSIVE

    def _escalate(self, row: Row, actor: User) -> None:
        session = self._session
        team = self.cast.team(row.told["assignment_group"])
        frozen = snapshot_from(session, steps=self.steps, branches=[])
        closed = self._close(Handoff.ClosedReason.SUPERSEDED)
        self.unclosed = handoff = Handoff(
            account=self.cast.account,
            session=session,
            intent=Handoff.Intent.ESCALATE,
            priority=row.urgency,
            notes=wording.reassigned(row, self.former),
            sender=session.assignee or actor,
            holder=session.assignee,
            target_team=team,
            snapshot=frozen,
            created_at=row.at,
            opened_at=row.at,
            open_since=row.at,
        )
        self.new_handoffs.append(handoff)
        session.handoff_count += 1
        session.team = team or session.team
        self._move(Session.Status.ESCALATED)
        self._happen(
            row,
            "handoff.escalated",
            actor,
            handoff=handoff,
            closed=closed,
            priority=Priority(row.urgency).word,
            target_user=None,
            target_team=team.pk if team else None,
        )

    def _hand_to_person(self, row: Row, actor: User, *, handed_over: bool) -> None:
        """The name in `assigned_to`: a claim while waiting, a transfer or release while claimed, else the assignee."""
        name = row.told["assigned_to"]
        person = self.cast.person(name) if name else None
        session, handoff = self._session, self.unclosed
        if handoff is not None and handoff.is_open and handoff.intent == Handoff.Intent.ESCALATE:
            if person:
                self._claimed(handoff, person, row)
                self._happen(row, "handoff.claimed", person, handoff=handoff)
        elif handoff is not None and handoff.is_claimed and person != handoff.claimed_by:
            former = handoff.claimed_by_id
            if person:
                self._claimed(handoff, person, row)
                self._happen(
                    row, "handoff.transferred", actor, handoff=handoff, reason="", from_user=former, to_user=person.pk
                )
            else:
                self._released(handoff, row)
                self._happen(row, "handoff.released", actor, handoff=handoff, reason="", claimed_by=former)
        elif person and session.assignee != person and not session.is_finished:
            before, session.assignee = session.assignee_id, person
            self._happen(row, "session.changed", actor, before={"assignee": before}, after={"assignee": person.pk})

    def _claimed(self, handoff: Handoff, person: User, row: Row) -> None:
        handoff.status, handoff.claimed_by, handoff.claimed_at = Handoff.Status.CLAIMED, person, row.at
        self._session.assignee = person
        self._move(Session.Status.ACTIVE)
        self.touched.append(handoff)

    def _released(self, handoff: Handoff, row: Row) -> None:
        handoff.status, handoff.claimed_by, handoff.claimed_at = Handoff.Status.OPEN, None, None
        handoff.open_since = row.at
        self._session.assignee = handoff.holder
        self._move(Session.Status.ESCALATED)
        self.touched.append(handoff)

    def _follow_state(self, row: Row, actor: User) -> None:
        session = self._session
        if row.is_over and not session.is_finished:
            closed = self._close(Handoff.ClosedReason.RESOLVED)
            session.resolution = wording.resolution(row)
            self._move(Session.Status.RESOLVED, finished_at=row.at)
            self._happen(row, "session.resolved", actor, closed=closed, resolution=session.resolution, root_cause="")
        elif row.awaits and session.status == Session.Status.ACTIVE:
            self._park(row, actor)
        elif not row.awaits and not row.is_over and session.status == Session.Status.PAUSED:
            closed = self._close(Handoff.ClosedReason.RESUMED)
            self._move(Session.Status.ACTIVE)
            self._happen(row, "session.resumed", actor, closed=closed)

    def _park(self, row: Row, actor: User) -> None:
        session = self._session
        frozen = snapshot_from(session, steps=self.steps, branches=[])
        closed = self._close(Handoff.ClosedReason.SUPERSEDED)
        self.unclosed = park = Handoff(
            account=self.cast.account,
            session=session,
            intent=Handoff.Intent.PARK,
            notes=row.told["incident_state"],
            priority=row.urgency,
            sender=session.assignee or actor,
            holder=session.assignee,
            snapshot=frozen,
            created_at=row.at,
            opened_at=row.at,
            open_since=row.at,
        )
        self.new_handoffs.append(park)
        session.handoff_count += 1
        self._move(Session.Status.PAUSED)
        self._happen(row, "handoff.parked", actor, handoff=park, closed=closed, wake_at=None)

    def _close(self, reason: str) -> tuple[Handoff, dict[str, Any]] | None:
        closing, self.unclosed = self.unclosed, None
        if closing is None:
            return None
        was = {
            "intent": closing.intent,
            "status": closing.status,
            "sender": closing.sender_id,
            "claimed_by": closing.claimed_by_id,
            "reason": reason,
        }
        closing.status, closing.closed_reason = Handoff.Status.CLOSED, reason
        self.touched.append(closing)
        return closing, was

    def _move(self, status: str, **fields: Any) -> None:
        for name, value in {"status": status, **fields}.items():
            setattr(self._session, name, value)

    def _happen(
        self,
        row: Row,
        kind: str,
        actor: User,
        *,
        handoff: Handoff | None = None,
        step: Step | None = None,
        closed: tuple[Handoff, dict[str, Any]] | None = None,
        **facts: Any,
    ) -> None:
        clock = max(self.happenings[-1].clock, row.at) if self.happenings else row.at
        self.happenings.append(Happening(clock, row.at, kind, actor, self._session, handoff, step, closed, facts))


# --- storing -----------------------------------------------------------------------------------


def bring_in(
    path: Path,
    account: Account,
    *,
    until: datetime | None = None,
    encoding: str | None = None,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Report:
    """Import the file into the account, as far as `until`. Run again, it continues and adds nothing twice."""
    report, done = Report(), 0
    with read(path, report, encoding=encoding) as rows:
        for batch in rows.batches():
            with transaction.atomic(), origin.coming_from("command"):
                _batch(account, batch, until, report)
            reset_queries()  # while DEBUG=1 Django keeps the text of thousands
            done += len(batch)
            progress(done, rows.incidents)
    return report


def _batch(account: Account, incidents: list[Incident], until: datetime | None, report: Report) -> None:
    _lock(account, [number for number, _rows in incidents])
    assert report.sheet is not None
    report.mended += mending.mend(account, incidents, is_certain=report.sheet.is_certain)
    cast = Cast(account, [row for _number, rows in incidents for row in rows])
    numbers = [number for number, _rows in incidents]
    known = {
        session.psa_ticket_id: session
        for session in Session.objects.filter(
            account=cast.account, intake=Session.Intake.IMPORT, psa_ticket_id__in=numbers
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
        new = _new(due, stored, former, report)
        if new and session and session.pk in worked_on:
            report.left_alone.append(number)
        elif new:
            replays.append(_replayed(cast, session, former, new))
            report.rows += len(new)
            report.incidents += session is None
    _store(cast, replays)
    report.handoffs += sum(h.intent == Handoff.Intent.ESCALATE for replay in replays for h in replay.new_handoffs)


def _lock(account: Account, numbers: list[str]) -> None:
    """Two imports into one account come one after the other, and what is worked on here comes before or after this.

    Sessions before the account, as everywhere: not by its row, which is locked last.
    """
    if connection.vendor == "postgresql":  # SQLite has one writer at a time
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('import_incidents'), %s)", [account.pk])
    known = Session.objects.filter(account=account, intake=Session.Intake.IMPORT, psa_ticket_id__in=numbers)
    list(known.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))


def _new(due: list[Row], stored: set[uuid.UUID | None], former: Row | None, report: Report) -> list[Row]:
    """What is to be replayed: the rows after the last one that is here."""
    new = []
    for row in due:
        if row.key in stored:
            report.repeated += 1
        elif former and row.position < former.position:
            report.skip(row.line, "an earlier row of an incident that has gone on since")
        else:
            new.append(row)
    return new


def _replayed(cast: Cast, session: Session | None, former: Row | None, rows: list[Row]) -> Replay:
    unclosed = next((h for h in session.handoffs.all() if not h.is_closed), None) if session else None
    replay = Replay(cast, session, unclosed, former)
    if session:
        replay.steps = list(session.steps.all())
    for row in rows:
        replay.apply(row)
    return replay


def _store(cast: Cast, replays: list[Replay]) -> None:
    new = [replay for replay in replays if replay.branch]
    Session.objects.bulk_create([replay._session for replay in new])
    Branch.objects.bulk_create([replay.branch for replay in new if replay.branch])
    for replay in new:
        replay._session.active_branch = replay.branch
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
        [replay._session for replay in replays],
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
    _record(cast.account, sorted((h for replay in replays for h in replay.happenings), key=lambda h: h.clock))


def _record(account: Account, happenings: list[Happening]) -> None:
    """The events, numbered in one block; the counter is locked from here to the commit."""
    Account.objects.filter(pk=account.pk).update(last_seq=F("last_seq") + len(happenings))
    last = Account.objects.values_list("last_seq", flat=True).get(pk=account.pk)
    first, now = last - len(happenings) + 1, timezone.now()
    Event.objects.bulk_create(
        [happening.event(account.pk, first + n, now) for n, happening in enumerate(happenings)], batch_size=500
    )
