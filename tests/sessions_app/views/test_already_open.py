"""A new session whose ticket or device is open already: said, and asked once more."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from sessions_app.models import PsaConnection, Session

NEW = {"intake": "free_text", "problem_domain": "other", "problem_summary": "Again"}
SAID = "Already open in session {}"


@pytest.fixture
def send(as_user, bo):
    client = as_user(bo)

    def post(**fields):
        return client.post("/sessions/new/", {**NEW, **fields})

    return post


@pytest.fixture
def typed(as_user, bo):
    """What is said while that much is typed."""
    client = as_user(bo)

    def get(**fields):
        answer = client.get("/sessions/already-open/", fields, HTTP_HX_REQUEST="true")
        assert answer.status_code == 200
        return answer.content.decode()

    return get


def pressed(answer):
    """What the button for a second session sends."""
    return re.search(r'name="second" value="(\w+)"', answer.content.decode())[1]


def trackers(account):
    made = [
        PsaConnection(account=account, name=name, kind="request_tracker", base_url="https://rt.example")
        for name in ("RT", "Old RT")
    ]
    return PsaConnection.objects.bulk_create(made)


SAME = [
    {"psa_ticket_id": "48190"}, {"psa_ticket_id": "#48190"},
    {"client_name": "Northgate Legal", "asset_name": "NL-FW01"},
    {"client_name": "northgate  LEGAL", "asset_name": "nl-fw01"},
    {"psa_ticket_id": "1", "client_name": "Northgate Legal", "asset_name": "NL-FW01"},
    {"psa_ticket_id": "48190", "client_name": "Other", "asset_name": "Other"},
]  # fmt: skip
OTHER = [
    {}, {"psa_ticket_id": "4819"}, {"psa_ticket_id": "481900"}, {"psa_ticket_id": "%"}, {"psa_ticket_id": "4819_"},
    {"client_name": "Northgate Legal"}, {"asset_name": "NL-FW01"},
    {"client_name": "Northgate Legal", "asset_name": "NL-FW02"}, {"client_name": "Northgate", "asset_name": "NL-FW01"},
]  # fmt: skip


@pytest.mark.parametrize("fields", SAME)
def test_the_same_is_said_with_who_has_it(send, typed, session, fields):
    answer = send(**fields)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert Session.objects.count() == 1
    for html in (text, typed(**fields)):
        assert SAID.format(session.pk) in html
        assert f'href="{session.get_absolute_url()}"' in html
        assert session.problem_summary in html
        assert "Ana Tester" in html
        assert "Active" in html
        assert "Open a second session" in html
    assert 'value="Again"' in text
    assert all(f'value="{value.removeprefix("#")}"' in text.replace("#", "") for value in fields.values())


@pytest.mark.parametrize("fields", OTHER)
def test_another_is_opened_at_once(send, typed, session, fields):
    assert typed(**fields).strip() == ""
    assert send(**fields).status_code == 302
    assert Session.objects.count() == 2


def test_one_more_press_opens_it(send, session):
    answer = send(psa_ticket_id="48190", contact="Jo")
    opened = send(psa_ticket_id="48190", contact="Jo", second=pressed(answer))
    assert opened.status_code == 302
    second = Session.objects.latest("id")
    assert (second.psa_ticket_id, second.contact, second.problem_summary) == ("48190", "Jo", "Again")


def test_other_facts_ask_again(send, session, ana):
    Session.open(ana, problem_summary="Printer", client_name="Brook", asset_name="BD-1")
    second = pressed(send(psa_ticket_id="48190"))
    for fields in (
        {"psa_ticket_id": "48190", "client_name": "Brook", "asset_name": "BD-1"},
        {"client_name": "Brook", "asset_name": "BD-1"},
    ):
        assert send(**fields, second=second).status_code == 422
    for wrong in ("", "1", "x" * 5000, "yes"):
        assert send(psa_ticket_id="48190", second=wrong).status_code == 422
    assert send(psa_ticket_id="#48190", second=second).status_code == 302  # the same, written otherwise


def test_what_else_is_wrong_is_said_first(send, session):
    answer = send(psa_ticket_id="48190", problem_summary="")
    assert answer.status_code == 422
    assert "Already open" not in answer.content.decode()
    assert list(answer.context["form"].errors) == ["problem_summary"]


def test_a_finished_one_is_none(send, session, ana):
    session.resolve(ana, resolution="new cable")
    assert send(psa_ticket_id="48190").status_code == 302


def test_a_parked_or_waiting_one_is(send, waiting):
    answer = send(psa_ticket_id="48190")
    assert answer.status_code == 422
    assert "Waiting" in answer.content.decode()


def test_at_most_three_are_named_the_newest(send, typed, ana):
    rows = [Session.open(ana, problem_summary=f"No. {number}", psa_ticket_id="#7") for number in range(5)]
    for html in (send(psa_ticket_id="7").content.decode(), typed(psa_ticket_id="7")):
        assert "Already open in these sessions" in html
        assert re.findall(r"No. (\d)", html) == ["4", "3", "2"]
    assert len(rows) == 5


def test_the_ticket_system_counts_where_both_have_one(send, typed, session, northwind):
    rt, old = trackers(northwind)
    session.psa_connection = rt
    session.save(update_fields=["psa_connection"])
    assert SAID.format(session.pk) in typed(psa_ticket_id="48190", psa_connection=rt.pk)
    assert SAID.format(session.pk) in typed(psa_ticket_id="48190")
    assert typed(psa_ticket_id="48190", psa_connection=old.pk).strip() == ""
    assert send(psa_ticket_id="48190", psa_connection=rt.pk).status_code == 422
    assert send(psa_ticket_id="48190", psa_connection=old.pk).status_code == 302


def test_of_another_account_nothing_is_said(as_user, eve, session):
    client = as_user(eve)
    fields = {"psa_ticket_id": "48190", "client_name": "Northgate Legal", "asset_name": "NL-FW01"}
    assert client.get("/sessions/already-open/", fields).content.decode().strip() == ""
    assert client.post("/sessions/new/", {**NEW, **fields}).status_code == 302


def test_a_double_click_opens_one(send):
    key = str(uuid4())
    first, second = (send(psa_ticket_id="7", form_key=key) for _click in "12")
    assert first.url == second.url
    assert Session.objects.count() == 1
    assert send(psa_ticket_id="7", form_key=str(uuid4())).status_code == 422


def test_markup_stays_text(send, ana):
    Session.open(ana, problem_summary="<script>alert(1)</script>", psa_ticket_id="7")
    assert "<script>alert" not in send(psa_ticket_id="7").content.decode()


def test_enter_presses_the_first_button(send, session):
    text = send(psa_ticket_id="48190").content.decode()
    assert text.index("Open the session</button>") < text.index("Open a second session</button>")
    assert "data-typed" in text


@pytest.mark.parametrize("odd", ["\x00", "9" * 5000, "' OR 1=1 --", "\u202e", "%", "é" * 300])
def test_whatever_is_typed(typed, session, odd):
    assert typed(psa_ticket_id=odd, client_name=odd, asset_name=odd, psa_connection=odd, form_key=odd).strip() == ""


def test_few_queries(as_user, bo, ana, django_assert_num_queries, django_assert_max_num_queries):
    client = as_user(bo)
    path = "/sessions/already-open/?psa_ticket_id=7"
    Session.open(ana, problem_summary="x", psa_ticket_id="7")
    client.get(path)
    with django_assert_max_num_queries(7) as few:
        client.get(path)
    for _ in range(10):
        Session.open(ana, problem_summary="x", psa_ticket_id="7")
    with django_assert_num_queries(len(few)):
        client.get(path)
