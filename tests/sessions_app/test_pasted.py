"""A log that is sent as the text of a step becomes its output; a message keeps all of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sessions_app.pasted import is_log, split_output

CASES = json.loads((Path(__file__).parent.parent / "data/pasted.json").read_text())
LOG = "\n".join(f"2026-11-26 02:{n:02}:11,120 ERROR pool exhausted after {n} s" for n in range(600))


@pytest.fixture
def send(as_user, session, bo):
    client = as_user(bo)
    return lambda to="steps", **fields: client.post(f"{session.get_absolute_url()}{to}/", fields)


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_what_was_typed_is_a_log_only_where_most_of_it_looks_printed(case):
    assert is_log(case["text"]) is case["sent"]


@pytest.mark.parametrize("case", [case for case in CASES.values() if case["line"]])
def test_a_command_or_sentence_above_is_the_line(case):
    assert split_output(case["text"]) == (case["line"], case["output"].rstrip())


@pytest.mark.parametrize(
    ("text", "line", "output"),
    [
        ("Restarted the spooler", "Restarted the spooler", ""),
        ("Rang her.\nIt is the tray.", "Rang her.", "It is the tray."),
        (
            "Rang her.\nShe reads out:\n  E-4  tray open\n  E-9  no paper",
            "Rang her. She reads out:",
            "  E-4  tray open\n  E-9  no paper",
        ),
        ("\n \n  E-4  tray open\n", "E-4 tray open", "\n \n  E-4  tray open\n"),
    ],
)
def test_every_line_is_kept_in_one_of_the_two(text, line, output):
    assert split_output(text) == (line, output)


def test_a_log_that_is_logged_as_a_step_is_its_output(send, session):
    send(text=f"On the server it says:\r\n{LOG}".replace("\n", "\r\n"), outcome="failed")
    step = session.steps.last()
    assert (step.text, step.free_text, step.outcome) == ("On the server it says:", LOG, "failed")


def test_a_text_too_long_for_a_step_is_its_output_too(send, session):
    long = "She reads out a lot to me. " * 1000
    send(text=long)
    step = session.steps.last()
    assert step.text.startswith("She reads out")
    assert len(step.text) <= 200
    assert step.free_text == long


def test_what_was_put_back_by_hand_stays(send, session):
    send(text=LOG[:600], as_typed="on")
    assert session.steps.last().text == LOG[:600]


def test_where_an_output_is_given_nothing_is_moved(send, session):
    send(text=LOG[:600], free_text="and this")
    assert (session.steps.last().text, session.steps.last().free_text) == (LOG[:600], "and this")
    answer = send(text=LOG[:20_001], free_text="and this")
    assert answer.status_code == 422
    assert "20,001 characters long and 20,000 fit" in answer.content.decode()


def test_a_message_stays_one_and_takes_the_output_along(send, session):
    send("messages", text=LOG[:600])
    assert session.messages.last().content == LOG[:600]
    send("messages", text="This is what it says", free_text="E-4 tray open\nE-9 no paper")
    assert session.messages.last().content == "This is what it says\nE-4 tray open\nE-9 no paper"
    send("messages", text="", free_text="E-4 tray open")
    assert session.messages.last().content == "E-4 tray open"
    assert session.step_count == session.steps.count()
    assert send("messages", text=" ").status_code == 422
