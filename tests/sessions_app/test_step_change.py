"""/sessions/7/steps/3/: outcome, choice, answer and words of a step."""

from __future__ import annotations

import re

import pytest

from notifications.wording import event_line
from resolutionflow.accounts.models import Event
from resolutionflow.core.refusals import Invalid, NotAllowed
from sessions_app.models import Session


@pytest.fixture
def step(session):
    return session.steps.get(order=3)


@pytest.fixture
def url(session, step):
    return f"{session.get_absolute_url()}steps/{step.pk}/"


def test_one_press_sets_the_outcome(as_user, url, step, bo):
    response = as_user(bo).post(url, {"outcome": "failed"})
    step.refresh_from_db()
    assert response.url == f"/sessions/{step.session_id}/?at=s3#s3"
    assert step.outcome == "failed"
    facts = Event.objects.last().facts
    assert facts["before"] == {"outcome": "pending"}
    assert facts["after"] == {"outcome": "failed"}


def test_the_same_again_is_no_event(as_user, url, bo):
    client = as_user(bo)
    client.post(url, {"outcome": "failed"})
    count = Event.objects.count()
    client.post(url, {"outcome": "failed"})
    assert Event.objects.count() == count


def test_skipping_and_back(as_user, url, step, bo):
    as_user(bo).post(url, {"outcome": "skipped"})
    step.refresh_from_db()
    assert step.skipped
    as_user(bo).post(url, {"outcome": "pending"})
    step.refresh_from_db()
    assert not step.skipped


def test_no_longer_skipped_it_is_pending(step, bo):
    step.change(bo, skipped=True)
    assert step.outcome == "skipped"
    step.change(bo, skipped=False)
    assert (step.skipped, step.outcome) == (False, "pending")


def test_its_author_rewords_it(as_user, url, step, ana):
    assert "What was tried" in as_user(ana).get(url).content.decode()
    as_user(ana).post(url, {"text": "Asked for the model", "outcome": "pending", "free_text": "Fritz"})
    step.refresh_from_db()
    assert (step.text, step.free_text) == ("Asked for the model", "Fritz")
    assert Event.objects.last().facts["before"]["text"] == "Ask the user for the router model"


def test_others_do_not(as_user, url, step, bo):
    assert "Only Ana Tester can reword it" in as_user(bo).get(url).content.decode()
    assert as_user(bo).post(url, {"text": "Mine now"}).status_code == 403
    with pytest.raises(NotAllowed):
        step.change(bo, text="Mine now")


def test_a_choice_is_one_of_the_options(as_user, session, bo):
    step = session.add_step(bo, text="Which?", kind="question", options=[{"value": "a", "label": "A router"}])
    url = f"{session.get_absolute_url()}steps/{step.pk}/"
    as_user(bo).post(url, {"selected_option": "a"})
    step.refresh_from_db()
    assert (step.selected_option, step.answer) == ("a", "A router")
    assert as_user(bo).post(url, {"selected_option": "z"}).status_code == 422
    with pytest.raises(Invalid):
        step.change(bo, selected_option="z")


@pytest.mark.parametrize("fields", [{"outcome": "great"}, {"text": ""}, {"text": "x" * 20_001}])
def test_bad_input_is_422(as_user, url, ana, fields):
    assert as_user(ana).post(url, fields).status_code == 422


@pytest.mark.parametrize(
    "fields",
    [
        {"options": ["x"]},
        {"options": [{"label": "x"}]},
        {"options": [{"value": "a"}], "selected_option": "b"},
        {"kind": "x"},
        {"outcome": "x"},
    ],
)
def test_the_verb_refuses_what_no_form_sends(session, ana, fields):
    with pytest.raises(Invalid):
        session.add_step(ana, text="x", **fields)


def test_a_finished_session_keeps_its_steps(as_user, url, session, ana):
    session.resolve(ana, resolution="done")
    assert as_user(ana).post(url, {"outcome": "worked"}).status_code == 409
    assert as_user(ana).get(url).status_code == 302


def test_who_may(as_user, session, step, url, ana, vic, eve):
    assert as_user(vic).post(url, {"outcome": "worked"}).status_code == 403
    assert as_user(eve).post(url, {"outcome": "worked"}).status_code == 404
    other = Session.open(ana, problem_summary="other")
    assert as_user(ana).post(f"{other.get_absolute_url()}steps/{step.pk}/", {"outcome": "worked"}).status_code == 404


# temporary


def test_a_quick_outcome_leaves_it_temporary(as_user, url, step, bo):
    step.change(bo, temporary=True)
    as_user(bo).post(url, {"outcome": "worked"})
    step.refresh_from_db()
    assert (step.outcome, step.temporary) == ("worked", True)


def test_the_page_of_the_step_ticks_and_unticks_it(as_user, url, step, bo):
    """A box that is not ticked is sent by its hidden field alone."""
    client = as_user(bo)
    assert '<input type="hidden" name="temporary" value=""><input type="checkbox" name="temporary"' in (
        client.get(url).content.decode()
    )
    client.post(url, {"outcome": "pending", "temporary": ["", "on"]})
    step.refresh_from_db()
    assert step.temporary
    assert re.search(r'name="temporary"[^>]* checked', client.get(url).content.decode())
    client.post(url, {"outcome": "pending", "temporary": [""]})
    step.refresh_from_db()
    assert not step.temporary
    assert Event.objects.last().facts == {
        "step": step.pk, "order": 3, "before": {"temporary": True}, "after": {"temporary": False},
    }  # fmt: skip


def test_the_trail_and_the_history_say_so(as_user, session, step, bo):
    client = as_user(bo)
    assert ">temporary<" not in client.get(session.get_absolute_url()).content.decode()
    step.change(bo, temporary=True)
    assert ">temporary<" in client.get(session.get_absolute_url()).content.decode()
    step.change(bo, temporary=False)
    step.change(bo, outcome="worked")
    lines = [event_line(event) for event in Event.objects.filter(kind="step.changed").order_by("seq")]
    assert lines == [
        "Bo Tester changed step s3: now temporary",
        "Bo Tester changed step s3: no longer temporary",
        "Bo Tester changed step s3: outcome: to do → worked",
    ]
