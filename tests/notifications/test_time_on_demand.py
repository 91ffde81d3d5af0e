"""Log time: the page, what it offers and keeps, and the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from handoffs.models import Handoff
from notifications.models import Delivery
from notifications.models.timed import MINUTES
from resolutionflow.core.refusals import WrongState
from sessions_app.models import MemberMapping, PsaConnection, Session
from tests.api_client import client_of
from tests.conftest import relay_all, shown_by
from tests.notifications.test_note_on_demand import deliver, posted  # noqa: F401  a fixture
from tests.notifications.test_note_settings import connected


@pytest.fixture
def ticket(session, northwind) -> Session:
    """Ana's session, its ticket in Request Tracker."""
    session.psa_connection = connected(northwind)
    session.save(update_fields=["psa_connection"])
    return session


def at(session: Session) -> str:
    return f"/sessions/{session.pk}/time/"


def later(time_machine, minutes: int) -> None:
    time_machine.move_to(timezone.now() + timedelta(minutes=minutes))


# the page


def test_it_offers_the_minutes_and_says_how_they_come_about(client, ticket, ana, time_machine) -> None:
    PsaConnection.objects.update(time_unit=15)
    later(time_machine, 42)
    client.force_login(ana)
    page = client.get(at(ticket))
    assert page.context["form"].initial["minutes"] == 45
    assert "42 min since you opened it, rounded up to 45." in page.content.decode()
    assert f'href="{at(ticket)}"' in client.get(f"/sessions/{ticket.pk}/").content.decode()


def test_it_offers_a_claimer_theirs(client, ticket, ana, bo, time_machine) -> None:
    later(time_machine, 300)
    Handoff.escalate(ticket, ana, notes="Stuck").claim(bo)
    later(time_machine, 7)
    client.force_login(bo)
    assert "7 min since you claimed it." in client.get(at(ticket)).content.decode()


def test_who_never_had_it_types_the_minutes(client, ticket, cy) -> None:
    client.force_login(cy)
    page = client.get(at(ticket))
    assert page.context["form"].initial["minutes"] is None
    assert "You have not had this session: type the minutes you worked." in page.content.decode()


def test_it_is_posted_as_changed_and_shown(client, ticket, ana, posted) -> None:
    client.force_login(ana)
    form = {**shown_by(client.get(at(ticket))), "minutes": "50", "text": "Replaced the router\npassword: Kangaroo-7"}
    answer = client.post(at(ticket), form, follow=True)
    assert answer.redirect_chain == [(f"/sessions/{ticket.pk}/", 302)]
    said = answer.content.decode()
    assert "50 min are on their way into ticket #48190. 1 secret was left out (password)." in said
    assert "50 min on ticket <bdi>48190</bdi>" in said
    done = deliver(Delivery.objects.get())
    assert (done.status, done.minutes, done.requested_by) == ("done", 50, ana)
    [(url, body)] = posted
    assert url.endswith("/ticket/48190/comment"), "which the client does not see"
    assert (body["Subject"], body["TimeTaken"]) == (f"Time [rf:{done.marker}]", 50)
    assert body["Content"] == "Replaced the router\npassword: [REDACTED:PASSWORD#1].\nWritten by Ana Tester."
    again = client.get(at(ticket)).content.decode()
    assert "50 min are logged so far." in again
    assert "Time logged so far" in again
    assert "Ana Tester</span>" in again
    assert "booked</span>" in again
    assert "Nothing since you logged time last" in again


@pytest.mark.parametrize(
    ("became", "is_logged"),
    [
        ({"status": "pending"}, True),
        ({"status": "done", "remote_id": "61"}, True),
        ({"status": "failed", "maybe_sent": True}, True),
        ({"status": "failed", "remote_id": "61"}, True),  # the client was shown it, against what was asked
        ({"status": "failed"}, False),
        ({"status": "cancelled"}, False),
    ],
)
def test_what_is_in_the_ticket_or_may_be_is_not_offered_again(client, ticket, ana, became, is_logged) -> None:
    entry = Delivery.send_time(ticket, ana, minutes=50, text="Replaced the router")
    Delivery.objects.filter(pk=entry.pk).update(**became)
    client.force_login(ana)
    page = client.get(at(ticket)).content.decode()
    assert ("50 min are logged so far." in page) is is_logged
    assert ("Nothing since you logged time last" in page) is is_logged


