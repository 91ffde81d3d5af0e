"""A phone with its keyboard open: the window is half as high, and what one types in and what sends it are in it, with
nothing over them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.test_paste import PASTE
from tests.browser.waiting import live, place

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
HEIGHT = 360
IN_SIGHT = """field => {
  const { top, bottom, left, width } = field.getBoundingClientRect(), middle = left + width / 2;
  const isOver = (y) => { const over = document.elementFromPoint(middle, y); return !over || !field.contains(over) };
  return top >= 0 && bottom <= innerHeight && !isOver(top + 3) && !isOver(bottom - 3);
}"""


def keyboard(page: Page) -> None:
    """As `interactive-widget=resizes-content` has it: the page gets what is left."""
    page.set_viewport_size({"width": 360, "height": HEIGHT})


# As a phone that lays its keyboard over the page: what is seen is less high, the page is not.
OVERLAID = """(height) => {
  Object.defineProperty(visualViewport, 'height', {value: height, configurable: true});
  visualViewport.dispatchEvent(new Event('resize'));
}"""


def is_in_sight(field: Locator) -> None:
    expect(field).to_be_visible()
    field.page.wait_for_function(IN_SIGHT, arg=field.element_handle())


def box(page: Page) -> Locator:
    return page.locator("#composer_text")


def paste(page: Page, text: str) -> None:
    box(page).evaluate(PASTE, text)


def test_the_composer_is_whole(browse: Browse, session: Session, ana: User) -> None:
    page = live(browse(ana, session.get_absolute_url(), **PHONE))
    box(page).tap()
    form = page.locator("#composer")
    page.evaluate(OVERLAID, HEIGHT)
    page.wait_for_function("high => composer.getBoundingClientRect().bottom === high", arg=HEIGHT)
    assert place(form)["y"] >= 0
    page.evaluate(OVERLAID, 740)
    keyboard(page)
    paste(page, "\n".join(f"2026-11-28 09:{at:02}:00 ERROR token refused" for at in range(40)))
    is_in_sight(form.get_by_role("button", name="Undo"))
    is_in_sight(page.locator("#composer_free_text"))
    form.get_by_role("button", name="Undo").tap()
    box(page).fill("")
    page.keyboard.type("A text of many lines\n" * 12)
    is_in_sight(box(page))
    more_of = {name: form.locator("summary", has_text=name) for name in ("Output", "More")}
    buttons = [form.get_by_role("button", name=name, exact=True) for name in ("Failed", "To do", "Send as a message")]
    for inside in (*buttons, *more_of.values(), form.locator(".attach-button")):
        is_in_sight(inside)
    more_of["Output"].tap()
    is_in_sight(page.locator("#composer_free_text"))
    page.locator("#composer_free_text").tap()
    page.keyboard.type("A line of output\n" * 12)
    is_in_sight(page.locator("#composer_free_text"))
    more_of["More"].tap()
    for name in ("kind", "options"):
        form.locator(f"[name={name}]").focus()
        is_in_sight(form.locator(f"[name={name}]"))
    for button in buttons:
        is_in_sight(button)
    buttons[0].tap()
    expect(page.locator("#trail > .step").last).to_contain_text("A text of many lines")


@pytest.mark.parametrize("path", ["", "escalate/"])
def test_the_list_of_people_is_in_the_window_and_shows_that_it_goes_on(
    browse: Browse, session: Session, ana: User, northwind: object, path: str
) -> None:
    User.objects.bulk_create(
        User(account=northwind, name=f"Person {number}", email=f"{number}@x.example") for number in range(9)
    )
    page = live(browse(ana, f"{session.get_absolute_url()}{path}", **PHONE))
    field = page.locator("[name=notes]") if path else box(page)
    field.tap()
    keyboard(page)
    page.keyboard.type("@p")
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options).to_have_count(8)
    people, typed = place(page.locator("#mentions")), place(field)
    assert people["y"] >= 0
    assert people["y"] + people["height"] <= HEIGHT
    assert people["y"] >= typed["y"] + typed["height"] or people["y"] + people["height"] <= typed["y"]
    row = place(options.first)["height"]
    assert row >= 44
    shown = (people["y"] + people["height"] - place(options.first)["y"]) / row
    assert shown > 1
    assert 0.4 < shown % 1 < 0.6  # the last one is cut in the middle: it goes on
    is_in_sight(options.first)
    options.nth(1).tap()
    expect(field).to_have_value("@Person 1 ")
    expect(field).to_be_focused()


@pytest.mark.parametrize(
    ("path", "fields", "press"),
    [
        ("escalate/", ("notes", "affected", "contact"), "Escalate"),
        ("resolve/", ("resolution", "root_cause"), "Resolve"),
        ("park/", ("notes",), "Park"),
    ],
)
def test_a_form_is_typed_and_sent(
    browse: Browse, session: Session, ana: User, path: str, fields: tuple[str, ...], press: str
) -> None:
    page = live(browse(ana, f"{session.get_absolute_url()}{path}", **PHONE))
    page.locator(f"[name={fields[0]}]").focus()
    page.evaluate("scrollTo(0, 0)")
    keyboard(page)
    for name in fields:
        field = page.locator(f"[name={name}]")
        field.focus()
        is_in_sight(field)
        expect(page.locator(".sidebar")).to_be_hidden()
        page.keyboard.type("Said ")
    button = page.locator("main form").get_by_role("button", name=press, exact=True)
    button.scroll_into_view_if_needed()
    is_in_sight(button)
    button.tap()
    page.wait_for_url(lambda url: path not in url)
    expect(page.locator(".sidebar")).to_be_visible()


def test_no_toast_covers_what_is_typed(browse: Browse, session: Session, ana: User) -> None:
    page = live(browse(ana, f"{session.get_absolute_url()}escalate/", **PHONE))
    field = page.locator("[name=contact]")
    field.focus()
    keyboard(page)
    field.evaluate("field => scrollBy(0, field.getBoundingClientRect().top - 12)")
    page.evaluate(
        """() => document.querySelector("#toasts").append(
             Object.assign(document.createElement("div"), { className: "toast", textContent: "Bo claimed it" }))"""
    )
    is_in_sight(field)
    toast = place(page.locator(".toast"))
    assert toast["y"] + toast["height"] <= place(field)["y"]


def test_a_step_that_is_changed_has_the_window(browse: Browse, session: Session, ana: User) -> None:
    session.add_step(ana, text="Looked at the log")
    page = live(browse(ana, session.get_absolute_url(), **PHONE))
    page.locator("#trail > .step").last.locator("[data-change]").tap()
    field = page.locator(".step-change [name=text]")
    expect(field).to_be_focused()
    keyboard(page)
    is_in_sight(field)
    expect(page.locator("#composer")).to_be_hidden()
    page.keyboard.type(" again")
    save = page.locator(".step-change").get_by_role("button").first
    save.scroll_into_view_if_needed()
    is_in_sight(save)
    save.tap()
    expect(page.locator("#trail > .step").last).to_contain_text("again")
    expect(page.locator("#composer")).to_be_visible()
