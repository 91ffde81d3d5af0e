"""Request Tracker 5 by its REST2 interface. A comment is internal; a correspondence goes to the requestor."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from resolutionflow.core import outgoing_http
from resolutionflow.core.work import GiveUp, Later, Unknown
from sessions_app.psa.provider import Credential, NoSuchTicket, Option, Provider, as_object
from sessions_app.psa.ticket import Technician, TextPart, Ticket, TimeEntry

_TRANSACTION = re.compile(r"/transaction/(\d+)/?\Z")
_NOBODY = "Nobody"
_NOT_SET = datetime(1970, 1, 2, tzinfo=UTC)  # a time before this is none
_DELETED = "deleted"
PAGE, PAGES = 100, 20  # RT gives at most 100 of anything at once
_CLOSED = ("resolved", "rejected", _DELETED)  # of the lifecycle that a new queue has

_PLAINLY = {
    "Message could not be recorded": "there is no such ticket.",
    "Permission Denied": "there is no such ticket, or its user may not comment on it.",
}

# What is asked of a ticket in one call. A ticket by its own address would have each of them asked for apart.
_FIELDS = {
    "fields": "Subject,Status,Due,Queue,Owner,Requestor,CustomFields",
    "fields[Queue]": "Name",
    "fields[Owner]": "Name,RealName",
    "fields[Requestor]": "RealName,EmailAddress,Organization,WorkPhone,MobilePhone",
}

NONSENSE = "Request Tracker's answer makes no sense."


class RequestTracker(Provider):
    label = "Request Tracker"
    fields = (
        Credential(
            "token",
            "Token",
            help="Made in Request Tracker under Settings, Auth Tokens. Its user needs the rights SeeQueue, ShowTicket, "
            "ShowTicketComments (without it a note cannot be found again) and CommentOnTicket, ReplyToTicket for "
            "public notes, ModifyTicket for status and time, ReassignTicket for the owner. "
            "Whoever is to own tickets needs OwnTicket.",
        ),
    )
    options = (
        Option("device_field", "Custom field with the device", help="Empty: tickets name no device."),
        Option("closed", "Statuses that close a ticket", ", ".join(_CLOSED), help="Separated by commas."),
    )
    base_url_help = "Where people open Request Tracker, such as https://rt.example.com"

    def check(self) -> str:
        version = as_object(self.read("/rt")).get("Version")
        if not version:
            raise GiveUp("There is no Request Tracker at this address.")
        return f"{self.label} {version}"

    def ticket(self, ticket_id: str) -> Ticket:
        """Three calls: its number, which is another's where it was merged; its facts; the text it began with."""
        number = self.ticket_number(ticket_id)
        now = str(self._known(number)["id"])
        items = self._found(f"id = {now}")
        if len(items) != 1:
            raise NoSuchTicket(f"{self.label} does not show ticket {now} to our user. Check the rights of its user.")
        first = self._items("/ticket/" + now + "/attachments", {"fields": "Content,ContentType", "per_page": "1"})
        text = next((str(one.get("Content") or "") for one in first if one.get("ContentType") == "text/plain"), "")
        return self._ticket(items[0], number=number, description=text, merged_into=now if now != number else "")

    def standing(self, ticket_id: str) -> Ticket:
        number = self.ticket_number(ticket_id)
        found = self._known(number)
        now = str(found["id"])
        return self._ticket(found, number=number, merged_into=now if now != number else "")

    def search(self, words: str, limit: int = 10) -> list[Ticket]:
        said = " AND ".join(f"Subject LIKE '{_quoted(word)}'" for word in words.split())
        if not said:
            return []
        found = [self._ticket(item) for item in self._found(f"Status = '__Active__' AND {said}", limit)]
        # RT takes % and _ for whatever stands there.
        return [one for one in found if all(word.lower() in one.title.lower() for word in words.split())]

    def post_note(self, ticket_id: str, part: TextPart, *, author: str = "") -> str:
        return self._say("comment", ticket_id, self.as_posted(part).subject, part.text)

    def post_public_note(self, ticket_id: str, part: TextPart, *, author: str = "") -> str:
        return self._say("correspond", ticket_id, self.as_posted(part).subject, part.text)

    def find_note(self, ticket_id: str, marker: str, *, internal: bool = True) -> str | None:
        """Looks in the subjects of what was said, which RT keeps as Data: it does not index texts by default. What was
        said before a merge stays with the old number; what is said at that number since then is the other ticket's."""
        number = self.ticket_number(ticket_id)
        where = f"(TicketId = {number} OR TicketId = {self._known(number)['id']})"
        said = "(Type = 'Comment' OR Type = 'Correspond')"
        query = f"{where} AND {said} AND Subject LIKE '{marker}'"
        for item in self._items("/transactions", {"query": query, "fields": "Data,Type"}):
            if f"[rf:{marker}]" in str(item.get("Data", "")):
                if item.get("Type") != ("Comment" if internal else "Correspond"):
                    raise self.wrong_kind(str(item["id"]), internal=internal)
                return str(item["id"])
        return None

    def statuses(self, ticket_id: str) -> list[str]:
        """The ticket's own, and those that its lifecycle leads to from there."""
        found = self._known(self.ticket_number(ticket_id))
        ways = [link for link in found.get("_hyperlinks") or [] if link.get("ref") == "lifecycle"]
        names = [str(found.get("Status") or ""), *(str(way.get("to") or "") for way in ways)]
        return [name for name in dict.fromkeys(names) if name]

    def set_status(self, ticket_id: str, status: str) -> bool:
        """RT answers 200 to what it does not do, and says so in a sentence."""
        return self._set(ticket_id, "Status", status)

    def technicians(self, emails: Iterable[str] = ()) -> list[Technician]:
        """RT lists its requestors among its users, thousands of them: only those at the hosts of `emails`."""
        hosts = {email.rpartition("@")[2].lower() for email in emails}
        asked = {"fields": "Name,RealName,EmailAddress,Disabled", "orderby": "id", "per_page": str(PAGE)}
        found = []
        for host in sorted(hosts):
            body = [{"field": "EmailAddress", "operator": "ENDSWITH", "value": f"@{host}"}]
            found += self._all("/users", {"query": json.dumps(body), **asked})
        return [
            Technician(str(one["Name"]), str(one.get("RealName") or one["Name"]), str(one.get("EmailAddress") or ""))
            for one in found
            if str(one.get("Disabled") or "0") == "0" and one.get("Name")
        ]

    def set_owner(self, ticket_id: str, technician: str) -> bool:
        return self._set(ticket_id, "Owner", technician)

    def add_time(self, ticket_id: str, entry: TimeEntry, *, technician: str = "") -> str:
        """Time is booked with a comment of its own, which the client does not see."""
        return self._say("comment", ticket_id, f"Time [rf:{entry.marker}]", entry.text, TimeTaken=entry.minutes)

    def find_time(self, ticket_id: str, marker: str, *, internal: bool = True) -> str | None:
        return self.find_note(ticket_id, marker)

    def page(self, ticket_id: str) -> str:
        site = self.base_url.removesuffix("/REST/2.0")
        return f"{site}/Ticket/Display.html?id={ticket_id}" if ticket_id.isdecimal() else ""

    # its dialect

    def as_posted(self, part: TextPart) -> TextPart:
        return replace(part, subject=f"{part.subject} [rf:{part.marker}]")

    def _say(self, how: str, ticket_id: str, subject: str, text: str, **more: Any) -> str:
        """Comment or correspond, with the marker in the subject. RT answers 400 to what is wrong with it, and gives its
        id in Location. It takes what is said of a deleted ticket, where nobody reads it."""
        number = self.ticket_number(ticket_id)
        self._must_exist(self._known(number))
        body = {"Subject": subject, "Content": text, "ContentType": "text/plain", **more}
        answer = self.write(f"/ticket/{number}/{how}", body)
        landed = _TRANSACTION.search(answer.headers.get("location", ""))
        if answer.status != 201 or landed is None or not isinstance(answer.json(), list):
            raise Unknown(NONSENSE)
        return landed[1]

    def _set(self, ticket_id: str, field: str, value: str) -> bool:
        """Set this field of the ticket, and read it back; what RT said is told without the ticket's number. RT would
        bring a deleted ticket back."""
        number = self.ticket_number(ticket_id)
        known = self._known(number)
        if _is(known.get(field), value):
            return False
        self._must_exist(known)
        said = self.write(f"/ticket/{number}", {field: value}, method="PUT").json()
        if not isinstance(said, list):
            raise Unknown(NONSENSE)
        if not _is(self._known(number).get(field), value):
            words = " ".join(str(line).removeprefix(f"Ticket {number}: ") for line in said)
            raise GiveUp(f"{self.label} says: {words or 'nothing was changed.'}")
        return True

    def _must_exist(self, known: dict[str, Any]) -> None:
        if _is(known.get("Status"), _DELETED):
            raise NoSuchTicket(f"This ticket was deleted in {self.label}.")

    def _known(self, number: str) -> dict[str, Any]:
        found = as_object(self.read(f"/ticket/{number}"))
        if "id" not in found:
            raise Later(NONSENSE)
        return found

    def _found(self, query: str, limit: int = 1) -> list[dict[str, Any]]:
        newest = {"orderby": "LastUpdated", "order": "DESC", "per_page": str(limit)}
        return self._items("/tickets", {"query": query, **_FIELDS, **newest})

    def _all(self, path: str, params: dict[str, str]) -> list[dict[str, Any]]:
        """Page by page, to the last one where RT says which that is, else to an empty one: what our user may not see
        is left out of a page once it is cut."""
        found: list[dict[str, Any]] = []
        for page in range(1, PAGES + 1):
            answer = as_object(self.read(path, params={**params, "page": str(page)}))
            items = self._listed(answer)
            found += items
            if not items or page == answer.get("pages"):
                return found
        raise GiveUp(f"{self.label} has more than {PAGE * PAGES} {path.strip('/')} there: too many to look through.")

    def _items(self, path: str, params: dict[str, str]) -> list[dict[str, Any]]:
        return self._listed(as_object(self.read(path, params=params)))

    def _listed(self, answer: dict[str, Any]) -> list[dict[str, Any]]:
        items = answer.get("items")
        if not isinstance(items, list):
            raise Later(NONSENSE)
        return [item for item in items if isinstance(item, dict)]

    def _ticket(
        self, item: dict[str, Any], *, number: str = "", description: str = "", merged_into: str = ""
    ) -> Ticket:
        number = number or str(item["id"])
        requestors = item.get("Requestor") or [{}]
        who = requestors[0] if isinstance(requestors, list) else {}
        owner = item.get("Owner") or {}
        status = str(item.get("Status") or "")
        return Ticket(
            number,
            str(item.get("Subject") or ""),
            description=description,
            client=str(who.get("Organization") or ""),
            contact=str(who.get("RealName") or ""),
            phone=str(who.get("WorkPhone") or who.get("MobilePhone") or ""),
            email=str(who.get("EmailAddress") or ""),
            device=self._device(item.get("CustomFields")),
            queue=str((item.get("Queue") or {}).get("Name") or ""),
            status=status,
            is_closed=status.lower() in [name.strip().lower() for name in self.option("closed").split(",")],
            owner=str(owner.get("RealName") or owner.get("Name") or "") if owner.get("id") != _NOBODY else "",
            due_at=_time(item.get("Due")),
            merged_into=merged_into,
            link=self.page(number),
        )

    def _device(self, fields: Any) -> str:
        wanted = self.option("device_field").lower()
        for field in fields if isinstance(fields, list) else []:
            if wanted and str(field.get("name", "")).lower() == wanted:
                return str(next(iter(field.get("values") or []), ""))
        return ""

    def url(self, path: str) -> str:
        return f"{self.base_url.removesuffix('/REST/2.0')}/REST/2.0{path}"

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"token {self.credentials.get('token', '')}", "Accept": "application/json"}

    def reason(self, answer: outgoing_http.OutgoingResponse) -> str:
        """What RT said, without what follows " at /": there Perl names files of the server."""
        said = str(as_object(answer).get("message") or "").split(" at /")[0]
        return _PLAINLY.get(said, said)


def _is(now: Any, value: str) -> bool:
    """Whether this field of a ticket, which may be a person, has this value."""
    return str(now.get("id", "") if isinstance(now, dict) else now or "").lower() == value.lower()


def _quoted(word: str) -> str:
    return word.replace("\\", "\\\\").replace("'", "\\'")


def _time(value: Any) -> datetime | None:
    """RT's time; None where it says that none is set, by the first second of 1970."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found >= _NOT_SET else None
