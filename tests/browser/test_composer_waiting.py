"""What waits in the composer while something is on its way: with its own branch and outcome, and never lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.test_composer import box, page  # noqa: F401  a fixture
from tests.browser.waiting import renewed, until

pytestmark = pytest.mark.browser


def test_an_outcome_pressed_while_a_message_is_on_its_way_is_the_next(page: Page, session: Session) -> None:
    """By mouse: neither is lost, whatever becomes of the message."""
    held: list[Route] = []
    page.route("**/messages/", lambda route: held.append(route))
    box(page).fill("Who has the key?")
    page.locator("#composer [data-message]").click()
    until(page, lambda: held)
    box(page).fill("Rebooted it")
    page.locator("#composer button[value=failed]").click()
    expect(page.locator(".sending > span")).to_have_text(["Sending… Who has the key?", "Next: Rebooted it"])
    held[0].abort("internetdisconnected")
    expect(box(page)).to_have_value("Who has the key?")
    expect(page.locator(".sending > span")).to_have_text(["Next: Rebooted it"])
    page.unroute("**/messages/")
    page.locator("#composer [data-message]").click()
    expect(page.locator("#trail > .step").last).to_contain_text("Rebooted it")
    expect(box(page)).to_have_value("")
    assert list(session.messages.values_list("content", flat=True)) == ["Who has the key?"]
    assert list(session.steps.order_by("order").values_list("text", "outcome"))[3:] == [("Rebooted it", "failed")]


def test_each_goes_to_the_branch_it_was_written_for(page: Page, session: Session, bo: User) -> None:
    session.add_branch(bo, label="DNS")
    select = page.get_by_label("Writes to")
    held: list[Route] = []
    page.route("**/steps/", lambda route: route.continue_() if held else held.append(route))
    for text in ("Rebooted it", "Swapped the cable"):
        box(page).fill(text)
        page.keyboard.press("Control+Enter")
        until(page, lambda: held)
    select.select_option("DNS")
    box(page).press_sequentially("Asked a server")
    held[0].continue_()
    expect(page.locator("#trail > .step").last).to_contain_text("Swapped the cable")
    renewed(page)
    expect(select.locator("option:checked")).to_have_text("DNS")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#trail > .step").last).to_contain_text("Asked a server")
    steps = session.steps.order_by("order")[3:].values_list("text", "branch__label")
    assert list(steps) == [("Rebooted it", "Main"), ("Swapped the cable", "Main"), ("Asked a server", "DNS")]


def test_one_that_is_back_is_back_on_its_branch(page: Page, session: Session, bo: User) -> None:
    session.add_branch(bo, label="DNS")
    chosen = page.get_by_label("Writes to").locator("option:checked")
    held: list[Route] = []
    page.route("**/steps/", lambda route: held.append(route))
    box(page).fill("Rebooted it")
    page.keyboard.press("Control+Enter")
    until(page, lambda: held)
    page.get_by_label("Writes to").select_option("DNS")
    box(page).press_sequentially("Asked a server")
    held[0].abort("internetdisconnected")
    expect(box(page)).to_have_value("Rebooted it")
    expect(chosen).to_have_text("Main")
    page.unroute("**/steps/")
    page.keyboard.press("Control+Enter")
    expect(box(page)).to_have_value("Asked a server")
    expect(chosen).to_have_text("DNS")
    assert session.steps.order_by("order").last().branch.label == "Main"


def test_a_message_that_is_an_output_alone_can_wait_too(page: Page, session: Session) -> None:
    held: list[Route] = []
    page.route("**/steps/", lambda route: held.append(route))
    box(page).fill("Rebooted it")
    page.keyboard.press("Control+Enter")
    until(page, lambda: held)
    page.keyboard.press("Alt+o")
    page.keyboard.insert_text("Error 0x80070005")
    page.keyboard.press("Alt+m")
    expect(page.locator(".sending > span").last).to_have_text("Next: Error 0x80070005")
    held[0].continue_()
    expect(page.locator("#trail > .message")).to_contain_text("Error 0x80070005")


def test_one_that_waits_and_cannot_go_is_not_lost(page: Page, session: Session) -> None:
    held: list[Route] = []
    page.route("**/steps/", lambda route: route.continue_() if held else held.append(route))
    for text in ("Rebooted it", "Swapped the cable"):
        box(page).fill(text)
        page.keyboard.press("Control+Enter")
        until(page, lambda: held)
    box(page).press_sequentially("Rang th")
    refuse = "window.addEventListener('click', event => event.preventDefault(), {capture: true, once: true})"
    page.evaluate(refuse)
    held[0].continue_()
    expect(page.locator("#composer .sending")).to_have_text("Next: Swapped the cableTake back")
    expect(box(page)).to_have_value("Rang th")
    page.locator("#composer").get_by_role("button", name="Take back").click()
    expect(box(page)).to_have_value("Swapped the cable\nRang th")
    expect(page.locator("#composer .sending")).to_have_count(0)


def test_discard_clears_what_waits_too(page: Page, session: Session) -> None:
    box(page).press_sequentially("Rebooted it")
    page.goto("/")
    page.goto(session.get_absolute_url())
    expect(box(page)).to_have_value("Rebooted it")
    held: list[Route] = []
    page.route("**/steps/", lambda route: held.append(route))
    box(page).focus()
    page.keyboard.press("Control+Enter")
    until(page, lambda: held)
    for text in ("Swapped the cable", "Rang th"):
        page.keyboard.type(text)
        if text != "Rang th":
            page.keyboard.press("Control+Enter")
    held[0].abort("internetdisconnected")
    expect(page.locator(".sending > span")).to_have_text(["Next: Swapped the cable", "Kept: Rang th"])
    page.locator("#composer").get_by_role("button", name="Discard").click()
    expect(page.locator("#composer .sending")).to_have_count(0)
    expect(box(page)).to_have_value("")
    page.unroute("**/steps/")
    box(page).fill("Began anew")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#trail > .step").last).to_contain_text("Began anew")
    expect(box(page)).to_have_value("")
    renewed(page)
    assert list(session.steps.order_by("order").values_list("text", flat=True))[3:] == ["Began anew"]
