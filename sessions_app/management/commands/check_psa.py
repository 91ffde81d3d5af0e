"""manage.py check_psa: whether each connection to a ticket system works."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from resolutionflow.accounts.management import base
from resolutionflow.core.work import GiveUp, Later
from resolutionflow.ops.terminal import plain
from sessions_app.models import PsaConnection


class Command(base.SiteCommand):
    help = "Say of each connection to a ticket system whether its address and credentials work."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--account", metavar="NAME", help="only the connections of this account")

    def run(self, options: dict[str, Any]) -> None:
        connections = PsaConnection.objects.filter(is_active=True).select_related("account")
        if options["account"] is not None:
            connections = connections.filter(account=self.account(options["account"]))
        errors = [self._try_out(connection) for connection in connections.order_by("account__name", "name")]
        if not errors:
            self.stdout.write("No active connection.")
        if failed := sum(map(bool, errors)):
            raise CommandError(f"{failed} of {len(errors)} do not work.")

    def _try_out(self, connection: PsaConnection) -> str:
        """What is wrong with the connection, or ""; the settings show it, too."""
        found = error = ""
        try:
            found = connection.try_out()
        except (GiveUp, Later) as problem:
            error = str(problem)
        connection.keep_check(found=found, error=error)
        connection.refresh_from_db()
        said = " ".join(filter(None, [error or f"works ({found})", connection.why_held]))
        self.stdout.write(f"{plain(f'{connection.account} / {connection.name}')}: {said}")
        return error
