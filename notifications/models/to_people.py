"""Message: the part of a delivery that goes to people, and whether they still want it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.functional import cached_property

from handoffs.models import Handoff
from notifications.models.channel import Channel
from notifications.models.notification import CALLS, QUESTION, SENT_TO_EVERYONE, Notification
from resolutionflow.accounts.models import Event, User
from resolutionflow.core.work import NotWanted
from sessions_app.models import Session


class ToPeople(models.Model):
    """Of a message to people: to whom, why, and whether it is still wanted."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, null=True, related_name="deliveries")
    recipient = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    channel = models.ForeignKey(Channel, on_delete=models.SET_NULL, null=True, related_name="+")

    if TYPE_CHECKING:
        objects: ClassVar[Any]
        address: Any
        handoff: Handoff | None
        session: Session | None

    class Meta:
        abstract = True

    def must_be_wanted(self) -> None:
        """Raise NotWanted where, since the row was written, its reader has left, its handoff was taken
        or its question answered."""
        if self.recipient is not None and not self.recipient.is_engineer:
            raise NotWanted("They are no longer an active engineer here.")
        if self.recipient is not None and self.recipient.confirmed_email != self.address:
            raise NotWanted("They have not confirmed this address: an invitation or a new address waits for them.")
        if self.channel is not None and not self.channel.is_active:
            raise NotWanted("The channel is switched off.")
        if self.event is not None and self.event.kind in CALLS and not self._still_calls():
            raise NotWanted("Somebody has taken it already.")
        if self.event is not None and self.event.kind == "handoff.expiring" and not self._still_runs_out():
            raise NotWanted("They have worked on it since.")
        if self.event is not None and self.event.kind == QUESTION and self._needs_no_answer():
            raise NotWanted("It has been answered, or its session is over.")

    def _still_runs_out(self) -> bool:
        handoff = self.handoff
        return handoff is not None and handoff.claimed_by_id == self.recipient_id and handoff.reminded_at is not None

    def _still_calls(self) -> bool:
        if self._line is not None and self._line.cause == Notification.Cause.MENTION:
            return True
        if self.handoff is None or self.handoff.is_open:
            return self.handoff is not None
        return self.handoff.is_claimed and self.handoff.claimed_by_id == self.recipient_id

    def _needs_no_answer(self) -> bool:
        return (
            self.session is not None and type(self).objects.filter(pk=self.pk).settled_questions(self.session).exists()
        )

    @property
    def why(self) -> str:
        """Why its reader is notified: the phrase of their bell line."""
        return self._line.why if self._line else SENT_TO_EVERYONE

    @cached_property
    def _line(self) -> Notification | None:
        """Its reader's bell line about the same."""
        line: Notification | None = Notification.objects.filter(user=self.recipient, event=self.event).first()
        return line
