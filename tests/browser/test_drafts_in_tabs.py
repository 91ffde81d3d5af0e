"""Drafts of one person in several tabs: what one tab does, the others follow, and nothing typed is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.test_accessibility import cast, furniture  # noqa: F401  fixtures
from tests.browser.test_drafts import composer, expect_no_drafts, passwords, wait_for_draft, why  # noqa: F401
from tests.browser.waiting import live

pytestmark = pytest.mark.browser

HALF = "Half typed " * 20 + "."


def test_a_tab_that_hears_first_of_what_another_sent(browse: Browse, session: Session, ana: User) -> None:
    page = live(browse(ana, session.get_absolute_url()))
    composer(page).fill("Sent from elsewhere")
    wait_for_draft(page, "Sent from elsewhere")
    draft = "JSON.parse(Object.values(localStorage).find(value => value.includes('elsewhere')))"
    page.evaluate(f"document.cookie = `sent-${{{draft}.id}}=1; path=/`")
    session.add_message(ana, content="What was sent")
    expect(composer(page)).to_have_value("")


def test_two_tabs_at_one_place(browse: Browse, session: Session, ana: User) -> None:
    one = browse(ana, session.get_absolute_url())
    composer(one).fill("From the first tab")
    wait_for_draft(one, "From the first tab")
    other = one.context.new_page()
    other.goto(session.get_absolute_url())
    expect(composer(other)).to_have_value("From the first tab")
    other.get_by_role("button", name="Send as a message").click()
    expect(other.locator("#trail > .message", has_text="From the first tab")).to_be_visible()
    expect(composer(one)).to_have_value("")  # sent there: gone here, too
    composer(one).fill("Older")
    wait_for_draft(one, "Older")
    composer(other).fill("Newer")
    wait_for_draft(other, "Newer")
    expect(composer(one)).to_have_value("Older")  # each keeps what is typed in it, and the last one is the draft
    one.reload()
    expect(composer(one)).to_have_value("Newer")


def test_what_one_tab_sends_is_not_what_the_other_holds(browse: Browse, session: Session, ana: User) -> None:
    one = browse(ana, session.get_absolute_url())
    other = one.context.new_page()
    other.goto(session.get_absolute_url())
    composer(one).fill("A long note, not sent yet")
    wait_for_draft(one, "A long note, not sent yet")
    composer(other).fill("A quick step")
    wait_for_draft(other, "A quick step")
    other.get_by_role("button", name="Send as a message").click()
    expect(one.locator("#trail > .message", has_text="A quick step")).to_be_visible()
    expect(composer(one)).to_have_value("A long note, not sent yet")
    composer(one).press("End")
    composer(one).press_sequentially(", and more")
    wait_for_draft(one, "A long note, not sent yet, and more")


def test_what_another_tab_went_on_with_is_not_offered_again(browse: Browse, session: Session, ana: User) -> None:
    one = browse(ana, session.get_absolute_url())
    composer(one).fill("Reboot")
    wait_for_draft(one, "Reboot")
    one.reload()
    expect(composer(one)).to_have_value("Reboot")
    other = one.context.new_page()
    other.goto(session.get_absolute_url())
    composer(other).fill("Reboot, then the router")
    wait_for_draft(other, "Reboot, then the router")
    other.get_by_role("button", name="Send as a message").click()
    expect(other.locator("#trail > .message", has_text="Reboot, then the router")).to_be_visible()
    expect(composer(one)).to_have_value("")
    expect_no_drafts(one)


def test_discarding_takes_what_stands_there_and_no_more(browse: Browse, session: Session, ana: User) -> None:
    one = browse(ana, session.get_absolute_url())
    composer(one).fill("Older")
    wait_for_draft(one, "Older")
    one.reload()
    expect(composer(one)).to_have_value("Older")
    other = one.context.new_page()
    other.goto(session.get_absolute_url())
    composer(other).fill("Newer")
    wait_for_draft(other, "Newer")
    one.get_by_role("button", name="Discard").click()
    expect(composer(one)).to_have_value("")
    other.reload()
    expect(composer(other)).to_have_value("Newer")
    other.get_by_role("button", name="Discard").click()
    expect(composer(other)).to_have_value("")
    expect_no_drafts(other)


def test_making_room_takes_nothing_from_another_tab(browse: Browse, session: Session, ana: User) -> None:
    one = browse(ana, session.get_absolute_url())
    composer(one).fill(HALF)
    wait_for_draft(one, HALF)
    other = one.context.new_page()
    other.goto(f"{session.get_absolute_url()}escalate/")
    other.evaluate(
        """() => { for (let size = 2 ** 22; size >= 1; size /= 2)
      for (let n = 0; n < 2; n++) try { localStorage[`room-${size}-${n}`] = 'x'.repeat(size) } catch { break } }"""
    )
    why(other).fill("No room but for this")
    wait_for_draft(other, "No room but for this")
    one.wait_for_function("() => !Object.values(localStorage).some(one => one.includes('Half'))")
    expect(composer(one)).to_have_value(HALF)
    composer(one).press("End")
    composer(one).press_sequentially(", and more")
    expect(composer(one)).to_have_value(f"{HALF}, and more")


def test_signing_out_leaves_no_draft_of_any_tab(browse: Browse, session: Session, ana: User) -> None:
    one = browse(ana, session.get_absolute_url())
    other = one.context.new_page()
    other.goto(session.get_absolute_url())
    for page, text in ((one, "Overwritten"), (other, "The last one")):
        composer(page).fill(text)
        wait_for_draft(page, text)
    other.goto("/logout/")
    other.get_by_role("main").get_by_role("button", name="Sign out").click()
    other.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    other.wait_for_url("**/login/**")
    expect_no_drafts(one)


def sign_out_elsewhere(page: Page, *, discard: bool) -> None:
    other = page.context.new_page()
    other.goto("/logout/")
    other.get_by_role("main").get_by_role("button", name="Sign out").click()
    if discard:
        other.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    other.wait_for_url("**/login/**")


def test_after_signing_out_elsewhere_no_page_of_mine_stays(browse: Browse, session: Session, ana: User) -> None:
    """What was half typed was discarded with it; a field that has the focus, and nothing in it, holds no page."""
    page = live(browse(ana, session.get_absolute_url()))
    composer(page).fill("Discarded there")
    wait_for_draft(page, "Discarded there")
    sign_out_elsewhere(page, discard=True)
    page.wait_for_url("**/login/**")


def test_a_search_field_with_the_focus_holds_no_page(browse: Browse, waiting: Handoff, bo: User) -> None:
    page = live(browse(bo, "/queue/"))
    search = page.get_by_role("searchbox").first
    search.focus()
    sign_out_elsewhere(page, discard=False)
    page.wait_for_url("**/login/**")


def test_a_search_half_typed_is_not_said_to_be_kept(browse: Browse, waiting: Handoff, bo: User) -> None:
    page = live(browse(bo, "/queue/"))
    page.get_by_role("searchbox").first.fill("vpn at North")
    sign_out_elsewhere(page, discard=False)
    expect(page.locator("#live-status")).to_have_text("Signed out: copy your text, then reload to sign in")


def test_what_was_refused_and_discarded_elsewhere_is_not_said_to_be_kept(
    browse: Browse, session: Session, ana: User
) -> None:
    page = browse(ana, f"{session.get_absolute_url()}park/")
    page.get_by_label("Pick a time").check()
    page.get_by_label("Note to yourself").fill("Call them back")
    page.get_by_role("button", name="Park").click()
    expect(page.get_by_text("Choose when it comes back.")).to_be_visible()
    wait_for_draft(live(page), "Call them back")
    sign_out_elsewhere(page, discard=True)
    expect(page.locator("#live-status")).to_have_text("Signed out: copy your text, then reload to sign in")
