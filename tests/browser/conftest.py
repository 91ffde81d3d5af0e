"""Browsers of people: each in a context of its own, and whatever went wrong in one fails the test.

How a test waits here: see waiting.py.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from resolutionflow.accounts.models import User
from tests.browser.page_checks import is_expected
from tests.live_site import PATIENCE, Site, session_cookie

Browse = Callable[..., Page]
# Chromium reports a broken rule of the CSP on the console too, but not every one.
TELL_CSP = "addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective, e.blockedURI))"


@pytest.fixture
def browse(live_site: Site, browser: Browser) -> Iterator[Browse]:
    """`browse(ana, "/queue/")`: a page of Ana's own browser; None for nobody signed in.

    `clock=True`: the time of the page stands still but for what the test moves it.
    No script may fail, no rule of the CSP be broken, nothing be asked of another machine.
    """
    wrong: list[str] = []

    def heard(said: ConsoleMessage) -> None:
        if said.type == "error" and not is_expected(said):
            wrong.append(f"{said.text} {said.location}")

    def asked(request: Request) -> None:
        if not request.url.startswith((live_site.url, live_site.ws, "data:", "blob:")):
            wrong.append(f"asked another machine: {request.url}")

    def browse(user: User | None, path: str = "/", *, clock: bool = False, **options: Any) -> Page:
        options = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"} | options
        context = browser.new_context(base_url=live_site.url, **options)
        context.set_default_timeout(PATIENCE * 1000)
        context.add_init_script(TELL_CSP)
        if user:
            context.add_cookies([session_cookie(user, live_site)])
        context.on("console", heard)
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        context.on("requestfailed", asked)  # all do that go elsewhere; to be told of each request takes long
        page = context.new_page()
        if clock:
            page.clock.install(time=time.time() - PATIENCE)
            page.clock.pause_at(time.time())
        page.goto(path)
        return page

    yield browse
    for context in browser.contexts:
        context.close()
    assert wrong == []
