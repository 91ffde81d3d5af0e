"""Triage by hand: the preview beside the list, the keys and their sheet, several cards at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import Event, User
from tests.browser.conftest import Browse
from tests.browser.page_checks import NARROW, WIDE, look
from tests.browser.test_live_page import escalated
from tests.browser.waiting import asked_for_all, live, place, until

pytestmark = pytest.mark.browser


@pytest.fixture
def three(ana: User) -> list[Handoff]:
    return [escalated(ana, f"Problem {number}") for number in (1, 2, 3)]


def title(page: Page, handoff: Handoff) -> Locator:
    return page.locator(f"#card-{handoff.pk} .item-title a")


def box(page: Page, handoff: Handoff) -> Locator:
    return page.locator(f"#card-{handoff.pk} input.select")


def heading(page: Page) -> Locator:
    return page.locator("#preview h2")


def press(page: Page, keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


# --- the preview ---------------------------------------------------------------------------------


def test_a_card_opens_beside_the_list_and_in_the_address(browse: Browse, three: list[Handoff], bo: User) -> None:
    first, second, _third = three
    page = live(browse(bo, "/queue/"))
    before = place(page.locator(f"#card-{second.pk}"))
    title(page, second).click()
    expect(heading(page)).to_have_text("Problem 2")
    assert place(page.locator(f"#card-{second.pk}"))["y"] == before["y"]
    expect(title(page, second)).to_be_focused()
    expect(title(page, second)).to_have_attribute("aria-current", "true")
    expect(page).to_have_url(re.compile(rf"\?open={second.pk}$"))
    assert look(page) == []

    page.set_viewport_size(WIDE)
    page.reload()
    expect(heading(page)).to_have_text("Problem 2")
    page.locator("#preview").get_by_role("link", name="Open", exact=True).click()
    page.wait_for_url(f"**{second.get_absolute_url()}")
    page.go_back()
    expect(heading(page)).to_have_text("Problem 2")

    title(page, first).click()
    expect(heading(page)).to_have_text("Problem 1")
    title(page, first).press("Enter")  # what is open already gets the focus
    expect(heading(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(heading(page)).to_have_count(0)
    expect(title(page, first)).to_be_focused()
    expect(page).to_have_url(re.compile(r"/queue/$"))


def test_elsewhere_a_card_is_a_link(browse: Browse, three: list[Handoff], bo: User) -> None:
    page = live(browse(bo, "/queue/"))
    with page.context.expect_page() as other:
        title(page, three[0]).click(modifiers=["Control"])
    other.value.wait_for_url(f"**{three[0].get_absolute_url()}")
    expect(heading(page)).to_have_count(0)
    page.set_viewport_size(NARROW)
    title(page, three[0]).click()
    page.wait_for_url(f"**{three[0].get_absolute_url()}")
    plain = browse(bo, "/queue/", java_script_enabled=False)
    title(plain, three[0]).click()
    plain.wait_for_url(f"**{three[0].get_absolute_url()}")


def test_the_preview_says_who_took_the_card_and_stays(
    browse: Browse, three: list[Handoff], ana: User, bo: User, cy: User
) -> None:
    taken, gone, _third = three
    page = live(browse(bo, f"/queue/?open={taken.pk}"))
    taken.claim(cy)
    preview = page.locator("#preview")
    expect(preview).to_contain_text("Cy Tester claimed this")
    expect(page.locator(f"#card-{taken.pk}")).to_have_count(0)
    expect(heading(page)).to_have_text("Problem 1")
    expect(preview.get_by_role("button", name="Continue where Ana left off")).to_have_count(0)

    title(page, gone).click()
    gone.withdraw(ana)
    expect(preview).to_contain_text("It is over: withdrawn, by Ana Tester")
    preview.get_by_role("button", name="Close the preview").click()
    expect(heading(page)).to_have_count(0)


def test_the_preview_claims_by_each_way(browse: Browse, waiting: Handoff, bo: User) -> None:
    page = live(browse(bo, f"/queue/?open={waiting.pk}"))
    page.locator("#preview").get_by_role("button", name="Start fresh").click()
    page.wait_for_url("**/sessions/**")
    expect(page.locator("#composer_text")).to_be_focused()


def test_what_was_opened_has_no_dot_any_more(browse: Browse, three: list[Handoff], bo: User) -> None:
    page = live(browse(bo, "/queue/"))
    title(page, three[0]).click()
    read = re.compile(r"\bread\b")
    expect(page.locator(f"#card-{three[0].pk}")).to_have_class(read)
    page.goto("/queue/")
    expect(page.locator(f"#card-{three[0].pk}")).to_have_class(read)
    expect(page.locator(f"#card-{three[1].pk}")).not_to_have_class(read)


def test_a_reason_half_typed_is_there_again(browse: Browse, three: list[Handoff], bo: User) -> None:
    for handoff in three[:2]:
        handoff.claim(bo)
    page = live(browse(bo, "/queue/?lane=claimed"))
    press(page, "jr")
    reason = page.locator("#preview textarea")
    expect(reason).to_be_focused()
    page.keyboard.type("I go ho")
    was = heading(page).inner_text()
    page.locator("#lane .item-title a").nth(1).click()
    expect(heading(page)).not_to_have_text(was)
    expect(reason).to_have_value("")
    page.locator("#lane .item-title a").nth(0).click()
    expect(heading(page)).to_have_text(was)
    expect(reason).to_have_value("I go ho")


# --- keys ----------------------------------------------------------------------------------------


def test_keys_move_open_and_close(browse: Browse, three: list[Handoff], bo: User) -> None:
    page = live(browse(bo, "/queue/"))
    press(page, "jj")
    expect(title(page, three[1])).to_be_focused()
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("Problem 2")
    press(page, "j")
    expect(heading(page)).to_have_text("Problem 3")
    press(page, "j")  # there is no further one
    expect(title(page, three[2])).to_be_focused()
    press(page, "kkk")
    expect(heading(page)).to_have_text("Problem 1")
    expect(title(page, three[0])).to_be_focused()
    page.keyboard.press("Escape")
    expect(heading(page)).to_have_count(0)


def test_the_marked_card_stays_marked_when_it_is_drawn_anew(
    browse: Browse, three: list[Handoff], bo: User, lea: User
) -> None:
    page = live(browse(lea, "/queue/"))
    press(page, "jx")
    three[0].session.add_step(bo, text="Looked at it", outcome="failed")
    expect(page.locator(f"#card-{three[0].pk}")).to_contain_text("1 tried")
    expect(title(page, three[0])).to_be_focused()
    expect(box(page, three[0])).to_be_checked()
    press(page, "j")
    expect(title(page, three[1])).to_be_focused()


def test_c_claims_the_marked_card(browse: Browse, three: list[Handoff], bo: User) -> None:
    page = live(browse(bo, "/queue/"))
    press(page, "jjc")
    page.wait_for_url(f"**/sessions/{three[1].session_id}/**")
    expect(page.locator("#composer_text")).to_be_focused()
    assert Handoff.objects.claimed().get() == three[1]


def test_c_goes_on_where_it_says_so_in_the_preview(browse: Browse, three: list[Handoff], bo: User) -> None:
    page = live(browse(bo, f"/queue/?open={three[0].pk}"))
    press(page, "c")
    page.wait_for_url(f"**/sessions/{three[0].session_id}/**")
    assert Handoff.objects.claimed().get() == three[0]


def test_keys_move_along_other_lists_too(browse: Browse, three: list[Handoff], ana: User) -> None:
    page = live(browse(ana, "/sessions/"))
    press(page, "jj")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/sessions/{three[1].session_id}/")


def test_e_p_and_r_are_for_what_one_holds(browse: Browse, three: list[Handoff], bo: User, cy: User) -> None:
    mine, theirs, _third = three
    theirs.claim(cy)
    mine.claim(bo)  # claimed last, so it comes first
    page = live(browse(bo, "/queue/?lane=claimed"))
    press(page, "jp")
    page.wait_for_url(f"**/sessions/{mine.session_id}/park/")
    page.go_back()
    press(live(page), "e")  # what is open is marked
    page.wait_for_url(f"**/sessions/{mine.session_id}/escalate/")
    page.go_back()
    press(live(page), "jp")  # Cy's
    expect(heading(page)).to_have_text("Problem 2")
    expect(page).to_have_url(re.compile("/queue/"))
    press(page, "kr")
    expect(page.locator("#preview textarea")).to_be_focused()
    page.keyboard.type("crxj? I go home")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Released.")
    expect(page).to_have_url(re.compile(r"/queue/\?lane=claimed"))
    mine.refresh_from_db()
    assert mine.is_open
    assert Event.objects.filter(kind="handoff.released").get().facts["reason"] == "crxj? I go home"


def test_on_a_narrow_desk_a_key_goes_where_its_form_is(browse: Browse, claimed: Handoff, bo: User) -> None:
    page = live(browse(bo, "/queue/?lane=claimed", viewport={"width": 1000, "height": 700}))
    press(page, "jr")
    page.wait_for_url(f"**{claimed.get_absolute_url()}")


def test_keys_of_a_session_and_of_the_pick_up_screen(browse: Browse, waiting: Handoff, bo: User) -> None:
    page = live(browse(bo, waiting.get_absolute_url()))
    press(page, "e")  # nothing yet: it is not his
    press(page, "c")
    page.wait_for_url("**/sessions/**")
    live(page).locator("#composer_text").press("Escape")  # a letter is a letter while one types
    press(page, "e")
    page.wait_for_url("**/escalate/")
    page.go_back()
    live(page).locator("#composer_text").press("Escape")
    press(page, "p")
    page.wait_for_url("**/park/")
    press(page, "gs")
    page.wait_for_url("**/sessions/")
    press(page, "/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    press(page, "gh")
    page.wait_for_url(re.compile(r":\d+/$"))
    press(page, "gq")
    page.wait_for_url("**/queue/")


def test_keys_do_nothing_while_typing_or_with_a_modifier(browse: Browse, three: list[Handoff], lea: User) -> None:
    page = live(browse(lea, "/queue/"))
    press(page, "j/")
    page.keyboard.type("cx?gq")
    expect(page.locator("#q")).to_have_value("cx?gq")
    expect(page.locator("#keys")).not_to_be_visible()
    title(page, three[0]).focus()
    for held in ("Alt", "Control", "Shift"):
        page.keyboard.press(f"{held}+x")
    page.keyboard.down("x")
    expect(box(page, three[0])).to_be_checked()
    page.keyboard.down("x")  # held: it repeats
    expect(box(page, three[0])).to_be_checked()
    assert Handoff.objects.claimed().count() == 0


def test_the_sheet_lists_what_works_here(browse: Browse, three: list[Handoff], lea: User) -> None:
    page = live(browse(lea, "/queue/"))
    page.keyboard.press("?")
    sheet = page.locator("#keys")
    shown = sheet.locator("dd:visible")
    everywhere = ["New session", "My work", "Queue", "Sessions", "Keyboard shortcuts"]
    of_the_list = ["Next, previous", "Open", "Close the preview", "Select", "Search"]
    expect(shown).to_have_text([*of_the_list, "Claim", *everywhere])
    press(page, "jc")  # not behind a dialog
    expect(title(page, three[0])).not_to_be_focused()
    assert look(page) == []
    page.set_viewport_size(WIDE)
    page.keyboard.press("Escape")
    expect(sheet).not_to_be_visible()
    page.goto("/settings/")
    page.keyboard.press("?")
    expect(shown).to_have_text(everywhere)


def test_keys_can_be_turned_off(browse: Browse, three: list[Handoff], bo: User) -> None:
    page = live(browse(bo, "/queue/"))
    page.keyboard.press("?")
    page.locator("#keys").get_by_role("switch").uncheck()
    page.keyboard.press("Escape")
    for _again in range(2):
        press(page, "j?")
        expect(page.locator("#keys")).not_to_be_visible()
        expect(title(page, three[0])).not_to_be_focused()
        page.reload()
        live(page)
    title(page, three[0]).press("Enter")  # no single key of ours
    expect(heading(page)).to_have_text("Problem 1")
    page.keyboard.press("Escape")
    expect(heading(page)).to_have_count(0)
    page.locator("summary", has_text=bo.name).click()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(page.locator("#keys")).to_be_visible()
    page.goto("/settings/")
    switch = page.locator("main").get_by_role("switch")
    expect(switch).not_to_be_checked()
    switch.check()
    press(page, "gq")
    page.wait_for_url("**/queue/")


def test_a_second_press_of_c_is_none(browse: Browse, three: list[Handoff], bo: User) -> None:
    """Neither the button in the preview nor the card's own stands in for the one that is busy."""
    page = live(browse(bo, "/queue/"))
    claims: list[str] = []
    page.route("**/claim/", lambda route: claims.append(route.request.url))  # its answer never comes
    press(page, "jcc")
    asked_for_all(page)
    assert len(claims) == 1
    page.goto(f"/queue/?open={three[0].pk}")
    press(live(page), "cc")
    asked_for_all(page)
    assert len(claims) == 2


