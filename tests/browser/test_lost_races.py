"""Whoever loses a race is told so, also when the button they pressed is gone before the answer comes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.test_live_page import escalated
from tests.browser.waiting import live, until
from tests.live_site import Site, session_cookie

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROUNDS = 6  # each loses three times; the test holds both requests itself, so that no more is left to luck than in one
# How Claim is pressed on each page that has it, by the keyboard: under a pointer a card only fades.
CLAIM = {
    "queue": ("/queue/", "#card-{pk} .claim"),
    "preview": ("/queue/?open={pk}", "#preview-{pk} [name=way]"),
    "pick-up": ("/handoffs/{pk}/", "#go-on [name=way]"),
}


@pytest.mark.parametrize("place", CLAIM)
def test_both_press_claim_before_either_is_answered(browse: Browse, ana: User, bo: User, cy: User, place: str) -> None:
    address, button = CLAIM[place]
    pages = {bo: browse(bo, "/sessions/"), cy: browse(cy, "/sessions/")}
    for n in range(ROUNDS):
        handoff = escalated(ana, f"Race {n}")
        winner, loser = (bo, cy) if n % 2 else (cy, bo)
        first, second = pages[winner], pages[loser]
        claim = button.format(pk=handoff.pk)
        held = {page: press_claim(page, address.format(pk=handoff.pk), claim) for page in (first, second)}
        answers = {page: route.fetch() for page, route in held.items()}
        assert [answer.status for answer in answers.values()] == [200, 409]
        expect(second.locator(claim)).to_have_count(0)  # a live event has taken it away
        for page, answer in answers.items():
            held[page].fulfill(response=answer)
        expect(second.get_by_role("alert")).to_contain_text(re.compile(rf"{winner} claimed this \d+ seconds? ago"))
        first.wait_for_url("**/sessions/**")


def press_claim(page: Page, address: str, button: str) -> Route:
    """Claim is pressed there; its request is on its way, and has not reached the server."""
    held: list[Route] = []
    page.goto(address)
    live(page).route("**/claim/", lambda route: held.append(route), times=1)
    page.locator(button).first.press("Enter", no_wait_after=True)
    until(page, lambda: held)
    return held[0]


def test_any_refusal_is_read_whose_element_is_gone(
    browse: Browse, claimed: Handoff, waiting: Handoff, ana: User, bo: User, cy: User
) -> None:
    """Every element of every page here that asks by itself: it goes while its answer is under way."""
    other = escalated(ana, "Another one")
    asked: set[str] = set()
    for path in (f"/handoffs/{claimed.pk}/", claimed.session.get_absolute_url(), "/queue/", f"/queue/?open={other.pk}"):
        page = live(browse(bo, path))
        while page.locator("[hx-post]").count():  # each goes with its turn
            element = page.locator("[hx-post]").first
            to = element.get_attribute("hx-post") or ""
            answer_without(page, element, to)
            toast = page.get_by_role("alert").filter(has_text="Too late.")
            expect(toast).to_be_visible()
            toast.evaluate("toast => toast.remove()")
            asked.add(re.sub(r"\d+", "N", to))
    assert asked >= {"/handoffs/N/claim/", "/handoffs/N/extend/", "/handoffs/N/read-back/", "/sessions/N/steps/"}


def answer_without(page: Page, element: Any, to: str) -> None:
    """A refusal, as RefusalMiddleware writes it, that comes when the element has been replaced."""

    def refuse(route: Route) -> None:
        page.evaluate("() => window.asking.remove()")
        headers = {"HX-Retarget": "#toasts", "HX-Reswap": "beforeend", "HX-Reselect": "unset"}
        body = '<div class="toast error" role="alert"><p>Too late.</p></div>'
        route.fulfill(status=409, headers=headers, content_type="text/html", body=body)

    page.route(f"**{to}", refuse)
    element.evaluate("""element => {
      window.asking = element;
      htmx.trigger(element, element.matches('form') ? 'submit' : 'click');
    }""")
    page.wait_for_function("() => !window.asking.isConnected || document.querySelector('[role=alert]')")


def test_a_failure_is_named_though_the_element_is_gone(
    live_site: Site, browser: Browser, session: Session, ana: User
) -> None:
    """In a browser of its own: such a failure stands on the console, too."""
    context = browser.new_context(base_url=live_site.url)
    context.add_cookies([session_cookie(ana, live_site)])
    page = context.new_page()
    page.goto(session.get_absolute_url())
    to = live(page).locator("#composer").get_attribute("hx-post") or ""

    def fail(route: Route) -> None:
        page.evaluate("() => document.querySelector('#composer').remove()")
        route.abort()

    page.route(f"**{to}", fail)
    page.evaluate("() => void htmx.trigger('#composer', 'submit')")
    expect(page.get_by_role("alert")).to_contain_text("The server cannot be reached")
    context.close()
