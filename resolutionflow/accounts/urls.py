"""Addresses of the door and of the settings."""

from __future__ import annotations

from allauth.account import views as allauth_views
from django.urls import path

from resolutionflow.accounts import sign_in, views

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
    path("settings/", views.settings_me, name="settings_me"),
    path("settings/password/", views.settings_password, name="settings_password"),
    path("settings/tokens/", views.settings_tokens, name="settings_tokens"),
    path("settings/tokens/<int:pk>/revoke/", views.token_revoke, name="token_revoke"),
    path("settings/account/", views.settings_account, name="settings_account"),
    path("settings/time-zone/", views.settings_time_zone, name="settings_time_zone"),
    path("settings/members/", views.settings_members, name="settings_members"),
    path("settings/members/<int:pk>/", views.settings_member, name="settings_member"),
    path("settings/members/<int:pk>/deactivate/", views.member_deactivate, name="member_deactivate"),
    path("settings/members/<int:pk>/activate/", views.member_activate, name="member_activate"),
    path("settings/members/<int:pk>/link/", views.member_link, name="member_link"),
    path("settings/members/<int:pk>/invite/", views.member_invite, name="member_invite"),
    path("settings/teams/", views.settings_teams, name="settings_teams"),
    path("settings/teams/<int:pk>/", views.settings_team, name="settings_team"),
]
