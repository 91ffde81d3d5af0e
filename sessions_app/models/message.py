"""Message: a line of a session's conversation."""

from __future__ import annotations

from django.db import models

from resolutionflow.accounts.models import User
from resolutionflow.core import clock
from resolutionflow.core.text import LONG
from sessions_app.models.form_key import FormKeyed


class Message(FormKeyed):
    """A line of the conversation, referred to as m<order>."""

    class Role(models.TextChoices):
        USER = "user", "Technician"
        ASSISTANT = "assistant", "Assistant"
        SYSTEM = "system", "System"

    session = models.ForeignKey("Session", on_delete=models.CASCADE, related_name="messages")
    order = models.PositiveIntegerField()
    role = models.CharField(max_length=10, choices=Role, default=Role.USER)
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    content = models.TextField(max_length=LONG)
    created_at = models.DateTimeField(default=clock.now)

    shown: str  # by a brief: content, or both ends of a very long one

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["session", "order"], name="message_order_once_per_session"),
            models.UniqueConstraint(fields=["session", "form_key"], name="one_message_per_form"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.content[:60]}"

    @property
    def ref(self) -> str:
        return f"m{self.order}"
