"""ConnectWise PSA (Manage), by its REST interface 3.0, pinned to one version of its models.

It is known from the vendor's developer guide and from clients of others. What those leave open is an option of the
connection, or is asked in a way that works either way.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from resolutionflow.core import outgoing_http
from resolutionflow.core.work import GiveUp, Later, Unknown
from sessions_app.psa import connectwise_time
from sessions_app.psa.connectwise_answers import NONSENSE, SEEN_IN, as_technician, as_time, listed, named, shows
from sessions_app.psa.provider import Credential, NoSuchTicket, Option, Provider, as_object
from sessions_app.psa.ticket import Technician, TextPart, Ticket, TimeEntry

VERSION = "2025.16"
ON_PREMISE = "v4_6_release/"
CLOUD = (".myconnectwise.net", ".connectwisedev.com")  # the vendor's own domains
PAGE, PAGES = 50, 10  # notes or time entries of a ticket looked through for a marker, newest first
MEMBERS = 200  # technicians in one answer
LONGEST_URL = 2_000  # the vendor's advice
KEYS = (
    "ConnectWise PSA answers “not found”, as it may to keys that it does not take. Check company, keys and client ID."
)

_KEEP, _MARK = "keep", "mark"
_BILLABLE = ("Billable", "DoNotBill", "NoCharge", "NoDefault")
_PROJECT = "/project/tickets/"

# What is or may be more than itself in a condition: quotes, an escape, wildcards and their brackets. How a quote within
# quotes is written is nowhere documented.
_LOOSE = re.compile(r"""["'\\*%\[\]]+""")

# What is asked of tickets found by a search: all of it would be 4 KB each.
_FOUND = (
    "id,summary,board,company,contact,contactName,contactPhoneNumber,contactPhoneExtension,contactEmailAddress,"
    "status,closedFlag,owner,requiredDate,mergedParentTicket"
)

T = TypeVar("T")


