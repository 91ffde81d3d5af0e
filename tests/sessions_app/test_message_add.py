"""/sessions/7/messages/: a line of the conversation."""

from __future__ import annotations

from uuid import uuid4

import pytest

from resolutionflow.core.refusals import Invalid
from tests.sessions_app.conftest import UNSEEN


@pytest.fixture
def send(as_user, session, bo):
    client = as_user(bo)
    return lambda **fields: client.post(f"{session.get_absolute_url()}messages/", fields)


def test_a_message(send, session, bo):
    response = send(text="Is it only at home?")
    message = session.messages.get()
    assert response.url == f"/sessions/{session.pk}/?compose=1#m1"
    assert (message.content, message.author, message.role) == ("Is it only at home?", bo, "user")


def test_100000_characters_are_kept_and_more_than_200000_refused(send, session):
    assert send(text="x" * 100_000).status_code == 302
    response = send(text="y" * 200_001)
    assert response.status_code == 422
    assert "y" * 200_001 in response.content.decode()
    assert session.messages.count() == 1


def test_it_is_folded_only_where_one_would_scroll_past_it(send, session, as_user, bo):
    """As a mail is read, and not for one line more than fits somewhere."""
    sentences = "They rang again, and it is still slow for all of them.\n"
    for text in (sentences * 12, sentences[:-1] * 20, sentences * 70):
        send(text=text)
    html = as_user(bo).get(session.get_absolute_url()).content.decode()
    shown = [html[html.index(f'id="m{number}"') :].partition("</li>")[0] for number in (1, 2, 3)]
    assert ["<details" in one for one in shown] == [False, False, True]


def test_nothing_is_422(send):
    assert send(text=" \u202e").status_code == 422
    assert send().status_code == 422


def test_what_cannot_be_seen_is_taken_out(send, session):
    send(text=UNSEEN)
    assert session.messages.get().content == "abcde"


def test_a_double_click_sends_one(send, session):
    key = str(uuid4())
    send(text="once", form_key=key), send(text="once", form_key=key, outcome="failed")
    assert session.messages.count() == 1


def test_a_finished_session_takes_none(send, session, ana):
    session.abandon(ana, reason="client gone")
    response = send(text="One more thought")
    assert response.status_code == 409
    assert "One more thought" in response.content.decode()


def test_an_unknown_role_is_refused(session, ana):
    with pytest.raises(Invalid):
        session.add_message(ana, content="x", role="oracle")


def test_who_may(as_user, session, vic, eve):
    url = f"{session.get_absolute_url()}messages/"
    assert as_user(vic).post(url, {"text": "x"}).status_code == 403
    assert as_user(eve).post(url, {"text": "x"}).status_code == 404
