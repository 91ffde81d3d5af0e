"""The addresses of the API."""

from __future__ import annotations

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from handoffs import api as handoffs
from notifications import api as notifications
from resolutionflow.accounts import api as accounts
from resolutionflow.api.docs import docs
from resolutionflow.api.endpoint import resource, unknown_address
from sessions_app import api as sessions
from sessions_app import api_clients as clients
from sessions_app import api_files as files
from sessions_app import api_tickets as tickets
from sessions_app import api_watching as watching

S, H = "v1/sessions/<int:pk>/", "v1/handoffs/<int:pk>/"

urlpatterns = [
    path("v1/me/", resource(get=accounts.me)),
    path("v1/members/", resource(get=accounts.members)),
    path("v1/teams/", resource(get=accounts.teams)),
    path("v1/events/", resource(get=accounts.events)),
    path("v1/clients/", resource(get=clients.clients)),
    path("v1/tickets/", resource(get=tickets.tickets)),
    path("v1/tickets/<int:pk>/<str:number>/", resource(get=tickets.ticket)),
    path("v1/sessions/", resource(get=sessions.sessions, post=sessions.open_session)),
    path(S, resource(get=sessions.show_session, patch=sessions.change_session)),
    path(f"{S}steps/", resource(post=sessions.add_step)),
    path(f"{S}steps/<int:step_pk>/", resource(get=sessions.show_step, patch=sessions.change_step)),
    path(f"{S}messages/", resource(post=sessions.add_message)),
    path(f"{S}messages/<int:message_pk>/", resource(get=sessions.show_message)),
    path(f"{S}branches/", resource(post=sessions.add_branch)),
    path(f"{S}branches/<int:branch_pk>/", resource(get=sessions.show_branch, patch=sessions.change_branch)),
    path(f"{S}branches/<int:branch_pk>/activate/", resource(post=sessions.activate_branch)),
    path(f"{S}files/", resource(get=files.session_files, post=files.add_file)),
    path(f"{S}files/<int:file_pk>/", resource(get=files.show_file, delete=files.remove_file)),
    path(f"{S}files/<int:file_pk>/content/", resource(get=files.file_content)),
    path(f"{S}files/<int:file_pk>/thumbnail/", resource(get=files.file_thumbnail)),
    path(f"{S}resume/", resource(post=sessions.resume)),
    path(f"{S}resolve/", resource(post=sessions.resolve)),
    path(f"{S}abandon/", resource(post=sessions.abandon)),
    path(f"{S}reopen/", resource(post=sessions.reopen)),
    path(f"{S}watch/", resource(post=watching.watch, delete=watching.mute)),
    path(f"{S}events/", resource(get=sessions.session_events)),
    path(f"{S}note/", resource(get=notifications.session_note, post=notifications.send_session_note)),
    path(f"{S}time/", resource(post=notifications.send_time)),
    path(f"{S}park/", resource(post=handoffs.park)),
    path(f"{S}escalate/", resource(post=handoffs.escalate)),
    path(f"{S}handoffs/", resource(get=handoffs.session_handoffs)),
    path("v1/handoffs/", resource(get=handoffs.handoffs)),
    path(H, resource(get=handoffs.show_handoff, patch=handoffs.change_handoff)),
    path(f"{H}claim/", resource(post=handoffs.claim)),
    path(f"{H}undo/", resource(post=handoffs.undo)),
    path(f"{H}release/", resource(post=handoffs.release)),
    path(f"{H}return/", resource(post=handoffs.return_)),
    path(f"{H}transfer/", resource(post=handoffs.transfer)),
    path(f"{H}take-over/", resource(post=handoffs.take_over)),
    path(f"{H}withdraw/", resource(post=handoffs.withdraw)),
    path(f"{H}hold/", resource(post=handoffs.hold)),
    path(f"{H}let-go/", resource(post=handoffs.let_go)),
    path(f"{H}extend/", resource(post=handoffs.extend)),
    path(f"{H}read-back/", resource(post=handoffs.read_back)),
    path(f"{H}ask/", resource(post=handoffs.ask)),
    path(f"{H}events/", resource(get=handoffs.handoff_events)),
    path(f"{H}summary/", resource(get=handoffs.summary, post=handoffs.renew_summary)),
    path(f"{H}summary/feedback/", resource(post=handoffs.summary_feedback)),
    path(f"{H}briefing/", resource(get=handoffs.briefing, post=handoffs.ask_for_briefing)),
    path(f"{H}note/", resource(get=notifications.note, post=notifications.send_note)),
    path(f"{H}deliveries/", resource(get=notifications.handoff_deliveries)),
    path("v1/deliveries/<int:pk>/retry/", resource(post=notifications.retry)),
    path("v1/notifications/", resource(get=notifications.notifications)),
    path("v1/notifications/<int:pk>/read/", resource(post=notifications.read)),
    path("v1/notifications/read-all/", resource(post=notifications.read_all)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
    re_path("", unknown_address),
]
