"""My work: a brief is fetched when it is opened, follows its session, and stays open while the page changes."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import look
from tests.browser.waiting import live

pytestmark = pytest.mark.browser


def test_an_opened_brief_stays_open_and_is_true(browse: Browse, claimed: Handoff, ana: User, bo: User) -> None:
    page = live(browse(bo, "/"))
    brief = page.locator(f"#claimed-{claimed.pk} details")
    brief.get_by_text("Brief").click()
    expect(brief).to_contain_text("Restarted the VPN service")
    Session.open(bo, problem_summary="Another one")
    expect(page.get_by_role("link", name="Another one")).to_be_visible()  # the list was drawn again
    expect(brief).to_have_attribute("open", "")
    expect(brief).to_contain_text("Restarted the VPN service")
    claimed.session.add_step(ana, text="Pulled the plug", outcome="failed")
    expect(brief).to_contain_text("Pulled the plug")
    assert look(page) == []
    brief.get_by_text("Brief").click()
    expect(brief).not_to_have_attribute("open", "")
    brief.get_by_text("Brief").click()
    expect(brief).to_contain_text("Pulled the plug")


def test_without_scripts_a_brief_is_a_link(browse: Browse, claimed: Handoff, bo: User) -> None:
    page = browse(bo, "/", java_script_enabled=False)
    page.get_by_text("Brief").click()
    page.get_by_role("link", name="Read it on its own page").click()
    expect(page.get_by_role("heading", name="What was tried")).to_be_visible()
