"""A new API token, alone on stdout, so that a script can catch it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from resolutionflow.accounts.management import base
from resolutionflow.accounts.models import ApiToken


class Command(base.SiteCommand):
    help = "Create an API token for a member and print it: it is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--scope", default="read", help="read or write")
        parser.add_argument("--days", type=int, help="after how many days it expires; without it, never")

    def run(self, options: dict[str, Any]) -> None:
        user = self.user(options["email"])
        _token, key = ApiToken.issue(user, name="Made at the shell", scope=options["scope"], days=options["days"])
        self.stdout.write(key)
