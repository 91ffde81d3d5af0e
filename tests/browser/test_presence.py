"""Who is looking and who types, as the others see it; and the one question before a claim into somebody's typing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import Event, User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.looking import NARROW, WIDE, look
from tests.browser.test_live_page import live
from tests.live import wait_until

pytestmark = pytest.mark.browser
SOON = 4_000  # ms: a second to say it, a second to show it, and a busy machine


def here(page: Page, handoff: Handoff) -> Locator:
    return page.locator(f".here[data-here='{handoff.session_id}']").first


def types(page: Page, text: str) -> None:
    page.locator("#composer textarea[name=text]").press_sequentially(text, delay=20)


def place(page: Page, element: str) -> object:
    return page.locator(element).bounding_box()


def test_list_pick_up_and_session_show_who_is_there(
    browse: Browse, waiting: Handoff, ana: User, bo: User, cy: User
) -> None:
    queue, session = live(browse(cy, "/queue/")), live(browse(ana, waiting.session.get_absolute_url()))
    card = f"#card-{waiting.pk}"
    before = place(queue, card)
    expect(here(queue, waiting)).to_have_text("ATHere: Ana Tester.", timeout=SOON)
    bos = live(browse(bo, waiting.get_absolute_url()))
    for page, names in {queue: "Ana Tester, Bo Tester", session: "Bo Tester", bos: "Ana Tester"}.items():
        expect(here(page, waiting)).to_contain_text(f"Here: {names}.", timeout=SOON)
    expect(here(queue, waiting).locator(".avatar")).to_have_text(["AT", "BT"])
    assert place(queue, card) == before

    bos.goto(waiting.session.get_absolute_url())
    types(live(bos), "Same here")
    for page in (queue, session):
        expect(here(page, waiting)).to_contain_text("Bo is typing", timeout=SOON)
    waiting.session.add_step(ana, text="Swapped the cable")  # the card is pushed anew, and shows it at once
    expect(here(queue, waiting)).to_contain_text("Bo is typing")
    assert look(queue) == []
    queue.set_viewport_size(WIDE)
    expect(here(queue, waiting)).not_to_contain_text("is typing", timeout=5_000 + SOON)
    expect(here(queue, waiting)).to_contain_text("Here: Ana Tester, Bo Tester.")

    again = bos.context.new_page()  # his second tab is still he, and keeps him there
    again.goto(waiting.get_absolute_url())
    live(again)
    bos.close()
    expect(here(again, waiting)).to_contain_text("Here: Ana Tester.", timeout=SOON)
    expect(here(session, waiting)).to_contain_text("Here: Bo Tester.")
    again.close()
    expect(here(session, waiting)).to_be_hidden(timeout=SOON)
    session.goto("/")
    expect(here(queue, waiting)).to_be_hidden(timeout=SOON)


def test_a_full_card_stays_as_it_is_and_is_still_pressed(browse: Browse, ana: User, bo: User, cy: User) -> None:
    """There is no room in its line of facts: the marks lie over the end of the title. In the lane For me, too."""
    full = {"client_name": "A very long client name and Sons Incorporated", "asset_name": "PRN-FLOOR-3-EAST-WING"}
    session = Session.open(ana, problem_summary="Printer on floor 3", psa_ticket_id="48191", **full)
    handoff = Handoff.escalate(session, ana, notes="Stuck.", target_user=cy)
    card = f"#card-{handoff.pk}"
    waiting, mine = live(browse(cy, "/queue/")), live(browse(cy, "/queue/?lane=mine"))
    before = [place(page, card) for page in (waiting, mine)]
    types(live(browse(bo, session.get_absolute_url())), "I know this one")
    for page in (waiting, mine):
        expect(here(page, handoff)).to_contain_text("Bo is typing", timeout=SOON)
        expect(here(page, handoff)).to_have_class("here over")
    assert [place(page, card) for page in (waiting, mine)] == before
    waiting.locator(card).get_by_role("link").click()
    expect(waiting.locator("#preview .here")).to_contain_text("Here: Bo Tester")


@pytest.mark.parametrize("by", ["queue", "pick-up", "key"])
def test_a_claim_into_typing_asks_once(browse: Browse, waiting: Handoff, bo: User, cy: User, by: str) -> None:
    bos = live(browse(bo, waiting.session.get_absolute_url()))
    page = live(browse(cy, waiting.get_absolute_url() if by == "pick-up" else "/queue/"))
    button = (
        page.get_by_role("button", name="My own way") if by == "pick-up" else page.get_by_role("button", name="Claim")
    )
    types(bos, "I think I know")
    expect(here(page, waiting)).to_contain_text("Bo is typing", timeout=SOON)

    def press() -> None:
        if by == "key":
            page.locator(f"#card-{waiting.pk} .item-title a").focus()
            page.keyboard.press("c")
        else:
            button.click()

    press()
    dialog = page.get_by_role("dialog", name="Bo is typing here. Claim it anyway?")
    expect(dialog.get_by_role("button", name="Not now")).to_be_focused()
    assert look(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator(":focus")).to_have_count(1)
    press()
    types(bos, " what it is")
    dialog.get_by_role("button", name="Not now").click()
    assert not Event.objects.filter(kind="handoff.claimed").exists()
    press()
    dialog.get_by_role("button", name="Claim", exact=True).click()
    wait_until(lambda: Event.objects.filter(kind="handoff.claimed").count() == 1)
    expect(page).to_have_url(re.compile(r"/sessions/" if by == "pick-up" else r"/handoffs/"))


def test_once_agreed_it_is_not_asked_again(browse: Browse, waiting: Handoff, bo: User, cy: User) -> None:
    bos, page = live(browse(bo, waiting.session.get_absolute_url())), live(browse(cy, "/queue/", viewport=NARROW))
    types(bos, "I think I know")
    expect(here(page, waiting)).to_contain_text("Bo is typing", timeout=SOON)
    asked: list[str] = []  # and refused, for whatever reason
    refusal = {"status": 409, "headers": {"HX-Reswap": "none"}}
    page.context.route("**/claim/", lambda route: asked.append(route.request.url) or route.fulfill(**refusal))
    page.get_by_role("button", name="Claim").click()
    page.get_by_role("dialog").get_by_role("button", name="Claim").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Claim").click()
    wait_until(lambda: page.wait_for_timeout(20) or len(asked) == 2)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_tab_in_the_background_looks_at_nothing(browse: Browse, waiting: Handoff, bo: User, cy: User) -> None:
    queue, bos = live(browse(cy, "/queue/")), live(browse(bo, waiting.get_absolute_url()))
    expect(here(queue, waiting)).to_contain_text("Bo Tester", timeout=SOON)
    bos.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    expect(here(queue, waiting)).to_be_hidden(timeout=SOON)
    bos.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    expect(here(queue, waiting)).to_contain_text("Bo Tester", timeout=SOON)
