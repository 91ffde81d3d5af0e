"""django-allauth's behaviour where ours differs: no sign-up, one text for every failed sign-in, no messages."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    """What allauth asks us."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-mail and password do not match."),
        "too_many_login_attempts": _("Too many wrong attempts. Try again in five minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Never: allauth's JSON answers would repeat what was typed."""
        return False

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Only the password: a whole save would undo a role changed or a person deactivated meanwhile."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the page one lands on shows that it worked."""
