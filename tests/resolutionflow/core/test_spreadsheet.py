"""CSV as spreadsheets write it: every encoding and delimiter is read, the rest named by line, in little memory."""

from __future__ import annotations

import ast
import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from resolutionflow.core import spreadsheet
from resolutionflow.core.spreadsheet import CutOff, Unreadable, open_sheet
from tests.test_house import ROOT, SOURCES, name

COLUMNS = ("number", "text", "more")
TEXTS = {
    "cp1252": "Drucker gestört in Köln, „später“ – François Lefèvre",
    "cp1250": "Tiskárna v Brně nefunguje, volal Jiří Dvořák",
    "cp1251": "Принтер не печатает, Иван Петров",
    "cp1253": "Ο εκτυπωτής δεν λειτουργεί, Γιώργος",
    "cp1254": "Yazıcı çalışmıyor, Ayşe Yılmaz",
    "cp1257": "Spausdintuvas neveikia, Jūratė Žemaitienė",
}


@pytest.fixture
def saved(tmp_path):
    def save(content: bytes) -> Path:
        path = tmp_path / "export.csv"
        path.write_bytes(content)
        return path

    return save


def table(text: str, delimiter: str = ",", end: str = "\r\n") -> str:
    rows = [
        delimiter.join(COLUMNS),
        delimiter.join(("1", f'"{text}"', "x")),
        delimiter.join(("2", '"two\nlines"', "y")),
    ]
    return end.join(rows) + end


def read(path: Path, encoding: str | None = None):
    found = open_sheet(path, expected=COLUMNS, encoding=encoding)
    return found, list(found.rows())


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"], ids=["CRLF", "LF", "CR"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "bar"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252", "cp1250", "cp1251"])
def test_whatever_a_spreadsheet_writes_is_read(encoding, delimiter, end, saved) -> None:
    text = TEXTS.get(encoding, "Zoë, 日本; Иван")
    bom = "\ufeff" if encoding == "utf-16-be" else ""
    found, rows = read(saved((bom + table(text, delimiter, end)).encode(encoding)))
    assert [row.cells for row in rows] == [list(COLUMNS), ["1", text, "x"], ["2", "two\nlines", "y"]]
    assert found.delimiter == delimiter
    assert [row.line for row in rows] == [1, 2, 3]
    assert not any(row.fault for row in rows)


@pytest.mark.parametrize("encoding", TEXTS)
def test_a_guess_is_said_to_be_one(encoding, saved) -> None:
    found, rows = read(saved(table(TEXTS[encoding]).encode(encoding)))
    assert (str(found), found.is_certain) == (f"Windows-{encoding[2:]}, separated by commas", False)
    assert rows[1].cells[1] == TEXTS[encoding]
    assert read(saved(table(TEXTS[encoding]).encode()))[0].is_certain
    assert read(saved(table(TEXTS[encoding]).encode(encoding)), encoding)[0].is_certain


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("José García; Büro Köln; Écran cassé – câble", "cp1252"),
        ("naïve café", "cp1252"),
        ("Peña, Núñez, Müller", "cp1252"),
        ("£5 – it’s", "cp1252"),
        ("Łukasz Żółć, drukarka nie działa, śnieżka", "cp1250"),
        ("Škoda Plzeň, síť padá", "cp1250"),
        ("Иван", "cp1251"),
    ],
)
def test_a_few_letters_are_enough_for_a_guess(text, encoding, saved) -> None:
    assert read(saved(table(text).encode(encoding)))[1][1].cells[1] == text


@pytest.mark.parametrize("first", ["sep=;\r\n", "\ufeffsep=;\r\n", '"sep=;"\r\n', "SEP=;\n"])
def test_excels_own_first_line_is_believed_and_counted(first, saved) -> None:
    found, rows = read(saved((first + table("a,b", ";")).encode()))
    assert found.delimiter == ";"
    assert [(row.line, row.cells[0]) for row in rows] == [(2, "number"), (3, "1"), (4, "2")]


def test_a_letter_that_cannot_be_read_refuses_its_row_and_no_other(saved) -> None:
    lines = [b"number,text,more", "1,Zoë,x".encode(), b"2,Zo\xeb,x", "3,Jürgen,x".encode(), "4,Zo\ufffd,x".encode()]
    _found, rows = read(saved(b"\n".join(lines)))
    assert [row.line for row in rows if row.fault] == [3, 5]
    assert "cannot be read" in rows[2].fault


