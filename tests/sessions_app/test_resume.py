"""/sessions/7/resume/"""

from __future__ import annotations

import pytest

from handoffs.models import Handoff


@pytest.fixture
def parked(session, ana):
    return Handoff.park(session, ana)


@pytest.fixture
def url(session):
    return f"{session.get_absolute_url()}resume/"


def test_the_assignee_resumes(as_user, url, session, parked, ana):
    assert as_user(ana).post(url).url == f"{session.get_absolute_url()}?compose=1#composer"
    session.refresh_from_db(), parked.refresh_from_db()
    assert (session.status, parked.closed_reason) == ("active", "resumed")


def test_what_is_not_parked_is_409(as_user, url, session, ana):
    assert as_user(ana).post(url).status_code == 409


def test_who_may(as_user, url, parked, bo, lea, vic, eve):
    assert as_user(bo).post(url).status_code == 403
    assert as_user(lea).post(url).status_code == 403
    assert as_user(vic).post(url).status_code == 403
    assert as_user(eve).post(url).status_code == 404
    assert as_user(vic).get(url).status_code == 405
