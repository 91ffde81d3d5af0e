"""What may be written: notes, time, and changes of a ticket; anything else is refused as the vendor does."""

from __future__ import annotations

import copy
import re
from datetime import datetime
from typing import Any

from tests.fakes.connectwise import records
from tests.fakes.connectwise.refusals import error, invalid

NOTE_FLAGS = ("internalAnalysisFlag", "detailDescriptionFlag", "resolutionFlag")
NOTE_FIELDS = {"text", "member", "processNotifications", "customerUpdatedFlag", *NOTE_FLAGS}
BILLABLE = ("Billable", "DoNotBill", "NoCharge", "NoDefault")
TIME_FLAGS = (
    "addToInternalAnalysisFlag", "addToDetailDescriptionFlag", "addToResolutionFlag",
    "emailContactFlag", "emailResourceFlag", "emailCcFlag",
)  # fmt: skip
TIME_FIELDS = {
    "chargeToId", "chargeToType", "timeStart", "timeEnd", "notes", "member", "billableOption", *TIME_FLAGS,
}  # fmt: skip
ESCAPED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def checked_note(note: Any, members: list[dict[str, Any]]) -> dict[str, Any]:
    """The note, as far as it is stored; 400 where it does not fit."""
    _only_fields("serviceNote", note, NOTE_FIELDS)
    if not isinstance(note.get("text"), str) or not note["text"].strip() or ESCAPED.search(note["text"]):
        raise invalid("serviceNote", "The text field is required.", "text")
    if len(note["text"]) > 4_000:
        raise invalid("serviceNote", "The text field is too long.", "text")
    if not any(note.get(flag) is True for flag in NOTE_FLAGS):
        message = "Please choose where to display the notes in order to save this record."
        raise invalid("serviceNote", message, "internalAnalysisFlag")
    return note | _by("serviceNote", note, members)


def checked_time(entry: Any, tickets: list[dict[str, Any]], members: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The whole record; None where there is no such ticket to book on, 400 where it does not fit."""
    _only_fields("timeEntry", entry, TIME_FIELDS)
    if any(not isinstance(entry.get(flag, False), bool) for flag in TIME_FLAGS):
        raise invalid("timeEntry", "A flag is true or false.")
    times = [entry.get("timeStart"), entry.get("timeEnd")]
    if not all(isinstance(one, str) and SECOND.fullmatch(one) for one in times) or times[0] >= times[1]:
        raise invalid("timeEntry", "timeStart and timeEnd are UTC, to the second.", "timeStart")
    if entry.get("billableOption", BILLABLE[0]) not in BILLABLE:
        raise invalid("timeEntry", "billableOption is invalid.", "billableOption")
    wanted = (entry.get("chargeToId"), entry.get("chargeToType"))
    for ticket in tickets:
        if (ticket["id"], ticket["recordType"]) == wanted:
            start, end = (datetime.fromisoformat(one) for one in times)
            hours = round((end - start).total_seconds() / 3600, 2)
            made = records.time_entry(0, ticket["company"], **{**entry, **_by("timeEntry", entry, members)})
            return made | {"actualHours": hours}
    return None


def patched(
    ticket: dict[str, Any], operations: Any, statuses: list[dict[str, Any]], members: list[dict[str, Any]]
) -> dict[str, Any]:
    """The ticket after the change; as it was, with no word of it, where a path leads inside a reference or is written
    in another case: the vendor warns of that."""
    if not isinstance(operations, list) or not all(isinstance(one, dict) for one in operations):
        raise error(400, "InvalidRequest", "A patch is an array of operations.")
    ticket = copy.deepcopy(ticket)
    for one in operations:
        if one.get("op") not in ("add", "replace", "remove"):
            raise error(400, "InvalidRequest", "op is invalid")
        path, value = one.get("path"), one.get("value")
        if path == "status":
            ticket |= _status(ticket, value, statuses)
        elif path == "owner":
            ticket["owner"] = _by("ticket", {"member": value}, members)["member"]
        elif path == "summary":
            ticket["summary"] = value
    return ticket


def _status(ticket: dict[str, Any], value: Any, statuses: list[dict[str, Any]]) -> dict[str, Any]:
    wanted = value if isinstance(value, dict) else {}
    for status in statuses:
        is_it = wanted.get("id") == status["id"] or ("id" not in wanted and wanted.get("name") == status["name"])
        if is_it and status["board"]["id"] == ticket["board"]["id"]:
            return {"status": records.reference(status, "name"), "closedFlag": status["closedStatus"]}
    raise invalid("ticket", "The status does not exist on this board.", "status")


def _by(resource: str, record: dict[str, Any], members: list[dict[str, Any]]) -> dict[str, Any]:
    """Its member as a whole reference; 400 where there is no active one of this name."""
    named = record.get("member")
    if named is None:
        return {}
    for member in members:
        is_it = named.get("identifier") == member["identifier"] or named.get("id") == member["id"]
        if is_it and not member["inactiveFlag"]:
            return {"member": records.reference(member, "identifier", "name")}
    raise invalid(resource, f"Member {named.get('identifier')} not found.", "member")


def _only_fields(resource: str, record: Any, fields: set[str]) -> None:
    if not isinstance(record, dict):
        raise error(400, "InvalidRequest", "Could not deserialize the request.")
    if unknown := set(record) - fields:
        raise invalid(resource, f"Unknown field {sorted(unknown)[0]}.", resource)
