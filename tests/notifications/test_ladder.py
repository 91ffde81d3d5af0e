"""Who hears of a step of the ladder, how, and the page where a ladder is set."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from handoffs.models import Handoff
from notifications.models import Channel, Delivery, Notification, Preference, Scope
from notifications.sweep import do_it, sweep
from resolutionflow.accounts.models import Event, Priority, Team
from resolutionflow.accounts.models.ladder import default_ladder
from resolutionflow.core import clock
from resolutionflow.core.refusals import Refusal
from sessions_app.models import Session
from tests.api_client import client_of
from tests.conftest import relay_all

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def at(minutes: float):
    return clock.replayed_at(START + timedelta(minutes=minutes))


def step(**more) -> dict:
    return {"minutes": 5, "working_time": False, **more}


def named(whom: str, row) -> dict:
    return step(whom=whom, id=row.pk, name=row.name)


def stepped(session, sender, steps: list[dict], **more) -> dict[str, str]:
    """By first name, why they were called by these steps of a normal escalation that nobody claimed."""
    session.account.change(by=None, ladder={**default_ladder(), "normal": steps})
    with at(0):
        Handoff.escalate(session, sender, notes="stuck", **more)
        relay_all()
    with at(5):
        sweep(do_it)
    lines = Notification.objects.filter(event__kind="handoff.stepped").select_related("user")
    return {line.user.first_name: line.why for line in lines}


# --- who -----------------------------------------------------------------------------------------


def test_leads(session, ana, bo, lea, olga, adam, vic, eve):
    called = stepped(session, ana, [step(whom="leads")])
    assert called == dict.fromkeys(["Lea", "Olga", "Adam"], "nobody has claimed it and you are a lead")


def test_everyone_on_shift_but_who_cannot_claim_it(session, ana, bo, cy, lea, vic, eve):
    cy.go_off_shift()
    called = stepped(session, lea, [step(whom="on_shift")])  # Ana held it, Lea escalated it
    assert called == {"Bo": "nobody has claimed it and you are on shift"}


def test_a_team(session, ana, bo, cy, network):
    assert set(stepped(session, ana, [named("team", network)])) == {"Bo"}


def test_a_person(session, ana, bo, cy):
    assert stepped(session, ana, [named("person", cy)]) == {"Cy": "nobody has claimed it and you are next"}


def test_whom_it_is_for(session, ana, bo, cy):
    called = stepped(session, ana, [step(whom="target")], target_user=bo)
    assert called == {"Bo": "nobody has claimed it and it was sent to you"}


def test_several_at_once_call_each_once(session, ana, bo, lea):
    called = stepped(session, ana, [step(whom="leads"), step(whom="on_shift"), named("person", bo)])
    assert called["Lea"] == "nobody has claimed it and you are a lead"
    assert set(called) == {"Lea", "Bo"}
    assert Event.objects.filter(kind="handoff.stepped").count() == 1


@pytest.mark.parametrize("gone", ["deactivated", "foreign", "viewer"])
def test_nobody_who_is_gone_or_another_accounts(session, ana, bo, cy, olga, eve, vic, gone):
    whom = {"deactivated": cy, "foreign": eve, "viewer": vic}[gone]
    if gone == "deactivated":
        cy.deactivate(by=olga)
    assert stepped(session, ana, [named("person", whom)]) == {}


def test_a_channel(session, ana, bo, olga, eve):
    desk, other = (Channel.add(olga, name=name, address=f"{name}@northwind.example") for name in ("desk", "other"))
    theirs = Channel.add(eve, name="Elsewhere", address="desk@elsewhere.example")
    called = stepped(session, ana, [named("channel", desk), {**named("channel", theirs), "id": theirs.pk}])
    assert called == {}
    mails = Delivery.objects.filter(event__kind="handoff.stepped")
    assert [mail.channel for mail in mails] == [desk]
    assert Delivery.objects.filter(channel=other, event__kind="handoff.escalated").exists()


@pytest.fixture
def urgent(session, ana, bo, lea) -> Handoff:
    """Ana's session, escalated to anyone: whoever hears of it has."""
    with at(0):
        waiting = Handoff.escalate(session, ana, notes="stuck", priority=Priority.URGENT)
        relay_all()
    return waiting


# --- how -----------------------------------------------------------------------------------------


def test_the_same_line_is_unread_again_and_mailed(urgent, bo, lea):
    [line] = Notification.objects.filter(user=lea)
    Notification.objects.filter(pk=line.pk).mark_read()
    with at(5):
        sweep(do_it)
    [again] = Notification.objects.filter(user=lea)
    assert again.is_unread
    assert again.title == "Urgent: nobody has claimed #48190 VPN drops every ten minutes for two users for 5 min"
    assert again.pk > line.pk, "an open tab that asks for what is newer is given it"
    assert [line.event.kind for line in Notification.objects.filter(user=bo)] == ["handoff.escalated"]
    assert Delivery.objects.filter(recipient=lea, event__kind="handoff.stepped").count() == 1


