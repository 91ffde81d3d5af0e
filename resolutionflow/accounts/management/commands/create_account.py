"""A new account and its owner: the only way one comes into being."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from resolutionflow.accounts.management import shell
from resolutionflow.accounts.models import Account


class Command(shell.Command):
    help = "Create an account and its owner. Without --password, prints a one-time link to set one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--owner", required=True, metavar="EMAIL")
        parser.add_argument("--password")

    def run(self, options: dict[str, Any]) -> None:
        account, user = Account.open(name=options["name"], owner_email=options["owner"], password=options["password"])
        self.stdout.write(f"Created {account.name}, owned by {user.email}.")
        self.tell_link(user)
