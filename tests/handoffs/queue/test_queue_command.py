"""manage.py queue: the open queue in the terminal, in the page's order, harmless and in columns."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from handoffs.models import Handoff
from resolutionflow.core import clock
from resolutionflow.ops.terminal import fit, plain, table, width
from sessions_app.models import Session

pytestmark = pytest.mark.django_db


def queue(*words: str, **options) -> str:
    out = StringIO()
    call_command("queue", *words, stdout=out, **options)
    return out.getvalue()


def escalate(by, problem: str, *, priority: int = 2, ago: int = 0, target=None, **facts) -> Handoff:
    with clock.replayed_at(timezone.now() - timedelta(minutes=ago)):
        session = Session.open(by, problem_summary=problem, **facts)
        return Handoff.escalate(session, by, notes="Stuck", priority=priority, target_user=target)


def test_it_is_the_pages_queue_in_its_order(waiting, ana, bo, cy) -> None:
    escalate(ana, "Printer jams", ago=50, client_name="Alder Clinic", target=bo)
    escalate(ana, "Mail is down", ago=5, priority=0)
    escalate(ana, "Disk is full", ago=90).claim(cy)
    head, columns, *lines = queue().splitlines()
    assert head == "Northwind: 3 waiting, the longest 50 min"
    assert columns.split() == ["waits", "problem", "client", "ticket", "from", "for", "tried"]
    assert [line.split()[0] for line in lines[:3]] == ["urgent", "high", "normal"]
    assert "now" in lines[1]
    assert "Northgate L" in lines[1]
    assert "48190" in lines[1]
    assert "✗1 ?1" in lines[1]
    assert lines[-1] == "tried: ✗ failed, ∅ ruled out, ? unclear, ✓ worked"
    assert max(map(width, lines)) <= 100
    assert "\x1b" not in queue()


def test_for_whom_until_it_is_open_to_everybody(ana, bo) -> None:
    handoff = escalate(ana, "Printer jams", target=bo)
    assert json.loads(queue("--json"))[0]["for"] == "Bo Tester"
    with clock.replayed_at(timezone.now() + timedelta(hours=1)):
        assert handoff.widen()
    assert json.loads(queue("--json"))[0]["for"] == "anyone"


def test_all_accounts_have_a_heading_one_can_be_named(waiting, eve) -> None:
    escalate(eve, "Secret of Elsewhere")
    assert [line for line in queue().splitlines() if "waiting" in line] == [
        "Elsewhere: 1 waiting, the longest under a minute",
        "Northwind: 1 waiting, the longest under a minute",
    ]
    assert "Secret" not in queue("--account", "Northwind")
    with pytest.raises(CommandError, match=r"no account named Nope\. There are: Elsewhere, Northwind"):
        queue("--account", "Nope")


def test_an_empty_queue_says_so(northwind, waiting, bo) -> None:
    assert "Northwind: nothing fits" in queue("--q", "no such words")
    waiting.claim(bo)
    assert queue() == "Northwind: the queue is empty\n"
    assert json.loads(queue("--json")) == []


def test_no_account_yet(db) -> None:
    assert "create_account" in queue()


def test_the_filters_are_the_pages(waiting, ana) -> None:
    escalate(ana, "Printer jams", ago=50, client_name="Alder Clinic", problem_domain="printing", priority=3)

    def problems(*words: str) -> list[str]:
        return [row["problem"].split()[0] for row in json.loads(queue("--json", *words))]

    assert problems("--sort", "wait") == ["Printer", "VPN"]
    for words in (["--priority", "low"], ["--client", "alder"], ["--domain", "printing"], ["--older-than", "30m"]):
        assert problems(*words) == ["Printer"], words
    assert problems("--priority", "low", "--priority", "high") == ["VPN", "Printer"]
    assert problems("--ticket", "yes") == problems("--q", "vpn") == problems("--ticket", "48190") == ["VPN"]
    with pytest.raises(CommandError, match="--priority: A priority is"):
        queue("--priority", "sky-high")


def test_json_is_for_scripts(waiting) -> None:
    (row,) = json.loads(queue("--json"))
    assert (row["id"], row["account"], row["priority"]) == (waiting.pk, "Northwind", "high")
    assert row["attempts"]["failed"] == 1
    assert row["url"].endswith(f"/handoffs/{waiting.pk}/")
    assert 0 <= row["waits_seconds"] < 60
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row["opened_at"])


def test_nothing_in_it_steers_the_terminal(waiting) -> None:
    """Old rows may hold what is cleaned away today."""
    Session.objects.update(problem_summary="VPN \x1b[31mred\x1b]0;title\x07 \u202etxet\u2066 \u200e\r\nSecond line")
    text = queue()
    assert not any(letter in text for letter in "\x1b\x07\u202e\u2066\u200e\r")
    assert "VPN red" in text
    assert queue("--json").isascii()


def test_colour_is_for_those_who_want_it(waiting, monkeypatch) -> None:
    assert "\x1b[33mhigh\x1b[0m" in queue(force_color=True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in queue(force_color=True)


# --- columns ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("日本語", 6), ("e\u0301", 1), ("🖨", 1), ("👍", 2), ("한글 x", 6), ("", 0)]
)
def test_width_counts_columns(text, columns) -> None:
    assert width(text) == columns


@pytest.mark.parametrize("text", ["abcdefghij", "日本語日本語日本語", "e\u0301" * 20, "👍" * 9, "", "a日" * 5])
@pytest.mark.parametrize("columns", [1, 2, 5, 6, 10, 40])
def test_fit_takes_exactly_its_columns(text, columns) -> None:
    assert width(fit(text, columns)) == columns


def test_wide_letters_stand_in_columns() -> None:
    rows = [("high", "日本語のプリンターが動かない", "東京"), ("low", "Printer", "Alder")]
    lines = table(rows, (6, 10, 8), columns=40, rest=1, drop=())
    assert width(lines[0].split("東京")[0]) == width(lines[1].split("Alder")[0])


def test_a_narrow_terminal_keeps_the_problem() -> None:
    rows = [("high", "x" * 50, "client", "from")]
    assert table(rows, (6, 20, 8, 8), columns=30, rest=1, drop=(3, 2)) == ["high  " + "x" * 23 + "…"]


def test_plain_is_one_line() -> None:
    assert plain("a\u200eb\n c\t\x1b[1md\u061c") == "ab c d"
