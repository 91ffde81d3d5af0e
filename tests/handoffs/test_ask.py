"""/handoffs/42/ask/: a question to the sender, which claims nothing; by form, HTMX and API."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.template.loader import render_to_string
from django.test import Client

from handoffs.forms.asking import AskForm
from handoffs.models import Handoff
from handoffs.permitted_actions import can_ask
from resolutionflow.accounts.models import Event, User
from resolutionflow.core.refusals import Invalid, NotAllowed, WrongState
from sessions_app.models import Message
from tests.api_client import client_of, errors_of

HTMX = {"HX-Request": "true"}
QUESTION = "Which firmware is on the tunnel's other end?"


def send(
    user: User, handoff: Handoff, headers: dict[str, str] | None = None, *, follow: bool = False, **fields: Any
) -> Any:
    client = Client()
    client.force_login(user)
    sent = {"text": QUESTION, **fields}
    return client.post(f"/handoffs/{handoff.pk}/ask/", sent, headers=headers or {}, follow=follow)


def page(user: User, path: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(path)


# --- the verb ----------------------------------------------------------------------------------


def test_a_question_is_a_message_and_moves_nothing(waiting, ana, bo) -> None:
    before = Handoff.objects.filter(pk=waiting.pk).values().get()
    message = waiting.ask(bo, text=f" {QUESTION}\n")
    assert (message.author, message.content) == (bo, f"@Ana Tester {QUESTION}")
    event = Event.objects.latest("seq")
    about = {"message": message.pk, "order": 1, "role": "user", "asked": [ana.pk], "mentioned": [ana.pk]}
    assert (event.kind, event.actor, event.facts) == ("message.added", bo, about)
    assert Handoff.objects.filter(pk=waiting.pk).values().get() == before
    waiting.session.refresh_from_db()
    assert waiting.session.status == "escalated"


def test_a_name_that_is_there_already_is_not_put_before_it_again(waiting, bo) -> None:
    for text in (f"@Ana Tester, {QUESTION}", f"@Ana Tester\n{QUESTION}", f"@ana {QUESTION}"):
        assert waiting.ask(bo, text=text).content == text
    assert waiting.ask(bo, text="@Anatol knows?").content == "@Ana Tester @Anatol knows?"


def test_a_namesake_of_the_sender_is_not_asked(waiting, ana, bo, cy) -> None:
    User.objects.filter(pk=cy.pk).update(name=ana.name)
    for text in (QUESTION, f"@Ana Tester {QUESTION}"):
        waiting.ask(bo, text=text)
        assert Event.objects.latest("seq").facts["mentioned"] == [ana.pk]


@pytest.mark.parametrize("text", ["", " \n", "@Ana Tester", "@Ana Tester, "])
def test_nothing_asked_is_refused(waiting, bo, text) -> None:
    with pytest.raises(Invalid, match="Write your question"):
        waiting.ask(bo, text=text)


@pytest.mark.parametrize("position", ["waiting", "claimed", "returned", "parked"])
def test_in_every_position_of_an_unfinished_session(position, waiting, ana, bo, cy) -> None:
    asked = waiting
    if position in ("claimed", "returned"):
        waiting.claim(bo)
    if position == "returned":
        waiting.return_(bo, reason="Ask the customer first")
    if position == "parked":
        waiting.withdraw(ana)
        waiting.session.refresh_from_db()
        asked = Handoff.park(waiting.session, ana, notes="Later")
    assert can_ask(asked, cy)
    assert asked.ask(cy, text=QUESTION).order == 1


@pytest.mark.parametrize("end", ["resolve", "abandon"])
def test_not_once_the_session_is_over(waiting, ana, bo, end) -> None:
    words = {"resolution": "Replaced the router"} if end == "resolve" else {"reason": "The client left"}
    getattr(waiting.session, end)(ana, **words)
    answer = send(bo, waiting)
    assert answer.status_code == 409
    assert QUESTION.replace("'", "&#x27;") in answer.content.decode(), "what was typed can be copied"
    assert not can_ask(Handoff.objects.get(pk=waiting.pk), bo)
    assert not Message.objects.exists()


def test_not_ones_own(waiting, ana) -> None:
    with pytest.raises(NotAllowed, match="nobody else to ask"):
        waiting.ask(ana, text=QUESTION)
    assert send(ana, waiting).status_code == 403
    assert not can_ask(waiting, ana)


@pytest.mark.parametrize("gone", ["deactivated", "viewer"])
def test_a_sender_who_is_not_here_cannot_be_asked(waiting, ana, bo, olga, gone) -> None:
    ana.deactivate(by=olga) if gone == "deactivated" else ana.change_membership(by=olga, role="viewer")
    handoff = Handoff.objects.get(pk=waiting.pk)
    with pytest.raises(WrongState, match=f"Ana Tester is .*{gone}.* cannot be asked"):
        handoff.ask(bo, text=QUESTION)
    assert send(bo, waiting).status_code == 409
    assert page(bo, f"/handoffs/{waiting.pk}/ask/").status_code == 302
    answer = client_of(bo).post(f"handoffs/{waiting.pk}/ask/", text=QUESTION)
    assert "cannot be asked" in errors_of(answer, 409, "wrong_state")["detail"]
    assert not Message.objects.exists()


# --- the pages ---------------------------------------------------------------------------------


def test_without_javascript_it_leads_back_with_a_sentence(waiting, bo) -> None:
    opened = page(bo, f"/handoffs/{waiting.pk}/ask/")
    assert opened.status_code == 200
    assert f'action="/handoffs/{waiting.pk}/ask/"' in opened.content.decode()
    answer = send(bo, waiting, follow=True)
    assert answer.redirect_chain == [(f"/handoffs/{waiting.pk}/", 302)]
    assert "Asked. Ana Tester is notified." in answer.content.decode()


def test_without_javascript_nothing_typed_is_said_at_the_field(waiting, bo) -> None:
    answer = send(bo, waiting, text=" ")
    assert answer.status_code == 422
    assert "Write your question." in answer.content.decode()
    answer = send(bo, waiting, text="x" * 200_001 + "END")
    assert answer.status_code == 422
    assert "END" in answer.content.decode()


def test_htmx_gets_its_part_empty_again_with_what_was_done(waiting, bo) -> None:
    answer = send(bo, waiting, HTMX)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.strip().startswith(f'<div id="ask-{waiting.pk}"')
    assert "Asked. Ana Tester is notified." in html
    assert QUESTION[:10] not in html
    assert Message.objects.get().content == f"@Ana Tester {QUESTION}"


def test_htmx_gets_what_was_typed_back(waiting, bo) -> None:
    long = "<b>" + "y" * 200_001
    answer = send(bo, waiting, HTMX, text=long)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "<html" not in html
    assert "&lt;b&gt;yyy" in html
    assert "open>" in html
    assert not Message.objects.exists()


def test_a_double_click_asks_once(waiting, bo) -> None:
    key = str(uuid4())
    send(bo, waiting, HTMX, form_key=key), send(bo, waiting, HTMX, form_key=key)
    assert Message.objects.count() == 1
    assert Event.objects.filter(kind="message.added").count() == 1


def test_what_was_changed_after_an_answer_was_lost_is_a_question_of_its_own(waiting, bo) -> None:
    key = str(uuid4())
    for text in ("Which firmware?", "Which firmware, and since when?", "Which firmware, and since when?"):
        send(bo, waiting, HTMX, form_key=key, text=text)
    said = [message.content.removeprefix("@Ana Tester ") for message in Message.objects.order_by("pk")]
    assert said == ["Which firmware?", "Which firmware, and since when?"]


def test_each_empty_form_has_a_key_of_its_own() -> None:
    assert AskForm().initial["form_key"] != AskForm().initial["form_key"]


def test_viewers_and_strangers(waiting, vic, eve) -> None:
    for person, status in ((vic, 403), (eve, 404)):
        assert send(person, waiting).status_code == status
        assert send(person, waiting, text="").status_code == status
        assert send(person, waiting, HTMX).status_code == status
    assert page(vic, f"/handoffs/{waiting.pk}/ask/").status_code == 302
    assert page(eve, f"/handoffs/{waiting.pk}/ask/").status_code == 404
    assert not Message.objects.exists()


def part(user: User, handoff: Handoff) -> str:
    form = AskForm() if can_ask(handoff, user) else None
    return render_to_string("handoffs/_ask.html", {"handoff": handoff, "user": user, "ask_form": form})


def test_it_says_how_to_reach_the_sender(waiting, ana, bo, vic) -> None:
    ana.change_profile(name="Ana Tester", time_zone="", phone="+44 20 7946 0143")
    handoff = Handoff.objects.get(pk=waiting.pk)
    for user in (bo, vic):
        assert 'href="mailto:ana@northwind.example"' in part(user, handoff)
        assert 'href="tel:+442079460143"' in part(user, handoff)
    assert "<form" in part(bo, handoff)
    assert "<form" not in part(vic, handoff)
    assert "<form" not in part(ana, handoff)
    assert "mailto:" not in part(ana, handoff)


# --- the trail ---------------------------------------------------------------------------------


def test_the_trail_shows_in_bold_whom_it_asks(waiting, ana, bo) -> None:
    ana.change_profile(name="Ana <i>P", time_zone="")
    Handoff.objects.get(pk=waiting.pk).ask(bo, text="Is it <b>only</b> at home?")
    ana.change_profile(name="Ana Petrov", time_zone="")
    trail = page(bo, f"/sessions/{waiting.session_id}/").content.decode()
    name = f'<bdi data-people="{ana.pk}">@Ana</bdi>'  # which is hers still
    assert f"<strong>{name} &lt;i&gt;P</strong> Is it &lt;b&gt;only&lt;/b&gt; at home?</div>" in trail


def test_a_name_without_an_at_stays_plain(session, bo) -> None:
    session.add_message(bo, content="Ana Tester wrote this up well")
    assert "<strong></strong>Ana Tester wrote" in page(bo, f"/sessions/{session.pk}/").content.decode()


# --- the API -----------------------------------------------------------------------------------


def test_the_api_asks(waiting, ana, bo) -> None:
    answer = client_of(bo).post(f"handoffs/{waiting.pk}/ask/", text=QUESTION)
    asked = answer.json()
    assert (answer.status_code, asked["ref"], asked["session"]) == (201, "m1", waiting.session_id)
    assert asked["content"] == f"@Ana Tester {QUESTION}"
    assert client_of(ana).get(answer["Location"]).json()["id"] == asked["id"]


def test_the_api_refuses_as_the_pages_do(waiting, ana, bo, vic, eve) -> None:
    path = f"handoffs/{waiting.pk}/ask/"
    errors_of(client_of(vic).post(path, text=QUESTION), 403, "not_allowed")
    errors_of(client_of(ana).post(path, text=QUESTION), 403, "not_allowed")
    errors_of(client_of(eve).post(path, text=QUESTION), 404, "not_found")
    for body in ({}, {"text": " "}, {"text": 7}, {"text": "@Ana Tester"}, {"text": "x" * 200_001}):
        assert "text" in errors_of(client_of(bo).post(path, **body), 400, "invalid")["errors"]
    assert not Message.objects.exists()


def test_a_message_may_ask_several_people(session, ana, bo, cy) -> None:
    answer = client_of(bo).post(
        f"sessions/{session.pk}/messages/", content="@Cy Tester @Ana Tester anybody?", asked=[ana.pk, cy.pk, cy.pk]
    )
    assert answer.status_code == 201
    assert Event.objects.latest("seq").facts["mentioned"] == [ana.pk, cy.pk]
    assert Message.objects.get().addressed_to == "@Cy Tester @Ana Tester"


def test_nobody_else_can_be_asked(session, bo, vic, eve, olga, cy) -> None:
    cy.deactivate(by=olga)
    said = set()
    for pk in (eve.pk, 999_999):
        answer = client_of(bo).post(f"sessions/{session.pk}/messages/", content="x", asked=[pk])
        said.add(str(errors_of(answer, 400, "invalid")["errors"]))
    assert len(said) == 1, "another account's is as unknown as one that never was"
    assert "There is nothing with this id." in said.pop()
    for pk in (vic.pk, cy.pk):
        answer = client_of(bo).post(f"sessions/{session.pk}/messages/", content="x", asked=[pk])
        assert "active engineers" in errors_of(answer, 400, "invalid")["errors"]["asked"][0]
    answer = client_of(bo).post(f"sessions/{session.pk}/messages/", content="x", asked=[True])
    errors_of(answer, 400, "invalid")
    assert not Message.objects.exists()
