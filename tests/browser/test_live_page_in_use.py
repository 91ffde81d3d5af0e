"""A live page under somebody's hand: text, focus and place stay while it changes."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from playwright.sync_api import expect

from handoffs.models import Handoff
from handoffs.views import queue
from resolutionflow.accounts.models import User
from sessions_app.models import Step
from tests.browser.flaky_network import (  # noqa: F401
    OpenPage,
    Workload,
    badge,
    escalated,
    expect_as_fresh,
    expect_true,
    is_live,
    open_page,
    proxy,
    workload,
)
from tests.browser.waiting import is_refetch, live, place, renewed, until
from tests.fakes.flaky_proxy import FlakyProxy

pytestmark = pytest.mark.browser


def test_text_focus_and_scroll_stay(open_page: OpenPage, proxy: FlakyProxy, workload: Workload, bo: User) -> None:
    page = live(open_page(bo, workload.shown.session.get_absolute_url()))
    page.set_viewport_size({"width": 1000, "height": 400})
    page.locator("#branches summary").click()
    page.get_by_label("Possible cause").fill("The la")
    box = page.locator("#composer_text")
    box.fill("I am typing th")
    box.evaluate("box => { box.setSelectionRange(5, 7); scrollTo(0, 250); }")
    before = place(box)
    proxy.cut()
    badge(page, "Reconnecting")
    workload.happens()
    proxy.open()
    badge(page, "Live")
    expect(page.get_by_role("heading", level=1)).to_have_text("Shown, and renamed")
    expect(box).to_be_focused()
    expect(box).to_have_value("I am typing th")
    assert box.evaluate("box => [box.selectionStart, box.selectionEnd]") == [5, 7]
    expect(page.get_by_label("Possible cause")).to_have_value("The la")
    expect(page.get_by_label("Possible cause")).to_be_visible()
    assert abs(place(box)["y"] - before["y"]) < 1
    expect_true(open_page, bo, page)


def test_what_is_typed_for_a_verb_that_is_no_more_is_kept(open_page: OpenPage, workload: Workload, bo: User) -> None:
    page = live(open_page(bo, workload.taken.get_absolute_url()))
    page.locator("summary", has_text="Return it").click()
    reason = page.locator("#return_reason")
    reason.fill("It is the switch, not th")
    workload.taken.take_over(workload.lea, reason="I know this one.")
    expect(page.locator("#go-on")).to_contain_text("Lea Tester has it")
    expect(reason).to_have_value("It is the switch, not th")
    expect(page.get_by_role("alert")).to_contain_text("has changed meanwhile")
    reason.fill("")
    page.locator("h1").click()
    expect(reason).to_have_count(0)
    expect_as_fresh(open_page, bo, page)


def test_a_card_in_hand_stays_chosen_and_in_its_place(
    open_page: OpenPage, proxy: FlakyProxy, workload: Workload, lea: User
) -> None:
    page = live(open_page(lea, "/queue/"))
    chosen, read = page.locator(f"#card-{workload.urgent.pk}"), page.locator(f"#card-{workload.undone.pk}")
    chosen.locator("input.select").check()
    read.hover()
    before = place(read)
    proxy.cut()
    badge(page, "Reconnecting")
    escalated(workload.ana, "First", priority=0)
    second = escalated(workload.ana, "Second", priority=0)
    workload.urgent.reprioritise(workload.ana, priority=0)
    proxy.open()
    pill = page.locator("#new-cards")
    expect(pill).to_have_text("2 new")
    second.claim(workload.cy)
    expect(pill).to_have_text("1 new")
    assert place(read) == before
    pill.click()
    expect(pill).to_have_count(0)
    expect(chosen.locator("input.select")).to_be_checked()
    chosen.locator("input.select").uncheck()
    page.mouse.move(0, 0)
    expect_as_fresh(open_page, lea, page)


def test_no_other_card_comes_under_the_hand(open_page: OpenPage, workload: Workload, bo: User) -> None:
    """In a lane that is fetched: it waits until the hand rests."""
    page = open_page(bo, "/queue/?lane=mine")
    page.clock.install()
    live(page).reload()
    card = live(page).locator(f"#card-{workload.mine.pk}")
    card.hover()
    before = place(card)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if is_refetch(request) else None)
    more = escalated(workload.ana, "More urgent", target_user=bo, priority=0)
    for near in itertools.cycle([0, 1]):  # the hand moves on the card, and time goes on
        card.hover(position={"x": 100 + near, "y": 20})
        page.clock.run_for(500)
        if len(asked) > 2:  # for its opening, for its escalation, and then: once more, because it was put off
            break
    assert place(card) == before
    page.clock.fast_forward(9_000)
    expect(page.locator(f"#card-{more.pk}")).to_be_visible()


def test_the_queue_beyond_its_first_page(
    open_page: OpenPage, proxy: FlakyProxy, workload: Workload, bo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "PAGE", 3)
    first = live(open_page(bo, "/queue/"))
    second = live(open_page(bo, first.locator("a[rel=next]").get_attribute("href") or ""))
    proxy.cut()
    badge(second, "Reconnecting")
    workload.happens()
    proxy.open()
    for page in (first, second):
        badge(page, "Live")
    expect_as_fresh(open_page, bo, first, second)


def test_what_i_do_in_one_tab_is_seen_in_the_other(open_page: OpenPage, workload: Workload, bo: User) -> None:
    """And the first one's news stays: only a colleague makes it old."""
    one, other = (live(open_page(bo, workload.shown.get_absolute_url())) for _ in range(2))
    one.get_by_role("button", name="Start fresh").click()
    expect(one.locator("#toasts")).to_contain_text("Claimed.")
    expect(other.locator("#go-on")).to_contain_text("You have it")
    Handoff.objects.get(pk=workload.shown.pk).session.change(bo, client_name="Hartwell Dental")
    expect(one.locator("#session-head")).to_contain_text("Hartwell Dental")
    expect(one.locator("#toasts")).to_contain_text("Claimed.")
    expect_as_fresh(open_page, bo, one, other)


