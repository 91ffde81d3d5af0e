"""A proxy that kills who called, in the middle of its call; what was called goes on as if nothing had happened."""

from __future__ import annotations

import os
import signal
import threading
from typing import NamedTuple

from tests.fakes.swallowing_proxy import SwallowingProxy, is_write

NEVER_ARRIVES, BEING_DONE, DONE = STAGES = ("sent", "passed on", "answered")


class InCall(NamedTuple):
    """A moment of its `call`th call: sent, and lost with who sent it; being done there; done, and not yet heard of."""

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

    def writing_calls(self) -> list[int]:
        """Which of them were to change something."""
        return [call for call, request in enumerate(self.requests, start=1) if is_write(request)]

    def goes_on(self, stage: str, request: bytes) -> bool:
        if stage == NEVER_ARRIVES:
            self.requests.append(request)
        if self.at != (len(self.requests), stage):
            return True
        self.known.wait()
        os.kill(self.caller, signal.SIGKILL)
        return stage != NEVER_ARRIVES
