"""Addresses of sign-in and settings."""

from __future__ import annotations

from allauth.account import views as allauth_views
from django.urls import path

from resolutionflow.accounts.views import settings, sign_in

sign_in_view = sign_in.SignIn.as_view()
sign_out_view = allauth_views.LogoutView.as_view(template_name="account/logout.html")

# The names that begin with account_ are allauth's own.
urlpatterns = [
    path("login/", sign_in_view, name="login"),
    path("login/", sign_in_view, name="account_login"),
    path("logout/", sign_out_view, name="logout"),
    path("logout/", sign_out_view, name="account_logout"),
    path("password/", sign_in.ForgottenPassword.as_view(), name="account_reset_password"),
    path("password/sent/", allauth_views.password_reset_done, name="account_reset_password_done"),
    path("password/<slug:uidb36>/<secret:key>/", sign_in.SetPassword.as_view(), name="account_reset_password_from_key"),
    path("settings/", settings.settings_me, name="settings_me"),
    path("settings/password/", settings.settings_password, name="settings_password"),
    path("settings/tokens/", settings.settings_tokens, name="settings_tokens"),
    path("settings/tokens/<int:pk>/revoke/", settings.token_revoke, name="token_revoke"),
    path("settings/account/", settings.settings_account, name="settings_account"),
    path("settings/time-zone/", settings.settings_time_zone, name="settings_time_zone"),
    path("settings/members/", settings.settings_members, name="settings_members"),
    path("settings/members/<int:pk>/", settings.settings_member, name="settings_member"),
    path("settings/members/<int:pk>/deactivate/", settings.member_deactivate, name="member_deactivate"),
    path("settings/members/<int:pk>/activate/", settings.member_activate, name="member_activate"),
    path("settings/members/<int:pk>/link/", settings.member_link, name="member_link"),
    path("settings/members/<int:pk>/invite/", settings.member_invite, name="member_invite"),
    path("settings/teams/", settings.settings_teams, name="settings_teams"),
    path("settings/teams/<int:pk>/", settings.settings_team, name="settings_team"),
]
