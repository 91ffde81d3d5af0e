"""What ConnectWise PSA answers, read: lists, references, members, times."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from resolutionflow.core import outgoing_http
from resolutionflow.core.work import Later
from sessions_app.psa.ticket import Technician

NONSENSE = "ConnectWise PSA's answer makes no sense."

SEEN_IN = ("internalAnalysisFlag", "detailDescriptionFlag", "resolutionFlag")  # the places in which a note stands


def shows(note: dict[str, Any]) -> bool:
    """Whether the client sees this note: in the discussion or as the resolution, or wherever it is not internal."""
    return bool(note.get("detailDescriptionFlag") or note.get("resolutionFlag") or not note.get("internalAnalysisFlag"))


def listed(answer: outgoing_http.OutgoingResponse) -> list[dict[str, Any]]:
    """The answer's list; what is no object in it is empty, and still counts for the length of a page."""
    found = answer.json()
    if not isinstance(found, list):
        raise Later(NONSENSE)
    return [one if isinstance(one, dict) else {} for one in found]


def named(reference: Any, field: str = "name") -> str:
    """A field of a reference to another record; "" where there is none."""
    value = reference.get(field) if isinstance(reference, dict) else None
    return "" if value is None else str(value)


def as_technician(member: dict[str, Any]) -> Technician:
    name = f"{member.get('firstName') or ''} {member.get('lastName') or ''}".strip()
    email = member.get("primaryEmail") or member.get("officeEmail") or ""
    return Technician(str(member["identifier"]), name or str(member["identifier"]), str(email))


def as_time(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
