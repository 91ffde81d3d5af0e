"""The composer of a session by its keys: the outcome, the output, the branch it writes to, what is typed meanwhile."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import look
from tests.browser.waiting import asked_for_all, live, renewed, until

pytestmark = pytest.mark.browser

KEY = """([key, code, more]) => document.activeElement.dispatchEvent(
  new KeyboardEvent('keydown', {key, code, bubbles: true, cancelable: true, ...more}))"""


@pytest.fixture
def page(browse: Browse, session: Session, ana: User) -> Page:
    page = live(browse(ana, session.get_absolute_url()))
    page.locator("#composer_text").click()
    return page


def box(page: Page) -> Locator:
    return page.locator("#composer_text")


def pressed(page: Page) -> Locator:
    return page.locator("#composer [aria-pressed=true]")


def log(page: Page, text: str, *keys: str) -> None:
    box(page).press_sequentially(text)
    for key in (*keys, "Control+Enter"):
        page.keyboard.press(key)
    expect(page.locator("#trail > .step").last).to_contain_text(text)
    expect(box(page)).to_have_value("")  # the answer has come, too: the socket may be quicker


def key(page: Page, key: str, code: str, **more: bool) -> None:
    """A key of a keyboard that this browser does not have."""
    page.evaluate(KEY, [key, code, more])


def test_ctrl_enter_logs_a_step_and_alt_its_outcome(page: Page, session: Session) -> None:
    log(page, "Call the user")
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("")
    for number, outcome in enumerate(("Failed", "Ruled out", "Worked", "Unclear"), 1):
        log(page, f"Tried it by way {number}", f"Alt+{number}")
        expect(page.locator("#trail > .step").last.locator(".outcome")).to_have_text(outcome)
        expect(pressed(page)).to_have_count(0)
        expect(box(page)).to_be_focused()
    outcomes = list(session.steps.order_by("order").values_list("outcome", flat=True))
    assert outcomes[-5:] == ["pending", "failed", "ruled_out", "worked", "inconclusive"]
    assert session.messages.count() == 0


def test_an_outcome_is_shown_and_taken_back(page: Page, session: Session) -> None:
    page.keyboard.press("Alt+1")
    expect(pressed(page)).to_have_text("Failed1")
    page.keyboard.press("Alt+3")
    expect(pressed(page)).to_have_text("Worked3")
    expect(page.locator(".composer-hint b")).to_have_text("Worked")
    renewed(page)
    expect(pressed(page)).to_have_text("Worked3")
    page.keyboard.press("Alt+3")
    expect(pressed(page)).to_have_count(0)
    expect(box(page)).to_have_value("")
    log(page, "Not yet tried")
    assert session.steps.last().outcome == "pending"


@pytest.mark.parametrize("typed", ["1", "&", "¡"])  # English, French, and what Option writes on a Mac
def test_a_digit_is_known_by_its_place(page: Page, typed: str) -> None:
    key(page, typed, "Digit1", altKey=True)
    expect(pressed(page)).to_have_text("Failed1")


def test_other_keys_choose_nothing(page: Page) -> None:
    key(page, "1", "Digit1", altKey=True, ctrlKey=True)  # AltGr on Windows
    key(page, "¹", "Digit1", altKey=True, modifierAltGraph=True)
    key(page, "1", "Digit1", altKey=True, isComposing=True)
    key(page, "1", "Numpad1", altKey=True)
    key(page, "1", "Digit1")
    page.locator("h1").click()
    page.keyboard.press("Alt+1")
    expect(pressed(page)).to_have_count(0)


def test_ctrl_enter_while_a_word_is_composed_is_the_words(page: Page, session: Session) -> None:
    box(page).fill("日本")
    key(page, "Enter", "Enter", ctrlKey=True, isComposing=True)
    asked_for_all(page)
    expect(box(page)).to_have_value("日本")
    assert session.steps.count() == 3


def test_an_empty_box_says_what_is_missing(page: Page, session: Session) -> None:
    page.keyboard.press("Alt+2")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#composer .errorlist")).to_have_text("Say what was tried.")
    expect(box(page)).to_be_focused()
    expect(pressed(page)).to_have_text("Ruled out2")  # it is still what is meant
    log(page, "Checked the clock")
    expect(page.locator("#composer .errorlist")).to_have_count(0)
    assert session.steps.last().outcome == "ruled_out"


def test_what_is_typed_while_a_step_is_on_its_way_begins_the_next(page: Page, session: Session) -> None:
    held: list[Route] = []
    page.route("**/steps/", lambda route: held.append(route))
    box(page).fill("Rebooted it")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")  # once more is none
    until(page, lambda: held)
    expect(page.locator("#composer .sending")).to_have_text("Sending… Rebooted it")
    expect(box(page)).to_have_value("")
    box(page).press_sequentially("Rang them")
    renewed(page)
    assert len(held) == 1
    held[0].continue_()
    expect(box(page)).to_have_value("Rang them")
    expect(box(page)).to_be_focused()
    page.unroute("**/steps/")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#trail > .step").last).to_contain_text("Rang them")
    assert list(session.steps.order_by("order").values_list("text", flat=True))[3:] == ["Rebooted it", "Rang them"]


def test_the_next_step_can_be_sent_while_one_is_on_its_way(page: Page, session: Session) -> None:
    held: list[Route] = []
    page.route("**/steps/", lambda route: route.continue_() if held else held.append(route))
    box(page).fill("Rebooted it")
    page.keyboard.press("Alt+1")
    page.keyboard.press("Control+Enter")
    until(page, lambda: held)
    box(page).fill("Swapped the cable")
    page.keyboard.press("Alt+3")
    page.keyboard.press("Control+Enter")
    asked_for_all(page)
    held[0].continue_()
    expect(page.locator("#trail > .step").last).to_contain_text("Swapped the cable")
    steps = session.steps.order_by("order")[3:]
    assert [(step.text, step.outcome) for step in steps] == [("Rebooted it", "failed"), ("Swapped the cable", "worked")]


def test_each_that_waits_is_a_step_of_its_own_and_what_is_half_typed_stays(page: Page, session: Session) -> None:
    held: list[Route] = []
    page.route("**/steps/", lambda route: route.continue_() if held else held.append(route))
    box(page).press_sequentially("Rebooted it")
    page.keyboard.press("Control+Enter")
    until(page, lambda: held)
    for text, outcome in (("Swapped the cable", "1"), ("Tried another port", "3")):
        box(page).press_sequentially(text)
        page.keyboard.press(f"Alt+{outcome}")
        page.keyboard.press("Control+Enter")
    box(page).press_sequentially("Rang th")
    page.keyboard.press("Alt+4")
    expect(page.locator(".sending > span")).to_have_text(
        ["Sending… Rebooted it", "Next: Swapped the cable", "Next: Tried another port"]
    )
    assert look(page) == []
    held[0].continue_()
    expect(page.locator("#trail > .step").last).to_contain_text("Tried another port")
    expect(box(page)).to_have_value("Rang th")
    expect(pressed(page)).to_have_text("Unclear4")
    steps = session.steps.order_by("order")[3:]
    assert [(step.text, step.outcome) for step in steps] == [
        ("Rebooted it", "pending"), ("Swapped the cable", "failed"), ("Tried another port", "worked"),
    ]  # fmt: skip


def test_one_whose_answer_is_lost_is_back_as_it_was_and_logged_once(page: Page, session: Session) -> None:
    """With what was typed since apart: it comes after it, or by a press, or from the draft of who left the page."""
    held: list[Route] = []
    page.route("**/steps/", lambda route: held.append(route))
    box(page).press_sequentially("Read the log")
    page.keyboard.press("Alt+o")
    page.keyboard.insert_text("one\n  two")
    page.keyboard.press("Alt+1")
    page.keyboard.press("Control+Enter")
    expect(box(page)).to_be_focused()
    expect(page.locator("#composer_free_text")).to_be_hidden()
    page.keyboard.type("Rang th")
    until(page, lambda: held)
    held[0].fetch()  # it is on record, and nobody is told
    renewed(page)
    held[0].abort("internetdisconnected")
    expect(page.locator("#toasts")).to_contain_text("nothing is done twice")
    expect(box(page)).to_have_value("Read the log")
    expect(page.locator("#composer_free_text")).to_have_value("one\n  two")
    expect(pressed(page)).to_have_text("Failed1")
    expect(page.locator("#composer .sending")).to_have_text("Kept: Rang thTake back")
    page.unroute("**/steps/")
    box(page).focus()
    page.keyboard.press("Control+Enter")
    expect(box(page)).to_have_value("Rang th")
    expect(page.locator("#composer .sending")).to_have_count(0)
    assert list(session.steps.order_by("order").values_list("text", flat=True))[3:] == ["Read the log"]
    page.route("**/steps/", lambda route: held.append(route))
    page.keyboard.press("Alt+2")
    page.keyboard.press("Control+Enter")
    page.keyboard.type("Swapped it")
    until(page, lambda: len(held) > 1)
    page.goto("/")
    page.goto(session.get_absolute_url())
    expect(box(page)).to_have_value("Rang th\nSwapped it")
    expect(pressed(page)).to_have_text("Ruled out2")
    page.locator("#composer").get_by_role("button", name="Discard").click()
    expect(pressed(page)).to_have_count(0)


def test_who_leaves_it_while_a_step_is_on_its_way_is_not_brought_back(page: Page, session: Session) -> None:
    """By Escape: the next key is one of the page's."""
    held: list[Route] = []
    page.route("**/steps/", lambda route: held.append(route))
    box(page).fill("Rebooted it")
    page.keyboard.press("Control+Enter")
    until(page, lambda: held)
    page.keyboard.press("Escape")
    held[0].continue_()
    expect(page.locator("#trail > .step").last).to_contain_text("Rebooted it")
    expect(box(page)).to_have_value("")
    expect(box(page)).not_to_be_focused()
    page.keyboard.press("e")
    page.wait_for_url("**/escalate/")


