"""/sessions/7/resolve/: what fixed it."""

from __future__ import annotations

import re

import pytest

from handoffs.models import Handoff
from resolutionflow.accounts.models import Event
from resolutionflow.core.refusals import Invalid
from sessions_app.models import Session

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


# the step that showed it


@pytest.fixture
def worked(session, ana):
    return session.add_step(ana, text="Lowered the MTU\non both ends.", outcome="worked")


def test_the_newest_step_that_worked_is_offered(as_user, url, session, ana, worked):
    session.add_step(ana, text="Checked the cable", outcome="ruled_out")
    answer = as_user(ana).get(url)
    form, text = answer.context["form"], answer.content.decode()
    assert form["resolution"].value() == worked.text
    assert "From s4, which worked." in text
    assert f'<option value="{worked.pk}" selected>s4 Lowered the MTU on both ends.</option>' in text
    assert re.search(r'<textarea name="resolution"[^>]* autofocus', text)
    assert not Event.objects.filter(kind="session.resolved").exists(), "an offer, no more"


def test_one_of_the_active_branch_is_offered_before_a_newer_one(as_user, url, session, ana, worked):
    other = session.add_branch(ana, label="The provider")
    session.add_step(ana, text="Called the provider", outcome="worked", branch=other)
    client = as_user(ana)
    assert client.get(url).context["form"]["step"].value() == worked.pk
    other.activate(ana)
    assert client.get(url).context["form"]["resolution"].value() == "Called the provider"
    session.add_branch(ana, label="Neither").activate(ana)
    assert client.get(url).context["form"]["resolution"].value() == "Called the provider", "else the newest of any"


def test_where_nothing_worked_nothing_is_offered(as_user, url, ana):
    answer = as_user(ana).get(url)
    assert (answer.context["form"]["resolution"].value(), answer.context["form"]["step"].value()) == (None, None)
    assert "which worked" not in answer.content.decode()


@pytest.mark.parametrize(
    ("kind", "text", "ended"),
    [
        ("check", "Sign-in log of his account", "Checked"),
        ("question", "Who else uses the room mailbox?", "Answered"),
        ("check", "Test page after the new driver, prints again", "Worked"),
        ("check", "Signed in from the tablet: fixed", "Worked"),
        ("action", "Raised the lease time", "Worked"),
        ("script", "Rebuilt the index", "Worked"),
    ],
)
def test_a_check_that_only_showed_something_is_not_offered(as_user, url, session, ana, worked, kind, text, ended):
    step = session.add_step(ana, text=text, kind=kind, outcome="worked")
    assert step.ended == ended
    offered = as_user(ana).get(url).context["form"]["resolution"].value()
    assert offered == (text if ended == "Worked" else worked.text)


def test_what_was_typed_is_never_filled_in_again(as_user, url, ana, worked):
    answer = as_user(ana).post(url, {"resolution": "", "root_cause": "MTU bug", "step": ""})
    assert answer.status_code == 422
    assert answer.context["form"]["resolution"].value() == ""
    assert "which worked" not in answer.content.decode()
    assert "MTU bug" in answer.content.decode()


def test_steps_to_choose_from_are_those_that_worked_then_the_newest(as_user, url, session, ana, worked):
    first = session.steps.get(order=1)
    first.change(ana, outcome="worked")
    choices = as_user(ana).get(url).context["form"].fields["step"].choices
    assert choices[0] == ("", "None")
    assert [[name.split()[0] for _pk, name in group] for _label, group in choices[1:]] == [["s4", "s1"], ["s3", "s2"]]
    assert choices[2][1][0][1] == "s3 Ask the user for the router model (to do)"


def test_the_step_is_kept_and_told(as_user, url, session, ana, worked):
    as_user(ana).post(url, {**FIX, "step": worked.pk})
    session.refresh_from_db()
    assert session.resolution_step == worked
    facts = Event.objects.last().facts
    assert (facts["step"], facts["order"], facts["text"]) == (worked.pk, 4, "Lowered the MTU on both ends")


def test_a_step_of_elsewhere_is_an_error_at_its_field(as_user, url, session, ana, eve):
    mine, theirs = (Session.open(user, problem_summary="x").add_step(user, text="x") for user in (ana, eve))
    for pk in (mine.pk, theirs.pk, 999_999, "x", "9" * 40):
        for name in ("step", "undone"):
            answer = as_user(ana).post(url, {**FIX, name: pk})
            assert (answer.status_code, list(answer.context["form"].errors)) == (422, [name]), (name, pk)
            assert FIX["resolution"] in answer.content.decode()
    with pytest.raises(Invalid):
        session.resolve(ana, **FIX, step=mine)
    with pytest.raises(Invalid):
        session.resolve(ana, **FIX, undone=[mine])
    session.refresh_from_db()
    assert session.status == "active", "all of it, or nothing"


