"""A check or a question that worked has shown something: it does not read like what helped."""

from __future__ import annotations

import re

from handoffs.brief.text import brief_as_text
from handoffs.models import Handoff


def test_a_check_that_worked_does_not_read_like_the_fix(client, session, ana, bo):
    session.add_step(ana, text="Looked at the sign-in log", kind="check", outcome="worked")
    session.add_step(ana, text="Allowed the address", outcome="worked")
    handoff = Handoff.escalate(session, ana, notes="Stuck")
    client.force_login(bo)
    page = client.get(f"/handoffs/{handoff.pk}/").content.decode()
    assert re.findall(r'class="outcome-word">(\w+)<', page)[:2] == ["Worked", "Checked"]
    assert "Checked: Looked at the sign-in log" in brief_as_text(handoff.brief())
