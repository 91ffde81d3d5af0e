"""Accounts, people, teams, tokens and the ledger in the Django admin; signing in is the site's own."""

from __future__ import annotations

import json
from typing import Any, cast

from allauth.account.admin import EmailAddress
from allauth.account.decorators import secure_admin_login
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import Group  # type: ignore[attr-defined]  # from there: it is what registers it
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from resolutionflow.accounts import shown_once
from resolutionflow.accounts.forms.ai import model_choices
from resolutionflow.accounts.models import (
    Account,
    ApiToken,
    Attempts,
    Event,
    IdempotencyKey,
    PasswordMail,
    Team,
    User,
)
from resolutionflow.accounts.sign_in import admin_password
from resolutionflow.core.refusals import Invalid
from resolutionflow.core.text import in_json
from resolutionflow.web.account_admin import AccountModelAdmin
from resolutionflow.web.form_fields import AccountModelForm, ModelMultipleField
from resolutionflow.web.requests import Request

LINKS = "links"  # for the list of people, once

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.password_change = admin_password.change  # type: ignore[method-assign,assignment]
admin.site.site_header = admin.site.site_title = "ResolutionFlow"
admin.site.index_title = "Administration"
admin.site.site_url = "/"
admin.site.unregister([Group, EmailAddress])  # unused here, and of no account


class AccountAdminForm(forms.ModelForm):
    """Offers the models that the site's own page does."""

    ai_model = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model = self.fields["ai_model"]
        assert isinstance(model, forms.ChoiceField)
        model.choices = model_choices(self.instance)


@admin.register(Account)
class AccountAdmin(AccountModelAdmin):
    form = AccountAdminForm
    list_display = ("name", "time_zone", "widen_after", "ai_enabled", "ai_model", "ai_monthly_tokens", "created_at")
    search_fields = ("name",)
    account_path = "pk"
    fields = (*Account.CHANGEABLE, "last_seq", "created_at")
    editable = Account.CHANGEABLE

    def save_model(self, request: HttpRequest, obj: Account, form: Any, change: bool) -> None:
        """Writes only what was typed, to the account as it is by now."""
        by, typed = request.user, {name: form.cleaned_data[name] for name in form.changed_data}
        assert isinstance(by, User)
        Account.objects.get(pk=obj.pk).change(by=by, **typed)


class MemberAdminForm(forms.ModelForm):
    """Name, phone, role, lead and teams; saved by the verb, which knows who may change whom."""

    teams = ModelMultipleField(Team.objects.none(), required=False)

    class Meta:
        model = User
        fields = ("email", "name", "phone", "role", "lead")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            teams = self.fields["teams"]
            assert isinstance(teams, forms.ModelMultipleChoiceField)
            teams.queryset = Team.objects.filter(account_id=self.instance.account_id)
            self.initial["teams"] = self.instance.teams.all()
        else:
            self.fields["email"].required = True  # null is for people who never sign in: nobody adds those here