# what is temporary


@pytest.fixture
def rules(session, ana):
    return [
        session.add_step(ana, text=text, outcome="worked", temporary=True)
        for text in ("Opened port 3389.", "Switched the scanner off")
    ]


def test_temporary_steps_are_listed_to_be_undone(as_user, url, ana, rules):
    text = as_user(ana).get(url).content.decode()
    assert "To be undone" in text
    boxes = re.findall(r'<input type="checkbox" name="undone"[^>]*>', text)
    assert [f'value="{step.pk}"' in box for step, box in zip(rules, boxes, strict=True)] == [True, True]
    assert not [box for box in boxes if "checked" in box]


def test_without_any_nothing_is_asked(as_user, url, ana):
    assert "To be undone" not in as_user(ana).get(url).content.decode()


def test_the_ticked_are_undone_in_the_same_verb_the_others_named(as_user, url, session, ana, rules):
    before = Event.objects.count()
    as_user(ana).post(url, {**FIX, "undone": [rules[0].pk]})
    assert list(session.temporary_steps) == [rules[1]]
    assert Event.objects.count() == before + 1
    facts = Event.objects.last().facts
    assert facts["undone"] == [{"step": rules[0].pk, "order": 4, "text": "Opened port 3389"}]
    assert facts["still_temporary"] == [{"step": rules[1].pk, "order": 5, "text": "Switched the scanner off"}]


def test_a_step_undone_meanwhile_is_an_error_at_its_field(as_user, url, session, ana, bo, rules):
    for step in rules:
        step.change(bo, temporary=False)
    answer = as_user(ana).post(url, {**FIX, "undone": [step.pk for step in rules]})
    assert answer.status_code == 422
    assert "not temporary, or no longer" in answer.content.decode()
    session.refresh_from_db()
    assert session.status == "active"
    with pytest.raises(Invalid):
        session.resolve(ana, **FIX, undone=rules)


def test_who_may_not_resolve_undoes_nothing(as_user, url, session, bo, rules):
    assert as_user(bo).post(url, {**FIX, "undone": [rules[0].pk]}).status_code == 403
    assert session.temporary_steps.count() == 2


# beside the form


def test_the_steps_stand_beside_it_newest_first(as_user, url, session, ana, rules):
    text = as_user(ana).get(url).content.decode()
    aside = text[text.index("<aside") :]
    assert re.findall(r"#s\d", aside) == ["#s5", "#s4", "#s3", "#s2", "#s1"]
    assert aside.count("mark worked") == 2
    assert aside.count(">temporary<") == 2


def test_it_asks_as_often_for_500_steps_as_for_three(
    as_user, session, long_session, ana, django_assert_num_queries, django_assert_max_num_queries
):
    other = Session.open(ana, problem_summary="Another")
    other.add_step(ana, text="x", temporary=True)
    client = as_user(ana)
    client.get(f"{other.get_absolute_url()}resolve/")
    with django_assert_max_num_queries(8) as few:
        client.get(f"{other.get_absolute_url()}resolve/")
    with django_assert_num_queries(len(few)):
        text = client.get(f"{long_session.get_absolute_url()}resolve/").content.decode()
    assert text.count("<option") == 101, "None, and the newest 100"
    assert "All 500" in text


# the page of the session that was resolved


def test_it_says_by_whom_which_step_showed_it_and_what_is_temporary(as_user, session, lea, bo, worked, rules):
    session.resolve(lea, **FIX, step=worked, undone=rules[:1])
    text = as_user(bo).get(session.get_absolute_url()).content.decode()
    standing = text[text.index('id="standing"') : text.index('id="trail-region"')]
    assert "Resolved by Lea Tester" in standing
    assert f'<a class="ref" href="{session.get_absolute_url()}?at=s4#s4">s4</a>' in standing
    assert "Still temporary" in standing
    assert "Switched the scanner off" in standing
    assert "Opened port 3389" not in standing


def test_a_reopened_one_says_it_again_when_it_is_resolved_again(as_user, session, ana, bo, worked):
    session.resolve(ana, **FIX, step=worked)
    session.reopen(bo, reason="It is back")
    assert "What fixed it" not in as_user(bo).get(session.get_absolute_url()).content.decode()
    session.resolve(bo, resolution="New router")
    session.refresh_from_db()
    assert session.resolution_step is None
    text = as_user(ana).get(session.get_absolute_url()).content.decode()
    standing = text[text.index('id="standing"') : text.index('id="trail-region"')]
    assert "Resolved by Bo Tester" in standing
    assert "shown by" not in standing
