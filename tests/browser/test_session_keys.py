"""Keys on a session, and the forms they open: where the cursor stands, and how one gets back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import WIDE, look
from tests.browser.waiting import asked_for_all, live

pytestmark = pytest.mark.browser

ALONG = ["Next, previous step", "Step to do: failed, ruled out, worked, unclear"]
RECORDING = ["Write", "Log the step", "Its outcome", "Its output", "Send as a message", "Correct my last step"]

SWALLOWED = """() => [['/', 'Slash', false], ['k', 'KeyK', true]].filter(([key, code, ctrlKey]) =>
  !document.body.dispatchEvent(new KeyboardEvent('keydown', {key, code, ctrlKey, bubbles: true, cancelable: true})))"""


def box(page: Page) -> Locator:
    return page.locator("#composer_text")


def test_dot_goes_to_the_composer_and_esc_leaves_it(browse: Browse, session: Session, ana: User) -> None:
    page = live(browse(ana, session.get_absolute_url()))
    page.keyboard.press(".")
    expect(box(page)).to_be_focused()
    page.keyboard.type("Half a sentence. And n, s, e")
    page.keyboard.press("Escape")
    expect(box(page)).not_to_be_focused()
    page.keyboard.press(".")
    expect(box(page)).to_have_value("Half a sentence. And n, s, e")
    page.keyboard.press("Alt+o")
    page.keyboard.press("Escape")
    expect(page.locator("#composer_free_text")).not_to_be_focused()
    assert page.evaluate(SWALLOWED) == [], "a page without a search leaves them to the browser"


def test_each_form_that_a_key_opens_has_its_cursor(browse: Browse, session: Session, ana: User) -> None:
    page = live(browse(ana, session.get_absolute_url()))
    for key, field in (("e", "Why are you escalating?"), ("s", "What fixed it"), ("n", "Problem")):
        page.keyboard.press(key)
        expect(page.get_by_label(field)).to_be_focused()
        page.go_back()
        live(page)
    page.keyboard.press("p")
    expect(page.get_by_role("radio", name="On the next business day")).to_be_focused()
    expect(page.locator("[autofocus]")).to_have_count(1)


def test_n_is_for_who_may_open_one(browse: Browse, session: Session, vic: User) -> None:
    page = live(browse(vic, session.get_absolute_url()))
    page.keyboard.press("n")
    page.keyboard.press(".")
    asked_for_all(page)
    expect(page).to_have_url(re.compile(r"/sessions/\d+/$"))
    page.keyboard.press("?")
    expect(page.locator("#keys dd:visible").nth(1)).to_have_text("My work")


def test_a_session_just_opened_is_written_in(browse: Browse, ana: User) -> None:
    page = live(browse(ana, "/"))
    page.keyboard.press("n")
    expect(page.get_by_label("Problem")).to_be_focused()
    live(page).keyboard.type("No network in room 4")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/sessions/*/?compose=1*")
    expect(box(page)).to_be_focused()


def test_slash_and_ctrl_k_search_where_there_is_a_search(browse: Browse, waiting: Handoff, bo: User) -> None:
    page = live(browse(bo, "/queue/"))
    for key in ("/", "Control+k"):
        page.locator("h1").click()
        page.keyboard.press(key)
        expect(page.locator("#q")).to_be_focused()
    page.locator("#q").fill("vpn")
    page.keyboard.press("Control+k")  # while one types, too: what is there is chosen
    page.keyboard.type("x")
    expect(page.locator("#q")).to_have_value("x")


def test_the_sheet_of_a_session(browse: Browse, session: Session, ana: User) -> None:
    page = live(browse(ana, session.get_absolute_url()))
    page.keyboard.press("?")
    shown = page.locator("#keys dd:visible")
    everywhere = ["New session", "My work", "Queue", "Sessions", "Keyboard shortcuts"]
    expect(shown).to_have_text(
        ["Escalate", "Park", "Resolve", *ALONG, *RECORDING, "Leave, the text stays", *everywhere]
    )
    assert look(page) == []
    page.set_viewport_size(WIDE)
    page.keyboard.press("Escape")
    page.goto(f"{session.get_absolute_url()}escalate/")
    live(page).locator("h1").click()
    page.keyboard.press("?")
    expect(shown).to_have_text(["Send", *everywhere])
