"""Output in the browser: it scrolls sideways in its own box, is copied to the blank, and opens when it was folded."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from resolutionflow.accounts.models import User
from resolutionflow.core.text import readable
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import NARROW, WIDE, look
from tests.browser.waiting import live
from tests.sessions_app.printed_texts import CBS, PIZZA, SYSTEMCTL

pytestmark = pytest.mark.browser

LONG = "".join(f"line {at} of a log\n" for at in range(611)) + "\n  last"
SCROLLS = "pre => pre.scrollWidth > pre.clientWidth && getComputedStyle(pre).whiteSpace === 'pre'"
CLIPBOARD = "navigator.clipboard.readText()"


def opened(browse: Browse, session: Session, user: User, *outputs: str) -> Page:
    for printed in outputs:
        session.add_step(user, text="Looked", outcome="failed", free_text=printed)
    page = live(browse(user, session.get_absolute_url(), permissions=["clipboard-read", "clipboard-write"]))
    page.evaluate(CLIPBOARD.replace("readText()", "writeText('')"))
    return page


def last_block(page: Page) -> Locator:
    return page.locator("#trail > .step").last.locator(".printed")


def test_a_table_keeps_its_columns_and_scrolls_by_itself(browse: Browse, session: Session, ana: User) -> None:
    page = opened(browse, session, ana, CBS)
    block = last_block(page).locator("pre")
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        assert block.evaluate(SCROLLS)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    block.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("pre => pre.scrollLeft > 0", arg=block.element_handle())
    page.set_viewport_size(WIDE)
    assert block.evaluate("pre => pre.clientWidth") > 650  # not beside the step's buttons, but below them
    assert look(page) == []


def test_a_folded_log_is_one_line(browse: Browse, session: Session, ana: User) -> None:
    line = "2026-11-28 09:00:00 ERROR [auth] token refused for a user of a rather long name at a device"
    page = opened(browse, session, ana, "\n".join([line] * 40))
    summary = page.locator("#trail > .step").last.locator("summary")
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        height = summary.evaluate("one => one.offsetHeight")
        assert height <= 48, size  # of a touch


@pytest.mark.parametrize(
    "printed", [PIZZA, SYSTEMCTL, LONG, "\n\n  begins low\n"], ids=["columns", "", "long", "blank"]
)
def test_the_button_copies_what_is_readable_to_the_blank(browse, session, ana, printed) -> None:
    page = opened(browse, session, ana, printed)
    block = last_block(page)
    button = block.locator("button[data-copy-block]")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_text("Copied")
    assert page.evaluate(CLIPBOARD) == readable(printed)
    expect(button.locator(".visually-hidden")).to_have_text("Copy")


def test_a_very_long_one_shows_its_ends_until_it_is_opened(browse: Browse, session: Session, ana: User) -> None:
    page = opened(browse, session, ana, LONG)
    block = last_block(page)
    expect(block.locator("> pre")).to_contain_text("lines left out")
    whole = block.locator("pre[data-whole]")
    expect(whole).to_be_hidden()
    block.get_by_text("Show all 613 lines").click()
    expect(whole).to_be_visible()
    expect(whole).to_have_text(LONG, use_inner_text=False)
    assert look(page) == []


def test_without_scripts_nothing_offers_to_copy_and_all_can_be_opened(browse, session, ana) -> None:
    session.add_step(ana, text="Looked", outcome="failed", free_text=LONG)
    session.add_message(ana, content=PIZZA)
    page = browse(ana, session.get_absolute_url(), java_script_enabled=False)
    expect(page.locator("[data-copy-block]:visible")).to_have_count(0)
    page.get_by_text("Show all 613 lines").click()
    expect(page.locator("#trail > .step pre[data-whole]").last).to_be_visible()
    expect(page.locator("#trail > .message pre")).to_have_text(PIZZA, use_inner_text=False)
