"""manage.py demo: fills an empty database of a development machine with a small MSP and work waiting."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from notifications import demo
from resolutionflow.accounts.management import base
from resolutionflow.accounts.models import Account


class Command(base.SiteCommand):
    help = "Load the demo: two accounts, eight people, sessions in every position (DEBUG=1, empty database only)."
    origin = "system"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--logins", action="store_true", help="Only print the logins, where the demo is loaded.")

    def run(self, options: dict[str, Any]) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo has a known password: it is loaded only while DEBUG=1.")
        if options["logins"]:
            self._tell()
            return
        if Account.objects.exists():
            raise CommandError("There are accounts here already; the demo wants an empty database.")
        demo.load()
        self._tell()

    def _tell(self) -> None:
        people = list(demo.people())
        if not people or not people[0].check_password(demo.PASSWORD):
            return  # somebody made this their own: no logins to print
        self.stdout.write(f"Demo logins, password {demo.PASSWORD}:")
        for person in people:
            role = f"{person.get_role_display().lower()}{', lead' if person.lead else ''}"
            self.stdout.write(f"  {person.email:24} {person.name}, {role} at {person.account}")
