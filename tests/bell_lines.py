"""Lines of a bell, as a relay writes them."""

from __future__ import annotations

from typing import Any

from notifications.models import Notification
from resolutionflow.accounts.models import Event, User
from resolutionflow.core import nudges
from sessions_app.models import Session


def ring(user: User, session: Session | None, title: str = "x", **fields: Any) -> Notification:
    """One more line, of an event of its own; open pages hear of it."""
    event = Event.record(user.account_id, "handoff.claimed", actor=None, session_id=session and session.pk)
    fields = {"account_id": user.account_id, "event": event, "session": session, "title": title, "why": "y", **fields}
    line: Notification = Notification.objects.create(user=user, **fields)
    nudges.account_changed(user.account_id)
    return line