def test_a_claim_settles_it_and_an_undo_opens_it(urgent, bo, lea):
    with at(5):
        sweep(do_it)
        urgent.refresh_from_db()
        urgent.claim(bo)
        relay_all()
        assert not Notification.objects.filter(user=lea).unread().exists()
        assert Delivery.objects.filter(recipient=lea, status="pending").count() == 0
        urgent.undo(bo)
        relay_all()
        assert Notification.objects.filter(user=lea).unread().count() == 1


def test_who_is_not_mailed_the_step_keeps_the_line_of_their_mail(session, ana, bo, lea):
    Preference.choose(bo, levels={"waiting": {"email": Scope.AIMED}})
    called = stepped(session, ana, [step(whom="on_shift")], target_user=bo)
    assert "Bo" in called, "it is near to whom it was sent to"
    Notification.objects.all().delete()
    Preference.choose(bo, levels={"waiting": {"email": Scope.NOTHING}})
    with at(0):
        handoff = Handoff.escalate(Session.open(ana, problem_summary="x"), ana, notes="stuck", target_user=bo)
        relay_all()
    Notification.objects.filter(user=bo).mark_read()
    with at(5):
        sweep(do_it)
    [line] = Notification.objects.filter(user=bo, handoff=handoff)
    assert (line.event.kind, line.why, line.is_unread) == ("handoff.escalated", "it is for you", True)


def test_the_nearest_reason_counts(session, ana, bo, lea):
    called = stepped(session, ana, [step(whom="on_shift"), step(whom="leads")])
    assert called["Lea"] == "nobody has claimed it and you are a lead"


def test_whom_it_is_for_is_called_after_it_has_widened_too(session, ana, bo, cy, network):
    session.account.change(by=None, widen_after=1)
    assert set(stepped(session, ana, [step(whom="target")], target_team=network)) == {"Bo"}


def test_while_it_is_kept_on_shift_are_those_who_can_claim_it(session, ana, bo, cy, lea):
    session.account.change(by=None, widen_after=60)
    assert set(stepped(session, ana, [step(whom="on_shift")], target_user=bo)) == {"Bo", "Lea"}


def test_an_undo_of_a_claim_before_the_step_was_relayed_leaves_one_line(urgent, bo, lea):
    with at(5):
        assert urgent.step()
        urgent.claim(bo)
        relay_all()
        urgent.undo(bo)
        relay_all()
    [line] = Notification.objects.filter(user=lea, done_at=None)
    assert line.event.kind == "handoff.stepped"


def test_what_was_claimed_before_it_was_relayed_calls_nobody(urgent, bo, lea):
    with at(5):
        assert urgent.step()
        urgent.claim(bo)
        relay_all()
    assert not Notification.objects.filter(user=lea).unread().exists()
    stepped = Delivery.objects.filter(event__kind="handoff.stepped")
    assert not stepped.exclude(status="cancelled").filter(due_at__lte=START + timedelta(minutes=5)).exists()


# --- what the page and the API say ---------------------------------------------------------------


def test_the_card_and_the_pickup_screen_name_the_next_step(client, session, ana, bo, lea):
    handoff = Handoff.escalate(session, ana, notes="stuck", priority=Priority.URGENT)
    client.force_login(bo)
    for page in ("/queue/", f"/handoffs/{handoff.pk}/"):
        assert "calls <bdi>leads</bdi>" in client.get(page).text
    assert "Hold the ladder" not in client.get(f"/handoffs/{handoff.pk}/").text
    client.force_login(lea)
    assert "Hold the ladder" in client.get(f"/handoffs/{handoff.pk}/").text
    client.post(f"/handoffs/{handoff.pk}/hold/", {"reason": "Vendor calls at ten"})
    page = client.get(f"/handoffs/{handoff.pk}/").text
    assert "Lea Tester holds the ladder" in page
    assert "Vendor calls at ten" in page
    assert "ladder held" in client.get("/queue/").text
    client.post(f"/handoffs/{handoff.pk}/let-go/")
    assert "calls <bdi>leads</bdi>" in client.get("/queue/").text


def test_the_api_says_it_and_holds_it(session, ana):
    handoff = Handoff.escalate(session, ana, notes="stuck", priority=Priority.URGENT)
    answer = client_of(ana).get(f"handoffs/{handoff.pk}/").json()
    assert answer["next_ladder_step"] == {"at": clock.iso(handoff.ladder_at), "to": "leads"}
    assert answer["ladder_held_by"] is None
    held = client_of(ana).post(f"handoffs/{handoff.pk}/hold/", reason="Vendor calls at ten").json()
    assert (held["next_ladder_step"], held["ladder_held_by"]["id"]) == (None, ana.pk)
    assert client_of(ana).post(f"handoffs/{handoff.pk}/hold/", reason="x").status_code == 409
    assert client_of(ana).post(f"handoffs/{handoff.pk}/let-go/").json()["next_ladder_step"]["to"] == "leads"


# --- settings ------------------------------------------------------------------------------------

