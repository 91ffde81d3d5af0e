"""/sessions/7/abandon/"""

from __future__ import annotations

import pytest

from notifications import wording
from notifications.models import Delivery
from notifications.relay import relay
from notifications.transports.email import compose
from resolutionflow.accounts.models import Event

WHY = {"reason": "The client left"}


@pytest.fixture
def url(session):
    return f"{session.get_absolute_url()}abandon/"


def test_the_assignee_abandons(as_user, url, session, ana):
    assert as_user(ana).get(url).status_code == 200
    response = as_user(ana).post(url, WHY, follow=True)
    session.refresh_from_db()
    assert session.status == "abandoned"
    assert "The client left" in response.content.decode()


def test_without_a_reason_it_is_422(as_user, url, ana):
    assert as_user(ana).post(url, {"reason": " "}).status_code == 422


def test_a_waiting_handoff_is_closed_with_it(as_user, url, waiting, lea):
    as_user(lea).post(url, WHY)
    waiting.refresh_from_db()
    assert waiting.closed_reason == "abandoned"


def test_a_finished_one_is_409(as_user, url, session, ana):
    session.resolve(ana, resolution="done")
    assert as_user(ana).post(url, WHY).status_code == 409


def test_who_may(as_user, url, session, bo, vic, eve):
    assert as_user(bo).post(url, WHY).status_code == 403
    assert as_user(vic).post(url, WHY).status_code == 403
    assert as_user(eve).post(url, WHY).status_code == 404


def test_what_is_still_temporary_is_named_before_and_after_and_in_its_mail(as_user, url, waiting, session, ana, lea):
    session.refresh_from_db()
    session.add_step(lea, text="Opened port 3389", outcome="worked", temporary=True)
    before = as_user(lea).get(url).content.decode()
    assert "Still temporary" in before
    assert "Opened port 3389" in before
    after = as_user(lea).post(url, WHY, follow=True).content.decode()
    assert "Opened port 3389" in after.partition('id="standing"')[2].partition('id="trail"')[0]
    event = Event.objects.get(kind="session.abandoned")
    assert [step["text"] for step in event.facts["still_temporary"]] == ["Opened port 3389"]
    said = "Lea Tester abandoned it: The client left Still temporary: s4 Opened port 3389."
    assert wording.event_line(event) == said
    relay(event.pk)
    mail = compose(Delivery.objects.get(event=event, recipient=ana))
    assert "Still temporary: s4 Opened port 3389." in mail.body
