"""Priority: how urgent a handoff is. The account says how long a claim of each lasts."""

from __future__ import annotations

from django.db import models


class Priority(models.IntegerChoices):
    """Stored as its number, so that the most urgent sorts first; shown and sent as its word."""

    URGENT = 0, "Urgent"
    HIGH = 1, "High"
    NORMAL = 2, "Normal"
    LOW = 3, "Low"

    @property
    def word(self) -> str:
        return self.name.lower()


PRIORITY_WORDS = tuple(priority.word for priority in Priority)  # in the order of their numbers
