"""Contact, access, due and what changed before: on the forms, the session's page and the list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from resolutionflow.accounts.models import Event
from sessions_app.models import Session
from tests.conftest import shown_by

OPEN = {"intake": "free_text", "problem_domain": "other", "problem_summary": "VPN drops"}
MORE = {
    "contact": "Jo Marsh 0441 555 0142", "access": "https://rmm.example/7", "due_at": "2026-12-01T17:00",
    "changed_before": "New router",
}  # fmt: skip


@pytest.fixture
def oslo(northwind):
    northwind.time_zone = "Europe/Oslo"
    northwind.save(update_fields=["time_zone"])
    return northwind


def more(session):
    return {name: getattr(session, name) for name in MORE}


def opened_fold(text):
    return '<details class="disclosure" open>' in text


def test_a_session_is_opened_with_them(as_user, ana, oslo):
    assert as_user(ana).post("/sessions/new/", OPEN | MORE).status_code == 302
    assert more(Session.objects.get()) == MORE | {"due_at": datetime(2026, 12, 1, 16, tzinfo=UTC)}


def test_they_stand_folded_unless_there_is_something_in_them(as_user, ana):
    client = as_user(ana)
    text = client.get("/sessions/new/").content.decode()
    assert "More: contact, access, due, what changed" in text
    assert not opened_fold(text)
    assert not opened_fold(client.post("/sessions/new/", OPEN | {"problem_summary": ""}).content.decode())
    for name, value in MORE.items():
        answer = client.post("/sessions/new/", OPEN | {"problem_summary": "", name: value})
        text = answer.content.decode()
        assert answer.status_code == 422
        assert opened_fold(text), name
        assert f'value="{value}"' in text, name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("contact", "x" * 201), ("access", "x" * 501), ("changed_before", "x" * 501), ("due_at", "tomorrow"),
        ("due_at", "1999-12-31T23:59"), ("due_at", "2100-01-02T00:00"), ("due_at", "0001-01-01T00:00"),
        ("due_at", "9999-12-31T23:59"), ("due_at", "2026-03-29T02:30"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_at_the_field(as_user, ana, session, oslo, name, value):
    for path in ("/sessions/new/", f"{session.get_absolute_url()}change/"):
        answer = as_user(ana).post(path, OPEN | {name: value})
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [name]
        assert value in answer.content.decode()
    assert Session.objects.count() == 1


def test_they_are_corrected_and_the_old_values_kept(as_user, session, bo, oslo):
    path = f"{session.get_absolute_url()}change/"
    client = as_user(bo)
    assert client.post(path, OPEN | MORE).status_code == 302
    session.refresh_from_db()
    assert more(session) == MORE | {"due_at": datetime(2026, 12, 1, 16, tzinfo=UTC)}
    text = client.get(path).content.decode()
    assert all(f'value="{value}"' in text for value in MORE.values())
    client.post(path, OPEN | {"contact": "Jo Marsh"})
    session.refresh_from_db()
    assert more(session) == {"contact": "Jo Marsh", "access": "", "due_at": None, "changed_before": ""}
    before = Event.objects.last().facts["before"]
    assert before == MORE | {"due_at": "2026-12-01T16:00:00Z"}
    said = client.get(session.get_absolute_url()).content.decode()
    assert "due: 1 Dec 2026 17:00 → nothing" in said


def test_a_due_time_saved_as_shown_keeps_its_seconds(as_user, session, bo, oslo):
    due = datetime(2026, 10, 25, 1, 30, 17, tzinfo=UTC)  # half past two for the second time that night
    session.change(bo, due_at=due)
    fields = OPEN | {"due_at": "2026-10-25T02:30", "client_name": "Other"}
    assert as_user(bo).post(f"{session.get_absolute_url()}change/", fields).status_code == 302
    session.refresh_from_db()
    assert (session.due_at, session.client_name) == (due, "Other")
    as_user(bo).post(f"{session.get_absolute_url()}change/", fields | {"due_at": "2026-10-25T02:31"})
    session.refresh_from_db()
    assert session.due_at == datetime(2026, 10, 25, 0, 31, tzinfo=UTC)


def test_two_people_who_correct_at_once_lose_nothing(as_user, session, bo, ana, oslo):
    due = datetime(2026, 12, 1, 16, 0, 17, tzinfo=UTC)
    session.change(bo, due_at=due, confidence=0.333)
    path = f"{session.get_absolute_url()}change/"
    page = shown_by(as_user(bo).get(path))
    session.refresh_from_db()
    session.change(ana, client_name="Northgate & Co", problem_domain="security", due_at=None)
    sent = page | {"due_at": "2026-12-01T17:00", "asset_name": "NL-FW02", "problem_domain": "email"}
    answer = as_user(bo).post(path, sent)
    assert answer.context["form"].errors == {
        "problem_domain": ["This was changed while the page was open. Save again to replace it."]
    }
    assert as_user(bo).post(path, shown_by(answer)).status_code == 302
    session.refresh_from_db()
    assert (session.client_name, session.asset_name, session.problem_domain) == ("Northgate & Co", "NL-FW02", "email")
    assert (session.due_at, session.confidence) == (None, 0.333)


@pytest.mark.parametrize("shown", ["", "x", "contact:", "contact:1 contact:2", "\x00", ":" * 9000, "nobody:5"])
def test_a_forged_sum_of_what_was_shown_breaks_nothing(as_user, session, bo, shown):
    answer = as_user(bo).post(f"{session.get_absolute_url()}change/", OPEN | {"shown": shown, "asset_name": "PC-7"})
    assert answer.status_code in (302, 422)


def test_the_page_shows_what_is_set(as_user, session, bo):
    client, path = as_user(bo), session.get_absolute_url()
    empty = client.get(path).content.decode()
    assert not any(f"<dt>{name}</dt>" in empty for name in ("Contact", "Access", "Due", "Changed before"))
    assert "Contact:" not in empty
    session.change(
        bo, contact="Jo <b>0441 555 0142</b>", access="javascript:alert(1) https://rmm.example/7", due_at=in_hours(2),
        changed_before="https://kb.example <i>",
    )  # fmt: skip
    text = client.get(path).content.decode()
    link = '<a href="https://rmm.example/7" target="_blank" rel="noopener noreferrer">rmm.example</a>'
    assert text.count(f"javascript:alert(1) {link}") == 2  # in the head and in the facts
    assert text.count('Jo &lt;b&gt;<a href="tel:04415550142">0441 555 0142</a>&lt;/b&gt;') == 2
    assert '<dd dir="auto">https://kb.example &lt;i&gt;</dd>' in text
    assert text.index("<dt>Contact</dt>") < text.index("<dt>Access</dt>") < text.index("<dt>Client</dt>")
    assert "Overdue" not in text


def in_hours(hours):
    return timezone.now() + timedelta(hours=hours)


def test_what_is_late_says_so_until_it_is_finished(as_user, session, bo, ana):
    session.change(bo, due_at=in_hours(-1))
    client, path = as_user(bo), session.get_absolute_url()
    for page in (path, "/sessions/"):
        assert '<span class="chip warn">' in client.get(page).content.decode(), page
        assert "Overdue" in client.get(page).content.decode(), page
    session.resolve(ana, resolution="new cable")
    for page in (path, "/sessions/"):
        assert "Overdue" not in client.get(page).content.decode(), page
        assert "Due <time" in client.get(page).content.decode(), page


def test_the_list_asks_no_more_for_them(as_user, ana, django_assert_num_queries, django_assert_max_num_queries):
    client = as_user(ana)
    Session.open(ana, problem_summary="one")
    client.get("/sessions/")
    with django_assert_max_num_queries(8) as few:
        client.get("/sessions/")
    for number in range(30):
        Session.open(ana, problem_summary=f"p{number}", due_at=in_hours(number - 14.5), contact="Jo", access="x")
    with django_assert_num_queries(len(few)):
        text = client.get("/sessions/").content.decode()
    assert (text.count("Overdue since"), text.count("Due <time")) == (15, 15)


def test_the_admin_shows_them(as_user, session, olga):
    session.change(olga, **{**MORE, "due_at": in_hours(2)})
    client = as_user(olga)
    page = client.get(f"/admin/sessions_app/session/{session.pk}/change/").content.decode()
    assert all(MORE[name] in page for name in ("contact", "access", "changed_before"))
    assert "Due at" in client.get("/admin/sessions_app/session/").content.decode()
