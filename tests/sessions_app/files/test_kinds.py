"""What a file is, by its content; and the name it is kept under."""

from __future__ import annotations

import pytest

from resolutionflow.core.refusals import Invalid
from sessions_app.files import kinds

DOCX = b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml"


@pytest.mark.parametrize(
    ("content", "sent", "content_type", "name"),
    [
        (b"%PDF-1.7 ...", "quote.pdf", "application/pdf", "quote.pdf"),
        (DOCX, "Report.DOCX", "application/zip", "Report.DOCX"),
        (DOCX, "setup.exe", "application/zip", "setup.exe.zip"),
        (b"%PDF-1.4\n%\xe2\xe3PK\x03\x04", "both.zip", "application/pdf", "both.zip.pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504, "mail.msg", "application/x-ole-storage", "mail.msg"),
        (b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00", "vpn.pcap", "application/vnd.tcpdump.pcap", "vpn.pcap"),
        (b"ElfFile\x00\0\0", "System.evtx", "application/x-windows-event-log", "System.evtx"),
        (b"PAGEDU64\x0f\0\0\0", "MEMORY.DMP", "application/x-windows-dump", "MEMORY.DMP"),
        ("Ångström: ok\r\n".encode(), "cbs.log", "text/plain", "cbs.log"),
        ("Ångström".encode("cp1252"), "alt.txt", "text/plain", "alt.txt"),
        ("Ångström".encode("utf-16"), "reg.txt", "text/plain", "reg.txt"),
        (b"\x1b[31mred\x1b[0m", "term.log", "text/plain", "term.log"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.svg", "text/plain", "a.svg.txt"),
        (b"<!doctype html><script>alert(1)</script>", "page.html", "text/plain", "page.html.txt"),
        (b"#!/bin/sh\nrm -rf /", "fix.sh", "text/plain", "fix.sh.txt"),
        (b"Get-Service | Stop-Service", "fix.ps1", "text/plain", "fix.ps1.txt"),
    ],
)
def test_by_content_and_never_by_name(content, sent, content_type, name) -> None:
    kind = kinds.kind_of(content)
    assert (kind.content_type, kinds.kept_name(sent, kind)) == (content_type, name)


@pytest.mark.parametrize(
    "content",
    [b"MZ\x90\x00\x03", b"\x7fELF\x02\x01\x01\x00", b"\xca\xfe\xba\xbe\0\0", b"a\x00b", b"\xff\xfea"],
)
def test_programs_and_what_is_unknown_are_refused(content) -> None:
    with pytest.raises(Invalid, match="Pack anything else into a zip"):
        kinds.kind_of(content)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\Users\\ana\\y.png", "y.png"),
        ("a\x00b\x1b[31m\u202egnp.exe", "abgnp.exe.png"),
        ("\u200b..", "file.png"),
        ("", "file.png"),
        ("photo.jpg", "photo.png"),
        (".png", "file.png"),
        ('a:b*c?"d".png', "a_b_c__d_.png"),
        ("x" * 5000 + ".png", "x" * 196 + ".png"),
        ("x" * 5000, "x" * 196 + ".png"),
        ("Ångström 1.png", "Ångström 1.png"),
        ("con\r\nSet-Cookie: a.png", "con Set-Cookie_ a.png"),
    ],
)
def test_a_name_has_no_folder_and_nothing_that_cannot_be_seen(sent, kept) -> None:
    assert kinds.kept_name(sent, kinds.PICTURES["PNG"]) == kept
