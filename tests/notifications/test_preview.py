"""Who would be notified of an escalation, why and how, before it is sent: what happens when it is."""

from __future__ import annotations

from datetime import time

import pytest

from handoffs.models import Handoff
from notifications import preview
from notifications.models import Delivery, Notification, Preference, Scope
from notifications.templatetags.notices import of_them
from resolutionflow.accounts.models import Priority, Team, User
from tests.conftest import relay_all


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("it is for you", "it is for them"),
        ("it is for your team Your IT", "it is for their team Your IT"),
        ("it is yours again", "it is theirs again"),
        ("you are mentioned in it", "they are mentioned in it"),
        ("it was sent to everyone", "it was sent to everyone"),
    ],
)
def test_a_reason_as_others_read_it(why, told) -> None:
    assert of_them(why) == told


@pytest.fixture
def servers(northwind, bo, cy, lea) -> Team:
    team = Team.objects.create(account=northwind, name="Servers")
    team.members.set([bo, lea])
    Preference.choose(cy, levels={"waiting": {"email": Scope.AIMED}})
    User.objects.filter(pk=lea.pk).update(confirmed_email="")
    return team


@pytest.mark.parametrize("target", ["", "bo", "servers"])
def test_the_preview_is_what_happens(session, ana, bo, servers, target) -> None:
    to = {"": None, "bo": bo, "servers": servers}[target]
    shown = preview.of_escalation(session, ana, to=to, priority=Priority.NORMAL)
    assert not Handoff.objects.exists()
    directed = {"target_user": to} if target == "bo" else {"target_team": to}
    waiting = Handoff.escalate(session, ana, notes="Stuck", **directed)
    relay_all()
    lines = Notification.objects.filter(handoff=waiting)
    assert {(one.user, one.why) for one in shown.people} == {(line.user, line.why) for line in lines}
    wanted = Delivery.objects.filter(handoff=waiting).exclude(recipient__confirmed_email="")
    assert {one.user for one in shown.people if "mail" in one.how} == {mail.recipient for mail in wanted}
    assert (shown.everyone_at is None) == (waiting.directed_until is None)


def test_quiet_hours_are_told_but_for_what_is_urgent_and_for_them(session, ana, bo, time_machine) -> None:
    time_machine.move_to("2026-11-26T23:00Z")
    Preference.choose(bo, quiet_from=time(20), quiet_until=time(23, 59))
    calm = preview.of_escalation(session, ana, to=bo, priority=Priority.NORMAL)
    urgent = preview.of_escalation(session, ana, to=bo, priority=Priority.URGENT)
    assert [one.how for one in (*calm.people, *urgent.people)] == ["bell; mail after their quiet hours", "bell, mail"]


def test_the_form_shows_it(client, session, ana, bo) -> None:
    client.force_login(ana)
    page = f"/sessions/{session.pk}/escalate/notifies/"
    html = client.get(page, {"target": f"user-{bo.pk}", "priority": "2"}).content.decode()
    assert "Bo Tester</bdi> is notified now, everyone at" in " ".join(html.split())
    assert "it is for them" in html, "it speaks to the sender"
    assert f'hx-get="{page}"' in client.get(f"/sessions/{session.pk}/escalate/").content.decode()


def test_it_names_the_steps_of_the_ladder(client, session, ana, bo) -> None:
    client.force_login(ana)
    page = f"/sessions/{session.pk}/escalate/notifies/"
    urgent, normal = (client.get(page, {"target": "", "priority": priority}).text for priority in "02")
    assert ["Leads</strong>" in html and "Everyone on shift</strong>" in html for html in (urgent, normal)] == [
        True,
        False,
    ]


def test_a_target_of_elsewhere_shows_nothing(client, session, ana, eve) -> None:
    client.force_login(ana)
    html = client.get(f"/sessions/{session.pk}/escalate/notifies/", {"target": f"user-{eve.pk}"}).content.decode()
    assert not html.strip()
