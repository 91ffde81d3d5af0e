"""A worker's process that is killed before one of the lines it runs, or in the middle of a call it makes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import connection

from notifications.models import Delivery
from tests.fakes.killing_proxy import InCall, KillingProxy
from tests.servers import PATIENCE, ROOT

OURS = tuple(f"{ROOT / name}{os.sep}" for name in ("resolutionflow", "sessions_app", "handoffs", "notifications"))
FORK = multiprocessing.get_context("fork")  # a process that has all modules loaded, in milliseconds

Place = tuple[str, int]  # file and line


class BeforeLine(NamedTuple):
    """Before it runs its `number`th line of ours, which is at `place`."""

    number: int
    place: Place


def lines_of(pk: int, proxy: KillingProxy) -> list[Place]:
    """The lines of ours that a worker runs for this row, in their order."""
    receiver, sender = FORK.Pipe(duplex=False)

    def work() -> None:
        lines: list[Place] = []
        _traced(pk, lambda *place: lines.append(place))
        sender.send(lines)

    process = _started(work, proxy)
    sender.close()  # here: a worker that ends without a word is heard of
    lines: list[Place] = receiver.recv()
    process.join(PATIENCE)
    return lines


def killed(pk: int, proxy: KillingProxy, at: BeforeLine | InCall) -> None:
    """A worker takes this row, and is killed at this moment. All that it has sent is done afterwards."""

    def work() -> None:
        if isinstance(at, InCall):
            Delivery.run(pk)
            return
        left = at.number

        def count(*_place: Any) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        _traced(pk, count)

    process = _started(work, proxy, at if isinstance(at, InCall) else None)
    process.join(PATIENCE)
    assert process.exitcode == -signal.SIGKILL, f"{at}: {process.exitcode}"
    proxy.settle()


def _started(work: Callable[[], None], proxy: KillingProxy, at: InCall | None = None) -> Any:
    proxy.watch(at)
    connection.close()
    connection.close_pool()  # no two processes may use one connection
    process = FORK.Process(target=work)
    process.start()
    proxy.caller_is(process.pid)
    return process


def _traced(pk: int, before: Callable[[str, int], None]) -> None:
    def ran(frame: Any, what: str, _argument: Any) -> Any:
        if what == "line":
            before(frame.f_code.co_filename, frame.f_lineno)
        return ran

    sys.settrace(lambda frame, _what, _argument: ran if frame.f_code.co_filename.startswith(OURS) else None)
    Delivery.run(pk)
    sys.settrace(None)
