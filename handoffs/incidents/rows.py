"""Reads an incident export of any size, incident by incident: ServiceNow's columns, one update of one incident a row.

The file is a log in which incidents are mixed. Its rows are put into a temporary SQLite database on the disk, which is
gone when it is closed, and are read back by incident in batches that fit into memory.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path

from resolutionflow.accounts.models import Priority
from resolutionflow.core import spreadsheet
from resolutionflow.core.spreadsheet import CutOff, Sheet, open_sheet
from resolutionflow.core.text import SHORT, cut, one_line

COLUMNS = (
    "number", "incident_state", "reassignment_count", "caller_id", "opened_by", "sys_updated_by", "sys_updated_at",
    "location", "category", "subcategory", "u_symptom", "cmdb_ci", "priority", "assignment_group", "assigned_to",
    "closed_code", "resolved_by",
)  # fmt: skip
CHECKED = ("number", "incident_state", "reassignment_count", "sys_updated_at")
STATES = {"New", "Active", "Resolved", "Closed"}  # and every "Awaiting …"
PRIORITY_BY_DIGIT = {"1": Priority.URGENT, "2": Priority.HIGH, "3": Priority.NORMAL, "4": Priority.LOW}
TIMES = ("%d-%m-%Y %H:%M", "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S")  # 3/4/2016 is a day in two months
YEARS = range(1971, 2100)
NAMESPACE = uuid.UUID("6d0a5b7e-5d51-4b8e-9f1c-1f9b6a3f0c11")
INCIDENTS, ROWS = 100, 2000  # of one batch
OF_ONE = 1000  # updates of one incident
CELL = 1000  # characters kept of a cell: more than ever shows, and all white space before it
NAMED = 1000  # rows that are named when they are skipped; the others are counted


class NotAnExport(Exception):
    """The file lacks columns of an incident export."""


@dataclass
class ImportReport:
    """The result of an import; `problems` are pairs of line and reason, for the first of the `skipped` rows."""

    sheet: Sheet | None = None
    incidents: int = 0
    rows: int = 0
    handoffs: int = 0
    repeated: int = 0
    mended: int = 0
    later: int = 0
    skipped: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)
    cut_after: int | None = None

    def skip(self, line: int, why: str) -> None:
        self.skipped += 1
        if self.skipped <= NAMED:
            self.problems.append((line, why))


@dataclass(frozen=True)
class IncidentRow:
    """One update of one incident, checked. A cell with `?` is ""."""

    line: int
    position: int  # among the incident's rows in the file: with the number it makes the row's key
    number: str
    at: datetime
    reassigned: int
    cells: dict[str, str]  # as they stand in the file

    @cached_property
    def texts(self) -> dict[str, str]:
        return {name: _known(cell) for name, cell in self.cells.items()}

    @property
    def is_ascii(self) -> bool:
        return all(cell.isascii() for cell in self.cells.values())

    def misread(self, written: str, read: str) -> IncidentRow:
        """This row as it reads if its bytes, in the encoding `written`, are taken for `read`."""
        return replace(
            self, cells={name: cell.encode(written).decode(read, "replace") for name, cell in self.cells.items()}
        )

    @property
    def key(self) -> uuid.UUID:
        return uuid.uuid5(NAMESPACE, f"{self.number}:{self.position}")

    @property
    def awaits(self) -> bool:
        return self.texts["incident_state"].startswith("Awaiting")

    @property
    def is_over(self) -> bool:
        return self.texts["incident_state"] in ("Resolved", "Closed")

    @property
    def urgency(self) -> int:
        return PRIORITY_BY_DIGIT.get(self.texts["priority"][:1], Priority.NORMAL)


Incident = tuple[str, list[IncidentRow]]


class IncidentRows:
    """The rows of a file by incident, each in the file's order: it is a log, and a wrong clock does not reorder it."""

    def __init__(self, database: sqlite3.Connection, report: ImportReport) -> None:
        self._database = database
        self._report = report
        self.incidents: int = database.execute("SELECT count(DISTINCT number) FROM row WHERE cells <> ''").fetchone()[0]

    def batches(self) -> Iterator[list[Incident]]:
        batch: list[Incident] = []
        for incident in self._by_incident():
            batch.append(incident)
            if len(batch) >= INCIDENTS or sum(len(rows) for _number, rows in batch) >= ROWS:
                yield batch
                batch = []
        if batch:
            yield batch

    def _by_incident(self) -> Iterator[Incident]:
        found = self._database.execute("SELECT number, line, cells FROM row ORDER BY number, line")
        for number, stored in groupby(found, key=itemgetter(0)):
            rows = [
                _parse_row(line, position, json.loads(cells))
                for position, (_number, line, cells) in enumerate(islice(stored, OF_ONE))
                if cells
            ]
            for _number, line, _cells in stored:
                self._report.skip(line, f"{number} has more than {OF_ONE:,} updates")
            if rows:
                yield number, rows


