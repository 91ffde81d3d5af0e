"""Who is looking and who types, as the others see it; and the one question before a claim into somebody's typing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import Event, User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import NARROW, WIDE, look
from tests.browser.waiting import live, place, until
from tests.live_site import wait_until

pytestmark = pytest.mark.browser
# Makes a card's line of facts exactly as wide as its words, whatever the font: it has no room for another.
FILL = """facts => {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [sheet];
  sheet.replaceSync('.card .facts { inline-size: max-content; }');
  sheet.replaceSync(`.card .facts { inline-size: ${facts.getBoundingClientRect().width}px; }`);
}"""


def here(page: Page, handoff: Handoff) -> Locator:
    return page.locator(f".here[data-here='{handoff.session_id}']").first


def types(page: Page, text: str) -> None:
    """And goes on typing until the hand rests: five seconds without a key are none on a busy machine."""
    box = page.locator("#composer textarea[name=text]")
    box.press_sequentially(text)
    box.evaluate(
        "box => window.hand ||= setInterval(() => box.dispatchEvent(new Event('input', {bubbles: true})), 500)"
    )


def rests(page: Page) -> None:
    page.evaluate("clearInterval(window.hand)")


def test_list_pick_up_and_session_show_who_is_there(
    browse: Browse, waiting: Handoff, ana: User, bo: User, cy: User
) -> None:
    queue, session = live(browse(cy, "/queue/")), live(browse(ana, waiting.session.get_absolute_url()))
    card = queue.locator(f"#card-{waiting.pk}")
    before = place(card)
    expect(here(queue, waiting)).to_have_text("ATHere: Ana Tester.")
    bos = live(browse(bo, waiting.get_absolute_url()))
    for page, names in {queue: "Ana Tester, Bo Tester", session: "Bo Tester", bos: "Ana Tester"}.items():
        expect(here(page, waiting)).to_contain_text(f"Here: {names}.")
    expect(here(queue, waiting).locator(".avatar")).to_have_text(["AT", "BT"])
    assert place(card) == before

    bos.goto(waiting.session.get_absolute_url())
    types(live(bos), "Same here")
    for page in (queue, session):
        expect(here(page, waiting)).to_contain_text("Bo is typing")
    waiting.session.add_step(ana, text="Swapped the cable")  # the card is pushed anew, and shows it at once
    expect(here(queue, waiting)).to_contain_text("Bo is typing")
    assert look(queue) == []
    queue.set_viewport_size(WIDE)
    rests(bos)
    expect(here(queue, waiting)).not_to_contain_text("is typing")
    expect(here(queue, waiting)).to_contain_text("Here: Ana Tester, Bo Tester.")

    again = bos.context.new_page()  # his second tab is still he, and keeps him there
    again.goto(waiting.get_absolute_url())
    live(again)
    bos.close()
    expect(here(again, waiting)).to_contain_text("Here: Ana Tester.")
    expect(here(session, waiting)).to_contain_text("Here: Bo Tester.")
    again.close()
    expect(here(session, waiting)).to_be_hidden()
    session.goto("/")
    expect(here(queue, waiting)).to_be_hidden()


def test_a_full_card_stays_as_it_is_and_is_still_pressed(browse: Browse, ana: User, bo: User, cy: User) -> None:
    """There is no room in its line of facts: the marks lie over the end of the title. In the lane For me, too."""
    session = Session.open(ana, problem_summary="Printer on floor 3", psa_ticket_id="48191", client_name="Sons Inc.")
    handoff = Handoff.escalate(session, ana, notes="Stuck.", target_user=cy)
    pages = live(browse(cy, "/queue/")), live(browse(cy, "/queue/?lane=mine"))
    cards = [page.locator(f"#card-{handoff.pk}") for page in pages]
    for card in cards:
        card.locator(".facts").evaluate(FILL)
    before = [place(card) for card in cards]
    types(live(browse(bo, session.get_absolute_url())), "I know this one")
    for page in pages:
        expect(here(page, handoff)).to_contain_text("Bo is typing")
        expect(here(page, handoff)).to_have_class("here over")
    assert [place(card) for card in cards] == before
    cards[0].get_by_role("link").click()
    expect(pages[0].locator("#preview .here")).to_contain_text("Here: Bo Tester")


@pytest.mark.parametrize("by", ["queue", "pick-up", "key"])
def test_a_claim_into_typing_asks_once(browse: Browse, waiting: Handoff, bo: User, cy: User, by: str) -> None:
    bos = live(browse(bo, waiting.session.get_absolute_url()))
    page = live(browse(cy, waiting.get_absolute_url() if by == "pick-up" else "/queue/"))
    button = (
        page.get_by_role("button", name="Start fresh") if by == "pick-up" else page.get_by_role("button", name="Claim")
    )
    types(bos, "I think I know")
    expect(here(page, waiting)).to_contain_text("Bo is typing")

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
    expect(page).to_have_url(re.compile(r"/sessions/"))


def test_once_agreed_it_is_not_asked_again(browse: Browse, waiting: Handoff, bo: User, cy: User) -> None:
    bos, page = live(browse(bo, waiting.session.get_absolute_url())), live(browse(cy, "/queue/", viewport=NARROW))
    types(bos, "I think I know")
    expect(here(page, waiting)).to_contain_text("Bo is typing")
    asked: list[str] = []  # and refused, for whatever reason
    refusal = {"status": 409, "headers": {"HX-Reswap": "none"}}
    page.context.route("**/claim/", lambda route: asked.append(route.request.url) or route.fulfill(**refusal))
    page.get_by_role("button", name="Claim").click()
    page.get_by_role("dialog").get_by_role("button", name="Claim").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Claim").click()
    until(page, lambda: len(asked) == 2)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_tab_in_the_background_looks_at_nothing(browse: Browse, waiting: Handoff, bo: User, cy: User) -> None:
    queue, bos = live(browse(cy, "/queue/")), live(browse(bo, waiting.get_absolute_url()))
    expect(here(queue, waiting)).to_contain_text("Bo Tester")
    bos.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    expect(here(queue, waiting)).to_be_hidden()
    bos.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    expect(here(queue, waiting)).to_contain_text("Bo Tester")
