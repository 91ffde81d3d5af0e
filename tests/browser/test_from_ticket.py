"""From a ticket to its session: typed or looked for, filled in when its system answers, or while it does not."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from resolutionflow.accounts.models import User
from sessions_app.models import PsaConnection, Session, TicketCopy, TicketSearch
from tests.browser.conftest import Browse
from tests.browser.page_checks import look
from tests.browser.waiting import live
from tests.fakes.connectwise import ConnectWise
from tests.sessions_app.tickets.conftest import connected, later, opened, work  # noqa: F401  the fixtures

pytestmark = pytest.mark.browser


def asked(page: Page, kind: type = TicketCopy) -> None:
    """The page has asked, and a worker finds out."""
    expect(page.locator("#ticket-lookup")).to_contain_text("Asking")
    assert kind.objects.filter(status="pending").exists()
    work()


@pytest.mark.parametrize("width", [1440, 360])
def test_words_are_looked_for_and_a_match_fills_in_the_form(
    browse: Browse,
    connected: PsaConnection,
    fake: ConnectWise,
    bo: User,
    width: int,
) -> None:
    page = live(browse(bo, "/sessions/new/?intake=ticket", viewport={"width": width, "height": 740}))
    ticket = page.get_by_label("Ticket number")
    ticket.press_sequentially("vpn")
    asked(page, TicketSearch)
    match = page.get_by_role("button", name=re.compile("VPN drops"))
    expect(match).to_be_visible()
    assert look(page) == []
    match.click()
    asked(page)
    expect(page.get_by_label("Problem")).to_have_value("VPN drops")
    expect(ticket).to_have_value("5001")
    expect(page.get_by_label("Client")).to_have_value("Lighthouse Dental")
    page.get_by_role("button", name="Open the session").click()
    expect(page.get_by_role("heading", name="VPN drops")).to_be_visible()
    expect(page.locator("#facts")).to_contain_text("from the ticket")
    assert Session.objects.get().ticket_copy_id == TicketCopy.objects.get().pk
    assert look(page) == []


def test_what_was_typed_stays_and_what_another_ticket_said_goes(
    browse: Browse,
    connected: PsaConnection,
    fake: ConnectWise,
    bo: User,
) -> None:
    other = fake.add("Printer jams", company={"id": 9, "identifier": "H", "name": "Harbour View"})
    page = live(browse(bo, "/sessions/new/?intake=ticket"))
    page.get_by_label("Client").fill("Lighthouse")
    ticket, problem = page.get_by_label("Ticket number"), page.get_by_label("Problem")
    ticket.fill("5001")
    asked(page)
    expect(problem).to_have_value("VPN drops")
    ticket.fill(other)
    asked(page)
    expect(problem).to_have_value("Printer jams")
    expect(page.get_by_label("Device")).to_have_value("")
    expect(page.get_by_label("Client")).to_have_value("Lighthouse")
    ticket.fill("5999")
    asked(page)
    expect(page.locator("#ticket-lookup")).to_contain_text("has no ticket 5999")
    expect(problem).to_have_value("")


def test_a_session_opens_before_the_answer_and_is_filled_in_by_it(
    browse: Browse,
    connected: PsaConnection,
    bo: User,
) -> None:
    page = live(browse(bo, "/sessions/new/?intake=ticket"))
    page.get_by_label("Ticket number").fill("5001")
    page.get_by_role("button", name="Open the session").click()
    expect(page.get_by_role("heading", name="Ticket 5001")).to_be_visible()
    live(page)
    work()
    expect(page.get_by_role("heading", name="VPN drops")).to_be_visible()
    expect(page.locator("#facts")).to_contain_text("Lighthouse Dental")


def test_a_closed_ticket_is_said_to_who_looks_at_the_session(
    browse: Browse,
    connected: PsaConnection,
    fake: ConnectWise,
    bo: User,
) -> None:
    session = opened(bo)
    fake.named("5001").update(closedFlag=True, status={"id": 507, "name": "Completed"})
    later(minutes=20)
    page = live(browse(bo, session.get_absolute_url()))
    expect(page.locator(".ticket-state")).to_contain_text("reading it again")
    work()
    expect(page.locator(".ticket-state")).to_contain_text("closed there")
    expect(page.get_by_text("Ticket 5001 was closed: Completed")).to_be_visible()


def test_a_bookmark_leads_to_the_form_and_then_to_the_session(
    browse: Browse,
    connected: PsaConnection,
    bo: User,
) -> None:
    TicketCopy.ask(connected, "5001")
    work()
    page = browse(bo, "/sessions/new/?ticket=5001", java_script_enabled=False)
    expect(page.get_by_label("Problem")).to_have_value("VPN drops")
    page.get_by_role("button", name="Open the session").click()
    expect(page.get_by_role("heading", name="VPN drops")).to_be_visible()
    page.goto("/sessions/new/?ticket=5001")
    expect(page.get_by_role("heading", name="VPN drops")).to_be_visible()
