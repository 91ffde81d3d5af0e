"""manage.py selftest: races 20 claims, stops the AI, drops a socket, and prints what held."""

from __future__ import annotations

import logging
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from django.core.management.base import CommandError
from django.db import DatabaseError

from notifications.selftest.checks import Outcome, Selftest, was_interrupted, where
from notifications.selftest.own_server import Broken
from resolutionflow.accounts.management import base
from resolutionflow.ops import logs, prepare

INTERRUPTED = 130
STOPS = (signal.SIGINT, signal.SIGTERM)


class Command(base.SiteCommand):
    help = "Try the promises out on this installation, with an account that is deleted again. Exit code 1: one broke."

    def run(self, options: dict[str, Any]) -> None:
        if not prepare.is_migrated():
            raise CommandError(base.NOT_MIGRATED)
        prepare.collect_static()
        began, outcomes = time.monotonic(), []
        try:
            with _quietly(), Selftest() as selftest:
                self.stdout.write(f"On {where()}, as the account “{selftest.account}”:")
                for outcome in selftest.outcomes():
                    outcomes.append(outcome)
                    self._tell(outcome)
        except KeyboardInterrupt:
            self._end_interrupted()
        except Broken as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            if was_interrupted(error):
                self._end_interrupted()
            raise CommandError(
                f"{logs.hide_secrets(str(error)).strip()} What is left goes at the next selftest."
            ) from error
        failed = sum(not outcome.held for outcome in outcomes)
        seconds = time.monotonic() - began
        self.stdout.write(f"{len(outcomes) - failed} held, {failed} failed, in {seconds:.1f} s. The account is gone.")
        if failed:
            sys.exit(1)

    def _end_interrupted(self) -> NoReturn:
        self.stderr.write("Interrupted. The account is gone.")
        sys.exit(INTERRUPTED)

    def _tell(self, outcome: Outcome) -> None:
        mark = "✓ held  " if outcome.held else "✗ FAILED"
        self.stdout.write(f"  {mark}  {outcome.promise}\n            {outcome.seen}")
        self.stdout.flush()


@contextmanager
def _quietly() -> Iterator[None]:
    """Without a log line per request. SIGTERM ends it as Ctrl-C does, once, so that the selftest can delete what it
    made."""
    before = {number: signal.signal(number, _interrupt) for number in STOPS}
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(*_unused: object) -> None:
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
