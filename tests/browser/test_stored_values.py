"""What a browser keeps may be cut off, from another version, or written by something else. Nothing fails of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.test_drafts import wait_for_draft, why
from tests.browser.waiting import live

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", ["theme", "csrf", "keys"])
def test_a_cookie_that_is_no_text(browse: Browse, bo: User, name: str) -> None:
    page = browse(bo, "/login/")
    page.evaluate("name => { document.cookie = `${name}=%; path=/` }", name)
    page.goto("/queue/")
    live(page)


NO_DRAFTS = ["null", '{"id":"q"', '{"id":"q","at":9e15}', '"x"', '{"id":"q","at":9e15,"values":{"notes":7}}', "[]", "7"]


@pytest.mark.parametrize("stored", NO_DRAFTS)
def test_what_is_no_draft_is_none(browse: Browse, session: Session, ana: User, stored: str) -> None:
    """At its place or in another tab: what is typed is kept all the same."""
    place = f"draft:{ana.pk}:{session.get_absolute_url()}escalate/"
    page = browse(ana, f"{session.get_absolute_url()}escalate/")
    other = page.context.new_page()
    other.goto("/queue/")
    other.evaluate("pair => localStorage.setItem(...pair)", [place, stored])
    page.reload()
    why(page).fill("Kept all the same")
    wait_for_draft(page, "Kept all the same")
    for text in (stored, None):  # and gone again
        other.evaluate(
            "([place, text]) => text ? localStorage.setItem(place, text) : localStorage.removeItem(place)",
            [place, text],
        )
    why(page).fill("And kept again")
    wait_for_draft(page, "And kept again")
    page.reload()
    expect(why(page)).to_have_value("And kept again")
