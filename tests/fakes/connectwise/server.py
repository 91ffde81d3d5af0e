"""A ConnectWise PSA over a real socket that refuses what the vendor's documents refuse.

`with ConnectWise() as fake:` serves on `fake.url`. `fake.script` holds what goes wrong with the next calls that write,
`fake.read_script` with the next that read, `fake.company_script` with the next companyinfo: None, a status (429 carries
Retry-After), "busy" (429 without), "forbidden" (500 for a right that is missing), "html" (a 502 of a proxy), "hang"
(until the caller hangs up), "drop" (nothing stored), "store-then-drop", "store-then-hang", "store-then-500",
"nonsense" (200 with a page, nothing stored), "false-200" (a PATCH that answers as if it were stored). What is received
is kept in `fake.requests`.
"""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import Any, NoReturn
from urllib.parse import parse_qs, urlsplit

from tests.fakes.connectwise.desk import Desk
from tests.fakes.connectwise.refusals import HTML, Lost, Refused, error, forbidden
from tests.fakes.serving import Served

COMPANY, PUBLIC, PRIVATE, CLIENT_ID = "northwind", "public", "private", "11111111-2222-3333-4444-555555555555"
CREDENTIALS = {"company": COMPANY, "public_key": PUBLIC, "private_key": PRIVATE, "client_id": CLIENT_ID}

Action = str | int | None


class Handler(BaseHTTPRequestHandler):
    fake: ConnectWise
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    do_PATCH = do_PUT = do_DELETE = do_POST

    def log_message(self, *args: object) -> None:
        pass

    def _answer(self, raw: bytes | None) -> None:
        address = urlsplit(self.path)
        query = parse_qs(address.query)
        kept = {"method": self.command, "path": address.path, "query": query, "body": raw}
        self.fake.requests.append({**kept, "headers": dict(self.headers)})
        try:
            status, body, headers = self._routed(address.path, {k.lower(): v[0] for k, v in query.items()}, raw)
            self._send(status, body, **headers)
        except Refused as refused:
            self._send(refused.status, refused.body, **refused.headers)
        except Lost:
            self.close_connection = True

    def _send(self, status: int, body: Any, **headers: str) -> None:
        is_page = isinstance(body, bytes)
        payload = body if is_page else json.dumps(body).encode()
        self.send_response(status)
        kind = "text/html" if is_page else "application/json; charset=utf-8"
        for name, value in {"Content-Type": kind, **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def _routed(self, path: str, query: dict[str, str], raw: bytes | None) -> tuple[int, Any, dict[str, str]]:
        fake = self.fake
        if path.startswith("/login/companyinfo/"):  # asks for no credentials; null for a company it does not know
            self._before(fake.company_script.pop(0) if fake.company_script else None)
            known = {"CompanyName": COMPANY, "CompanyID": COMPANY, "Codebase": fake.codebase, "IsCloud": "False"}
            return 200, known if path.rsplit("/", 1)[1] == COMPANY else None, {}
        if len(fake.url) + len(self.path) > 2_000:
            raise Refused(414, HTML)
        base = f"/{fake.codebase}apis/3.0"
        if not path.startswith(base):
            raise Refused(404, HTML)
        self._check_headers()
        path = path.removeprefix(base)
        is_read = raw is None or path.endswith("/search")
        script = fake.read_script if is_read else fake.script
        action = script.pop(0) if script else None
        self._before(action)
        if action == "nonsense":
            return 200, b"<html>Welcome</html>", {}
        body = self._json(raw) if raw else None
        if fake.ignores_internal and isinstance(body, dict) and "internalAnalysisFlag" in body:
            body |= {"internalAnalysisFlag": False, "detailDescriptionFlag": True}
        if fake.ignores_internal and isinstance(body, dict) and "addToInternalAnalysisFlag" in body:
            body |= {"addToInternalAnalysisFlag": False, "addToDetailDescriptionFlag": True}
        answer = fake.answer(self.command, path, query, body, url=fake.url + path, is_kept=action != "false-200")
        if action == "store-then-500":
            raise error(500, "Error", "An internal error occurred.")
        if action in ("store-then-drop", "store-then-hang"):
            self._lose(str(action))
        return answer

    def _before(self, action: Action) -> None:
        """What goes wrong before anything is stored."""
        if action in (429, "busy"):
            body = {"error": "ConnectWiseAPI", "message": "Too many requests. Please try again in 30 seconds."}
            raise Refused(429, body, **({"Retry_After": "30"} if action == 429 else {}))
        if action == "forbidden":
            raise forbidden(500)
        if action == "html":
            raise Refused(502, HTML)
        if isinstance(action, int):
            raise error(action, "Error", "An internal error occurred.")
        if action in ("hang", "drop"):
            self._lose(str(action))

    def _lose(self, how: str) -> NoReturn:
        if how.endswith("hang"):
            with suppress(OSError):
                self.connection.recv(1)
        raise Lost

    def _check_headers(self) -> None:
        key = base64.b64encode(f"{COMPANY}+{PUBLIC}:{PRIVATE}".encode()).decode()
        if self.headers.get("Authorization") != f"Basic {key}":
            if self.fake.hides_bad_keys:
                raise Refused(404, HTML)
            raise error(401, "Unauthorized", "Authorization has been denied.")
        if self.headers.get("clientId") != CLIENT_ID:
            raise error(401, "Unauthorized", "Missing or invalid clientId")

    def _json(self, raw: bytes) -> Any:
        if self.headers.get("Content-Type") != "application/json":
            raise error(415, "UnsupportedMediaType", "Send JSON.")
        try:
            return json.loads(raw)
        except ValueError:
            raise error(400, "InvalidRequest", "Could not deserialize the request.") from None


class ConnectWise(Served, Desk):
    handler = Handler

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[dict[str, Any]] = []
        self.script: list[Action] = []
        self.read_script: list[Action] = []
        self.company_script: list[Action] = []
        self.ignores_internal = False  # keeps each note and time entry as one of the discussion
        self.codebase = "v4_6_release/"  # an upgrade moves it
        self.hides_bad_keys = False  # whether it answers 404 to keys it does not know, as the cloud may

    @property
    def posts(self) -> list[dict[str, Any]]:
        return [request for request in self.requests if request["method"] == "POST"]

    def sent(self, method: str, end: str) -> list[Any]:
        """The bodies of the calls by this method to addresses that end so."""
        found = [one for one in self.requests if one["method"] == method and one["path"].endswith(end)]
        return [json.loads(one["body"]) for one in found]
