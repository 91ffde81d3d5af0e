"""The trail of a session: outcomes by keys, messages that become steps, where it opens and what stays in its place."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import NARROW, WIDE, look
from tests.browser.waiting import asked_for_all, live, place, renewed

pytestmark = pytest.mark.browser

FIRST_PLACE = """requestAnimationFrame(function look() {
  document.body ? window.first = scrollY : requestAnimationFrame(look);
})"""


def press(page: Page, keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


# --- one press -----------------------------------------------------------------------------------


def test_a_key_says_how_a_step_ended_that_is_to_do(browse: Browse, session: Session, ana: User) -> None:
    first, _second, third = session.steps.order_by("order")  # to do is the third
    page = live(browse(ana, session.get_absolute_url()))
    press(page, "1")  # none is marked
    press(page, "j")
    expect(page.locator("#s3")).to_be_focused()
    press(page, "kk1")
    expect(page.locator("#s1")).to_be_focused()
    asked_for_all(page)
    assert [step.outcome for step in session.steps.order_by("order")] == [first.outcome, _second.outcome, "pending"]
    press(page, "jj2")
    expect(page.locator(f"#step-{third.pk} .facts .outcome")).to_have_text("Ruled out")
    expect(page.locator("#s3")).to_be_focused()
    page.locator("#composer_text").focus()
    page.keyboard.type("1 of 4 cables")
    expect(page.locator("#composer_text")).to_have_value("1 of 4 cables")


def test_the_sheet_names_them(browse: Browse, session: Session, ana: User) -> None:
    page = live(browse(ana, session.get_absolute_url()))
    press(page, "?")
    expect(page.locator("#keys dd:visible", has_text="Step to do: failed, ruled out")).to_be_visible()


def test_a_message_becomes_a_step_and_both_are_shown_live(
    browse: Browse, session: Session, ana: User, bo: User
) -> None:
    said = session.add_message(ana, content="Changed the cable\n10:02:11  link down")
    mine = live(browse(ana, session.get_absolute_url()))
    theirs = live(browse(bo, session.get_absolute_url()))
    mine.locator(f"#message-{said.pk}").get_by_role("button", name="Make it a step").click()
    for page in (mine, theirs):
        step = page.locator("#trail .step").last
        expect(step).to_contain_text("Changed the cable")
        expect(step).to_contain_text(f"from {said.ref}")
        expect(page.locator(f"#message-{said.pk}").get_by_role("link", name="s4")).to_be_visible()
    expect(mine.locator(f"#message-{said.pk}-step")).to_be_focused()
    assert look(mine) == []


# --- where it opens, and what stays ----------------------------------------------------------------


@pytest.fixture
def long(session: Session, ana: User) -> Session:
    """300 entries: three windows of the trail."""
    for n in range(4, 154):
        session.add_step(ana, text=f"Tried cable {n}", outcome="failed")
        session.add_message(ana, content=f"Rang about cable {n}")
    return session


def in_view(page: Page, ref: str) -> None:
    expect(page.locator(f"#{ref}")).to_be_in_viewport()


def test_it_opens_at_the_newest_before_it_is_painted(browse: Browse, long: Session, ana: User) -> None:
    page = live(browse(ana, "/sessions/"))
    page.add_init_script(FIRST_PLACE)
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        page.goto(long.get_absolute_url())
        in_view(live(page), "m150")
        expect(page.locator("#composer_text")).to_be_in_viewport()
        assert page.evaluate("first === scrollY && first > 2000")
        page.goto(f"{long.get_absolute_url()}?at=s20#s20")
        in_view(live(page), "s20")
        page.goto("/queue/")
    long.resolve(ana, resolution="Another cable")
    page.goto(long.get_absolute_url())
    expect(live(page).get_by_text("What fixed it")).to_be_in_viewport()


def test_what_changed_meanwhile_is_pointed_to(browse: Browse, long: Session, ana: User, bo: User) -> None:
    page = live(browse(bo, long.get_absolute_url()))
    page.goto("/queue/")
    handoff = Handoff.escalate(long, ana, notes="Stuck")
    page.goto(long.get_absolute_url())
    pill = live(page).get_by_role("button", name="Waiting for somebody to claim it")
    in_view(page, "m150")
    pill.click()
    expect(page.locator("#standing")).to_be_in_viewport()
    expect(pill).to_have_count(0)
    handoff.withdraw(ana)


def test_earlier_comes_above_and_the_place_is_kept(browse: Browse, long: Session, ana: User) -> None:
    page = live(browse(ana, long.get_absolute_url()))
    first = page.locator("#trail > li").first
    ref = first.locator("a.ref").get_attribute("id")
    first.scroll_into_view_if_needed()
    for n in range(1, 6):
        oldest = page.locator("#trail > li").first.get_attribute("id")
        was = place(page.locator(f"#{oldest}"))["y"]
        page.locator("#trail-region").get_by_role("link", name="Earlier").click()
        expect(page.locator("#trail > li").first).not_to_have_attribute("id", oldest or "")
        if n == 1:
            assert abs(place(page.locator(f"#{ref}"))["y"] - was) < 400  # it is on the screen still
    expect(page.locator("#s1")).to_have_count(1)
    expect(page.locator("#trail-region").get_by_role("link", name="Earlier")).to_have_count(0)
    renewed(page)
    expect(page.locator("#trail-region").get_by_role("link", name="Earlier")).to_have_count(0)
    page.locator("#s40").scroll_into_view_if_needed()
    was = place(page.locator("#s40"))["y"]
    page.goto("/queue/")
    page.go_back()
    expect(page.locator("#s40")).to_be_in_viewport()
    assert abs(place(page.locator("#s40"))["y"] - was) < 2


def test_what_comes_moves_nothing_that_is_read_and_is_followed_at_the_end(
    browse: Browse, long: Session, ana: User, bo: User
) -> None:
    page = live(browse(ana, long.get_absolute_url()))
    page.locator("#composer_text").focus()
    page.keyboard.type("While I type")
    long.add_message(bo, content="The vendor rang")
    in_view(page, "m151")
    expect(page.locator("#composer_text")).to_be_in_viewport()
    page.locator("#s130").evaluate("ref => { document.activeElement.blur(); ref.scrollIntoView({block: 'start'}) }")
    was = place(page.locator("#s130"))["y"]
    long.add_message(bo, content="They send a new one")
    long.add_step(bo, text="Took the new one", outcome="worked")
    pill = page.get_by_role("button", name="2 new")
    expect(pill).to_be_visible()
    assert place(page.locator("#s130"))["y"] == was
    assert look(page) == []
    pill.click()
    in_view(page, "s154")
    expect(pill).to_have_count(0)
