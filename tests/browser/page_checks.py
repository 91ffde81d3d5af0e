"""What a page is held to wherever a test has it open: axe, and nothing wider than the screen."""

from __future__ import annotations

import re
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Page, ViewportSize

from tests.browser.waiting import SETTLED

WIDE, NARROW = ViewportSize(width=1440, height=900), ViewportSize(width=360, height=780)
Scheme = Literal["light", "dark"]
LOOKS: tuple[tuple[ViewportSize, Scheme], ...] = ((WIDE, "light"), (NARROW, "dark"))
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
RUN = "() => axe.run({resultTypes: ['violations'], preload: false}).then(found => found.violations)"
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.outerHTML.slice(0, 120)).slice(0, 5).concat('wider than the screen')"""


def is_expected(said: ConsoleMessage) -> bool:
    """A refusal is an answer like another; browser and HTMX write a line about each. So is a server that is busy, where
    files are sent."""
    if said.text.startswith(("Response Status Error Code 4", "htmx:afterRequest", "htmx:sendError")):
        return True
    if "net::ERR_INTERNET_DISCONNECTED" in said.text:
        return True  # where a test has cut the network; any other loss is not expected
    address = said.location["url"]
    if "status of 503 " in said.text:
        return address.endswith("/files/")
    return bool(re.search(r"status of 4(00|03|04|09|10|22) ", said.text)) and "/static/" not in address


def look(page: Page) -> list[str]:
    """What is wrong with this page: wide and light, narrow and dark. A colour is the same at both sizes, a rule on
    anything else in both schemes."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    wrong: list[str] = []
    for size, scheme in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate(DRAWN)
        page.evaluate(SETTLED)
        wrong += [f"{size['width']} {scheme}: {said}" for said in _serious(page.evaluate(RUN))]
        wrong += [f"{size['width']}: {said}" for said in page.evaluate(TOO_WIDE)]
    return wrong


def _serious(violations: list[dict[str, Any]]) -> list[str]:
    return [
        f"{found['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for found in violations
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"][:3]
    ]
