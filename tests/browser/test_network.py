"""Pages that lose the network, Redis or their web process, or sleep, and then show what a fresh load shows."""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route, expect

from handoffs.models import Handoff, Summary
from handoffs.views import queue
from notifications.live import fragments
from resolutionflow.accounts.models import Event, User
from resolutionflow.core import clock
from sessions_app.models import Session, Step
from tests import servers
from tests.browser.waiting import is_refetch, live, place, renewed, until
from tests.fakes.road import Road
from tests.live import PATIENCE, Site, process_environment, session_cookie, stop, wait_until

pytestmark = pytest.mark.browser

# What a page shows, as text: without what only the reader's hand or clock makes of it.
PICTURE = """() => {
  const page = document.body.cloneNode(true);
  const all = selector => page.querySelectorAll(selector);
  all('script, #live-status, #new-cards, #toasts, #announcer, .here, .draft').forEach(one => one.remove());
  all('[id^=desk], dialog').forEach(one => one.remove());
  page.querySelectorAll(':scope > :not(.shell)').forEach(one => one.remove());
  all('time').forEach(one => { one.textContent = one.getAttribute('datetime'); one.removeAttribute('title'); });
  all('input[type=hidden]').forEach(one => one.removeAttribute('value'));
  all('details').forEach(one => one.removeAttribute('open'));
  all('.new').forEach(one => one.classList.remove('new'));
  for (const name of ['data-seq', 'hx-headers', 'autofocus', 'aria-busy', 'tabindex', 'aria-selected']) {
    [page, ...all(`[${name}]`)].forEach(one => one.removeAttribute(name));
  }
  const lines = html => html.replace(/\\s+/g, ' ').replace(/> ?</g, '>\\n<');
  return document.title + '\\n' + lines(page.querySelector('.shell').outerHTML);
}"""


@pytest.fixture
def road(live_site: Site) -> Iterator[Road]:
    with Road(live_site.url) as road:
        yield road


Travel = Callable[..., Page]


@pytest.fixture
def travel(live_site: Site, browser: Browser, road: Road) -> Iterator[Travel]:
    """`travel(bo, "/queue/")`: a page of Bo's browser, which reaches the site by the road only."""
    wrong: list[str] = []
    contexts: dict[User, Any] = {}

    def travel(user: User, path: str) -> Page:
        if user not in contexts:
            contexts[user] = browser.new_context(base_url=road.url, viewport={"width": 1440, "height": 900})
            contexts[user].set_default_timeout(PATIENCE * 1000)
            contexts[user].add_cookies([session_cookie(user, live_site)])
            contexts[user].on("weberror", lambda error: wrong.append(str(error.error.stack)))
        page: Page = contexts[user].new_page()
        page.goto(path)
        return page

    yield travel
    for context in contexts.values():
        context.close()
    assert wrong == []


def badge(page: Page, words: str) -> None:
    expect(page.locator("#live-status")).to_have_text(words)


def is_live(page: Page) -> bool:
    """At this moment."""
    return page.locator("#live-status").inner_text() == "Live"


def differences(page: Page, fresh: Page) -> str:
    """What the page shows otherwise than a fresh load of the same address."""
    shown, wanted = page.evaluate(PICTURE), fresh.evaluate(PICTURE)
    return "\n".join(unified_diff(shown.splitlines(), wanted.splitlines(), lineterm=""))


def expect_as_fresh(travel: Travel, user: User, *pages: Page) -> None:
    """Each page comes to equal a fresh load of the same address, by itself."""
    for page in pages:
        fresh = live(travel(user, page.url))
        until(page, lambda page=page, fresh=fresh: is_as(page, fresh))
        fresh.close()


def is_as(page: Page, fresh: Page) -> bool:
    if differences(page, fresh):
        fresh.reload()
        live(fresh)
    return not differences(page, fresh)


