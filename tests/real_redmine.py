"""The way to a real Redmine, where REDMINE_URL, REDMINE_KEY (of an administrator) and REDMINE_ISSUE name one; its tests
skip without.
"""

from __future__ import annotations

import os
import secrets
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

NAMES = ("REDMINE_URL", "REDMINE_KEY", "REDMINE_ISSUE")


class RealRedmine:
    """Each test works on an issue of its own, in the project of REDMINE_ISSUE."""

    kind = "redmine"
    missing = "99999999"

    def __init__(self) -> None:
        missing = [name for name in NAMES if not os.environ.get(name)]
        if missing:
            pytest.skip(f"no Redmine: {', '.join(missing)} not set")
        self.url, self.key = os.environ["REDMINE_URL"].rstrip("/"), os.environ["REDMINE_KEY"]
        self.host = urlsplit(self.url).hostname or ""
        self.credentials, self.wrong_credentials = {"key": self.key}, {"key": "wrong"}
        self.project = self.get(f"/issues/{os.environ['REDMINE_ISSUE']}.json")["issue"]["project"]["id"]
        self.ticket = self.new_ticket("VPN drops")

    def new_ticket(self, title: str, **fields: Any) -> str:
        issue = {"project_id": self.project, "subject": title, "description": "help", **fields}
        return str(self.call("POST", "/issues.json", json={"issue": issue})["issue"]["id"])

    def technician(self) -> tuple[str, str]:
        """A member of the project: by what a call names them, and their email."""
        members = self.get(f"/projects/{self.project}/memberships.json")["memberships"]
        user = self.get(f"/users/{members[0]['user']['id']}.json")["user"]
        return str(user["id"]), str(user["mail"])

    def owner(self) -> str:
        return str(self.issue()["assigned_to"]["id"])

    def notes(self) -> dict[str, bool]:
        """Everything said on the ticket, and whether it is internal."""
        return {str(one["id"]): one["private_notes"] for one in self.issue()["journals"] if one["notes"]}

    def said(self) -> dict[str, str]:
        """The text of everything said on the ticket: what carries a marker."""
        return {str(one["id"]): one["notes"] for one in self.issue()["journals"] if one["notes"]}

    def text(self, note: str) -> str:
        return next(one["notes"] for one in self.issue()["journals"] if str(one["id"]) == note)

    def booked(self) -> dict[str, str]:
        """The text of all time booked on the ticket: what carries a marker."""
        return {str(entry["id"]): entry["comments"] for entry in self.times()}

    def minutes(self) -> int:
        """Booked on the ticket."""
        return round(sum(entry["hours"] for entry in self.times()) * 60)

    def times(self) -> Any:
        return self.get("/time_entries.json", issue_id=self.ticket, limit="100")["time_entries"]

    def new_key(self, role: str = "") -> str:
        """The key of a new user who is no administrator, with this role in the project; of none without."""
        name = secrets.token_hex(6)
        user = {
            "login": name,
            "firstname": "Key",
            "lastname": name,
            "mail": f"{name}@lab.example",
            "password": name * 2,
        }
        made = self.call("POST", "/users.json", json={"user": user})["user"]
        if role:
            roles = [one["id"] for one in self.get("/roles.json")["roles"] if one["name"] == role]
            membership = {"user_id": made["id"], "role_ids": roles}
            self.call("POST", f"/projects/{self.project}/memberships.json", json={"membership": membership})
        return str(made["api_key"])

    def me(self, key: str) -> str:
        """The number of the user with this key."""
        return str(self.call("GET", "/users/current.json", key=key)["user"]["id"])

    def issue(self) -> Any:
        return self.get(f"/issues/{self.ticket}.json", include="journals")["issue"]

    def get(self, path: str, **params: str) -> Any:
        return self.call("GET", path, params=params)

    def call(self, method: str, path: str, *, key: str = "", **more: Any) -> Any:
        headers = {"X-Redmine-API-Key": key or self.key}
        response = httpx2.request(method, f"{self.url}{path}", headers=headers, timeout=30, **more)
        response.raise_for_status()
        return response.json() if response.content else None
