"""Several cards at once: which may be chosen, what is offered for them, what is said of each."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import Event, User
from tests.browser.conftest import Browse
from tests.browser.page_checks import NARROW, WIDE, look
from tests.browser.test_keys_and_preview import box, heading, press, three, title  # noqa: F401
from tests.browser.test_live_page import escalated
from tests.browser.waiting import live, place

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("key", ["Enter", "Control+Enter"])
def test_enter_in_a_menu_presses_the_button_of_that_menu(browse: Browse, claimed: Handoff, bo: User, key: str) -> None:
    page = live(browse(bo, "/queue/?lane=claimed"))
    press(page, "jx")
    page.get_by_text("Park until…").click()
    page.locator("#bulk").get_by_label("Bring them back").select_option("Pick a time")
    page.locator("#bulk input[name=wake_at]").press(key)
    expect(page.locator(".results.error")).to_be_visible()
    claimed.refresh_from_db()
    assert Event.objects.filter(kind="handoff.priority_changed").count() == 0


def test_a_verb_on_several_says_what_became_of_each(
    browse: Browse, three: list[Handoff], bo: User, cy: User, lea: User
) -> None:
    for handoff, user in zip(three, (bo, bo, cy), strict=True):
        handoff.claim(user)
    hers = escalated(lea, "Problem 4")  # it goes back to her by a return
    hers.claim(bo)
    page = live(browse(bo, "/queue/?lane=claimed"))
    page.locator(".card").first.hover()
    expect(box(page, three[2])).not_to_be_visible()  # nothing that Bo may do with it
    box(page, three[0]).check()
    box(page, hers).click(modifiers=["Shift"])
    expect(page.locator("[data-count]")).to_have_text("3 selected")
    page.get_by_text("Transfer to…").click()
    page.get_by_label("Colleague").select_option("Lea Tester")
    page.get_by_role("button", name="Transfer", exact=True).click()
    said = page.locator(".results")
    expect(said).to_contain_text("2 changed, 1 skipped")
    expect(said.locator("li")).to_have_text(
        [
            re.compile("Problem 4: .*[Rr]eturn it instead"),
            re.compile("Problem [12]: transferred to Lea Tester"),
            re.compile("Problem [12]: transferred to Lea Tester"),
        ]
    )
    expect(box(page, hers)).to_be_checked()
    expect(page.locator("[data-count]")).to_have_text("1 selected")
    expect(page.locator(f"#card-{three[0].pk}")).to_contain_text("Lea Tester")
    expect(box(page, hers)).to_be_checked()
    assert look(page) == []
    page.set_viewport_size(WIDE)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#bulk")).not_to_be_visible()
    said.get_by_role("button", name="Close").click()
    expect(said).to_have_count(0)


def test_a_wrong_choice_is_said_and_changes_nothing(browse: Browse, claimed: Handoff, bo: User) -> None:
    page = live(browse(bo, "/queue/?lane=claimed"))
    press(page, "jx")
    page.get_by_text("Transfer to…").click()
    page.get_by_role("button", name="Transfer", exact=True).click()
    expect(page.locator(".results")).to_contain_text("Choose who gets them.")
    expect(box(page, claimed)).to_be_checked()


def test_a_verb_is_offered_where_it_is_permitted(
    browse: Browse, three: list[Handoff], ana: User, bo: User, cy: User
) -> None:
    """Of the sender the priority, of the claimer the rest; of other people's cards nothing can be chosen."""
    three[0].claim(bo)
    mine = escalated(bo, "Bo's own")
    mine.claim(cy)
    page = live(browse(bo, "/queue/"))
    expect(page.locator("input.select:visible")).to_have_count(0)
    page.goto("/queue/?lane=claimed")
    offered = page.locator("#bulk summary:visible")
    live(page).locator(f"#card-{mine.pk}").hover()
    box(page, mine).check()
    expect(offered).to_have_text(["Set priority"])
    page.get_by_role("button", name="Clear").click()
    page.locator(f"#card-{three[0].pk}").hover()
    box(page, three[0]).check()
    expect(offered).to_have_text(["Transfer to…", "Park until…"])


def test_all_that_are_shown(browse: Browse, three: list[Handoff], lea: User) -> None:
    page = live(browse(lea, "/queue/"))
    press(page, "jx")
    page.get_by_role("button", name="Select all shown").click()
    expect(page.locator("[data-count]")).to_have_text("3 selected")
    page.get_by_text("Set priority").first.click()
    page.locator(".bulk").get_by_label("Priority").select_option("Urgent")
    page.locator(".bulk").get_by_role("button", name="Set priority").click()
    expect(page.locator(".results")).to_contain_text("3 changed")
    expect(page.locator("#bulk")).not_to_be_visible()
    expect(page.locator("#cards .priority.urgent .icon")).to_have_count(3)


def test_several_on_a_phone(browse: Browse, three: list[Handoff], lea: User) -> None:
    page = live(browse(lea, "/queue/", viewport=NARROW, has_touch=True))
    box(page, three[0]).tap()
    bar, nav = place(page.locator("#bulk")), place(page.locator(".sidebar"))
    assert bar["y"] + bar["height"] <= nav["y"]
    page.get_by_text("Set priority").first.tap()
    assert look(page) == []


def test_several_without_javascript(browse: Browse, three: list[Handoff], bo: User, lea: User) -> None:
    for handoff in three:
        handoff.claim(bo)
    page = browse(bo, "/queue/?lane=claimed", java_script_enabled=False)
    for handoff in three:
        page.locator(f"#card-{handoff.pk}").hover()
        box(page, handoff).check()
    three[2].take_over(lea, reason="It is urgent")
    page.get_by_text("Park until…").click()
    page.get_by_label("Bring them back").select_option("No reminder")
    page.get_by_role("button", name="Park", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Result")
    expect(page.locator(".result-list li")).to_have_count(3)
    expect(page.locator(".again input")).to_have_count(1)
    assert Handoff.objects.parked().count() == 2
