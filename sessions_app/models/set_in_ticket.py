"""SetInTicket: which status a ticket gets when its session waits, is worked on or is resolved, and whether its owner
follows. Empty and off: the ticket system is left to itself."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from resolutionflow.accounts.models import Event
from resolutionflow.core.text import SHORT

_BY_SITUATION = {
    "status_waiting": "handoff.escalated handoff.claim_undone handoff.released handoff.returned handoff.expired",
    "status_working": "handoff.claimed handoff.transferred handoff.taken_over handoff.withdrawn session.resumed "
    "session.reopened",
    "status_resolved": "session.resolved",
}


class SetInTicket(models.Model):
    """The part of a connection that says what is set in its tickets by itself."""

    SITUATIONS: ClassVar = {kind: name for name, kinds in _BY_SITUATION.items() for kind in kinds.split()}
    # the newest of these alone says how a session stands
    LAST_WORDS: ClassVar = (*SITUATIONS, "handoff.parked", "session.abandoned")
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

    @classmethod
    def last_word_at(cls, event: Event) -> Event | None:
        """The event that says how the session of this one stood: itself; where by it the session got another ticket,
        the newest before it; None where it says nothing of that."""
        words = Event.objects.filter(session_id=event.session_id, kind__in=cls.LAST_WORDS)
        if event.kind in cls.LAST_WORDS:
            return event
        return words.filter(seq__lt=event.seq).order_by("-seq").first() if cls.is_of_another_ticket(event) else None

    @staticmethod
    def is_of_another_ticket(event: Event) -> bool:
        changed = event.facts.get("after") or {}
        return event.kind == "session.changed" and not {"psa_ticket_id", "psa_connection"}.isdisjoint(changed)

    def status_at(self, event: Event) -> str:
        """The status that a ticket gets by this event; "" where it is left."""
        took_it_back = event.kind == "handoff.returned" and event.facts.get("to_user") == event.actor_id
        kind = "handoff.taken_over" if took_it_back else event.kind
        return str(getattr(self, self.SITUATIONS[kind])) if kind in self.SITUATIONS else ""

    def sets_at(self, event: Event) -> bool:
        """Whether anything is set in a ticket by this event."""
        return event.kind in self.SITUATIONS and (self.owner_follows or bool(self.status_at(event)))
