"""Status and owner of the ticket: chosen on a phone, set by a worker, and what did not take, tried again by a press."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import User
from resolutionflow.ops.workers import Workers
from sessions_app.models import PsaConnection, Session, TicketCopy
from tests.browser.conftest import Browse
from tests.browser.page_checks import NARROW, look
from tests.fakes.connectwise import CREDENTIALS, TICKET, ConnectWise

pytestmark = pytest.mark.browser


def test_it_is_chosen_on_a_phone_and_what_fails_is_tried_again(
    browse: Browse, workers: Workers, settings, session: Session, adam: User, ana: User
) -> None:
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    with ConnectWise() as fake:
        how = {"kind": "connectwise", "base_url": fake.url, "credentials": CREDENTIALS}
        desk = PsaConnection.objects.create(account=adam.account, name="Desk", note_at_escalation=False, **how)
        told = {"status": "In Progress"}
        TicketCopy.objects.create(account=adam.account, connection=desk, number="5", told=told, status="done")
        Session.objects.filter(pk=session.pk).update(psa_connection=desk, psa_ticket_id=TICKET)
        page = browse(adam, f"/settings/psa/{desk.pk}/", viewport=NARROW)
        page.get_by_label("Status while it waits").fill("Wating")
        page.get_by_label("The owner follows").check()
        assert look(page) == []
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name="Desk")).to_be_visible()
        Handoff.escalate(Session.objects.get(pk=session.pk), ana, notes="Stuck")
        page = browse(ana, session.get_absolute_url())
        row = page.locator("#in-ticket li")
        expect(row).to_contain_text("The status was not set: The board Help Desk has no status “Wating”.")
        assert look(page) == []
        PsaConnection.objects.update(status_waiting="In Progress")
        row.get_by_role("button", name="Try again").click()
        row = page.get_by_role("region", name="Notified").get_by_role("listitem").filter(has_text="Set in ticket")
        expect(row).to_contain_text("The owner stays: nobody there is mapped to Ana Tester.")
        expect(row.locator(".chip")).to_have_text("set")
        assert fake.named(TICKET)["status"]["name"] == "In Progress"
