"""The snapshot beside the session as it stands."""

from __future__ import annotations

import re

import pytest

from handoffs import then_and_now
from handoffs.brief import brief_for
from handoffs.models import Handoff

pytestmark = pytest.mark.django_db


def differs(handoff: Handoff) -> dict[str, tuple[str, str]]:
    """By name: then and now, in words."""
    handoff = Handoff.objects.select_related("session", "session__assignee", "holder").get(pk=handoff.pk)
    branches = list(handoff.session.branches.with_standing().order_by("order"))
    found = then_and_now.changes_since_snapshot(handoff, steps=brief_for(handoff.session).steps, branches=branches)
    return {change.name: (_words(change.then), _words(change.now)) for change in found}


def _words(lines: list[then_and_now.Side]) -> str:
    return "; ".join(line.text for line in lines)


def test_nothing_has_changed(waiting, client, bo):
    assert differs(waiting) == {}
    client.force_login(bo)
    html = client.get(f"/handoffs/{waiting.pk}/").content.decode()
    assert "Nothing has changed: the session stands as it was escalated." in html


def test_what_the_handoff_itself_does_is_no_change(session, ana):
    assert differs(Handoff.park(session, ana)) == {}


def test_facts(waiting, session, bo):
    session.change(bo, client_name="Northgate & Co", asset_name="", problem_domain="security", confidence=0.9)
    assert differs(waiting) == {
        "Client": ("Northgate Legal", "Northgate & Co"),
        "Device": ("NL-FW01", "–"),
        "Domain": ("Network", "Security"),
        "Confidence": ("discovery", "guided"),
    }


def test_what_the_sender_corrects(session, ana, bo, client):
    handoff = Handoff.escalate(session, ana, notes="Stuck", affected="Two users", suspect="The tunnel")
    assert differs(handoff) == {}
    handoff.change(ana, affected="Everybody", suspect="", watch_out="No restart before six", contact="Jo, ext. 4")
    assert differs(handoff) == {
        "Affected": ("Two users", "Everybody"),
        "Suspect": ("The tunnel", "–"),
        "Watch out": ("–", "No restart before six"),
        "Contact": ("–", "Jo, ext. 4"),
    }
    client.force_login(bo)
    assert "Nothing has changed" not in client.get(f"/handoffs/{handoff.pk}/").content.decode()


def test_a_step_that_the_page_does_not_show_is_linked_in_the_session(session, ana, bo, client):
    old = session.add_step(ana, text="Restarted the router", outcome="worked")
    handoff = Handoff.escalate(session, ana, notes="Stuck")
    for number in range(12):
        session.add_step(ana, text=f"Try {number}", outcome="failed")
    old.change(bo, outcome="pending")
    client.force_login(bo)
    html = client.get(f"/handoffs/{handoff.pk}/").content.decode()
    for ref in re.findall(r'href="#([sm]\d+)"', html):
        assert f'id="{ref}"' in html, ref


def test_whose_it_is_and_where_it_stands(claimed, session, bo):
    assert differs(claimed) == {"Assignee": ("Ana Tester", "Bo Tester")}
    session.refresh_from_db()
    session.resolve(bo, resolution="Fixed")
    assert differs(claimed)["Status"] == ("Active", "Resolved")


def test_new_steps_with_how_they_ended(waiting, session, bo):
    session.add_step(bo, text="Swapped the router", outcome="worked")
    assert differs(waiting) == {"Steps": ("3", "4; Swapped the router")}
    for number in range(11):
        session.add_step(bo, text=f"Try {number}")
    assert differs(waiting)["Steps"][1].endswith("Try 8; and 2 more")


def test_a_step_that_ended_otherwise(waiting, session, bo):
    session.steps.get(order=2).change(bo, outcome="worked")
    assert differs(waiting) == {"Checked the firewall log": ("Unclear", "Checked")}


def test_branches(session, ana, bo):
    clock = session.add_branch(ana, label="Clock skew")
    handoff = Handoff.escalate(session, ana, notes="Stuck")
    clock.session.refresh_from_db()
    clock.change_status(bo, status="dead_end", reason="Not it")
    session.refresh_from_db()
    session.add_branch(bo, label="The router")
    assert differs(handoff) == {
        "Clock skew": ("untried", "dead end: Not it"),
        "Branches": ("2", "3; The router: untried"),
    }


def test_the_first_branches_are_new_where_there_were_none(waiting, session, bo):
    session.add_branch(bo, label="The router")
    assert differs(waiting) == {"Branches": ("1", "2; The router: untried")}


@pytest.mark.parametrize("old", [{}, {"steps": None}, {"steps": [{}], "branch_map": [{}], "status": "?"}])
def test_an_old_snapshot_says_what_it_can(waiting, session, bo, client, old):
    session.add_step(bo, text="More")
    Handoff.objects.filter(pk=waiting.pk).update(snapshot=old)
    assert "Steps" not in differs(waiting)
    client.force_login(bo)
    assert client.get(f"/handoffs/{waiting.pk}/").status_code == 200