def test_alt_m_sends_a_message(page: Page, session: Session) -> None:
    box(page).fill("Who has the key?")
    page.keyboard.press("Alt+m")
    expect(page.locator("#trail > .message")).to_contain_text("Who has the key?")
    expect(box(page)).to_have_value("")
    assert session.steps.count() == 3


def test_alt_o_opens_the_output(page: Page, session: Session) -> None:
    box(page).press_sequentially("Read the log")
    page.keyboard.press("Alt+o")
    output = page.locator("#composer_free_text")
    expect(output).to_be_focused()
    page.keyboard.insert_text("one\n  two\n")
    expect(page.locator(".composer-more summary")).to_have_text("Output, 2 lines")
    page.keyboard.press("Alt+1")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#trail > .step").last).to_contain_text("Read the log")
    expect(output).to_be_hidden()
    expect(box(page)).to_be_focused()
    step = session.steps.last()
    assert (step.outcome, step.free_text.splitlines()) == ("failed", ["one", "  two"])


def test_arrow_up_in_an_empty_box_corrects_ones_last_step(page: Page, session: Session, bo: User) -> None:
    log(page, "Rebooted teh router")
    session.add_step(bo, text="Looked at it too")
    expect(page.locator("#trail > .step").last).to_contain_text("Looked at it too")
    box(page).fill("half")
    page.keyboard.press("ArrowUp")  # moves the caret
    box(page).fill("")
    page.keyboard.press("ArrowUp")
    text = page.get_by_label("What was tried")
    expect(text).to_be_focused()
    text.fill("Rebooted the router")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#trail > .step", has_text="Rebooted the router")).to_be_visible()
    expect(text).to_have_count(0)
    expect(box(page)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(text).to_have_value("Rebooted the router")
    page.keyboard.press("Escape")
    expect(box(page)).to_be_focused()


def test_a_branch_just_added_is_the_one_it_writes_to(page: Page, session: Session) -> None:
    expect(page.locator(".writes-to")).to_be_hidden()
    box(page).press_sequentially("Looked up the name")
    branches = page.locator("#branches")
    branches.locator("summary").press("Enter")
    expect(branches.get_by_label("Possible cause")).to_be_focused()  # or its letters were keys of the page
    page.keyboard.type("DNS")
    branches.get_by_role("button", name="Add the branch").click()
    expect(page.locator("#toasts")).to_contain_text("“DNS” is the active branch now: your next steps go there.")
    select = live(page).get_by_label("Writes to")
    expect(select.locator("option:checked")).to_have_text("DNS")
    expect(box(page)).to_have_value("Looked up the name")
    expect(box(page)).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#trail > .step").last.locator(".chip")).to_have_text("DNS")
    expect(box(page)).to_have_value("")
    select.select_option("Main")
    log(page, "Rebooted")
    assert session.steps.last().branch == session.branches.first()
    expect(select.locator("option:checked")).to_have_text("Main")  # as was chosen
    renewed(page)
    expect(select.locator("option:checked")).to_have_text("Main")


def test_the_branch_that_is_looked_at_is_written_to(page: Page, session: Session, ana: User) -> None:
    dns = session.add_branch(ana, label="DNS")
    page.locator("#trail-region nav").get_by_role("link", name="DNS").click()
    expect(page.get_by_label("Writes to").locator("option:checked")).to_have_text("DNS")
    steps = page.locator("#trail-region .step")
    for count, text in enumerate(("Asked another server", "And a third"), 1):
        live(page)
        box(page).fill(text)
        page.keyboard.press("Control+Enter")
        expect(steps).to_have_count(count)
        expect(box(page)).to_have_value("")
        renewed(page)
    assert dns.steps.count() == 2
    page.get_by_label("Writes to").select_option("Main")
    box(page).fill("Rebooted")
    page.keyboard.press("Control+Enter")
    expect(steps.last).to_contain_text("Rebooted")  # it leads there, so that it is seen
    renewed(page)
    expect(steps.last).to_contain_text("Rebooted")


def test_a_colleague_does_not_move_the_branch_under_what_is_typed(page: Page, session: Session, bo: User) -> None:
    dns = session.add_branch(bo, label="DNS")
    select = page.get_by_label("Writes to")
    expect(select).to_be_visible()
    box(page).press_sequentially("Half a sent")
    dns.activate(bo)
    expect(page.locator(".branch.active")).to_contain_text("DNS")
    renewed(page)
    expect(select.locator("option:checked")).to_have_text("Main")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#trail > .step").last).to_contain_text("Half a sent")
    assert session.steps.last().branch == session.branches.first()
