"""What the pick-up screen shows of a person's briefing; where none is written, what is new to them, by rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handoffs import permitted_actions
from handoffs.brief import Brief
from handoffs.models import Briefing, Handoff
from resolutionflow.accounts.models import Event, User
from sessions_app.models import Message, Step
from sessions_app.unseen_changes import CORRECTED, UnseenChanges

SHOWN = 5  # lines, as many as a briefing has


@dataclass(frozen=True)
class NewLine:
    """One thing that is new to them: a step or message of the record, or the event of a correction."""

    at: datetime
    step: Step | None = None
    is_changed: bool = False
    message: Message | None = None
    correction: Event | None = None


@dataclass(frozen=True)
class BriefingPanel:
    """`state`: offered, pending, ready, failed; by_rules, where the AI is not to be had and something is new to them;
    or empty: there is nothing to show."""

    state: str
    briefing: Briefing | None = None
    can_ask: bool = False
    lines: list[NewLine] = field(default_factory=list)  # newest first
    more: int = 0

    @property
    def corrections(self) -> list[Event]:
        return [line.correction for line in self.lines if line.correction]


def briefing_panel(handoff: Handoff, user: User, *, brief: Brief, since: UnseenChanges, why_not: str) -> BriefingPanel:
    """One query, and two more where there is one. `why_not`: why the AI is not asked now, empty where it is."""
    briefing = Briefing.of(handoff, user) if user.is_engineer else None
    new = sorted(_new_lines(brief, since), key=lambda line: line.at, reverse=True)
    is_theirs = permitted_actions.can_be_briefed(handoff, user, has_news=bool(new))
    can_ask = is_theirs and not why_not
    state = briefing.state if briefing else "off"
    if state == "off" or (state == "failed" and not can_ask and not (briefing and briefing.written_at)):
        state = "offered" if can_ask else "by_rules" if is_theirs and new else ""
    return BriefingPanel(state, briefing, can_ask, new[:SHOWN], max(0, len(new) - SHOWN))


def _new_lines(brief: Brief, since: UnseenChanges) -> list[NewLine]:
    told: list[Any] = [event for event in since.events if event.kind in CORRECTED]
    return [
        *(NewLine(step.created_at, step=step) for step in brief.steps if step.order in since.new),
        *(NewLine(step.created_at, step=step, is_changed=True) for step in brief.steps if step.order in since.changed),
        *(NewLine(message.created_at, message=message) for message in brief.said if message.pk in since.messages),
        *(NewLine(event.at, correction=event) for event in told),
    ]
