"""What of the facts a colleague should learn stands on the pick-up screen, and where: looked up in a browser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.waiting import SETTLED
from tests.quality.cases import Case, Fact, normalised

WIDE, NARROW = (1440, 900), (360, 740)
NEWEST = 8  # of what was tried, only so many steps belong on the first screen; the others anywhere
NOT_DONE = ("pending", "skipped")
LINES = {  # by question: the kind of line that answers it, of those chosen by rules
    "affected": "affected",
    "suspect": "suspect",
    "next": "next_step",
    "watch_out": "watch_out",
    "contact": "contact",
}
WHYS = ("folded", "scrolled away", "cut off", "hidden")  # of several, the easiest to come by is said
ZONE = "Europe/Oslo"  # of the account and of the browser: nobody is asked for it
SEEN = (Path(__file__).parent / "seen.js").read_text(encoding="utf-8")
OPEN_ALL = "() => document.querySelectorAll('details').forEach(one => { one.open = true; })"
SCROLL = "to => scrollTo({top: to, behavior: 'instant'})"
TEXTS = "one => [...document.querySelectorAll(`dl.brief-lines > ${one} .text`)].map(text => text.textContent)"


@dataclass(frozen=True)
class Looked:
    """What became of one fact on one page."""

    first: bool  # on the first screen, before anything is scrolled or clicked
    second: bool  # within two screens
    anywhere: bool  # without a click
    opened: bool  # with all that is folded opened
    bottom: float  # of the highest place it stands, from the top of the page
    why: str  # where it is nowhere without a click: folded, cut off, scrolled away, hidden, not on page; else ""

    def missed(self, screens: int, height: int) -> str:
        """Why it is not within so many screens, "" where it is."""
        if self.first or (screens > 1 and self.second):
            return ""
        if not self.anywhere:
            return self.why
        below = self.bottom - screens * height
        return f"below the fold by {below:.0f} px" if below > 0 else "covered"


@dataclass(frozen=True)
class Answer:
    """One expected fact of a case, as it was found at 1440 and at 360 pixels."""

    case: Case
    question: str
    fact: Fact
    on_first: bool  # whether it belongs on the first screen
    wide: Looked
    narrow: Looked


@dataclass(frozen=True)
class Shown:
    """What the rules chose for a page: the top error line, None where there is none, lines by question, and all."""

    case: Case
    error: str | None
    lines: dict[str, list[str]]
    every_line: list[str]

    def holds(self, fact: Fact) -> bool:
        """Whether a line of the brief says it, of whichever kind."""
        return any(normalised(fact.text) in normalised(line) for line in self.every_line)

    @property
    def expects_error(self) -> bool:
        return bool(self.case.expected["last_error"])

    @property
    def is_error_right(self) -> bool:
        expected = self.case.expected["last_error"]
        if not expected or self.error is None:
            return not expected and self.error is None
        return any(normalised(fact.text) in normalised(self.error) for fact in expected)

    def unexpected(self, question: str) -> list[str]:
        """The lines that hold no expected fact of their kind, nor a part of one."""
        facts = [normalised(fact.text) for fact in self.case.expected[question]]
        lines = [(line, normalised(line).strip("… ")) for line in self.lines[question]]
        return [line for line, text in lines if not any(fact in text or text in fact for fact in facts)]


def measure(
    browser: Browser, case: Case, address: str, cookies: Sequence[Any], pictures: Path | None
) -> tuple[list[Answer], Shown]:
    """Open the screen as two people, each for the first time: one at a desk, one on a phone."""
    facts = [(question, fact) for question, known in case.expected.items() for fact in known]
    texts = [fact.text for _question, fact in facts]
    with opened(browser, address, WIDE, cookies[0]) as page:
        shown = shown_on(page, case)
        picture(page, pictures, case, screens=1)
        wide = look(page, texts)
    with opened(browser, address, NARROW, cookies[1]) as page:
        picture(page, pictures, case, screens=2)
        narrow = look(page, texts)
    found = zip(facts, wide, narrow, strict=True)
    return [Answer(case, *fact, belongs_first(case, *fact), one, other) for fact, one, other in found], shown


def belongs_first(case: Case, question: str, fact: Fact) -> bool:
    """Of what was tried: only the newest steps that were done."""
    if question != "tried_failed":
        return True
    done = [f"s{number}" for number, step in enumerate(case.steps, 1) if step.outcome not in NOT_DONE]
    return bool(set(done[-NEWEST:]) & set(fact.stands))


@contextmanager
def opened(browser: Browser, address: str, size: tuple[int, int], cookie: Any) -> Iterator[Page]:
    width, height = size
    phone = size == NARROW
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="light", timezone_id=ZONE, has_touch=phone,
        is_mobile=phone,
    )  # fmt: skip
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(address)
    page.evaluate(SETTLED)
    yield page
    context.close()


def shown_on(page: Page, case: Case) -> Shown:
    error = page.evaluate(TEXTS, ".last_error")
    lines = {question: page.evaluate(TEXTS, f".{kind}") for question, kind in LINES.items()}
    return Shown(case, error[0] if error else None, lines, page.evaluate(TEXTS, "*"))


def look(page: Page, texts: list[str]) -> list[Looked]:
    """Where the texts stand, as the page is and in the end with all of it unfolded."""
    height = page.evaluate("innerHeight")
    scrolled = [seen_at(page, top, texts) for top in (0, height // 2, height)]
    page.evaluate(OPEN_ALL)
    unfolded = seen_at(page, 0, texts)
    return [looked(*places, fits=2 * height) for places in zip(*scrolled, unfolded, strict=True)]


def seen_at(page: Page, top: int, texts: list[str]) -> Any:
    page.evaluate(SCROLL, top)
    return page.evaluate(SEEN, texts)


def looked(at_top: Any, halfway: Any, second: Any, unfolded: Any, *, fits: int) -> Looked:
    """From the places of one text, by how far the page was scrolled."""
    visible = [place for place in at_top if not place["hidden"]]
    whys = [place["hidden"] for place in at_top]
    return Looked(
        first=any(place["inView"] for place in at_top),
        second=any(place["inView"] and place["bottom"] <= fits for place in (*at_top, *halfway, *second)),
        anywhere=bool(visible),
        opened=any(place["hidden"] in ("", "scrolled away") for place in unfolded),
        bottom=min((place["bottom"] for place in visible), default=0.0),
        why="" if visible else next(iter(sorted(whys, key=WHYS.index)), "not on page"),
    )


def picture(page: Page, folder: Path | None, case: Case, *, screens: int) -> None:
    if folder is not None:
        size = page.viewport_size
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"] * screens}
        page.screenshot(path=folder / f"{case.name}-{size['width']}.png", full_page=screens > 1, clip=clip)
