"""The output of a script, sent straight into a session: its key does that, for that session, and nothing else."""

from __future__ import annotations

import re
import subprocess
from html import unescape

import pytest
from django.test import Client

from notifications.live.rights import user_by_token
from resolutionflow.accounts.models import ApiToken, Event
from resolutionflow.core.refusals import NotAllowed, WrongState
from sessions_app.models import Session, Step
from tests.api_client import ApiClient
from tests.resolutionflow.api.addresses import a_file

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def key(session, ana) -> str:
    return str(session.issue_script_token(ana))


def script(key: str) -> ApiClient:
    return ApiClient(headers={"Authorization": f"Token {key}"})


def steps_of(session: Session) -> str:
    return f"sessions/{session.pk}/steps/"


def test_the_page_shows_the_commands_once(client, session, ana) -> None:
    client.force_login(ana)
    page = f"/sessions/{session.pk}/script/"
    assert "Show the commands" in client.get(page).content.decode()
    assert client.post(page)["Location"] == page
    shown = client.get(page).content.decode()
    key = re.search(r"rf_[\w-]{43}", shown)[0]
    assert shown.count(key) == 2
    assert f"http://testserver/api/v1/{steps_of(session)}" in shown
    assert key not in client.get(page).content.decode()
    assert (ApiToken.find(key).user, ApiToken.find(key).session_id) == (ana, session.pk)
    created = Event.objects.get(kind="token.created")
    assert (created.session_id, created.actor) == (session.pk, ana)
    assert key not in str(created.facts)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM, "kind=script&outcome=inconclusive&text=Output+from+HD-DC01&free_text=%20%20one%0A%20two%20%C3%A9"),
        (
            "application/json",
            '{"kind": "script", "outcome": "inconclusive", "text": "Output from HD-DC01",'
            ' "free_text": "  one\\n two é"}',
        ),
    ],
)
def test_it_adds_steps_as_who_made_it(session, ana, key, content_type, body) -> None:
    answer = Client().post(
        f"/api/v1/{steps_of(session)}", body, content_type=content_type, headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.status_code == 201, answer.content
    step = session.steps.last()
    assert (step.author, step.kind, step.outcome, step.text) == (ana, "script", "inconclusive", "Output from HD-DC01")
    assert step.free_text == "  one\n two é"


def test_it_does_nothing_else(session, ana, key) -> None:
    other = Session.open(ana, problem_summary="Another")
    can, count = script(key), Step.objects.count()
    for answer in (
        can.post(steps_of(other), text="x"),
        can.get(steps_of(session).removesuffix("steps/")),
        can.get("me/"),
        can.get("sessions/"),
        can.get("events/"),
        can.post(f"sessions/{session.pk}/messages/", content="x"),
        can.get(f"sessions/{session.pk}/files/"),
        Client.post(can, f"/api/v1/sessions/{session.pk}/files/", {"file": a_file()}),
        can.post(f"sessions/{session.pk}/resolve/", resolution="x"),
        can.post(f"sessions/{session.pk}/escalate/", notes="x"),
        can.patch(f"sessions/{session.pk}/", problem_summary="x"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), answer.content
        assert f"steps to session {session.pk}" in answer.json()["detail"]
    assert Step.objects.count() == count
    assert user_by_token(key) == 4401  # the socket


def test_it_ends_after_a_day(session, ana, time_machine) -> None:
    time_machine.move_to("2026-11-01T00:00:00Z")
    key = session.issue_script_token(ana)
    time_machine.move_to("2026-11-01T23:59:00Z")
    assert script(key).post(steps_of(session), text="x").status_code == 201
    time_machine.move_to("2026-11-02T00:00:01Z")
    assert script(key).post(steps_of(session), text="x").status_code == 401


@pytest.mark.parametrize("end", ["resolve", "abandon"])
def test_it_ends_with_the_session_and_a_reopening_does_not_revive_it(session, ana, key, end) -> None:
    other = Session.open(ana, problem_summary="Another").issue_script_token(ana)
    getattr(session, end)(ana, **{"resolve": {"resolution": "Fixed"}, "abandon": {"reason": "Gone"}}[end])
    assert script(key).post(steps_of(session), text="x").status_code == 401
    session.reopen(ana, reason="Back")
    assert script(key).post(steps_of(session), text="x").status_code == 401
    assert ApiToken.find(other)


def test_who_may_make_one(session, vic, ana, eve, client) -> None:
    with pytest.raises(NotAllowed):
        session.issue_script_token(vic)
    client.force_login(eve)
    assert client.post(f"/sessions/{session.pk}/script/").status_code == 404
    session.resolve(ana, resolution="Fixed")
    with pytest.raises(WrongState):
        session.issue_script_token(ana)
    assert not ApiToken.objects.exists()


def test_a_viewer_by_now_adds_nothing(session, ana, olga, key) -> None:
    ana.change_membership(by=olga, role="viewer")
    assert script(key).post(steps_of(session), text="x").status_code == 403


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("text=a&text=b", "a name occurs twice"),
        ("text=%FF", "not a form"),
        ("&".join("x=1" for _ in range(60)), "not a form"),
    ],
)
def test_a_form_that_cannot_be_read_is_an_error(session, key, body, said) -> None:
    answer = Client().post(
        f"/api/v1/{steps_of(session)}", body, content_type=FORM, headers={"Authorization": f"Token {key}"}
    )
    assert answer.status_code == 400
    assert said in answer.json()["detail"]


def test_a_form_is_for_scripts_alone(session, key, ana) -> None:
    client = Client()
    client.force_login(ana)
    answer = client.post("/api/v1/sessions/", "problem_summary=x", content_type=FORM)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.django_db(transaction=True)
def test_the_command_for_curl_works_as_it_is_shown(live_site, client, session, ana) -> None:
    """By a real shell and a real curl, against a real server; only the command in front is another."""
    client.force_login(ana)
    page, here = f"/sessions/{session.pk}/script/", {"host": live_site.url.removeprefix("http://")}
    client.post(page, headers=here)
    shown = client.get(page, headers=here).content.decode()
    shown = unescape(re.search(r"<pre[^>]*>\s*(ip address .*?)</pre>", shown)[1])
    command = shown.replace("ip address", "printf '  10 pizza\\n 250 påsta & more\\n'")
    subprocess.run(["bash", "-o", "pipefail", "-c", command], check=True, timeout=30)
    step = session.steps.last()
    assert step.text.startswith("Output from ")
    assert step.free_text == "  10 pizza\n 250 påsta & more\n"
    assert (step.author, step.get_outcome_display()) == (ana, "Unclear")
