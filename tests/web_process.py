"""A web server in a process of its own, on the test's database: for what a process as a whole may take and hold."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from django.conf import settings
from django.db import connection
from django.utils.crypto import get_random_string

from tests import servers


@dataclass
class Website:
    """It believes what 127.0.0.1 says of whom it asks for, so that a test comes from as many addresses as it likes."""

    url: str
    process: subprocess.Popen[bytes]
    output: Path  # what it writes to stdout and stderr

    def client(self, key: str = "", *, address: str = "") -> httpx2.Client:
        headers = {"Authorization": f"Token {key}"} if key else {}
        headers |= {"X-Forwarded-For": address} if address else {}
        return httpx2.Client(base_url=self.url, headers=headers, timeout=30)

    def peak(self) -> int:
        """The most bytes it ever had in memory."""
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{self.process.pid}/status").read_text())
        assert found
        return int(found.group(1)) * 1024


def sign_in(url: str, email: str, password: str, *, address: str = "127.0.0.1") -> httpx2.Response:
    """The sign-in page, filled in and sent from `address`. What the form needs is what any page would have given."""
    token = get_random_string(32)
    form = {"login": email, "password": password, "csrfmiddlewaretoken": token}
    with httpx2.Client(base_url=url, headers={"X-Forwarded-For": address}, timeout=60) as client:
        return client.post("/login/", data=form, headers={"Cookie": f"{settings.CSRF_COOKIE_NAME}={token}"})


@pytest.fixture
def website(transactional_db: None, tmp_path: Path) -> Iterator[Website]:
    from tests.live_site import process_environment, stop, wait_until

    port = servers.free_port()
    url = f"http://127.0.0.1:{port}"
    environment = process_environment(PORT=str(port), TRUSTED_PROXIES="127.0.0.1", SITE_URL=url, LOG_LEVEL="INFO")
    if connection.vendor == "sqlite":
        environment["SQLITE"] = str(connection.settings_dict["NAME"])
    command, output = [sys.executable, "-m", "tests.web_process"], tmp_path / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(command, env=environment, cwd=servers.ROOT, stdout=file, stderr=file)
    try:
        wait_until(lambda: _answers(url))
        yield Website(url, process, output)
    finally:
        stop(process)


def _answers(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/healthz", timeout=5).status_code == 200
    except httpx2.HTTPError:
        return False


def _serve() -> None:
    import django

    databases: dict[str, Any] = settings.DATABASES
    if os.environ.get("SQLITE"):
        databases["default"]["NAME"] = os.environ["SQLITE"]
    django.setup()
    from resolutionflow.ops import server

    server.Server(ready=lambda: None).run(sockets=[server.listen("127.0.0.1", settings.PORT)])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "resolutionflow.settings")
    _serve()
