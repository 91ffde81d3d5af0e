"""The bell, and what is shown beside a handoff of who was told."""

from __future__ import annotations

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from handoffs.models import Handoff
from notifications.models import Delivery, Notification
from notifications.sweep import do_it, sweep
from resolutionflow.accounts.models import Event
from sessions_app.models import PsaConnection


@pytest.fixture
def told(waiting) -> Handoff:
    sweep(do_it)
    return waiting


def test_the_bell_shows_why_and_leads_to_the_handoff(client, told, bo) -> None:
    client.force_login(bo)
    page = client.get(reverse("notifications")).content.decode()
    assert "Ana Tester escalated #48190 VPN drops every ten minutes for two users" in page
    assert "Sent to everyone" in page
    line = Notification.objects.get(user=bo)
    answer = client.post(reverse("notification_read", args=[line.pk]))
    assert answer["Location"] == f"/handoffs/{told.pk}/"
    assert not Notification.objects.for_bell(bo).unread().exists()


def test_html_in_a_problem_stays_text(client, session, ana, bo) -> None:
    session.change(ana, problem_summary="<script>alert(1)</script>")
    Handoff.escalate(session, ana, notes="Stuck")
    sweep(do_it)
    client.force_login(bo)
    page = client.get(reverse("notifications")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_looking_changes_nothing(client, told, bo) -> None:
    client.force_login(bo)
    client.get(reverse("notifications"))
    assert client.get(reverse("notification_read", args=[1])).status_code == 405
    assert Notification.objects.for_bell(bo).unread().count() == 1


def test_all_read_is_all_of_mine(client, told, bo, cy) -> None:
    client.force_login(bo)
    client.post(reverse("notifications_read_all"))
    assert not Notification.objects.for_bell(bo).unread().exists()
    assert Notification.objects.for_bell(cy).unread().exists()


def test_a_line_of_somebody_else_is_not_there(client, told, bo, cy) -> None:
    client.force_login(bo)
    line = Notification.objects.get(user=cy)
    assert client.post(reverse("notification_read", args=[line.pk])).status_code == 404


def test_the_bell_takes_as_many_queries_for_many_lines_as_for_one(client, told, ana, bo, cy) -> None:
    client.force_login(bo)
    client.get(reverse("notifications"))
    few = _queries(client)
    for _unused in range(3):
        told.claim(cy)
        told.release(cy)
        sweep(do_it)
    assert _queries(client) == few


def _queries(client) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("notifications"))
    return len(queries)


def test_who_was_told_and_what_failed_can_be_read_and_tried_again(client, told, bo, ana) -> None:
    mail = Delivery.objects.get(recipient=bo)
    Delivery.objects.filter(pk=mail.pk).update(status="failed", error="The mail server refuses it: 550 no such user")
    html = render_to_string("notifications/_notified.html", {"handoff": told, "user": ana})
    assert f'id="notified-{told.pk}"' in html
    assert "550 no such user" in html
    assert "Try again" in html
    client.force_login(ana)
    client.post(reverse("session_mute", args=[told.session_id]))
    answer = client.post(reverse("delivery_retry", args=[mail.pk]), headers={"HX-Request": "true"})
    assert "on its way" in answer.content.decode()
    assert "Muted" in answer.content.decode(), "and the region says what else it says"
    mail.refresh_from_db()
    assert mail.status == "pending"
    assert client.post(reverse("delivery_retry", args=[mail.pk])).status_code == 409


def test_viewers_and_strangers_cannot_retry_or_post(client, told, vic, eve) -> None:
    mail = Delivery.objects.first()
    Delivery.objects.update(status="failed")
    for person, status in ((vic, 403), (eve, 404)):
        client.force_login(person)
        assert client.post(reverse("delivery_retry", args=[mail.pk])).status_code == status
        assert client.post(reverse("handoff_note", args=[told.pk]), {"body": "x"}).status_code == status


def test_a_note_by_hand_is_work(client, told, ana, northwind) -> None:
    session = told.session
    session.psa_connection = PsaConnection.objects.create(
        account=northwind, name="RT", kind="request_tracker", base_url="https://rt.example"
    )
    session.save(update_fields=["psa_connection"])
    client.force_login(ana)
    assert client.post(reverse("handoff_note", args=[told.pk]), {"body": " "}).status_code == 422
    client.post(reverse("handoff_note", args=[told.pk]), {"body": "Called the customer", "internal": "on"})
    note = Delivery.objects.notes().get()
    assert (note.body, note.internal, note.requested_by, note.address) == (
        "Called the customer.\nWritten by Ana Tester.",
        True,
        ana,
        "48190",
    )


def test_a_note_without_a_ticket_system_is_refused(client, told, ana) -> None:
    client.force_login(ana)
    assert client.post(reverse("handoff_note", args=[told.pk]), {"body": "x"}).status_code == 409


def test_lines_stand_in_the_order_of_events_whichever_worker_was_faster(client, claimed, ana):
    first, second = Event.objects.filter(handoff_id=claimed.pk).order_by("seq")
    for event in (second, first):
        Notification.objects.create(
            account_id=ana.account_id, user=ana, event=event, handoff=claimed, title="x", why="y"
        )
    assert [line.event for line in Notification.objects.for_bell(ana)] == [second, first]
