"""A new account's owner is offered the browser's own time zone; without JavaScript UTC, and the list."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from resolutionflow.accounts.models import Account, User
from tests.browser.conftest import Browse
from tests.browser.page_checks import look

pytestmark = pytest.mark.browser


@pytest.fixture
def asked(olga: User) -> User:
    Account.objects.filter(pk=olga.account_id).update(time_zone_is_set=False)
    return olga


def use(page: Page, zone: str) -> None:
    """What is offered is taken."""
    expect(page.get_by_label("Time zone")).to_have_value(zone)
    page.get_by_role("button", name="Use this time zone").click()
    expect(page.get_by_text(f"Times and business hours are in {zone}.")).to_be_visible()
    expect(page.get_by_label("Time zone")).to_have_count(0)
    account = Account.objects.get(name="Northwind")
    assert (account.time_zone, account.time_zone_is_set) == (zone, True)


def test_the_browsers_own_zone_is_offered(browse: Browse, asked: User) -> None:
    page = browse(asked, timezone_id="Europe/Oslo")
    expect(page.get_by_text("use UTC until you choose")).to_be_visible()
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Oslo")
    assert look(page) == []
    use(page, "Europe/Oslo")


def test_without_javascript_utc_is_offered(browse: Browse, asked: User) -> None:
    use(browse(asked, timezone_id="Europe/Oslo", java_script_enabled=False), "UTC")
