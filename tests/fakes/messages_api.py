"""A faithful fake of the Messages API over a real socket: refuses what the real one refuses, fails as it fails."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KNOWN_FIELDS = {
    "model", "max_tokens", "messages", "system", "output_config", "tools", "tool_choice", "thinking",
    "stop_sequences", "stream", "metadata", "service_tier", "speed", "cache_control", "container", "diagnostics",
    "inference_geo", "user_profile_id", "workspace_id",
}  # fmt: skip
ERRORS = {
    400: "invalid_request_error", 401: "authentication_error", 402: "billing_error", 403: "permission_error",
    404: "not_found_error", 413: "request_too_large", 429: "rate_limit_error", 500: "api_error",
    504: "timeout_error", 529: "overloaded_error",
}  # fmt: skip


def answer(data: Any, *, stop_reason: str = "end_turn", after: float = 0) -> dict[str, Any]:
    """A 200 whose text is `data` as JSON (or as it is, when it is a string), after so many seconds."""
    text = data if isinstance(data, str) else json.dumps(data)
    return {"text": text, "stop_reason": stop_reason, "after": after}


def blocks(*content: dict[str, Any], stop_reason: str = "end_turn") -> dict[str, Any]:
    """A 200 with these blocks of content: none at all, or a tool that nobody asked for."""
    return {"content": list(content), "stop_reason": stop_reason}


def failure(
    status: int, *, headers: dict[str, str] | None = None, details: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {"status": status, "headers": headers or {}, "details": details}


def sent_record(body: dict[str, Any]) -> str:
    """The part of a request that is the session's record."""
    return str(body["messages"][0]["content"][0]["text"])


def sent_system(body: dict[str, Any]) -> str:
    """The instructions of a request."""
    return "\n".join(block["text"] for block in body["system"])


USAGE = {
    "input_tokens": 120, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0, "output_tokens": 30,
    "service_tier": "standard",
}  # fmt: skip
HANG, DROP, DRIP, HTML, CUT = ({"do": what} for what in ("hang", "drop", "drip", "html", "cut"))
TOOL = {"type": "tool_use", "id": "toolu_1", "name": "run", "input": {"command": "resolve"}}


