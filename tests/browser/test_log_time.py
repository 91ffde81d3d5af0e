"""Log time from its link to its outcome, with and without JavaScript; and after resolving."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from notifications.models import Delivery
from resolutionflow.accounts.models import User
from sessions_app.models import PsaConnection, Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import look
from tests.browser.waiting import live

pytestmark = pytest.mark.browser


@pytest.fixture
def ticket(session: Session) -> Session:
    session.psa_connection = PsaConnection.objects.create(
        account=session.account, name="Helpdesk", kind="connectwise", base_url="https://na.myconnectwise.net",
        time_unit=15,
    )  # fmt: skip
    session.save(update_fields=["psa_connection"])
    return session


@pytest.mark.parametrize("scripts", [True, False], ids=["", "without JavaScript"])
def test_time_is_offered_changed_and_posted(browse: Browse, ticket: Session, ana: User, scripts: bool) -> None:
    page = browse(ana, ticket.get_absolute_url(), java_script_enabled=scripts)
    if scripts:
        live(page)
    page.get_by_role("link", name="Log time", exact=True).click()
    minutes = page.get_by_label("Minutes")
    expect(minutes).to_have_value("15")
    expect(page.get_by_text("since you opened it, rounded up to 15.")).to_be_visible()
    expect(page.get_by_label("Internal: the client does not see the text")).to_be_checked()
    minutes.fill("0")
    page.get_by_label("What was done").fill("Replaced the router.")
    page.get_by_role("button", name="Post the time").click()
    expect(page.get_by_text("Whole minutes, from 1 to 1,440")).to_be_visible()
    expect(page.get_by_label("What was done")).to_have_value("Replaced the router.")
    if scripts:
        assert look(page) == []
    minutes.fill("25")
    page.get_by_role("button", name="Post the time").click()
    expect(page.locator("#in-ticket")).to_contain_text("25 min on ticket 48190")
    expect(page.get_by_text("25 min are on their way into ticket #48190.")).to_be_visible()
    entry = Delivery.objects.times().get()
    assert (entry.internal, entry.minutes) == (True, 25)
    page.get_by_role("link", name="Log time", exact=True).click()
    expect(page.get_by_role("heading", name="Time logged so far")).to_be_visible()
    if scripts:
        assert look(page) == []


def test_resolving_leads_to_it_where_one_asks(browse: Browse, ticket: Session, ana: User) -> None:
    page = live(browse(ana, f"{ticket.get_absolute_url()}resolve/"))
    page.get_by_label("What fixed it").fill("Replaced the router")
    page.get_by_role("button", name="Resolve and log time").click()
    expect(page.get_by_role("heading", name="Log time")).to_be_visible()
    expect(page.get_by_label("What was done")).to_have_value(
        "VPN drops every ten minutes for two users.\nSolved: Replaced the router."
    )
    expect(page.get_by_text("until it was resolved")).to_be_visible()
