"""The page as people see it change: cards, pills, gaps, focus and half-typed text, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import Account, User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.test_live_page import deaf
from tests.browser.waiting import live, place, renewed, unfetched
from tests.live_site import wait_until

pytestmark = pytest.mark.browser


def escalated(user: User, summary: str, **more: int) -> Handoff:
    return Handoff.escalate(Session.open(user, problem_summary=summary), user, notes="I am stuck.", **more)


def titles(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("#cards .item-title").all_inner_texts()]


def test_cards_come_in_order_and_go_when_claimed(browse: Browse, ana: User, bo: User, cy: User) -> None:
    escalated(ana, "First normal")
    page = live(browse(bo, "/queue/"))
    with unfetched(page):
        low = escalated(ana, "A low one", priority=3)
        urgent = escalated(ana, "An urgent one", priority=0)
        expect(page.locator("#cards > li")).to_have_count(3)
        assert titles(page) == ["An urgent one", "First normal", "A low one"]
        expect(page.locator("#announcer")).to_have_text("New: An urgent one")
        urgent.claim(cy)
        expect(page.locator(f"#card-{urgent.pk}")).to_have_count(0)
        low.reprioritise(ana, priority=0)
        expect(page.locator("#cards > li").first).to_have_id(f"card-{low.pk}")
    expect(page.locator("#queue-count")).to_have_text("2")


def test_nothing_moves_under_the_pointer(browse: Browse, ana: User, bo: User, cy: User) -> None:
    first = escalated(ana, "First normal")
    second = escalated(ana, "Second normal")
    page = live(browse(bo, "/queue/"))
    card = page.locator(f"#card-{second.pk}")
    card.hover()
    before = place(card)
    escalated(ana, "An urgent one", priority=0)
    expect(page.locator("#new-cards")).to_have_text("1 new")
    first.claim(cy)
    expect(page.locator(f"#card-{first.pk}")).to_have_class("item card gone")
    assert place(card) == before
    page.mouse.move(0, 0)
    expect(page.locator(f"#card-{first.pk}")).to_have_count(0)
    page.locator("#new-cards").click()
    assert titles(page) == ["An urgent one", "Second normal"]


def test_a_claim_from_a_pushed_card_works(browse: Browse, ana: User, bo: User) -> None:
    page = live(browse(bo, "/queue/"))
    handoff = escalated(ana, "VPN drops")
    page.locator(f"#card-{handoff.pk} .claim").click()
    page.wait_for_url(f"**/sessions/{handoff.session_id}/**")
    handoff.refresh_from_db()
    assert handoff.claimed_by == bo


def test_my_own_card_has_no_claim(browse: Browse, ana: User) -> None:
    page = live(browse(ana, "/queue/"))
    handoff = escalated(ana, "VPN drops")
    expect(page.locator(f"#card-{handoff.pk}")).to_be_visible()
    expect(page.locator(f"#card-{handoff.pk} .claim")).to_be_hidden()


def test_for_you_is_shown_to_whom_it_is_for(browse: Browse, ana: User, bo: User, cy: User) -> None:
    page = live(browse(bo, "/queue/"))
    mine = Handoff.escalate(Session.open(ana, problem_summary="For Bo"), ana, notes="Please.", target_user=bo)
    other = Handoff.escalate(Session.open(ana, problem_summary="For Cy"), ana, notes="Please.", target_user=cy)
    expect(page.locator(f"#card-{mine.pk} .for-you")).to_be_visible()
    expect(page.locator(f"#card-{other.pk} .for-you")).to_be_hidden()


def test_a_gap_is_closed_when_the_socket_comes_back(browse: Browse, ana: User, bo: User) -> None:
    page = live(browse(bo, "/queue/"))
    page.context.set_offline(True)
    expect(page.locator("#live-status")).to_have_text("Reconnecting")
    escalated(ana, "Came while away")
    page.context.set_offline(False)
    expect(page.locator("#live-status")).to_have_text("Live")
    expect(page.locator("#cards > li")).to_have_count(1)


def test_blocked_sockets_become_polling(browse: Browse, ana: User, bo: User) -> None:
    page = deaf(browse(bo, clock=True), "/queue/")
    wait_until(lambda: page.clock.run_for(1_000) or page.locator("#live-status").inner_text() == "Polling")
    escalated(ana, "Came while polling")
    page.clock.run_for(25_000)
    expect(page.locator("#cards > li")).to_have_count(1)


def test_half_typed_text_and_focus_stay(browse: Browse, session: Session, ana: User, bo: User) -> None:
    page = live(browse(ana, session.get_absolute_url()))
    box = page.locator("#composer textarea[name=text]")
    box.fill("I am typing th")
    session.add_step(bo, text="A colleague's step")
    expect(page.get_by_text("A colleague's step")).to_be_visible()
    renewed(page)
    expect(box).to_have_value("I am typing th")
    expect(box).to_be_focused()


def test_signing_out_elsewhere_leads_to_the_sign_in_page(browse: Browse, bo: User, olga: User) -> None:
    page = live(browse(bo, "/queue/"))
    page.context.request.post(
        page.url.replace("/queue/", "/logout/"), form={}, headers={"X-CSRFToken": csrf(page), "Referer": page.url}
    )
    page.wait_for_url("**/login/**")


def csrf(page: Page) -> str:
    return next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrf")


def test_the_theme_is_kept(browse: Browse, bo: User) -> None:
    page = live(browse(bo, "/queue/"))
    page.locator("summary", has_text=bo.name).click()
    for chosen in ("Dark", "Light"):
        page.get_by_role("button", name=chosen, exact=True).click()
        expect(page.locator("html")).to_have_attribute("data-theme", chosen.lower())
        page.reload()
        expect(live(page).locator("html")).to_have_attribute("data-theme", chosen.lower())
        page.locator("summary", has_text=bo.name).click()
        expect(page.get_by_role("button", name=chosen, exact=True)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="System", exact=True).click()
    expect(page.locator("html")).not_to_have_attribute("data-theme", re.compile(""))
    page.reload()
    expect(live(page).locator("html")).not_to_have_attribute("data-theme", re.compile(""))


def test_a_background_tab_counts_new_cards(browse: Browse, northwind: Account, ana: User, bo: User) -> None:
    page = live(browse(bo, "/queue/"))
    page.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")
    escalated(ana, "One")
    escalated(ana, "Two")
    expect(page).to_have_title(re.compile(r"^\(2\) "))
