"""A step is changed where it stands: its form comes up under it, and what is typed there is not lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import look
from tests.browser.waiting import live, until

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browse: Browse, session: Session, ana: User) -> Page:
    return live(browse(ana, session.get_absolute_url()))


def step(page: Page, number: int) -> Locator:
    return page.locator(f"#trail > .step[data-order='{number}']")


def change(page: Page, number: int) -> Locator:
    """Presses Change; the form that comes up."""
    step(page, number).get_by_title("Change").click()
    form = page.locator(".step-change form")
    expect(form).to_be_visible()
    return form


def test_it_is_saved_there(page: Page, session: Session) -> None:
    form = change(page, 2)
    expect(form.get_by_label("What was tried")).to_be_focused()
    assert form.evaluate("one => one.closest('li').previousElementSibling.dataset.order") == "2"
    assert look(page) == []
    form.get_by_label("Outcome").select_option("worked")
    form.get_by_label("Output or answer").fill("up for an hour")
    page.keyboard.press("Control+Enter")
    expect(form).to_have_count(0)
    expect(step(page, 2)).to_contain_text("up for an hour")
    expect(step(page, 2).get_by_title("Change")).to_be_focused()
    changed = session.steps.get(order=2)
    assert (changed.outcome, changed.free_text) == ("worked", "up for an hour")
    assert page.url.endswith(session.get_absolute_url())


def test_of_a_colleagues_step_the_outcome_is_asked(browse: Browse, session: Session, bo: User) -> None:
    page = live(browse(bo, session.get_absolute_url()))
    form = change(page, 1)
    expect(form.get_by_label("Outcome")).to_be_focused()
    expect(form.get_by_label("What was tried")).to_have_count(0)


def test_esc_and_cancel_close_it_and_the_text_is_kept(page: Page) -> None:
    form = change(page, 1)
    form.get_by_label("Output or answer").fill("half a line")
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(step(page, 1).get_by_title("Change")).to_be_focused()
    page.keyboard.press("Enter")
    expect(form.get_by_label("Output or answer")).to_have_value("half a line")
    expect(form.get_by_role("button", name="Discard")).to_be_visible()
    change(page, 3)
    expect(form.get_by_label("Output or answer")).to_have_value("")
    form.get_by_label("Outcome").select_option("worked")  # chosen is as good as typed
    page.keyboard.press("Escape")
    change(page, 3)
    expect(form.get_by_label("Outcome")).to_have_value("worked")
    form.get_by_role("link", name="Cancel").click()
    expect(form).to_have_count(0)


def test_where_nothing_is_kept_it_stays_open(browse: Browse, session: Session, ana: User) -> None:
    page = browse(ana, session.get_absolute_url())
    live(page).evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('', 'SecurityError') } }")
    form = change(page, 1)
    form.get_by_label("Output or answer").fill("half a line")
    page.keyboard.press("Escape")
    expect(form).to_contain_text("This browser does not keep drafts")
    expect(form.get_by_label("Output or answer")).to_have_value("half a line")


def test_what_is_refused_is_said_there(page: Page, session: Session) -> None:
    form = change(page, 1)
    form.get_by_label("What was tried").fill("")
    form.get_by_role("button", name="Save").click()
    expect(form).to_contain_text("Say what was tried.")
    expect(form.get_by_label("What was tried")).to_be_focused()
    expect(step(page, 1)).to_be_visible()
    form.get_by_label("What was tried").fill("Mended")
    page.keyboard.press("Control+Enter")
    expect(step(page, 1)).to_contain_text("Mended")
    expect(form).to_have_count(0)


def test_it_stays_while_the_trail_goes_on_around_it(page: Page, session: Session, bo: User) -> None:
    form = change(page, 2)
    output = form.get_by_label("Output or answer")
    output.fill("what I saw")
    session.steps.get(order=2).change(bo, outcome="worked")
    session.add_step(bo, text="Looked at it too")
    expect(page.locator("#trail > .step").last).to_contain_text("Looked at it too")
    expect(step(page, 2)).to_have_class("step worked")
    page.locator("#composer_text").fill("Went on")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#trail > .step").last).to_contain_text("Went on")
    expect(output).to_have_value("what I saw")
    assert form.evaluate("one => one.closest('li').previousElementSibling.dataset.order") == "2"
    output.press("Control+Enter")
    expect(form).to_have_count(0)
    until(page, lambda: session.steps.get(order=2).free_text == "what I saw")
    assert session.steps.get(order=2).outcome == "worked", "what was left alone stays as the other has changed it"


def test_who_types_in_it_goes_on_while_the_trail_is_drawn_anew(page: Page, session: Session) -> None:
    output = change(page, 2).get_by_label("Output or answer")
    held: list[Route] = []
    page.route("**/steps/", lambda route: held.append(route))
    page.locator("#composer_text").fill("Went on")
    page.keyboard.press("Control+Enter")
    output.press_sequentially("first ")
    until(page, lambda: held)
    page.locator("#trail-region").evaluate("region => region.dataset.old = ''")
    held[0].continue_()
    expect(page.locator("#trail-region:not([data-old])")).to_be_visible()
    expect(output).to_be_focused()
    page.keyboard.type("second")
    expect(output).to_have_value("first second")


def test_in_a_filtered_trail_the_page_of_the_change_opens(page: Page, session: Session, ana: User) -> None:
    branch = session.add_branch(ana, label="The router")
    of_branch = session.add_step(ana, text="Swapped it", branch=branch)
    page.goto(f"{session.get_absolute_url()}?branch={branch.pk}")
    live(page).locator(f"#step-{of_branch.pk}").get_by_title("Change").click()
    page.wait_for_url(f"**/steps/{of_branch.pk}/")
    expect(page.get_by_label("What was tried")).to_be_focused()
