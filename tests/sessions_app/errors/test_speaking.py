"""Which line of an output says something, and which says how a check came out."""

from __future__ import annotations

import time

import pytest

from sessions_app.errors.lines import opening_line
from sessions_app.errors.speaking import speaking, verdict


@pytest.mark.parametrize(
    "output",
    [
        "PS C:\\Users\\ana> Get-Volume\n\nDriveLetter  Size   Free\n-----------  ----   ----\n=> C  237GB  121GB",
        "Name     Size    Used\n=> /data    40G     41%",
        "Beginning system scan.  This process will take some time.\n\n=> No integrity violations were found.",
        "Pinging 10.0.0.1 with 32 bytes of data:\n=> Reply from 10.0.0.1: bytes=32 time=1ms TTL=64",
        "root@web1:~# systemctl is-active nginx\n=> active",
        "$ dig +short vpn.example\n=> 203.0.113.7",
        "sw-2#show interface status\n=> Gi1/0/4 connected 10 a-full a-1000",
        "Windows IP Configuration\nHost Name . . . : PC-7\n=> Link speed . . : OK",
        "Checking file system on C:\nThe volume label is OS.\n=> Windows found no problems.",
        "=> Offset 0.4 s",
        "=> > query user",
        "=> ",
        "\n \n=> ",
    ],
)
def test_the_verdict_of_a_check(output: str) -> None:
    """It is the line behind the arrow."""
    assert verdict(output.replace("=> ", "").splitlines()) == output.partition("=> ")[2]


@pytest.mark.parametrize(
    "line",
    [
        "Checking file: OK",
        "Connecting to 10.0.0.7 took 40 s",
        "Load average 0.4",
        "Temp >80 degrees",
        "Total: 4",
        "a  b",
    ],
)
def test_what_says_something_stays(line: str) -> None:
    assert speaking(["$ x", line]) == [line]


def test_a_folded_output_opens_with_what_it_says() -> None:
    assert opening_line("C:\\> chkdsk\nName  Size\nD     40 GB") == "D 40 GB"


@pytest.mark.parametrize("piece", ["a", ">", "- ", "a@", "| ", "running ", "a  b", "...", "--", "=| "])
def test_a_long_line_takes_no_time(piece: str) -> None:
    line = piece * (200_000 // len(piece)) + "!"
    began = time.process_time()
    verdict([line, line])
    assert time.process_time() - began < 1
