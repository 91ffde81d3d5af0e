"""The base class of ticket systems: what each must be able to do, and one way to say how a call ended.

A call that returns has arrived: its answer was read and makes sense; what sets something has read it back. Otherwise
it raises GiveUp (refused, and why), Later (not sent, or not now) or Unknown (sent, outcome unknown: look for the marker
before posting again). No ticket system has an idempotency key: the marker is ours.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from http.client import responses
from typing import Any, ClassVar
from urllib.parse import urlsplit

from resolutionflow.core import outgoing_http
from resolutionflow.core.text import as_id, cut, one_line
from resolutionflow.core.work import GiveUp, Later, Unknown
from sessions_app.psa.ticket import Technician, TextPart, Ticket, TimeEntry

BUSY = 30.0  # seconds to leave it alone where it is busy and does not say for how long
EXCHANGE = 45.0  # seconds for all the calls of one exchange; a worker's time limit is longer


class NoSuchTicket(GiveUp):
    """There is none of this number, or our user may not see it."""


class CannotOwn(GiveUp):
    """This technician can be given no ticket of this queue or project, until somebody there changes that."""

    def __init__(self, reason: str, project: str) -> None:
        super().__init__(reason)
        self.project = project


class WrongKind(GiveUp):
    """The note or time entry is in the ticket, and not as was asked: the client sees an internal one, or does not see a
    public one. It is never posted once more."""

    def __init__(self, reason: str, note_id: str) -> None:
        super().__init__(reason)
        self.note_id = note_id


@dataclass(frozen=True)
class Credential:
    """One field of the settings form. A secret one is typed, stored encrypted and never shown again."""

    name: str
    label: str
    secret: bool = True
    help: str = ""


@dataclass(frozen=True)
class Option:
    """One more field of the settings form: what differs from site to site. Empty means `default`."""

    name: str
    label: str
    default: str = ""
    help: str = ""


class Gate:
    """What the calls of one exchange pass, and learn to. This one lets all of them pass; a connection has its own."""

    def begin(self) -> None:
        """Before the first call: NotYet where the exchange has to wait."""

    def go_on(self) -> None:
        """Before each further call: Later where there is no room for it."""

    def answered(self) -> None:
        """After a call that says that the system works, whatever it says."""

    def failed(self, error: str, *, after: float | None = None) -> None:
        """After a call that says that it does not; `after`: the seconds it asked to wait."""

    def refused(self, error: str) -> None:
        """After a call whose credentials were refused: may raise what says so."""


class Provider:
    """The ticket system of one account, for one exchange. A subclass makes the calls of one product."""

    label: ClassVar[str]
    fields: ClassVar[tuple[Credential, ...]]
    options: ClassVar[tuple[Option, ...]] = ()
    base_url_help: ClassVar[str] = ""
    takes_path: ClassVar[bool] = True  # whether the address may go on after the host
    note_length: ClassVar[int] = 1_000_000  # characters the other side takes in one note
    calls_per_minute: ClassVar[int] = 600  # of one connection, where it says nothing else
    names_author: ClassVar[bool] = False  # whether a note can be posted in the name of its author
    shows_time: ClassVar[bool] = False  # whether the text of a time entry can be one that the client sees
    who_sees_time: ClassVar[str] = "The client does not see it."  # of a time entry that is not shown to them
    busy_seconds: ClassVar[float | None] = None  # to wait where it is busy and does not say for how long
    absent: ClassVar[str] = "has no such ticket, or its address in the settings is wrong."  # what its 404 means

    def __init__(
        self,
        base_url: str,
        credentials: Mapping[str, Any],
        chosen: Mapping[str, str] | None = None,
        *,
        seconds: float = EXCHANGE,
        gate: Gate | None = None,
    ) -> None:
        """`chosen`: the values of `options`. All calls together may take `seconds`, and pass the `gate`."""
        self.base_url = base_url.rstrip("/")
        self.credentials = credentials
        self._chosen = chosen or {}
        self._until = time.monotonic() + seconds
        self._gate, self._calls_paid = gate or Gate(), 0
        self._has_begun = False

    def begin(self) -> None:
        """Begin the exchange, before its first call does: NotYet, with nothing sent, where it has to wait."""
        self._gate.begin()
        self._has_begun, self._calls_paid = True, 1

    # what each product does

    def check(self) -> str:
        """What answered, such as its version, when address and credentials work; else raises, with the reason."""
        raise NotImplementedError

    def ticket(self, ticket_id: str) -> Ticket:
        """What it says of this ticket; else NoSuchTicket."""
        raise NotImplementedError

    def standing(self, ticket_id: str) -> Ticket:
        """How this ticket stands: its status, whether it is closed or merged. One call, where ticket() makes more."""
        return self.ticket(ticket_id)

    def search(self, words: str, limit: int = 10) -> list[Ticket]:
        """Open tickets with these words in their title, newest first: without what takes a call each to learn."""
        raise NotImplementedError

    def post_note(self, ticket_id: str, part: TextPart, *, author: str = "") -> str:
        """Post an internal note, about which no client is mailed; returns its id in the ticket system.

        `author`: a Technician's id, for systems in which `names_author` holds.
        """
        raise NotImplementedError

    def post_public_note(self, ticket_id: str, part: TextPart, *, author: str = "") -> str:
        """Post a note that the client sees, and may be mailed; returns its id in the ticket system."""
        raise NotImplementedError

    def find_note(self, ticket_id: str, marker: str, *, internal: bool = True) -> str | None:
        """The id of the note with this marker; None when the ticket has none. WrongKind where it is not as `internal`
        says."""
        raise NotImplementedError

    def statuses(self, ticket_id: str) -> list[str]:
        """The names of the statuses that this ticket can be given now."""
        raise NotImplementedError

    def set_status(self, ticket_id: str, status: str) -> bool:
        """Give it the status of this name. False, with nothing written, where it has it. GiveUp, with what was said,
        where it has another one afterwards."""
        raise NotImplementedError

    def technicians(self, emails: Iterable[str] = ()) -> list[Technician]:
        """Who may own tickets. `emails`, of the account's members, narrows the list where it would be of thousands."""
        raise NotImplementedError

    def set_owner(self, ticket_id: str, technician: str) -> bool:
        """Give the ticket to the Technician of this id. False, with nothing written, where they have it. GiveUp where
        it has another owner afterwards; CannotOwn where they may own none there."""
        raise NotImplementedError

    def add_time(self, ticket_id: str, entry: TimeEntry, *, technician: str = "") -> str:
        """Book time worked, about which no client is mailed; returns the entry's id in the ticket system. No note is
        made of it. `technician`: whose time it is, for systems that can be told."""
        raise NotImplementedError

    def find_time(self, ticket_id: str, marker: str, *, internal: bool = True) -> str | None:
        """The id of the time entry with this marker; None when the ticket has none. WrongKind where it is not as
        `internal` says."""
        raise NotImplementedError

    def page(self, ticket_id: str) -> str:
        """The address at which people read this ticket in a browser; "" where that is not known. Asks nobody."""
        return ""

    def check_options(self) -> None:
        """GiveUp where the connection's options hold what is no value of one. Asks nobody."""

    # what the dialects share

    def parts(self, text: str, marker: str, subject: str = TextPart.subject) -> list[TextPart]:
        """The note in pieces that this ticket system takes, cut between lines where possible."""
        room = self.longest_note - 40  # for "(12/34)" and the marker
        pieces: list[str] = []
        while text or not pieces:
            pieces.append(_head(text, room))
            text = text[len(pieces[-1]) :]
        if len(pieces) == 1:
            return [TextPart(pieces[0].strip(), marker, subject)]
        return [
            TextPart(f"({number}/{len(pieces)})\n{piece.strip()}", f"{marker}-{number}", subject)
            for number, piece in enumerate(pieces, start=1)
        ]

    def as_posted(self, part: TextPart) -> TextPart:
        """The part with its marker in it, as the ticket system is sent it; without a subject where notes have none."""
        return replace(part, text=f"{part.text}\n[rf:{part.marker}]", subject="")

    def read(self, path: str, *, params: Mapping[str, str] | None = None) -> outgoing_http.OutgoingResponse:
        """A GET. Whatever goes wrong, it can safely be asked again."""
        try:
            return self._judged(self.request("GET", self.url(path), headers=self.headers(), params=params))
        except Unknown as error:
            raise Later(str(error)) from error

    def write(self, path: str, body: Any, *, method: str = "POST") -> outgoing_http.OutgoingResponse:
        """A call that changes something. The caller reads the answer, and raises Unknown where it makes no sense."""
        return self._judged(self.request(method, self.url(path), headers=self.headers(), body=body))

    def request(self, method: str, url: str, **more: Any) -> outgoing_http.OutgoingResponse:
        """One call within what is left of the exchange's time; Later, with nothing sent, where none is left."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise Later(f"{self.label} is slow. The rest follows.")
        self._pay()
        try:
            answer = outgoing_http.request(method, url, total=min(left, outgoing_http.TOTAL), **more)
        except (Later, Unknown) as error:
            self._gate.failed(str(error))
            raise
        self._learn(answer)
        return answer

    def _pay(self) -> None:
        """The exchange is begun with its first call paid for."""
        if not self._has_begun:
            self.begin()
        if self._calls_paid:
            self._calls_paid = 0
        else:
            self._gate.go_on()

    def _learn(self, answer: outgoing_http.OutgoingResponse) -> None:
        """Whether the system as a whole works; what it says of a key is told where that is read."""
        match self.status(answer):
            case 401:
                pass
            case 429:
                self._gate.failed(f"{self.label} is busy.", after=self._asked_to_wait(answer) or BUSY)
            case status if status >= 500 or status == 408:
                self._gate.failed(f"{self.label} answered {answer.status}.")
            case _:
                self._gate.answered()

    def _asked_to_wait(self, answer: outgoing_http.OutgoingResponse) -> float | None:
        return self.busy_seconds if answer.retry_after is None else answer.retry_after

    def option(self, name: str) -> str:
        """What this connection says, or the default."""
        default = next(option.default for option in self.options if option.name == name)
        return self._chosen.get(name) or default

    @classmethod
    def ticket_number(cls, typed: str) -> str:
        """A ticket's number as it is stored, from what somebody typed; GiveUp where it is none, because it becomes
        part of an address."""
        number = as_id(typed.strip().lstrip("#"))
        if number is None:
            raise GiveUp(f"“{cut(typed, 40)}” is not a {cls.label} ticket number.")
        return str(number)

    @property
    def longest_note(self) -> int:
        """Characters of one note, its marker among them: `note_length`, or what this connection says."""
        return self.note_length

    def url(self, path: str) -> str:
        return f"{self.base_url}{path}"

    def headers(self) -> dict[str, str]:
        raise NotImplementedError

    def reason(self, answer: outgoing_http.OutgoingResponse) -> str:
        """What the other side said, for people; "" where they could not use it."""
        raise NotImplementedError

    def status(self, answer: outgoing_http.OutgoingResponse) -> int:
        """The status that an answer means: its own, but where the other side refuses in so many words by another."""
        return answer.status

    def _without_secrets(self, said: str) -> str:
        """What the other side said, without a credential that it repeats."""
        for field in self.fields:
            value = str(self.credentials.get(field.name, ""))
            said = said.replace(value, "…") if field.secret and len(value) >= 4 else said
        return said

    def wrong_kind(
        self, note_id: str, *, internal: bool, what: str = "note", done: str = "Change or delete it there."
    ) -> WrongKind:
        """The error that says that this note is the other kind; `done`: what was or is to be done about it."""
        if internal:
            return WrongKind(f"{self.label} shows this {what} to the client, against what was asked. {done}", note_id)
        return WrongKind(f"{self.label} has this {what} as an internal one: the client does not see it.", note_id)

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or self.base_url

    def _judged(self, answer: outgoing_http.OutgoingResponse) -> outgoing_http.OutgoingResponse:
        if answer.is_success:
            return answer
        said = cut(one_line(self._without_secrets(self.reason(answer))), 200)
        if said == responses.get(answer.status):  # "Not Found" tells nobody anything
            said = ""
        label = self.label
        says = f"{label} says: {said}" if said else f"{label} answered {answer.status}."
        match self.status(answer):
            case 429:
                raise Later(f"{label} is busy and asked us to wait.", after=self._asked_to_wait(answer))
            case 401:
                refusal = f"{label} does not accept the credentials. Check them in the settings. {said}".strip()
                self._gate.refused(refusal)
                raise GiveUp(refusal)
            case 403:
                raise GiveUp(f"{label} does not allow this. Check the rights of its user. {said}".strip())
            case 404:
                raise NoSuchTicket(f"{label} {self.absent} {said}".strip())
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


def as_object(answer: outgoing_http.OutgoingResponse) -> dict[str, Any]:
    """The answer's JSON object; an empty one where it is none."""
    found = answer.json()
    return found if isinstance(found, dict) else {}
