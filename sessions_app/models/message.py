"""Message: a line of a session's conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from resolutionflow.accounts.models import User
from resolutionflow.core import clock
from resolutionflow.core.text import LONG
from sessions_app.models.form_key import FormKeyed
from sessions_app.pasted import split_output

if TYPE_CHECKING:
    from sessions_app.models.step import Step


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
    mention_length = models.PositiveIntegerField(
        default=0, editable=False, help_text="How many characters at its beginning say whom it asks."
    )
    created_at = models.DateTimeField(default=clock.now)

    shown_files: list[Any]  # by with_files(), as the next
    kept_files: list[Any]
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

    @property
    def addressed_to(self) -> str:
        """The names at its beginning; empty where it asks nobody in particular."""
        return self.content[: self.mention_length]

    @property
    def rest(self) -> str:
        """What follows `addressed_to`."""
        return self.content[self.mention_length :]

    def make_step(self, user: User) -> Step:
        """A step of what is said here, to do until an outcome is set, on the active branch: its first line as the text,
        its output apart. The message stays; where it has been made a step already, that step."""
        text, output = split_output(self.rest.lstrip(" ,") or self.content)
        made: Step = self.session.add_step(user, text=text, free_text=output, message=self)
        return made
