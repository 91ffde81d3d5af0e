"""Channels in the settings, in a browser: added on a phone, tested, and the answer comes without a reload."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from notifications.models import Channel
from resolutionflow.accounts.models import User
from resolutionflow.ops.workers import Workers
from tests.browser.conftest import Browse
from tests.browser.page_checks import NARROW, look
from tests.fakes.hooks import Hooks

pytestmark = pytest.mark.browser


def test_a_chat_is_added_on_a_phone_and_tested(browse: Browse, workers: Workers, settings, adam: User) -> None:
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    with Hooks() as hooks:
        page = browse(adam, "/settings/channels/", viewport=NARROW)
        page.get_by_role("link", name="Slack").click()
        page.get_by_label("Name").fill("Escalations")
        page.get_by_label("Address").fill(hooks.slack)
        assert look(page) == []
        page.get_by_role("button", name="Add channel").click()
        panel = page.locator(f"#channel-{Channel.objects.get().pk}")
        expect(panel).to_contain_text("nothing sent yet")
        panel.get_by_role("button", name="Test").click()
        expect(panel).to_contain_text("Slack has taken it: 200 OK.")
        expect(panel.locator(".chip")).to_have_text("works")
        hooks.script = [(404, "no_service", {})]
        panel.get_by_role("button", name="Test").click()
        expect(panel).to_contain_text("Slack says: the webhook was removed (no_service).")
        panel.get_by_role("button", name="Switch on again").click()
        expect(panel.locator(".chip")).to_have_text("works")
        assert look(page) == []
        assert len(hooks.messages("slack")) == 2


def test_the_secret_of_a_webhook_is_shown_once_and_what_was_sent_is_listed(
    browse: Browse, workers: Workers, settings, adam: User
) -> None:
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    with Hooks() as hooks:
        page = browse(adam, "/settings/channels/new/webhook/")
        page.get_by_label("Name").fill("Dashboard")
        page.get_by_label("Address").fill(hooks.webhook)
        page.get_by_role("button", name="Add channel").click()
        expect(page.locator("code")).to_contain_text("whsec_")
        page.reload()
        expect(page.locator("code")).to_have_count(0)
        page.get_by_role("link", name="Deliveries").click()
        expect(page.get_by_role("row", name="connection.changed")).to_contain_text("204")
        page.get_by_role("button", name="Send again").click()
        expect(page.get_by_role("heading", name="Deliveries of Dashboard")).to_be_visible()
