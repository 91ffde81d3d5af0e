"""Browsers that reach the site through a proxy that can be cut, and work in every position for their screens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from difflib import unified_diff
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import Event, User
from resolutionflow.core import clock
from sessions_app.models import Session, Step
from tests.browser.waiting import live, until
from tests.conftest import summarised
from tests.fakes.flaky_proxy import FlakyProxy
from tests.live_site import PATIENCE, Site, session_cookie

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
def proxy(live_site: Site) -> Iterator[FlakyProxy]:
    with FlakyProxy(live_site.url) as proxy:
        yield proxy


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(live_site: Site, browser: Browser, proxy: FlakyProxy) -> Iterator[OpenPage]:
    """`open_page(bo, "/queue/")`: a page of Bo's browser, which reaches the site through the proxy only."""
    wrong: list[str] = []
    contexts: dict[User, Any] = {}

    def open_page(user: User, path: str) -> Page:
        if user not in contexts:
            contexts[user] = browser.new_context(base_url=proxy.url, viewport={"width": 1440, "height": 900})
            contexts[user].set_default_timeout(PATIENCE * 1000)
            contexts[user].add_cookies([session_cookie(user, live_site)])
            contexts[user].on("weberror", lambda error: wrong.append(str(error.error.stack)))
        page: Page = contexts[user].new_page()
        page.goto(path)
        return page

    yield open_page
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


def expect_as_fresh(open_page: OpenPage, user: User, *pages: Page) -> None:
    """Each page comes to equal a fresh load of the same address, by itself."""
    for page in pages:
        fresh = live(open_page(user, page.url))
        until(page, lambda page=page, fresh=fresh: is_as(page, fresh))
        fresh.close()


def is_as(page: Page, fresh: Page) -> bool:
    if differences(page, fresh):
        fresh.reload()
        live(fresh)
    return not differences(page, fresh)


def expect_true(open_page: OpenPage, user: User, *pages: Page) -> None:
    """Each page says Live, so it equals a fresh load of its address now: nothing happens that it could wait for."""
    for page in pages:
        badge(page, "Live")
        shown = page.evaluate(PICTURE)
        fresh = live(open_page(user, page.url))
        assert shown == fresh.evaluate(PICTURE), f"{page.url}\n{differences(page, fresh)}"
        fresh.close()


def escalated(user: User, summary: str, **more: Any) -> Handoff:
    return Handoff.escalate(Session.open(user, problem_summary=summary), user, notes="I am stuck.", **more)


class Workload:
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

    def few_paths(self) -> list[str]:
        """One of each way to stay true: cards that are pushed, a list that is fetched, a trail."""
        return ["/queue/", "/queue/?lane=claimed", self.shown.session.get_absolute_url()]

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
        words = {"summary_prose": "The tunnel's key lifetime does not match.", "steps_seen": handoff.session.step_count}
        summarised(handoff, **words)
        handoff.record_event("summary.ready", None, error="")


@pytest.fixture
def workload(ana: User, bo: User, cy: User, lea: User) -> Workload:
    return Workload(ana, bo, cy, lea)
