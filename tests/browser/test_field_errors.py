"""A field that was refused is red until it is mended, and not longer."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import look

pytestmark = pytest.mark.browser
RED = ".invalid, [aria-invalid=true], .errorlist"


def expect_red(page: Page, words: str) -> None:
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()


def expect_mended(page: Page) -> None:
    expect(page.locator(RED).locator("visible=true")).to_have_count(0)


def test_the_error_of_a_text_goes_when_it_is_mended(browse: Browse, session: Session, ana: User) -> None:
    page = browse(ana, f"{session.get_absolute_url()}abandon/")
    page.get_by_role("button", name="Abandon").click()
    why = page.locator("[name=reason]")
    expect_red(page, "Give a reason.")
    why.fill("   ")  # that is nothing, too
    expect_red(page, "Give a reason.")
    why.fill("They moved")
    expect_mended(page)
    assert look(page) == []
    expect(why).not_to_have_attribute("aria-describedby", "id_reason_error")
    why.fill("")
    expect_red(page, "Give a reason.")
    expect(why).to_have_attribute("aria-describedby", "id_reason_error")


def test_what_is_too_long_stays_red_until_it_fits(browse: Browse, session: Session, ana: User) -> None:
    page = browse(ana, f"{session.get_absolute_url()}change/")
    problem = page.get_by_label("Problem")
    problem.fill("x" * 700)
    page.get_by_role("button", name="Save").click()
    expect_red(page, "This is 700 characters long")
    problem.fill("x" * 600)
    expect_red(page, "This is 700 characters long")
    problem.fill("It fits")
    expect_mended(page)


def test_a_choice_and_a_time(browse: Browse, session: Session, ana: User) -> None:
    page = browse(ana, f"{session.get_absolute_url()}park/")
    page.get_by_label("Pick a time").check()
    page.get_by_role("button", name="Park").click()
    expect_red(page, "Choose when it comes back.")
    page.locator("[name=wake_at]").fill("2031-01-01T10:00")
    expect_mended(page)


def test_a_mended_composer_loses_nothing_to_a_live_page(browse: Browse, session: Session, ana: User, bo: User) -> None:
    """What came back with an error was typed, whether the error still stands there or not."""
    page = browse(ana, session.get_absolute_url())
    page.locator("summary", has_text="Output").click()
    page.locator("[name=free_text]").fill("error 809")
    page.locator("#composer").get_by_role("button", name="Failed", exact=True).click()
    expect_red(page, "Say what was tried.")
    page.locator("#composer textarea[name=text]").fill("Swapped the cable")
    expect_mended(page)
    session.change(ana, problem_summary="Another name for it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Another name for it")
    expect(page.locator("[name=free_text]")).to_have_value("error 809")
    page.locator("#composer").get_by_role("button", name="Failed", exact=True).click()
    expect(page.locator("#trail > .step", has_text="Swapped the cable")).to_contain_text("error 809")


def test_the_sign_in_page_forgets_its_error_at_the_next_key(browse: Browse, ana: User) -> None:
    page = browse(None, "/login/")
    page.get_by_label("Email").fill(ana.email)
    page.get_by_label("Password").fill("not it at all")
    page.get_by_role("button", name="Sign in").click()
    said = page.locator(".errorlist.nonfield")
    expect(said).to_be_visible()
    page.get_by_label("Password").fill("another")
    expect(said).to_be_hidden()
