"""The timeline while it is read: what happens comes to its end, or waits to be asked for; a phone and a keyboard do."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import User
from tests.browser.conftest import Browse
from tests.browser.page_checks import look
from tests.browser.waiting import live, place

pytestmark = pytest.mark.browser
STEP = "#timeline li >> nth=3"  # the middle of what the fixture did


def test_what_happens_comes_last_and_moves_nothing(browse: Browse, waiting: Handoff, ana: User, bo: User) -> None:
    page = live(browse(bo, f"/sessions/{waiting.session_id}/timeline/"))
    step = page.locator(STEP)
    link = step.get_by_role("link", name="s3", exact=True)
    link.focus()
    before = place(step)
    waiting.session.add_message(ana, content="The second user has the same router")
    last = page.locator("#timeline li").last
    expect(last).to_contain_text("Ana Tester wrote a message")
    expect(last).to_contain_text("The second user has the same router")
    assert place(step) == before
    expect(link).to_be_focused()
    expect(page.locator("#timeline-count")).to_contain_text("6 events")
    assert look(page) == []


def test_newest_first_stands_still_until_asked(browse: Browse, waiting: Handoff, ana: User, bo: User) -> None:
    page = live(browse(bo, f"/handoffs/{waiting.pk}/timeline/"))
    page.get_by_role("link", name="Newest first").click()
    page.wait_for_url("**order=newest**")
    first = live(page).locator("#timeline li").first
    before = place(first)
    waiting.claim(bo)
    newer = page.get_by_role("link", name="1 newer")
    expect(newer).to_be_visible()
    assert place(first) == before
    assert look(page) == []
    newer.click()
    expect(first).to_contain_text("Bo Tester claimed it")
    expect(newer).to_have_count(0)


def test_it_is_filtered_without_a_mouse_on_a_phone(browse: Browse, claimed: Handoff, bo: User) -> None:
    page = live(browse(bo, f"/sessions/{claimed.session_id}/timeline/", viewport={"width": 360, "height": 740}))
    page.get_by_role("link", name="Handoffs").focus()
    page.keyboard.press("Enter")
    page.get_by_label("By", exact=True).focus()
    page.keyboard.type("Bo")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"kind=handoff&actor={bo.pk}&"))
    expect(page.locator("#timeline li")).to_have_count(1)
    expect(page.locator("#timeline li")).to_contain_text("Bo Tester claimed it")
    assert look(page) == []