def test_an_answer_to_a_form_that_was_not_right_is_live_too(open_page: OpenPage, workload: Workload, bo: User) -> None:
    """Its address takes no GET; what was typed and what was wrong stay."""
    page = live(open_page(bo, workload.taken.get_absolute_url()))
    page.locator("summary", has_text="Return it").click()
    page.locator("#return_reason").evaluate("field => { field.required = false; field.value = ' '; }")
    page.get_by_role("button", name="Return", exact=True).click()
    page.wait_for_url("**/return/")
    live(page)
    workload.taken.session.add_step(workload.cy, text="A colleague's step", outcome=Step.Outcome.FAILED)
    expect(page.get_by_text("A colleague's step").first).to_be_visible()
    expect(page.locator("#return_reason[aria-invalid=true]")).to_be_visible()
    badge(page, "Live")


def test_nothing_comes_back_that_went_while_the_page_was_fetched(
    open_page: OpenPage, workload: Workload, bo: User
) -> None:
    """A page fetched before a claim arrives after it."""
    page = live(open_page(bo, "/queue/"))
    card = page.locator(f"#card-{workload.claimed.pk}")
    held: list[Any] = []
    page.route("**/queue/", lambda route: held.append((route, route.fetch())), times=1)
    page.evaluate("document.body.dispatchEvent(new CustomEvent('live:refresh'))")
    until(page, lambda: held)
    workload.claimed.claim(workload.cy)
    expect(card).to_have_count(0)
    page.evaluate(
        """id => { new MutationObserver(() => window.cameBack ||= document.getElementById(id) !== null)
          .observe(document.body, {childList: true, subtree: true}) }""",
        f"card-{workload.claimed.pk}",
    )
    route, answer = held[0]
    with page.expect_response("**/queue/"):
        route.fulfill(response=answer)
    renewed(page)  # after the old answer was read
    assert not page.evaluate("window.cameBack")


def test_back_by_the_browser_s_own_button(open_page: OpenPage, workload: Workload, bo: User) -> None:
    page = live(open_page(bo, "/queue/"))
    page.goto("/sessions/")
    workload.happens()
    page.go_back()
    badge(page, "Live")
    expect_as_fresh(open_page, bo, page)
