"""CSV as spreadsheets write and read it: any of their encodings and delimiters, streamed within limits.

Reading goes over the file twice: once for its encoding, which is certain only where there is a BOM or
all of it is UTF-8, and once for its rows. Neither holds more than one row of it in memory. Writing
puts the BOM first that Excel needs to see UTF-8, and disarms what a spreadsheet would run.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import stat
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import IO, Any

import chardet

MAX_BYTES = 500_000_000  # of a file, unpacked
MAX_ROWS = 1_000_000
MAX_ROW = 131_072  # characters in one row; what the csv module allows one cell
CHUNK = 65_536
CLOSE = 0.7  # of the likeliest encoding's confidence
SAMPLE = 65_536  # bytes of letters beyond ASCII, enough for a guess

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
LATIN, OTHERS = ("cp1252", "cp1250", "cp1254", "cp1257"), ("cp1251", "cp1253")
GUESSED = (*LATIN, *OTHERS)  # what Excel calls "CSV", by the country
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", *GUESSED, "cp1255", "cp1256", "cp437", "cp850", "mac-roman")
BOM = "\ufeff"  # written first: without it Excel takes UTF-8 for the encoding of its country
LOST = "\ufffd"  # what a decoder puts where it could not read

_WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods, .xls
_SEP = re.compile(r'"?sep=(.)"?\s*', re.I)  # Excel's own first line: which delimiter
_BROKEN = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_WORDS = re.compile(rb"[A-Za-z\x80-\xff]+")
_ASCII_LETTER, _FOREIGN = re.compile(rb"[A-Za-z]"), re.compile(rb"[\xc0-\xff]{2,}")
_CELLS = re.compile(rb'[^,;|\t\r\n"]+')
_DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile)


class Unreadable(Exception):
    """The file cannot be read as a table at all, or is too large; the message says so to whoever chose it."""


class CutOff(Exception):
    """A packed file ends in the middle or is damaged there; `after` is the last line that is whole."""

    def __init__(self, after: int) -> None:
        super().__init__(after)
        self.after = after


@dataclass(frozen=True)
class SheetRow:
    """The cells of a row and the line it begins in; without cells, `fault` says why."""

    line: int
    cells: list[str]
    fault: str = ""


@dataclass(frozen=True)
class Sheet:
    """How a file is to be read."""

    path: Path
    encoding: str
    is_certain: bool  # else the encoding was guessed from its letters
    delimiter: str
    skip: int = 0  # lines before the header

    def __str__(self) -> str:
        name = {"utf-8-sig": "utf-8"}.get(self.encoding, self.encoding).upper().replace("CP", "Windows-")
        return f"{name}, separated by {DELIMITERS.get(self.delimiter, repr(self.delimiter))}"

    def rows(self) -> Iterator[SheetRow]:
        """Every row, the header first. A row that cannot be read has a `fault` in place of its cells; the rows after it
        follow."""
        with _opened(self.path) as file, _text(file, self.encoding) as text:
            lines = _Lines(text)
            for _line in range(self.skip):
                lines.skip()
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            for count in range(MAX_ROWS + 1):
                row = _next_row(reader, lines)
                if row is None:
                    return
                if count == MAX_ROWS:
                    raise Unreadable(
                        f"The file has more than {MAX_ROWS:,} rows: split it and import one after the other."
                    )
                yield row


def open_sheet(path: Path, *, expected: Collection[str], encoding: str | None = None) -> Sheet:
    """How to read the file at `path`, whose header has the columns `expected`. `encoding` where somebody knows it."""
    _must_be_a_file(path)
    found, is_certain = _encoding(path)
    if encoding is not None:
        found, is_certain = encoding, True
    with _opened(path) as file, _text(file, found) as text:
        try:
            first = text.readline(MAX_ROW)
        except _DAMAGE:
            raise Unreadable(f"{path} is damaged: its beginning cannot be unpacked.") from None
        except UnicodeError:  # of UTF-16, without the mark that says which of the two
            raise Unreadable(f"{path} is not {found.upper()}: it does not begin as such a file does.") from None
    if said := _SEP.fullmatch(first.lstrip(BOM)):
        return Sheet(path, found, is_certain, said[1], skip=1)
    return Sheet(path, found, is_certain, _delimiter(first, expected))


def _must_be_a_file(path: Path) -> None:
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise Unreadable(f"{path} is a folder: name the file in it.")
    if not stat.S_ISREG(mode):
        raise Unreadable(f"{path} is a pipe or a device: save what comes from it as a file first.")


def _opened(path: Path) -> IO[bytes]:
    """The bytes of the file, unpacked where it is a gzip, whatever it is called."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path) if packed else path.open("rb")  # type: ignore[return-value]


def _text(file: IO[bytes], encoding: str) -> TextIOWrapper:
    return TextIOWrapper(file, encoding=encoding, errors="replace", newline="")


# --- which encoding, which delimiter ------------------------------------------------------------


