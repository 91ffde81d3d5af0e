"""Saving a form as it was opened changes nothing: what became of the things it shows does not drop out."""

from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from handoffs.models import SavedView
from notifications.models import Channel
from resolutionflow.accounts.models import Account, Team, User
from sessions_app.models import Branch, PsaConnection, Session, Step
from tests.every_address.addresses import OF_PAGES, PAGES, filled

pytestmark = pytest.mark.django_db

# Forms that ask for something to be done, and have nothing of what is stored in them.
ACTS = {
    "session_resolve", "session_abandon", "session_reopen", "session_park", "session_escalate", "branch_add",
    "branch_change", "handoff_note", "session_note", "session_time", "handoff_ask",
    "escalation_proposals", "resolution_proposals",
    "handoff_correct",  # of one that waits: tests/handoffs/views/test_escalate_page.py
}  # fmt: skip
CORRECTIONS = [
    (route, name) for route, name in OF_PAGES if "<int:" in route and PAGES[name].get and PAGES[name].posts
    and name not in ACTS
] + [
    (route, name) for route, name in OF_PAGES
    if name in (
        "settings_me", "settings_notifications", "settings_account_notifications", "settings_account", "settings_ai",
        "settings_time_zone",
    )
]  # fmt: skip
# A time that its field shows without the seconds, and as the first of the two that clocks show that night.
SECOND_HALF_PAST_TWO = datetime(2026, 10, 25, 1, 30, 17, tzinfo=UTC)
# Credentials are encrypted anew at each save.
PASSING = {"credentials", "last_seq", "updated_at", "checked_at", "check_error", "check_found", "last_login"}


class Filled(HTMLParser):
    """What a browser would send of the page's form, untouched."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.inside, self.select, self.text = False, "", ""
        self.feed(html)

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attrs = {name: value or "" for name, value in given}
        if tag == "form":
            self.inside = attrs.get("method") == "post" and bool(
                {"form", "stack"} & set(attrs.get("class", "").split())
            )
        name = attrs.get("name", "")
        if not self.inside or "disabled" in attrs:
            return
        is_box = attrs.get("type") in ("checkbox", "radio")
        if tag == "input" and name and (not is_box or "checked" in attrs):
            self.sent.setdefault(name, []).append(attrs.get("value", "on" if is_box else ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in attrs:
            self.sent.setdefault(self.select, []).append(attrs.get("value", ""))
        elif tag == "textarea":
            self.text = name
            self.sent[name] = [""]

    def handle_data(self, data: str) -> None:
        if self.text:
            self.sent[self.text][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        self.select = "" if tag == "select" else self.select
        if tag == "textarea" and self.text:
            self.sent[self.text][0] = self.sent[self.text][0].removeprefix("\n")
            self.text = ""


def stored() -> dict[str, Any]:
    models = (Account, User, Team, Channel, Session, Step, Branch, PsaConnection, SavedView)
    rows = {model.__name__: list(model._base_manager.order_by("pk").values()) for model in models}
    kept = {name: [{k: v for k, v in row.items() if k not in PASSING} for row in rows[name]] for name in rows}
    return {**kept, "in teams": sorted(Team.members.through.objects.values_list("team_id", "user_id"))}


@pytest.fixture
def odd(things, network, ana, bo, olga) -> dict[str, Any]:
    """What was chosen once and would not be offered any more."""
    connection = PsaConnection.objects.get(pk=things["psa"])
    session = Session.objects.get(pk=things["sessions"])
    session.change(olga, team=network, psa_connection=connection, confidence=0.35, due_at=SECOND_HALF_PAST_TWO)
    network.members.add(ana)
    User.objects.filter(pk=ana.pk).update(is_active=False, time_zone="EST5EDT", role="viewer")
    User.objects.filter(pk=olga.pk).update(time_zone="EST5EDT")
    ai = {"ai_model": "of last year", "ai_monthly_tokens": 2_000_000, "ai_instructions": "Firmware first.\n\nShort."}
    Account.objects.filter(pk=olga.account_id).update(time_zone="GMT", **ai)
    PsaConnection.objects.filter(pk=connection.pk).update(is_active=False)
    Channel.objects.update(is_active=False)
    SavedView.objects.update(owner=olga)
    Step.objects.filter(session=session, order=1).update(author=olga, options=[{"value": "a", "label": "A"}])
    return things


@pytest.mark.parametrize("another", [False, True], ids=["", "with another ticket system"])
@pytest.mark.parametrize(("route", "name"), CORRECTIONS, ids=[name for _route, name in CORRECTIONS])
def test_a_form_saved_as_it_was_opened_changes_nothing(odd, olga, route, name, another) -> None:
    if another:
        PsaConnection.objects.create(
            account=olga.account, name="Another", kind="request_tracker", base_url="https://rt.example"
        )
    client = Client()
    client.force_login(User.objects.get(pk=olga.pk))
    path = filled(route, odd)
    sent = Filled(client.get(path).content.decode()).sent
    assert set(sent) - {"csrfmiddlewaretoken"}, f"{name}: no form found"
    before = stored()
    answer = client.post(path, sent)
    assert answer.status_code == 302, f"{name}: {answer.status_code}"
    assert stored() == before
