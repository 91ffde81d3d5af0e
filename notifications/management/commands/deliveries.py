"""manage.py deliveries --failed [--retry]: what could not be sent, and another try."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from notifications.models import Delivery


class Command(BaseCommand):
    help = "List deliveries, those that failed with --failed; with --retry, try those again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--failed", action="store_true", help="only those that failed")
        parser.add_argument("--retry", action="store_true", help="try those that failed again")
        parser.add_argument("--limit", type=int, default=100, help="how many to list, newest first (100)")

    def handle(self, *args: Any, failed: bool, retry: bool, limit: int, **options: Any) -> None:
        rows = Delivery.objects.select_related("account", "event").order_by("-pk")
        rows = rows.failed().order_by("-pk") if failed or retry else rows
        shown = list(rows if retry else rows[:limit])
        for row in shown:
            kind = row.event.kind if row.event else "by hand"
            self.stdout.write(f"{row.pk}\t{row.account}\t{row.status}\t{kind}\t{row}\t{row.error}")
            if retry:
                row.retry()
        if retry and not shown:
            self.stdout.write("Nothing has failed.")
        elif retry:
            self.stdout.write("They are due now: a worker takes them, or manage.py sweep.")