PAGE = "/settings/ladder/"


def typed(**more) -> dict[str, str]:
    return {
        "urgent_0_minutes": "5", "urgent_0_time": "any", "urgent_0_whom": "leads",
        "urgent_1_minutes": "15", "urgent_1_time": "any", "urgent_1_whom": "on_shift",
        "high_0_minutes": "15", "high_0_time": "working", "high_0_whom": "leads", **more,
    }  # fmt: skip


def test_an_admin_sets_it(client, adam, network, bo):
    client.force_login(adam)
    more = {"low_0_minutes": "600", "low_0_time": "working", "low_0_whom": f"team-{network.pk}"}
    assert client.post(PAGE, typed(**more)).status_code == 302
    adam.account.refresh_from_db()
    low = {"minutes": 600, "working_time": True, "whom": "team", "id": network.pk, "name": "Network"}
    assert adam.account.ladder == {**default_ladder(), "low": [low]}
    assert Event.objects.get(kind="account.changed").facts["after"]["ladder"]["low"] == [low]


def test_saved_as_it_was_it_changes_nothing(client, adam):
    client.force_login(adam)
    assert client.post(PAGE, typed()).status_code == 302
    assert not Event.objects.filter(kind="account.changed").exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"urgent_0_minutes": ""}, "Write after how many minutes."),
        ({"urgent_0_whom": ""}, "Choose who is called"),
        ({"urgent_0_minutes": "0"}, "greater than or equal to 1"),
        ({"urgent_0_whom": "person-999999999999999999999"}, "Select a valid choice"),
        ({"urgent_0_time": "sometimes"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, adam, wrong, said):
    client.force_login(adam)
    answer = client.post(PAGE, typed(high_0_minutes="77", **wrong))
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="77"' in answer.text


def test_another_accounts_team_person_and_channel_are_no_choice(client, adam, eve):
    theirs = Team.objects.create(account=eve.account, name="Theirs")
    desk = Channel.add(eve, name="Elsewhere", address="desk@elsewhere.example")
    client.force_login(adam)
    for value in (f"team-{theirs.pk}", f"person-{eve.pk}", f"channel-{desk.pk}"):
        assert client.post(PAGE, typed(urgent_0_whom=value)).status_code == 422


def test_a_step_to_somebody_who_is_gone_says_so_and_is_kept(client, adam, bo):
    adam.account.change(by=None, ladder={**default_ladder(), "low": [named("person", bo)]})
    bo.deactivate(by=adam)
    client.force_login(adam)
    assert "Bo Tester (gone)" in client.get(PAGE).text
    low = {"low_0_minutes": "5", "low_0_time": "any", "low_0_whom": f"person-{bo.pk}"}
    assert client.post(PAGE, typed(**low)).status_code == 302
    adam.account.refresh_from_db()
    assert adam.account.ladder["low"] == [named("person", bo)]


def test_somebody_gone_is_kept_in_each_of_their_steps(client, adam, bo):
    ladder = {**default_ladder(), "high": [named("person", bo)], "low": [named("person", bo)]}
    adam.account.change(by=None, ladder=ladder)
    bo.deactivate(by=adam)
    client.force_login(adam)
    form = client.get(PAGE).context["form"]
    sent = {field.html_name: field.value() for field in form if field.value() not in (None, "")}
    assert client.post(PAGE, sent).status_code == 302
    adam.account.refresh_from_db()
    assert adam.account.ladder == ladder


def test_others_read_it(client, bo, vic):
    for user in (bo, vic):
        client.force_login(user)
        page = client.get(PAGE).text
        assert "After 15 minutes of working time" in page
        assert "<select" not in page
        assert client.post(PAGE, typed()).status_code == 403


# --- races ---------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_step_begins_after_a_claim(real, session, ana, bo, lea):
    """A step against a claim, a thousand times, each way first now and then."""
    with at(0):
        handoff = Handoff.escalate(session, ana, notes="stuck", priority=Priority.URGENT)
    stepped_first = 0
    with ThreadPoolExecutor(2) as pool, at(5):
        for _round in range(1000):
            Handoff.objects.filter(pk=handoff.pk).update(ladder_until=None, ladder_at=START, open_since=START)
            gate = Barrier(2)
            step = pool.submit(_at, gate, lambda: Handoff.objects.get(pk=handoff.pk).step())
            claim = pool.submit(_at, gate, lambda: Handoff.objects.get(pk=handoff.pk).claim(bo))
            step.result()
            claim.result()
            events = Event.objects.filter(handoff_id=handoff.pk).order_by("-seq")
            newest = list(events.values_list("kind", flat=True)[:2])
            assert newest[0] == "handoff.claimed", newest
            stepped_first += newest[1] == "handoff.stepped"
            Handoff.objects.get(pk=handoff.pk).undo(bo)
    assert 0 < stepped_first < 1000


def _at(gate: Barrier, act) -> object:
    try:
        gate.wait()
        with at(5):
            return act()
    except Refusal as refusal:
        return refusal
    finally:
        connection.close()
