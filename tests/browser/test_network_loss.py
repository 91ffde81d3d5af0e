"""Pages that lose the network, Redis or their web process, or sleep, and then show what a fresh load shows."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from notifications.live import fragments
from resolutionflow.accounts.models import Event, User
from sessions_app.models import Step
from tests import servers
from tests.browser.flaky_network import (  # noqa: F401
    OpenPage,
    Workload,
    badge,
    differences,
    escalated,
    expect_as_fresh,
    expect_true,
    is_as,
    is_live,
    open_page,
    proxy,
    workload,
)
from tests.browser.waiting import is_refetch, live
from tests.fakes.flaky_proxy import FlakyProxy
from tests.live_site import Site, wait_until

pytestmark = pytest.mark.browser


# --- off the network -----------------------------------------------------------------------------


def test_every_screen_is_true_while_it_happens(open_page: OpenPage, workload: Workload, bo: User) -> None:
    pages = [live(open_page(bo, path)) for path in workload.paths()]
    workload.happens()
    expect_as_fresh(open_page, bo, *pages)
    for page in pages:
        live(page)


def test_every_screen_is_true_after_the_network_was_cut(
    open_page: OpenPage, proxy: FlakyProxy, workload: Workload, bo: User
) -> None:
    pages = [live(open_page(bo, path)) for path in workload.paths()]
    proxy.cut()
    for page in pages:
        badge(page, "Reconnecting")
    workload.happens()
    wait_until(lambda: proxy.refused >= len(pages))  # all have tried to come back, in vain
    proxy.open()
    expect_true(open_page, bo, *pages)


def test_a_page_is_true_after_a_long_silence(
    open_page: OpenPage, proxy: FlakyProxy, workload: Workload, bo: User
) -> None:
    """The network neither closes nor delivers: nobody tells the page that it is alone."""
    pages = [live(open_page(bo, path)) for path in workload.few_paths()]
    proxy.silence()
    workload.happens()
    for page in pages:
        badge(page, "Reconnecting")
    wait_until(lambda: proxy.unanswered >= 3 * len(pages))  # each has tried again and again
    assert not any(is_live(page) for page in pages)
    proxy.open()
    expect_true(open_page, bo, *pages)


# --- Redis, web processes, sleep -----------------------------------------------------------------


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[servers.Redis]:
    """One of our own, to be stopped."""
    own = servers.Redis(tmp_path, servers.free_port()).start()
    yield own
    own.stop()


@pytest.fixture
def web(redis: servers.Redis, live_site: Site, worker_process: Callable[..., Any]) -> Callable[[], Any]:
    """`process, url = web()`: a web process as an operator starts it, on this test's database and our own Redis."""

    def web() -> tuple[subprocess.Popen[bytes], str]:
        port = servers.free_port()
        process = worker_process("web", PORT=str(port), REDIS_URL=redis.url)
        wait_until(lambda: servers._answers(port))
        return process, f"http://127.0.0.1:{port}"

    return web


@pytest.mark.parametrize("fault", ["stop", "hang"])
def test_redis_may_go_and_come_back(
    open_page: OpenPage, proxy: FlakyProxy, workload: Workload, bo: User, redis: servers.Redis, web: Any, fault: str
) -> None:
    proxy.lead_to(web()[1])
    pages = [live(open_page(bo, path)) for path in workload.few_paths()]
    getattr(redis, fault)()
    workload.happens()
    expect_as_fresh(open_page, bo, *pages)
    redis.resume() if fault == "hang" else redis.start()
    workload.shown.claim(workload.lea)
    late = escalated(workload.ana, "When Redis was back", priority=1)
    expect(pages[0].locator(f"#card-{late.pk}")).to_be_visible()
    expect_as_fresh(open_page, bo, *pages)
    for page in pages:
        live(page)


def test_a_web_process_may_die(open_page: OpenPage, proxy: FlakyProxy, workload: Workload, bo: User, web: Any) -> None:
    """Whatever stands before them sends its pages to the other one."""
    first, second = web(), web()
    proxy.lead_to(first[1])
    pages = [live(open_page(bo, path)) for path in workload.few_paths()]
    first[0].send_signal(signal.SIGKILL)
    for page in pages:
        badge(page, "Reconnecting")
    workload.happens()
    proxy.lead_to(second[1])
    expect_true(open_page, bo, *pages)


def test_a_laptop_that_slept_asks_at_once(open_page: OpenPage, proxy: FlakyProxy, workload: Workload, bo: User) -> None:
    """Its sockets died meanwhile, and nobody told it."""
    first = open_page(bo, "/sessions/new/")
    first.clock.install()  # for all pages of this browser
    first.close()
    pages = [live(open_page(bo, path)) for path in workload.few_paths()]
    pages[0].clock.pause_at(time.time() + 5)
    proxy.silence()
    workload.happens()
    proxy.open()
    assert all(is_live(page) for page in pages)  # asleep, it shows what it showed
    pages[0].clock.fast_forward("08:00:00")
    pages[0].clock.resume()
    expect_true(open_page, bo, *pages)


