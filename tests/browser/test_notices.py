"""Notices of the browser: asked for by a press, shown by one tab while none is in sight, and once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from notifications.models import Notification
from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.bell_lines import ring
from tests.browser.conftest import Browse
from tests.browser.page_checks import look
from tests.browser.waiting import asked_for_all, live, until
from tests.live_site import Site, session_cookie, wait_until

pytestmark = pytest.mark.browser

BELL = "/notifications/"
GREETING = "Notices of this browser are on"
# In the place of the browser's own: what would be shown is noted down. What is allowed the browser says when it is
# asked; without a window it keeps no answer, so that is kept here.
NOTED = """() => {
  const real = Notification
  window.noted = []
  window.Notification = class {
    static get permission() { return localStorage.getItem('permission') || 'default' }
    static async requestPermission() {
      const said = await real.requestPermission()
      localStorage.setItem('permission', said)
      return said
    }
    constructor(title, {tag}) { this.title = title; this.tag = tag; window.noted.push(this) }
    close() { this.closed = true }
  } }"""
REFUSE = "Notification.requestPermission = async () => (localStorage.setItem('permission', 'denied'), 'denied')"
HIDE = """(hidden) => {
  Object.defineProperty(document, 'hidden', {value: hidden, configurable: true})
  document.dispatchEvent(new Event('visibilitychange')) }"""


@pytest.fixture
def tab(browse: Browse, bo: User) -> Callable[..., Page]:
    """`tab()`: one more tab of Bo's browser, which notes notices down; `allowed`: they may be shown."""
    tabs: list[Page] = []

    def tab(path: str = BELL, *, allowed: bool = True) -> Page:
        if not tabs:
            first = browse(bo, "/healthz")
            first.context.add_init_script(f"({NOTED})()")
            if allowed:
                first.context.grant_permissions(["notifications"])
            tabs.append(first)
        page = tabs.pop() if tabs[0].url.endswith("/healthz") and len(tabs) == 1 else tabs[0].context.new_page()
        tabs.append(page)
        page.goto(path)
        return live(page)

    return tab


@pytest.fixture
def two(ana: User) -> tuple[Session, Session]:
    return Session.open(ana, problem_summary="No paper"), Session.open(ana, problem_summary="No mail")


def hide(*pages: Page, hidden: bool = True) -> None:
    for page in pages:
        page.evaluate(HIDE, hidden)


def noted(*pages: Page) -> list[list[str]]:
    """Title and tag of each notice, but for the one that says that they are on."""
    found = [one for page in pages for one in page.evaluate("noted.map(({title, tag}) => [title, tag])")]
    return [one for one in found if one[0] != GREETING]


def show_button(page: Page) -> Locator:
    return page.get_by_role("button", name="Show notices in this browser")


def turned_on(page: Page) -> Page:
    show_button(page).click()
    expect(page.get_by_text("This browser shows a notice of what is new")).to_be_visible()
    return page


def newest_read(page: Page) -> int:
    return int(page.evaluate("localStorage.getItem(`notices-last-${document.body.dataset.user}`)") or 0)


def test_they_are_turned_on_and_off_by_a_press_and_kept(tab: Callable[..., Page]) -> None:
    page = turned_on(tab())
    assert page.evaluate("noted.map(one => one.title)") == [GREETING]
    expect(page.get_by_role("button", name="Turn off")).to_be_focused()
    page.reload()
    live(page).get_by_role("button", name="Turn off").click()
    expect(show_button(page)).to_be_focused()
    page.reload()
    expect(show_button(live(page))).to_be_visible()


def test_whoever_shares_the_browser_is_asked_for_themselves(
    tab: Callable[..., Page], live_site: Site, cy: User
) -> None:
    page = turned_on(tab())
    page.context.add_cookies([session_cookie(cy, live_site)])
    page.goto(BELL)
    expect(show_button(live(page))).to_be_visible()


def test_blocked_by_the_browser_it_says_how_to_allow_them(tab: Callable[..., Page]) -> None:
    page = tab(allowed=False)
    page.evaluate(REFUSE)
    show_button(page).click()
    expect(page.get_by_text("The browser blocks notices.")).to_be_focused()
    expect(show_button(page)).to_be_hidden()
    page.reload()
    expect(live(page).get_by_text("The browser blocks notices.")).to_be_visible()
    assert look(page) == []


