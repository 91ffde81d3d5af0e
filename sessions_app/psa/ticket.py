"""What passes between us and a ticket system: a ticket, its technicians, a note, a time entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Ticket:
    """A ticket as its system tells it; "" and None where it does not say."""

    id: str  # as people write it: what is stored with a session and stands in every call
    title: str
    description: str = ""  # plain text, lines as they were
    client: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    device: str = ""
    queue: str = ""  # board, queue, project
    status: str = ""
    is_closed: bool = False
    owner: str = ""
    due_at: datetime | None = None
    merged_into: str = ""  # the ticket that it has become a part of
    link: str = ""  # where people read it


@dataclass(frozen=True)
class Technician:
    """Somebody who may own a ticket. `id` is what a call names them by."""

    id: str
    name: str
    email: str = ""


@dataclass(frozen=True)
class TextPart:
    """A note, or a piece of a long one, the marker by which it is found again, and what it is, in a word."""

    text: str
    marker: str
    subject: str = "Note"  # where notes have one: Escalation, Resolution, Note, Update


@dataclass(frozen=True)
class TimeEntry:
    """Time worked on a ticket. Its text carries the marker, and is never that of a note."""

    minutes: int
    started_at: datetime  # in the zone of who worked: some systems book by the day
    text: str
    marker: str
    internal: bool = True  # False, where the system has such: the client sees its text