def expect_true(travel: Travel, user: User, *pages: Page) -> None:
    """Each page says Live, so it equals a fresh load of its address now: nothing happens that it could wait for."""
    for page in pages:
        badge(page, "Live")
        shown = page.evaluate(PICTURE)
        fresh = live(travel(user, page.url))
        assert shown == fresh.evaluate(PICTURE), f"{page.url}\n{differences(page, fresh)}"
        fresh.close()


# --- what happens meanwhile ----------------------------------------------------------------------


def escalated(user: User, summary: str, **more: Any) -> Handoff:
    return Handoff.escalate(Session.open(user, problem_summary=summary), user, notes="I am stuck.", **more)


class Floor:
    """Work in every position, some of it Bo's; and everything that can happen to it."""

    def __init__(self, ana: User, bo: User, cy: User, lea: User) -> None:
        self.ana, self.bo, self.cy, self.lea = ana, bo, cy, lea
        self.shown = escalated(ana, "Shown")
        for n in range(3):
            self.shown.session.add_step(ana, text=f"Tried cable {n}", outcome=Step.Outcome.FAILED)
        self.claimed = escalated(ana, "Claimed meanwhile")
        self.undone = escalated(ana, "Claimed and undone")
        self.urgent = escalated(ana, "Becomes urgent", priority=3)
        self.withdrawn = escalated(ana, "Withdrawn")
        self.mine = escalated(ana, "For Bo", target_user=bo)
        self.released = self._claimed("Released", bo)
        self.returned = self._claimed("Returned to Bo", cy, sender=bo)
        self.given = self._claimed("Given to Bo", cy)
        self.taken = self._claimed("Taken from Bo", bo)
        self.solved = self._claimed("Solved", cy, sender=bo)
        self.parked = Handoff.park(
            Session.open(bo, problem_summary="Parked"), bo, wake_at=timezone.now() + timedelta(hours=1)
        )
        self.desk = Session.open(bo, problem_summary="On Bo's desk")

    def _claimed(self, summary: str, by: User, sender: User | None = None) -> Handoff:
        handoff = escalated(sender or self.ana, summary)
        handoff.claim(by)
        return handoff

    def paths(self) -> list[str]:
        """Every screen of Bo's that shows some of it."""
        session = self.shown.session
        lanes = [
            f"/queue/?{query}" for query in ("lane=mine", "lane=claimed", "lane=parked", "priority=urgent&sort=wait")
        ]
        return ["/queue/", *lanes, "/", "/sessions/", session.get_absolute_url(), self.shown.get_absolute_url()]

    def happens(self) -> None:
        """More than twenty events of twenty kinds."""
        ana, bo, cy, lea = self.ana, self.bo, self.cy, self.lea
        before = set(Event.objects.values_list("pk", flat=True))
        escalated(ana, "Created meanwhile", priority=0)
        escalated(ana, "Created for Bo", target_user=bo)
        self.claimed.claim(cy)
        self.undone.claim(cy)
        self.undone.undo(cy)
        self.urgent.reprioritise(ana, priority=0)
        self.withdrawn.withdraw(ana, reason="Found it.")
        self.mine.claim(lea)
        self.released.release(bo, reason="Out of office.")
        self.returned.return_(cy, reason="Try the other cable.")
        self.given.transfer(cy, to=bo)
        self.taken.take_over(lea, reason="I know this one.")
        self.solved.session.resolve(cy, resolution="Replaced the cable.")
        with clock.replayed_at(timezone.now() + timedelta(hours=2)):
            self.parked.wake()
        Handoff.park(self.desk, bo)
        session = self.shown.session
        step = session.add_step(cy, text="A step by Cy", outcome=Step.Outcome.WORKED)
        session.steps.order_by("order").first().change(cy, outcome=Step.Outcome.INCONCLUSIVE)
        session.add_message(cy, content="What a colleague says")
        session.add_branch(cy, label="The other hypothesis")
        session.change(cy, problem_summary="Shown, and renamed", client_name="Hartwell Dental")
        session.add_step(cy, text="Another step", outcome=Step.Outcome.PENDING).change(cy, outcome=step.outcome)
        self._read(self.shown)
        self.shown.refresh_from_db()
        self.shown.claim(cy)
        self.shown.release(cy, reason="Not mine after all.")
        kinds = set(Event.objects.exclude(pk__in=before).values_list("kind", flat=True))
        assert len(kinds) >= 18, kinds

    def _read(self, handoff: Handoff) -> None:
        """The AI has read it."""
        summary = Summary.objects.create(
            account=handoff.account, handoff=handoff, status=Summary.Status.DONE, done_at=timezone.now(),
            summary_prose="The tunnel's key lifetime does not match.", steps_seen=handoff.session.step_count,
        )  # fmt: skip
        summary.settled()


