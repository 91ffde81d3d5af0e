"""Addresses of the bell, deliveries, the timeline and settings of channels."""

from __future__ import annotations

from django.urls import path

from notifications.views import bell, channels, ladder, me_css, note, preferences, time, timeline

urlpatterns = [
    path("me.css", me_css.me_css, name="me_css"),
    path("notifications/", bell.notifications, name="notifications"),
    path("notifications/newest/", bell.notifications_newest, name="notifications_newest"),
    path("notifications/<int:pk>/read/", bell.notification_read, name="notification_read"),
    path("notifications/read-all/", bell.notifications_read_all, name="notifications_read_all"),
    path("deliveries/<int:pk>/retry/", bell.delivery_retry, name="delivery_retry"),
    path("deliveries/<int:pk>/again/", channels.delivery_again, name="delivery_again"),
    path("handoffs/<int:pk>/note/", note.handoff_note, name="handoff_note"),
    path("sessions/<int:pk>/note/", note.session_note, name="session_note"),
    path("sessions/<int:pk>/note/escalation/", note.escalation_note, name="escalation_note"),
    path("sessions/<int:pk>/note/resolution/", note.resolution_note, name="resolution_note"),
    path("sessions/<int:pk>/time/", time.session_time, name="session_time"),
    path("handoffs/<int:pk>/timeline/", timeline.handoff_timeline, name="handoff_timeline"),
    path("sessions/<int:pk>/timeline/", timeline.session_timeline, name="session_timeline"),
    path("settings/psa/<int:pk>/retry/", bell.psa_retry, name="psa_retry"),
    path("sessions/<int:pk>/escalate/notifies/", preferences.escalation_notifies, name="escalation_notifies"),
    path("settings/notifications/", preferences.settings_notifications, name="settings_notifications"),
    path(
        "settings/notifications/account/",
        preferences.settings_account_notifications,
        name="settings_account_notifications",
    ),
    path("settings/ladder/", ladder.settings_ladder, name="settings_ladder"),
    path("settings/channels/", channels.settings_channels, name="settings_channels"),
    path("settings/channels/new/<str:channel_kind>/", channels.channel_new, name="channel_new"),
    path("settings/channels/<int:pk>/", channels.settings_channel, name="settings_channel"),
    path("settings/channels/<int:pk>/secret/", channels.channel_secret, name="channel_secret"),
    path("settings/channels/<int:pk>/test/", channels.channel_test, name="channel_test"),
    path("settings/channels/<int:pk>/state/", channels.channel_state, name="channel_state"),
    path("settings/channels/<int:pk>/deliveries/", channels.channel_deliveries, name="channel_deliveries"),
]
