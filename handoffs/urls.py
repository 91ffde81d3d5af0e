"""Addresses of the queue, the pick-up screen and my work; and of every verb of a handoff."""

from __future__ import annotations

from django.urls import path

from handoffs import bulk_views, home_views, queue_views, shift_views, views

urlpatterns = [
    path("", home_views.home, name="home"),
    path("shift/", shift_views.shift, name="shift"),
    path("shift/end/", shift_views.shift_end, name="shift_end"),
    path("shift/start/", shift_views.shift_start, name="shift_start"),
    path("queue/", queue_views.queue, name="queue"),
    path("queue/views/", queue_views.views_save, name="views_save"),
    path("queue/views/<int:pk>/", queue_views.view_change, name="view_change"),
    path("queue/views/<int:pk>/delete/", queue_views.view_delete, name="view_delete"),
    path("queue/bulk/", bulk_views.bulk, name="queue_bulk"),
    path("sessions/<int:pk>/park/", views.park, name="session_park"),
    path("sessions/<int:pk>/escalate/", views.escalate, name="session_escalate"),
    path("handoffs/<int:pk>/", views.handoff, name="handoff"),
    path("handoffs/<int:pk>/preview/", bulk_views.preview, name="handoff_preview"),
    path("handoffs/<int:pk>/claim/", views.claim, name="handoff_claim"),
    path("handoffs/<int:pk>/undo/", views.undo, name="handoff_undo"),
    path("handoffs/<int:pk>/release/", views.release, name="handoff_release"),
    path("handoffs/<int:pk>/return/", views.return_, name="handoff_return"),
    path("handoffs/<int:pk>/transfer/", views.transfer, name="handoff_transfer"),
    path("handoffs/<int:pk>/take-over/", views.take_over, name="handoff_take_over"),
    path("handoffs/<int:pk>/withdraw/", views.withdraw, name="handoff_withdraw"),
    path("handoffs/<int:pk>/priority/", views.priority, name="handoff_priority"),
    path("handoffs/<int:pk>/extend/", views.extend, name="handoff_extend"),
    path("handoffs/<int:pk>/read-back/", views.read_back, name="handoff_read_back"),
    path("handoffs/<int:pk>/summary/", views.summary_renew, name="summary_renew"),
]
