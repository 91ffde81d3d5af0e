"""import_incidents with files as people have them: any spreadsheet's CSV, huge or damaged; wrong letters are mended."""

from __future__ import annotations

import csv
import gzip
import io
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from handoffs import consistency
from handoffs.incidents import importing, rows
from handoffs.incidents.rows import COLUMNS, ImportReport
from handoffs.models import Handoff
from notifications import wording
from resolutionflow.accounts.models import Account, Event, Team, User
from resolutionflow.core import origin
from resolutionflow.core.spreadsheet import DELIMITERS
from sessions_app.models import Session, Step
from tests.conftest import person
from tests.resolutionflow.core.test_spreadsheet import TEN

pytestmark = pytest.mark.django_db
NAMES = {
    "cp1252": ("José García", "Büro Köln", "Écran cassé – câble"),
    "cp1250": ("Jiří Dvořák", "Brněnská pobočka", "Tiskárna nefunguje, síť padá"),
    "cp1251": ("Иван Петров", "Склад", "Принтер не печатает"),
}
NAMES |= dict.fromkeys(("utf-8", "utf-8-sig", "utf-16"), ("José Иван", "Büro 東京", "Écran ☕ cassé"))


@pytest.fixture
def northwind(db):
    return Account.objects.create(name="Northwind")


def row(number: str = "INC1", at: str = "29-02-2016 01:16", **cells: str) -> dict[str, str]:
    usual = dict.fromkeys(COLUMNS, "?") | {
        "number": number, "incident_state": "Active", "reassignment_count": "0", "sys_updated_at": at,
        "opened_by": "Olga", "sys_updated_by": "Olga", "category": "Printing", "priority": "2 - High",
    }  # fmt: skip
    return usual | cells


def life(encoding: str, number: str = "INC1") -> list[dict[str, str]]:
    """An incident whose every text has letters of that encoding in it: opened, escalated, resolved."""
    who, group, symptom = NAMES[encoding]
    texts = {"caller_id": who, "cmdb_ci": symptom, "u_symptom": symptom, "opened_by": who, "resolved_by": who}
    return [
        row(number, **texts, assignment_group=group, sys_updated_by=who),
        row(number, "29-02-2016 02:16", **texts, assignment_group=f"{group} 2", reassignment_count="1", category=group),
        row(
            number, "01-03-2016 02:16", **texts, assignment_group=f"{group} 2", assigned_to=who, reassignment_count="1"
        ),
        row(number, "02-03-2016 02:16", **texts, incident_state="Resolved", reassignment_count="1", assigned_to=who),
    ]


def table(rows, delimiter: str = ",") -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture
def bring_in(tmp_path, capsys):
    def run(content: bytes | Path, *options: str):
        path = tmp_path / "export.csv"
        if isinstance(content, bytes):
            path.write_bytes(content)
        call_command("import_incidents", str(path), "--account", "Northwind", *options)
        return capsys.readouterr()

    return run


def everything() -> dict[str, object]:
    """Every text of what is here, beside the events."""
    session = Session.objects.get()
    return {
        "session": [session.problem_summary, session.client_name, session.asset_name, session.resolution],
        "people": [session.started_by.name, session.assignee.name, str(session.team)],
        "steps": list(Step.objects.order_by("order").values_list("text", "author__name")),
        "handoffs": list(
            Handoff.objects.order_by("pk").values_list("notes", "sender__name", "target_team__name", "snapshot")
        ),
        "names": sorted(User.objects.values_list("name", flat=True)),
        "teams": sorted(Team.objects.values_list("name", flat=True)),
    }


def without_numbers(found: dict[str, object]) -> str:
    text = repr(found)
    for number in Step.objects.values_list("branch_id", flat=True).distinct():
        text = text.replace(f"'branch': {number}", "'branch': N")
    return text


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", NAMES)
def test_every_file_of_a_spreadsheet_comes_in_letter_by_letter(encoding, delimiter, northwind, bring_in) -> None:
    said = bring_in(table(life(encoding), delimiter).encode(encoding)).out
    assert "1 new incidents, 4 rows, 1 handoffs" in said
    assert ("is a guess" in said) == encoding.startswith("cp")
    assert f"separated by {DELIMITERS[delimiter]}" in said
    who, group, symptom = NAMES[encoding]
    session = Session.objects.get()
    assert (session.client_name, session.asset_name, session.team.name) == (who, symptom, f"{group} 2")
    assert who in session.resolution
    assert not consistency.inconsistent_sessions().exists()


