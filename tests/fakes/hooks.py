"""Addresses that are posted to, over a real socket: Slack's incoming webhooks, Teams' workflows and a receiver of
webhooks, each refusing what the real one refuses.

`with Hooks() as fake:` serves `fake.slack`, `fake.teams` and `fake.webhook`. `fake.script` holds what happens to the
next posts: None, a status, (status, body, headers), "hang" (until the caller hangs up) or "drop" (taken, no answer).
`fake.stalled` holds, by path, an event that all posts there wait for. What was taken is in `fake.received`, by path.
"""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.fakes.serving import Served

SLACK = "/services/T0NORTHW/B0DESK/CanarySlackAddress24Xq9Z"
TEAMS = "/workflows/0a1b2c/triggers/manual/paths/invoke?api-version=2016-06-01&sig=CanaryTeamsSignature77Kp2W"
WEBHOOK = "/receive/CanaryWebhookPath55Lm8T"
LARGEST = 28_000  # bytes that Teams takes
Reply = tuple[int, str, dict[str, str]]


class _Handler(BaseHTTPRequestHandler):
    fake: Hooks
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        hooks = self.fake
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        hooks.raw.append(raw)
        hooks.headers.append({name.lower(): value for name, value in self.headers.items()})
        hooks.times.append(time.monotonic())
        hooks.at_once += 1
        hooks.most_at_once = max(hooks.at_once, hooks.most_at_once)
        try:
            self._one(hooks, raw)
        finally:
            hooks.at_once -= 1

    def _one(self, hooks: Hooks, raw: bytes) -> None:
        action = hooks.script.pop(0) if hooks.script else None
        if action == "hang":
            hooks.stopping.wait(60)
        if self.path in hooks.stalled:
            hooks.stalled[self.path].wait(60)
        if action in ("hang", "drop"):
            if action == "drop":
                hooks.answer(self.path, raw, "application/json")
            self.close_connection = True
            return
        if isinstance(action, int):
            action = (action, "", {})
        self._say(action or hooks.answer(self.path, raw, self.headers.get("content-type", "")))

    def _say(self, reply: Reply) -> None:
        status, body, headers = reply
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body.encode())))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body.encode())

    def log_message(self, *args: Any) -> None:
        pass


class Hooks(Served):
    handler = _Handler

    def __init__(self) -> None:
        self.script: list[Any] = []
        self.stalled: dict[str, threading.Event] = {}
        self.received: dict[str, list[Any]] = {SLACK: [], TEAMS: [], WEBHOOK: []}
        self.headers: list[dict[str, str]] = []
        self.raw: list[bytes] = []
        self.times: list[float] = []
        self.at_once = self.most_at_once = 0
        self.stopping = threading.Event()

    def __exit__(self, *args: object) -> None:
        self.stopping.set()
        super().__exit__(*args)

    @property
    def slack(self) -> str:
        return self.url + SLACK

    @property
    def teams(self) -> str:
        return self.url + TEAMS

    @property
    def webhook(self) -> str:
        return self.url + WEBHOOK

    def address(self, kind: str) -> str:
        return {"slack": self.slack, "teams": self.teams, "webhook": self.webhook}[kind]

    def messages(self, kind: str) -> list[Any]:
        return self.received[{"slack": SLACK, "teams": TEAMS, "webhook": WEBHOOK}[kind]]

    def answer(self, path: str, raw: bytes, content_type: str) -> Reply:
        """What the real one would say."""
        if path not in self.received:
            return (404, "no_service", {}) if path.startswith("/services/") else (404, "", {})
        if "application/json" not in content_type:
            return 400, "invalid_payload", {}
        body = json.loads(raw)
        reply = {SLACK: _slack, TEAMS: _teams, WEBHOOK: _webhook}[path](body, raw)
        if reply[0] < 300:
            self.received[path].append(body)
        return reply


def _slack(body: Any, _raw: bytes) -> Reply:
    if not body.get("text") and not body.get("blocks"):
        return 400, "no_text", {}
    for block in body.get("blocks", []):
        texts = [block["text"]] if "text" in block else block.get("fields", block.get("elements", []))
        most = {"header": 150, "section": 3000 if "text" in block else 2000}.get(block["type"], 3000)
        for text in texts:
            if text["type"] == "plain_text" and not 1 <= len(text["text"]) <= most:
                return 400, "invalid_blocks", {}
    return 200, "ok", {"content-type": "text/html"}


def _teams(body: Any, raw: bytes) -> Reply:
    if len(raw) > LARGEST:
        return 413, "", {}
    cards = body.get("attachments")
    if body.get("type") != "message" or not isinstance(cards, list):
        return _teams_error(400, "TriggerInputSchemaMismatch", "The input body does not match its schema.")
    if any(card.get("contentType") != "application/vnd.microsoft.card.adaptive" for card in cards):
        return _teams_error(400, "InvalidRequestContent", "It holds no card.")
    return 202, "", {}


def _teams_error(status: int, code: str, message: str) -> Reply:
    return status, json.dumps({"error": {"code": code, "message": message}}), {"content-type": "application/json"}


def _webhook(_body: Any, _raw: bytes) -> Reply:
    return 204, "", {}
