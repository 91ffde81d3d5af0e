"""The composer on a phone and in a low window: a bar, always in reach, that opens and folds."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import look
from tests.browser.waiting import live, place

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
KEYBOARD = {"width": 360, "height": 420}  # what a phone's keyboard leaves
END = "scrollTo(0, document.documentElement.scrollHeight)"


def box(page: Page) -> Locator:
    return page.locator("#composer_text")


def failed(page: Page) -> Locator:
    return page.locator("#composer").get_by_role("button", name="Failed", exact=True)


def log_button(page: Page) -> Locator:
    return page.get_by_role("button", name="Log", exact=True)


def is_above(page: Page, upper: Locator, lower: Locator) -> bool:
    return place(upper)["y"] + place(upper)["height"] <= place(lower)["y"]


def test_a_step_is_logged_in_the_bar(browse: Browse, session: Session, ana: User) -> None:
    page = live(browse(ana, session.get_absolute_url(), **PHONE))
    assert place(page.locator("#composer"))["height"] < 70
    expect(failed(page)).to_be_hidden()
    log_button(page).tap()  # nothing is written yet
    expect(box(page)).to_be_focused()
    expect(failed(page)).to_be_visible()
    page.set_viewport_size(KEYBOARD)
    box(page).fill("Swapped the cable")
    shown = place(failed(page))
    assert 0 < shown["y"] <= KEYBOARD["height"] - shown["height"]
    failed(page).tap()
    expect(page.locator("#trail > .step").last).to_contain_text("Swapped the cable")
    expect(box(page)).to_have_value("")
    expect(box(page)).to_be_focused()
    assert session.steps.last().outcome == "failed"


def test_it_folds_and_keeps_the_text(browse: Browse, session: Session, ana: User) -> None:
    page = live(browse(ana, session.get_absolute_url(), **PHONE))
    for fold in ("button", "Escape", "elsewhere"):
        box(page).tap()
        box(page).fill(f"Half a sentence, {fold}")
        if fold == "button":
            page.get_by_role("button", name="Close, your text stays").tap()
        elif fold == "Escape":
            page.keyboard.press("Escape")
        else:
            box(page).blur()
            page.locator("h1").tap()
        expect(failed(page)).to_be_hidden()
        expect(box(page)).not_to_be_focused()
        expect(box(page)).to_have_value(f"Half a sentence, {fold}")
    log_button(page).tap()
    expect(page.locator("#trail > .step").last).to_contain_text("Half a sentence, elsewhere")
    assert session.steps.last().outcome == "pending"


@pytest.mark.parametrize("size", [(360, 740), (740, 360), (820, 1100), (1280, 600)])
def test_the_end_of_the_page_and_the_toasts_are_not_covered(
    browse: Browse, session: Session, ana: User, size: tuple[int, int]
) -> None:
    width, height = size
    page = live(browse(ana, session.get_absolute_url(), viewport={"width": width, "height": height}))
    bar, last = page.locator("#composer"), page.get_by_role("link", name="View all activity")
    for _folded_and_open in range(2):
        page.evaluate(END)
        last.scroll_into_view_if_needed()
        assert is_above(page, last, bar)
        box(page).click()
        assert place(bar)["y"] >= 0
    page.keyboard.press("Escape")
    page.evaluate("document.querySelector('.branch-verbs a').focus()")
    page.locator("#branches").get_by_text("Add a branch").click()
    page.get_by_label("Possible cause").fill("DNS")
    page.get_by_role("button", name="Add the branch").click()
    toast = page.locator("#toasts .toast")
    expect(toast).to_contain_text("DNS")
    live(page)
    assert is_above(page, toast, box(page))


def test_the_bar_is_accessible_folded_and_open(browse: Browse, session: Session, ana: User) -> None:
    session.add_branch(ana, label="An update that came in the night and changed more than its notes say " * 2)
    page = live(browse(ana, session.get_absolute_url(), **PHONE))
    assert look(page) == []
    box(page).click()
    page.keyboard.press("Alt+1")
    page.keyboard.press("Alt+o")
    assert look(page) == []


def test_after_a_claim_it_is_open(browse: Browse, waiting: Handoff, bo: User) -> None:
    page = live(browse(bo, "/queue/", **PHONE))
    page.get_by_role("button", name="Claim").tap()
    page.wait_for_url("**/sessions/**")
    expect(live(page).locator("#composer_text")).to_be_focused()
    expect(failed(page)).to_be_visible()


def test_without_javascript_it_stands_under_the_trail(browse: Browse, session: Session, ana: User) -> None:
    page = browse(ana, session.get_absolute_url(), java_script_enabled=False, **PHONE)
    box(page).fill("Swapped the cable")
    page.locator(".composer-more summary").click()
    page.locator("#composer_free_text").fill("ok")
    failed(page).click()
    expect(page.locator("#trail > .step").last).to_contain_text("Swapped the cable")
    expect(page.locator("#trail-region ~ #composer-region")).to_have_css("position", "relative")  # no bar
    assert session.steps.last().free_text == "ok"
