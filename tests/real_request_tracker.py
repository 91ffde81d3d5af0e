"""The way to a real Request Tracker, where RT_URL, RT_TOKEN and RT_TICKET name one; its tests skip without.

RT_MAIL_DIR may name the directory it files its mails in, to count them.
"""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

NAMES = ("RT_URL", "RT_TOKEN", "RT_TICKET")


class RealRequestTracker:
    """Each test works on a ticket of its own, in the queue of RT_TICKET."""

    kind = "request_tracker"
    missing = "99999999"
    queue = ""  # asked once

    def __init__(self) -> None:
        missing = [name for name in NAMES if not os.environ.get(name)]
        if missing:
            pytest.skip(f"no Request Tracker: {', '.join(missing)} not set")
        self.url, self.token = os.environ["RT_URL"].rstrip("/"), os.environ["RT_TOKEN"]
        self.host = urlsplit(self.url).hostname or ""
        self.credentials, self.wrong_credentials = {"token": self.token}, {"token": "1-2-wrong"}
        type(self).queue = self.queue or self._queue()
        self.ticket = self.new_ticket("VPN drops")
        self._mails_before = self._all_mails()  # of the ticket itself its requestor is told

    def _queue(self) -> str:
        example = re.findall(r"\d+", re.sub(r'"_url":\s*"[^"]*"', "", os.environ["RT_TICKET"]))[0]
        return str(self.get(f"/ticket/{example}")["Queue"]["id"])

    def new_ticket(self, title: str) -> str:
        body = {"Queue": self.queue, "Subject": title, "Requestor": "bob@client.example"}
        return str(self._call("POST", "/ticket", json={**body, "Content": "help", "ContentType": "text/plain"})["id"])

    def technician(self) -> tuple[str, str]:
        """Somebody who may own tickets, here our user: by what a call names them, and their email."""
        name = str(self.get(f"/ticket/{self.ticket}")["Creator"]["id"])
        return name, str(self.get(f"/user/{name}")["EmailAddress"])

    def owner(self) -> str:
        return str(self.get(f"/ticket/{self.ticket}")["Owner"]["id"])

    def notes(self) -> dict[str, bool]:
        """Everything said on the ticket, and whether it is internal."""
        return {str(item["id"]): item["Type"] == "Comment" for item in self.comments()}

    def said(self) -> dict[str, str]:
        """The subject of everything said on the ticket: what carries a marker."""
        return {str(item["id"]): item["Data"] for item in self.comments()}

    def booked(self) -> dict[str, str]:
        """Of that, whatever took time."""
        return {str(item["id"]): item["Data"] for item in self.comments() if int(item["TimeTaken"])}

    def minutes(self) -> int:
        """Booked on the ticket."""
        return int(self.get(f"/ticket/{self.ticket}")["TimeWorked"])

    def merge(self, into: str) -> None:
        self._call("PUT", f"/ticket/{self.ticket}", json={"MergeInto": int(into)})

    def get(self, path: str, **params: str) -> Any:
        return self._call("GET", path, params=params)

    def comments(self) -> list[dict[str, Any]]:
        """Everything said on the ticket since it was made."""
        found = self.get(f"/ticket/{self.ticket}/history", fields="Type,Data,TimeTaken", per_page="100")["items"]
        return [item for item in found if item["Type"] in ("Comment", "Correspond")]

    def text(self, transaction: str) -> str:
        attachments = self.get(f"/transaction/{transaction}/attachments")["items"]
        return base64.b64decode(self.get(f"/attachment/{attachments[0]['id']}")["Content"]).decode()

    def new_mails(self) -> int:
        return self._all_mails() - self._mails_before

    def _all_mails(self) -> int:
        """About this ticket: its `testfile` mailer appends to one file per process."""
        folder = os.environ.get("RT_MAIL_DIR")
        files = [path for path in Path(folder).iterdir() if path.is_file()] if folder else []
        about = re.compile(rb"^X-RT-Ticket: .*#%s$" % self.ticket.encode(), re.M)
        return sum(len(about.findall(path.read_bytes())) for path in files)

    def _call(self, method: str, path: str, **more: Any) -> Any:
        base = self.url.removesuffix("/REST/2.0")
        response = httpx2.request(
            method, f"{base}/REST/2.0{path}", headers={"Authorization": f"token {self.token}"}, timeout=30, **more
        )
        response.raise_for_status()
        return response.json()
