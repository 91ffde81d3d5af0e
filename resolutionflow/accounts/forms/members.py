"""What people type about themselves, their tokens, members and teams; and to sign in."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth import forms as auth_forms
from django.http import HttpRequest

from resolutionflow.accounts.models import PHONE, Account, ApiToken, PasswordMail, Team, User, check_phone
from resolutionflow.core.text import SHORT
from resolutionflow.web.form_fields import AddressField, LineField, ModelMultipleField

ZONES = [*sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")), "UTC"]
NEVER = "never"
PASSWORD_HELP = "At least 8 characters, not only digits, and not one of the common ones."  # noqa: S105


class SignInForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["login"], label="Email")
        _plain(self.fields["password"])
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autofocus": True}


class ForgottenPasswordForm(allauth_forms.ResetPasswordForm):
    """Takes any address. A worker finds out whether somebody has it, so that every answer is the same."""

    email = AddressField(label="Email", widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}))

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        PasswordMail.ask(self.cleaned_data["email"])
        return str(self.cleaned_data["email"])


class PasswordLinkForm(allauth_forms.UserTokenForm):
    """The person and key of a one-time link; refused for a deactivated person."""

    def _get_user(self, uidb36: str) -> User | None:
        user: User | None = super()._get_user(uidb36)
        return user if user and user.is_active else None


class SetPasswordForm(allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["password1"], help_text=PASSWORD_HELP)
        _plain(self.fields["password2"], label="Confirm new password")


class PhoneField(LineField):
    """A phone number, or none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="Phone", limit=PHONE, required=False, validators=[check_phone], widget=forms.TelInput(), **kwargs
        )


class ProfileForm(forms.Form):
    name = LineField(label="Name", limit=SHORT)
    phone = PhoneField(help_text="Colleagues who pick up what you escalated see it.")
    time_zone = forms.ChoiceField(label="Time zone", required=False)

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        default = ("", f"The account's: {account.time_zone}")
        zones = sorted({*ZONES, self.initial.get("time_zone") or account.time_zone})  # theirs, whatever it is called
        _choices(self, "time_zone").choices = [default, *((zone, zone) for zone in zones)]


class PasswordForm(auth_forms.PasswordChangeForm):
    """The old password, and the new one twice."""

    field_order = ("old_password", "new_password1", "new_password2")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["old_password"], label="Current password")
        _plain(self.fields["new_password1"], label="New password", help_text=PASSWORD_HELP)
        _plain(self.fields["new_password2"], label="Confirm new password")
        self.fields["old_password"].widget.attrs.pop("autofocus", None)

    def save(self, commit: bool = True) -> User:
        """By the verb: Django's stores the whole person."""
        self.user.change_password(self.cleaned_data["new_password1"])
        return self.user


class TokenForm(forms.Form):
    name = LineField(label="Name", limit=SHORT, help_text="What it is for, such as: monitoring.")
    scope = forms.ChoiceField(label="Permission", choices=ApiToken.ACCOUNT_WIDE, initial=ApiToken.Scope.READ)
    days = forms.TypedChoiceField(
        label="Expires",
        choices=[
            ("30", "after 30 days"),
            ("90", "after 90 days"),
            ("365", "after a year"),
            (NEVER, "never"),
        ],
        coerce=lambda days: None if days == NEVER else int(days),
        initial="90",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not user.is_engineer:
            _choices(self, "scope").choices = [(ApiToken.Scope.READ, ApiToken.Scope.READ.label)]


class MembershipForm(forms.Form):
    """A member's name, phone number, role, lead flag and teams."""

    name = LineField(label="Name", limit=SHORT)
    phone = PhoneField()
    role = forms.ChoiceField(label="Role", choices=User.Role, initial=User.Role.ENGINEER)
    lead = forms.BooleanField(
        label="Lead", required=False, help_text="May take over, transfer and close what others hold."
    )
    teams = ModelMultipleField(Team.objects.none(), label="Teams", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self._offer_teams(Team.objects.visible_to(by))
        if self.initial.get("role") != User.Role.OWNER:
            _choices(self, "role").choices = by.roles_to_give()

    def _offer_teams(self, teams: Any) -> None:
        if not teams:
            del self.fields["teams"]
        else:
            self.fields["teams"].queryset = teams  # type: ignore[attr-defined]


class NewMemberForm(MembershipForm):
    email = AddressField(label="Email", help_text="They sign in with it.")
    field_order = ("email", "name", "phone", "role", "lead", "teams")

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError("Somebody signs in with this address already.")
        return email


class TeamForm(forms.Form):
    name = LineField(label="Name", limit=SHORT)
    members = ModelMultipleField(
        User.objects.none(), label="Members", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, by: User, team: Team | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.team = by, team
        members = _members_to_choose(by, team)
        self.fields["members"].queryset = members  # type: ignore[attr-defined]
        if self._owners_in():
            self.fields["members"].help_text = "Its owners stay in it: only an owner can change that."

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if Team.objects.visible_to(self.by).filter(name=name).exclude(pk=self.team.pk if self.team else 0).exists():
            raise forms.ValidationError("There is a team of this name already.")
        return name

    def clean_members(self) -> list[User]:
        return [*self.cleaned_data["members"], *self._owners_in()]

    def _owners_in(self) -> list[User]:
        """Who is in the team and not for this admin to take out."""
        return (
            [member for member in self.team.members.all() if not member.is_changeable_by(self.by)] if self.team else []
        )


def _members_to_choose(by: User, team: Team | None) -> Any:
    """The active, and who is in the team already: a deactivated member does not drop out by a renaming."""
    members = User.objects.visible_to(by)
    if by.role != User.Role.OWNER:
        members = members.exclude(role=User.Role.OWNER)
    return members.active() | members.filter(pk__in=team.members.values("pk")) if team else members.active()


def _choices(form: forms.Form, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    return field


def _plain(field: forms.Field, *, label: Any = None, help_text: Any = "") -> None:
    """Gives a field of allauth's our label and help text, and takes away its placeholder, which vanishes as one
    types."""
    field.label = label or field.label
    field.help_text = help_text
    field.widget.attrs.pop("placeholder", None)
