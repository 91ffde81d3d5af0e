"""/sessions/7/abandon/"""

from __future__ import annotations

import pytest

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
