"""Two people write in one session at once, with files and mentions, and the network of both is cut in the middle."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from handoffs.models import Handoff
from notifications.models import Notification
from resolutionflow.accounts.models import User
from sessions_app.models import SessionFile
from tests.browser.flaky_network import OpenPage, badge, expect_as_fresh, open_page, proxy  # noqa: F401
from tests.browser.waiting import live
from tests.conftest import relay_all
from tests.fakes.flaky_proxy import FlakyProxy
from tests.sessions_app.files.conftest import picture

pytestmark = pytest.mark.browser

RACK = {"name": "rack.png", "mimeType": "image/png", "buffer": picture(size=(800, 600))}
LOG = {"name": "cbs.log", "mimeType": "text/plain", "buffer": b"Error 0x80070005\n" * 500}
SAID, TRIED = "The rack, @Bo Tester", "Read the log, @Ana Tester"


def test_nothing_is_lost_and_nothing_comes_twice(
    open_page: OpenPage,
    proxy: FlakyProxy,
    claimed: Handoff,
    ana: User,
    bo: User,
    cy: User,
) -> None:
    session = claimed.session
    relay_all()
    Notification.objects.all().delete()
    anas, bos = (live(open_page(user, session.get_absolute_url())) for user in (ana, bo))
    write(anas, SAID, RACK)
    write(bos, TRIED, LOG)

    proxy.cut()
    for page in (anas, bos):
        badge(page, "Reconnecting")
    send(anas, bos)
    for page, text in ((anas, SAID), (bos, TRIED)):
        expect(page.locator("#toasts")).to_contain_text("The server cannot be reached")
        expect(page.locator("#composer_text")).to_have_value(text)
        expect(page.locator(".attached > li")).to_have_count(1)
    session.add_message(cy, content="Said meanwhile")
    assert (session.messages.count(), SessionFile.objects.count()) == (1, 0)

    proxy.open()
    for page in (anas, bos):
        expect(live(page).locator("#trail > .message", has_text="Said meanwhile")).to_be_visible()
    send(anas, bos)
    for page in (anas, bos):
        expect(page.locator("#trail > .message", has_text=SAID).locator(".file img")).to_have_count(1)
        expect(page.locator("#trail > .step", has_text=TRIED).locator(".file-name")).to_contain_text("cbs.log")
        expect(page.locator("#composer_text")).to_have_value("")
        expect(page.locator(".attached > li")).to_have_count(0)
    relay_all()
    for user, page in ((ana, anas), (bo, bos)):
        expect(page.locator("[data-bell]")).to_have_text("1")
        expect_as_fresh(open_page, user, page)
    assert [message.content for message in session.messages.all()] == ["Said meanwhile", SAID]
    assert session.steps.filter(text=TRIED).count() == 1
    assert sorted(SessionFile.objects.values_list("name", flat=True)) == ["cbs.log", "rack.png"]
    for user in (ana, bo):
        assert Notification.objects.for_bell(user).filter(cause=Notification.Cause.MENTION).count() == 1


def write(page: Page, text: str, file: dict[str, object]) -> None:
    page.locator("#composer_text").fill(text)
    page.locator("[name=files]").set_input_files(file)
    expect(page.locator(".attached > li")).to_have_count(1)


def send(anas: Page, bos: Page) -> None:
    """She a message, he a step."""
    anas.get_by_role("button", name="Send as a message").click()
    bos.locator("#composer button[value=failed]").click()
