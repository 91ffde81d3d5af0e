"""How a test in a browser waits. Read this before you write one.

A test waits for what it asserts, and never for a length of time: what takes a second here takes ten on a busy machine.

- `expect(…)` looks again until it is so. Its limit is PATIENCE, for all of them; no call sets one of its own.
- `live(page)` after every load, by whatever hand: it is styled, its scripts have run, its socket is up.
- `place(locator)` tells where something stands, once nothing is loaded or moving any more.
- `until(page, …)` waits for what a route or a listener of the test's own notes down.
- That something does *not* happen is asserted after what would have made it happen: `asked_for_all(page)` when no
  request may go out, `renewed(page)` when the page may not change what it shows.
- What the page does in so many seconds is tried with its clock in our hand: `browse(bo, "/queue/", clock=True)`. There
  time stands still but for `page.clock.run_for(…)`. What the site does in so many seconds: by moving the row's moment.
- That a thing is quick is said by what it does without: `unfetched(page)`, when it must come by the socket. How quick
  it is stands in `make bench`.
- No test rests on a font or on the width of words: it makes its own room, as test_presence.py does. To try it:
  `FONT="DejaVu Serif" .venv/bin/pytest tests/browser`, with any font of this machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Error, FloatRect, Locator, Page, Request, Response, Route, expect

from tests.live_site import wait_until

SETTLED = """async () => {
  if (document.readyState !== 'complete') await new Promise(done => addEventListener('load', done, {once: true}));
  await document.fonts.ready;
  await Promise.all(document.getAnimations().map(one => one.playState === 'running' && one.finished.catch(() => 0)));
}"""
REFRESH = "document.body.dispatchEvent(new CustomEvent('live:refresh'))"


def live(page: Page) -> Page:
    expect(page.locator("#live-status")).to_have_text("Live")
    return page


def place(locator: Locator) -> FloatRect:
    """Where it stands, once it has come and stands still."""
    locator.wait_for()
    locator.page.evaluate(SETTLED)
    box = locator.bounding_box()
    assert box is not None, f"{locator} is not shown"
    return box


def until(page: Page, true: Callable[[], Any]) -> Any:
    """As wait_until(), while routes and listeners of this page go on: only Playwright's own waits serve them."""

    def look() -> Any:
        page.wait_for_timeout(20)
        return true()

    return wait_until(look)


def asked_for_all(page: Page) -> None:
    """Whatever keys and clicks have made this page ask for has reached our routes: this request comes after it."""
    page.evaluate("() => fetch('/healthz').then(() => fetch('/healthz'))")  # timers may stand still


def is_refetch(asked: Request | Response | Route) -> bool:
    """A page asks for itself, to bring up to date what it shows."""
    request = asked if isinstance(asked, Request) else asked.request
    return request.headers.get("x-requested-with") == "live"


def renewed(page: Page) -> None:
    """The page has been fetched once more, from now, and shows it: the second fetch begins when the first is shown."""
    for _again in range(2):
        with page.expect_response(is_refetch):
            page.evaluate(REFRESH)


@contextmanager
def unfetched(*pages: Page) -> Iterator[None]:
    """Meanwhile these pages get no answer when they ask for themselves: what comes all the same, the socket brought."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route) if is_refetch(route) else route.fallback()

    for page in pages:
        page.route("**/*", hold)
    yield
    for page in pages:
        page.unroute("**/*", hold)
    for route in held:
        try:
            route.continue_()
        except Error:  # the page has asked anew meanwhile, and let go of this one
            continue
