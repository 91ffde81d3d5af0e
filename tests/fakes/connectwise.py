"""A ConnectWise PSA over a real socket that refuses what the vendor's documents refuse.

`with ConnectWise() as fake:` serves on `fake.url`. `fake.script` holds what goes wrong with the
next POSTs: None, a status (429 carries Retry-After), "hang", "drop" (nothing stored), "store-then-drop",
"store-then-hang", "store-then-500" or "nonsense". Everything received is kept in `fake.requests`.
"""

from __future__ import annotations

import base64
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NoReturn
from urllib.parse import parse_qs, urlsplit

COMPANY, PUBLIC, PRIVATE, CLIENT_ID = "northwind", "public", "private", "11111111-2222-3333-4444-555555555555"
CREDENTIALS = {"company": COMPANY, "public_key": PUBLIC, "private_key": PRIVATE, "client_id": CLIENT_ID}
CODEBASE = "v4_6_release/"
TICKET = "5001"
MEMBERS = {"atech", "ana"}

FLAGS = ("internalAnalysisFlag", "detailDescriptionFlag", "resolutionFlag")
NOTE_FIELDS = {"text", "member", "processNotifications", "customerUpdatedFlag", *FLAGS}
ESCAPED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class ConnectWise:
    def __init__(self) -> None:
        self.notes: list[dict[str, Any]] = []
        self.requests: list[dict[str, Any]] = []
        self.mails = 0  # what the board would have mailed
        self.script: list[str | int | None] = []
        self.silence = 1.0  # seconds a hang lasts
        self.lock = threading.Lock()

    def __enter__(self) -> ConnectWise:
        fake = self

        class Bound(Handler):
            server_of = fake

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Bound)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self.http.shutdown()
        self.http.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http.server_port}"

    @property
    def posts(self) -> list[dict[str, Any]]:
        return [request for request in self.requests if request["method"] == "POST"]

    def store(self, note: dict[str, Any]) -> dict[str, Any]:
        with self.lock:
            stored = {"resolutionFlag": False, **note, "id": 88_000 + len(self.notes), "ticketId": int(TICKET)}
            stored |= {"internalFlag": note["internalAnalysisFlag"], "createdBy": "APIMember"}
            self.notes.append(stored)
            self.mails += bool(note.get("processNotifications") or note.get("detailDescriptionFlag"))
        return stored


class Refused(Exception):
    def __init__(self, status: int, body: Any, **headers: str) -> None:
        self.status, self.body, self.headers = status, body, headers


class Lost(Exception):
    """No answer will come."""


def invalid(message: str, inner: str = "", field: str = "", code: str = "InvalidObject") -> Refused:
    errors = [{"code": code, "message": inner, "resource": "serviceNote", "field": field}] if inner else None
    return Refused(400, {"code": code, "message": message, "errors": errors})


