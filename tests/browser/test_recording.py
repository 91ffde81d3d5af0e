"""A junior with a phone at one ear: six steps with outcomes, a log of 40 lines, an escalation. What it costs."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator, Page, expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.waiting import live

pytestmark = pytest.mark.browser

STEPS = [
    ("Restarted the client", 1),
    ("Pinged the gateway", 2),
    ("Another cable", 1),
    ("Another port of the switch", 1),
    ("Asked a colleague to try it", 4),
    ("Opened the page by its address", 3),
]
LOG = "\n".join(f"2026-11-27 09:{minute:02} tunnel: peer 198.51.100.7 gives no answer" for minute in range(40))
NOTES = "Two users are cut off. I have tried what I know."


@dataclass
class Hand:
    """Whoever presses: what is typed costs nothing, with what is held to say how it ended; clicks, other keys and pages
    loaded are counted."""

    page: Page
    clicks: int = 0
    keys: list[str] = field(default_factory=list)
    loads: int = 0

    def __post_init__(self) -> None:
        self.page.on("load", self._loaded)

    def _loaded(self, _page: Page) -> None:
        self.loads += 1

    def click(self, locator: Locator) -> None:
        self.clicks += 1
        locator.click()

    def press(self, *keys: str) -> None:
        self.keys += keys
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.insert_text(text)

    def log_step(self, text: str, outcome: int, *, output: str = "") -> None:
        box, trail = self.page.locator("#composer_text"), self.page.locator("#trail > .step")
        expect(box).to_be_focused()
        self.type(text)
        if output:
            self.press("Alt+o")
            self.type(output)
        with self.page.expect_response("**/?compose=1"):
            self.press(f"Alt+{outcome}", "Control+Enter")
        expect(trail.last).to_contain_text(text)
        expect(box).to_have_value("")


def record(hand: Hand) -> None:
    """Six steps; the last carries the log."""
    for text, outcome in STEPS[:-1]:
        hand.log_step(text, outcome)
    text, outcome = STEPS[-1]
    hand.log_step(text, outcome, output=LOG)


def expect_recorded(session: Session) -> None:
    steps = list(session.steps.order_by("order"))[3:]
    assert [step.text for step in steps] == [text for text, _outcome in STEPS]
    words = ["", "failed", "ruled_out", "worked", "inconclusive"]
    assert [step.outcome for step in steps] == [words[outcome] for _text, outcome in STEPS]
    assert steps[-1].free_text.splitlines() == LOG.splitlines()
    handoff = Handoff.objects.get(session=session)
    assert (handoff.is_open, handoff.notes, handoff.get_priority_display()) == (True, NOTES, "High")
    assert (handoff.affected, handoff.suspect) == ("2 users, no VPN", "The provider's router")


@pytest.fixture
def hand(browse: Browse, session: Session, ana: User) -> Hand:
    return Hand(live(browse(ana, session.get_absolute_url())))


def test_by_mouse(hand: Hand, session: Session) -> None:
    page = hand.page
    hand.click(page.locator("#composer_text"))
    record(hand)
    hand.click(page.get_by_role("link", name="Escalate"))
    expect(page.get_by_label("Why are you escalating?")).to_be_focused()
    hand.type(NOTES)
    hand.click(page.get_by_label("Affected"))
    hand.press("Control+a")  # it says what the record says
    hand.type("2 users, no VPN")
    hand.click(page.get_by_label("Suspect"))
    hand.type("The provider's router")
    hand.click(page.get_by_label("Priority"))
    page.keyboard.type("h")  # as one chooses in a list: its first letter
    page.keyboard.press("Enter")
    hand.click(page.get_by_role("button", name="Escalate", exact=True))
    page.wait_for_url("**/handoffs/*/")
    live(page)
    expect_recorded(session)
    assert hand.clicks <= 6
    assert hand.loads <= 3


def test_by_keyboard_alone(hand: Hand, session: Session) -> None:
    page = hand.page
    hand.press(".")
    record(hand)
    hand.press("Escape", "e")
    expect(page.get_by_label("Why are you escalating?")).to_be_focused()
    live(page)  # the browser gives it the focus before its scripts, which have the keys, are there
    hand.type(NOTES)
    for label, text in (("Affected", "2 users, no VPN"), ("Suspect", "The provider's router")):
        hand.press(*tabs_to(page, label))
        hand.type(text)
    hand.press(*tabs_to(page, "Priority"))
    page.keyboard.type("h")
    hand.press("Control+Enter")
    page.wait_for_url("**/handoffs/*/")
    live(page)
    expect_recorded(session)
    assert hand.clicks == 0
    assert hand.loads <= 3
    assert len(hand.keys) < 40, hand.keys


def tabs_to(page: Page, label: str) -> list[str]:
    """The presses of Tab that lead from where the focus is to this field."""
    between = """field => {
      const kinds = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
      const all = [...document.querySelectorAll(`main :is(${kinds})`)]
        .filter(one => one.checkVisibility());
      return all.indexOf(field) - all.indexOf(document.activeElement);
    }"""
    return ["Tab"] * int(page.get_by_label(label).evaluate(between))


def test_by_mouse_alone_one_click_is_a_step(hand: Hand, session: Session) -> None:
    """Whoever does not know the keys: the button that says how it ended."""
    page = hand.page
    box = page.locator("#composer_text")
    hand.click(box)
    for text, outcome in STEPS:
        expect(box).to_be_focused()
        hand.type(text)
        with page.expect_response("**/?compose=1"):
            hand.click(page.locator("#composer [name=outcome]").nth(outcome - 1))
        expect(page.locator("#trail > .step").last).to_contain_text(text)
        expect(box).to_have_value("")
    assert session.steps.count() == 3 + len(STEPS)
    assert (hand.clicks, hand.loads) == (1 + len(STEPS), 0)