@pytest.fixture
def floor(ana: User, bo: User, cy: User, lea: User) -> Floor:
    return Floor(ana, bo, cy, lea)


# --- off the network -----------------------------------------------------------------------------


def test_every_screen_is_true_while_it_happens(travel: Travel, floor: Floor, bo: User) -> None:
    pages = [live(travel(bo, path)) for path in floor.paths()]
    floor.happens()
    expect_as_fresh(travel, bo, *pages)
    for page in pages:
        live(page)


def test_every_screen_is_true_after_the_network_was_cut(travel: Travel, road: Road, floor: Floor, bo: User) -> None:
    pages = [live(travel(bo, path)) for path in floor.paths()]
    road.cut()
    for page in pages:
        badge(page, "Reconnecting")
    floor.happens()
    wait_until(lambda: road.refused >= len(pages))  # all have tried to come back, in vain
    road.open()
    expect_true(travel, bo, *pages)


def test_every_screen_is_true_after_a_long_silence(travel: Travel, road: Road, floor: Floor, bo: User) -> None:
    """The network neither closes nor delivers: nobody tells the page that it is alone."""
    pages = [live(travel(bo, path)) for path in floor.paths()]
    road.silence()
    floor.happens()
    for page in pages:
        badge(page, "Reconnecting")
    wait_until(lambda: road.unanswered >= 3 * len(pages))  # each has tried again and again
    assert not any(is_live(page) for page in pages)
    road.open()
    expect_true(travel, bo, *pages)


# --- Redis, web processes, sleep -----------------------------------------------------------------


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[servers.Redis]:
    """One of our own, to be stopped."""
    own = servers.Redis(tmp_path, servers.free_port()).start()
    yield own
    own.stop()


@pytest.fixture
def web(real: None, redis: servers.Redis, live_site: Site) -> Iterator[Callable[[], Any]]:
    """`process, url = web()`: a web process as an operator starts it, on this test's database and our own Redis."""
    started: list[subprocess.Popen[bytes]] = []

    def web() -> tuple[subprocess.Popen[bytes], str]:
        port = servers.free_port()
        environment = process_environment(PORT=str(port)) | {"REDIS_URL": redis.url}
        command = [sys.executable, servers.ROOT / "manage.py", "up", "--only", "web"]
        started.append(subprocess.Popen(command, env=environment))
        wait_until(lambda: servers._answers(port))
        return started[-1], f"http://127.0.0.1:{port}"

    yield web
    for process in started:
        stop(process)


@pytest.mark.parametrize("fault", ["stop", "hang"])
def test_redis_may_go_and_come_back(
    travel: Travel, road: Road, floor: Floor, bo: User, redis: servers.Redis, web: Any, fault: str
) -> None:
    road.lead_to(web()[1])
    pages = [live(travel(bo, path)) for path in floor.paths()]
    getattr(redis, fault)()
    floor.happens()
    expect_as_fresh(travel, bo, *pages)
    redis.resume() if fault == "hang" else redis.start()
    floor.shown.claim(floor.lea)
    late = escalated(floor.ana, "When Redis was back", priority=1)
    expect(pages[0].locator(f"#card-{late.pk}")).to_be_visible()
    expect_as_fresh(travel, bo, *pages)
    for page in pages:
        live(page)


