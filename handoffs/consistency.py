"""The six combinations of a session's status and its handoff's that may exist. Any other is a bug."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from handoffs.models import Handoff
from sessions_app.models import Session

_OPEN_PARK = Q(intent="park", status="open", claimed_by=None)
_OPEN_ESCALATION = Q(intent="escalate", status="open", claimed_by=None)
_CLAIMED = Q(intent="escalate", status="claimed", claimed_by=F("session__assignee"))

# session.status -> what its one unclosed handoff may be; None: it may have none.
POSITIONS: list[tuple[str, Q | None]] = [
    (Session.Status.ACTIVE, None),  # working
    (Session.Status.ACTIVE, _CLAIMED),  # claimed
    (Session.Status.PAUSED, _OPEN_PARK),  # parked
    (Session.Status.ESCALATED, _OPEN_ESCALATION),  # waiting
    (Session.Status.RESOLVED, None),
    (Session.Status.ABANDONED, None),
]


def inconsistent_sessions() -> QuerySet[Session, Any]:
    """The sessions in any other combination: always none, unless there is a bug."""
    unclosed = Handoff.objects.unclosed().filter(session=OuterRef("pk"))
    possible = Q()
    for status, handoff in POSITIONS:
        fits = ~Exists(unclosed) if handoff is None else Exists(unclosed.filter(handoff))
        possible |= Q(fits, status=status)
    several = Count("handoffs", filter=~Q(handoffs__status="closed"))
    sessions: QuerySet[Session, Any] = Session.objects.alias(several=several).filter(~possible | Q(several__gt=1))
    return sessions
