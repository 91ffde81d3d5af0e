"""The work itself: Session, Branch, Step, Message; and the ticket system a session's ticket is in."""

from __future__ import annotations

from sessions_app.models.connection_check import ConnectionCheck
from sessions_app.models.parts import Branch, Keyed, Message, Step
from sessions_app.models.psa import MemberMapping, PsaConnection
from sessions_app.models.session import Domain, Session, SessionQuerySet, containing
from sessions_app.models.visit import Visit

__all__ = [
    "Branch",
    "ConnectionCheck",
    "Domain",
    "Keyed",
    "MemberMapping",
    "Message",
    "PsaConnection",
    "Session",
    "SessionQuerySet",
    "Step",
    "Visit",
    "containing",
]