class ConnectWise(Provider):
    label = "ConnectWise PSA"
    fields = (
        Credential("company", "Company", secret=False, help="The company name typed when signing in."),
        Credential("public_key", "Public key", secret=False),
        Credential(
            "private_key",
            "Private key",
            help="Both keys are of an API member (System, Members). Its security role needs, at level All: to inquire "
            "Company Maintenance, Configurations, Member Maintenance and Table Setup; to add, edit and inquire Service "
            "Tickets, and Project Tickets where there are any; to edit Close Service Tickets; to add and inquire Time "
            "Entry, and to edit Time Entry Billable Option where that is chosen here.",
        ),
        Credential("client_id", "Client ID", secret=False, help="From developer.connectwise.com."),
    )
    options = (
        Option("note_length", "Longest note", "4000", help="In characters. A longer note goes in parts."),
        Option(
            "lines", "Line ends", _KEEP, help="“mark” where notes are shown as one paragraph: a dot ends each line."
        ),
        Option(
            "billable",
            "Time is booked as",
            help="Billable, DoNotBill, NoCharge or NoDefault. Empty: as the ticket's agreement and work type say.",
        ),
    )
    base_url_help = "Where people sign in, such as https://na.myconnectwise.net"
    takes_path = False  # what is asked first, companyinfo, is always at the top
    calls_per_minute = 500  # half of what the vendor lets one company make: other programs call it, too
    names_author = shows_time = True
    busy_seconds = 30  # what the vendor's own example waits
    absent = "has no such ticket, or does not take the keys in the settings: it may say “not found” to both."

    def check(self) -> str:
        self.check_options()
        try:
            version = as_object(self.read("/system/info")).get("version")
        except NoSuchTicket as error:
            raise GiveUp(KEYS) from error
        if not version:
            raise GiveUp("There is no ConnectWise PSA at this address.")
        return f"{self.label} {version}"

    def ticket(self, ticket_id: str) -> Ticket:
        """Three calls: its facts, its first note, the device on it."""
        at, found = self._known(ticket_id)
        text = str(found.get("initialDescription") or "") or self._first_note(at)
        return self._ticket(found, description=text, device=self._device(at))

    def standing(self, ticket_id: str) -> Ticket:
        return self._ticket(self._known(ticket_id)[1])

    def search(self, words: str, limit: int = 10) -> list[Ticket]:
        """Asks for what stands between characters that may mean more; compares the titles with the words."""
        wanted = words.split()
        pieces = dict.fromkeys(piece for word in wanted for piece in _LOOSE.split(word) if piece)
        conditions = " and ".join(["closedFlag=false", *(f'summary contains "{piece}"' for piece in pieces)])
        found = [self._ticket(item) for item in self._matching(conditions) if item.get("id")]
        return [one for one in found if all(word.lower() in one.title.lower() for word in wanted)][:limit]

    def post_note(self, ticket_id: str, part: TextPart, *, author: str = "") -> str:
        """Posts it as internal in so many words: the customer sees notes of other kinds, and is mailed about them."""
        return self._say(ticket_id, part, author, is_public=False)

    def post_public_note(self, ticket_id: str, part: TextPart, *, author: str = "") -> str:
        """Posts it to the discussion. Whom the board notifies of one is told, as if a technician had written it."""
        return self._say(ticket_id, part, author, is_public=True)

    def find_note(self, ticket_id: str, marker: str, *, internal: bool = True) -> str | None:
        """Reads the newest notes and looks for the marker: a search for text in notes is not documented."""
        asked = {"fields": f"id,text,{','.join(SEEN_IN)}"}
        found = self._at(ticket_id, lambda at: self._marked(f"{at}/notes", asked, "text", marker))
        return self._of_kind(found, internal=internal) if found else None

    def statuses(self, ticket_id: str) -> list[str]:
        return [str(one["name"]) for one in self._statuses(self._known(ticket_id)[1])]

    def set_status(self, ticket_id: str, status: str) -> bool:
        """Replaces the whole reference: otherwise a 200 may have changed nothing. What the board mails for a status
        goes out, as if a technician had set it."""
        at, found = self._known(ticket_id)
        if named(found.get("status")).lower() == status.lower():
            return False
        ids = {str(one["name"]).lower(): one["id"] for one in self._statuses(found)}
        if status.lower() not in ids:
            raise GiveUp(f"The board {named(found.get('board'))} has no status “{status}”.")
        now = named(self._replaced(at, "status", {"id": ids[status.lower()]}).get("status"))
        if now.lower() != status.lower():
            raise GiveUp(f"{self.label} said yes and left the status at {now or 'none'}.")
        return True

    def technicians(self, emails: Iterable[str] = ()) -> list[Technician]:
        """Its active members, but for those that are keys of programs."""
        asked = {
            "conditions": "inactiveFlag=false",
            "orderBy": "identifier",
            "fields": "id,identifier,firstName,lastName,inactiveFlag,licenseClass,primaryEmail,officeEmail",
        }
        members = [one for one in self._all("/system/members", asked, MEMBERS) if one.get("identifier")]
        return [as_technician(one) for one in members if not one.get("inactiveFlag") and one.get("licenseClass") != "A"]

    def set_owner(self, ticket_id: str, technician: str) -> bool:
        at, found = self._known(ticket_id)
        if named(found.get("owner"), "identifier").lower() == technician.lower():
            return False
        now = named(self._replaced(at, "owner", {"identifier": technician}).get("owner"), "identifier")
        if now.lower() != technician.lower():
            raise GiveUp(f"{self.label} said yes and left the ticket with {now or 'nobody'}.")
        return True

    def add_time(self, ticket_id: str, entry: TimeEntry, *, technician: str = "") -> str:
        """Without a technician the time is the API member's."""
        self.check_options()
        at, found = self._known(ticket_id)
        text, of_project = self._lines(entry.text), at.startswith(_PROJECT)
        body = connectwise_time.time_body(entry, found["id"], text, of_project=of_project)
        if technician:
            body["member"] = {"identifier": technician}
        if billable := self.option("billable"):
            body["billableOption"] = billable
        made = as_object(self.write("/time/entries", body))
        if not isinstance(made.get("id"), int) or made.get("chargeToId") != found["id"]:
            raise Unknown(NONSENSE)
        return self._time_of_kind(made, internal=entry.internal)

    def find_time(self, ticket_id: str, marker: str, *, internal: bool = True) -> str | None:
        fields = f"id,notes,{','.join(connectwise_time.SEEN_IN)}"
        its = {"conditions": f"chargeToId={self.ticket_number(ticket_id)}", "fields": fields}
        found = self._marked("/time/entries", its, "notes", marker)
        return self._time_of_kind(found, internal=internal) if found else None

    def page(self, ticket_id: str) -> str:
        """The address by which others link a ticket, on the host for people."""
        if not ticket_id.isdecimal():
            return ""
        site = urlsplit(self.base_url)
        path = f"/{ON_PREMISE}services/system_io/Service/fv_sr100_request.rails"
        return urlunsplit((site.scheme, site.netloc.removeprefix("api-"), path, f"service_recid={ticket_id}", ""))

    def parts(self, text: str, marker: str, subject: str = TextPart.subject) -> list[TextPart]:
        self.check_options()
        return super().parts(self._lines(text), marker, subject)

    @property
    def longest_note(self) -> int:
        return int(self.option("note_length"))

    # its dialect

    def check_options(self) -> None:
        length, billable = self.option("note_length"), self.option("billable")
        if not (length.isascii() and length.isdecimal() and 200 <= int(length) <= 100_000):
            raise GiveUp("The longest note is a number of characters from 200 to 100000.")
        if self.option("lines") not in (_KEEP, _MARK):
            raise GiveUp("Line ends are “keep” or “mark”.")
        if billable and billable not in _BILLABLE:
            raise GiveUp(f"Time is booked as {', '.join(_BILLABLE[:-1])} or {_BILLABLE[-1]}.")

    def _lines(self, text: str) -> str:
        """The text, with a dot at the end of each line where the connection says that line ends do not show."""
        return text if self.option("lines") == _KEEP else re.sub(r"(?<=\S)[ \t]*\n", " ·\n", text)

    def _at(self, ticket_id: str, call: Callable[[str], T]) -> T:
        """What `call` gives at the ticket's address: that of a service ticket or, where there is none, of a project's.
        A 404 has changed nothing, so that this holds for writing, too."""
        number = self.ticket_number(ticket_id)
        try:
            return call(f"/service/tickets/{number}")
        except NoSuchTicket as absent:
            try:
                return call(f"{_PROJECT}{number}")
            except GiveUp:  # none there, either, or our user may see no projects: the first answer says more
                raise absent from None

    def _known(self, ticket_id: str) -> tuple[str, dict[str, Any]]:
        return self._at(ticket_id, lambda at: (at, self._one(at)))

    def _one(self, path: str) -> dict[str, Any]:
        found = as_object(self.read(path))
        if not isinstance(found.get("id"), int):
            raise Later(NONSENSE)
        return found

    def _replaced(self, at: str, field: str, reference: dict[str, Any]) -> dict[str, Any]:
        """The ticket as it is after the change: its answer may show what is not stored."""
        self.write(at, [{"op": "replace", "path": field, "value": reference}], method="PATCH")
        return self._one(at)

    def _say(self, ticket_id: str, part: TextPart, author: str, *, is_public: bool) -> str:
        body: dict[str, Any] = {
            "text": self.as_posted(part).text,
            "internalAnalysisFlag": not is_public,
            "detailDescriptionFlag": is_public,
            "resolutionFlag": False,
            "processNotifications": is_public,
            "customerUpdatedFlag": False,
        }
        if author:
            body["member"] = {"identifier": author}
        made = as_object(self._at(ticket_id, lambda at: self.write(f"{at}/notes", body)))
        try:
            return self._of_kind(made, internal=not is_public)
        except Later as error:
            raise Unknown(str(error)) from error

    def _of_kind(self, note: dict[str, Any], *, internal: bool) -> str:
        """The id of this note; WrongKind where its flags are not those of this kind."""
        if not isinstance(note.get("id"), int) or not any(isinstance(note.get(name), bool) for name in SEEN_IN):
            raise Later(NONSENSE)
        if shows(note) is internal:
            raise self.wrong_kind(str(note["id"]), internal=internal)
        return str(note["id"])

    def _time_of_kind(self, entry: dict[str, Any], *, internal: bool) -> str:
        if connectwise_time.shows_time(entry) is internal:
            raise self.wrong_kind(str(entry["id"]), internal=internal, what="time entry")
        return str(entry["id"])

    def _first_note(self, at: str) -> str:
        """The text that the ticket began with: the oldest note of its discussion."""
        notes = self._items(f"{at}/notes", {"orderBy": "id asc", "pageSize": str(PAGE)})
        return next((str(one.get("text") or "") for one in notes if one.get("detailDescriptionFlag")), "")

    def _device(self, at: str) -> str:
        """The first configuration on the ticket; "" where there is none, or our user may not see them."""
        try:
            devices = self._items(f"{at}/configurations", {"orderBy": "id asc", "pageSize": str(PAGE)})
        except GiveUp:
            return ""
        return next((str(one["deviceIdentifier"]) for one in devices if one.get("deviceIdentifier")), "")

    def _statuses(self, ticket: dict[str, Any]) -> list[dict[str, Any]]:
        """The statuses of its board that are in use, in the board's order."""
        board = (ticket.get("board") or {}).get("id")
        if not isinstance(board, int):
            raise Later(NONSENSE)
        found = self._all(f"/service/boards/{board}/statuses", {"orderBy": "sortOrder"}, PAGE)
        return [one for one in found if one.get("name") and one.get("id") and not one.get("inactive")]

    def _matching(self, conditions: str) -> list[dict[str, Any]]:
        """The newest tickets that meet these; asked by POST where the address would get too long."""
        asked = {"conditions": conditions, "orderBy": "id desc", "fields": _FOUND, "pageSize": str(PAGE)}
        if len(f"{self.url('/service/tickets')}?{urlencode(asked, quote_via=quote)}") <= LONGEST_URL:
            return self._items("/service/tickets", asked)
        query = urlencode({name: asked.pop(name) for name in ("fields", "pageSize")})
        try:
            return listed(self.write(f"/service/tickets/search?{query}", asked))
        except Unknown as error:  # a question, whatever its method: it can be asked again
            raise Later(str(error)) from error

    def _marked(self, path: str, asked: Mapping[str, str], field: str, marker: str) -> dict[str, Any] | None:
        """The newest of these that has the marker in its text."""
        for one in self._all(path, {"orderBy": "id desc", **asked}, PAGE, PAGES):
            if f"[rf:{marker}]" in str(one.get(field) or ""):
                return one
        return None

    def _all(self, path: str, asked: Mapping[str, str], size: int, pages: int = 100) -> Iterator[dict[str, Any]]:
        """Page by page, as far as they are wanted. What is not among them is absent only if they have an end."""
        for page in range(1, pages + 1):
            items = self._items(path, {**asked, "pageSize": str(size), "page": str(page)})
            yield from (one for one in items if one)
            if len(items) < size:
                return
        raise GiveUp(
            f"{self.label} has more than {size * pages} {path.rpartition('/')[2]} there: too many to look through."
        )

    def _items(self, path: str, asked: Mapping[str, str]) -> list[dict[str, Any]]:
        return listed(self.read(path, params=asked))

    def _ticket(self, item: dict[str, Any], *, description: str = "", device: str = "") -> Ticket:
        phone, extension = str(item.get("contactPhoneNumber") or ""), item.get("contactPhoneExtension")
        number = str(item.get("id") or "")
        return Ticket(
            number,
            str(item.get("summary") or ""),
            description=description,
            client=named(item.get("company")),
            contact=str(item.get("contactName") or "") or named(item.get("contact")),
            phone=f"{phone} ext. {extension}" if phone and extension else phone,
            email=str(item.get("contactEmailAddress") or ""),
            device=device,
            queue=named(item.get("board")),
            status=named(item.get("status")),
            is_closed=item.get("closedFlag") is True,
            owner=named(item.get("owner")) or named(item.get("owner"), "identifier"),
            due_at=as_time(item.get("requiredDate")),
            merged_into=named(item.get("mergedParentTicket"), "id"),
            link=self.page(number),
        )

    # where it is, and how one speaks to it

    def url(self, path: str) -> str:
        return f"{self._api}{path}"

    @cached_property
    def _api(self) -> str:
        """The address of the API now. Its path changes with every upgrade, so it is asked for each time."""
        company = quote(str(self.credentials.get("company", "")), safe="")
        try:
            answer = self.request("GET", f"{self.base_url}/login/companyinfo/{company}")
        except Unknown as error:
            raise Later(str(error)) from error
        if answer.status == 429 or answer.status >= 500:
            after = answer.retry_after or self.busy_seconds
            raise Later("ConnectWise PSA does not say where this company is.", after=after)
        found = answer.json()
        if not answer.is_success or not isinstance(found, dict) or not found.get("Codebase"):
            raise GiveUp("ConnectWise PSA does not know this company. Check the address and the company's name.")
        codebase = str(found["Codebase"]).strip("/") + "/"
        return f"{self._origin(codebase)}/{quote(codebase)}apis/3.0"

    def _origin(self, codebase: str) -> str:
        """The API's scheme and host; in the cloud it has a host of its own: api-na for na. Elsewhere a host with “api-”
        in front may be anybody's, and would be sent the keys."""
        if codebase == ON_PREMISE or self.host.startswith("api-"):
            return self.base_url
        if not self.host.endswith(CLOUD):
            raise GiveUp(
                f"{self.host} does not say where its REST interface is. Type that host: it begins with “api-”."
            )
        address = urlsplit(self.base_url)
        return urlunsplit((address.scheme, f"api-{address.netloc}", "", "", ""))

    def headers(self) -> dict[str, str]:
        told = self.credentials
        key = f"{told.get('company', '')}+{told.get('public_key', '')}:{told.get('private_key', '')}"
        return {
            "Authorization": f"Basic {base64.b64encode(key.encode()).decode()}",
            "clientId": str(told.get("client_id", "")),
            "Accept": f"application/vnd.connectwise.com+json; version={VERSION}",
        }

    def status(self, answer: outgoing_http.OutgoingResponse) -> int:
        """What its security role does not allow is refused by other statuses than 403, too: by its code it is known,
        and nothing was stored."""
        is_forbidden = as_object(answer).get("code") == "Security" and answer.status >= 400
        return 403 if is_forbidden and answer.status != 401 else answer.status

    def reason(self, answer: outgoing_http.OutgoingResponse) -> str:
        """Why it refused: the inner messages say what is wrong, the outer one is general."""
        found = as_object(answer)
        inner = [str(error.get("message", "")) for error in found.get("errors") or [] if isinstance(error, dict)]
        return " ".join([str(found.get("message") or ""), *inner])
