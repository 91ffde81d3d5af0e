"""A message that asks somebody: who is notified, in which words, and when the question is settled."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from handoffs.models import Handoff
from notifications import wording
from notifications.models import Delivery, Notification
from notifications.prune import prune
from notifications.relay import relay
from notifications.sweep import do_it, sweep
from resolutionflow.accounts.models import Event, User
from sessions_app.models import Message
from tests.api_client import client_of
from tests.conftest import person, relay_all

KIND = "message.added"
SUBJECT = "#48190 VPN drops every ten minutes for two users"


@pytest.fixture
def asked(waiting, bo) -> Message:
    """Bo asks Ana, the sender; not relayed yet."""
    relay_all()
    return waiting.ask(bo, text="Which <b>firmware</b> is it? password=Hunter2!x")


def questions() -> Any:
    return Notification.objects.filter(event__kind=KIND, cause="mention")


def lines() -> list[Notification]:
    return list(questions().select_related("user"))


def line_of(user: User) -> Notification:
    return questions().get(user=user)


# --- who ---------------------------------------------------------------------------------------


def test_the_asked_are_notified_and_nobody_else(asked, ana) -> None:
    relay_all()
    (line,) = lines()
    assert (line.user, line.why) == (ana, "you were asked")
    assert line.title.startswith(f"Bo Tester asks you in {SUBJECT}: @Ana Tester Which")
    assert Delivery.objects.get(event__kind=KIND).recipient == ana


def test_an_ordinary_message_asks_nobody(waiting, bo) -> None:
    """Those who watch the session are another matter: test_watching.py."""
    relay_all()
    waiting.session.add_message(bo, content="Ana Tester wrote this up well")
    relay_all()
    assert lines() == []
    assert not Delivery.objects.filter(event__kind=KIND).exists()


def test_neither_the_author_nor_who_left_nor_another_account(session, ana, bo, cy, vic, eve, olga) -> None:
    """Whatever the event says: who may be told is asked again when it is relayed."""
    session.add_message(bo, content="Anybody?", asked=[bo, cy, ana])
    cy.deactivate(by=olga)
    event = Event.objects.get(kind=KIND)
    event.facts["mentioned"] += [vic.pk, eve.pk, 999_999]
    Event.record(event.account_id, KIND, actor=bo, session_id=session.pk, facts=event.facts)
    relay_all()
    assert {line.user for line in lines()} == {ana}
    assert set(Delivery.objects.filter(event__kind=KIND).values_list("recipient", flat=True)) == {ana.pk}


def test_an_address_that_is_not_confirmed_gets_no_mail(session, bo, olga, mailoutbox) -> None:
    zoe = olga.account.add_member(by=olga, email="zoe@northwind.example", name="Zoe Tester")
    session.add_message(bo, content="Zoe?", asked=[zoe])
    relay_all()
    Delivery.run(Delivery.objects.get(recipient=zoe).pk)
    assert line_of(zoe).is_unread
    assert mailoutbox == []


def test_once_however_often_it_is_relayed_and_swept(asked) -> None:
    event = Event.objects.get(kind=KIND)
    assert relay(event.pk)
    assert not relay(event.pk)
    sweep(do_it)
    assert len(lines()) == 1


def test_a_question_that_nobody_relayed_is_found_by_the_sweep(asked, ana) -> None:
    sweep(do_it)
    assert line_of(ana).is_unread


# --- the words ---------------------------------------------------------------------------------


def test_the_bell_leads_to_the_message(asked, ana) -> None:
    relay_all()
    client = Client()
    client.force_login(ana)
    bell = client.get("/notifications/").content.decode()
    assert "Bo Tester asks you in #48190" in bell
    assert "Which &lt;b&gt;firmware&lt;/b&gt; is it?" in bell
    assert "Because you were asked" in bell
    answer = client.post(f"/notifications/{line_of(ana).pk}/read/")
    assert answer["Location"] == f"/sessions/{asked.session_id}/?at=m1#m1"
    assert 'id="m1"' in client.get(answer["Location"]).content.decode()
    assert not line_of(ana).is_unread


def test_the_api_leads_there_too(asked, ana) -> None:
    relay_all()
    (line,) = [one for one in client_of(ana).get("notifications/").json()["results"] if one["kind"] == KIND]
    assert (line["url"], line["session"]) == (f"/sessions/{asked.session_id}/?at=m1#m1", asked.session_id)
    assert line["actor"]["name"] == "Bo Tester"


def test_the_mail_has_the_question_and_where_to_answer(asked, ana, mailoutbox) -> None:
    relay_all()
    Delivery.run(Delivery.objects.get(event__kind=KIND).pk)
    (mail,) = mailoutbox
    assert mail.to == [ana.email]
    assert mail.subject == f"{SUBJECT} (session {asked.session_id})"
    assert mail.body.startswith(f"Bo Tester asks you in {SUBJECT}: @Ana Tester Which")
    assert "\n\nBo Tester asks:\n@Ana Tester Which <b>firmware</b> is it?" in mail.body
    assert "Hunter2" not in mail.subject + mail.body
    assert f"\n{django_settings.SITE_URL}/sessions/{asked.session_id}/?at=m1#m1\n" in mail.body
    assert "You get this because you were asked." in mail.body


def test_the_history_says_who_was_asked(asked, session, bo, cy) -> None:
    session.add_message(bo, content="Anybody?", asked=[cy, asked.session.assignee])
    session.add_message(bo, content="Never mind")
    said = [wording.event_line(event) for event in Event.objects.filter(kind=KIND).order_by("seq")]
    assert said == ["Bo Tester asked Ana Tester", "Bo Tester asked Cy Tester, Ana Tester", "Bo Tester wrote a message"]


# --- settled -----------------------------------------------------------------------------------


def test_an_answer_settles_the_question(asked, ana, cy) -> None:
    relay_all()
    asked.session.add_message(cy, content="I do not know either")
    relay_all()
    assert line_of(ana).is_unread, "somebody else has written"
    asked.session.add_message(ana, content="9.8.1")
    relay_all()
    assert line_of(ana).done_at
    assert Delivery.objects.get(event__kind=KIND).status == "cancelled"


def test_an_answer_settles_the_line_of_who_wrote_alone(session, ana, bo, cy) -> None:
    session.add_message(bo, content="Anybody?", asked=[ana, cy])
    session.add_message(cy, content="Yes")
    relay_all()
    assert line_of(cy).done_at
    assert line_of(ana).is_unread


def test_an_answer_relayed_first_settles_it_all_the_same(asked, ana) -> None:
    asked.session.add_message(ana, content="9.8.1")
    for event in Event.objects.unrelayed().order_by("-seq"):
        relay(event.pk)
    assert line_of(ana).done_at
    assert Delivery.objects.get(event__kind=KIND).status == "cancelled"


def test_a_question_after_an_answer_is_open(asked, ana, bo) -> None:
    asked.session.add_message(ana, content="9.8.1")
    asked.session.add_message(bo, content="And the other end?", asked=[ana])
    relay_all()
    first, second = questions().order_by("event_id")
    assert first.done_at
    assert second.is_unread


@pytest.mark.parametrize("end", ["resolve", "abandon"])
def test_the_end_of_the_session_settles_it(asked, ana, end) -> None:
    relay_all()
    words = {"resolution": "Replaced the router"} if end == "resolve" else {"reason": "The client left"}
    getattr(asked.session, end)(ana, **words)
    relay_all()
    assert line_of(ana).done_at
    assert Delivery.objects.get(event__kind=KIND).status == "cancelled"


def test_a_mail_that_failed_and_is_tried_again_after_the_answer_is_not_sent(asked, ana, olga, mailoutbox) -> None:
    relay_all()
    mail = Delivery.objects.get(event__kind=KIND)
    Delivery.objects.filter(pk=mail.pk).update(status="failed")
    asked.session.add_message(ana, content="9.8.1")
    relay_all()
    mail.refresh_from_db()
    mail.retry_by(olga)
    Delivery.run(mail.pk)
    mail.refresh_from_db()
    assert (mail.status, mail.error) == ("cancelled", "It has been answered, or its session is over.")
    assert mailoutbox == []


def test_a_claim_settles_no_question_and_a_question_no_call(asked, waiting, ana, cy) -> None:
    relay_all()
    assert Notification.objects.for_bell(cy).unread().count() == 1
    Handoff.objects.get(pk=waiting.pk).claim(cy)
    relay_all()
    assert line_of(ana).is_unread


def test_prune_forgets_settled_ones_alone(asked, session, ana, cy, files_on_disk, time_machine) -> None:
    session.add_message(asked.author, content="Cy?", asked=[cy])
    relay_all()
    asked.session.add_message(ana, content="9.8.1")
    relay_all()
    time_machine.move_to("2036-01-01T00:00:00Z")
    prune(days=30)
    assert [line.user for line in lines()] == [cy]


# --- the cost ----------------------------------------------------------------------------------


def cost_of_relaying_the_last() -> int:
    (pk,) = Event.objects.unrelayed().values_list("pk", flat=True)
    with CaptureQueriesContext(connection) as queries:
        relay(pk)
    return len(queries)


def test_the_relay_asks_as_often_for_many_questions_as_for_one(session, ana, bo, northwind) -> None:
    people = [person(northwind, f"P{number}") for number in range(6)]
    session.add_message(bo, content="Everybody watches", asked=people)
    relay_all()
    session.add_message(bo, content="One?", asked=people[:1])
    one = cost_of_relaying_the_last()
    session.add_message(bo, content="All?", asked=people)
    assert cost_of_relaying_the_last() <= one
    session.add_message(ana, content="Hm")
    quiet = cost_of_relaying_the_last()
    for number in range(3):
        session.add_message(bo, content=f"Again {number}?", asked=people)
    relay_all()
    session.add_message(ana, content="Hm")
    assert cost_of_relaying_the_last() == quiet <= 20, "Bo watches; one asks for webhooks"
