"""Ticket systems: one file per provider, all behind one Provider."""

from __future__ import annotations

from sessions_app.psa.connectwise import ConnectWise
from sessions_app.psa.provider import EXCHANGE, CannotOwn, Credential, Gate, NoSuchTicket, Option, Provider, WrongKind
from sessions_app.psa.redmine import Redmine
from sessions_app.psa.request_tracker import RequestTracker
from sessions_app.psa.ticket import Technician, TextPart, Ticket, TimeEntry

PROVIDERS: dict[str, type[Provider]] = {
    "request_tracker": RequestTracker,
    "connectwise": ConnectWise,
    "redmine": Redmine,
}
CHOICES = [(kind, provider.label) for kind, provider in PROVIDERS.items()]

__all__ = [
    "CHOICES",
    "EXCHANGE",
    "PROVIDERS",
    "CannotOwn",
    "Credential",
    "Gate",
    "NoSuchTicket",
    "Option",
    "Provider",
    "Technician",
    "TextPart",
    "Ticket",
    "TimeEntry",
    "WrongKind",
]
