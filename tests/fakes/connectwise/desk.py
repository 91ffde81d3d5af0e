"""What it holds, and what it does with a call: tickets, notes, boards, members, devices, time."""

from __future__ import annotations

import re
import threading
from typing import Any

from tests.fakes.connectwise import records
from tests.fakes.connectwise.lists import Query, listed, partial
from tests.fakes.connectwise.refusals import error, forbidden, invalid, not_found
from tests.fakes.connectwise.writes import checked_note, checked_time, patched

Answer = tuple[int, Any, dict[str, str]]

_TICKET = re.compile(r"/(?P<kind>service|project)/tickets/(?P<number>[^/]+)(?:/(?P<of_it>notes|configurations))?")


class Desk:
    def __init__(self) -> None:
        self.tickets = records.tickets()
        self.members = records.members()
        self.statuses = records.statuses()
        self.notes: list[dict[str, Any]] = []
        self.times: list[dict[str, Any]] = []
        self.devices: dict[int, list[Any]] = {int(records.TICKET): [records.device(31, "LH-LAPTOP-07")]}
        self.denied: set[str] = set()  # what the security role does not allow: notes, configurations, members, time …
        self.mails = 0  # what the board would have mailed
        self.lock = threading.RLock()

    def add(self, summary: str, **more: Any) -> str:
        """One more ticket; its number."""
        number = 1 + max(ticket["id"] for ticket in self.tickets if ticket["id"] < 7000)
        self.tickets.append(records.ticket(number, summary, **more))
        return str(number)

    def named(self, number: str) -> dict[str, Any]:
        return next(ticket for ticket in self.tickets if ticket["id"] == int(number))

    def store(self, note: dict[str, Any], ticket: str = records.TICKET) -> dict[str, Any]:
        with self.lock:
            stored = records.note(88_000 + len(self.notes), int(ticket), **note)
            self.notes.append(stored)
            self.mails += bool(note.get("processNotifications") or note.get("detailDescriptionFlag"))
        return stored

    def answer(self, method: str, path: str, query: Query, body: Any, *, url: str, is_kept: bool) -> Answer:
        with self.lock:
            if path == "/system/info":
                self._only(method, "GET")
                return 200, {"version": "v2025.1.1", "isCloud": False, "serverTimeZone": "UTC"}, {}
            if path == "/system/members":
                return self._list(method, "members", self.members, query, url)
            if path == "/time/entries":
                return self._time(method, query, body, url)
            if found := re.fullmatch(r"/service/boards/(\d+)/statuses", path):
                of_it = [one for one in self.statuses if one["board"]["id"] == int(found[1])]
                if not of_it:
                    raise not_found(f"Board {found[1]} not found")
                return self._list(method, "statuses", of_it, query, url)
            if path == "/service/tickets":
                return self._list(method, "tickets", self._of_kind("service"), query, url)
            if path == "/service/tickets/search":
                self._only(method, "POST")
                told = {name.lower(): value for name, value in (body or {}).items()}
                return self._list("GET", "tickets", self._of_kind("service"), {**query, **told}, url)
            if found := _TICKET.fullmatch(path):
                ticket = self._ticket(found["kind"], found["number"])
                if not found["of_it"]:
                    return self._one(method, ticket, query, body, is_kept=is_kept)
                of_it = self._notes if found["of_it"] == "notes" else self._devices
                return of_it(method, ticket, query, body, url)
            raise not_found()

    def _only(self, method: str, *allowed: str) -> None:
        if method not in allowed:
            raise error(405, "MethodNotAllowed", f"{method} is not supported here.")

    def _may(self, what: str) -> None:
        if what in self.denied:
            raise forbidden()

    def _list(self, method: str, what: str, found: list[dict[str, Any]], query: Query, url: str) -> Answer:
        self._only(method, "GET")
        self._may(what)
        page, headers = listed(found, query, url)
        return 200, [partial(record, query) for record in page], headers

    def _of_kind(self, kind: str) -> list[dict[str, Any]]:
        return [ticket for ticket in self.tickets if ticket["recordType"] == f"{kind.title()}Ticket"]

    def _ticket(self, kind: str, number: str) -> dict[str, Any]:
        if not number.isdecimal():
            raise error(400, "InvalidArgument", "ticketId is invalid")
        if kind == "project":
            self._may("projects")
        for ticket in self._of_kind(kind):
            if ticket["id"] == int(number):
                return ticket
        raise not_found(f"Ticket {number} not found")

    def _one(self, method: str, ticket: dict[str, Any], query: Query, body: Any, *, is_kept: bool) -> Answer:
        self._only(method, "GET", "PATCH")
        if method == "GET":
            return 200, partial(ticket, query), {}
        self._may("edit")
        changed = patched(ticket, body, self.statuses, self.members)
        if is_kept:
            ticket.update(changed)
        return 200, changed, {}

    def _notes(self, method: str, ticket: dict[str, Any], query: Query, body: Any, url: str) -> Answer:
        self._only(method, "GET", "POST")
        self._may("notes")
        if method == "POST":
            return 201, self.store(checked_note(body, self.members), str(ticket["id"])), {}
        if "conditions" in query:  # nobody says that notes can be searched
            raise error(400, "InvalidArgument", "conditions are not supported here")
        return self._list("GET", "notes", [one for one in self.notes if one["ticketId"] == ticket["id"]], query, url)

    def _devices(self, method: str, ticket: dict[str, Any], query: Query, body: Any, url: str) -> Answer:
        self._only(method, "GET")
        self._may("configurations")
        found = self.devices.get(ticket["id"], [])
        return 200, found if None in found else listed(found, query, url)[0], {}

    def _time(self, method: str, query: Query, body: Any, url: str) -> Answer:
        self._only(method, "GET", "POST")
        self._may("time")
        if method == "GET":
            return self._list("GET", "time", self.times, query, url)
        entry = checked_time(body, self.tickets, self.members)
        if entry is None:
            raise invalid("timeEntry", "You cannot enter time against this ticket.", "chargeToId")
        stored = {**entry, "id": 91_000 + len(self.times)}
        self.times.append(stored)
        self.mails += any(stored[flag] for flag in ("emailContactFlag", "emailResourceFlag", "emailCcFlag"))
        return 201, stored, {}
