"""Asking a ticket system: while one types, one at a time, and pages hear of the answer."""

from __future__ import annotations

import json
import re
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection as database

from resolutionflow.core import clock, nudges
from sessions_app.models import PsaConnection, Session, TicketCopy, TicketSearch
from tests.api_client import client_of
from tests.fakes.connectwise import CREDENTIALS
from tests.sessions_app.tickets.conftest import later, opened, work

LOOK = "/sessions/ticket/"


@pytest.fixture
def look(as_user, ana):
    client = as_user(ana)
    return lambda typed, **more: client.get(LOOK, {"psa_ticket_id": typed, **more}).content.decode()


def fills(page: str) -> dict[str, str]:
    return dict(re.findall(r'data-fills="(\w+)" value="([^"]*)"', page))


def test_a_number_is_asked_for_and_fills_in_the_form(connected, look):
    assert "Asking" in (page := look("#5001"))
    assert "since=" in page
    work()
    page = look("5001")
    assert "VPN drops" in page
    assert "hx-get" not in page
    assert fills(page)["client_name"] == "Lighthouse Dental"
    assert fills(page)["due_at"] == "2026-12-01T16:00"
    assert "psa_ticket_id" not in fills(page), "what is being typed is not replaced"
    assert fills(look("5001", picked="1"))["psa_ticket_id"] == "5001"


def test_a_number_that_is_not_there(connected, look):
    look("5999")
    work()
    assert "has no ticket 5999" in look("5999")


def test_after_two_seconds_it_says_that_it_still_asks_and_after_a_minute_it_stops(connected, as_user, ana):
    client, now = as_user(ana), int(time.time())

    def asked(**since) -> tuple[int, str]:
        answer = client.get(LOOK, {"psa_ticket_id": "5001", **since})
        return answer.status_code, answer.content.decode()

    assert "Still asking" not in asked()[1]
    assert asked(since=now) == (204, ""), "nothing new: nothing is drawn, nor read out, again"
    assert "Still asking" in asked(since=now - 5)[1]
    assert asked(since=now - 5, slow=1) == (204, "")
    assert "hx-get" not in asked(since=now - 70, slow=1)[1]
    for odd in ("x", "-1", "9" * 17, ""):
        assert asked(since=odd)[0] in (200, 204)


def test_a_system_that_is_down_is_said_to_be(connected, fake, look):
    fake.company_script = [503]
    look("5001")
    work()
    assert "does not answer" in look("5001")


def test_words_are_looked_for_and_a_match_is_picked(connected, fake, look):
    fake.add("Printer “P1” jams [again]")
    assert "Asking" in look("printer")
    work()
    page = look("printer")
    assert "Printer “P1” jams [again]" in page
    assert re.search(r'hx-get="/sessions/ticket/\?psa_ticket_id=\d+&amp;psa_connection=\d+&amp;picked=1"', page)
    assert "three letters" in look("vp")
    look("no such thing")
    work()
    assert "No open ticket" in look("no such thing")


@pytest.mark.parametrize(
    "odd", ["x" * 5000, "a\x00b\x1b[31mc", "'; drop table", '"]}', "\u202eabc", "%5B%22", "<script>"]
)
def test_odd_words_are_words(connected, look, odd):
    assert look(odd)
    work()
    assert "<script>" not in look(odd)


def test_who_types_on_gives_up_what_nobody_has_begun(connected, look, ana):
    look("print"), look("printer"), look("printer jams")
    assert list(TicketSearch.objects.order_by("pk").values_list("status", flat=True)) == [
        "cancelled",
        "cancelled",
        "pending",
    ]
    look("printer jams")
    assert TicketSearch.objects.count() == 3, "asked again, it is the same search"


def test_without_a_system_there_is_nothing_to_ask(look, as_user, ana):
    assert "Choose the ticket system" in look("5001")
    page = as_user(ana).get("/sessions/new/?intake=ticket").content.decode()
    assert "ticket-lookup" not in page


def test_another_accounts_system_is_none(connected, eve, as_user):
    page = as_user(eve).get(LOOK, {"psa_ticket_id": "5001", "psa_connection": connected.pk}).content.decode()
    assert "Choose the ticket system" in page
    assert not TicketCopy.objects.exists()


def test_an_address_with_a_ticket_fills_in_the_form(connected, as_user, ana):
    client = as_user(ana)
    page = client.get("/sessions/new/?ticket=5001").content.decode()
    assert 'value="5001"' in page
    work()
    page = client.get("/sessions/new/?ticket=%235001").content.decode()
    assert 'value="VPN drops"' in page
    assert 'value="Lighthouse Dental"' in page


def test_an_address_with_a_ticket_leads_to_the_session_that_is_open_for_it(linked, as_user, ana, bo):
    answer = as_user(bo).get("/sessions/new/?ticket=5001")
    assert (answer.status_code, answer.url) == (302, linked.get_absolute_url())
    linked.resolve(ana, resolution="x")
    assert as_user(bo).get("/sessions/new/?ticket=5001").status_code == 200


