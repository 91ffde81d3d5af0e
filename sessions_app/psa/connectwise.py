"""ConnectWise PSA (Manage), by its REST interface 3.0, pinned to one version of its models."""

from __future__ import annotations

import base64
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from resolutionflow.core import outgoing_http
from resolutionflow.core.work import GiveUp, Later, Unknown
from sessions_app.psa.provider import Credential, Provider, as_object
from sessions_app.psa.ticket import TextPart, Ticket

VERSION = "2025.16"
ON_PREMISE = "v4_6_release/"
PAGE, PAGES = 50, 10  # notes of a ticket looked through for a marker, newest first


class ConnectWise(Provider):
    label = "ConnectWise PSA"
    fields = (
        Credential("company", "Company", secret=False, help="The company name typed when signing in."),
        Credential("public_key", "Public key", secret=False),
        Credential("private_key", "Private key"),
        Credential("client_id", "Client ID", secret=False, help="From developer.connectwise.com."),
    )
    base_url_help = "Where people sign in, such as https://na.myconnectwise.net"
    takes_path = False  # what is asked first, companyinfo, is always at the top
    note_length = 4_000  # the vendor names no limit; others met trouble above this
    names_author = True

    def check(self) -> str:
        version = as_object(self.read("/system/info")).get("version")
        if not version:
            raise GiveUp("There is no ConnectWise PSA at this address.")
        return f"{self.label} {version}"

    def ticket(self, ticket_id: str) -> Ticket:
        found = as_object(self.read(f"/service/tickets/{self.ticket_number(ticket_id)}"))
        if "id" not in found:
            raise Later("ConnectWise PSA's answer makes no sense.")
        status = found.get("status") or {}
        return Ticket(str(found["id"]), str(found.get("summary") or ""), str(status.get("name") or ""))

    def post_note(self, ticket_id: str, part: TextPart, *, author: str = "") -> str:
        """Posts it as internal in so many words: the customer sees notes of other kinds, and is mailed about them."""
        body: dict[str, Any] = {
            "text": f"{part.text}\n[rf:{part.marker}]",
            "internalAnalysisFlag": True,
            "detailDescriptionFlag": False,
            "resolutionFlag": False,
            "processNotifications": False,
            "customerUpdatedFlag": False,
        }
        if author:
            body["member"] = {"identifier": author}
        made = as_object(self.write(self._notes(ticket_id), body))
        if not isinstance(made.get("id"), int) or made.get("internalAnalysisFlag") is not True:
            raise Unknown("ConnectWise PSA's answer makes no sense.")
        return str(made["id"])

    def find_note(self, ticket_id: str, marker: str) -> str | None:
        """Reads the newest notes and looks for the marker: a search for text in notes is not documented."""
        for page in range(1, PAGES + 1):
            newest = {"orderBy": "id desc", "pageSize": str(PAGE), "page": str(page)}
            notes = self.read(self._notes(ticket_id), params=newest).json()
            if not isinstance(notes, list):
                raise Later("ConnectWise PSA's answer makes no sense.")
            for note in notes:
                if f"[rf:{marker}]" in str(note.get("text", "")):
                    return str(note["id"])
            if len(notes) < PAGE:
                break
        return None

    def _notes(self, ticket_id: str) -> str:
        return f"/service/tickets/{self.ticket_number(ticket_id)}/notes"

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
            raise Later("ConnectWise PSA does not say where this company is.", after=answer.retry_after)
        found = answer.json()
        if not answer.is_success or not isinstance(found, dict) or not found.get("Codebase"):
            raise GiveUp("ConnectWise PSA does not know this company. Check the address and the company's name.")
        codebase = str(found["Codebase"]).strip("/") + "/"
        return f"{self._origin(codebase)}/{quote(codebase)}apis/3.0"

    def _origin(self, codebase: str) -> str:
        """The API's scheme and host; in the cloud it has a host of its own: api-na for na."""
        if codebase == ON_PREMISE or self.host.startswith("api-"):
            return self.base_url
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

    def reason(self, answer: outgoing_http.OutgoingResponse) -> str:
        """Why it refused: the inner messages say what is wrong, the outer one is general."""
        found = as_object(answer)
        inner = [str(error.get("message", "")) for error in found.get("errors") or [] if isinstance(error, dict)]
        return " ".join([str(found.get("message") or ""), *inner])