def test_a_row_that_is_too_long_or_not_csv_is_named_and_the_rest_follows(saved) -> None:
    long = "x" * (spreadsheet.MAX_ROW + 10)
    quoted = '"' + "\n".join(["y" * 1000] * 200) + '"'
    rows = read(saved(f'number,text,more\n1,{long},x\n2,ok,x\n3,{quoted},x\n4,"a"b,x\n5,ok,x\n'.encode()))[1]
    told = {row.line: row.fault for row in rows if row.fault}
    assert told[2] == "longer than 131,072 characters"
    assert told[4].startswith("longer than 131,072 characters (as far as line ")
    assert any("not CSV" in fault for fault in told.values())
    assert [row.cells[0] for row in rows if row.cells][-1] == "5"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04rest", "is a workbook"),
        (b"\xd0\xcf\x11\xe0rest", "is a workbook"),
        (b"\x1f\x8bnot gzip", "is damaged"),
        (b"\x00\xff\xfe\x00" * 50, "is not text"),
    ],
)
def test_what_is_no_table_is_said(content, said, saved) -> None:
    with pytest.raises(Unreadable, match=said):
        read(saved(content))


def test_no_folder_no_pipe_and_no_device_is_opened(tmp_path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, said in ((tmp_path, "is a folder"), (tmp_path / "pipe", "is a pipe"), (Path("/dev/zero"), "a device")):
        with pytest.raises(Unreadable, match=said):
            read(path)


def test_a_gzip_by_any_name_is_unpacked_as_far_as_it_is_whole(saved) -> None:
    whole = gzip.compress(table("x" * 50_000 + "Zoë").encode("cp1252") + os.urandom(1000).hex().encode())
    assert read(saved(whole))[1][1].cells[1].endswith("Zoë")
    found = open_sheet(saved(whole[:-600]), expected=COLUMNS)
    with pytest.raises(CutOff) as cut_off:
        list(found.rows())
    assert cut_off.value.after >= 1


def test_more_rows_than_the_limit_are_refused(saved, monkeypatch) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_ROWS", 2)
    with pytest.raises(Unreadable, match="more than 2 rows"):
        read(saved(table("a").encode()))


# --- memory ----------------------------------------------------------------------------------------

READING = """
import resource, sys
from pathlib import Path
from resolutionflow.core.spreadsheet import open_sheet
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    found = open_sheet(Path(sys.argv[1]), expected=("number", "text", "more"))
    rows = [(row.line, row.fault) for row in found.rows() if row.fault or row.cells[0] == "last"]
    print(rows)
except Exception as error:
    print(type(error).__name__, error)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
TEN = gzip.compress(b"a" * 10_000_000)  # members of a gzip file follow each other: no large file is made here


def read_elsewhere(path: Path) -> tuple[str, int]:
    """What is said of the file, and by how many MB the process has grown."""
    run = subprocess.run([sys.executable, "-c", READING, path], capture_output=True, text=True, check=True, cwd=ROOT)
    said, grown = run.stdout.splitlines()
    return said, int(grown)


def test_one_line_of_two_hundred_megabytes_is_passed_over_in_little_memory(saved) -> None:
    rows = gzip.compress(b"number,text,more\n1,"), TEN * 20, gzip.compress(b",x\nlast,b,c\n")
    said, grown = read_elsewhere(saved(b"".join(rows)))
    assert said == "[(2, 'longer than 131,072 characters'), (3, '')]"
    assert grown < 40


def test_a_gzip_bomb_is_refused_in_little_memory(saved) -> None:
    said, grown = read_elsewhere(saved(TEN * 100))
    assert said == "Unreadable The file has more than 500 MB unpacked: split it into smaller ones."
    assert grown < 40


def test_a_row_of_many_quoted_lines_ends_at_the_limit(saved) -> None:
    rows = read(saved(b"number,text,more\n1," + b'"\n",' * 100_000 + b"\n"))[1]
    assert rows[1].fault.startswith("longer than 131,072 characters (as far as line ")
    assert not rows[1].cells


# --- writing ---------------------------------------------------------------------------------------


def test_every_csv_is_written_here() -> None:
    """So that each has the BOM and runs no formula."""
    here = ROOT / "resolutionflow/core/spreadsheet.py"
    elsewhere = [
        name(path)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("writer", "DictWriter") and path != here
    ]
    assert elsewhere == []


def test_no_cell_that_is_written_is_a_formula(saved) -> None:
    text = spreadsheet.BOM + spreadsheet.to_csv([COLUMNS, *([begin + "1", -1, "Zoë"] for begin in spreadsheet.FORMULA)])
    found, rows = read(saved(text.encode()))
    assert found.encoding == "utf-8-sig"
    assert all(row.cells[0].startswith("'") and row.cells[1:] == ["-1", "Zoë"] for row in rows[1:])
