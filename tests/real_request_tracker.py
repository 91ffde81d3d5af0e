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

    def __init__(self) -> None:
        missing = [name for name in NAMES if not os.environ.get(name)]
        if missing:
            pytest.skip(f"no Request Tracker: {', '.join(missing)} not set")
        self.url, self.token = os.environ["RT_URL"].rstrip("/"), os.environ["RT_TOKEN"]
        self.host = urlsplit(self.url).hostname or ""
        example = re.findall(r"\d+", re.sub(r'"_url":\s*"[^"]*"', "", os.environ["RT_TICKET"]))[0]
        queue = self.get(f"/ticket/{example}")["Queue"]["id"]
        made = self._call(
            "POST", "/ticket", json={"Queue": queue, "Subject": "VPN drops", "Requestor": "bob@client.example"}
        )
        self.ticket = str(made["id"])
        self._mails_before = self._all_mails()  # of the ticket itself its requestor is told

    def get(self, path: str, **params: str) -> Any:
        return self._call("GET", path, params=params)

    def comments(self) -> list[dict[str, Any]]:
        """Everything said on the ticket since it was made."""
        found = self.get(f"/ticket/{self.ticket}/history", fields="Type,Subject", per_page="100")["items"]
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