def test_a_web_process_may_die(travel: Travel, road: Road, floor: Floor, bo: User, web: Any) -> None:
    """Whatever stands before them sends its pages to the other one."""
    first, second = web(), web()
    road.lead_to(first[1])
    pages = [live(travel(bo, path)) for path in floor.paths()]
    first[0].send_signal(signal.SIGKILL)
    for page in pages:
        badge(page, "Reconnecting")
    floor.happens()
    road.lead_to(second[1])
    expect_true(travel, bo, *pages)


def test_a_laptop_that_slept_asks_at_once(travel: Travel, road: Road, floor: Floor, bo: User) -> None:
    """Its sockets died meanwhile, and nobody told it."""
    first = travel(bo, "/sessions/new/")
    first.clock.install()  # for all pages of this browser
    first.close()
    pages = [live(travel(bo, path)) for path in floor.paths()]
    pages[0].clock.pause_at(time.time() + 5)
    road.silence()
    floor.happens()
    road.open()
    assert all(is_live(page) for page in pages)  # asleep, it shows what it showed
    pages[0].clock.fast_forward("08:00:00")
    pages[0].clock.resume()
    expect_true(travel, bo, *pages)


# --- where sockets are blocked -------------------------------------------------------------------


def test_where_sockets_are_blocked_it_polls_until_they_are_not(
    travel: Travel, road: Road, floor: Floor, bo: User
) -> None:
    road.upgrades = False
    pages = [travel(bo, path) for path in floor.paths()]
    for page in pages:
        badge(page, "Polling")
    floor.happens()
    expect(pages[0].locator("#cards")).to_contain_text("Created meanwhile")
    badge(pages[0], "Polling")
    road.upgrades = True
    for page in pages:
        badge(page, "Live")
    expect_as_fresh(travel, bo, *pages)


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


def test_a_fetch_that_failed_is_not_forgotten(travel: Travel, floor: Floor, bo: User) -> None:
    page = live(travel(bo, "/queue/?lane=claimed"))
    asked = failing(page, {"status": 500}, {"status": 502}, {"status": 429, "headers": {"Retry-After": "3"}})
    floor.claimed.claim(floor.cy)
    badge(page, "Reconnecting")
    expect(page.get_by_text("Claimed meanwhile")).to_be_visible()
    assert len(asked) == 3
    badge(page, "Live")
    expect_true(travel, bo, page)


@pytest.mark.parametrize("status", [0, 503])
def test_a_preview_that_cannot_be_had_says_so(travel: Travel, floor: Floor, bo: User, status: int) -> None:
    """And does not show another card's meanwhile."""
    page = live(travel(bo, "/queue/"))
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


def test_a_page_whose_session_is_gone_says_so(travel: Travel, floor: Floor, bo: User) -> None:
    page = live(travel(bo, floor.shown.session.get_absolute_url()))
    failing(page, {"status": 404})
    floor.shown.claim(floor.cy)
    badge(page, "Gone")
    expect(page.get_by_role("alert")).to_contain_text("no longer there")


def test_a_form_that_has_lost_its_meaning_keeps_its_text(travel: Travel, floor: Floor, bo: User) -> None:
    page = live(travel(bo, f"{floor.desk.get_absolute_url()}escalate/"))
    text = page.get_by_label("Why do you hand it over?")
    text.fill("I cannot get in")
    floor.desk.resolve(floor.lea, resolution="Rebooted it.")
    expect(page.get_by_role("alert")).to_contain_text("moved on")
    expect(text).to_have_value("I cannot get in")
    expect(page.locator("#my-count")).to_have_text("2")
    badge(page, "Live")


def test_what_the_server_could_not_draw_is_fetched(
    travel: Travel, floor: Floor, bo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any) -> str:
        raise ValueError("no template today")

    monkeypatch.setattr(fragments, "render_to_string", broken)
    lists, session = live(travel(bo, "/queue/")), live(travel(bo, floor.shown.session.get_absolute_url()))
    floor.shown.session.add_step(floor.cy, text="A step nobody could draw", outcome=Step.Outcome.FAILED)
    expect(session.get_by_text("A step nobody could draw")).to_be_visible()
    expect(lists.locator(f"#card-{floor.shown.pk}")).to_contain_text("4 tried")


