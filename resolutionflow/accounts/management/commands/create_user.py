"""A new member of an account."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from resolutionflow.accounts.management import base


class Command(base.SiteCommand):
    help = "Add a member to an account. Without --password, prints a one-time link to set one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--account", required=True, metavar="NAME")
        parser.add_argument("--role", required=True, help="owner, admin, engineer or viewer")
        parser.add_argument("--name", default="")
        parser.add_argument("--password")
        parser.add_argument("--lead", action="store_true", help="may take over, transfer and close what others hold")

    def run(self, options: dict[str, Any]) -> None:
        account = self.account(options["account"])
        fields = {field: options[field] for field in ("email", "role", "name", "password", "lead")}
        member = account.add_member(by=None, **fields)
        self.stdout.write(f"Added {member.email} to {account} as {member.role}.")
        self.tell_link(member)
