"""The output of a script, sent straight into a session: its key does that, for that session, and nothing else."""

from __future__ import annotations

import re
import socket
import subprocess
from html import unescape
from urllib.parse import urlsplit

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


def test_the_command_for_powershell_is_one_line_and_asks_for_tls_1_2(client, session, ana) -> None:
    client.force_login(ana)
    page = f"/sessions/{session.pk}/script/"
    client.post(page)
    command = unescape(re.search(r"<pre[^>]*>\s*(ipconfig .*?)</pre>", client.get(page).content.decode(), re.DOTALL)[1])
    assert "\n" not in command.strip()
    assert "-bor 3072;" in command, "Windows PowerShell 5.1 may begin with TLS 1.0"
    assert all(command.count(one) == command.count(other) for one, other in ("()", "{}", "[]"))
    assert (command.count("'") % 2, command.count('"') % 2) == (0, 0)


# As .NET writes @{ kind = …; free_text = … }: UTF-8 in percent signs, blanks as plus, in no order. 5.1 asks first.
PRINTED = "  Name\tW\u0119z\u0142a & \u201cC\u201d = 100%+1 \U0001f600\r\n"
BY_5_1 = "free_text=++Name%09W%c4%99z%c5%82a+%26+%e2%80%9cC%e2%80%9d+%3d+100%25%2b1+%f0%9f%98%80%0d%0a"
MORE = "&text=Output+from+HD-DC01&kind=script&outcome=inconclusive"
WINDOWS_POWERSHELL = (
    "User-Agent: Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.17763.6414\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n"
)
POWERSHELL_7 = (
    "User-Agent: Mozilla/5.0 (Windows NT 10.0; Microsoft Windows 10.0.20348; en-US) PowerShell/7.4.6\r\n"
    "Accept-Encoding: gzip, deflate, br\r\nContent-Type: application/x-www-form-urlencoded\r\n"
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("client_headers", "body"),
    [
        (WINDOWS_POWERSHELL, BY_5_1 + MORE),
        (POWERSHELL_7, re.sub("%..", lambda byte: byte[0].upper(), BY_5_1) + MORE),
    ],
)
def test_what_powershell_sends_is_taken_as_it_was_printed(live_site, session, ana, client_headers, body) -> None:
    """Byte by byte: no PowerShell runs here."""
    site = urlsplit(live_site.url)
    head = (
        f"POST /api/v1/{steps_of(session)} HTTP/1.1\r\nHost: {site.netloc}\r\n"
        f"Authorization: Token {session.issue_script_token(ana)}\r\n{client_headers}"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection((site.hostname, site.port), timeout=30) as connection:
        answer = connection.makefile("rb")
        connection.sendall(head.encode())
        if "100-continue" in head:
            assert answer.readline() == b"HTTP/1.1 100 Continue\r\n"
            while answer.readline() != b"\r\n":
                pass
        connection.sendall(body.encode())
        assert answer.readline().split()[1] == b"201"
    step = session.steps.last()
    assert (step.text, step.kind, step.author) == ("Output from HD-DC01", "script", ana)
    assert step.free_text == PRINTED.replace("\r\n", "\n")