def test_what_is_offered_is_not_what_the_note_says(client, ticket, ana) -> None:
    client.force_login(ana)
    text = client.get(at(ticket)).context["form"].initial["text"]
    assert text == (
        "VPN drops every ten minutes for two users.\nDone: Checked the firewall log; Restarted the VPN service."
    )
    ticket.resolve(ana, resolution="Replaced the router")
    relay_all()
    text = client.get(at(ticket)).context["form"].initial["text"]
    assert text == "VPN drops every ten minutes for two users.\nSolved: Replaced the router."
    assert client.post(at(ticket), {"minutes": "5", "text": text}).status_code == 302


def test_what_is_offered_fits(client, ticket, ana) -> None:
    Session.objects.update(problem_summary="long " * 100, resolution="longer " * 1_000, status="resolved")
    client.force_login(ana)
    text = client.get(at(ticket)).context["form"].initial["text"]
    assert client.post(at(ticket), {"minutes": "5", "text": text}).status_code == 302


def test_resolving_may_lead_to_it(client, ticket, ana) -> None:
    client.force_login(ana)
    resolve = f"/sessions/{ticket.pk}/resolve/"
    assert "Resolve and log time" in client.get(resolve).content.decode()
    assert client.post(resolve, {"resolution": " ", "log_time": "yes"}).status_code == 422
    assert client.post(resolve, {"resolution": "Replaced it", "log_time": "yes"}).url == at(ticket)
    assert " until it was resolved" in client.get(at(ticket)).content.decode()


def test_a_double_click_makes_one_entry_and_another_text_another(client, ticket, bo) -> None:
    client.force_login(bo)
    key = shown_by(client.get(at(ticket)))["form_key"]
    for minutes, text in ((5, "Called them"), (5, "Called them"), (5, "Called again"), (6, "Called again")):
        sent = {"minutes": minutes, "text": text, "form_key": key}
        assert client.post(at(ticket), sent).status_code == 302
    assert Delivery.objects.times().count() == 3


@pytest.mark.parametrize(
    "minutes", ["", "0", "-5", "1441", "9" * 5_000, "an hour", "1:30", "7.5", "1e2", "NaN", "\u0661\u0660 min", "\0"]
)
def test_wrong_minutes_are_said_and_nothing_typed_is_lost(client, ticket, bo, minutes) -> None:
    client.force_login(bo)
    refused = client.post(at(ticket), {"minutes": minutes, "text": "Replaced the router"})
    assert refused.status_code == 422
    assert MINUTES in refused.content.decode()
    assert "Replaced the router</textarea>" in refused.content.decode()
    assert not Delivery.objects.exists()


def test_a_text_that_is_missing_too_long_or_a_notes_is_said(client, ticket, bo, ana) -> None:
    Delivery.send_note(ticket, ana, body="Replaced the router.")
    client.force_login(bo)
    for text, said in ((" ", "Say what was done."), ("x" * 751, "750 fit"), ("replaced the ROUTER", "says the same")):
        refused = client.post(at(ticket), {"minutes": "25", "text": text})
        assert refused.status_code == 422
        assert said in refused.content.decode()
        assert 'value="25"' in refused.content.decode()
    assert not Delivery.objects.times().exists()
    entry = Delivery.send_time(ticket, bo, minutes=5, text="Called them")
    refused = client.post(f"/sessions/{ticket.pk}/note/", {"body": "Called them"})
    assert refused.status_code == 422
    assert "Called them" in refused.content.decode()
    assert Delivery.objects.times().get() == entry


def test_it_goes_into_no_other_ticket_than_its_author_was_shown(client, ticket, ana, bo) -> None:
    client.force_login(bo)
    form = {**shown_by(client.get(at(ticket))), "ticket": ticket.ticket_key, "minutes": "5", "text": "Called them"}
    ticket.change(ana, psa_ticket_id="5000")
    refused = client.post(at(ticket), form)
    assert refused.status_code == 422
    assert "changed while this was written, to #5000 of" in refused.content.decode()
    assert "Does the time belong there?" in refused.content.decode()
    assert "Called them</textarea>" in refused.content.decode()
    ticket.refresh_from_db()
    assert client.post(at(ticket), {**form, "ticket": ticket.ticket_key}).status_code == 302
    assert Delivery.objects.get().address == "5000"


