"""Settings: one's own (name, password, tokens), and the account's with its members and teams."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from resolutionflow.accounts import shown_once
from resolutionflow.accounts.forms.account import AccountForm, TimeZoneForm, leases, week
from resolutionflow.accounts.forms.members import (
    MembershipForm,
    NewMemberForm,
    PasswordForm,
    ProfileForm,
    TeamForm,
    TokenForm,
)
from resolutionflow.accounts.models import Account, ApiToken, PasswordMail, Team, User
from resolutionflow.accounts.sign_in import known_browser, limits
from resolutionflow.web.requests import Request, form_page, form_status, submitted


def account_of(user: User) -> Account:
    """The account of this person; everybody whom MembersMiddleware lets in has one."""
    assert user.account is not None
    return user.account


# --- one's own ---------------------------------------------------------------------------------


@form_page
def settings_me(request: Request) -> HttpResponse:
    me = request.user
    initial = {"name": me.name, "phone": me.phone, "time_zone": me.time_zone}
    form = ProfileForm(submitted(request), initial=initial, account=account_of(me))
    if form.is_valid():
        me.change_profile(**form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("settings_me")
    return render(request, "accounts/me.html", {"form": form}, status=form_status(form))


@sensitive_post_parameters()
@form_page
def settings_password(request: Request) -> HttpResponse:
    if request.method == "POST":
        limits.take_change_of_password(request.user)
    form = PasswordForm(request.user, submitted(request))
    if form.is_valid():
        form.save()
        update_session_auth_hash(request, request.user)
        messages.success(request, "Password changed. Everywhere else you were signed in, you are signed out.")
        response = redirect("settings_password")
        known_browser.remember(request, response, request.user)
        return response
    return render(request, "accounts/password.html", {"form": form}, status=form_status(form))


@form_page
def settings_tokens(request: Request) -> HttpResponse:
    form = TokenForm(submitted(request), user=request.user)
    if form.is_valid():
        token, key = ApiToken.issue(request.user, **form.cleaned_data)
        shown_once.keep(request, "token", name=token.name, key=key)
        return redirect("settings_tokens")
    tokens = ApiToken.objects.visible_to(request.user).of(request.user)
    context = {"form": form, "new": shown_once.take(request, "token"), "tokens": tokens}
    return render(request, "accounts/tokens.html", context, status=form_status(form))


@require_POST
def token_revoke(request: Request, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken.objects.visible_to(request.user), pk=pk)
    token.revoke(by=request.user)
    messages.success(request, "Revoked. Scripts that use it get 401 from now on.")
    return redirect("settings_tokens")


# --- the account -------------------------------------------------------------------------------


@form_page
def settings_account(request: Request) -> HttpResponse:
    """Owners and admins change the account's settings, everybody reads them."""
    account = account_of(request.user)
    form = AccountForm(submitted(request), account=account)
    if request.method == "POST":
        request.user.must_administer()
        if form.is_valid():
            account.change(by=request.user, **form.changes)
            messages.success(request, "Saved.")
            return redirect("settings_account")
    context = {"form": form, "account": account, "week": week(account), "leases": leases(account)}
    return render(request, "accounts/account.html", context, status=form_status(form))


@form_page
def settings_time_zone(request: Request) -> HttpResponse:
    """What a new account is asked for on My work; a page of its own where the answer was refused."""
    request.user.must_administer()
    account = account_of(request.user)
    form = TimeZoneForm(submitted(request), account=account)
    if form.is_valid():
        account.change(by=request.user, **form.cleaned_data)
        messages.success(request, f"Times and business hours are in {form.cleaned_data['time_zone']}.")
        return redirect("home")
    return render(request, "accounts/time_zone.html", {"form": form}, status=form_status(form))


# --- members -----------------------------------------------------------------------------------


@form_page
def settings_members(request: Request) -> HttpResponse:
    """The members; for owners and admins also a form that adds one and leads on to the link for them."""
    form = NewMemberForm(submitted(request), by=request.user)
    if request.method == "POST":
        request.user.must_administer()
        if form.is_valid():
            member = account_of(request.user).add_member(by=request.user, **form.cleaned_data)
            return _show_link(request, member)
    members = User.objects.visible_to(request.user).order_by("-is_active", "name", "id").prefetch_related("teams")
    return render(request, "accounts/members.html", {"form": form, "members": members}, status=form_status(form))


@form_page
def settings_member(request: Request, pk: int) -> HttpResponse:
    member = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    form = MembershipForm(submitted(request), by=request.user, initial=_membership(member))
    if request.method == "POST":
        request.user.must_administer()
        if form.is_valid():
            member.change_membership(by=request.user, **form.cleaned_data)
            messages.success(request, "Saved.")
            return redirect("settings_member", pk)
    may_change = request.user.is_admin and member.is_changeable_by(request.user)
    shows_link = shown_once.take(request, "link").get("member") == member.pk
    link = member.link_asked_for_by(request.user) if shows_link else ""
    context = {"form": form, "member": member, "may_change": may_change, "link": link}
    return render(request, "accounts/member.html", context, status=form_status(form))


def _membership(member: User) -> dict[str, object]:
    kept = {name: getattr(member, name) for name in ("name", "phone", "role", "lead")}
    return {**kept, "teams": member.teams.all()}


@require_POST
def member_deactivate(request: Request, pk: int) -> HttpResponse:
    member = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    member.deactivate(by=request.user)
    return redirect("settings_member", pk)


@require_POST
def member_activate(request: Request, pk: int) -> HttpResponse:
    member = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    member.activate(by=request.user)
    return redirect("settings_member", pk)


@require_POST
def member_link(request: Request, pk: int) -> HttpResponse:
    member = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    member.invite_again(by=request.user)
    return _show_link(request, member)


def _show_link(request: Request, member: User) -> HttpResponse:
    """Lead to the member's page, which shows a new link once: the link is made when it is shown."""
    shown_once.keep(request, "link", member=member.pk)
    return redirect("settings_member", member.pk)


@require_POST
def member_invite(request: Request, pk: int) -> HttpResponse:
    member = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    PasswordMail.invite(member, by=request.user)
    messages.success(request, f"A new link is on its way to {member.email}.")
    return redirect("settings_members")


# --- teams -------------------------------------------------------------------------------------


@form_page
def settings_teams(request: Request) -> HttpResponse:
    form = TeamForm(submitted(request), by=request.user)
    if request.method == "POST":
        request.user.must_administer()
        if form.is_valid():
            account_of(request.user).add_team(by=request.user, **form.cleaned_data)
            return redirect("settings_teams")
    teams = Team.objects.visible_to(request.user).prefetch_related("members")
    return render(request, "accounts/teams.html", {"form": form, "teams": teams}, status=form_status(form))


@form_page
def settings_team(request: Request, pk: int) -> HttpResponse:
    team = get_object_or_404(Team.objects.visible_to(request.user), pk=pk)
    initial = {"name": team.name, "members": team.members.all()}
    form = TeamForm(submitted(request), by=request.user, team=team, initial=initial)
    if request.method == "POST":
        request.user.must_administer()
        if form.is_valid():
            team.change(by=request.user, **form.cleaned_data)
            messages.success(request, "Saved.")
            return redirect("settings_team", pk)
    return render(request, "accounts/team.html", {"form": form, "team": team}, status=form_status(form))
