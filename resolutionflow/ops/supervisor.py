"""Keeps the parts of the site running as child processes: starts, restarts and stops them, and prints their output."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

RESTARTS, WITHIN = 5, 60.0  # a part that dies this often in this many seconds ends the site
SUPERVISED = "RESOLUTIONFLOW_SUPERVISED"
_PR_SET_PDEATHSIG = 1

_printing = threading.Lock()


class Child:
    """One part, as a process in a session of its own: Ctrl-C reaches only the supervisor."""

    def __init__(self, name: str, command: Sequence[str], inherited: Iterable[int] = ()) -> None:
        self.name, self.command, self.inherited = name, command, tuple(inherited)
        self.process: subprocess.Popen[str] | None = None
        self.deaths: deque[float] = deque(maxlen=RESTARTS)
        self.start_at = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603  only our own commands
            self.command,
            env={**os.environ, SUPERVISED: str(os.getpid())},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            pass_fds=self.inherited,
            start_new_session=True,
        )
        threading.Thread(target=self._pass_lines_on, args=(self.process,), daemon=True).start()

    def died(self) -> bool:
        """Whether it has ended since it was last asked; then sets when to start it again: at once, later each further
        time."""
        if self.process is None or self.process.poll() is None:
            return False
        now = time.monotonic()
        lately = sum(1 for death in self.deaths if death > now - WITHIN)
        self.deaths.append(now)
        self.start_at = now + (0 if lately == 0 else 0.5 * 2**lately)
        say("up", f"{self.name} ended ({_how(self.process.returncode)}).")
        self.process = None
        return True

    @property
    def keeps_dying(self) -> bool:
        return len(self.deaths) == RESTARTS and self.deaths[0] > time.monotonic() - WITHIN

    def signal(self, number: int) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def _pass_lines_on(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            say(self.name, line.rstrip("\n"))


class Supervisor:
    def __init__(self, children: Mapping[str, tuple[Sequence[str], Iterable[int]]], *, grace: float) -> None:
        self.children = [Child(name, *how) for name, how in children.items()]
        self.grace = grace

    def run(self) -> int:
        """Run until Ctrl-C or SIGTERM (returns 0) or until a part keeps dying (returns 1)."""
        try:
            return self._watch()
        except KeyboardInterrupt:
            return 0
        finally:
            self._stop()

    def _watch(self) -> int:
        while True:
            for child in self.children:
                child.died()
                if child.keeps_dying:
                    say("up", f"{child.name} keeps dying: see its lines above. Stopping.")
                    return 1
                if child.process is None and time.monotonic() >= child.start_at:
                    child.start()
            time.sleep(0.1)

    def _stop(self) -> None:
        """Ask every part to stop; kill those that have not after `grace` seconds, or at a second Ctrl-C."""
        running = [child for child in self.children if child.process is not None]
        for child in running:
            child.signal(signal.SIGTERM)
        with suppress(KeyboardInterrupt):
            self._wait(running)
        for child in running:
            child.signal(signal.SIGKILL)

    def _wait(self, running: list[Child]) -> None:
        end = time.monotonic() + self.grace
        while any(child.process and child.process.poll() is None for child in running):
            if time.monotonic() > end:
                return say("up", "Some work did not end in time; it is taken up again at the next start.")
            time.sleep(0.05)
        return None


def say(name: str, line: str) -> None:
    with _printing:
        sys.stdout.write(f"{name:<4} | {line}\n")
        sys.stdout.flush()


def end_with_supervisor() -> None:
    """Called in a child: when the supervisor is killed, the kernel ends this process as well (Linux)."""
    supervisor = os.environ.get(SUPERVISED)
    if supervisor and sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != int(supervisor):
            sys.exit("The supervisor was gone before this part had started.")


def end_at_once_when_told() -> None:
    """Called in a part that is starting and has nothing under way: SIGTERM ends it at once. An exception, as Ctrl-C
    raises, could come in a callback of Python's own, which swallows it, and the part would run on until it is killed.
    """
    signal.signal(signal.SIGTERM, lambda *_unused: os._exit(0))


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
