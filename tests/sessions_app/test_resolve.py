"""/sessions/7/resolve/: what fixed it."""

from __future__ import annotations

import pytest

from handoffs.models import Handoff
from resolutionflow.accounts.models import Event

FIX = {"resolution": "Replaced the firmware", "root_cause": "MTU bug"}


@pytest.fixture
def url(session):
    return f"{session.get_absolute_url()}resolve/"


def test_the_assignee_resolves(as_user, url, session, ana):
    assert as_user(ana).get(url).status_code == 200
    assert as_user(ana).post(url, FIX).url == session.get_absolute_url()
    session.refresh_from_db()
    assert (session.status, session.resolution, session.root_cause) == ("resolved", *FIX.values())
    assert session.finished_at
    assert Event.objects.last().kind == "session.resolved"


@pytest.mark.parametrize("fields", [{}, {"resolution": " \u202e"}, {"resolution": "x" * 20_001}])
def test_bad_input_is_422(as_user, url, session, ana, fields):
    assert as_user(ana).post(url, fields).status_code == 422


def test_a_waiting_handoff_is_closed_with_it(as_user, url, waiting, ana):
    as_user(ana).post(url, FIX)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.closed_reason) == ("closed", "resolved")


def test_the_claimer_resolves_and_the_former_assignee_no_longer_does(as_user, url, claimed, ana, bo):
    assert as_user(ana).post(url, FIX).status_code == 403
    assert as_user(bo).post(url, FIX).status_code == 302


def test_a_park_is_closed_with_it(as_user, url, session, ana):
    parked = Handoff.park(session, ana)
    as_user(ana).post(url, FIX)
    parked.refresh_from_db()
    assert parked.closed_reason == "resolved"


def test_a_second_time_is_409_with_the_text(as_user, url, session, ana):
    session.resolve(ana, resolution="first")
    response = as_user(ana).post(url, FIX)
    assert response.status_code == 409
    assert "Replaced the firmware" in response.content.decode()
    assert as_user(ana).get(url).status_code == 302


def test_who_may(as_user, url, session, bo, lea, vic, eve):
    assert as_user(bo).post(url, FIX).status_code == 403
    assert as_user(vic).post(url, FIX).status_code == 403
    assert as_user(eve).post(url, FIX).status_code == 404
    assert as_user(lea).post(url, FIX).status_code == 302
