"""Request Tracker 5 by its REST2 interface. A comment is internal; a correspondence would go to the requestor."""

from __future__ import annotations

import re
from typing import Any

from resolutionflow.core import outgoing_http
from resolutionflow.core.work import GiveUp, Later, Unknown
from sessions_app.psa.provider import Credential, Provider, TextPart, Ticket, ticket_number

_TRANSACTION = re.compile(r"/transaction/(\d+)/?\Z")

_PLAINLY = {
    "Message could not be recorded": "there is no such ticket.",
    "Permission Denied": "there is no such ticket, or its user may not comment on it.",
}


class RequestTracker(Provider):
    label = "Request Tracker"
    fields = (
        Credential(
            "token",
            "Token",
            help="Made in Request Tracker under Settings, Auth Tokens. Its user needs the rights SeeQueue, ShowTicket, "
            "ShowTicketComments (without it a note cannot be found again) and CommentOnTicket.",
        ),
    )
    base_url_help = "Where people open Request Tracker, such as https://rt.example.com"

    def check(self) -> str:
        version = _object(self.read("/rt")).get("Version")
        if not version:
            raise GiveUp("There is no Request Tracker at this address.")
        return f"{self.label} {version}"

    def ticket(self, ticket_id: str) -> Ticket:
        found = _object(self.read(f"/ticket/{ticket_number(ticket_id, self.label)}"))
        if "id" not in found:
            raise Later("Request Tracker's answer makes no sense.")
        return Ticket(str(found["id"]), str(found.get("Subject") or ""), str(found.get("Status") or ""))

    def post_note(self, ticket_id: str, part: TextPart, *, author: str = "") -> str:
        """Posts a comment with the marker in its subject. RT answers 400 to what is wrong with it, and gives its id in
        Location."""
        body = {"Subject": f"Handoff [rf:{part.marker}]", "Content": part.text, "ContentType": "text/plain"}
        answer = self.write(f"/ticket/{ticket_number(ticket_id, self.label)}/comment", body)
        landed = _TRANSACTION.search(answer.headers.get("location", ""))
        if answer.status != 201 or landed is None or not isinstance(answer.json(), list):
            raise Unknown("Request Tracker's answer makes no sense.")
        return landed[1]

    def find_note(self, ticket_id: str, marker: str) -> str | None:
        """Looks in the subjects of comments, which RT keeps as Data: it does not index the text of transactions by
        default."""
        query = f"TicketId = {ticket_number(ticket_id, self.label)} AND Type = 'Comment' AND Subject LIKE '{marker}'"
        items = _object(self.read("/transactions", params={"query": query, "fields": "Data"})).get("items")
        if not isinstance(items, list):
            raise Later("Request Tracker's answer makes no sense.")
        for item in items:
            if f"[rf:{marker}]" in str(item.get("Data", "")):
                return str(item["id"])
        return None

    def page(self, ticket_id: str) -> str:
        site = self.base_url.removesuffix("/REST/2.0")
        return f"{site}/Ticket/Display.html?id={ticket_id}" if ticket_id.isdecimal() else ""

    def url(self, path: str) -> str:
        return f"{self.base_url.removesuffix('/REST/2.0')}/REST/2.0{path}"

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"token {self.credentials.get('token', '')}", "Accept": "application/json"}

    def reason(self, answer: outgoing_http.OutgoingResponse) -> str:
        """What RT said, without what follows " at /": there Perl names files of the server."""
        said = str(_object(answer).get("message") or "").split(" at /")[0]
        return _PLAINLY.get(said, said)


def _object(answer: outgoing_http.OutgoingResponse) -> dict[str, Any]:
    found = answer.json()
    return found if isinstance(found, dict) else {}
