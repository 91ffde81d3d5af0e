"""The last error of a whole record: of machines first, of people where they quote one, and none where there is none."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sessions_app.errors.choice import ErrorSource, newest_error

RECORDS = (Path(__file__).parent / "error_records.txt").read_text().split("\n%% ")[1:]
HEAD = re.compile(r"(s\d+) (\w+)( check| question)?: (.*)|(log|note|session|m\d+):(.*)")


def sources_of(record: str) -> Iterator[ErrorSource]:
    """The record as the brief reads it."""
    for part in re.split(r"\n(?=\w)", record)[1:]:
        head, _, rest = part.partition("\n")
        output = "\n".join(line.removeprefix("| ") for line in rest.split("\n"))
        found = HEAD.fullmatch(head)
        assert found, head
        if found[1]:
            failed = found[2] in ("failed", "inconclusive")
            counts = failed or (found[2] == "worked" and found[3] == " check")
            asked = found[3] == " question"
            spare = found[2] == "worked" and not counts and not asked
            yield ErrorSource(found[1], output, prose=asked, failed=failed, counts=counts or spare, spare=spare)
            yield ErrorSource(found[1], found[4], prose=True, failed=failed, counts=counts)
        else:
            yield ErrorSource(found[5], output or found[6], prose=found[5] != "log")


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.split("\n")[0])
def test_the_last_error_of_a_record(record):
    wanted = re.search(r"^=> (\S+) ?(.*)$", record, re.M)
    error = newest_error(sources_of(record.replace(wanted[0] + "\n", "")))
    if wanted[1] == "none":
        assert error is None
    else:
        assert error
        assert (error[0], wanted[2] in error[1].line) == (wanted[1], True), error


COMPLAINT = "She cannot print since Monday and I can't see why. Is it the switch? We call back at 14:00, error or not."
COUNTED = "\n".join(f"Row {row}  State ok  last error: none  queue {row * 7}" for row in range(12))
SYNCED = "2026-11-26 08:00:{:02},1 INFO [sync-{}] {} changes sent, retry of the failed ones in {} s, cannot wait"


def test_a_big_record_is_read_in_no_time():
    """About a hundredth of a second is needed where no source has an error; more is allowed for a busy machine."""
    messages = [ErrorSource(f"m{number}", f"{number} {COMPLAINT}", prose=True) for number in range(40)]
    steps = [ErrorSource(f"s{number}", f"{number}\n{COUNTED}", failed=True) for number in range(60)]
    log = ErrorSource("log", "\n".join(SYNCED.format(row % 60, row % 7, row, row) for row in range(300)))
    start = time.process_time()
    assert newest_error([*messages, *steps, log]) is None
    assert time.process_time() - start < 0.2
