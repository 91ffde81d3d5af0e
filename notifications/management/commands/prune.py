"""manage.py prune --days 30: deletes what is not needed any more."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from notifications.prune import DAYS, prune
from resolutionflow.accounts.management import base


class Command(base.SiteCommand):
    help = "Delete finished deliveries, read notifications, old keys, files of no row; after 90 days texts of AI calls."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=base.whole_number(1, 36500), default=DAYS, help="keep what is younger (30)")

    def run(self, options: dict[str, Any]) -> None:
        for what, count in prune(days=options["days"]).items():
            self.stdout.write(f"{what} {count}")
