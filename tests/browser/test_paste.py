"""What is pasted into the composer: several lines and logs go to the output, and back by an undo."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import look
from tests.browser.waiting import live

pytestmark = pytest.mark.browser

CASES: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent.parent / "data/pasted.json").read_text())
IPCONFIG = CASES["ipconfig"]["text"]
# As the browser itself puts a paste in where nobody keeps it from doing so.
PASTE = """(box, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  const paste = new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true});
  if (box.dispatchEvent(paste)) box.setRangeText(text, box.selectionStart, box.selectionEnd, 'end');
}"""


@pytest.fixture
def page(browse: Browse, session: Session, ana: User) -> Page:
    return live(browse(ana, session.get_absolute_url()))


def box(page: Page) -> Locator:
    return page.locator("#composer_text")


def output(page: Page) -> Locator:
    return page.locator("#composer_free_text")


def paste(page: Page, text: str) -> None:
    box(page).focus()
    box(page).evaluate(PASTE, text)


def test_what_is_moved_and_what_stays(page: Page) -> None:
    for name, case in CASES.items():
        box(page).fill("")
        output(page).evaluate("field => field.value = ''")
        paste(page, case["text"])
        found = (name, box(page).input_value(), output(page).input_value())
        wanted = (case["line"], case["output"]) if case["pasted"] else (case["text"], "")
        assert found == (name, *wanted)


def test_an_output_is_logged_with_what_was_typed(page: Page, session: Session) -> None:
    box(page).fill("Looked at the address")
    paste(page, IPCONFIG)
    line = page.locator("#composer output.moved")
    expect(line).to_have_text("Moved 6 lines to the output.Undo")
    expect(box(page)).to_be_focused()
    expect(output(page)).to_be_visible()
    assert look(page) == []
    page.locator("#composer").get_by_role("button", name="Failed").click()
    expect(page.locator("#trail .step").last).to_contain_text("Looked at the address")
    step = session.steps.last()
    assert step
    assert (step.text, step.free_text) == ("Looked at the address", IPCONFIG)
    expect(line).to_have_count(0)


def test_the_end_of_a_long_output_is_in_sight(page: Page) -> None:
    paste(page, "\n".join(f"2026-11-28 09:{at:02}:00 ERROR token refused" for at in range(60)))
    ends = "one => one.getBoundingClientRect().bottom"
    assert output(page).evaluate(ends) <= page.locator("#composer details.composer-more").evaluate(ends)
    assert output(page).evaluate("one => one.scrollTop + one.clientHeight >= one.scrollHeight - 1")


def test_an_undo_puts_the_paste_back_and_it_is_sent_so(page: Page, session: Session) -> None:
    paste(page, IPCONFIG)
    line = page.locator("#composer output.moved")
    expect(line).to_contain_text("Moved 6 lines to the output.")
    expect(box(page)).to_have_value("")
    line.get_by_role("button", name="Undo").click()
    expect(box(page)).to_have_value(IPCONFIG)
    expect(output(page)).to_have_value("")
    expect(line).to_have_count(0)
    expect(box(page)).to_be_focused()
    box(page).fill("")
    box(page).press_sequentially("It says ")
    paste(page, IPCONFIG)
    box(page).press("Control+z")
    expect(box(page)).to_have_value(f"It says {IPCONFIG}")
    page.locator("#composer").get_by_role("button", name="Failed").click()
    expect(page.locator("#trail .step").last).to_contain_text("It says")
    step = session.steps.last()
    assert step
    assert (step.text, step.free_text) == (f"It says {IPCONFIG.strip()}", "")


def test_a_second_output_is_added_and_what_was_typed_since_stays(page: Page) -> None:
    paste(page, "$ ip a\n1: lo  UP\n2: eth0  DOWN")
    paste(page, "$ ip r\ndefault  via 10.0.0.1\n10.0.0.0/24  dev eth0")
    expect(box(page)).to_have_value("$ ip a")
    expect(output(page)).to_have_value("1: lo  UP\n2: eth0  DOWN\n$ ip r\ndefault  via 10.0.0.1\n10.0.0.0/24  dev eth0")
    box(page).press("End")
    box(page).press_sequentially(" on the gateway")
    page.locator("#composer output.moved").get_by_role("button", name="Undo").click()
    expect(output(page)).to_have_value("1: lo  UP\n2: eth0  DOWN")
    expect(box(page)).to_have_value("$ ip a on the gateway\n$ ip r\ndefault  via 10.0.0.1\n10.0.0.0/24  dev eth0")