# --- where sockets are blocked -------------------------------------------------------------------


def test_where_sockets_are_blocked_it_polls_until_they_are_not(
    open_page: OpenPage, proxy: FlakyProxy, workload: Workload, bo: User
) -> None:
    proxy.upgrades = False
    pages = [open_page(bo, path) for path in workload.few_paths()]
    for page in pages:
        badge(page, "Polling")
    workload.happens()
    expect(pages[0].locator("#cards")).to_contain_text("Created meanwhile")
    badge(pages[0], "Polling")
    proxy.upgrades = True
    for page in pages:
        badge(page, "Live")
    expect_as_fresh(open_page, bo, *pages)


# --- fetches that fail ---------------------------------------------------------------------------


def failing(page: Page, *answers: dict[str, Any]) -> list[str]:
    """The next fetches of this page get these answers; which were asked for."""
    left, asked = list(answers), []

    def answer(route: Route) -> None:
        if not is_refetch(route) or not left:
            return route.fallback()
        asked.append(route.request.url)
        return route.fulfill(**left.pop(0))

    page.route("**/*", answer)
    return asked


def test_a_fetch_that_failed_is_not_forgotten(open_page: OpenPage, workload: Workload, bo: User) -> None:
    page = live(open_page(bo, "/queue/?lane=claimed"))
    asked = failing(page, {"status": 500}, {"status": 502}, {"status": 429, "headers": {"Retry-After": "3"}})
    workload.claimed.claim(workload.cy)
    badge(page, "Reconnecting")
    expect(page.get_by_text("Claimed meanwhile")).to_be_visible()
    assert len(asked) == 3
    badge(page, "Live")
    expect_true(open_page, bo, page)


@pytest.mark.parametrize("status", [0, 503])
def test_a_preview_that_cannot_be_had_says_so(open_page: OpenPage, workload: Workload, bo: User, status: int) -> None:
    """And does not show another card's meanwhile."""
    page = live(open_page(bo, "/queue/"))
    first, second = page.locator("#cards .item-title a").all()[:2]
    first.click()
    heading = page.locator("#preview h2")
    expect(heading).to_have_text(first.inner_text())
    page.route("**/preview/", lambda route: route.fulfill(status=status) if status else route.abort())
    second.click()
    alert = page.locator("#preview").get_by_role("alert")
    expect(alert).to_contain_text("cannot be shown")
    expect(heading).to_have_count(0)
    page.evaluate("document.body.dispatchEvent(new CustomEvent('live:refresh'))")  # as whatever happens does
    expect(heading).to_have_text(second.inner_text())
    expect(alert).to_have_count(0)


def test_a_page_whose_session_is_gone_says_so(open_page: OpenPage, workload: Workload, bo: User) -> None:
    page = live(open_page(bo, workload.shown.session.get_absolute_url()))
    failing(page, {"status": 404})
    workload.shown.claim(workload.cy)
    badge(page, "Gone")
    expect(page.get_by_role("alert")).to_contain_text("no longer there")


def test_a_form_that_has_lost_its_meaning_keeps_its_text(open_page: OpenPage, workload: Workload, bo: User) -> None:
    page = live(open_page(bo, f"{workload.desk.get_absolute_url()}escalate/"))
    text = page.get_by_label("Why are you escalating?")
    text.fill("I cannot get in")
    workload.desk.resolve(workload.lea, resolution="Rebooted it.")
    expect(page.get_by_role("alert")).to_contain_text("moved on")
    expect(text).to_have_value("I cannot get in")
    expect(page.locator("#my-count")).to_have_text("2")
    badge(page, "Live")


def test_what_the_server_could_not_draw_is_fetched(
    open_page: OpenPage, workload: Workload, bo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any) -> str:
        raise ValueError("no template today")

    monkeypatch.setattr(fragments, "render_to_string", broken)
    lists, session = live(open_page(bo, "/queue/")), live(open_page(bo, workload.shown.session.get_absolute_url()))
    workload.shown.session.add_step(workload.cy, text="A step nobody could draw", outcome=Step.Outcome.FAILED)
    expect(session.get_by_text("A step nobody could draw")).to_be_visible()
    expect(lists.locator(f"#card-{workload.shown.pk}")).to_contain_text("4 tried")


# --- under a hand --------------------------------------------------------------------------------


def test_the_bell_is_true_too(
    open_page: OpenPage, proxy: FlakyProxy, workload: Workload, bo: User, workers: None
) -> None:
    pages = [live(open_page(bo, path)) for path in ("/notifications/", "/queue/")]
    proxy.cut()
    for page in pages:
        badge(page, "Reconnecting")
    workload.happens()
    wait_until(lambda: not Event.objects.filter(relayed_at=None).exists())
    proxy.open()
    for page in pages:
        badge(page, "Live")
    expect_as_fresh(open_page, bo, *pages)
    pages[0].get_by_role("button", name="Mark all read").click()
    expect(pages[1].locator("#bell [data-bell]")).to_be_hidden()