def test_of_several_systems_an_address_says_which(linked, fake, as_user, bo):
    other = PsaConnection.objects.create(
        account=linked.account, name="B", kind="connectwise", base_url=fake.url, credentials={}
    )
    client = as_user(bo)
    assert client.get("/sessions/new/?ticket=5001").status_code == 200
    assert client.get(f"/sessions/new/?ticket=5001&connection={other.pk}").status_code == 200
    assert client.get(f"/sessions/new/?ticket=5001&connection={linked.psa_connection_id}").status_code == 302


@pytest.mark.parametrize("nothing", ["%23", "%20", ""])
def test_an_address_without_a_number_asks_for_nothing(connected, as_user, ana, nothing):
    assert as_user(ana).get(f"/sessions/new/?ticket={nothing}").status_code == 200
    assert not TicketCopy.objects.exists()


def test_a_search_that_takes_its_time_is_waited_for(connected, look):
    look("printer")
    TicketSearch.objects.update(created_at=clock.now() - timedelta(seconds=30))
    look("printer")
    assert TicketSearch.objects.count() == 1


def test_a_form_that_comes_back_knows_what_the_ticket_filled_in(linked, as_user, ana):
    body = {"intake": "ticket", "psa_ticket_id": "5001", "psa_connection": linked.psa_connection_id}
    typed = {"problem_domain": "nonsense", "client_name": "Lighthouse Dental", "asset_name": "Mine"}
    page = as_user(ana).post("/sessions/new/", {**body, **typed}).content.decode()
    assert re.search(r'name="client_name"[^>]*data-filled="Lighthouse Dental"', page)
    assert not re.search(r'name="asset_name"[^>]*data-filled', page)


@pytest.mark.parametrize(("typed", "said"), [("printer jam", "not a ConnectWise"), ("5999", "has no ticket 5999")])
def test_a_number_that_cannot_be_is_said_at_its_field(linked, as_user, ana, typed, said):
    TicketCopy.ask(linked.psa_connection, "5999")
    work()
    client, body = as_user(ana), {"intake": "ticket", "psa_ticket_id": typed, "problem_domain": "other"}
    for path in ("/sessions/new/", f"/sessions/{linked.pk}/change/"):
        more = {"psa_connection": linked.psa_connection_id, "problem_summary": "Kept", "client_name": "Kept, too"}
        answer = client.post(path, {**body, **more})
        assert answer.status_code == 422
        assert said in str(answer.context["form"].errors["psa_ticket_id"])
        assert 'value="Kept, too"' in answer.content.decode()


