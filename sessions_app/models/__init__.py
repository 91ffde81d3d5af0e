"""The work itself: Session, Branch, Step, Message, SessionFile; and the ticket system a session's ticket is in."""

from __future__ import annotations

from sessions_app.models.ai_call import AiCall
from sessions_app.models.branch import Branch
from sessions_app.models.checklist import Checklist
from sessions_app.models.connection_check import ConnectionCheck
from sessions_app.models.domain import Domain
from sessions_app.models.file import FileDeletion, SessionFile, StoredFile, stored_files, with_files
from sessions_app.models.form_key import FormKeyed
from sessions_app.models.message import Message
from sessions_app.models.psa import PsaConnection
from sessions_app.models.session import Session
from sessions_app.models.session_queryset import SessionQuerySet, containing, spelling
from sessions_app.models.session_ticket import number_of
from sessions_app.models.step import Step, count_outcomes, that_worked
from sessions_app.models.technicians import (
    NOBODY,
    Mapped,
    MemberMapping,
    TechnicianList,
    author_of,
    count_unmapped,
    technician_of,
    who_is_who,
)
from sessions_app.models.ticket import TicketCopy, TicketSearch
from sessions_app.models.visit import Visit
from sessions_app.models.watch import SessionWatch

__all__ = [
    "NOBODY",
    "AiCall",
    "Branch",
    "Checklist",
    "ConnectionCheck",
    "Domain",
    "FileDeletion",
    "FormKeyed",
    "Mapped",
    "MemberMapping",
    "Message",
    "PsaConnection",
    "Session",
    "SessionFile",
    "SessionQuerySet",
    "SessionWatch",
    "Step",
    "StoredFile",
    "TechnicianList",
    "TicketCopy",
    "TicketSearch",
    "Visit",
    "author_of",
    "containing",
    "count_outcomes",
    "count_unmapped",
    "number_of",
    "spelling",
    "stored_files",
    "technician_of",
    "that_worked",
    "who_is_who",
    "with_files",
]
