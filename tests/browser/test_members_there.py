"""Who the members are in a ticket system, chosen on a phone; and the technicians read while the page is open."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from resolutionflow.accounts.models import User
from resolutionflow.ops.workers import Workers
from sessions_app.models import MemberMapping, PsaConnection, TechnicianList
from tests.browser.conftest import Browse
from tests.browser.page_checks import look
from tests.fakes.connectwise import CREDENTIALS, ConnectWise

pytestmark = pytest.mark.browser


def test_members_are_mapped_on_a_phone(
    browse: Browse, workers: Workers, settings, adam: User, ana: User, bo: User, vic: User
) -> None:
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    with ConnectWise() as fake:
        fake.members[1] |= {"primaryEmail": ana.email, "lastName": "Petrovitch-" * 8}
        how = {"kind": "connectwise", "base_url": fake.url, "credentials": CREDENTIALS}
        connection = PsaConnection.objects.create(account=adam.account, name="Desk", **how)
        page = browse(adam, "/settings/psa/", viewport={"width": 360, "height": 780})
        page.get_by_role("link", name="Members there").click()
        page.get_by_role("link", name="Show it").click()  # opened, it was read
        expect(page.get_by_text("Mapped by itself, by email")).to_be_visible()
        page.get_by_label("Bo Tester").select_option("atech")
        assert look(page) == []
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Mapped by hand")).to_be_visible()
        assert MemberMapping.objects.get().user == bo
        fake.denied = {"members"}
        TechnicianList.objects.update(read_at=None)
        page.get_by_role("button", name="Read again").click()
        expect(page.get_by_text("The technicians were not read")).to_be_visible()
        assert look(page) == []
        assert look(browse(vic, f"/settings/psa/{connection.pk}/members/")) == []
