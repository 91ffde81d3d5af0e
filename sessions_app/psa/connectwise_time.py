"""A time entry of ConnectWise PSA: what is sent of it, and who sees it.

The one entry stands among the ticket's notes, too, where its flags say: a note beside it would be there twice.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

from sessions_app.psa.ticket import TimeEntry

STAMP = "%Y-%m-%dT%H:%M:%SZ"
SEEN_IN = ("addToInternalAnalysisFlag", "addToDetailDescriptionFlag", "addToResolutionFlag")
MAILED = ("emailContactFlag", "emailResourceFlag", "emailCcFlag")


def time_body(entry: TimeEntry, ticket: int, text: str, *, of_project: bool) -> dict[str, Any]:
    """Each flag is said: what is left out is as the company has set it, and may mail the client."""
    start = entry.started_at.astimezone(UTC).replace(microsecond=0)
    return {
        "chargeToId": ticket,
        "chargeToType": "ProjectTicket" if of_project else "ServiceTicket",
        "timeStart": f"{start:{STAMP}}",
        "timeEnd": f"{start + timedelta(minutes=entry.minutes):{STAMP}}",
        "notes": f"{text}\n[rf:{entry.marker}]",
        **dict.fromkeys((*SEEN_IN, *MAILED), False),
        ("addToInternalAnalysisFlag" if entry.internal else "addToDetailDescriptionFlag"): True,
    }


def shows_time(entry: dict[str, Any]) -> bool:
    """Whether the client sees the text of this entry."""
    return bool(entry.get("addToDetailDescriptionFlag") or entry.get("addToResolutionFlag"))
