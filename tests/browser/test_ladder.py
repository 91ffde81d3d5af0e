"""The ladder in two browsers: a card names whom it calls next, a lead holds it and lets it go; and the page where an
owner sets it, on a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import Priority, User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import NARROW, look
from tests.browser.waiting import live

pytestmark = pytest.mark.browser


def escalated(ana: User) -> Handoff:
    session = Session.open(ana, problem_summary="Till 4 prints blank receipts")
    return Handoff.escalate(session, ana, notes="Stuck", priority=Priority.URGENT)


def test_a_lead_holds_it_and_others_see_so_at_once(browse: Browse, ana: User, bo: User, olga: User) -> None:
    handoff = escalated(ana)
    queue = live(browse(bo, "/queue/"))
    card = queue.locator(f"#card-{handoff.pk}")
    expect(card).to_contain_text("calls leads")
    page = live(browse(olga, handoff.get_absolute_url()))
    page.get_by_text("Hold the ladder").click()
    page.locator("#hold_reason").fill("The vendor calls back at ten")
    page.get_by_role("button", name="Hold", exact=True).click()
    expect(page.locator("#go-on")).to_contain_text("Olga Tester holds the ladder")
    expect(page.locator("#go-on")).to_contain_text("The vendor calls back at ten")
    expect(card).to_contain_text("ladder held")
    assert look(page) == []
    page.get_by_role("button", name="Let it go on").click()
    expect(card).to_contain_text("calls leads")


def test_a_step_shows_on_the_card(browse: Browse, ana: User, bo: User) -> None:
    handoff = escalated(ana)
    page = live(browse(bo, "/queue/"))
    earlier = timezone.now() - timedelta(minutes=6)
    Handoff.objects.filter(pk=handoff.pk).update(open_since=earlier, ladder_at=earlier)
    Handoff.objects.get(pk=handoff.pk).step()
    expect(page.locator(f"#card-{handoff.pk}")).to_contain_text("calls everyone on shift")


def test_an_owner_sets_it_on_a_phone(browse: Browse, bo: User, olga: User) -> None:
    page = browse(olga, "/settings/ladder/", viewport=NARROW)
    page.locator("[name=low_0_minutes]").fill("60")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Choose who is called, or leave the minutes empty.")).to_be_visible()
    assert look(page) == []
    page.locator("[name=low_0_whom]").select_option(label="Bo Tester")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. What waits goes on by it.")).to_be_visible()
    expect(page.locator("[name=low_0_minutes]")).to_have_value("60")
    expect(page.locator("[name=low_1_minutes]")).to_be_visible()
    assert look(page) == []
