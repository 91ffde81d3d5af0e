"""Which files are taken: by their first bytes, never by what the sender says; and under what name they are kept.

Pictures are told apart by pictures.py. Whatever else is taken is only ever downloaded, with a name whose ending fits
what it is, so that nothing opens as something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from resolutionflow.core.refusals import Invalid
from resolutionflow.core.text import SHORT, one_line, without_invisible

TAKEN = "PNG, JPEG, GIF and WebP pictures, PDF, text, office documents, mails, archives, captures and dumps"
UNKNOWN = f"This kind of file is not taken, but these are: {TAKEN}. Pack anything else into a zip."


@dataclass(frozen=True)
class Kind:
    """What a file is, and the endings its name may have: another gets the first of them added."""

    content_type: str
    endings: tuple[str, ...]
    starts: tuple[bytes, ...] = ()


PICTURES = {
    "PNG": Kind("image/png", ("png",), (b"\x89PNG\r\n\x1a\n",)),
    "JPEG": Kind("image/jpeg", ("jpg", "jpeg"), (b"\xff\xd8\xff",)),
    "GIF": Kind("image/gif", ("gif",), (b"GIF87a", b"GIF89a")),
    "WEBP": Kind("image/webp", ("webp",)),
}
_OF_PICTURES = [ending for kind in PICTURES.values() for ending in kind.endings]
_OTHERS = (
    Kind("application/pdf", ("pdf",), (b"%PDF-",)),
    Kind("application/zip", ("zip", "docx", "xlsx", "pptx", "odt", "ods", "odp"), (b"PK\x03\x04", b"PK\x05\x06")),
    Kind("application/x-ole-storage", ("bin", "msg", "doc", "xls", "ppt"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)),
    Kind("application/gzip", ("gz", "tgz"), (b"\x1f\x8b\x08",)),
    Kind("application/x-7z-compressed", ("7z",), (b"7z\xbc\xaf\x27\x1c",)),
    Kind("application/vnd.ms-cab-compressed", ("cab",), (b"MSCF\x00\x00\x00\x00",)),
    Kind(
        "application/vnd.tcpdump.pcap",
        ("pcap", "cap"),
        (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d"),
    ),
    Kind("application/x-pcapng", ("pcapng",), (b"\x0a\x0d\x0d\x0a",)),
    Kind("application/x-windows-event-log", ("evtx",), (b"ElfFile\x00",)),
    Kind("application/x-windows-dump", ("dmp", "mdmp"), (b"MDMP\x93\xa7", b"PAGEDU64", b"PAGEDUMP")),
)
TEXT = Kind("text/plain", ("txt", "log", "csv", "tsv", "json", "md", "ini", "conf", "cfg", "yml", "yaml", "eml"))

# A byte of no text in any of the encodings; tab, line ends, form feed and escape (a terminal's colours) are.
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def picture_format(content: bytes) -> str:
    """Which of PICTURES this begins as; empty for none."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    return next((name for name, kind in PICTURES.items() if kind.starts and content.startswith(kind.starts)), "")


def kind_of(content: bytes) -> Kind:
    """What this is, if it is no picture; Invalid for what is not taken."""
    known = next((kind for kind in _OTHERS if content.startswith(kind.starts)), None)
    if known is None and not is_text(content):
        raise Invalid(file=UNKNOWN)
    return known or TEXT


def is_text(content: bytes) -> bool:
    """Whether all of it is text: UTF-8, UTF-16 with its mark, or Windows' western encoding."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "")
    if encoding:
        text = _decoded(content, encoding)
        return text is not None and "\x00" not in text
    return not _NO_TEXT.search(content) and any(_decoded(content, name) is not None for name in ("utf-8", "cp1252"))


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def kept_name(sent: str, kind: Kind) -> str:
    """The name as it came, without folders and what nobody can see, with an ending that fits the kind."""
    name = without_invisible(one_line(re.split(r"[/\\]", sent[-5000:].replace("\x00", ""))[-1]))
    name = re.sub(r'[:*?"<>|]', "_", name).strip(". ") or "file"
    stem, dot, ending = name.rpartition(".")
    if not dot or ending.lower() not in kind.endings:
        another_picture = kind.content_type.startswith("image/") and ending.lower() in _OF_PICTURES
        stem, ending = stem if another_picture else name, kind.endings[0]
    return f"{stem[: SHORT - len(ending) - 1].rstrip('. ') or 'file'}.{ending}"
