"""Small things that stand beside a card: counts follow it, the pill and the toasts cover nothing one needs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FloatRect, Page, expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import Event, User
from tests.browser.conftest import Browse
from tests.browser.page_checks import NARROW, look
from tests.browser.test_live_page import escalated
from tests.browser.waiting import live, place, unfetched

pytestmark = pytest.mark.browser


def counts(page: Page, waiting: int, mine: int, claimed: int) -> None:
    expect(page.locator("#queue-count")).to_have_text(str(waiting) if waiting else "")
    expect(page.locator("#queue-meta")).to_contain_text(re.compile(rf"^\s*{waiting}\s+waiting"))
    numbers = [str(number) for number in (waiting, mine, claimed, 0)]
    expect(page.locator("#lanes .count")).to_have_text(numbers)


def test_counts_come_with_the_card_and_not_with_the_next_fetch(browse: Browse, ana: User, bo: User, cy: User) -> None:
    page = live(browse(bo, "/queue/"))
    page.mouse.move(0, 0)
    with unfetched(page):
        counts(page, 0, 0, 0)
        first = escalated(ana, "For anyone")
        counts(page, 1, 0, 0)
        escalated(ana, "For Bo", target_user=bo)
        counts(page, 2, 1, 0)
        first.claim(cy)
        counts(page, 1, 1, 1)
        first.undo(cy)
        counts(page, 2, 1, 0)
        Handoff.objects.get(pk=first.pk).withdraw(ana)
        counts(page, 1, 1, 0)
    counts(page, 1, 1, 0)


def overlap(one: FloatRect, other: FloatRect) -> bool:
    across = one["x"] < other["x"] + other["width"] and other["x"] < one["x"] + one["width"]
    return across and one["y"] < other["y"] + other["height"] and other["y"] < one["y"] + one["height"]


def test_the_pill_covers_nothing(browse: Browse, ana: User, bo: User) -> None:
    escalated(ana, "Being read", priority=1)
    page = live(browse(bo, "/queue/?priority=urgent&priority=high"))
    page.locator("#cards > li").hover()
    escalated(ana, "Urgent", priority=0)
    pill = place(page.locator("#new-cards"))
    for other in page.locator("h1, .meta, #live-status, .lanes a, .filters label, .chips a, .chip, #cards > li").all():
        if other.is_visible():
            assert not overlap(pill, place(other)), other
    page.locator("#new-cards").click()
    expect(page.locator("#cards .item-title")).to_have_text(["Urgent", "Being read"])


@pytest.mark.parametrize("narrow", [False, True])
def test_a_claim_offers_its_undo_and_covers_no_button(browse: Browse, waiting: Handoff, bo: User, narrow: bool) -> None:
    page = live(browse(bo, "/queue/", **({"viewport": NARROW, "has_touch": True} if narrow else {})))
    page.get_by_role("button", name="Claim").click()
    page.wait_for_url("**/sessions/**")
    expect(live(page).locator("#composer_text")).to_be_focused()
    toast = page.locator("#toasts .toast")
    expect(toast).to_contain_text("Claimed.")
    for button in page.locator("#composer button").all():
        if button.is_visible():
            assert not overlap(place(toast), place(button)), button
    assert narrow or look(page) == []
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Back in the queue at its original position.")
    assert Event.objects.filter(kind="handoff.claim_undone").count() == 1


def test_u_undoes_a_claim(browse: Browse, waiting: Handoff, bo: User) -> None:
    page = live(browse(bo, f"/queue/?open={waiting.pk}"))
    page.keyboard.press("c")
    page.wait_for_url("**/sessions/**")
    live(page).locator("#composer_text").press("Escape")
    page.keyboard.press("u")
    expect(page.locator("#toasts")).to_contain_text("Back in the queue at its original position.")
    waiting.refresh_from_db()
    assert waiting.is_open


def test_undo_is_offered_as_long_as_it_is_possible(browse: Browse, waiting: Handoff, bo: User) -> None:
    page = browse(bo, "/queue/", clock=True)
    live(page).get_by_role("button", name="Claim").click()
    page.wait_for_url("**/sessions/**")
    undo = page.locator("#toasts").get_by_role("button", name="Undo")
    page.clock.run_for(30_000)
    expect(undo).to_be_visible()
    page.clock.run_for(60_000)
    expect(undo).to_have_count(0)


def test_back_to_the_queue_is_where_one_was(browse: Browse, waiting: Handoff, bo: User, cy: User) -> None:
    page = live(browse(bo, "/queue/?priority=high&sort=wait"))
    page.locator("#cards .item-title a").press("Enter")
    expect(page.locator("#preview h2")).to_be_visible()
    page.locator("#preview").get_by_role("link", name="Open", exact=True).click()
    page.wait_for_url("**/handoffs/**")
    back = live(page).get_by_role("link", name="Back to the queue")
    waiting.claim(cy)  # the page is brought up to date, and knows no referrer then
    expect(page.locator("#go-on")).to_contain_text("Cy Tester has it")
    back.click()
    expect(page).to_have_url(re.compile(r"/queue/\?priority=high&sort=wait"))


def test_a_release_leads_to_the_queue_where_one_was(browse: Browse, claimed: Handoff, bo: User) -> None:
    page = live(browse(bo, "/queue/?lane=claimed&priority=high"))
    page.goto(f"/sessions/{claimed.session_id}/")
    page.goto(claimed.get_absolute_url())  # not from the queue
    live(page).get_by_text("Release it to the queue").click()
    page.get_by_role("button", name="Release", exact=True).click()
    expect(page).to_have_url(re.compile(r"/queue/\?lane=claimed&priority=high"))