@contextmanager
def read_export(path: Path, report: ImportReport, *, encoding: str | None = None) -> Iterator[IncidentRows]:
    """The rows of the file at `path`. Rows that cannot be read are named in the report, by line."""
    report.sheet = open_sheet(path, expected=COLUMNS, encoding=encoding)
    database = sqlite3.connect("")  # a file of its own that nobody else sees
    try:
        database.execute("CREATE TABLE row (number TEXT, line INTEGER, cells TEXT)")
        database.executemany("INSERT INTO row VALUES (?, ?, ?)", _checked(report.sheet, report))
        database.execute("CREATE INDEX by_number ON row (number, line)")
        yield IncidentRows(database, report)
    finally:
        database.close()


def _checked(source: Sheet, report: ImportReport) -> Iterator[tuple[str, int, str]]:
    """(number, line, cells) of each row. A skipped row is there without cells, so that those after it keep their
    position."""
    header: list[str] = []
    try:
        for row in source.rows():
            if not any(row.cells) and not row.fault:
                continue  # Excel writes rows of nothing but delimiters
            if not header:
                header = _header(row.cells)
                continue
            found = dict(zip(header, row.cells, strict=False))
            cells = {name: found.get(name, "")[:CELL] for name in COLUMNS}
            fault = row.fault or _fault(header, row, cells)
            if fault:
                report.skip(row.line, fault)
            if row.cells:
                yield _known(cells["number"]), row.line, "" if fault else json.dumps(cells)
    except CutOff as cut_off:
        report.cut_after = cut_off.after
    if not header:
        _header([])


def _header(cells: list[str]) -> list[str]:
    names = [one_line(cell) for cell in cells]
    if missing := [name for name in COLUMNS if name not in names]:
        raise NotAnExport(f"These columns are missing: {', '.join(missing)}. Is this an incident export?")
    return names


def _fault(header: list[str], row: spreadsheet.SheetRow, cells: dict[str, str]) -> str:
    if len(row.cells) != len(header):
        return "the row has too few or too many columns"
    try:
        _parse_row(row.line, 0, cells)
    except ValueError as error:
        return str(error)
    return ""


def _parse_row(line: int, position: int, cells: dict[str, str]) -> IncidentRow:
    number, state, count, at = (_known(cells[name]) for name in CHECKED)
    if not number:
        raise ValueError("there is no incident number")
    if state not in STATES and not state.startswith("Awaiting"):
        raise ValueError(f"the state {state!r} is not known")
    if not count.isdecimal():
        raise ValueError(f"the reassignment count {count!r} is not a number")
    return IncidentRow(line, position, number, _parse_time(at), int(count), cells)


def _known(text: str) -> str:
    text = cut(one_line(text), SHORT)
    return "" if text == "?" else text


def _parse_time(text: str) -> datetime:
    for form in TIMES:
        try:
            at = datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        if at.year not in YEARS:  # such as 31-12-9999 for "never": east of UTC there is no such day
            raise ValueError(f"the time {text!r} is not from {YEARS[0]} to {YEARS[-1]}")
        return at
    raise ValueError(f"the time {text!r} is not day-month-year hour:minute")