def _encoding(path: Path) -> tuple[str, bool]:
    """The encoding of the file and whether it is certain; all of the file is looked at."""
    scan = _Scan()
    with _opened(path) as file:
        try:
            while chunk := file.read(CHUNK):
                scan.add(chunk)
        except _DAMAGE:
            pass  # as far as it goes: reading the rows says where it ends
    if scan.head.startswith(_WORKBOOK):
        raise Unreadable(f"{path} is a workbook: save it as CSV UTF-8 in the spreadsheet first.")
    if scan.head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise Unreadable(f"{path} is UTF-32, which no spreadsheet writes: save it as CSV UTF-8 first.")
    for bom, name in BOMS.items():
        if scan.head.startswith(bom):
            return name, True
    if wide := _wide(scan.head):
        return wide, True
    if scan.proper >= scan.broken:  # where single bytes are broken, their rows are refused
        return "utf-8", True
    if guess := _guess(scan.sample):
        return guess, False
    raise Unreadable(f"{path} is not text in any encoding that a spreadsheet writes.")


def _wide(head: bytes) -> str | None:
    """The kind of UTF-16 of a file without BOM, or None: a header begins in ASCII, so every second byte is zero."""
    if len(head) < 4:
        return None
    return {(True, False): "utf-16-be", (False, True): "utf-16-le"}.get((not any(head[::2]), not any(head[1::2])))


def _guess(sample: bytes) -> str | None:
    """The likeliest one-byte encoding of these letters: those of Latin words stand among ASCII, Cyrillic and Greek
    among themselves."""
    words = [word for word in _WORDS.findall(sample) if not word.isascii()]
    foreign = sum(bool(_FOREIGN.fullmatch(word)) for word in words)
    latin = sum(bool(_ASCII_LETTER.search(word)) for word in words)
    chosen = OTHERS if foreign > latin else LATIN
    found = chardet.detect_all(sample, ignore_threshold=True, include_encodings=chosen, compat_names=False)
    likely = {one["encoding"]: one["confidence"] for one in found if one["encoding"]}
    best = max(likely, key=likely.__getitem__, default=None)
    if best and likely.get(LATIN[0], 0) >= likely[best] * CLOSE:
        return LATIN[0]  # a few accents fit several: most of the world's files are in this one
    return best


class _Scan:
    """What bytes say of their encoding: how many letters are UTF-8, how many bytes are not, and a sample of those."""

    def __init__(self) -> None:
        self.head = self.sample = b""
        self.size = self.proper = self.broken = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")

    def add(self, chunk: bytes) -> None:
        self.head = self.head or chunk[:8]
        self.size += len(chunk)
        if self.size > MAX_BYTES:
            size = f"{MAX_BYTES // 1_000_000:,} MB"
            raise Unreadable(f"The file has more than {size} unpacked: split it into smaller ones.")
        if chunk.isascii() and not self._decoder.getstate()[0]:
            return
        text = self._decoder.decode(chunk)
        broken = len(_BROKEN.findall(text))
        self.broken += broken
        self.proper += len(_BEYOND_ASCII.findall(text)) - broken
        if len(self.sample) < SAMPLE:
            self.sample += b"\n".join(cell for cell in _CELLS.findall(chunk) if not cell.isascii()) + b"\n"


def _delimiter(header: str, expected: Collection[str]) -> str:
    """The delimiter that splits the header into the most names of `expected`."""

    def known(delimiter: str) -> int:
        try:
            return len({name.strip() for name in next(csv.reader([header], delimiter=delimiter), [])} & set(expected))
        except csv.Error:
            return 0

    return max(DELIMITERS, key=known)


# --- rows ---------------------------------------------------------------------------------------


class _TooLong(Exception):
    """A row is longer than MAX_ROW."""


class _Lines:
    """The lines of a file for csv.reader, which joins some of them to one row; raises _TooLong for a row beyond
    MAX_ROW."""

    def __init__(self, file: io.TextIOBase) -> None:
        self._file = file
        self.number = 0  # of the line given last
        self.taken = 0  # characters of the row that is being read

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(MAX_ROW + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.taken += len(line)
        if self.taken > MAX_ROW:
            while line and not line.endswith(("\n", "\r")):
                line = self._file.readline(MAX_ROW)
            raise _TooLong
        return line

    def skip(self) -> None:
        self._file.readline(MAX_ROW)
        self.number += 1


def _next_row(reader: Iterator[list[str]], lines: _Lines) -> SheetRow | None:
    """The next row; None at the end."""
    line, lines.taken = lines.number + 1, 0
    try:
        cells = next(reader)
    except StopIteration:
        return None
    except _DAMAGE:
        raise CutOff(lines.number) from None
    except (_TooLong, csv.Error) as error:
        to = f" (as far as line {lines.number})" if lines.number > line else ""
        what = f"longer than {MAX_ROW:,} characters" if isinstance(error, _TooLong) else f"not CSV: {error}"
        return SheetRow(line, [], f"{what}{to}")
    if any(LOST in cell for cell in cells):
        return SheetRow(line, cells, "a letter cannot be read in this encoding, or was lost before: �")
    return SheetRow(line, cells)


# --- writing ------------------------------------------------------------------------------------

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # a spreadsheet would run what begins so


def without_formula(text: str) -> str:
    """`text` as a cell that no spreadsheet runs: an apostrophe goes before what would be taken for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def to_csv(rows: Iterable[list[Any]]) -> str:
    """Rows as CSV. The first thing written to a file is BOM."""
    out = StringIO()
    csv.writer(out).writerows(
        [[without_formula(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    )
    return out.getvalue()
