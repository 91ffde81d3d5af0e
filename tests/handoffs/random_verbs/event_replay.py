"""Works out from the events alone what the tables of sessions and handoffs must say, and compares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from handoffs.models import Handoff
from resolutionflow.accounts.models import Event, Priority
from sessions_app.models import Session, Step


@dataclass
class SessionState:
    status: str = "active"
    assignee: int | None = None
    steps: dict[int, str] = field(default_factory=dict)  # order to outcome
    messages: int = 0


@dataclass
class HandoffState:
    session: int
    intent: str
    sender: int
    holder: int | None
    priority: str = "normal"
    target_user: int | None = None
    target_team: int | None = None
    status: str = "open"
    closed_reason: str = ""
    claimed_by: int | None = None
    read_back: str = ""
    widened: bool = False
    woken: bool = False
    ladder_held_by: int | None = None


class Replay:
    """Feed it events in order; compare it with the tables whenever you like."""

    def __init__(self) -> None:
        self.last = 0
        self.sessions: dict[int, SessionState] = {}
        self.handoffs: dict[int, HandoffState] = {}
        self.reminded: dict[int, int] = {}  # handoff: reminders since its lease began

    def feed(self, events: Iterable[Event]) -> None:
        for event in events:
            assert event.seq == self.last + 1, f"a hole before {event.seq}"
            self.last = event.seq
            happen = getattr(self, event.kind.replace(".", "_"), None)
            if happen is not None:
                self._close(event)
                happen(event, event.facts)
            if event.handoff_id and event.kind not in ("handoff.expiring", "summary.ready", "summary.failed"):
                self.reminded[event.handoff_id] = 0
            for pk, handoff in self.handoffs.items():  # work on the session renews the lease
                if event.session_id == handoff.session and event.actor_id == handoff.claimed_by:
                    self.reminded[pk] = 0

    def _close(self, event: Event) -> None:
        closed = event.facts.get("closed")
        if closed:
            handoff = self.handoffs[closed["handoff"]]
            assert handoff.status == closed["status"] != "closed", "something closed was closed again"
            handoff.status, handoff.closed_reason = "closed", closed["reason"]

    # sessions

    def session_opened(self, event: Event, facts: Any) -> None:
        self.sessions[event.session_id] = SessionState(assignee=event.actor_id)

    def _stands(self, event: Event, status: str, **more: Any) -> SessionState:
        session = self.sessions[event.session_id]
        session.status = status
        for name, value in more.items():
            setattr(session, name, value)
        return session

    def session_resumed(self, event: Event, facts: Any) -> None:
        self._stands(event, "active")

    def session_resolved(self, event: Event, facts: Any) -> None:
        self._stands(event, "resolved")

    def session_abandoned(self, event: Event, facts: Any) -> None:
        self._stands(event, "abandoned")

    def session_reopened(self, event: Event, facts: Any) -> None:
        self._stands(event, "active", assignee=event.actor_id)

    def step_added(self, event: Event, facts: Any) -> None:
        self.sessions[event.session_id].steps[facts["order"]] = facts["outcome"]

    def step_changed(self, event: Event, facts: Any) -> None:
        steps = self.sessions[event.session_id].steps
        steps[facts["order"]] = facts["after"].get("outcome", steps[facts["order"]])

    def message_added(self, event: Event, facts: Any) -> None:
        self.sessions[event.session_id].messages += 1

    # handoffs

    def _opened(self, event: Event, intent: str, status: str, **more: Any) -> None:
        session = self.sessions[event.session_id]
        unclosed = [h for h in self.handoffs.values() if h.session == event.session_id and h.status != "closed"]
        assert not unclosed, "a second unclosed handoff"
        self.handoffs[event.handoff_id] = HandoffState(
            session=event.session_id, intent=intent, sender=event.actor_id, holder=session.assignee, **more
        )
        session.status = status

    def handoff_parked(self, event: Event, facts: Any) -> None:
        self._opened(event, "park", "paused")

    def handoff_escalated(self, event: Event, facts: Any) -> None:
        named = {name: facts[name] for name in ("priority", "target_user", "target_team")}
        self._opened(event, "escalate", "escalated", **named)

    def handoff_claimed(self, event: Event, facts: Any) -> None:
        handoff = self.handoffs[event.handoff_id]
        assert handoff.status == "open", "two people hold one handoff"
        assert event.actor_id not in (handoff.sender, handoff.holder), "claimed by a side"
        handoff.status, handoff.claimed_by = "claimed", event.actor_id
        self._stands(event, "active", assignee=event.actor_id)

    def _back(self, event: Event, *, widened: bool) -> None:
        handoff = self.handoffs[event.handoff_id]
        assert handoff.status == "claimed", "given back by nobody"
        handoff.status, handoff.claimed_by, handoff.read_back = "open", None, ""
        handoff.widened = handoff.widened or widened
        self._stands(event, "escalated", assignee=handoff.holder)

    def handoff_claim_undone(self, event: Event, facts: Any) -> None:
        assert self.handoffs[event.handoff_id].claimed_by == event.actor_id
        self._back(event, widened=False)

    def handoff_released(self, event: Event, facts: Any) -> None:
        self._back(event, widened=True)

    handoff_expired = handoff_released

    def handoff_returned(self, event: Event, facts: Any) -> None:
        handoff = self.handoffs[event.handoff_id]
        assert handoff.status == "claimed"
        handoff.status, handoff.closed_reason = "closed", "returned"
        self._stands(event, "active", assignee=facts["to_user"])

    def handoff_transferred(self, event: Event, facts: Any) -> None:
        handoff = self.handoffs[event.handoff_id]
        assert (handoff.status, handoff.claimed_by) == ("claimed", facts["from_user"])
        handoff.claimed_by, handoff.read_back = facts["to_user"], ""
        self._stands(event, "active", assignee=facts["to_user"])

    handoff_taken_over = handoff_transferred

    def handoff_withdrawn(self, event: Event, facts: Any) -> None:
        handoff = self.handoffs[event.handoff_id]
        assert handoff.status == "open"
        handoff.status, handoff.closed_reason = "closed", "withdrawn"
        self._stands(event, "active", assignee=handoff.holder)

    def handoff_widened(self, event: Event, facts: Any) -> None:
        handoff = self.handoffs[event.handoff_id]
        assert not handoff.widened, "widened twice"
        assert handoff.status == "open", "widened although it waits no more"
        handoff.widened = True

    def handoff_woken(self, event: Event, facts: Any) -> None:
        handoff = self.handoffs[event.handoff_id]
        assert not handoff.woken, "woken twice"
        assert handoff.status == "open", "woken although it is parked no more"
        handoff.woken = True

    def handoff_expiring(self, event: Event, facts: Any) -> None:
        assert self.handoffs[event.handoff_id].status == "claimed", "nobody to remind"
        self.reminded[event.handoff_id] = self.reminded.get(event.handoff_id, 0) + 1
        assert self.reminded[event.handoff_id] == 1, "reminded twice of one lease"

    def handoff_reprioritised(self, event: Event, facts: Any) -> None:
        handoff = self.handoffs[event.handoff_id]
        assert handoff.priority == facts["before"]
        handoff.priority = facts["priority"]

    def handoff_stepped(self, event: Event, facts: Any) -> None:
        handoff = self.handoffs[event.handoff_id]
        assert (handoff.status, handoff.ladder_held_by) == ("open", None), "called although it is claimed, over or held"
        assert handoff.priority == facts["priority"]

    def handoff_held(self, event: Event, facts: Any) -> None:
        handoff = self.handoffs[event.handoff_id]
        assert handoff.status == "open"
        assert (handoff.ladder_held_by is None) == facts["held"], "held twice, or let go twice"
        handoff.ladder_held_by = event.actor_id if facts["held"] else None

    def handoff_read_back(self, event: Event, facts: Any) -> None:
        handoff = self.handoffs[event.handoff_id]
        assert (handoff.status, handoff.claimed_by) == ("claimed", event.actor_id)
        handoff.read_back = facts["text"]

    def handoff_extended(self, event: Event, facts: Any) -> None:
        assert event.actor_id in (None, self.handoffs[event.handoff_id].claimed_by)

    # the tables

    def differences(self, account_id: int) -> list[str]:
        """What the tables of this account say otherwise. Nothing, or there is a bug."""
        stored = {**_sessions(account_id), **_handoffs(account_id)}
        told = {f"session {pk}": asdict(state) for pk, state in self.sessions.items()}
        told |= {f"handoff {pk}": asdict(state) for pk, state in self.handoffs.items()}
        names = sorted(stored.keys() | told.keys())
        return [f"{n}: {stored.get(n)} but told {told.get(n)}" for n in names if stored.get(n) != told.get(n)]


def _sessions(account_id: int) -> dict[str, Any]:
    steps: dict[int, dict[int, str]] = {}
    for session, order, outcome in Step.objects.filter(account=account_id).values_list("session", "order", "outcome"):
        steps.setdefault(session, {})[order] = outcome
    rows = Session.objects.filter(account=account_id).values_list("pk", "status", "assignee", "message_count")
    return {
        f"session {pk}": asdict(SessionState(status, assignee, steps.get(pk, {}), messages))
        for pk, status, assignee, messages in rows
    }


def _handoffs(account_id: int) -> dict[str, Any]:
    return {
        f"handoff {row.pk}": asdict(
            HandoffState(
                session=row.session_id,
                intent=row.intent,
                sender=row.sender_id,
                holder=row.holder_id,
                priority=Priority(row.priority).word,
                target_user=row.target_user_id,
                target_team=row.target_team_id,
                status=row.status,
                closed_reason=row.closed_reason,
                claimed_by=row.claimed_by_id,
                read_back=row.read_back,
                widened=row.widened_at is not None,
                woken=row.woken_at is not None,
                ladder_held_by=row.ladder_held_by_id,
            )
        )
        for row in Handoff.objects.filter(account=account_id)
    }