# --- under a hand --------------------------------------------------------------------------------


def test_text_focus_and_scroll_stay(travel: Travel, road: Road, floor: Floor, bo: User) -> None:
    page = live(travel(bo, floor.shown.session.get_absolute_url()))
    page.set_viewport_size({"width": 1000, "height": 400})
    page.locator("#branches summary").click()
    page.get_by_label("What may be the cause?").fill("The la")
    box = page.locator("#composer_text")
    box.fill("I am typing th")
    box.evaluate("box => { box.setSelectionRange(5, 7); scrollTo(0, 250); }")
    before = place(box)
    road.cut()
    badge(page, "Reconnecting")
    floor.happens()
    road.open()
    badge(page, "Live")
    expect(page.get_by_role("heading", level=1)).to_have_text("Shown, and renamed")
    expect(box).to_be_focused()
    expect(box).to_have_value("I am typing th")
    assert box.evaluate("box => [box.selectionStart, box.selectionEnd]") == [5, 7]
    expect(page.get_by_label("What may be the cause?")).to_have_value("The la")
    expect(page.get_by_label("What may be the cause?")).to_be_visible()
    assert abs(place(box)["y"] - before["y"]) < 1
    expect_true(travel, bo, page)


def test_what_is_typed_for_a_verb_that_is_no_more_is_kept(travel: Travel, floor: Floor, bo: User) -> None:
    page = live(travel(bo, floor.taken.get_absolute_url()))
    page.locator("summary", has_text="Return it").click()
    reason = page.locator("#return_reason")
    reason.fill("It is the switch, not th")
    floor.taken.take_over(floor.lea, reason="I know this one.")
    expect(page.locator("#go-on")).to_contain_text("Lea Tester has it")
    expect(reason).to_have_value("It is the switch, not th")
    expect(page.get_by_role("alert")).to_contain_text("has changed meanwhile")
    reason.fill("")
    page.locator("h1").click()
    expect(reason).to_have_count(0)
    expect_as_fresh(travel, bo, page)


def test_a_card_in_hand_stays_chosen_and_in_its_place(travel: Travel, road: Road, floor: Floor, lea: User) -> None:
    page = live(travel(lea, "/queue/"))
    chosen, read = page.locator(f"#card-{floor.urgent.pk}"), page.locator(f"#card-{floor.undone.pk}")
    chosen.locator("input.select").check()
    read.hover()
    before = place(read)
    road.cut()
    badge(page, "Reconnecting")
    escalated(floor.ana, "First", priority=0)
    second = escalated(floor.ana, "Second", priority=0)
    floor.urgent.reprioritise(floor.ana, priority=0)
    road.open()
    pill = page.locator("#new-cards")
    expect(pill).to_have_text("2 new")
    second.claim(floor.cy)
    expect(pill).to_have_text("1 new")
    assert place(read) == before
    pill.click()
    expect(pill).to_have_count(0)
    expect(chosen.locator("input.select")).to_be_checked()
    chosen.locator("input.select").uncheck()
    page.mouse.move(0, 0)
    expect_as_fresh(travel, lea, page)


def test_no_other_card_comes_under_the_hand(travel: Travel, floor: Floor, bo: User) -> None:
    """In a lane that is fetched: it waits until the hand rests."""
    page = travel(bo, "/queue/?lane=mine")
    page.clock.install()
    live(page).reload()
    card = live(page).locator(f"#card-{floor.mine.pk}")
    card.hover()
    before = place(card)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if is_refetch(request) else None)
    more = escalated(floor.ana, "More urgent", target_user=bo, priority=0)
    for near in itertools.cycle([0, 1]):  # the hand moves on the card, and time goes on
        card.hover(position={"x": 100 + near, "y": 20})
        page.clock.run_for(500)
        if len(asked) > 2:  # for its opening, for its escalation, and then: once more, because it was put off
            break
    assert place(card) == before
    page.clock.fast_forward(9_000)
    expect(page.locator(f"#card-{more.pk}")).to_be_visible()


