"""Where a browser cannot keep a draft: it says so, everywhere, and throws nobody's away for it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.test_drafts import composer, end_sign_in, why
from tests.browser.test_live_cards import csrf
from tests.browser.waiting import live, place

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", ["QuotaExceededError", "SecurityError"])
def test_no_draft_goes_in_vain_and_none_of_another_person(
    browse: Browse, session: Session, ana: User, bo: User, name: str
) -> None:
    page = browse(ana, f"{session.get_absolute_url()}escalate/")
    before = page.evaluate(
        """([name, ...people]) => { for (const one of people) for (const days of [1, 7])
        localStorage[`draft:${one}:/${days}/`] = JSON.stringify({id: one, at: Date.now() - days * 864e5, values: {}})
      const set = Storage.prototype.setItem
      window.evicted = []
      Storage.prototype.setItem = function (key, text) {
        if (text === '') window.evicted.push(key)
        if (text.includes('No room')) throw new DOMException('no', name)
        set.call(this, key, text) }
      return {...localStorage} }""",
        [name, ana.pk, bo.pk],
    )
    why(page).fill("No room for it")
    expect(page.locator("output.draft")).to_contain_text("This browser does not keep drafts")
    assert page.evaluate("({...localStorage})") == before
    mine = [f"draft:{ana.pk}:/7/", f"draft:{ana.pk}:/1/"]  # the oldest first
    assert page.evaluate("evicted") == (mine if name == "QuotaExceededError" else [])


@pytest.mark.parametrize("kept", [True, False])
def test_who_is_signed_out_is_told_whether_the_text_is_kept(
    browse: Browse, session: Session, ana: User, kept: bool
) -> None:
    page = live(browse(ana, session.get_absolute_url()))
    composer(page).fill("x" * 310_000)
    expect(page.locator("output.draft")).to_contain_text("Longer than a draft can be")
    if kept:
        composer(page).fill("Short enough")
        expect(page.locator("output.draft")).to_have_count(0)
    page.context.request.post("/logout/", headers={"X-CSRFToken": csrf(page), "Referer": page.url})
    said = "your text is kept, reload to sign in" if kept else "copy your text, then reload to sign in"
    expect(page.locator("#live-status")).to_have_text(f"Signed out: {said}")


def test_on_a_phone_that_covers_nothing_and_moves_nothing(browse: Browse, session: Session, ana: User) -> None:
    page = browse(ana, f"{session.get_absolute_url()}escalate/", viewport={"width": 360, "height": 760})
    why(page).fill("Half a sentence")
    before = place(why(page))["y"]
    end_sign_in()
    page.get_by_label("Priority").select_option("Urgent")
    status = page.locator("#live-status")
    expect(status).to_contain_text("Signed out")
    said, *others = (place(part) for part in (status, page.locator(".crumb"), page.locator("h1")))
    for other in others:
        assert other["y"] + other["height"] <= said["y"] or said["y"] + said["height"] <= other["y"]
    assert place(why(page))["y"] == pytest.approx(before, abs=1), "what is typed in stays where it is"
