"""Say of each connection to a ticket system whether it works."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from resolutionflow.accounts.models import Account
from resolutionflow.work import GiveUp, Later
from sessions_app.models import PsaConnection


class Command(BaseCommand):
    help = "Say of each connection to a ticket system whether its address and credentials work."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--account", metavar="NAME", help="only the connections of this account")

    def handle(self, *args: Any, account: str | None = None, **options: Any) -> None:
        connections = PsaConnection.objects.filter(is_active=True).select_related("account")
        if account:
            if not Account.objects.filter(name=account).exists():
                raise CommandError(f"There is no account named {account}.")
            connections = connections.filter(account__name=account)
        errors = [self._try_out(connection) for connection in connections.order_by("account__name", "name")]
        if not errors:
            self.stdout.write("No active connection.")
        if failed := sum(map(bool, errors)):
            raise CommandError(f"{failed} of {len(errors)} do not work.")

    def _try_out(self, connection: PsaConnection) -> str:
        """What is wrong, or nothing; kept for the settings, too."""
        found = error = ""
        try:
            found = connection.try_out()
        except (GiveUp, Later) as problem:
            error = str(problem)
        connection.keep_check(found=found, error=error)
        self.stdout.write(f"{connection.account} / {connection.name}: {error or f'works ({found})'}")
        return error
