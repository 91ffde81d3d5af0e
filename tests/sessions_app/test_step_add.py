"""/sessions/7/steps/: one thing tried, one press."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from resolutionflow.accounts.models import Event
from resolutionflow.core.refusals import Invalid
from sessions_app.models import Session
from tests.sessions_app.conftest import UNSEEN


@pytest.fixture
def send(as_user, session, bo):
    client = as_user(bo)
    return lambda **fields: client.post(f"{session.get_absolute_url()}steps/", fields)


def test_text_and_outcome_make_a_step(send, session, bo):
    response = send(text="Swapped the router", outcome="worked", free_text="stable", kind="check")
    step = session.steps.last()
    assert response.status_code == 302
    assert response.url == f"/sessions/{session.pk}/?compose=1#s4"
    assert (step.text, step.outcome, step.free_text, step.kind) == ("Swapped the router", "worked", "stable", "check")
    assert (step.author, step.branch, step.order) == (bo, session.active_branch, 4)
    assert Event.objects.last().kind == "step.added"


def test_what_was_fine_is_ruled_out(send, session):
    send(text="Checked the clock", outcome="ruled_out", kind="check")
    step = session.steps.last()
    assert (step.outcome, step.get_outcome_display(), step.temporary) == ("ruled_out", "Ruled out", False)


def test_what_has_to_be_undone_is_temporary(send, session):
    send(text="Opened port 3389", outcome="worked", temporary="on")
    assert session.steps.last().temporary


def test_the_composer_offers_the_outcomes_in_the_order_of_use(as_user, session, bo):
    text = as_user(bo).get(session.get_absolute_url()).content.decode()
    composer = text[text.index('<form id="composer"') :]
    offered = re.findall(r'name="outcome" value="(\w+)"', composer[: composer.index("</form>")])
    assert offered == ["failed", "ruled_out", "worked", "inconclusive", "pending"]


def test_text_alone_is_a_pending_action(send, session):
    send(text="Call the user")
    assert (session.steps.last().kind, session.steps.last().outcome) == ("action", "pending")


def test_a_question_has_choices(send, session):
    send(text="Which router?", kind="question", options="Draytek\n Fritz \n\n")
    assert session.steps.last().options == [
        {"value": "Draytek", "label": "Draytek"},
        {"value": "Fritz", "label": "Fritz"},
    ]


def test_skipped_is_outcome_and_flag(send, session):
    send(text="Reinstall", outcome="skipped")
    assert session.steps.last().skipped


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "\u202e \x00"}, "text"),
        ({"text": "x" * 200_001}, "text"),
        ({"text": "x", "outcome": "great"}, "outcome"),
        ({"text": "x", "kind": "dance"}, "kind"),
        ({"text": "x", "branch": "999999"}, "branch"),
        ({"text": "x", "options": "y" * 201}, "options"),
    ],
)
def test_bad_input_is_422_with_what_was_typed(send, session, fields, field):
    response = send(**fields)
    assert response.status_code == 422
    assert list(response.context["composer"].errors) == [field]
    assert fields["text"].strip("\u202e \x00") in response.content.decode()
    assert session.steps.count() == 3


def test_output_of_100000_characters_is_kept(send, session):
    send(text="Read the log", free_text="y" * 100_000)
    assert len(session.steps.last().free_text) == 100_000


def test_what_cannot_be_seen_is_taken_out_of_a_text_and_of_output_where_it_is_shown(send, session):
    send(text=UNSEEN, free_text=UNSEEN)
    step = session.steps.last()
    assert (step.text, step.output) == ("abcde", "abcde")
    assert step.free_text == UNSEEN.replace("\0", "")


def test_a_double_click_adds_one(send, session):
    key = str(uuid4())
    assert send(text="once", form_key=key).url == send(text="once", form_key=key).url
    assert session.steps.count() == 4
    session.refresh_from_db()
    assert session.step_count == 4


def test_the_branch_that_was_written_to_stays(as_user, session, bo):
    """The one that is looked at, and one that was chosen once, until another is."""
    client, url = as_user(bo), session.get_absolute_url()
    main, dns = session.active_branch, session.add_branch(bo, label="DNS")
    assert client.get(f"{url}?branch={dns.pk}").context["composer"]["branch"].value() == dns.pk
    looked_at = client.post(f"{url}steps/?branch={dns.pk}", {"text": "x", "branch": dns.pk})
    assert looked_at.url == f"{url}?compose=1&branch={dns.pk}#s4"
    elsewhere = client.post(f"{url}steps/?branch={dns.pk}", {"text": "x", "branch": main.pk})
    assert elsewhere.url == f"{url}?compose=1&branch={main.pk}#s5"
    chosen = client.post(f"{url}steps/", {"text": "x", "branch": dns.pk})
    assert chosen.url == f"{url}?compose=1&to={dns.pk}#s6"
    assert client.get(chosen.url).context["composer"]["branch"].value() == dns.pk
    assert client.get(f"{url}?to=nonsense").context["composer"]["branch"].value() == main.pk


def test_another_sessions_branch_is_no_choice(send, session, ana):
    other = Session.open(ana, problem_summary="other").branches.get()
    assert send(text="x", branch=other.pk).status_code == 422
    with pytest.raises(Invalid):
        session.add_step(ana, text="x", branch=other)


def test_a_finished_session_takes_none_and_gives_the_text_back(send, session, ana):
    session.resolve(ana, resolution="done meanwhile")
    response = send(text="My long finding about the tunnel", outcome="failed")
    assert response.status_code == 409
    assert "My long finding about the tunnel" in response.content.decode()
    assert session.steps.count() == 3


def test_htmx_gets_the_refusal_as_a_toast(as_user, session, ana):
    session.resolve(ana, resolution="done meanwhile")
    response = as_user(ana).post(f"{session.get_absolute_url()}steps/", {"text": "x"}, headers={"HX-Request": "true"})
    assert response.status_code == 409
    assert response["HX-Retarget"] == "#toasts"
    assert response["HX-Reselect"] == "unset"


def test_who_may(as_user, session, vic, eve):
    url = f"{session.get_absolute_url()}steps/"
    assert as_user(vic).post(url, {"text": "x"}).status_code == 403
    assert as_user(eve).post(url, {"text": "x"}).status_code == 404
    assert as_user(vic).get(url).status_code == 405
