"""SetInTicket: which status a ticket gets when its session waits, is worked on or is resolved, and whether its owner
follows. Empty and off: the ticket system is left to itself."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from resolutionflow.accounts.models import Event
from resolutionflow.core.text import SHORT

_BY_SITUATION = {
    "status_waiting": "handoff.escalated handoff.claim_undone handoff.released handoff.returned handoff.expired",
    "status_working": "handoff.claimed handoff.transferred handoff.taken_over handoff.withdrawn session.reopened",
    "status_resolved": "session.resolved",
}


class SetInTicket(models.Model):
    """The part of a connection that says what is set in its tickets by itself."""

    SITUATIONS: ClassVar = {kind: name for name, kinds in _BY_SITUATION.items() for kind in kinds.split()}
    LAST_WORDS: ClassVar = (*SITUATIONS, "session.abandoned")  # the newest of these alone says how it stands
    SET: ClassVar = (*_BY_SITUATION, "owner_follows")

    status_waiting = models.CharField(
        max_length=SHORT, blank=True, help_text="Of a ticket whose session waits. Empty: it is left as it is."
    )
    status_working = models.CharField(
        max_length=SHORT, blank=True, help_text="Of a ticket that somebody works on. Empty: it is left as it is."
    )
    status_resolved = models.CharField(
        max_length=SHORT, blank=True, help_text="Of a ticket that is resolved. Empty: it is left as it is."
    )
    owner_follows = models.BooleanField(default=False, help_text="The ticket is given to whoever has its session.")

    class Meta:
        abstract = True

    def status_at(self, event: Event) -> str:
        """The status that a ticket gets by this event; "" where it is left."""
        took_it_back = event.kind == "handoff.returned" and event.facts.get("to_user") == event.actor_id
        kind = "handoff.taken_over" if took_it_back else event.kind
        return str(getattr(self, self.SITUATIONS[kind])) if kind in self.SITUATIONS else ""

    def sets_at(self, event: Event) -> bool:
        """Whether anything is set in a ticket by this event."""
        return event.kind in self.SITUATIONS and (self.owner_follows or bool(self.status_at(event)))
