"""django-allauth's behaviour where ours differs: no sign-up, one text for every failed sign-in, no messages."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from resolutionflow.accounts.models import User
from resolutionflow.accounts.sign_in import known_browser, limits, passwords
from resolutionflow.core import nudges
from resolutionflow.core.refusals import TooMany


class AccountAdapter(DefaultAccountAdapter):
    """The hooks of django-allauth that we override."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "Incorrect email or password.",
        "too_many_login_attempts": "Too many wrong attempts. Try again in five minutes.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Never: allauth's JSON answers would repeat what was typed."""
        return False

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        return redirect("login")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The person with this address and password, or None; it takes as long for every address."""
        taken = limits.SIGN_IN.take(request, credentials["email"])
        if taken is None:
            raise self.validation_error("too_many_login_attempts")
        try:
            user = passwords.sign_in(credentials["email"], credentials["password"])
        except TooMany as busy:
            limits.give_back(taken)
            raise ValidationError(busy.detail, code="busy") from None
        if user is not None:
            limits.give_back(taken)
        return user

    def set_password(self, user: User, password: str) -> None:
        user.change_password(password)

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        user.confirm()

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        known_browser.remember(request, response, user)
        return response

    def logout(self, request: HttpRequest) -> None:
        account_id = getattr(request.user, "account_id", None)
        super().logout(request)
        if account_id is not None:
            nudges.account_changed(account_id)  # open screens of this sign-in close at once

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Adds none: the page that follows shows that it worked."""
