"""What a reader says of the AI summary: on the page, in the API, in the admin; and its versions."""

from __future__ import annotations

import json

import pytest

from handoffs.models import Summary, SummaryFeedback, SummaryVersion
from sessions_app.models import AiCall
from tests.api_client import client_of
from tests.conftest import summarised

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(waiting) -> SummaryVersion:
    asked = {"asked": {"record": "R <b>"}, "answered": '{"summary_prose": "The tunnel drops."}'}
    asked |= {"model": "claude-haiku-5-5", "prompt_version": "summary-2"}
    about = {"account": waiting.account, "session": waiting.session}
    call = AiCall.objects.create(purpose="summary", outcome="answered", **about, **asked)
    return summarised(waiting, summary_prose="The tunnel drops.", steps_seen=3, call=call).current


def say(client, about, **fields):
    return client.post(f"/handoffs/{about.handoff.pk}/summary/feedback/", fields, headers={"HX-Request": "true"})


def test_a_press_says_it_and_a_comment_may_follow(client, version, bo) -> None:
    client.force_login(bo)
    page = client.get(f"/handoffs/{version.handoff.pk}/").content.decode()
    assert "Was it useful?" in page
    assert 'name="comment"' not in page
    answer = say(client, version, useful="no", version=1).content.decode()
    assert "You found it not useful." in answer
    assert "What was wrong or missing?" in answer
    say(client, version, useful="no", version=1, comment="  It names the  wrong tunnel ")
    given = SummaryFeedback.objects.get()
    assert (given.user, given.useful, given.comment) == (bo, False, "It names the wrong tunnel")
    assert 'value="It names the wrong tunnel"' in client.get(f"/handoffs/{version.handoff.pk}/").content.decode()


def test_without_scripts_it_leads_back_to_the_page(client, version, bo) -> None:
    client.force_login(bo)
    answer = client.post(f"/handoffs/{version.handoff.pk}/summary/feedback/", {"useful": "yes"}, follow=True)
    assert answer.redirect_chain == [(f"/handoffs/{version.handoff.pk}/", 302)]
    assert "You found it useful." in answer.content.decode()


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}], ids=["without scripts", "with them"])
def test_a_comment_that_is_too_long_is_kept_and_said(client, version, bo, htmx) -> None:
    client.force_login(bo)
    typed = "word " * 500
    sent = {"useful": "no", "comment": typed}
    answer = client.post(f"/handoffs/{version.handoff.pk}/summary/feedback/", sent, headers=htmx)
    assert answer.status_code == 422
    assert typed.strip() in answer.content.decode()
    assert not SummaryFeedback.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [{}, {"useful": ""}, {"useful": "perhaps"}, {"useful": "yes", "version": "x"}, {"useful": "yes", "version": "-1"}],
)
def test_what_is_no_answer_is_none(client, version, bo, sent) -> None:
    client.force_login(bo)
    assert say(client, version, **sent).status_code == 422
    assert not SummaryFeedback.objects.exists()


def test_it_is_said_of_the_version_that_was_shown(client, version, waiting, bo, cy) -> None:
    client.force_login(bo)
    summarised(waiting, summary_prose="It is the MTU.")
    say(client, version, useful="yes", version=1)
    assert SummaryFeedback.objects.get().version.number == 1
    client.force_login(cy)
    say(client, version, useful="no")
    assert [given.version.number for given in SummaryFeedback.objects.all()] == [2, 1]


def test_who_may_not(client, version, vic, eve, bo) -> None:
    for user, status in ((vic, 403), (eve, 404)):
        client.force_login(user)
        assert say(client, version, useful="yes").status_code == status
        assert client.get(f"/handoffs/{version.handoff.pk}/summary/versions/").status_code == (
            200 if user == vic else 404
        )
    client.force_login(bo)
    assert say(client, version, useful="yes", version=7).status_code == 404
    assert not SummaryFeedback.objects.exists()
    client.force_login(vic)
    assert "Was it useful?" not in client.get(f"/handoffs/{version.handoff.pk}/").content.decode()


def test_the_api_takes_it(version, bo, vic) -> None:
    path = f"handoffs/{version.handoff.pk}/summary/feedback/"
    answer = client_of(bo).post(path, useful=False, comment="Wrong host")
    assert answer.status_code == 200
    assert answer.json() | {"at": ""} == {
        "version": 1, "by": {"id": bo.pk, "name": bo.name}, "useful": False, "comment": "Wrong host", "at": "",
    }  # fmt: skip
    assert client_of(bo).post(path, useful="yes").status_code == 400
    assert client_of(bo).post(path, useful=True, comment="x" * 2_001).status_code == 400
    assert client_of(vic).post(path, useful=True).status_code == 403


def test_the_api_says_where_there_is_none(waiting, bo) -> None:
    answer = client_of(bo).post(f"handoffs/{waiting.pk}/summary/feedback/", useful=True)
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


def test_every_version_is_kept_and_shown(client, version, waiting, bo) -> None:
    client.force_login(bo)
    assert "/summary/versions/" not in client.get(f"/handoffs/{waiting.pk}/").content.decode()
    summarised(waiting, summary_prose="It is the MTU.", confidence="high")
    SummaryFeedback.give(version, bo, useful=True)
    assert ">2 versions</a>" in client.get(f"/handoffs/{waiting.pk}/").content.decode()
    page = client.get(f"/handoffs/{waiting.pk}/summary/versions/").content.decode()
    assert page.index("It is the MTU.") < page.index("The tunnel drops.")
    assert "Found useful by 1 of 1." in page
    assert "by <bdi>claude-haiku-5-5</bdi>" in page
    assert Summary.objects.get().versions.count() == 2


def test_no_versions_yet(client, waiting, bo) -> None:
    client.force_login(bo)
    assert "No summary was written yet." in client.get(f"/handoffs/{waiting.pk}/summary/versions/").content.decode()


def test_the_admin_lists_it_and_exports_it(client, version, bo, adam) -> None:
    given = SummaryFeedback.give(version, bo, useful=False, comment="Wrong host <i>")
    client.force_login(adam)
    page = client.get("/admin/handoffs/summaryfeedback/").content.decode()
    assert "Wrong host &lt;i&gt;" in page
    one = client.get(f"/admin/handoffs/summaryfeedback/{given.pk}/change/").content.decode()
    assert "R &lt;b&gt;" in one
    assert "The tunnel drops." in one
    sent = {"action": "export", "_selected_action": [given.pk]}
    answer = client.post("/admin/handoffs/summaryfeedback/", sent)
    line = json.loads(b"".join(answer.streaming_content))
    assert (line["useful"], line["comment"], line["asked"]) == (False, "Wrong host <i>", {"record": "R <b>"})
    assert bo.name not in json.dumps(line)
