"""The note stands just above the lines: what it says is told twice only where nothing else answers."""

from __future__ import annotations

import pytest

from handoffs.models import Handoff

NOTE = "Don't restart BK-01 before six. I suspect the replica, it lags. Next I would look at its log."


def told(handoff: Handoff, name: str) -> list[str]:
    return [line.source for line in handoff.brief().lines[name]]


@pytest.mark.parametrize("name", ["suspect", "watch_out"])
def test_a_sentence_of_the_note_is_repeated_where_it_is_the_only_answer(session, ana, name):
    assert told(Handoff.escalate(session, ana, notes=NOTE), name) == ["note"]


def test_a_sentence_of_the_note_gives_way_to_what_stands_elsewhere(session, ana):
    session.add_message(ana, content="My guess is the certificate of the gateway.")
    session.add_message(ana, content="Do not delete the old key, the tills still use it.")
    handoff = Handoff.escalate(session, ana, notes=NOTE)
    assert told(handoff, "next_step") == ["s3"]  # which waits to be done
    assert "note" not in told(handoff, "suspect")
    assert len(told(handoff, "watch_out")) == 1


def test_two_hunches_are_shown_beside_the_active_branch(session, ana):
    for hunch in ("Could be the proxy.", "Or maybe the clock of the phones.", "I suspect the antivirus on the tills."):
        session.add_message(ana, content=hunch)
    session.add_branch(ana, label="Intermediate certificate missing").activate(ana)
    assert told(Handoff.escalate(session, ana, notes="Stuck"), "suspect") == ["branch", "m3", "m2"]
