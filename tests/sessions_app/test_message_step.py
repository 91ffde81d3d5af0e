"""/sessions/7/messages/4/step/: a message becomes a step, once, and stays."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from handoffs.brief import brief_for
from notifications.live import fragments
from notifications.models import Notification
from resolutionflow.accounts.models import Event
from resolutionflow.core.refusals import NotAllowed, WrongState
from sessions_app.models import Message, Session, Step
from tests.api_client import client_of

SAID = "On the firewall it says:\n  10:02:11  link down\n  10:02:12  link up"


@pytest.fixture
def said(session, ana) -> Message:
    return session.add_message(ana, content=SAID)


def test_its_first_line_is_the_text_and_the_rest_the_output(session, said, bo):
    step = said.make_step(bo)
    assert (step.text, step.free_text.split("\n")[-1]) == ("On the firewall it says:", "  10:02:12  link up")
    assert (step.author, step.branch, step.outcome) == (bo, session.active_branch, "pending")
    assert Message.objects.get(pk=said.pk).content == SAID
    event = Event.objects.latest("seq")
    assert (event.kind, event.facts) == (
        "step.added",
        {"step": step.pk, "order": step.order, "outcome": "pending", "message": said.pk},
    )


def test_whom_it_asks_is_no_part_of_the_step(session, ana, bo):
    asked = session.add_message(bo, content=f"{ana.mention} try the other cable", asked=[ana])
    assert asked.make_step(ana).text == "try the other cable"
    empty = session.add_message(bo, content=ana.mention, asked=[ana])
    assert empty.make_step(ana).text == ana.mention


def test_two_presses_make_one_step(session, said, ana, bo):
    first, again = said.make_step(bo), said.make_step(ana)
    assert first == again
    assert Step.objects.filter(message=said).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.filter(pk=session.steps.earliest("order").pk).update(message=said)


def test_who_may_and_when(session, said, ana, vic):
    with pytest.raises(NotAllowed):
        said.make_step(vic)
    session.resolve(ana, resolution="Another cable")
    with pytest.raises(WrongState):
        said.make_step(ana)


def test_the_page_makes_it_and_both_point_to_each_other(as_user, session, said, bo):
    client = as_user(bo)
    address = f"{session.get_absolute_url()}messages/{said.pk}/step/"
    assert f'hx-post="{address}"' in client.get(session.get_absolute_url()).content.decode()
    answer = client.post(address)
    assert answer.url == f"{session.get_absolute_url()}?at=s4#s4"
    page = client.get(answer.url).content.decode()
    assert f'hx-post="{address}"' not in page
    line = page[page.index(f'id="message-{said.pk}"') :]
    assert f"{session.get_absolute_url()}?at=s4#s4" in line[: line.index("</li>")]
    step = page[page.index(f'id="step-{said.steps.get().pk}"') :]
    words = " ".join(step[: step.index("</li>")].split())
    assert f'?at={said.ref}#{said.ref}">{said.ref}</a> by <bdi>Ana Tester</bdi>' in words
    assert client.post(address, headers={"HX-Request": "true"}).url.endswith(f"?at={said.ref}#{said.ref}")


def test_a_message_of_another_session_is_not_found(as_user, session, said, bo):
    other = Session.open(bo, problem_summary="Another")
    assert as_user(bo).post(f"{other.get_absolute_url()}messages/{said.pk}/step/").status_code == 404


def test_both_are_pushed(said, bo):
    step = said.make_step(bo)
    event = Event.objects.latest("seq")
    watch = f"session:{said.session_id}"
    drawn = fragments.fragments_of([event], {watch})[event.seq][watch]
    assert [part["id"] for part in drawn] == [f"step-{step.pk}", f"message-{said.pk}"]
    assert ">s4</a>" in (drawn[1]["html"] or "")


def test_the_api_tells_of_what_a_step_was_made(session, said, bo):
    step, api = said.make_step(bo), client_of(bo)
    assert api.get(f"/api/v1/sessions/{session.pk}/steps/{step.pk}/").json()["message"] == said.pk
    assert api.get(f"/api/v1/sessions/{session.pk}/steps/{session.steps.first().pk}/").json()["message"] is None


def test_the_brief_names_the_step_and_what_was_said_stays(session, ana, bo):
    said = session.add_message(ana, content="It says:\nERROR 1068 The dependency service failed to start")
    assert [line.source for line in brief_for(session).lines["last_error"]] == [said.ref]
    step = said.make_step(bo)
    session.refresh_from_db()
    brief = brief_for(session)
    assert [line.source for line in brief.lines["last_error"]] == [step.ref]
    assert said in brief.said
    assert Notification.objects.count() == 0
