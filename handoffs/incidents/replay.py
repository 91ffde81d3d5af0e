"""Replays incidents of another tool: a ServiceNow export becomes sessions, steps, handoffs and events.

One row of the export is one update of one incident. Each becomes a step; each increase of `reassignment_count` a
handoff to the new group, claimed where a person is named; "Awaiting …" a park, Resolved or Closed a resolve, and back
again a reopen. Rows are written in bulk and not by the verbs, which would refuse: the people are deactivated. What the
verbs guarantee, the six positions and one event per change, is kept here and checked by the tests. Events carry their
own time and are marked relayed: they notify nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handoffs.incidents import wording
from handoffs.incidents.rows import IncidentRow
from handoffs.models import Handoff
from handoffs.snapshot import snapshot_from
from resolutionflow.accounts.models import Account, Event, Priority, Team, User
from resolutionflow.core import origin
from sessions_app.models import Branch, Session, Step


@dataclass
class PlannedEvent:
    """An event to be stored; its session and handoff have no ids yet."""

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


class ImportedPeople:
    """The people and groups of an export as members and teams: deactivated, without address or password."""

    def __init__(self, account: Account, rows: list[IncidentRow]) -> None:
        self.account = account
        names = {row.texts[column] for row in rows for column in ("opened_by", "sys_updated_by", "assigned_to")}
        people = User.objects.filter(account=account, email=None, name__in={*names, "Unknown"}).order_by("-pk")
        self.users = {user.name: user for user in people}
        groups = {row.texts["assignment_group"] for row in rows}
        self.teams = {team.name: team for team in Team.objects.filter(account=account, name__in=groups)}

    def person(self, name: str) -> User:
        if name not in self.users:
            user = User(account=self.account, name=name, is_active=False)
            user.set_unusable_password()
            user.save(force_insert=True)
            self.users[name] = user
        return self.users[name]

    def team(self, name: str) -> Team | None:
        if name and name not in self.teams:
            self.teams[name] = Team.objects.create(account=self.account, name=name)
        return self.teams.get(name)


class IncidentReplay:
    """One incident: its rows, applied one after the other to objects that are stored afterwards."""

    def __init__(
        self, people: ImportedPeople, session: Session | None, unclosed: Handoff | None, former: IncidentRow | None
    ) -> None:
        self.people = people
        self.session = session
        self.unclosed = unclosed
        self.former = former
        self.branch: Branch | None = None
        self.steps: list[Step] = []
        self.new_steps: list[Step] = []
        self.new_handoffs: list[Handoff] = []
        self.touched: list[Handoff] = []
        self.planned: list[PlannedEvent] = []

    def apply(self, row: IncidentRow) -> None:
        actor = self.people.person(row.texts["sys_updated_by"] or "Unknown")
        if self.session is None:
            self._open(row, actor)
        session = self.stored_session
        handed_over = self.former is not None and row.reassigned > self.former.reassigned
        if session.is_finished and (handed_over or not row.is_over):
            self._move(Session.Status.ACTIVE, finished_at=None)
            self._plan_event(row, "session.reopened", actor, reason="reopened in the other tool")
        self._step(row, actor)
        if handed_over:
            self._escalate(row, actor)
        self._hand_to_person(row, actor, handed_over=handed_over)
        self._follow_state(row, actor)
        session.updated_at = row.at
        self.former = row

    @property
    def stored_session(self) -> Session:
        assert self.session is not None
        return self.session

    def _open(self, row: IncidentRow, actor: User) -> None:
        texts = row.texts
        opener = self.people.person(texts["opened_by"] or texts["sys_updated_by"] or "Unknown")
        self.session = Session(
            account=self.people.account,
            intake=Session.Intake.IMPORT,
            problem_summary=wording.problem(row),
            client_name=texts["caller_id"],
            asset_name=texts["cmdb_ci"] or texts["location"],
            psa_ticket_id=row.number,
            started_by=opener,
            assignee=opener,
            team=self.people.team(texts["assignment_group"]),
            created_at=row.at,
            updated_at=row.at,
        )
        if texts["assigned_to"]:
            self.session.assignee = self.people.person(texts["assigned_to"])
        self.branch = Branch(
            account=self.people.account, session=self.session, label="Main", status=Branch.Status.ACTIVE
        )
        self._plan_event(row, "session.opened", opener, summary=self.session.problem_summary)

    def _step(self, row: IncidentRow, actor: User) -> None:
        session = self.stored_session
        session.step_count += 1
        step = Step(
            account=self.people.account,
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
        self._plan_event(row, "step.added", actor, step=step)

    def _outcome(self, row: IncidentRow) -> str:
        if row.is_over:
            return Step.Outcome.WORKED
        back = self.former is not None and self.former.is_over
        return Step.Outcome.FAILED if back else Step.Outcome.INCONCLUSIVE

    def _escalate(self, row: IncidentRow, actor: User) -> None:
        session = self.stored_session
        team = self.people.team(row.texts["assignment_group"])
        frozen = snapshot_from(session, steps=self.steps, branches=[])
        closed = self._close(Handoff.ClosedReason.SUPERSEDED)
        self.unclosed = handoff = Handoff(
            account=self.people.account,
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
        self._plan_event(
            row,
            "handoff.escalated",
            actor,
            handoff=handoff,
            closed=closed,
            priority=Priority(row.urgency).word,
            target_user=None,
            target_team=team.pk if team else None,
        )

    def _hand_to_person(self, row: IncidentRow, actor: User, *, handed_over: bool) -> None:
        """Apply the name in `assigned_to`: a claim while waiting, a transfer or release while claimed, else a new
        assignee."""
        name = row.texts["assigned_to"]
        person = self.people.person(name) if name else None
        session, handoff = self.stored_session, self.unclosed
        if handoff is not None and handoff.is_open and handoff.intent == Handoff.Intent.ESCALATE:
            if person:
                self._claimed(handoff, person, row)
                self._plan_event(row, "handoff.claimed", person, handoff=handoff)
        elif handoff is not None and handoff.is_claimed and person != handoff.claimed_by:
            former = handoff.claimed_by_id
            if person:
                self._claimed(handoff, person, row)
                self._plan_event(
                    row, "handoff.transferred", actor, handoff=handoff, reason="", from_user=former, to_user=person.pk
                )
            else:
                self._released(handoff, row)
                self._plan_event(row, "handoff.released", actor, handoff=handoff, reason="", claimed_by=former)
        elif person and session.assignee != person and not session.is_finished:
            before, session.assignee = session.assignee_id, person
            self._plan_event(row, "session.changed", actor, before={"assignee": before}, after={"assignee": person.pk})

    def _claimed(self, handoff: Handoff, person: User, row: IncidentRow) -> None:
        handoff.status, handoff.claimed_by, handoff.claimed_at = Handoff.Status.CLAIMED, person, row.at
        self.stored_session.assignee = person
        self._move(Session.Status.ACTIVE)
        self.touched.append(handoff)

    def _released(self, handoff: Handoff, row: IncidentRow) -> None:
        handoff.status, handoff.claimed_by, handoff.claimed_at = Handoff.Status.OPEN, None, None
        handoff.open_since = row.at
        self.stored_session.assignee = handoff.holder
        self._move(Session.Status.ESCALATED)
        self.touched.append(handoff)

    def _follow_state(self, row: IncidentRow, actor: User) -> None:
        session = self.stored_session
        if row.is_over and not session.is_finished:
            closed = self._close(Handoff.ClosedReason.RESOLVED)
            session.resolution = wording.resolution(row)
            self._move(Session.Status.RESOLVED, finished_at=row.at)
            self._plan_event(
                row, "session.resolved", actor, closed=closed, resolution=session.resolution, root_cause=""
            )
        elif row.awaits and session.status == Session.Status.ACTIVE:
            self._park(row, actor)
        elif not row.awaits and not row.is_over and session.status == Session.Status.PAUSED:
            closed = self._close(Handoff.ClosedReason.RESUMED)
            self._move(Session.Status.ACTIVE)
            self._plan_event(row, "session.resumed", actor, closed=closed)

    def _park(self, row: IncidentRow, actor: User) -> None:
        session = self.stored_session
        frozen = snapshot_from(session, steps=self.steps, branches=[])
        closed = self._close(Handoff.ClosedReason.SUPERSEDED)
        self.unclosed = park = Handoff(
            account=self.people.account,
            session=session,
            intent=Handoff.Intent.PARK,
            notes=row.texts["incident_state"],
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
        self._plan_event(row, "handoff.parked", actor, handoff=park, closed=closed, wake_at=None)

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
            setattr(self.stored_session, name, value)

    def _plan_event(
        self,
        row: IncidentRow,
        kind: str,
        actor: User,
        *,
        handoff: Handoff | None = None,
        step: Step | None = None,
        closed: tuple[Handoff, dict[str, Any]] | None = None,
        **facts: Any,
    ) -> None:
        clock = max(self.planned[-1].clock, row.at) if self.planned else row.at
        self.planned.append(PlannedEvent(clock, row.at, kind, actor, self.stored_session, handoff, step, closed, facts))
