"""Addresses of the work itself; the API has the same words."""

from __future__ import annotations

from django.urls import path

from sessions_app import psa_views, views

urlpatterns = [
    path("sessions/", views.sessions, name="sessions"),
    path("sessions/new/", views.session_new, name="session_new"),
    path("sessions/<int:pk>/", views.session, name="session"),
    path("sessions/<int:pk>/change/", views.session_change, name="session_change"),
    path("sessions/<int:pk>/resume/", views.session_resume, name="session_resume"),
    path("sessions/<int:pk>/resolve/", views.session_resolve, name="session_resolve"),
    path("sessions/<int:pk>/abandon/", views.session_abandon, name="session_abandon"),
    path("sessions/<int:pk>/reopen/", views.session_reopen, name="session_reopen"),
    path("sessions/<int:pk>/steps/", views.step_add, name="step_add"),
    path("sessions/<int:pk>/steps/<int:step_pk>/", views.step_change, name="step_change"),
    path("sessions/<int:pk>/messages/", views.message_add, name="message_add"),
    path("sessions/<int:pk>/branches/", views.branch_add, name="branch_add"),
    path("sessions/<int:pk>/branches/<int:branch_pk>/", views.branch_change, name="branch_change"),
    path("sessions/<int:pk>/branches/<int:branch_pk>/activate/", views.branch_activate, name="branch_activate"),
    path("settings/psa/", psa_views.settings_psa, name="settings_psa"),
    path("settings/psa/new/<str:kind>/", psa_views.psa_new, name="psa_new"),
    path("settings/psa/<int:pk>/", psa_views.psa_change, name="psa_change"),
    path("settings/psa/<int:pk>/check/", psa_views.psa_check, name="psa_check"),
    path("settings/psa/<int:pk>/state/", psa_views.psa_state, name="psa_state"),
]
