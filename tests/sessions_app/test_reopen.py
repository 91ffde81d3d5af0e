"""/sessions/7/reopen/"""

from __future__ import annotations

import pytest

WHY = {"reason": "It is back"}


@pytest.fixture
def url(session, ana):
    session.resolve(ana, resolution="new cable")
    return f"{session.get_absolute_url()}reopen/"


def test_whoever_reopens_works_on_it(as_user, url, session, bo):
    assert as_user(bo).get(url).status_code == 200
    assert as_user(bo).post(url, WHY).status_code == 302
    session.refresh_from_db()
    assert (session.status, session.assignee, session.finished_at) == ("active", bo, None)


def test_without_a_reason_it_is_422(as_user, url, bo):
    assert as_user(bo).post(url).status_code == 422


def test_an_unfinished_one_is_409(as_user, session, ana):
    assert as_user(ana).post(f"{session.get_absolute_url()}reopen/", WHY).status_code == 409


def test_who_may(as_user, url, vic, eve):
    assert as_user(vic).post(url, WHY).status_code == 403
    assert as_user(eve).post(url, WHY).status_code == 404
