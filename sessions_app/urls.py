"""Addresses of sessions; the API uses the same words."""

from __future__ import annotations

from django.urls import path

from sessions_app.views import ai, checklists, files, psa, psa_members, session, tickets, watching

urlpatterns = [
    path("sessions/", session.sessions, name="sessions"),
    path("sessions/new/", session.session_new, name="session_new"),
    path("sessions/already-open/", session.already_open, name="already_open"),
    path("sessions/devices/", session.session_devices, name="session_devices"),
    path("sessions/ticket/", tickets.ticket_lookup, name="ticket_lookup"),
    path("sessions/mentionable/", watching.mentionable, name="mentionable"),
    path("sessions/<int:pk>/", session.session, name="session"),
    path("sessions/<int:pk>/change/", session.session_change, name="session_change"),
    path("sessions/<int:pk>/resume/", session.session_resume, name="session_resume"),
    path("sessions/<int:pk>/resolve/", session.session_resolve, name="session_resolve"),
    path("sessions/<int:pk>/abandon/", session.session_abandon, name="session_abandon"),
    path("sessions/<int:pk>/reopen/", session.session_reopen, name="session_reopen"),
    path("sessions/<int:pk>/ticket/", tickets.session_ticket, name="session_ticket"),
    path("sessions/<int:pk>/ticket/read/", tickets.ticket_renew, name="ticket_renew"),
    path("sessions/<int:pk>/watch/", watching.session_watch, name="session_watch"),
    path("sessions/<int:pk>/mute/", watching.session_mute, name="session_mute"),
    path("sessions/<int:pk>/script/", session.session_script, name="session_script"),
    path("sessions/<int:pk>/steps/", session.step_add, name="step_add"),
    path("sessions/<int:pk>/steps/<int:step_pk>/", session.step_change, name="step_change"),
    path("sessions/<int:pk>/messages/", session.message_add, name="message_add"),
    path("sessions/<int:pk>/messages/<int:message_pk>/step/", session.message_step, name="message_step"),
    path("sessions/<int:pk>/files/<int:file_pk>/", files.file, name="file"),
    path("sessions/<int:pk>/files/<int:file_pk>/thumbnail/", files.file_thumbnail, name="file_thumbnail"),
    path("sessions/<int:pk>/files/<int:file_pk>/remove/", files.file_remove, name="file_remove"),
    path("sessions/<int:pk>/branches/", session.branch_add, name="branch_add"),
    path("sessions/<int:pk>/branches/<int:branch_pk>/", session.branch_change, name="branch_change"),
    path("sessions/<int:pk>/branches/<int:branch_pk>/activate/", session.branch_activate, name="branch_activate"),
    path("sessions/<int:pk>/checklists/<int:checklist_pk>/", checklists.checklist_use, name="checklist_use"),
    path("settings/ai/", ai.settings_ai, name="settings_ai"),
    path("settings/checklists/", checklists.settings_checklists, name="settings_checklists"),
    path("settings/checklists/starters/", checklists.checklist_starters, name="checklist_starters"),
    path("settings/checklists/<int:pk>/", checklists.settings_checklist, name="settings_checklist"),
    path("settings/checklists/<int:pk>/remove/", checklists.checklist_remove, name="checklist_remove"),
    path("settings/psa/", psa.settings_psa, name="settings_psa"),
    path("settings/psa/new/<str:kind>/", psa.psa_new, name="psa_new"),
    path("settings/psa/<int:pk>/", psa.psa_change, name="psa_change"),
    path("settings/psa/<int:pk>/check/", psa.psa_check, name="psa_check"),
    path("settings/psa/<int:pk>/state/", psa.psa_state, name="psa_state"),
    path("settings/psa/<int:pk>/members/", psa_members.psa_members, name="psa_members"),
    path("settings/psa/<int:pk>/members/read/", psa_members.psa_members_read, name="psa_members_read"),
    path("settings/psa/<int:pk>/members/state/", psa_members.psa_members_state, name="psa_members_state"),
]
