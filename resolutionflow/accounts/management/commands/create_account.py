"""A new account and its owner: the only way one comes into being."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from resolutionflow.accounts.management import base
from resolutionflow.accounts.models import Account


class Command(base.SiteCommand):
    help = "Create an account and its owner. Without --password, prints a one-time link to set one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--owner", required=True, metavar="EMAIL")
        parser.add_argument("--password")
        parser.add_argument("--time-zone", metavar="ZONE", help="such as Europe/Oslo; its owner is asked when not said")

    def run(self, options: dict[str, Any]) -> None:
        fields = {field: options[field] for field in ("name", "password", "time_zone")}
        account, user = Account.open(owner_email=options["owner"], **fields)
        zone = account.time_zone if account.time_zone_is_set else "UTC until its owner chooses one"
        self.stdout.write(f"Created {account.name}, owned by {user.email}. Its time zone is {zone}.")
        self.tell_link(user)
