"""/sessions/new/: three ways to start."""

from __future__ import annotations

from uuid import uuid4

import pytest

from resolutionflow.accounts.models import Team
from sessions_app.models import PsaConnection, Session
from tests.sessions_app.conftest import UNSEEN

LOG = "Jan 12 02:00 service starting\nJan 12 02:01 Kerberos service terminated with error 2148073478\nmore"


@pytest.fixture
def send(as_user, ana):
    client = as_user(ana)

    def post(**fields):
        return client.post("/sessions/new/", {"intake": "free_text", "problem_domain": "other", **fields})

    return post


def test_the_page_opens(as_user, ana):
    assert as_user(ana).get("/sessions/new/").status_code == 200


def test_free_text(send, ana, network):
    response = send(problem_summary="VPN drops", client_name="Northgate", asset_name="FW01", team=network.pk)
    session = Session.objects.get()
    assert response.status_code == 302
    assert response.url == f"/sessions/{session.pk}/?compose=1#composer"
    assert (session.assignee, session.started_by, session.status) == (ana, ana, "active")
    assert (session.client_name, session.asset_name, session.team) == ("Northgate", "FW01", network)


def test_a_log_suggests_the_problem(send):
    send(intake="log_paste", intake_text=LOG)
    session = Session.objects.get()
    assert session.problem_summary == "Jan 12 02:01 Kerberos service terminated with error 2148073478"
    assert session.intake_text == LOG


def test_a_log_of_100000_characters_is_kept_whole(send):
    log = ("x" * 99 + "\n") * 1000 + "error at the end"
    assert send(intake="log_paste", intake_text=log).status_code == 302
    assert Session.objects.get().intake_text == log


def test_too_long_a_log_is_refused_and_kept_on_the_page(send):
    log = "é" * 200_001
    response = send(intake="log_paste", intake_text=log, client_name="Northgate")
    text = response.content.decode()
    assert response.status_code == 422
    assert "200,001 characters" in text
    assert log in text
    assert 'value="Northgate"' in text
    assert not Session.objects.exists()


def test_a_ticket(send, northwind):
    tracker = PsaConnection.objects.create(
        account=northwind, name="RT", kind="request_tracker", base_url="https://rt.example"
    )
    send(intake="ticket", psa_ticket_id="#48190", psa_connection=tracker.pk)
    session = Session.objects.get()
    assert (session.problem_summary, session.psa_ticket_id, session.psa_connection) == (
        "Ticket 48190",
        "48190",
        tracker,
    )


def test_without_a_connection_none_is_asked_for(as_user, ana):
    assert "psa_connection" not in as_user(ana).get("/sessions/new/").content.decode()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "problem_summary"),
        ({"problem_summary": " \u202e\n"}, "problem_summary"),
        ({"problem_summary": "x" * 501}, "problem_summary"),
        ({"intake": "log_paste", "problem_summary": "x"}, "intake_text"),
        ({"intake": "ticket", "problem_summary": "x"}, "psa_ticket_id"),
        ({"intake": "import", "problem_summary": "x"}, "intake"),
        ({"problem_summary": "x", "problem_domain": "weather"}, "problem_domain"),
        ({"problem_summary": "x", "client_name": "y" * 201}, "client_name"),
    ],
)
def test_bad_input_is_422(send, fields, field):
    response = send(**fields)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Session.objects.exists()


def test_another_accounts_team_is_no_choice(send, elsewhere):
    theirs = Team.objects.create(account=elsewhere, name="Theirs")
    assert send(problem_summary="x", team=theirs.pk).status_code == 422


def test_what_cannot_be_seen_is_taken_out(send):
    send(intake="log_paste", problem_summary=UNSEEN, client_name=UNSEEN, intake_text=f"{UNSEEN}\r\nsecond")
    session = Session.objects.get()
    assert (session.problem_summary, session.client_name, session.log) == ("abcde", "abcde", "abcde\nsecond")
    assert session.intake_text == UNSEEN.replace("\0", "") + "\nsecond"


def test_a_double_click_opens_one(send):
    key = str(uuid4())
    first, second = send(problem_summary="VPN", form_key=key), send(problem_summary="VPN", form_key=key)
    assert first.url == second.url
    assert Session.objects.count() == 1
    send(problem_summary="VPN", form_key=str(uuid4()))
    assert Session.objects.count() == 2


def test_viewers_are_refused(as_user, vic):
    client = as_user(vic)
    assert client.get("/sessions/new/").status_code == 403
    assert client.post("/sessions/new/", {"problem_summary": "x"}).status_code == 403


def test_strangers_sign_in_first(client, db):
    assert client.get("/sessions/new/").status_code == 302