def test_excels_dates_and_empty_rows(northwind, bring_in) -> None:
    rows = [row(at="29.02.2016 01:16"), row(at="2016-02-29 02:16"), dict.fromkeys(COLUMNS, ""), row(at="1/3/2016 2:16")]
    said = bring_in(table(rows, ";").encode("utf-8-sig"))
    assert "1 new incidents, 2 rows" in said.out
    assert said.err.count("skipped") == 1
    assert "line 5: the time '1/3/2016 2:16' is not day-month-year" in said.err


def test_a_letter_that_is_lost_is_refused_by_line_and_never_stored(northwind, bring_in) -> None:
    good = table([row(), row("INC2", caller_id="Zoë")])
    said = bring_in(good.encode() + table([row("INC3", caller_id="Zoë")]).splitlines()[1].encode("cp1252") + b"\r\n")
    assert "line 4: a letter cannot be read in this encoding" in said.err
    assert "1 were skipped" in said.out
    assert not Session.objects.filter(client_name__contains="\ufffd").exists()
    assert Session.objects.count() == 2


# --- a second run mends ----------------------------------------------------------------------------


def as_it_once_went_in(text: str, encoding: str) -> bytes:
    """What an import stored that took every file for UTF-8: U+FFFD, which none stores today, so by another letter."""
    return text.encode(encoding).decode("utf-8", "replace").encode()


@pytest.fixture
def lossy(monkeypatch):
    """Letters that are lost come in, as they once did."""
    with monkeypatch.context() as patch:
        patch.setattr("resolutionflow.core.spreadsheet.LOST", "\x00never")
        yield patch


@pytest.mark.parametrize("again", ["as it is", "as UTF-8", "as UTF-16"])
@pytest.mark.parametrize("encoding", ["cp1252", "cp1250", "cp1251"])
def test_a_second_run_mends_what_went_in_with_lost_letters(encoding, again, northwind, bring_in, lossy) -> None:
    text = table(life(encoding))
    bring_in(as_it_once_went_in(text, encoding))
    lossy.undo()
    assert "\ufffd" in repr(everything())
    codec = {"as it is": encoding, "as UTF-8": "utf-8", "as UTF-16": "utf-16"}[again]
    said = bring_in(text.encode(codec)).out
    assert "4 rows were here already" in said
    assert "texts that went in with wrong letters were corrected" in said
    mended = without_numbers(everything())
    assert "\ufffd" not in mended
    assert "corrected" not in bring_in(text.encode(codec)).out
    at_once = Account.objects.create(name="At once")
    everywhere = Session.objects.get()
    Account.objects.filter(pk=northwind.pk).update(name="Mended")
    Account.objects.filter(pk=at_once.pk).update(name="Northwind")
    bring_in(text.encode(codec))
    right = Session.objects.exclude(pk=everywhere.pk).get()
    for name in ("problem_summary", "client_name", "asset_name", "resolution"):
        assert getattr(everywhere, name) == getattr(right, name)
    for one, other in zip(everywhere.steps.order_by("order"), right.steps.order_by("order"), strict=True):
        assert (one.text, one.author.name) == (other.text, other.author.name)
    for one, other in zip(everywhere.handoffs.order_by("pk"), right.handoffs.order_by("pk"), strict=True):
        assert (one.notes, one.sender.name, one.target_team.name) == (
            other.notes,
            other.sender.name,
            other.target_team.name,
        )
        assert [s["text"] for s in one.snapshot["steps"]] == [s["text"] for s in other.snapshot["steps"]]


def test_a_wrong_guess_is_mended_by_saying_the_encoding(northwind, bring_in) -> None:
    text = table(life("cp1252")).encode("cp1252")
    bring_in(text, "--encoding", "cp1251")
    wrong = repr(everything())
    assert "corrected" in bring_in(text, "--encoding", "cp1252").out
    assert repr(everything()) != wrong
    assert Session.objects.get().client_name == "José García"
    assert "corrected" not in bring_in(text).out, "a guess changes no letter that is one"


def test_what_somebody_wrote_since_is_left_as_it_is(northwind, bring_in, lossy) -> None:
    text = table(life("cp1252")[:3])
    bring_in(as_it_once_went_in(text, "cp1252"))
    lossy.undo()
    bo = person(northwind, "Bo")
    session = Session.objects.get()
    with origin.coming_from("web"):
        session.change(bo, problem_summary="The screen\ufffd of the office")
    bring_in(text.encode("cp1252"))
    session.refresh_from_db()
    assert session.problem_summary == "The screen\ufffd of the office"
    assert session.client_name == "José García"


def test_history_says_that_letters_were_corrected(northwind, bring_in, lossy) -> None:
    text = table(life("cp1252"))
    bring_in(as_it_once_went_in(text, "cp1252"))
    lossy.undo()
    bring_in(text.encode("cp1252"))
    event = Event.objects.get(kind="session.changed", actor=None)
    assert wording.event_line(event) == f"An import corrected the letters of {event.facts['corrected']} texts"
    assert event.relayed_at is not None
    seqs = list(Event.objects.filter(account=northwind).values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))


