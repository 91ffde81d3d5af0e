"""Addresses of the bell and of what was sent."""

from __future__ import annotations

from django.urls import path

from notifications import channel_views, live_views, timeline_views, views

urlpatterns = [
    path("me.css", live_views.me_css, name="me_css"),
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/<int:pk>/read/", views.notification_read, name="notification_read"),
    path("notifications/read-all/", views.notifications_read_all, name="notifications_read_all"),
    path("deliveries/<int:pk>/retry/", views.delivery_retry, name="delivery_retry"),
    path("handoffs/<int:pk>/note/", views.note_send, name="note_send"),
    path("handoffs/<int:pk>/timeline/", timeline_views.handoff_timeline, name="handoff_timeline"),
    path("sessions/<int:pk>/timeline/", timeline_views.session_timeline, name="session_timeline"),
    path("settings/channels/", channel_views.settings_channels, name="settings_channels"),
    path("settings/channels/<int:pk>/", channel_views.settings_channel, name="settings_channel"),
]