class Handler(BaseHTTPRequestHandler):
    server_of: ConnectWise
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def log_message(self, *args: object) -> None:
        pass

    def _answer(self, raw: bytes | None) -> None:
        address = urlsplit(self.path)
        kept = {"method": self.command, "path": address.path, "query": parse_qs(address.query), "body": raw}
        self.server_of.requests.append({**kept, "headers": dict(self.headers)})
        try:
            status, body = self._route(address.path, parse_qs(address.query), raw)
            self._send(status, body)
        except Refused as refused:
            self._send(refused.status, refused.body, **refused.headers)
        except Lost:
            self.close_connection = True

    def _send(self, status: int, body: Any, **headers: str) -> None:
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def _route(self, path: str, query: dict[str, list[str]], raw: bytes | None) -> tuple[int, Any]:
        if path.startswith("/login/companyinfo/"):  # asks for no credentials; null for a company it does not know
            known = path.rsplit("/", 1)[1] == COMPANY
            return 200, {"CompanyName": COMPANY, "Codebase": CODEBASE, "IsCloud": False} if known else None
        base = f"/{CODEBASE}apis/3.0"
        if not path.startswith(base):
            raise Refused(404, b"<html>The resource you are looking for has been removed</html>")
        self._check_headers()
        path = path.removeprefix(base)
        if path == "/system/info" and raw is None:
            return 200, {"version": "v2025.1.1", "isCloud": False, "serverTimeZone": "UTC"}
        found = re.fullmatch(r"/service/tickets/([^/]+)(/notes)?", path)
        if not found:
            raise Refused(404, {"code": "NotFound", "message": "Resource not found", "errors": None})
        self._check_ticket(found[1])
        if not found[2]:
            return 200, {"id": int(TICKET), "summary": "VPN drops", "status": {"id": 1, "name": "New"}}
        return self._listed(query) if raw is None else self._posted(raw)

    def _check_headers(self) -> None:
        if not self.headers.get("clientId"):
            raise Refused(401, {"code": "Unauthorized", "message": "Missing or invalid clientId", "errors": None})
        key = base64.b64encode(f"{COMPANY}+{PUBLIC}:{PRIVATE}".encode()).decode()
        if self.headers.get("Authorization") != f"Basic {key}" or self.headers["clientId"] != CLIENT_ID:
            raise Refused(401, {"code": "Unauthorized", "message": "Authorization has been denied.", "errors": None})
        if "application/vnd.connectwise.com+json; version=" not in self.headers.get("Accept", ""):
            raise Refused(415, {"code": "UnsupportedMediaType", "message": "Pin a version.", "errors": None})

    def _check_ticket(self, ticket: str) -> None:
        if not ticket.isdecimal():
            raise invalid("ticketId is invalid")
        if ticket != TICKET:
            raise Refused(404, {"code": "NotFound", "message": f"Ticket {ticket} not found", "errors": None})

    def _listed(self, query: dict[str, list[str]]) -> tuple[int, Any]:
        size = int(query.get("pageSize", ["25"])[0])
        if not 1 <= size <= 1000:
            raise invalid("pageSize is invalid")
        newest_first = query.get("orderBy", [""])[0] == "id desc"
        with self.server_of.lock:
            notes = sorted(self.server_of.notes, key=lambda note: note["id"], reverse=newest_first)
        skip = (int(query.get("page", ["1"])[0]) - 1) * size
        return 200, notes[skip : skip + size]

    def _posted(self, raw: bytes) -> tuple[int, Any]:
        action = self.server_of.script.pop(0) if self.server_of.script else None
        if action == 429:
            body = {"error": "ConnectWiseAPI", "message": "Too many requests. Please try again in 30 seconds."}
            raise Refused(429, body, Retry_After="30")
        if isinstance(action, int):
            raise Refused(action, {"code": "Error", "message": "An internal error occurred.", "errors": None})
        if action in ("hang", "drop"):
            self._lose(str(action))
        note = self._valid(raw)
        if action == "nonsense":
            return 200, b"<html>Welcome</html>"
        stored = self.server_of.store(note)
        if action == "store-then-500":
            raise Refused(500, {"code": "Error", "message": "An internal error occurred.", "errors": None})
        if action:
            self._lose(str(action))
        return 201, stored

    def _lose(self, how: str) -> NoReturn:
        if how.endswith("hang"):
            time.sleep(self.server_of.silence)
        raise Lost

    def _valid(self, raw: bytes) -> dict[str, Any]:
        if self.headers.get("Content-Type") != "application/json":
            raise Refused(415, {"code": "UnsupportedMediaType", "message": "Send JSON.", "errors": None})
        try:
            note = json.loads(raw)
        except ValueError:
            raise invalid("Could not deserialize the request.", code="InvalidRequest") from None
        if unknown := set(note) - NOTE_FIELDS:
            raise invalid("serviceNote object is invalid", f"Unknown field {sorted(unknown)[0]}.", "serviceNote")
        if not isinstance(note.get("text"), str) or not note["text"].strip() or ESCAPED.search(note["text"]):
            raise invalid("serviceNote object is invalid", "The text field is required.", "text")
        if len(note["text"]) > 4_000:
            raise invalid("serviceNote object is invalid", "The text field is too long.", "text")
        if not any(note.get(flag) is True for flag in FLAGS):
            raise invalid(
                "serviceNote object is invalid",
                "Please choose where to display the notes in order to save this record.",
                "internalAnalysisFlag",
            )
        member = note.get("member")
        if member is not None and member.get("identifier") not in MEMBERS:
            raise invalid("member is invalid", f"Member {member.get('identifier')} not found.", "member")
        return note
