"""Resolving, by two people: one offers what worked, a colleague undoes and resolves, and the first reads it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from resolutionflow.accounts.models import User
from resolutionflow.ops.workers import Workers
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.waiting import live

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["", "without JavaScript"])
def test_what_worked_is_offered_and_what_is_temporary_undone(
    browse: Browse, workers: Workers, session: Session, ana: User, lea: User, scripts: bool
) -> None:
    page = browse(ana, session.get_absolute_url(), java_script_enabled=scripts)
    if scripts:
        live(page)
    for text, outcome in (
        ("Opened port 3389", "Unclear"),
        ("Lowered the MTU", "Worked"),
        ("Checked the clock", "Ruled out"),
    ):
        page.get_by_placeholder("What did you try?").fill(text)
        if outcome == "Unclear":
            page.locator("#composer").get_by_text("More", exact=True).click()
            page.get_by_label("Temporary: has to be undone later").check()
        page.locator("#composer").get_by_role("button", name=outcome).click()
        expect(page.locator(".trail > .step").last).to_contain_text(text)
        expect(page.locator(".trail > .step").last.locator(".outcome")).to_have_text(outcome)
    expect(page.locator(".trail .chip", has_text="temporary")).to_have_count(1)

    leas = browse(lea, f"{session.get_absolute_url()}resolve/", java_script_enabled=scripts)
    expect(leas.get_by_label("What fixed it")).to_be_focused()
    expect(leas.get_by_label("What fixed it")).to_have_value("Lowered the MTU")
    expect(leas.get_by_text("From s5, which worked.")).to_be_visible()
    expect(leas.get_by_label("Which step showed it").locator("option:checked")).to_have_text("s5 Lowered the MTU")
    expect(leas.get_by_label("Steps").locator("li").first).to_contain_text("Checked the clock")
    leas.get_by_label("s4 Opened port 3389").check()
    leas.get_by_label("Root cause").fill("The provider's PPPoE")
    leas.get_by_role("button", name="Resolve").click()
    expect(leas.get_by_label("What fixed it")).to_contain_text("Resolved by Lea Tester")
    expect(leas.locator(".chip", has_text="temporary")).to_have_count(0)

    if not scripts:
        page.reload()
    fixed = page.get_by_label("What fixed it")
    expect(fixed).to_contain_text("The provider's PPPoE")
    fixed.get_by_role("link", name="s5").click()
    expect(page.locator(".trail > .step", has_text="Lowered the MTU")).to_be_in_viewport()
