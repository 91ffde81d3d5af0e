"""The same three technicians, with scripts switched off: every verb is a form, and a look again is a reload."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from handoffs.models import Handoff
from notifications.models import Notification
from resolutionflow.accounts.models import Event, User
from resolutionflow.ops.workers import Workers
from tests.browser import three_technicians
from tests.browser.conftest import Browse
from tests.live_site import wait_until

pytestmark = pytest.mark.browser


def test_three_technicians_without_javascript(browse: Browse, workers: Workers, ana: User, bo: User, cy: User) -> None:
    anas, bos, cys = (browse(user, java_script_enabled=False) for user in (ana, bo, cy))
    people = {bos: bo, cys: cy}
    three_technicians.work_a_session(anas)
    three_technicians.escalate(anas)
    for page in people:
        page.goto("/queue/")
        expect(three_technicians.card(page)).to_be_visible()

    winner, loser = three_technicians.claim_at_once(bos, cys)
    won = people[winner]
    three_technicians.expect_picked_up(winner)
    expect(loser.get_by_role("heading", level=1)).to_have_text(re.compile(rf"{won} claimed this \d+ seconds? ago"))
    loser.get_by_role("link", name="Open the queue").click()
    expect(three_technicians.card(loser)).to_have_count(0)
    assert Event.objects.filter(kind="handoff.claimed").count() == 1

    wait_until(lambda: Notification.objects.filter(user=ana, title__contains="claimed"))
    three_technicians.read_bell(anas, f"{won} claimed")
    anas.goto("/")
    expect(anas.locator("#my-work")).to_contain_text(f"{won.first_name} has it")

    three_technicians.release(winner)
    loser.reload()
    three_technicians.card(loser).get_by_role("link").click()
    loser.get_by_role("button", name="Continue where Ana left off").click()
    loser.get_by_role("link", name="Return, release or transfer").click()
    three_technicians.resolve(loser)

    anas.reload()
    expect(anas.locator("#my-work")).to_contain_text("Fixed by: Removed the update from the image.")
    wait_until(lambda: Notification.objects.filter(user=ana, title__contains="resolved"))
    three_technicians.read_bell(anas, "Removed the update from the image.")
    assert Handoff.objects.get().closed_reason == "resolved"
