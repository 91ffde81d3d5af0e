"""The trail of a session: outcomes by keys, messages that become steps, where it opens and what stays in its place."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import look
from tests.browser.waiting import asked_for_all, live

pytestmark = pytest.mark.browser


def press(page: Page, keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


# --- one press -----------------------------------------------------------------------------------


def test_a_key_says_how_a_step_ended_that_is_to_do(browse: Browse, session: Session, ana: User) -> None:
    first, _second, third = session.steps.order_by("order")  # to do is the third
    page = live(browse(ana, session.get_absolute_url()))
    press(page, "1")  # none is marked
    press(page, "j")
    expect(page.locator("#s3")).to_be_focused()
    press(page, "kk1")
    expect(page.locator("#s1")).to_be_focused()
    asked_for_all(page)
    assert [step.outcome for step in session.steps.order_by("order")] == [first.outcome, _second.outcome, "pending"]
    press(page, "jj2")
    expect(page.locator(f"#step-{third.pk} .facts .outcome")).to_have_text("Ruled out")
    expect(page.locator("#s3")).to_be_focused()
    page.locator("#composer_text").focus()
    page.keyboard.type("1 of 4 cables")
    expect(page.locator("#composer_text")).to_have_value("1 of 4 cables")


def test_the_sheet_names_them(browse: Browse, session: Session, ana: User) -> None:
    page = live(browse(ana, session.get_absolute_url()))
    press(page, "?")
    expect(page.locator("#keys dd:visible", has_text="Step to do: failed, ruled out")).to_be_visible()


def test_a_message_becomes_a_step_and_both_are_shown_live(
    browse: Browse, session: Session, ana: User, bo: User
) -> None:
    said = session.add_message(ana, content="Changed the cable\n10:02:11  link down")
    mine = live(browse(ana, session.get_absolute_url()))
    theirs = live(browse(bo, session.get_absolute_url()))
    mine.locator(f"#message-{said.pk}").get_by_role("button", name="Make it a step").click()
    for page in (mine, theirs):
        step = page.locator("#trail .step").last
        expect(step).to_contain_text("Changed the cable")
        expect(step).to_contain_text(f"from {said.ref}")
        expect(page.locator(f"#message-{said.pk}").get_by_role("link", name="s4")).to_be_visible()
    expect(mine.locator(f"#message-{said.pk}-step")).to_be_focused()
    assert look(mine) == []
