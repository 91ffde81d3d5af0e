"""Addresses of the door and of the settings."""

from __future__ import annotations

from allauth.account import views as allauth_views
from django.urls import path

from resolutionflow.accounts import sign_in

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
    path("password/<slug:uidb36>/<str:key>/", sign_in.SetPassword.as_view(), name="account_reset_password_from_key"),
]