class MessagesApi:
    """`script` is a queue of replies (the last one repeats); `requests` keeps every body received."""

    def __init__(self) -> None:
        self.script: list[dict[str, Any]] = []
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.stopping = threading.Event()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                fake._post(self)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self) -> None:
        self.stopping.set()
        self.server.shutdown()
        self.server.server_close()

    def says(self, *replies: dict[str, Any]) -> None:
        self.script = list(replies)

    # one request

    def _post(self, http: BaseHTTPRequestHandler) -> None:
        raw = http.rfile.read(int(http.headers.get("content-length") or 0))
        problem = self._problem(http, raw)
        if problem:
            return self._error(http, *problem)
        body = json.loads(raw)
        self.requests.append(body)
        self.headers.append({name.lower(): value for name, value in http.headers.items()})
        reply = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if "do" in reply:
            return self._misbehave(http, reply["do"])
        if "status" in reply:
            return self._error(http, reply["status"], "scripted", reply["headers"], reply["details"])
        if (
            "text" in reply
            and not reply.get("unchecked")
            and reply["stop_reason"] == "end_turn"
            and (wrong := _off_schema(body, reply["text"]))
        ):
            raise AssertionError(f"the script's reply does not keep the schema it was asked for: {wrong}")
        self.stopping.wait(reply.get("after", 0))
        self._send(http, 200, self._message(body, reply))
        return None

    def _problem(self, http: BaseHTTPRequestHandler, raw: bytes) -> tuple[int, str] | None:
        if http.path != "/v1/messages":
            return 404, "no such route"
        key = http.headers.get("authorization", "").removeprefix("Bearer ") or http.headers.get("x-api-key", "")
        if not key or key == "wrong":
            return 401, "invalid key"
        if not http.headers.get("anthropic-version"):
            return 400, "anthropic-version: header is required"
        if "application/json" not in http.headers.get("content-type", ""):
            return 400, "content-type must be application/json"
        try:
            body = json.loads(raw)
        except ValueError:
            return 400, "the body is not JSON"
        unknown = set(body) - KNOWN_FIELDS
        if unknown:
            return 400, f"{sorted(unknown)}: Extra inputs are not permitted"
        if not body.get("model") or not body.get("messages") or body.get("max_tokens", 0) < 1:
            return 400, "model, max_tokens and messages are required"
        schema = body.get("output_config", {}).get("format")
        if schema and (schema.get("type") != "json_schema" or _open_objects(schema["schema"])):
            return 400, "output_config.format: additionalProperties must be false on every object"
        return None

    def _message(self, body: dict[str, Any], reply: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": f"msg_{len(self.requests):024}", "type": "message", "role": "assistant", "model": body["model"],
            "content": reply.get("content", [{"type": "text", "text": reply.get("text")}]),
            "stop_reason": reply["stop_reason"], "stop_sequence": None,
            "usage": reply.get("usage", USAGE),
        }  # fmt: skip

    def _error(
        self, http: BaseHTTPRequestHandler, status: int, message: str,
        headers: dict[str, str] | None = None, details: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        error: dict[str, Any] = {"type": ERRORS.get(status, "api_error"), "message": message}
        if details:
            error["details"] = details
        body = {"type": "error", "error": error, "request_id": f"req_{len(self.requests)}"}
        self._send(http, status, body, headers)

    def _send(
        self, http: BaseHTTPRequestHandler, status: int, body: dict[str, Any], headers: dict[str, str] | None = None
    ) -> None:
        data = json.dumps(body).encode()
        http.send_response(status)
        all_headers = {"content-type": "application/json", "request-id": f"req_{len(self.requests)}", **(headers or {})}
        for name, value in all_headers.items():
            http.send_header(name, value)
        http.send_header("content-length", str(len(data)))
        http.end_headers()
        http.wfile.write(data)

    def _misbehave(self, http: BaseHTTPRequestHandler, what: str) -> None:
        http.close_connection = True
        if what == "drop":
            http.connection.shutdown(socket.SHUT_RDWR)
        elif what == "hang":
            self.stopping.wait(60)
        elif what == "html":
            http.send_response(200)
            http.send_header("content-type", "text/html")
            http.send_header("content-length", "15")
            http.end_headers()
            http.wfile.write(b"<h1>hello</h1>\n")
        elif what == "cut":
            http.send_response(200)
            http.send_header("content-type", "application/json")
            http.send_header("content-length", "1000")
            http.end_headers()
            http.wfile.write(b'{"id": "msg_1", "type": "mess')
        elif what == "drip":
            http.send_response(200)
            http.send_header("content-type", "application/json")
            http.send_header("content-length", "1000")
            http.end_headers()
            self._drip(http)

    def _drip(self, http: BaseHTTPRequestHandler) -> None:
        for _second in range(60):
            try:
                http.wfile.write(b" ")
                http.wfile.flush()
            except OSError:
                return
            if self.stopping.wait(0.3):
                return
            time.sleep(0)


def _open_objects(schema: Any) -> bool:
    if isinstance(schema, list):
        return any(_open_objects(item) for item in schema)
    if not isinstance(schema, dict):
        return False
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        return True
    return any(_open_objects(value) for value in schema.values())


def _off_schema(body: dict[str, Any], text: str) -> str:
    """What constrained decoding would never have said; "" when fine. `raw` replies test our own guard instead."""
    if "output_config" not in body or text.startswith("raw:"):
        return ""
    schema = body["output_config"]["format"]["schema"]
    data = json.loads(text)
    missing = [name for name in schema["required"] if name not in data]
    return f"missing {missing}" if missing else ""


@contextmanager
def running(settings: Any) -> Iterator[MessagesApi]:
    """One that the product is set to ask, with a key."""
    api = MessagesApi()
    settings.ANTHROPIC_API_KEY, settings.ANTHROPIC_BASE_URL = "sk-ant-test", api.url
    try:
        yield api
    finally:
        api.stop()
