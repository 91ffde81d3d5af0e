"""What people type about themselves, their keys, members and teams, and at the door."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from resolutionflow.accounts.models import PasswordMail, User

PASSWORD_HELP = _("At least 8 characters, not only digits, and not one of the common ones.")


class SignInForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["login"], label=_("E-mail"))
        _plain(self.fields["password"])
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autofocus": True}


class ForgottenPasswordForm(allauth_forms.ResetPasswordForm):
    """Takes any address: whether somebody has it is found out by a worker, so that every answer is the same."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["email"], label=_("E-mail"))

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        PasswordMail.ask(self.cleaned_data["email"])
        return str(self.cleaned_data["email"])


class PasswordLinkForm(allauth_forms.UserTokenForm):
    """The person and key of a one-time link; the deactivated have none."""

    def _get_user(self, uidb36: str) -> User | None:
        user: User | None = super()._get_user(uidb36)
        return user if user and user.is_active else None


class SetPasswordForm(allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["password1"], help_text=PASSWORD_HELP)
        _plain(self.fields["password2"], label=_("The same again"))


def _plain(field: forms.Field, *, label: Any = None, help_text: Any = "") -> None:
    """Our label and help text on a field of allauth's, and no placeholder: it goes when one types."""
    field.label = label or field.label
    field.help_text = help_text
    field.widget.attrs.pop("placeholder", None)
