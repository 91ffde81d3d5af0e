"""Which texts are shown as output, and what is shown of a very long one."""

from __future__ import annotations

import pytest

from resolutionflow.core.text import readable
from sessions_app.errors.folded import telling_places
from sessions_app.errors.printed import looks_printed
from sessions_app.templatetags.folding import line_count, telling_parts
from tests.sessions_app.printed_texts import TEXTS

ONLY_TEXT = {"Outlook", "NFD", "controls"}  # of one line, or of sentences
PROSE = [
    "Called her back.\nShe will try after lunch, and rings again.",
    "Hello Ana,\n\nthe printer on floor two is down again.\nCan you look at it today?\n\nThanks\nBo",
    "Checked so far:\n- toner is in\n- tray 2 is full\n- cable is fine",
    "1. Restart the spooler\n2. Print a test page\n3) Call Maria",
    "Client: Northgate\nContact: Maria, until 17:00\nDevice: NL-FW01",
    "It worked.  Two spaces after a full stop.\nAn old habit.",
    "الطابعة لا تعمل.\nسنتصل مرة أخرى.",
    "Is it urgent?\nYes, since ten.",
    "one line",
    "",
]
LOG = [f"2026-11-26 09:{at // 60:02}:{at % 60:02} INFO job {at} done" for at in range(600)]


@pytest.mark.parametrize("name", sorted(TEXTS.keys() - ONLY_TEXT))
def test_output_is_told_by_its_shape(name) -> None:
    assert looks_printed(readable(TEXTS[name]).strip("\n"))


@pytest.mark.parametrize("text", PROSE)
def test_what_a_person_wrote_stays_text(text) -> None:
    assert not looks_printed(text)


def test_a_very_long_output_is_folded_to_its_errors_beginning_and_end() -> None:
    lines = [*LOG[:400], "2026-11-26 09:06:40 ERROR no route to smtp.northgate.example", *LOG[401:]]
    parts = telling_parts("\n".join(lines) + "\n")
    shown = [part.text for part in parts if part.text]
    assert shown == ["\n".join(lines[:2]), "\n".join(lines[398:403]), "\n".join(lines[-2:])]
    assert [part.left_out for part in parts if part.left_out] == [396, 195]
    assert sum(part.left_out or line_count(part.text) for part in parts) == 600


def test_without_an_error_its_ends_are_shown() -> None:
    assert telling_places("\n".join(LOG)) == [(0, 4), (595, 599)]


def test_one_line_is_shown_rather_than_a_mark_for_it() -> None:
    lines = ["starts", "ok", "ok", "ok", "ok", "ERROR access denied", *["ok"] * 9]
    assert telling_places("\n".join(lines))[0] == (0, 7)


@pytest.mark.parametrize("piece", ["ERROR x\n", "a\n", "\n", "x" * 50_000 + "\n", "error failed "])
def test_200000_characters_are_folded_in_order(piece) -> None:
    text = (piece * (200_000 // len(piece) + 1))[:200_000]
    lines, places = text.split("\n"), telling_places(text)
    assert places == sorted(places)
    assert all(0 <= first <= last < len(lines) for first, last in places)
