"""Ana hands a session over; Bo and Cy, each in a browser of their own, want it at the same moment."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import Event, User
from resolutionflow.ops.workers import Workers
from tests.browser import three_technicians
from tests.browser.conftest import Browse
from tests.browser.waiting import live, unfetched

pytestmark = pytest.mark.browser


def stay(page: Page) -> None:
    page.evaluate("window.notReloaded = true")


def test_three_technicians(browse: Browse, workers: Workers, ana: User, bo: User, cy: User) -> None:
    anas, bos, cys = browse(ana), browse(bo, "/queue/"), browse(cy, "/queue/")
    people = {bos: bo, cys: cy}
    for page in people:
        expect(live(page).get_by_text("The queue is empty")).to_be_visible()
        stay(page)

    three_technicians.work_a_session(anas)
    with unfetched(*people):
        three_technicians.escalate(anas)
        for page in people:
            expect(three_technicians.card(page)).to_be_visible()
            expect(three_technicians.card(page)).to_contain_text(
                re.compile(r"High.*Hartwell Dental.*from Ana Tester", re.S)
            )
            expect(page.get_by_text("The queue is empty")).to_be_hidden()

    winner, loser = three_technicians.claim_at_once(bos, cys)
    won = people[winner]
    three_technicians.expect_picked_up(winner)
    expect(loser.get_by_role("alert")).to_contain_text(re.compile(rf"{won} claimed this \d+ seconds? ago"))
    expect(loser.get_by_role("alert").get_by_role("link", name="Watch")).to_be_visible()
    loser.mouse.move(0, 0)  # under the pointer it only fades
    expect(three_technicians.card(loser)).to_have_count(0)
    assert Event.objects.filter(kind="handoff.claimed").count() == 1
    assert loser.evaluate("window.notReloaded")

    expect(anas.locator("#go-on")).to_contain_text(f"{won} has it")
    expect(anas.locator("[data-bell]")).to_have_text("1")
    three_technicians.read_bell(anas, f"{won} claimed")
    anas.goto("/")
    expect(anas.locator("#my-work", has_text=f"{won.first_name} has it")).to_contain_text(three_technicians.PROBLEM)

    three_technicians.release(winner)
    expect(three_technicians.card(winner)).to_be_visible()
    expect(three_technicians.card(loser)).to_be_visible()
    expect(anas.locator("#my-work")).to_contain_text("back in the queue")

    loser.locator("#toasts .close").click()
    three_technicians.card(loser).get_by_role("link").click()
    loser.get_by_role("button", name="Continue where Ana left off").click()
    loser.wait_for_url("**/sessions/**")
    expect(three_technicians.card(winner)).to_have_count(0)
    loser.get_by_role("link", name="Return, release or transfer").click()
    three_technicians.resolve(loser)

    expect(anas.locator("#my-work")).to_contain_text("Fixed by: Removed the update from the image.")
    three_technicians.read_bell(anas, "resolved")
    expect(anas.locator(".line").first).to_contain_text("Removed the update from the image.")
    assert Handoff.objects.get().closed_reason == "resolved"
