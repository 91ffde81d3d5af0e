"""/sessions/7/change/: correct the facts."""

from __future__ import annotations

import pytest

from resolutionflow.accounts.models import Event, Team
from resolutionflow.core.refusals import Invalid

FACTS = {"problem_summary": "VPN drops", "problem_domain": "network"}


@pytest.fixture
def url(session):
    return f"{session.get_absolute_url()}change/"


def test_the_form_holds_the_facts(as_user, url, bo):
    text = as_user(bo).get(url).content.decode()
    assert "Northgate Legal" in text
    assert "NL-FW01" in text


def test_any_engineer_corrects_them(as_user, url, session, bo):
    response = as_user(bo).post(url, FACTS | {"client_name": "Northgate", "psa_ticket_id": "#7", "confidence": "40"})
    session.refresh_from_db()
    assert response.url == session.get_absolute_url()
    assert (session.client_name, session.psa_ticket_id, session.confidence) == ("Northgate", "7", 0.4)
    assert session.confidence_tier == "exploring"
    assert Event.objects.last().facts["before"]["client_name"] == "Northgate Legal"


def test_no_change_is_no_event(as_user, url, session, bo):
    fields = FACTS | {"problem_summary": session.problem_summary, "client_name": "Northgate Legal"}
    fields |= {"asset_name": "NL-FW01", "psa_ticket_id": "48190"}
    count = Event.objects.count()
    assert as_user(bo).post(url, fields).status_code == 302
    assert Event.objects.count() == count


@pytest.mark.parametrize(
    "fields",
    [{"problem_summary": ""}, {"confidence": "101"}, {"confidence": "x"}, {"problem_domain": "x"}, {"team": "99999"}],
)
def test_bad_input_is_422(as_user, url, session, bo, fields):
    assert as_user(bo).post(url, FACTS | fields).status_code == 422


def test_the_verb_refuses_what_no_form_sends(session, ana, elsewhere):
    for fields in ({"confidence": 1.5}, {"problem_summary": "\x00"}, {"team": Team(account=elsewhere, name="x")}):
        with pytest.raises(Invalid):
            session.change(ana, **fields)


def test_finished_sessions_keep_their_facts(as_user, url, session, ana):
    session.resolve(ana, resolution="done")
    assert as_user(ana).post(url, FACTS).status_code == 409
    assert as_user(ana).get(url).status_code == 302


def test_who_may(as_user, url, vic, eve):
    assert as_user(vic).post(url, FACTS).status_code == 403
    assert as_user(vic).get(url).status_code == 302
    assert as_user(eve).post(url, FACTS).status_code == 404
