"""The base class of ticket systems: four calls, and one way to say how each ended.

A call that returns has arrived: its answer was read and makes sense. Otherwise it raises GiveUp (refused, and why),
Later (not sent, or not now) or Unknown (sent, outcome unknown: look for the marker before posting again). No ticket
system has an idempotency key: the marker is ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import responses
from typing import Any, ClassVar
from urllib.parse import urlsplit

from resolutionflow.core import outgoing_http
from resolutionflow.core.text import as_id, cut, one_line
from resolutionflow.core.work import GiveUp, Later, Unknown


@dataclass(frozen=True)
class Credential:
    """One field of the settings form. A secret one is typed, stored encrypted and never shown again."""

    name: str
    label: str
    secret: bool = True
    help: str = ""


@dataclass(frozen=True)
class Ticket:
    id: str
    title: str
    status: str


@dataclass(frozen=True)
class TextPart:
    """A note, or a piece of a long one, and the marker by which it is found again."""

    text: str
    marker: str


class Provider:
    """The ticket system of one account. A subclass makes the calls of one product."""

    label: ClassVar[str]
    fields: ClassVar[tuple[Credential, ...]]
    base_url_help: ClassVar[str] = ""
    takes_path: ClassVar[bool] = True  # whether the address may go on after the host
    note_length: ClassVar[int] = 1_000_000  # characters the other side takes in one note

    def __init__(self, base_url: str, credentials: Mapping[str, Any]) -> None:
        self.base_url = base_url.rstrip("/")
        self.credentials = credentials

    # the four calls

    def check(self) -> str:
        """What answered, such as its version, when address and credentials work; else raises, with the reason."""
        raise NotImplementedError

    def ticket(self, ticket_id: str) -> Ticket:
        raise NotImplementedError

    def post_note(self, ticket_id: str, part: TextPart, *, author: str = "") -> str:
        """Post an internal note, about which nobody is mailed; returns its id in the ticket system."""
        raise NotImplementedError

    def find_note(self, ticket_id: str, marker: str) -> str | None:
        """The id of the note with this marker; None when the ticket has none."""
        raise NotImplementedError

    def page(self, ticket_id: str) -> str:
        """The address at which people read this ticket in a browser; "" where that is not known."""
        return ""

    # what the dialects share

    @classmethod
    def parts(cls, text: str, marker: str) -> list[TextPart]:
        """The note in pieces that this ticket system takes, cut between lines where possible."""
        room = cls.note_length - 40  # for "(12/34)" and the marker
        pieces: list[str] = []
        while text or not pieces:
            pieces.append(_head(text, room))
            text = text[len(pieces[-1]) :]
        if len(pieces) == 1:
            return [TextPart(pieces[0].strip(), marker)]
        return [
            TextPart(f"({number}/{len(pieces)})\n{piece.strip()}", f"{marker}-{number}")
            for number, piece in enumerate(pieces, start=1)
        ]

    def read(self, path: str, *, params: Mapping[str, str] | None = None) -> outgoing_http.OutgoingResponse:
        """A GET. Whatever goes wrong, it can safely be asked again."""
        try:
            return self._judged(outgoing_http.request("GET", self.url(path), headers=self.headers(), params=params))
        except Unknown as error:
            raise Later(str(error)) from error

    def write(self, path: str, body: Mapping[str, Any]) -> outgoing_http.OutgoingResponse:
        """A POST. The caller reads the answer, and raises Unknown where it makes no sense."""
        return self._judged(outgoing_http.request("POST", self.url(path), headers=self.headers(), body=body))

    def url(self, path: str) -> str:
        return f"{self.base_url}{path}"

    def headers(self) -> dict[str, str]:
        raise NotImplementedError

    def reason(self, answer: outgoing_http.OutgoingResponse) -> str:
        """What the other side said, for people; "" where they could not use it."""
        raise NotImplementedError

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or self.base_url

    def _judged(self, answer: outgoing_http.OutgoingResponse) -> outgoing_http.OutgoingResponse:
        if answer.is_success:
            return answer
        said = cut(one_line(self.reason(answer)), 200)
        if said == responses.get(answer.status):  # "Not Found" tells nobody anything
            said = ""
        label = self.label
        says = f"{label} says: {said}" if said else f"{label} answered {answer.status}."
        match answer.status:
            case 429:
                raise Later(f"{label} is busy and asked us to wait.", after=answer.retry_after)
            case 401:
                raise GiveUp(f"{label} does not accept the credentials. Check them in the settings. {said}".strip())
            case 403:
                raise GiveUp(f"{label} does not allow this. Check the rights of its user. {said}".strip())
            case 404:
                raise GiveUp(f"{label} has no such ticket, or its address in the settings is wrong. {said}".strip())
            case status if 300 <= status < 400:
                raise GiveUp(f"{self.host} sends us elsewhere. Check the address in the settings.")
            case status if status >= 500 or status == 408:
                raise Unknown(says)
            case _:
                raise GiveUp(says)


def _head(text: str, room: int) -> str:
    """The first piece of at most `room` characters, ending at a line or a word where one ends in its second half."""
    if len(text) <= room:
        return text
    for end in ("\n", " "):
        at = text.rfind(end, room // 2, room)
        if at > 0:
            return text[: at + 1]
    return text[:room]


def ticket_number(ticket_id: str, label: str) -> str:
    """A ticket number as digits; GiveUp where it is none, because it becomes part of an address."""
    number = as_id(ticket_id.strip().lstrip("#"))
    if number is None:
        raise GiveUp(f"“{cut(ticket_id, 40)}” is not a {label} ticket number.")
    return str(number)
