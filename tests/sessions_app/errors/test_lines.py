"""The error of a text: found in what machines print and people quote, and in nothing that only sounds like one."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from sessions_app.errors.lines import CERTAIN, LIKELY, WEAK, find_error, log_title, opening_line
from tests.sessions_app.errors import error_samples, prose_samples

TEXTS = (Path(__file__).parent / "error_texts.txt").read_text().split("\n%%\n")[1:]
NGINX = "[\x1b[31merror\x1b[0m] 12#12: *1 connect() failed (111: Connection refused) while connecting to upstream"


def lines(table: str) -> list[str]:
    return table.strip().split("\n")


@pytest.mark.parametrize("line", lines(error_samples.ERRORS))
def test_a_line_is_an_error(line):
    found = find_error(line)
    assert found
    assert (found.line, found.score >= LIKELY) == (" ".join(line.split()), True)


@pytest.mark.parametrize("line", lines(error_samples.NONE))
def test_a_line_only_sounds_like_an_error(line):
    assert find_error(line) is None
    assert find_error(line, prose=True) is None


@pytest.mark.parametrize("block", TEXTS, ids=lambda block: block[:40])
def test_the_error_of_an_output(block):
    text = [line for line in block.split("\n") if line[:3] not in ("=> ", "+> ")]
    wanted = [line[3:] for line in block.split("\n") if line.startswith("=> ")]
    beside = [line[3:] for line in block.split("\n") if line.startswith("+> ")]
    found = find_error("\n".join(text))
    assert ([found.line] if found else []) == wanted
    assert not found or set(beside) <= set(found.more)


@pytest.mark.parametrize("row", lines(prose_samples.PROSE))
def test_a_person_quotes_an_error(row):
    text, _, wanted = row.rpartition(" => ")
    found = find_error(text, prose=True)
    assert found
    assert found.score >= LIKELY
    assert wanted in found.line


@pytest.mark.parametrize("text", lines(prose_samples.NONE_PROSE))
def test_a_person_speaks_of_no_error(text):
    assert find_error(text, prose=True) is None


@pytest.mark.parametrize("text", lines(prose_samples.NONE_OR_WEAK_PROSE))
def test_a_complaint_is_no_sure_error(text):
    found = find_error(text, prose=True)
    assert not found or found.score == WEAK


def test_what_is_introduced_is_the_line():
    found = find_error("It says this at once: TLS Error: TLS handshake failed", prose=True)
    assert found
    assert found.line == "TLS Error: TLS handshake failed"


def test_a_pasted_line_among_sentences_is_the_line():
    found = find_error("Tried again.\n2026-11-02 09:00:02 ERROR sync stopped\nWill call later", prose=True)
    assert found
    assert found.line == "2026-11-02 09:00:02 ERROR sync stopped"


@pytest.mark.parametrize("prose", [False, True])
def test_an_event_is_told_by_its_message(prose):
    event = (
        "Event ID: 7023\nLevel: Error\nDescription:\nThe Agent service terminated with the following error:\nNo access."
    )
    found = find_error(event, prose=prose)
    assert found
    assert (found.line, found.more) == ("The Agent service terminated with the following error: No access.", ())


@pytest.mark.parametrize("shown", [NGINX, NGINX.replace("\x1b", "^["), NGINX.replace("\x1b", "")])
def test_colours_of_a_terminal_hide_nothing_and_are_not_shown(shown):
    found = find_error(f"[notice] start\n{shown}\n[notice] stop")
    assert found
    assert found.line == NGINX.replace("\x1b[31m", "").replace("\x1b[0m", "")


def test_of_a_repeated_error_there_is_one():
    found = find_error("\n".join(f"09:00:{second} ERROR disk {second} gone" for second in range(10, 60)))
    assert found
    assert (found.line, found.more) == ("09:00:59 ERROR disk 59 gone", ())


def test_a_long_line_is_cut_around_its_error():
    found = find_error(f"{'all is well, ' * 400}error code: 0x80070035, {'and goes on, ' * 400}")
    assert found
    assert "0x80070035" in found.line
    assert len(found.line) <= 300


def test_a_long_line_is_shown_with_what_it_comes_to_in_the_end():
    told = "ERROR import of batch 7731 failed, settings: " + ", ".join(f"option{number}=on" for number in range(40))
    found = find_error(f"{told}: ORA-00942: table or view does not exist")
    assert found
    assert found.line.startswith("ERROR import of batch 7731 failed")
    assert found.line.endswith("ORA-00942: table or view does not exist")
    assert len(found.line) <= 300
    opening = opening_line(f"{told}: ORA-00942: table or view does not exist")
    assert opening.startswith("ERROR import")
    assert opening.endswith("does not exist")


@pytest.mark.parametrize(
    ("log", "title"),
    [
        ("starting\n10:00 ERROR no licence\n10:01 INFO stopped", "10:00 ERROR no licence"),
        ("=====\n\n--- 12 ---\nBackup report of SRV1\nDone", "Backup report of SRV1"),
        ("Microsoft Windows [Version 10.0.22631]\n(c) Microsoft Corporation.\n\nPing of dc01", "Ping of dc01"),
        ("\n 1234 \n", "1234"),
        ("=====\n-----", ""),
        ("", ""),
    ],
)
def test_the_title_of_a_log(log, title):
    assert log_title(log) == title


def test_a_title_and_an_opening_are_one_short_line():
    log = f"first\n{'x ' * 300}connection refused {'y ' * 300}"
    assert "connection refused" in log_title(log)
    assert len(log_title(log)) <= 200
    assert "connection refused" in opening_line(log)
    assert len(opening_line(log)) <= 160


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("====\n  Name   Size\n a  1", "Name Size"),
        ("a\naccess denied\nb", "access denied"),
        ("--\n", "--"),
        ("", ""),
        ("```powershell\nGet-Thing -All\n```", "Get-Thing -All"),
        ("```\n- 1\n```\n", "- 1"),
        ("```", "```"),
    ],
)
def test_the_opening_of_a_folded_text(text, line):
    assert opening_line(text) == line


HUGE = ["a", " ", "error failed ", "fail\n", "ERR_", "1,", "connection to ", "[", '"', 'File "x", line 1\n', "a%"]


@pytest.mark.parametrize("piece", HUGE)
def test_a_huge_text_is_read_in_no_time(piece):
    """A tenth of a second is wanted and about a third of that is needed; more is allowed for a busy machine."""
    text = (piece * 200_000)[:200_000]
    start = time.process_time()
    find_error(text)
    find_error(text, prose=True)
    assert time.process_time() - start < 1


def test_certain_is_more_than_likely():
    assert CERTAIN > LIKELY > WEAK