def test_who_sees_the_text_is_a_choice_only_where_there_is_one(client, northwind, session, bo) -> None:
    client.force_login(bo)
    for kind, said in (
        ("request_tracker", "The client does not see it."),
        ("redmine", "Redmine makes no difference: whoever may see spent time there sees it."),
    ):
        session.psa_connection = connected(northwind, kind=kind)
        session.save(update_fields=["psa_connection"])
        page = client.get(at(session))
        assert said in page.content.decode()
        assert "internal" not in page.context["form"].fields
        client.post(at(session), {"minutes": "5", "text": f"In {kind}", "internal": ""})
    assert all(Delivery.objects.values_list("internal", flat=True))
    session.psa_connection = connected(northwind, kind="connectwise")
    session.save(update_fields=["psa_connection"])
    page = client.get(at(session)).content.decode()
    assert "“Written by Bo Tester.” stands at its end." in page
    assert 'name="internal" id="id_internal" checked' in page
    for more, internal in (({}, True), ({"internal": ["", "on"]}, True), ({"internal": ""}, False)):
        client.post(at(session), {"minutes": "5", "text": f"With {more}", **more})
        assert Delivery.objects.latest("pk").internal is internal
    MemberMapping.objects.create(account=northwind, connection=session.psa_connection, user=bo, identifier="bo")
    assert "Written by" not in client.get(at(session)).content.decode()


def test_without_a_ticket_the_page_says_what_to_do(client, session, northwind, bo) -> None:
    client.force_login(bo)
    assert "is of no connected ticket system" in client.get(at(session)).content.decode()
    assert "Log time" not in client.get(f"/sessions/{session.pk}/").content.decode()
    Session.objects.filter(pk=session.pk).update(psa_connection=connected(northwind))
    PsaConnection.objects.update(is_active=False)
    assert "is switched off in its settings" in client.get(at(session)).content.decode()
    assert "Log time" not in client.get(f"/sessions/{session.pk}/").content.decode()
    assert client.post(at(session), {"minutes": "5", "text": "x"}).status_code == 409
    assert "Log time" not in client.get(f"/sessions/{session.pk}/resolve/").content.decode()


def test_viewers_and_strangers_log_none(client, ticket, vic, eve) -> None:
    for user, status in ((vic, 403), (eve, 404)):
        client.force_login(user)
        for ask in (client.get, client.post):
            assert ask(at(ticket)).status_code == status
    client.force_login(vic)
    assert "Log time" not in client.get(f"/sessions/{ticket.pk}/").content.decode()


def test_what_was_logged_is_read_in_one_query_however_much_it_is(client, ticket, ana, bo, cy) -> None:
    client.force_login(ana)
    counts = []
    for people in ((ana,), (ana, bo, cy)):
        for person in people:
            Delivery.send_time(ticket, person, minutes=5, text=f"By {person.name}")
        for path in (at(ticket), f"/sessions/{ticket.pk}/"):
            client.get(path)
            with CaptureQueriesContext(database) as queries:
                assert client.get(path).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


# its setting


def test_the_unit_is_a_setting_of_the_ticket_system(client, ticket, adam, olga) -> None:
    connection, facts = ticket.psa_connection, {"name": "Helpdesk", "base_url": "https://rt.example"}
    client.force_login(adam)
    address = f"/settings/psa/{connection.pk}/"
    page = client.get(address).content.decode()
    assert "Round time up to" in page
    assert '<option value="1" selected>1 min' in page
    assert client.post(address, {**facts, "is_active": "on", "time_unit": "15"}).status_code == 302
    assert client.post(address, {**facts, "is_active": "on"}).status_code == 302, "as it is"
    connection.refresh_from_db()
    assert connection.time_unit == 15
    for wrong in ("7", "0", "x"):
        assert client.post(address, {**facts, "is_active": "on", "time_unit": wrong}).status_code == 422
    client.force_login(olga)
    admin = f"/admin/sessions_app/psaconnection/{connection.pk}/change/"
    assert "time_unit" in client.get(admin).content.decode()
    assert client.post(admin, {**facts, "is_active": "on", "time_unit": "30"}).status_code == 302
    connection.refresh_from_db()
    assert connection.time_unit == 30


