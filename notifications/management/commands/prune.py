"""manage.py prune --days 30: throw away what nobody needs any more."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from notifications.prune import DAYS, prune


class Command(BaseCommand):
    help = "Delete finished deliveries, read notifications, and old keys; never sessions, handoffs or events."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=DAYS, help="keep what is younger (30)")

    def handle(self, *args: Any, days: int, **options: Any) -> None:
        for what, count in prune(days=days).items():
            self.stdout.write(f"{what} {count}")
