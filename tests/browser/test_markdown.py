"""What people write, as it is drawn: to the blank as it was typed, with Markdown in its place on any screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import NARROW, look
from tests.browser.waiting import live

pytestmark = pytest.mark.browser

WRITTEN = """It is **not** the tunnel, `Get-VpnConnection -AllUserConnection -Name "Northgate Legal"` says so. Left:

- look at https://vendor.example/kb/a_very_long_name_without_any_break_at_all_that_has_to_wrap_somewhere_on_a_phone
  - and at [its page](https://vendor.example)
5. ask **them** about KB5034441

```powershell
Get-WinEvent -LogName Application -MaxEvents 20 | Where-Object ProviderName -eq RasClient | Format-List *
```
مرحبا `ipconfig` عالم"""
FENCED = WRITTEN.split("```powershell\n")[1].split("\n```")[0]

PLAIN = [
    "one\n\n\ntwo\n    four blanks, and   three  in it\n\\\\fs01\\share __init__ *.log",
    "> PS C:\\> dir\n# of users: 3\n1) one\n2) two\n---\n24. 11. 2026",
    "a ` b\nand https://example.com/x, CVE-2024-12345",
]
SCROLLS = "pre => pre.scrollWidth > pre.clientWidth && getComputedStyle(pre).whiteSpace === 'pre'"


def of_message(page: Page, number: int):
    return page.locator(f"#trail > .message:has(#m{number}) .content")


def test_without_markdown_it_is_drawn_as_it_was_typed(browse: Browse, session: Session, ana: User) -> None:
    for text in PLAIN:
        session.add_message(ana, content=text)
    page = live(browse(ana, session.get_absolute_url()))
    for number, text in enumerate(PLAIN, 1):
        assert of_message(page, number).evaluate("content => content.innerText") == text


def test_with_it_no_line_comes_or_goes(browse: Browse, session: Session, ana: User) -> None:
    for text in ("a\n- b\n- c\nd", "a\n\n- b\n\nc", "a\n```\nb\n```\nc", "**a**\n\n`b`\nc"):
        session.add_message(ana, content=text)
    page = live(browse(ana, session.get_absolute_url()))
    heights = [of_message(page, number).evaluate("content => content.offsetHeight") for number in (1, 2, 4)]
    line = heights[0] / 4  # of these four lines
    assert [round(height / line) for height in heights] == [4, 5, 4]
    expect(of_message(page, 3).locator("pre")).to_have_text("b", use_inner_text=False)


def test_on_a_phone_blocks_scroll_addresses_break_and_the_rest_holds(browse, session, ana, bo) -> None:
    session.add_message(ana, content=WRITTEN)
    handoff = Handoff.escalate(session, ana, notes=WRITTEN)
    for address in (session.get_absolute_url(), handoff.get_absolute_url()):
        page = live(browse(bo, address))
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        assert look(page) == []
        page.set_viewport_size(NARROW)
        for block in page.locator("pre[data-whole]").all():
            assert block.evaluate(SCROLLS)


def test_a_fence_is_copied_and_a_new_message_comes_drawn(browse: Browse, session: Session, ana: User, bo: User) -> None:
    page = live(browse(bo, session.get_absolute_url(), permissions=["clipboard-read", "clipboard-write"]))
    session.add_message(ana, content=f"**Try**\n```ps1\n{FENCED}\n```")
    message = page.locator("#trail > .message").last
    expect(message.locator(".content > strong").last).to_have_text("Try")
    message.locator("button[data-copy-block]").click()
    expect(message.locator("button[data-copy-block]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == FENCED
