"""A proxy that kills who called, in the middle of its call; what it called goes on as if nothing had happened."""

from __future__ import annotations

import os
import signal
import threading
from typing import NamedTuple

from tests.fakes.swallowing_proxy import SwallowingProxy

STAGES = ("sent", "passed on", "answered")


class InCall(NamedTuple):
    """A moment of its `call`th call: sent and not yet there, there and being done, done and not yet heard of."""

    call: int
    stage: str


class KillingProxy(SwallowingProxy):
    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.requests: list[bytes] = []  # since `watch`
        self.at: InCall | None = None
        self.caller = 0  # its process
        self.known = threading.Event()  # whether it is

    def watch(self, at: InCall | None = None) -> None:
        """From now on; kill who calls, at that moment, once `caller_is` says who that is."""
        self.requests, self.at = [], at
        self.known.clear()

    def caller_is(self, process: int) -> None:
        self.caller = process
        self.known.set()

    def reached(self, stage: str, request: bytes) -> None:
        if stage == STAGES[0]:
            self.requests.append(request)
        if self.at == (len(self.requests), stage):
            self.known.wait()
            os.kill(self.caller, signal.SIGKILL)
