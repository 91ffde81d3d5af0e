"""The end of a shift in a browser: one thing was taken over meanwhile, the other is parked; then home, and back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import WIDE, look
from tests.browser.waiting import live

pytestmark = pytest.mark.browser

TEXT = "All I know about the tunnel."


@pytest.fixture
def own(bo: User) -> Session:
    return Session.open(bo, problem_summary="Printer queue stuck")


def part(page: Page, of: str) -> Locator:
    return page.locator(".shift-item", has_text=of)


def choose(page: Page) -> None:
    part(page, "VPN drops").get_by_role("radio", name="Transfer").check()
    part(page, "VPN drops").get_by_label("To", exact=True).select_option("Cy Tester")
    part(page, "VPN drops").get_by_role("textbox", name="Why").fill(TEXT)
    part(page, "Printer queue").get_by_role("radio", name="Park").check()


def end_it(page: Page) -> None:
    """The claim is refused, the other goes through, the shift goes on; then it ends."""
    page.get_by_role("button", name="Apply and end shift").click()
    said = page.locator("section", has=page.get_by_role("heading", name="Result"))
    expect(said).to_contain_text("Lea Tester has it now.")
    expect(said).to_contain_text("parked until")
    expect(said).to_contain_text("Your shift goes on")
    expect(said.locator("pre")).to_have_text(TEXT)
    expect(page.locator("#off-shift")).to_be_empty()


def test_one_of_two_was_taken_over_meanwhile(
    browse: Browse, claimed: Handoff, own: Session, bo: User, cy: User, lea: User
) -> None:
    page = browse(bo, "/shift/")
    other = page.context.new_page()
    other.goto("/")
    live(page)
    expect(part(page, "VPN drops").get_by_role("radio", checked=True)).to_have_count(0)
    expect(part(page, "VPN drops").get_by_label("To", exact=True)).to_be_hidden()
    choose(page)
    claimed.take_over(lea, reason="It is urgent")
    expect(page.get_by_role("alert")).to_contain_text("What you are typing in has changed")
    expect(part(page, "VPN drops").get_by_role("textbox", name="Why")).to_have_value(TEXT)
    end_it(page)
    assert own.handoffs.get().is_open
    assert look(page) == []
    page.set_viewport_size(WIDE)

    page.get_by_role("button", name="End my shift").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your shift has ended")
    expect(other.locator("#off-shift")).to_contain_text("You are off shift since")  # by itself, in the other tab
    assert look(page) == []
    page.set_viewport_size(WIDE)
    other.get_by_role("button", name="I’m back").click()
    expect(other.locator("#off-shift")).to_be_empty()
    expect(page.locator("#off-shift")).to_be_empty()


def test_without_javascript(browse: Browse, claimed: Handoff, own: Session, bo: User, cy: User, lea: User) -> None:
    page = browse(bo, "/", java_script_enabled=False)
    page.locator("summary", has_text=bo.name).click()
    page.locator(".menu-items").get_by_role("link", name="End of shift").click()
    choose(page)
    claimed.take_over(lea, reason="It is urgent")
    end_it(page)
    page.get_by_role("button", name="End my shift").click()
    expect(page.locator("#off-shift")).to_contain_text("You are off shift since")
    page.get_by_role("button", name="I’m back").click()
    expect(page.get_by_text("You are on shift again.")).to_be_visible()
