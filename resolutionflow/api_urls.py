"""The addresses of the API; the contract names them."""

from __future__ import annotations

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from handoffs import api as handoffs
from notifications import api as notifications
from resolutionflow.accounts import api as accounts
from resolutionflow.api import at, elsewhere
from resolutionflow.api_docs import docs
from sessions_app import api as sessions

S, H = "v1/sessions/<int:pk>/", "v1/handoffs/<int:pk>/"

urlpatterns = [
    path("v1/me/", at(get=accounts.me)),
    path("v1/members/", at(get=accounts.members)),
    path("v1/teams/", at(get=accounts.teams)),
    path("v1/events/", at(get=accounts.events)),
    path("v1/sessions/", at(get=sessions.sessions, post=sessions.open_session)),
    path(S, at(get=sessions.show_session, patch=sessions.change_session)),
    path(f"{S}steps/", at(post=sessions.add_step)),
    path(f"{S}steps/<int:step_pk>/", at(get=sessions.show_step, patch=sessions.change_step)),
    path(f"{S}messages/", at(post=sessions.add_message)),
    path(f"{S}messages/<int:message_pk>/", at(get=sessions.show_message)),
    path(f"{S}branches/", at(post=sessions.add_branch)),
    path(f"{S}branches/<int:branch_pk>/", at(get=sessions.show_branch, patch=sessions.change_branch)),
    path(f"{S}branches/<int:branch_pk>/activate/", at(post=sessions.activate_branch)),
    path(f"{S}resume/", at(post=sessions.resume)),
    path(f"{S}resolve/", at(post=sessions.resolve)),
    path(f"{S}abandon/", at(post=sessions.abandon)),
    path(f"{S}reopen/", at(post=sessions.reopen)),
    path(f"{S}events/", at(get=sessions.session_events)),
    path(f"{S}park/", at(post=handoffs.park)),
    path(f"{S}escalate/", at(post=handoffs.escalate)),
    path(f"{S}handoffs/", at(get=handoffs.session_handoffs)),
    path("v1/handoffs/", at(get=handoffs.handoffs)),
    path(H, at(get=handoffs.show_handoff, patch=handoffs.change_handoff)),
    path(f"{H}claim/", at(post=handoffs.claim)),
    path(f"{H}undo/", at(post=handoffs.undo)),
    path(f"{H}release/", at(post=handoffs.release)),
    path(f"{H}return/", at(post=handoffs.return_)),
    path(f"{H}transfer/", at(post=handoffs.transfer)),
    path(f"{H}take-over/", at(post=handoffs.take_over)),
    path(f"{H}withdraw/", at(post=handoffs.withdraw)),
    path(f"{H}extend/", at(post=handoffs.extend)),
    path(f"{H}read-back/", at(post=handoffs.read_back)),
    path(f"{H}events/", at(get=handoffs.handoff_events)),
    path(f"{H}summary/", at(get=handoffs.summary, post=handoffs.renew_summary)),
    path(f"{H}note/", at(get=notifications.note, post=notifications.send_note)),
    path(f"{H}deliveries/", at(get=notifications.handoff_deliveries)),
    path("v1/deliveries/<int:pk>/retry/", at(post=notifications.retry)),
    path("v1/notifications/", at(get=notifications.notifications)),
    path("v1/notifications/<int:pk>/read/", at(post=notifications.read)),
    path("v1/notifications/read-all/", at(post=notifications.read_all)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
    re_path("", elsewhere),
]
