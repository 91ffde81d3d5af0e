"""AiText: what the AI writes about a handoff is a row of work."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from resolutionflow.accounts.models import Owned
from resolutionflow.core.work import Work


class AiText(Work, Owned):
    """Abstract base of what the AI is asked to write about a handoff."""

    queue = "slow"
    time_limit = timedelta(seconds=settings.AI_TIMEOUT_SECONDS + 15)
    backoff = (5, 30)  # of a press: who waits for it is told soon, with a button

    class Meta:
        abstract = True

    @property
    def state(self) -> str:
        """pending, ready, failed or off: what people and the API see in place of Work's six statuses."""
        match self.status:
            case self.Status.DONE:
                return "ready"
            case self.Status.FAILED:
                return "failed"
            case self.Status.CANCELLED:
                return "off"
            case _:
                return "pending"