def test_a_group_that_is_there_already_is_taken_for_the_wrong_one(northwind, bring_in, lossy) -> None:
    text = table(life("cp1252"))
    bring_in(as_it_once_went_in(text, "cp1252"))
    lossy.undo()
    there = Team.objects.create(account=northwind, name="Büro Köln 2")
    bring_in(text.encode("cp1252"))
    assert Handoff.objects.escalations().get().target_team == Session.objects.get().team == there


# --- too large, damaged, no file -------------------------------------------------------------------


def test_nothing_is_imported_of_what_is_too_large_or_no_file(northwind, bring_in, tmp_path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for content, said in ((TEN * 60, "more than 500 MB unpacked"), (b"PK\x03\x04", "is a workbook")):
        with pytest.raises(CommandError, match=f"{said}.*Nothing was imported"):
            bring_in(content)
    for path, said in (("/dev/zero", "a device"), (tmp_path, "is a folder"), (tmp_path / "pipe", "is a pipe")):
        with pytest.raises(CommandError, match=said):
            call_command("import_incidents", str(path), account="Northwind")
    assert not Session.objects.exists()


@pytest.mark.parametrize("content", [b"number,sys_updated_at\r\n", "number".encode("utf-16-le")])
def test_what_is_no_utf_16_is_said(content, northwind, bring_in) -> None:
    with pytest.raises(CommandError, match="is not UTF-16: it does not begin as such a file does"):
        bring_in(content, "--encoding", "utf-16")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_known_by_its_header(encoding, northwind, bring_in) -> None:
    said = bring_in(table([row(category="Печать")]).encode(encoding))
    assert encoding.upper() in said.err + said.out
    assert "Печать" in Session.objects.get().problem_summary


def test_utf_32_is_said(northwind, bring_in) -> None:
    with pytest.raises(CommandError, match="is UTF-32"):
        bring_in(table([row()]).encode("utf-32"))


@pytest.mark.parametrize("never", ["31-12-9999 23:59", "01-01-0001 00:00", "9999-12-31 23:59:59"])
def test_a_time_that_no_clock_shows_is_named_by_line(never, northwind, bring_in) -> None:
    said = bring_in(table([row(), row("INC2", never)]).encode())
    assert "is not from 1971 to 2099" in said.err
    assert Session.objects.count() == 1


def test_a_line_that_is_too_long_is_named_and_the_rest_goes_in(northwind, bring_in) -> None:
    head, first, last = table([row(), row("INC2")]).splitlines(keepends=True)
    said = bring_in(gzip.compress((head + first).encode()) + TEN + gzip.compress(b"\r\n" + last.encode()))
    assert "line 3: longer than 131,072 characters; skipped" in said.err
    assert "2 new incidents, 2 rows" in said.out


def test_an_incident_of_endless_updates_and_endless_bad_rows_have_a_limit(northwind, bring_in, monkeypatch) -> None:
    monkeypatch.setattr(rows, "OF_ONE", 3)
    monkeypatch.setattr(rows, "NAMED", 2)
    monkeypatch.setattr("handoffs.management.commands.import_incidents.NAMED", 2)
    said = bring_in(table([row() for _n in range(8)]).encode())
    assert Step.objects.count() == 3
    assert "line 5: INC1 has more than 3 updates; skipped" in said.err
    assert "and 3 more lines" in said.err
    assert "5 were skipped" in said.out


def test_no_more_than_a_batch_is_in_memory(northwind, tmp_path, monkeypatch) -> None:
    """Mixed incidents come together again, and each transaction holds a batch of them."""
    monkeypatch.setattr(rows, "INCIDENTS", 5)
    done: list[int] = []
    path = tmp_path / "export.csv"
    path.write_text(
        table([row(f"INC{n}", at=at) for at in ("29-02-2016 01:16", "29-02-2016 02:16") for n in range(12)])
    )
    report = importing.import_file(path, northwind, progress=lambda so_far, _total: done.append(so_far))
    assert (done, report.incidents, report.rows) == ([5, 10, 12], 12, 24)
    assert set(Session.objects.values_list("step_count", flat=True)) == {2}
    assert len(connection.queries_log) == 0, "while DEBUG=1 the text of each query is kept"


def test_rows_that_were_skipped_keep_their_place(tmp_path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(table([row(), row(incident_state="Dreaming"), row()]))
    with rows.read_export(path, ImportReport()) as found_rows:
        assert [[(one.position, one.line) for one in found] for _number, found in next(found_rows.batches())] == [
            [(0, 2), (2, 4)]
        ]
