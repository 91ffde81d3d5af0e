"""A filtered, sorted queue stays true: what fits comes to its place, what fits no more leaves, counts follow."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from handoffs.models import Handoff, SavedView
from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import look
from tests.browser.waiting import live

pytestmark = pytest.mark.browser


def escalated(user: User, problem: str, client: str, **more: Any) -> Handoff:
    session = Session.open(user, problem_summary=problem, client_name=client)
    return Handoff.escalate(session, user, notes="I am stuck.", **more)


def test_a_filtered_page_equals_a_fresh_load(browse: Browse, ana: User, bo: User, lea: User) -> None:
    SavedView.add(bo, name="Burning", query="priority=urgent")
    first = escalated(ana, "Mail is down", "Amber", priority=0)
    escalated(ana, "Server is down", "Zebra", priority=0)
    page = live(browse(bo, "/queue/?priority=urgent&sort=client"))
    titles, burning = page.locator("#cards .item-title"), page.locator("#views .count")
    expect(titles).to_have_text(["Mail is down", "Server is down"])
    expect(burning).to_have_text("2")
    escalated(ana, "VPN is down", "Mango", priority=0)
    escalated(ana, "Mouse is slow", "Mango", priority=3)
    expect(titles).to_have_text(["Mail is down", "VPN is down", "Server is down"])
    expect(burning).to_have_text("3")
    first.reprioritise(lea, priority=2)
    expect(titles).to_have_text(["VPN is down", "Server is down"])
    expect(page.locator("#shown")).to_have_text("2 fit, 2 hidden")


def test_filters_are_set_saved_and_taken_off_by_hand(browse: Browse, ana: User, bo: User) -> None:
    escalated(ana, "Mail is down", "Amber", priority=0)
    escalated(ana, "Mouse is slow", "Mango", priority=3)
    page = browse(bo, "/queue/", java_script_enabled=False)
    page.get_by_label("Urgent", exact=True).check()
    page.get_by_role("button", name="Filter").first.click()
    expect(page.locator("#cards .item-title")).to_have_text(["Mail is down"])
    page.get_by_text("Save view").first.click()
    page.get_by_label("Name", exact=True).fill("Burning")
    page.get_by_role("button", name="Save view").click()
    view = page.locator("#views a")
    expect(view).to_have_text("Burning 1")
    expect(view).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="Remove filter Urgent").click()
    expect(page.locator("#cards .item-title")).to_have_text(["Mail is down", "Mouse is slow"])
    page.get_by_role("link", name="Burning").click()
    page.get_by_role("link", name="Edit view").click()
    page.get_by_role("button", name="Delete view").click()
    expect(page.locator("#views")).to_have_count(0)


def test_a_wrong_address_reads_well(browse: Browse, ana: User, bo: User) -> None:
    escalated(ana, "Mail is down", "Amber", priority=0)
    page = live(browse(bo, "/queue/?sender=99999&older_than=1y&priority=worst"))
    expect(page.locator("#cards .item-title")).to_have_text(["Mail is down"])
    assert look(page) == []