@admin.register(User)
class UserAdmin(AccountModelAdmin):
    form = MemberAdminForm
    list_display = ("name", "email", "role", "lead", "is_active", "off_shift_since", "last_login", "account")
    list_filter = ("is_active", "role", "lead")
    search_fields = ("name", "email")
    list_select_related = ("account",)
    actions = ("deactivate", "activate", "set_off_shift", "invite_again")
    addable = True
    editable = ("name", "phone", "role", "lead", "teams")
    readable = ("is_active", "off_shift_since", "time_zone", "last_login", "created_at")

    def get_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        if obj is None:
            return ("email", "name", "phone", "role", "lead")
        teams = "teams" if self.has_change_permission(request, obj) else "team_names"
        return ("email", "name", "phone", "role", "lead", teams, *self.readable)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offers the role of owner to owners only."""
        if db_field.name == "role":
            kwargs["choices"] = _of(request).user.roles_to_give()
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        return () if obj is None else ("email", "team_names", *self.readable)

    @admin.display(description="Teams")
    def team_names(self, user: User) -> str:
        """Where they are not for this person to change: Django cannot show them then."""
        return ", ".join(team.name for team in user.teams.all())

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Owners are changed by owners; the platform's superuser is nobody's member: there is nothing to change."""
        may = super().has_change_permission(request, obj)
        if not isinstance(obj, User):
            return may
        assert isinstance(request.user, User)
        return may and obj.account_id is not None and obj.is_changeable_by(request.user)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        by, data = request.user, form.cleaned_data
        assert isinstance(by, User)
        if change:
            fresh = User.objects.get(pk=obj.pk)
            fresh.change_membership(by=by, **{name: data[name] for name in self.editable})
            return
        assert by.account is not None
        member = by.account.add_member(by=by, **{name: data[name] for name in self.get_fields(request)})
        obj.__dict__.update(member.__dict__)
        shown_once.keep(_of(request), LINKS, members=[member.pk])

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The verb has set the teams."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """With the links that were asked for: made when they are shown, so that no message carries one here."""
        response = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse):
            invited = shown_once.take(_of(request), LINKS).get("members", [])
            for member in self.get_queryset(request).filter(pk__in=invited):
                link = member.link_asked_for_by(_of(request).user)
                text = f"{member.name} sets a password here, once: {link}"
                if link:
                    self.message_user(request, text, messages.WARNING)
        return response

    @admin.action(description="Deactivate: their claims go back to the queue")
    def deactivate(self, request: HttpRequest, rows: models.QuerySet[User]) -> None:
        self.each(request, rows, lambda user, by, _reason: user.deactivate(by=by))

    @admin.action(description="Activate")
    def activate(self, request: HttpRequest, rows: models.QuerySet[User]) -> None:
        self.each(request, rows, lambda user, by, _reason: user.activate(by=by))

    @admin.action(description="Set off shift: their claims go back to the queue")
    def set_off_shift(self, request: HttpRequest, rows: models.QuerySet[User]) -> None:
        """For somebody who went home and forgot."""
        self.each(request, rows, lambda user, by, _reason: user.go_off_shift(by=by))

    @admin.action(description="Show a new one-time link to set a password")
    def invite_again(self, request: HttpRequest, rows: models.QuerySet[User]) -> None:
        invited: list[int] = []

        def invite(user: User, by: User, _reason: str) -> None:
            user.invite_again(by=by)
            invited.append(user.pk)

        self.each(request, rows, invite)
        shown_once.keep(_of(request), LINKS, members=invited)


def _of(request: HttpRequest) -> Request:
    """Nobody else comes to the admin."""
    return cast(Request, request)


class TeamAdminForm(AccountModelForm):
    class Meta:
        model = Team
        fields = ("name", "members")


@admin.register(Team)
class TeamAdmin(AccountModelAdmin):
    form = TeamAdminForm
    list_display = ("name", "people", "account")
    search_fields = ("name", "members__name")
    list_select_related = ("account",)
    fields = editable = ("name", "members")
    filter_horizontal = ("members",)
    addable = True

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Team]:
        return super().get_queryset(request).prefetch_related("members")

    @admin.display(description="People")
    def people(self, team: Team) -> str:
        return ", ".join(member.name for member in team.members.all())

    def save_model(self, request: HttpRequest, obj: Team, form: Any, change: bool) -> None:
        by, data = request.user, form.cleaned_data
        assert isinstance(by, User)
        if change:
            fresh: Team = Team.objects.get(pk=obj.pk)
            fresh.change(by=by, name=data["name"], members=data["members"])
        elif by.account is not None:
            obj.__dict__.update(by.account.add_team(by=by, name=data["name"], members=data["members"]).__dict__)
        else:
            raise Invalid(name="A team belongs to an account, and you belong to none.")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The verb has set the members."""


@admin.register(ApiToken)
class ApiTokenAdmin(AccountModelAdmin):
    list_display = ("name", "hint", "user", "scope", "expires_at", "last_used_at", "revoked_at")
    list_filter = ("scope",)
    search_fields = ("name", "user__name", "user__email")
    list_select_related = ("user",)
    exclude = ("digest",)
    actions = ("revoke",)

    @admin.action(description="Revoke")
    def revoke(self, request: HttpRequest, rows: models.QuerySet[ApiToken]) -> None:
        self.each(request, rows, lambda token, by, _reason: token.revoke(by=by))


@admin.register(Event)
class EventAdmin(AccountModelAdmin):
    list_display = ("seq", "kind", "at", "actor", "origin", "session_id", "handoff_id", "relayed_at")
    list_filter = ("kind", "origin")
    search_fields = ("kind", "actor__name", "=session_id", "=handoff_id")
    list_select_related = ("actor",)
    ordering = ("-id",)
    exclude = ("facts",)

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), "all_facts"]

    @admin.display(description="Facts")
    def all_facts(self, event: Event) -> str:
        return in_json(json.dumps(event.facts, ensure_ascii=False))


class OperatorModelAdmin(AccountModelAdmin):
    """No account's: for the platform's operator alone."""

    account_path = ""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(getattr(request.user, "is_superuser", False))

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.has_module_permission(request)


@admin.register(PasswordMail)
class PasswordMailAdmin(OperatorModelAdmin):
    """Who asked for a new password, which nobody but the platform's operator is to know: no account's."""

    list_display = ("address", "status", "attempt", "due_at", "error")
    list_filter = ("status",)
    search_fields = ("address",)
    actions = ("retry",)

    @admin.action(description="Try again")
    def retry(self, request: HttpRequest, rows: models.QuerySet[PasswordMail]) -> None:
        self.each(request, rows, lambda mail, _by, _reason: mail.retry())


@admin.register(Attempts)
class AttemptsAdmin(OperatorModelAdmin):
    """Counters of sign-ins and asked-for links; whose they are cannot be read from them."""

    list_display = ("key", "count", "ends_at")
    ordering = ("-ends_at",)


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(AccountModelAdmin):
    """First answers kept for a day; the answers themselves are not shown here."""

    list_display = ("key", "user", "status", "created_at")
    search_fields = ("key", "user__name")
    list_select_related = ("user",)
    account_path = "user__account"

    exclude = ("body", "digest")
