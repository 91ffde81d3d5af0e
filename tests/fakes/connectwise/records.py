"""The records it begins with, by the names and types of the vendor's models 2025.16."""

from __future__ import annotations

from typing import Any

TICKET = "5001"
INFO = {"lastUpdated": "2026-11-23T03:00:00Z", "updatedBy": "APIMember"}


def reference(record: dict[str, Any], *names: str) -> dict[str, Any]:
    """A record as another names it."""
    return {name: record[name] for name in ("id", *names)} | {"_info": {"href": f"https://cw.example/{record['id']}"}}


def member(number: int, identifier: str, first: str, last: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "identifier": identifier,
        "firstName": first,
        "lastName": last,
        "name": f"{first} {last}",
        "inactiveFlag": False,
        "licenseClass": "F",
        "defaultEmail": "Office",
        "defaultPhone": "Office",
        "primaryEmail": None,
        "officeEmail": f"{identifier}@harbour.example",
        "mobileEmail": None,
        "homeEmail": None,
        "timeZone": {"id": 1, "name": "Europe/Copenhagen"},
        "securityRole": {"id": 63, "name": "Technician"},
        "agreementInvoicingDisplayOptions": "RemainOnInvoicingScreen",
        "invoiceScreenDefaultTabFormat": "ShowInvoicingTab",
        "invoicingDisplayOptions": "RemainOnInvoicingScreen",
        "invoiceTimeTabFormat": "SummaryList",
        "companyActivityTabFormat": "SummaryList",
        "_info": INFO,
        **more,
    }


def members() -> list[dict[str, Any]]:
    return [
        member(12, "atech", "Anna", "Tech"),
        member(13, "ana", "Ana", "Petrov", primaryEmail="ana@harbour.example", officeEmail=None),
        member(14, "leaver", "Lars", "Leaver", inactiveFlag=True),
        member(15, "robot", "API", "Member", licenseClass="A"),
    ]


def status(number: int, name: str, order: int, board: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "name": name,
        "board": {"id": board, "name": BOARDS[board]},
        "sortOrder": order,
        "displayOnBoard": True,
        "inactive": False,
        "closedStatus": False,
        "timeEntryNotAllowed": False,
        "defaultFlag": order == 0,
        "_info": INFO,
        **more,
    }


BOARDS = {1: "Help Desk", 2: "Projects"}


def statuses() -> list[dict[str, Any]]:
    return [
        status(502, "Done", 9, closedStatus=True),
        status(500, "New", 0),
        status(501, "In Progress", 1),
        status(503, "Old way", 5, inactive=True),
        status(600, "Planned", 0, board=2),
        status(601, "Built", 1, board=2, closedStatus=True),
    ]


def ticket(number: int, summary: str, **more: Any) -> dict[str, Any]:
    """A ticket whose unset fields are null, as they are there."""
    unset = (
        "contact contactName contactPhoneNumber contactPhoneExtension contactEmailAddress owner requiredDate "
        "mergedParentTicket parentTicketId closedDate closedBy resources siteName budgetHours agreement"
    )
    return {
        "id": number,
        "summary": summary,
        "recordType": "ServiceTicket",
        "board": {"id": 1, "name": "Help Desk"},
        "status": {"id": 500, "name": "New"},
        "company": {"id": 24, "identifier": "Lighthouse", "name": "Lighthouse Dental"},
        "closedFlag": False,
        "severity": "Medium",
        "impact": "Medium",
        **dict.fromkeys(unset.split()),
        "_info": INFO,
        **more,
    }


def tickets() -> list[dict[str, Any]]:
    full = ticket(
        int(TICKET),
        "VPN drops",
        contact={"id": 2, "name": "Mia Holm"},
        contactName="Mia Holm",
        contactPhoneNumber="8135156666",
        contactPhoneExtension="12",
        contactEmailAddress="mia@lighthouse.example",
        owner={"id": 12, "identifier": "atech", "name": "Anna Tech"},
        requiredDate="2026-12-01T16:00:00Z",
    )
    of_project = ticket(7001, "New firewall", recordType="ProjectTicket", board={"id": 2, "name": "Projects"})
    of_project |= {"status": {"id": 600, "name": "Planned"}, "project": {"id": 3, "name": "Move"}}
    return [full, of_project]


def note(number: int, ticket_id: int, *, text: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "ticketId": ticket_id,
        "text": text,
        "detailDescriptionFlag": False,
        "internalAnalysisFlag": False,
        "resolutionFlag": False,
        "issueFlag": False,
        "member": None,
        "contact": None,
        "customerUpdatedFlag": False,
        "processNotifications": False,
        "dateCreated": "2026-11-23T03:00:00Z",
        "createdBy": "APIMember",
        "internalFlag": bool(more.get("internalAnalysisFlag")),
        "externalFlag": bool(more.get("detailDescriptionFlag")),
        "_info": INFO,
        **more,
    }


def time_entry(number: int, company: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "company": company,
        "chargeToId": None,
        "chargeToType": "ServiceTicket",
        "member": None,
        "timeStart": None,
        "timeEnd": None,
        "actualHours": None,
        "billableOption": "Billable",
        "notes": "",
        "internalNotes": None,
        "addToDetailDescriptionFlag": False,
        "addToInternalAnalysisFlag": False,
        "addToResolutionFlag": False,
        "emailResourceFlag": False,
        "emailContactFlag": False,
        "emailCcFlag": False,
        "status": "Open",
        "enteredBy": "APIMember",
        "dateEntered": "2026-11-23T03:00:00Z",
        "_info": INFO,
        **more,
    }


def device(number: int, name: str) -> dict[str, Any]:
    return {"id": number, "deviceIdentifier": name, "_info": {"name": name}}
