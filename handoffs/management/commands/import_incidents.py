"""import_incidents FILE --account NAME [--until TIME]: real incidents as sessions, steps and handoffs."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from handoffs import incidents
from resolutionflow.accounts.models import Account


class Command(BaseCommand):
    help = "Import a ServiceNow incident export (CSV, plain or .gz). Run again, it continues and adds nothing twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--account", required=True, help="The account's name.")
        parser.add_argument("--until", type=_time, help="Stop the replay here, such as 2016-03-04T12:00 (UTC).")

    def handle(self, *args: Any, **options: Any) -> None:
        account = Account.objects.filter(name=options["account"]).first()
        if account is None:
            raise CommandError(f"There is no account named {options['account']!r}.")
        try:
            report = incidents.bring_in(options["file"], account, until=options["until"], progress=self._progress)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror or error}") from None
        except incidents.NotAnExport as error:
            raise CommandError(str(error)) from None
        self._tell(report)

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(f"{done} of {total} incidents", ending="\r" if self.stderr.isatty() else "\n")

    def _tell(self, report: incidents.Report) -> None:
        for line, why in report.problems:
            self.stderr.write(f"line {line}: {why}; skipped")
        for number in report.left_alone:
            self.stderr.write(f"{number}: worked on here since; left alone")
        self.stdout.write(
            f"{report.incidents} new incidents, {report.rows} rows, {report.handoffs} handoffs; "
            f"{report.repeated} rows were here already, {report.later} are later than asked for, "
            f"{len(report.problems)} were skipped."
        )
        if report.cut_after is not None:
            raise CommandError(
                f"The file ends in the middle, after line {report.cut_after}. What came before it is in; "
                "run this again with the whole file and the rest follows."
            )


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no time: write it like 2016-03-04T12:00.") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
