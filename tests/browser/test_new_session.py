"""The form for a new session while it is filled in: devices of the client, and what is open already."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import look
from tests.browser.waiting import live, place

pytestmark = pytest.mark.browser


def notice(page: Page) -> None:
    expect(page.get_by_role("region", name="Already open in session")).to_be_visible()


def test_what_is_open_already_is_said_while_one_types(browse: Browse, session: Session, bo: User) -> None:
    page = live(browse(bo, "/sessions/new/"))
    send = page.get_by_role("button", name="Open the session")
    before = place(send)
    ticket, client = page.get_by_label("Ticket number"), page.get_by_label("Client")
    ticket.press_sequentially("#48190")
    notice(page)
    assert place(send) == before  # nothing has moved
    assert look(page) == []
    ticket.fill("1")
    expect(page.locator(".already-open")).to_have_count(0)
    client.fill("northgate legal")
    client.blur()
    expect(page.locator("#devices option")).to_have_count(1)
    page.get_by_label("Device").fill("nl-fw01")
    notice(page)


def test_a_second_session_is_one_more_press(browse: Browse, session: Session, bo: User) -> None:
    page = live(browse(bo, "/sessions/new/"))
    page.get_by_label("Problem").fill("VPN again")
    page.get_by_text("More: contact").click()
    page.get_by_label("Contact").fill("Jo Marsh")
    page.get_by_label("Ticket number").fill("48190")
    page.get_by_label("Ticket number").press("Enter")
    expect(page.locator(".already-open[autofocus]")).to_be_focused()
    expect(page.get_by_label("Contact")).to_have_value("Jo Marsh")
    assert look(page) == []
    page.get_by_role("button", name="Open a second session").click()
    expect(page.get_by_role("heading", name="VPN again")).to_be_visible()
    second = Session.objects.latest("id")
    assert (second.psa_ticket_id, second.contact) == ("48190", "Jo Marsh")


def test_without_javascript_too(browse: Browse, session: Session, bo: User) -> None:
    page = browse(bo, "/sessions/new/", java_script_enabled=False)
    page.get_by_label("Problem").fill("VPN again")
    page.get_by_label("Ticket number").fill("48190")
    page.get_by_role("button", name="Open the session").click()
    notice(page)
    page.get_by_role("button", name="Open a second session").click()
    expect(page.get_by_role("heading", name="VPN again")).to_be_visible()
