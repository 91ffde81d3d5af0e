"""Addresses of the queue, the pick-up screen and my work; and of every verb of a handoff."""

from __future__ import annotations

from django.urls import path

from handoffs.views import asking, bulk, handoff, home, opening, proposals, queue, shift, summary

urlpatterns = [
    path("", home.home, name="home"),
    path("shift/", shift.shift, name="shift"),
    path("shift/end/", shift.shift_end, name="shift_end"),
    path("shift/start/", shift.shift_start, name="shift_start"),
    path("queue/", queue.queue, name="queue"),
    path("queue/views/", queue.views_save, name="views_save"),
    path("queue/views/<int:pk>/", queue.view_change, name="view_change"),
    path("queue/views/<int:pk>/delete/", queue.view_delete, name="view_delete"),
    path("queue/bulk/", bulk.bulk, name="queue_bulk"),
    path("sessions/<int:pk>/brief/", home.brief, name="session_brief"),
    path("sessions/<int:pk>/park/", opening.park, name="session_park"),
    path("sessions/<int:pk>/escalate/", opening.escalate, name="session_escalate"),
    path("sessions/<int:pk>/escalate/proposals/", proposals.escalation, name="escalation_proposals"),
    path("sessions/<int:pk>/resolve/proposals/", proposals.resolution, name="resolution_proposals"),
    path("handoffs/<int:pk>/", handoff.handoff, name="handoff"),
    path("handoffs/<int:pk>/text/", handoff.text, name="handoff_text"),
    path("handoffs/<int:pk>/correct/", opening.correct, name="handoff_correct"),
    path("handoffs/<int:pk>/ask/", asking.ask, name="handoff_ask"),
    path("handoffs/<int:pk>/preview/", bulk.preview, name="handoff_preview"),
    path("handoffs/<int:pk>/claim/", handoff.claim, name="handoff_claim"),
    path("handoffs/<int:pk>/undo/", handoff.undo, name="handoff_undo"),
    path("handoffs/<int:pk>/release/", handoff.release, name="handoff_release"),
    path("handoffs/<int:pk>/return/", handoff.return_, name="handoff_return"),
    path("handoffs/<int:pk>/transfer/", handoff.transfer, name="handoff_transfer"),
    path("handoffs/<int:pk>/take-over/", handoff.take_over, name="handoff_take_over"),
    path("handoffs/<int:pk>/withdraw/", handoff.withdraw, name="handoff_withdraw"),
    path("handoffs/<int:pk>/priority/", handoff.priority, name="handoff_priority"),
    path("handoffs/<int:pk>/hold/", handoff.hold, name="handoff_hold"),
    path("handoffs/<int:pk>/let-go/", handoff.let_go, name="handoff_let_go"),
    path("handoffs/<int:pk>/extend/", handoff.extend, name="handoff_extend"),
    path("handoffs/<int:pk>/read-back/", handoff.read_back, name="handoff_read_back"),
    path("handoffs/<int:pk>/summary/", summary.renew, name="summary_renew"),
    path("handoffs/<int:pk>/summary/feedback/", summary.feedback, name="summary_feedback"),
    path("handoffs/<int:pk>/summary/versions/", summary.versions, name="summary_versions"),
    path("handoffs/<int:pk>/briefing/", handoff.briefing_ask, name="briefing_ask"),
]
