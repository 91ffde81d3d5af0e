"""A draft whose form has other fields by now, as after an upgrade: its texts are offered, nothing takes them away."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import look
from tests.browser.test_drafts import RESTORED, wait_for_draft, why
from tests.browser.waiting import live

pytestmark = pytest.mark.browser
OLD = "The client calls back at nine.\nRebooted <it> twice."


@pytest.fixture
def own(bo: User) -> Session:
    return Session.open(bo, problem_summary="Printer queue stuck")


def notes(page: Page, session: Session, word: str = "escalate") -> Locator:
    return page.locator(f"[name=s{session.pk}-{word}-notes]")


def aside(page: Page) -> Locator:
    return page.get_by_role("region", name="Your text, to copy")


def type_in_old_form(page: Page, session: Session) -> None:
    """As it was before the choice got another name."""
    page.get_by_role("radio", name="Escalate").check()
    notes(page, session).fill(OLD)
    page.evaluate(
        """number => { for (const field of document.querySelectorAll(`[name^=s${number}-escalate]`))
      field.name = field.name.replace('escalate', 'hand_over')
      const radio = document.querySelector(`[name=s${number}-do][value=escalate]`)
      radio.value = 'hand_over'
      radio.dispatchEvent(new Event('input', {bubbles: true})) }""",
        session.pk,
    )
    wait_for_draft(page, f"s{session.pk}-hand_over-notes")


def test_texts_of_fields_that_are_gone_are_offered(browse: Browse, own: Session, bo: User) -> None:
    before = live(browse(bo, "/shift/"))
    type_in_old_form(before, own)
    page = before.context.new_page()
    page.goto("/shift/")
    expect(aside(page).locator("pre")).to_have_text([OLD])
    expect(page.get_by_role("radio", name="Keep")).to_be_checked()
    assert look(page) == []
    expect(notes(before, own, "hand_over")).to_have_value(OLD)

    page.get_by_role("radio", name="Park").check()
    page.locator(f"[name=s{own.pk}-park-notes]").fill("For tomorrow")
    wait_for_draft(page, "For tomorrow")
    page.reload()
    expect(page.locator(f"[name=s{own.pk}-park-notes]")).to_have_value("For tomorrow")
    expect(page.locator("form.shift")).to_contain_text(RESTORED)
    expect(aside(page).locator("pre")).to_have_text([OLD])
    page.locator("output.draft").get_by_role("button", name="Discard").click()
    page.reload()
    expect(aside(page).locator("pre")).to_have_text([OLD])
    aside(page).get_by_role("button", name="Discard").click()
    expect(aside(page)).to_have_count(0)
    page.reload()
    live(page)
    expect(aside(page)).to_have_count(0)
    expect(notes(before, own, "hand_over")).to_have_value(OLD)


def test_what_was_set_aside_comes_back_into_its_field(browse: Browse, own: Session, bo: User) -> None:
    page = browse(bo, "/shift/")
    text = {f"s{own.pk}-escalate-notes": [OLD], f"s{own.pk}-do": ["escalate"]}
    page.evaluate(
        """([me, values]) => localStorage.setItem(`draft:${me}:/shift/end/#aside`,
      JSON.stringify({id: 'a', at: Date.now(), values}))""",
        [bo.pk, text],
    )
    page.reload()
    expect(notes(page, own)).to_have_value(OLD)
    expect(page.get_by_role("radio", name="Escalate")).to_be_checked()
    expect(aside(page)).to_have_count(0)


def test_choices_alone_are_not_offered(browse: Browse, session: Session, ana: User) -> None:
    path = f"{session.get_absolute_url()}escalate/"
    page = browse(ana, path)
    values = {"notes": ["Kept"], "old-priority": ["2"], "old-target": ["user:7"], "old-until": ["2026-11-27T10:00"]}
    page.evaluate(
        "([place, values]) => localStorage.setItem(place, JSON.stringify({id: 'a', at: Date.now(), values}))",
        [f"draft:{ana.pk}:{path}", values],
    )
    page.reload()
    expect(why(page)).to_have_value("Kept")
    expect(aside(page)).to_have_count(0)


def test_signing_out_discards_it_too(browse: Browse, claimed: Handoff, bo: User) -> None:
    page = browse(bo, "/shift/")
    page.evaluate(
        """me => localStorage.setItem(`draft:${me}:/shift/end/`,
      JSON.stringify({id: 'a', at: Date.now(), values: {'s0-hand_over-notes': ['Rebooted']}}))""",
        bo.pk,
    )
    page.reload()
    expect(aside(page).locator("pre")).to_have_text(["Rebooted"])
    page.goto("/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("discard a draft?")
    dialog.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login/**")
    assert "Rebooted" not in page.evaluate("JSON.stringify(localStorage)")
