"""manage.py deliveries --failed [--retry]: lists what could not be sent, and sends it again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from notifications.models import Delivery
from resolutionflow.accounts.management import base
from resolutionflow.core.refusals import WrongState
from resolutionflow.ops.terminal import plain


class Command(base.SiteCommand):
    help = "List deliveries, those that failed with --failed; with --retry, try those again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--failed", action="store_true", help="only those that failed")
        parser.add_argument("--retry", action="store_true", help="try those that failed again, all of them")
        parser.add_argument(
            "--limit", type=base.whole_number(1, 1_000_000), default=100, help="how many to list, newest first (100)"
        )

    def run(self, options: dict[str, Any]) -> None:
        if options["retry"]:
            self._retry()
            return
        rows = Delivery.objects.failed() if options["failed"] else Delivery.objects.all()
        shown = list(rows.select_related("account", "event").order_by("-pk")[: options["limit"]])
        for row in shown:
            self.stdout.write(_line(row))
        if not shown:
            self.stderr.write("Nothing has failed." if options["failed"] else "There are no deliveries.")

    def _retry(self) -> None:
        due = 0
        for row in Delivery.objects.failed().select_related("account", "event").order_by("-pk"):
            line = _line(row)  # as it stood
            try:
                row.retry()
            except WrongState:
                continue  # somebody else has just asked for it
            due += 1
            self.stdout.write(line)
        are = f"{due} {'is' if due == 1 else 'are'} due now: a worker takes them, or manage.py sweep."
        self.stderr.write(are if due else "Nothing has failed.")


def _line(row: Delivery) -> str:
    """A delivery for scripts: cells with a tab between them."""
    kind = row.event.kind if row.event else "by hand"
    return "\t".join(plain(str(cell)) for cell in (row.pk, row.account, row.status, kind, row, row.error))
