"""A mail server on a real socket: keeps what it accepts, and refuses, stalls or hangs up where it is told to."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default


class FakeSmtp(socketserver.ThreadingTCPServer):
    """`answers` maps a command (connect, ehlo, mail, rcpt, data, body) to "550 text", "hang up", seconds to wait or
    what to wait for."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.answers: dict[str, str | float | threading.Event] = {}
        self.mails: list[Message] = []
        self.received: list[bytes] = []  # the same, as they came
        self.reached = threading.Event()  # somebody is waiting in a stall

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


@contextmanager
def running() -> Iterator[FakeSmtp]:
    server = FakeSmtp()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def text_of(mail: Message) -> str:
    """The text of a mail of text and HTML."""
    return _content_of(mail, "text/plain")


def html_of(mail: Message) -> str:
    """The HTML of a mail of text and HTML."""
    return _content_of(mail, "text/html")


def _content_of(mail: Message, kind: str) -> str:
    (part,) = (part for part in mail.walk() if part.get_content_type() == kind)
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).replace("\r\n", "\n")


class _HangUp(Exception):
    pass


class _Conversation(socketserver.StreamRequestHandler):
    server: FakeSmtp

    def handle(self) -> None:
        try:
            self._say("connect", "220 fake")
            while line := self.rfile.readline():
                if self._one(line.split()[0].decode().lower()) == "quit":
                    break
        except (_HangUp, OSError):
            pass

    def _one(self, word: str) -> str:
        match word:
            case "ehlo" | "helo":
                self._say("ehlo", "250-fake\r\n250 AUTH PLAIN")
            case "data":
                if self._say("data", "354 go on"):
                    self._body()
            case "auth":
                self._say("auth", "235 welcome")
            case "quit":
                self._say("quit", "221 bye")
            case _:
                self._say(word, "250 fine")
        return word

    def _body(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if not isinstance(self.server.answers.get("body"), str):
            self.server.received.append(b"".join(lines))
            self.server.mails.append(message_from_bytes(self.server.received[-1], policy=default))
        self._say("body", "250 accepted")

    def _say(self, step: str, fine: str) -> bool:
        answer = self.server.answers.get(step, fine)
        if isinstance(answer, threading.Event | float | int):
            self.server.reached.set()
            answer.wait() if isinstance(answer, threading.Event) else time.sleep(answer)
            answer = fine
        if answer == "hang up":
            raise _HangUp
        self.wfile.write(f"{answer}\r\n".encode())
        return answer == fine
