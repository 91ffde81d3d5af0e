"""AiText: what the AI writes about a session is a row of work. AiAnswer: what is kept of each of its answers."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models

from resolutionflow.accounts.models import Owned
from resolutionflow.core.redaction import in_words
from resolutionflow.core.work import Work
from sessions_app.models import AiCall


class AiText(Work, Owned):
    """Abstract base of what the AI is asked to write about a session."""

    queue = "slow"
    time_limit = timedelta(seconds=settings.AI_TIMEOUT_SECONDS + 15)
    backoff: ClassVar[tuple[int, ...]] = (5, 30)  # of a press: who waits for it is told soon, with a button

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


class AiAnswer(models.Model):
    """Abstract base of an answer: the call that gave it, and what was left out of what the AI read."""

    redacted = models.JSONField(default=dict, blank=True)  # how many secrets were left out of what was read, by kind
    call = models.ForeignKey(AiCall, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def redacted_count(self) -> int:
        """How many secrets were left out of what the AI read."""
        return sum(self.redacted.values())

    @property
    def left_out(self) -> str:
        """That in words."""
        return in_words(self.redacted)

    @property
    def model(self) -> str:
        """Who wrote it; read without what was asked and answered, where the call is not here."""
        if type(self).call.is_cached(self):
            return self.call.model if self.call else ""
        return AiCall.objects.filter(pk=self.call_id or 0).values_list("model", flat=True).first() or ""