def test_a_browser_that_shows_none_says_so(browse: Browse, bo: User) -> None:
    page = browse(bo, "/healthz")
    page.context.grant_permissions(["notifications"])
    page.add_init_script("delete window.Notification")
    page.goto(BELL)
    expect(live(page).get_by_text("This browser shows no notices of an open page.")).to_be_visible()


def test_a_phone_that_refuses_them_from_a_page_says_so(browse: Browse, bo: User) -> None:
    page = browse(bo, "/healthz")
    page.context.grant_permissions(["notifications"])
    page.add_init_script(f"({NOTED})()")
    page.add_init_script(
        "const Noted = Notification; window.Notification = class extends Noted {"
        " constructor() { throw new TypeError('Illegal constructor') } }"
    )
    page.goto(BELL)
    show_button(live(page)).click()
    expect(page.get_by_text("This browser shows no notices of an open page.")).to_be_visible()


def test_one_tab_shows_it_once_and_a_later_one_takes_its_place(
    tab: Callable[..., Page], two: tuple[Session, Session], bo: User
) -> None:
    ring(bo, two[0], "There before")
    tabs = [turned_on(tab()), tab("/queue/"), tab("/")]
    hide(*tabs)
    ring(bo, two[0], "Ana asks you in No paper")
    until(tabs[0], lambda: noted(*tabs))
    ring(bo, two[0], "Ana asks you again")
    until(tabs[0], lambda: len(noted(*tabs)) > 1)
    ring(bo, None, "RT refuses its key")
    until(tabs[0], lambda: len(noted(*tabs)) > 2)
    lone = Notification.objects.get(session=None)
    tag = f"session-{two[0].pk}"
    assert sorted(noted(*tabs)) == sorted(
        [["Ana asks you in No paper", tag], ["Ana asks you again", tag], ["RT refuses its key", f"line-{lone.pk}"]]
    )


def test_none_is_shown_while_a_tab_is_in_sight_or_of_what_was_seen_then(
    tab: Callable[..., Page], two: tuple[Session, Session], bo: User
) -> None:
    bell, queue = turned_on(tab()), tab("/queue/")
    hide(bell)
    seen = ring(bo, two[0], "In sight")
    until(queue, lambda: newest_read(queue) == seen.pk)
    hide(queue)
    Notification.objects.filter(pk=seen.pk).update(read_at=None)
    ring(bo, two[1], "Out of sight")
    until(queue, lambda: noted(bell, queue))
    assert noted(bell, queue) == [["Out of sight", f"session-{two[1].pk}"]]


def test_nothing_is_asked_where_they_are_off(tab: Callable[..., Page], two: tuple[Session, Session], bo: User) -> None:
    page = tab("/queue/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "newest" in request.url else None)
    hide(page)
    ring(bo, two[0])
    expect(page.locator("[data-bell]")).to_have_text("1")
    asked_for_all(page)
    assert asked == []
    assert noted(page) == []


def test_turned_on_in_one_tab_they_are_on_in_all(
    tab: Callable[..., Page], two: tuple[Session, Session], bo: User
) -> None:
    queue, bell = tab("/queue/"), tab()
    turned_on(bell)
    bell.close()
    hide(queue)
    ring(bo, two[0], "Out of sight")
    until(queue, lambda: noted(queue))


def test_a_press_on_it_reads_the_session_and_opens_it(
    tab: Callable[..., Page], two: tuple[Session, Session], bo: User
) -> None:
    page = turned_on(tab())
    ring(bo, two[1], "Stays unread")
    hide(page)
    ring(bo, two[0], "Out of sight")
    until(page, lambda: noted(page))
    with page.context.expect_page() as opened:
        page.evaluate("noted[noted.length - 1].onclick()")
    opened.value.wait_for_url(f"**{two[0].get_absolute_url()}*")
    wait_until(lambda: not Notification.objects.filter(session=two[0], read_at=None).exists())
    assert Notification.objects.get(session=two[1]).read_at is None
    assert page.evaluate("noted[noted.length - 1].closed")
