"""The one-time links by which people set a password."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator


class PasswordLinks(PasswordResetTokenGenerator):
    """The keys of one-time links: they end with whatever ends a person's sign-ins, by the stamp; and when used. An
    owner's are their own: who has an engineer's, and may not have an owner's, does not become one with it."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        stamped = copy(user)
        stamped.password = user.stamp
        of_owner = "owner" if user.role == user.Role.OWNER else ""
        return f"{super()._make_hash_value(stamped, timestamp)}{of_owner}"


password_links = PasswordLinks()
