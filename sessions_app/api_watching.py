"""The API of watching a session, and of muting it."""

from __future__ import annotations

from rest_framework import serializers

from resolutionflow.api.endpoint import ApiRequest, endpoint
from resolutionflow.api.fields import Output
from sessions_app.api import TAG, session_of
from sessions_app.models import Session, SessionWatch


class WatchOut(Output):
    """What one has chosen to be notified of in a session."""

    watching = serializers.ChoiceField(choices=SessionWatch.STATES, source="state")


@endpoint(tag=TAG, of=session_of, summary="Watch a session", gives=WatchOut)
def watch(request: ApiRequest, session: Session) -> SessionWatch:
    """From now on the caller's bell says when somebody writes a message there, also where they had muted it; whoever
    works on a session, writes in it or is mentioned there watches it without this."""
    session.watch(request.user)
    return session.watches.get(user=request.user)


@endpoint(tag=TAG, of=session_of, summary="Mute a session", gives=WatchOut)
def mute(request: ApiRequest, session: Session) -> SessionWatch:
    """The caller is notified of nothing of it any more but what is aimed at them: a mention, a question, an escalation
    to them, work that is theirs by it, the end of their claim, their reminder, their ticket note."""
    session.mute(request.user)
    return session.watches.get(user=request.user)
