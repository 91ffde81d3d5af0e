"""The one-time links by which people set a password."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator


class PasswordLinks(PasswordResetTokenGenerator):
    """Makes and checks the keys of one-time links. A key ends when it is used and with the person's sign-ins (their
    stamp changes). Owners have keys of another kind: a link made for somebody who became an owner afterwards does not
    work."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        stamped = copy(user)
        stamped.password = user.stamp
        of_owner = "owner" if user.role == user.Role.OWNER else ""
        return f"{super()._make_hash_value(stamped, timestamp)}{of_owner}"


password_links = PasswordLinks()
