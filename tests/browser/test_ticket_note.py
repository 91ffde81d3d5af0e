"""A ticket note from its link to its outcome: previewed, posted, and shown to the client only where that is said."""

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
        account=session.account, name="Helpdesk", kind="connectwise", base_url="https://na.myconnectwise.net"
    )
    session.save(update_fields=["psa_connection"])
    return session


@pytest.mark.parametrize("scripts", [True, False], ids=["", "without JavaScript"])
def test_a_note_is_previewed_changed_and_posted(browse: Browse, ticket: Session, bo: User, scripts: bool) -> None:
    page = browse(bo, ticket.get_absolute_url(), java_script_enabled=scripts)
    if scripts:
        live(page)
    page.get_by_role("link", name="Ticket note", exact=True).click()
    body = page.get_by_label("Note for the ticket")
    expect(page.get_by_text("“Written by Bo Tester.” stands at its end")).to_be_visible()
    long = "\n".join(f"Line {number} of a long note, password: Kangaroo-7" for number in range(120))
    body.fill(long)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="As it is posted")).to_be_in_viewport()
    parts = page.locator(".quote")
    expect(parts).to_have_count(2)
    expect(parts.first).to_contain_text("(1/2)")
    expect(parts.last).to_contain_text("Written by Bo Tester.")
    expect(page.get_by_text("1 secret was left out (password).")).to_be_visible()
    expect(body).to_have_value(long)
    if scripts:
        assert look(page) == []
    assert not Delivery.objects.exists()

    body.fill("Called the client.")
    page.get_by_role("button", name="Post the note").click()
    expect(page.locator("#in-ticket")).to_contain_text("Note in ticket 48190")
    expect(page.get_by_text("The note is on its way into ticket #48190.")).to_be_visible()
    assert Delivery.objects.notes().get().internal


@pytest.mark.parametrize("scripts", [True, False], ids=["", "without JavaScript"])
def test_the_client_sees_one_by_a_tick_and_a_button(browse: Browse, ticket: Session, bo: User, scripts: bool) -> None:
    page = browse(bo, f"{ticket.get_absolute_url()}note/", java_script_enabled=scripts)
    shown = page.get_by_role("button", name="Post where the client sees it")
    expect(shown).to_be_hidden()
    page.get_by_label("Note for the ticket").fill("We are on it.")
    page.get_by_text("Let the client see it").click()
    expect(page.get_by_text("may be mailed it at once")).to_be_visible()
    shown.click()
    expect(page.get_by_text("Tick this to post it where the client sees it.")).to_be_visible()
    expect(page.get_by_label("Note for the ticket")).to_have_value("We are on it.")
    assert not Delivery.objects.exists()
    page.get_by_label("The client may read every word of it").check()
    shown.click()
    expect(page.locator("#in-ticket")).to_contain_text("Note in ticket 48190")
    assert not Delivery.objects.notes().get().internal


def test_the_forms_show_what_will_be_posted(browse: Browse, ticket: Session, ana: User) -> None:
    page = live(browse(ana, f"{ticket.get_absolute_url()}escalate/"))
    page.get_by_label("Why are you escalating?").fill("Stuck at the tunnel")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="look at it").click()
    shown = opened.value
    expect(shown.locator(".quote")).to_contain_text("Ana Tester escalated this")
    assert look(live(shown)) == []
    expect(page.get_by_label("Why are you escalating?")).to_have_value("Stuck at the tunnel")