def test_c_does_not_claim_what_came_in_its_place(browse: Browse, three: list[Handoff], bo: User, cy: User) -> None:
    page = live(browse(bo, "/queue/", clock=True))
    press(page, "j")
    page.clock.run_for(200)
    three[0].claim(cy)
    expect(title(page, three[1])).to_be_focused()
    press(page, "c")
    asked_for_all(page)
    assert not Handoff.objects.get(pk=three[1].pk).is_claimed
    page.clock.run_for(1_000)
    press(page, "c")
    page.wait_for_url(f"**/sessions/{three[1].session_id}/**")


def test_keys_on_a_keyboard_with_other_letters(browse: Browse, three: list[Handoff], bo: User) -> None:
    page = live(browse(bo, "/queue/"))
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'о', code: 'KeyJ', bubbles: true}))")
    expect(title(page, three[0])).to_be_focused()


def test_ctrl_enter_sends_what_is_typed_and_nothing_else(
    browse: Browse, three: list[Handoff], claimed: Handoff, bo: User
) -> None:
    page = live(browse(bo, "/queue/"))
    posts: list[str] = []

    def hang(route: Route) -> None:
        posts.append(f"{route.request.url} {route.request.post_data}")

    page.route("**/*", lambda route: hang(route) if route.request.method == "POST" else route.continue_())
    page.locator(f"#card-{three[0].pk} .claim").press("Control+Enter")  # its form is that of "Sign out" too
    asked_for_all(page)
    assert [post for post in posts if "/claim/" not in post] == []
    page.goto(claimed.session.get_absolute_url())
    posts.clear()
    page.locator("#composer_text").fill("Rang them")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")  # no second step
    until(page, lambda: posts)
    asked_for_all(page)
    assert [post.split()[0].rsplit("/", 2)[1] for post in posts] == ["steps"]


# --- what narrows the list -----------------------------------------------------------------------


def test_the_bar_says_what_the_address_says(browse: Browse, three: list[Handoff], bo: User) -> None:
    page = live(browse(bo, "/queue/"))
    normal = page.locator(".filters input[value=normal]")
    normal.focus()
    page.keyboard.press("Space")
    page.wait_for_url("**/queue/?priority=normal**")
    expect(normal).to_be_focused()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/queue/$"))
    expect(normal).not_to_be_checked()