def test_the_queue_beyond_its_first_page(
    travel: Travel, road: Road, floor: Floor, bo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "PAGE", 3)
    first = live(travel(bo, "/queue/"))
    second = live(travel(bo, first.locator("a[rel=next]").get_attribute("href") or ""))
    road.cut()
    badge(second, "Reconnecting")
    floor.happens()
    road.open()
    for page in (first, second):
        badge(page, "Live")
    expect_as_fresh(travel, bo, first, second)


def test_what_i_do_in_one_tab_is_seen_in_the_other(travel: Travel, floor: Floor, bo: User) -> None:
    """And the first one's news stays: only a colleague makes it old."""
    one, other = (live(travel(bo, floor.shown.get_absolute_url())) for _ in range(2))
    one.get_by_role("button", name="My own way").click()
    expect(one.locator("#toasts")).to_contain_text("Claimed.")
    expect(other.locator("#go-on")).to_contain_text("You have it")
    Handoff.objects.get(pk=floor.shown.pk).session.change(bo, client_name="Hartwell Dental")
    expect(one.locator("#session-head")).to_contain_text("Hartwell Dental")
    expect(one.locator("#toasts")).to_contain_text("Claimed.")
    expect_as_fresh(travel, bo, one, other)


def test_an_answer_to_a_form_that_was_not_right_is_live_too(travel: Travel, floor: Floor, bo: User) -> None:
    """Its address takes no GET; what was typed and what was wrong stay."""
    page = live(travel(bo, floor.taken.get_absolute_url()))
    page.locator("summary", has_text="Return it").click()
    page.locator("#return_reason").evaluate("field => { field.required = false; field.value = ' '; }")
    page.get_by_role("button", name="Return", exact=True).click()
    page.wait_for_url("**/return/")
    live(page)
    floor.taken.session.add_step(floor.cy, text="A colleague's step", outcome=Step.Outcome.FAILED)
    expect(page.get_by_text("A colleague's step").first).to_be_visible()
    expect(page.locator("#return_reason[aria-invalid=true]")).to_be_visible()
    badge(page, "Live")


def test_nothing_comes_back_that_went_while_the_page_was_fetched(travel: Travel, floor: Floor, bo: User) -> None:
    """A page fetched before a claim arrives after it."""
    page = live(travel(bo, "/queue/"))
    card = page.locator(f"#card-{floor.claimed.pk}")
    held: list[Any] = []
    page.route("**/queue/", lambda route: held.append((route, route.fetch())), times=1)
    page.evaluate("document.body.dispatchEvent(new CustomEvent('live:refresh'))")
    until(page, lambda: held)
    floor.claimed.claim(floor.cy)
    expect(card).to_have_count(0)
    page.evaluate(
        """id => { new MutationObserver(() => window.cameBack ||= document.getElementById(id) !== null)
          .observe(document.body, {childList: true, subtree: true}) }""",
        f"card-{floor.claimed.pk}",
    )
    route, answer = held[0]
    with page.expect_response("**/queue/"):
        route.fulfill(response=answer)
    renewed(page)  # after the old answer was read
    assert not page.evaluate("window.cameBack")


def test_back_by_the_browser_s_own_button(travel: Travel, floor: Floor, bo: User) -> None:
    page = live(travel(bo, "/queue/"))
    page.goto("/sessions/")
    floor.happens()
    page.go_back()
    badge(page, "Live")
    expect_as_fresh(travel, bo, page)


def test_the_bell_is_true_too(travel: Travel, road: Road, floor: Floor, bo: User, workers: None) -> None:
    pages = [live(travel(bo, path)) for path in ("/notifications/", "/queue/")]
    road.cut()
    for page in pages:
        badge(page, "Reconnecting")
    floor.happens()
    wait_until(lambda: not Event.objects.filter(relayed_at=None).exists())
    road.open()
    for page in pages:
        badge(page, "Live")
    expect_as_fresh(travel, bo, *pages)
    pages[0].get_by_role("button", name="Mark all read").click()
    expect(pages[1].locator("#bell [data-bell]")).to_be_hidden()
