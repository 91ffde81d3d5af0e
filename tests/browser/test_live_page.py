"""What a page does by itself while it is read, and what it does with a hand that is too quick."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from handoffs.models import Handoff, Summary
from resolutionflow.accounts.models import Event, User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import WIDE, look
from tests.browser.waiting import live, place
from tests.fakes import messages_api as fake
from tests.handoffs.test_summary import GOOD

pytestmark = pytest.mark.browser


def escalated(user: User, summary: str, **more: Any) -> Handoff:
    return Handoff.escalate(Session.open(user, problem_summary=summary), user, notes="I am stuck.", **more)


def deaf(page: Page, path: str) -> Page:
    """The same browser with sockets blocked, as some proxies do."""
    page.context.route_web_socket("**/ws/live/*", lambda socket: socket.close(code=1011))
    page.goto(path)
    return page


# --- the queue -----------------------------------------------------------------------------------


def test_what_comes_above_the_card_being_read_waits_in_a_pill(browse: Browse, ana: User, bo: User) -> None:
    read = escalated(ana, "Being read")
    page = live(browse(bo, "/queue/"))
    card = page.locator(f"#card-{read.pk}")
    card.hover()
    before = place(card)
    escalated(ana, "First urgent", priority=0)
    escalated(ana, "Second urgent", priority=0)
    expect(page.locator("#new-cards")).to_have_text("2 new")
    assert place(card) == before
    page.locator("#new-cards").click()
    expect(page.locator("#cards .item-title")).to_have_text(["First urgent", "Second urgent", "Being read"])


def test_a_refusal_is_a_toast_that_leaves_the_page_alone(browse: Browse, waiting: Handoff, bo: User, cy: User) -> None:
    page = deaf(browse(bo), "/queue/")
    waiting.claim(cy)
    page.get_by_role("button", name="Claim").click()
    toast = page.get_by_role("alert")
    expect(toast).to_contain_text("Cy Tester claimed this")
    expect(toast).to_contain_text("Nothing else is waiting for you.")
    expect(page).to_have_url(re.compile(r"/queue/$"))
    card = page.locator(f"#card-{waiting.pk}")  # asked again after the refusal; nothing moves under the pointer
    expect(card).to_have_class(re.compile("gone"))
    page.mouse.move(0, 0)
    expect(card).to_have_count(0)
    assert look(page) == []
    toast.get_by_role("button", name="Close").click()
    expect(toast).to_have_count(0)


# --- a hand that is too quick --------------------------------------------------------------------


def test_what_was_refused_stays_live(browse: Browse, claimed: Handoff, ana: User, cy: User) -> None:
    """Its address cannot be fetched: that is no reason to say that the network is gone."""
    page = live(browse(cy, "/queue/"))
    page.locator("#verb").evaluate("(form, to) => { form.action = to; form.submit() }", f"/handoffs/{claimed.pk}/undo/")
    expect(page.get_by_role("heading", name="You cannot do this")).to_be_visible()
    live(page)
    escalated(ana, "Another one")
    expect(page.locator("#queue-count")).to_have_text("1")
    live(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("You cannot do this")
    expect(page.locator("#toasts .toast")).to_have_count(0)


def test_a_double_click_does_it_once(browse: Browse, session: Session, ana: User, bo: User) -> None:
    anas, bos = live(browse(ana, session.get_absolute_url())), live(browse(bo, "/queue/"))
    anas.locator("#composer textarea[name=text]").fill("Looked at the tunnel")
    anas.locator("#composer").get_by_role("button", name="Worked", exact=True).dblclick()
    expect(anas.locator("#trail > .step")).to_have_count(4)
    anas.get_by_role("link", name="Escalate").click()
    anas.get_by_label("Why are you escalating?").fill("Please look.")
    anas.get_by_role("button", name="Escalate").dblclick()
    expect(bos.get_by_role("button", name="Claim")).to_be_visible()
    expect(bos.locator("#cards .typing")).to_have_count(0)  # while Ana types there it asks first
    bos.get_by_role("button", name="Claim").dblclick()
    bos.wait_for_url("**/sessions/**")
    expect(bos.get_by_role("alert")).to_have_count(0)
    kinds = ["step.added", "handoff.escalated", "handoff.claimed"]
    assert [Event.objects.filter(kind=kind).count() for kind in kinds] == [4, 1, 1]


def test_signing_out_ends_every_tab(browse: Browse, session: Session, ana: User) -> None:
    page = live(browse(ana, session.get_absolute_url()))
    other = page.context.new_page()
    other.goto("/queue/")
    live(other)
    page.locator("summary", has_text=ana.name).click()
    page.get_by_role("button", name="Sign out").click()
    other.wait_for_url("**/login/?next=%2Fqueue%2F")


def test_my_own_way_starts_in_the_composer(browse: Browse, waiting: Handoff, bo: User) -> None:
    page = live(browse(bo, waiting.get_absolute_url()))
    page.get_by_role("button", name="Start fresh").click()
    expect(page.locator("#composer_text")).to_be_focused()


def test_an_outcome_set_by_keyboard_keeps_the_focus(browse: Browse, session: Session, ana: User) -> None:
    step = session.steps.order_by("order")[0]
    page = live(browse(ana, session.get_absolute_url()))
    page.locator(f"#step-{step.pk}-inconclusive").press("Enter")
    expect(page.locator(f"#step-{step.pk}-inconclusive[aria-pressed=true]")).to_be_focused()


# --- the AI's summary on the pick-up screen ------------------------------------------------------


@pytest.fixture
def api(settings: Any) -> Iterator[fake.MessagesApi]:
    with fake.running(settings) as api:
        settings.AI_TIMEOUT_SECONDS = 2
        yield api


@pytest.fixture
def long(session: Session, ana: User) -> Handoff:
    """A trail longer than a screen."""
    for n in range(15):
        session.add_step(ana, text=f"Tried cable {n}", outcome="failed")
    return Handoff.escalate(session, ana, notes="Stuck.", priority=1)


def reading(page: Page, handoff: Handoff) -> Any:
    return page.locator(f"#summary-{handoff.pk}")


def test_the_page_is_whole_without_ai(browse: Browse, waiting: Handoff, bo: User) -> None:
    page = browse(bo, waiting.get_absolute_url())
    expect(reading(page, waiting)).to_be_hidden()
    expect(page.get_by_text("The AI is off.")).to_be_visible()
    expect(page.get_by_text("Restarted the VPN service")).to_be_visible()


def test_pending_becomes_ready_and_then_stale(
    browse: Browse, api: fake.MessagesApi, long: Handoff, bo: User, request: pytest.FixtureRequest
) -> None:
    api.says(fake.answer(GOOD))
    page = live(browse(bo, long.get_absolute_url()))
    here = reading(page, long)
    expect(here).to_contain_text("Being written")
    assert look(page) == []
    page.set_viewport_size(WIDE)
    page.evaluate("window.notReloaded = true")

    request.getfixturevalue("workers")
    expect(here).to_contain_text("medium confidence")
    expect(here).to_contain_text("The tunnel's key lifetime does not match.")
    assert look(page) == []
    page.set_viewport_size(WIDE)

    expect(page.locator("#s1")).not_to_be_in_viewport()
    here.locator("a.ref", has_text="s1").first.click()
    expect(page.locator("#s1")).to_be_in_viewport()

    long.session.add_step(bo, text="Compared them: equal")
    expect(here).to_contain_text("1 new step since")
    here.get_by_role("button", name="Renew").click()
    expect(here).to_contain_text("2 versions")
    expect(here).not_to_contain_text("new step since")
    expect(here).to_contain_text("medium confidence")
    assert page.evaluate("window.notReloaded")
    assert len(api.requests) == 2


def test_a_failed_reading_says_why_and_can_be_tried_again(
    browse: Browse, api: fake.MessagesApi, waiting: Handoff, bo: User, workers: None
) -> None:
    api.says(fake.failure(401), fake.answer(GOOD))
    page = live(browse(bo, waiting.get_absolute_url()))
    here = reading(page, waiting)
    expect(here).to_contain_text("It could not be written.")
    expect(here).to_contain_text(Summary.objects.get().error)
    expect(page.get_by_text("Restarted the VPN service").first).to_be_visible()
    assert look(page) == []
    here.get_by_role("button", name="Try again").click()
    expect(here).to_contain_text("medium confidence")
