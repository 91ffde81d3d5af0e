"""import_incidents FILE --account NAME [--until TIME]: real incidents as sessions, steps and handoffs."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from handoffs.incidents import importing
from handoffs.incidents.rows import NAMED, ImportReport, NotAnExport
from resolutionflow.accounts.management import base
from resolutionflow.core.spreadsheet import ENCODINGS, MAX_BYTES, MAX_ROW, MAX_ROWS, Unreadable
from resolutionflow.ops.terminal import plain


class Command(base.SiteCommand):
    help = (
        "Import a ServiceNow incident export: CSV as any spreadsheet writes it, plain or gzip, at most "
        f"{MAX_BYTES // 1_000_000} MB unpacked and {MAX_ROWS:,} rows of {MAX_ROW:,} characters. "
        "Run again, it continues, adds nothing twice, and corrects letters that went in wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--account", required=True, help="The account's name.")
        parser.add_argument("--until", type=_time, help="Stop the replay here, such as 2016-03-04T12:00 (UTC).")
        parser.add_argument("--encoding", choices=ENCODINGS, help="Of the file; found out when not said.")

    def run(self, options: dict[str, Any]) -> None:
        asked = {name: options[name] for name in ("until", "encoding")}
        try:
            report = importing.import_file(
                options["file"], self.account(options["account"]), progress=self._progress, **asked
            )
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror or error}") from None
        except (Unreadable, NotAnExport) as error:
            raise CommandError(f"{error} Nothing was imported.") from None
        self._tell(report)

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(f"{done} of {total} incidents", ending="\r" if self.stderr.isatty() else "\n")

    def _tell(self, report: ImportReport) -> None:
        for line, why in report.problems:
            self.stderr.write(f"line {line}: {plain(why)}; skipped")
        if report.skipped > NAMED:
            self.stderr.write(f"and {report.skipped - NAMED} more lines")
        for number in report.left_alone:
            self.stderr.write(f"{plain(number)}: worked on here since; left alone")
        self.stdout.write(_how_it_was_read(report))
        self.stdout.write(
            f"{report.incidents} new incidents, {report.rows} rows, {report.handoffs} handoffs; "
            f"{report.repeated} rows were here already, {report.later} are later than asked for, "
            f"{report.skipped} were skipped."
        )
        if report.mended:
            self.stdout.write(f"{report.mended} texts that went in with wrong letters were corrected.")
        if report.cut_after is not None:
            raise CommandError(
                f"The file ends in the middle or is damaged, after line {report.cut_after}. What came before it is in; "
                "run this again with the whole file and the rest follows."
            )


def _how_it_was_read(report: ImportReport) -> str:
    if report.sheet is None or report.sheet.is_certain:
        return f"Read as {report.sheet}."
    return f"Read as {report.sheet}. The encoding is a guess: if letters are wrong, run it again with --encoding."


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no time: write it like 2016-03-04T12:00.") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