def test_two_tabs_do_not_log_the_same_time_unasked(client, ticket, ana) -> None:
    client.force_login(ana)
    tab = {**shown_by(client.get(at(ticket))), "minutes": "11", "text": "Replaced the router", "seen": "0"}
    other = {**shown_by(client.get(at(ticket))), "minutes": "11", "text": "Replaced the router", "seen": "0"}
    assert client.post(at(ticket), tab).status_code == 302
    assert client.post(at(ticket), tab).status_code == 302, "a double click"
    asked = client.post(at(ticket), other)
    assert asked.status_code == 422
    assert "You have logged 11 min here meanwhile." in asked.content.decode()
    logged = Delivery.objects.get()
    assert f'name="seen" value="{logged.pk}"' in asked.content.decode()
    assert "Replaced the router" in asked.content.decode()
    assert client.post(at(ticket), {**other, "seen": str(logged.pk)}).status_code == 302
    assert Delivery.objects.count() == 2


def test_a_failed_entry_that_was_logged_anew_is_not_tried_again(ticket, ana, adam) -> None:
    failed = Delivery.send_time(ticket, ana, minutes=11, text="Replaced the router")
    Delivery.objects.update(status="failed")
    other = Delivery.send_time(ticket, ana, minutes=5, text="Rang the provider")
    Delivery.objects.filter(pk=other.pk).update(status="failed")
    anew = Delivery.send_time(ticket, ana, minutes=11, text="Replaced the router")
    with pytest.raises(WrongState, match="logged anew"):
        Delivery.objects.get(pk=failed.pk).retry_by(ana)
    assert Delivery.retry_all(ticket.psa_connection, adam) == 1
    states = dict(Delivery.objects.values_list("pk", "status"))
    assert states == {failed.pk: "failed", other.pk: "pending", anew.pk: "pending"}


# the API


def test_the_api_logs_time(ticket, bo, vic, eve) -> None:
    client, url = client_of(bo), f"sessions/{ticket.pk}/time/"
    sent = client.post(url, minutes=25, text="Replaced it. pin: 4711")
    assert sent.status_code == 202
    told = sent.json()
    assert (told["kind"], told["minutes"], told["internal"], told["redacted"]) == ("time", 25, True, ["code"])
    assert told["text"] == "Replaced it. pin: [REDACTED:CODE#1].\nWritten by Bo Tester."
    assert Delivery.objects.get().minutes == 25, "as it is, not rounded"
    assert client_of(vic).post(url, minutes=5, text="x").status_code == 403
    assert client_of(eve).post(url, minutes=5, text="x").status_code == 404
    refused = client.post(url, minutes=5, text="x", internal=False)
    assert refused.status_code == 400
    assert refused.json()["errors"] == {
        "internal": ["Request Tracker has no time entries that are shown to the client."]
    }
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("minutes", [0, -5, 1_441, 10**30, "25", "an hour", 7.5, True, None, [5]])
def test_the_api_refuses_what_are_no_minutes(ticket, bo, minutes) -> None:
    refused = client_of(bo).post(f"sessions/{ticket.pk}/time/", minutes=minutes, text="x")
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["minutes"])
    assert not Delivery.objects.exists()


def test_the_api_refuses_the_text_of_a_note_and_says_that_there_is_no_ticket(ticket, bo) -> None:
    client, url = client_of(bo), f"sessions/{ticket.pk}/time/"
    Delivery.send_note(ticket, bo, body="Replaced it")
    assert "says the same" in client.post(url, minutes=5, text="Replaced it.").json()["errors"]["text"][0]
    Session.objects.update(psa_connection=None)
    assert client.post(url, minutes=5, text="x").json()["code"] == "wrong_state"


def test_a_repeated_call_with_its_key_logs_once(ticket, bo) -> None:
    client, url = client_of(bo), f"sessions/{ticket.pk}/time/"
    for _unused in range(2):
        sent = client.send("POST", url, {"minutes": 5, "text": "x"}, headers={"Idempotency-Key": "once"})
        assert sent.status_code == 202
    assert Delivery.objects.count() == 1