class OddTracker(BaseHTTPRequestHandler):
    """A Request Tracker whose tickets have a person who is a text."""

    def do_GET(self) -> None:
        body = json.dumps({"id": 7, "Status": "open", "items": [{"id": "7", "Requestor": ["Mia"]}]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


def test_an_answer_of_another_shape_is_said_to_make_no_sense(northwind, settings):
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    with ThreadingHTTPServer(("127.0.0.1", 0), OddTracker) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        base_url = f"http://127.0.0.1:{server.server_port}"
        odd = PsaConnection.objects.create(
            account=northwind, name="Odd", kind="request_tracker", base_url=base_url, credentials={"token": "x"}
        )
        TicketCopy.ask(odd, "7")
        work()
        server.shutdown()
    copy = TicketCopy.objects.get()
    assert (copy.state, copy.status, copy.error) == ("unreachable", "pending", "The answer of Odd makes no sense.")


def test_an_answer_about_another_ticket_is_none(connected, fake, look):
    ticket = fake.named("5001")
    original, fake._ticket = fake._ticket, lambda kind, number: {**ticket, "id": 999}
    look("5001")
    work()
    fake._ticket = original
    assert "another ticket, 999" in TicketCopy.objects.get().error


def test_of_many_matches_ten_are_shown(connected, fake, look):
    for number in range(15):
        fake.add(f"Printer {number} jams")
    look("printer")
    work()
    assert len(TicketSearch.objects.get().tickets) == 10


def test_without_any_system_an_address_still_opens(as_user, eve):
    assert as_user(eve).get("/sessions/new/?ticket=1").status_code == 200


def test_another_host_is_asked_anew(linked, fake, adam, settings):
    connection = linked.psa_connection
    connection.change(adam, name="Desk", base_url="https://other.example", credentials=CREDENTIALS)
    copy = TicketCopy.objects.get()
    assert (copy.state, copy.told) == ("asking", {})


def test_what_the_host_before_is_still_to_answer_counts_no_more(connected, adam):
    on_its_way = TicketCopy._take(TicketCopy.ask(connected, "5001").pk)
    connected.change(adam, name="Desk", base_url="https://other.example", credentials=CREDENTIALS)
    on_its_way._run()
    assert (TicketCopy.objects.get().told, TicketCopy.objects.get().status) == ({}, "pending")


def test_with_two_open_for_it_the_form_names_both(linked, as_user, bo):
    opened(bo)
    page = as_user(bo).get("/sessions/new/?ticket=5001")
    assert page.status_code == 200
    assert "Already open in" in page.content.decode()


@pytest.mark.parametrize("odd", ["T-17", "x" * 900, "%00", "9" * 40, "../../x"])
def test_an_address_with_an_odd_ticket_still_opens(connected, as_user, ana, odd):
    assert as_user(ana).get("/sessions/new/", {"ticket": odd}).status_code == 200


def test_one_at_a_time_is_asked_and_the_next_one_follows(connected, fake, ana):
    first = TicketCopy.ask(connected, "5001")
    second = TicketCopy.ask(connected, "5002")
    assert TicketCopy._take(first.pk) is not None
    assert TicketCopy._take(second.pk) is None, "the other one is being read"
    other = PsaConnection.objects.create(
        account=connected.account, name="B", kind="connectwise", base_url=fake.url, credentials={}
    )
    assert TicketCopy._take(TicketCopy.ask(other, "5001").pk) is not None, "another system is not kept waiting"


def test_pages_hear_of_the_answer(connected, ana):
    heard: list[tuple[int, str]] = []
    hear = lambda account, what: heard.append((account, what))  # noqa: E731
    nudges.subscribe(hear)
    try:
        TicketCopy.ask(connected, "5001")
        work()
    finally:
        nudges.unsubscribe(hear)
    assert (connected.account_id, "answer") in heard


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_for_one_ticket_at_once_make_one_reading(connected, fake):
    def ask() -> None:
        TicketCopy.ask(connected, "5001")
        database.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work()
    assert TicketCopy.objects.count() == 1
    assert sum(one["path"].endswith("/service/tickets/5001") for one in fake.requests) == 1


# --- the API -----------------------------------------------------------------------------------


def test_the_api_reads_a_ticket(connected, ana, vic):
    client = client_of(ana)
    path = f"tickets/{connected.pk}/5001/"
    assert client.get(path).json()["state"] == "asking"
    work()
    told = client.get(path).json()
    assert (told["state"], told["number"], told["ticket"]["title"]) == ("found", "5001", "VPN drops")
    assert told["ticket"]["due_at"] == "2026-12-01T16:00:00Z"
    assert client_of(vic).get(path).status_code == 200
    client.get(f"tickets/{connected.pk}/5999/")
    work()
    assert client.get(f"tickets/{connected.pk}/5999/").json()["state"] == "missing"


def test_the_api_looks_for_tickets(connected, ana):
    client = client_of(ana)
    assert client.get("tickets/?q=vpn").json()["state"] == "asking"
    work()
    told = client.get("tickets/", {"q": "vpn", "connection": connected.pk}).json()
    assert (told["state"], [one["number"] for one in told["results"]]) == ("found", ["5001"])
    assert client.get("tickets/?q=vp").json()["results"] == []


def test_the_api_says_that_a_ticket_is_unchecked(connected, ana):
    answer = client_of(ana).send("POST", "sessions/", {"problem_summary": "VPN", "psa_ticket_id": "5001"})
    assert (answer.status_code, answer.json()["ticket_state"]) == (201, "unchecked")
    work()
    assert client_of(ana).get(f"sessions/{answer.json()['id']}/").json()["ticket_state"] == "found"


def test_another_accounts_tickets_are_404(connected, eve):
    assert client_of(eve).get(f"tickets/{connected.pk}/5001/").status_code == 404


def test_the_page_reads_what_is_old_and_asks_while_it_is_read(linked, as_user, ana, bo):
    client = as_user(ana)
    page = client.get(linked.get_absolute_url()).content.decode()
    assert "from the ticket" in page
    assert f'hx-post="/sessions/{linked.pk}/ticket/read/"\n         hx-trigger="load"' not in page
    later(minutes=20)
    page = client.get(linked.get_absolute_url()).content.decode()
    assert re.search(rf'hx-post="/sessions/{linked.pk}/ticket/read/"\s+hx-trigger="load"', page)
    answer = client.post(f"/sessions/{linked.pk}/ticket/read/", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert f'hx-get="/sessions/{linked.pk}/ticket/?since=' in answer.content.decode()
    work()
    answer = client.get(f"/sessions/{linked.pk}/ticket/").content.decode()
    assert "hx-get" not in answer
    assert client.post(f"/sessions/{linked.pk}/ticket/read/").status_code == 302, "without scripts, back to the page"


def test_the_queries_of_a_list_do_not_grow(linked, ana, django_assert_max_num_queries):
    client = client_of(ana)
    client.get("sessions/")
    with django_assert_max_num_queries(12):
        client.get("sessions/")
    for _ in range(5):
        Session.open(ana, problem_summary="x", psa_ticket_id="5001")
    with django_assert_max_num_queries(12):
        client.get("sessions/")
