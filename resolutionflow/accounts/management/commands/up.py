"""`manage.py up`: the whole site in the foreground, until Ctrl-C.

Embedded it is this one process. With DATABASE_URL and REDIS_URL it starts the web server, a worker for each queue and
the timer as children and keeps them running; `--only` runs one of them alone, so that they can be spread over machines.
"""

from __future__ import annotations

import signal
import socket
import sys
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from resolutionflow.accounts.models import Account
from resolutionflow.celery import FAST, SLOW
from resolutionflow.ops import environment, logs, prepare, server, workers
from resolutionflow.ops.supervisor import Supervisor, end_at_once_when_told, end_with_supervisor

WEB, BEAT = "web", "beat"


class Command(BaseCommand):
    help = "Start the whole site in the foreground. Ctrl-C stops everything it started."
    requires_system_checks: list[str] = []  # a start takes seconds; `manage.py check` is for before

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", choices=(WEB, FAST, SLOW, BEAT), help="run this part alone")
        parser.add_argument("--demo", action="store_true", help="fill an empty database with the demo (DEBUG=1)")
        parser.add_argument("--fd", type=int, help="the listening socket, when inherited")

    def handle(self, *args: Any, only: str | None, demo: bool, fd: int | None, **options: Any) -> None:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # both ways to stop are one
        if only and settings.EMBEDDED:
            raise CommandError("--only needs DATABASE_URL and REDIS_URL: embedded, the parts share one process.")
        if only:
            sys.exit(self._part(only, fd))
        with self._listen() as listening, environment.address_noted(settings.ADDRESS_NOTE, settings.SITE_URL):
            self._migrate()
            prepare.collect_static()
            self._warn()
            self._demo(load=demo)
            sys.exit(self._embedded(listening) if settings.EMBEDDED else self._supervised(listening))

    # the ways to run

    def _embedded(self, listening: socket.socket) -> int:
        inside = workers.Workers()
        inside.start()
        self._serve(listening)
        return 0 if inside.stop(_grace()) else 1

    def _supervised(self, listening: socket.socket) -> int:
        up = [sys.executable, str(settings.BASE_DIR / "manage.py"), "up", "--only"]
        fd = listening.fileno()
        children = {
            WEB: ([*up, WEB, "--fd", str(fd)], [fd]),
            **{part: ([*up, part], ()) for part in (FAST, SLOW, BEAT)},
        }
        return Supervisor(children, grace=_grace()).run()

    def _part(self, part: str, fd: int | None) -> int:
        end_at_once_when_told()
        end_with_supervisor()
        if part == WEB:
            if fd is None:
                prepare.collect_static()
            with socket.socket(fileno=fd) if fd is not None else self._listen() as listening:
                self._serve(listening)
            return 0
        return workers.run_beat() if part == BEAT else workers.run_worker(part)

    def _serve(self, listening: socket.socket) -> None:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):  # uvicorn finishes what it was doing, then passes the signal on
            server.Server(ready=self._announce).run(sockets=[listening])

    def _listen(self) -> socket.socket:
        try:
            return server.listen(settings.HOST, settings.PORT)
        except server.PortTaken as error:
            raise CommandError(str(error)) from error

    def _migrate(self) -> None:
        try:
            prepare.migrate()
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {logs.hide_secrets(str(error)).strip()}") from error

    # what people read

    def _announce(self) -> None:
        self.stdout.write(f"ResolutionFlow is at {settings.SITE_URL or server.site_address()} (Ctrl-C stops it)")
        self.stdout.flush()

    def _warn(self) -> None:
        if not settings.EMAIL_URL:
            self.stderr.write(f"EMAIL_URL is not set: mail is written to files in {settings.EMAIL_FILE_PATH}.")
        if settings.HTTPS and not settings.TRUSTED_PROXIES:
            self.stderr.write(
                "SITE_URL is https and TRUSTED_PROXIES is empty: the proxy's word for https is not taken."
            )

    def _demo(self, *, load: bool) -> None:
        """Only an empty database is filled; the demo's logins are printed whenever they work."""
        if settings.DEBUG and load and "demo" in get_commands():
            call_command("demo", logins=Account.objects.exists(), stdout=self.stdout)


def _grace() -> float:
    """Long enough for a model's answer that is under way."""
    return max(25.0, settings.AI_TIMEOUT_SECONDS + 10.0)
