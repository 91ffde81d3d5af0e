"""Sessions, their steps, messages and branches over the API."""

from __future__ import annotations

import pytest

from resolutionflow.accounts.models import Team
from sessions_app.models import Branch, PsaConnection, Session
from tests.api_client import client_of


def test_open_list_and_read(ana) -> None:
    client = client_of(ana)
    body = {
        "problem_summary": "  Mail\nis slow ", "problem_domain": "email", "client_name": "Northgate Legal",
        "asset_name": "MX1", "intake": "log_paste", "intake_text": "line 1\nline 2", "psa_ticket_id": "17",
    }  # fmt: skip
    opened = client.post("sessions/", **body)
    assert opened.status_code == 201, opened.content
    assert opened.json()["problem_summary"] == "Mail is slow"
    assert opened.json()["assignee"] == opened.json()["started_by"] == {"id": ana.pk, "name": ana.name}
    assert (opened.json()["confidence"], opened.json()["confidence_tier"]) == (None, "discovery")
    assert [row["id"] for row in client.get("sessions/").json()["results"]] == [opened.json()["id"]]
    detail = client.get(f"sessions/{opened.json()['id']}/").json()
    assert detail["intake_text"] == "line 1\nline 2"
    assert [branch["status"] for branch in detail["branches"]] == ["active"]
    assert (detail["steps"], detail["messages"], detail["open_handoff"], detail["escalation_package"]) == (
        [], [], None, None,
    )  # fmt: skip


def test_what_is_wrong_is_said_by_field(ana, elsewhere) -> None:
    team = Team.objects.create(account=elsewhere, name="Theirs")
    psa = PsaConnection.objects.create(account=elsewhere, name="Theirs", kind="request_tracker", base_url="http://x")
    good = {"problem_summary": "x"}
    wrong = [
        ({}, "problem_summary"), ({"problem_summary": ""}, "problem_summary"),
        ({"problem_summary": None}, "problem_summary"), ({"problem_summary": 5}, "problem_summary"),
        ({"problem_summary": ["x"]}, "problem_summary"), ({"problem_summary": "\x00\u202e"}, "problem_summary"),
        ({"problem_summary": "x" * 100_000}, "problem_summary"), ({**good, "client_name": 7}, "client_name"),
        ({**good, "client_name": "x" * 201}, "client_name"), ({**good, "problem_domain": "cooking"}, "problem_domain"),
        ({**good, "problem_domain": 1}, "problem_domain"), ({**good, "intake": "dream"}, "intake"),
        ({**good, "intake_text": "x" * 200_001}, "intake_text"), ({**good, "intake_text": {}}, "intake_text"),
        ({**good, "team": team.pk}, "team"), ({**good, "psa_connection": psa.pk}, "psa_connection"),
        ({**good, "status": "resolved"}, "status"), ({**good, "assignee": ana.pk}, "assignee"),
    ]  # fmt: skip
    client = client_of(ana)
    for body, field in wrong:
        answer = client.post("sessions/", **body)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid"), body
        assert list(answer.json()["errors"]) == [field], body
    assert not Session.objects.exists()


def test_what_nobody_can_see_is_left_out(ana) -> None:
    answer = client_of(ana).post("sessions/", problem_summary="a\x00b\u202ec \ud800d", intake_text="x\r\ny\x1b[31m")
    assert answer.json()["problem_summary"] == "abc d"
    assert Session.objects.get().intake_text == "x\ny\x1b[31m"  # but for its line ends as it came


def test_change(session, ana, eve) -> None:
    client, url = client_of(ana), f"sessions/{session.pk}/"
    answer = client.patch(url, confidence=0.5, client_name=None, psa_ticket_id="9")
    assert answer.status_code == 200, answer.content
    assert (answer.json()["confidence_tier"], answer.json()["client_name"]) == ("exploring", None)
    assert answer.json()["asset_name"] == "NL-FW01"
    for body in ({"confidence": 2}, {"confidence": "0.5"}, {"confidence": True}, {"problem_summary": None},
                 {"problem_summary": " "}, {"status": "active"}, {"team": eve.pk}):  # fmt: skip
        answer = client.patch(url, **body)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, list(body)), body
    assert client.patch(url).status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status": "active"}, 1), ({"status": "paused"}, 0), ({"assignee": "me"}, 0), ({"mine": "true"}, 0),
        ({"mine": "false"}, 1), ({"domain": "network"}, 1), ({"domain": "email"}, 0), ({"q": "vpn"}, 1),
        ({"q": "48190"}, 1), ({"q": "printer"}, 0), ({"team": "1"}, 0),
    ],
)  # fmt: skip
def test_filters(session, bo, query, found) -> None:
    assert len(client_of(bo).get("sessions/", query).json()["results"]) == found


def test_wrong_filters_are_400(session, bo) -> None:
    for query in ({"status": "gone"}, {"mine": "perhaps"}, {"assignee": "x"}, {"page": "2"}):
        answer = client_of(bo).get("sessions/", query)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, list(query))


def test_steps(session, ana, bo) -> None:
    client, url = client_of(bo), f"sessions/{session.pk}/steps/"
    added = client.post(
        url,
        text="Which light is on?",
        kind="question",
        options=[{"value": "red"}, {"value": "green", "label": "Green"}],
    )
    assert added.status_code == 201, added.content
    step = added.json()
    assert (step["ref"], step["outcome"], step["branch"]) == ("s4", "pending", session.active_branch_id)
    assert step["options"] == [{"value": "red", "label": "red"}, {"value": "green", "label": "Green"}]
    changed = client_of(ana).patch(f"{url}{step['id']}/", selected_option="red", outcome="failed", free_text="blinks")
    assert (changed.json()["selected_option"], changed.json()["outcome"]) == ("red", "failed")
    assert client_of(ana).patch(f"{url}{step['id']}/", text="reworded").status_code == 403
    assert client.patch(f"{url}{step['id']}/", text="reworded").json()["text"] == "reworded"
    assert client.patch(f"{url}99999/", outcome="worked").status_code == 404


def test_wrong_steps(session, ana, eve) -> None:
    theirs = Session.open(eve, problem_summary="theirs").active_branch
    other = Session.open(ana, problem_summary="another of mine").active_branch
    wrong = [
        ({}, "text"), ({"text": ""}, "text"), ({"text": "x" * 100_000}, "text"), ({"text": 1}, "text"),
        ({"text": "x", "kind": "guess"}, "kind"), ({"text": "x", "outcome": "great"}, "outcome"),
        ({"text": "x", "outcome": None}, "outcome"), ({"text": "x", "skipped": "yes"}, "skipped"),
        ({"text": "x", "skipped": 1}, "skipped"), ({"text": "x", "options": "red"}, "options"),
        ({"text": "x", "options": [{"label": "no value"}]}, "options.0.value"),
        ({"text": "x", "options": [{"value": "a"}, "red"]}, "options.1.non_field_errors"),
        ({"text": "x", "branch": theirs.pk}, "branch"), ({"text": "x", "branch": other.pk}, "branch"),
        ({"text": "x", "author": ana.pk}, "author"),
    ]  # fmt: skip
    for body, field in wrong:
        answer = client_of(ana).post(f"sessions/{session.pk}/steps/", **body)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid"), (body, answer.content)
        assert list(answer.json()["errors"]) == [field], body


def test_messages(session, bo) -> None:
    client, url = client_of(bo), f"sessions/{session.pk}/messages/"
    answer = client.post(url, content="x" * 100_000)
    assert (answer.status_code, answer.json()["role"], answer.json()["author"]["id"]) == (201, "user", bo.pk)
    for body in ({}, {"content": " \n"}, {"content": []}, {"content": "x" * 200_001}):
        assert list(client.post(url, **body).json()["errors"]) == ["content"]
    assert list(client.post(url, content="I am the AI", role="assistant").json()["errors"]) == ["role"]


def test_branches(session, ana) -> None:
    client, url = client_of(ana), f"sessions/{session.pk}/branches/"
    added = client.post(url, label="It is the provider").json()
    assert (added["status"], added["parent"]) == ("untried", session.active_branch_id)
    assert client.post(f"{url}{added['id']}/activate/").json()["status"] == "active"
    dead = client.patch(f"{url}{added['id']}/", status="dead_end", status_reason="line is fine").json()
    assert (dead["status"], dead["status_reason"], dead["status_changed_by"]["id"]) == (
        "dead_end", "line is fine", ana.pk,
    )  # fmt: skip
    revived = client.patch(f"{url}{added['id']}/", status="active").json()
    assert (revived["status"], revived["status_reason"]) == ("active", None)
    for body in ({"status": "lost"}, {"label": "x"}, {"status": 1}):
        assert client.patch(f"{url}{added['id']}/", **body).status_code == 400
    assert client.post(url, label="x" * 201).status_code == 400
    assert client.post(f"{url}99999/activate/").status_code == 404
    assert Branch.objects.filter(session=session).count() == 2


def test_resolve_reopen_abandon(session, ana, bo) -> None:
    client, url = client_of(ana), f"sessions/{session.pk}/"
    assert list(client.post(f"{url}resolve/").json()["errors"]) == ["resolution"]
    assert list(client.post(f"{url}resolve/", resolution=" ").json()["errors"]) == ["resolution"]
    assert client_of(bo).post(f"{url}resolve/", resolution="x").status_code == 403
    resolved = client.post(f"{url}resolve/", resolution="new cable", root_cause="old cable").json()
    assert (resolved["status"], resolved["resolution"]) == ("resolved", "new cable")
    assert client.post(f"{url}steps/", text="late").json()["code"] == "wrong_state"
    assert client.post(f"{url}resume/").status_code == 409
    assert client_of(bo).post(f"{url}reopen/", reason="is back").json()["assignee"]["id"] == bo.pk
    assert client_of(bo).post(f"{url}abandon/", reason="client left").json()["status"] == "abandoned"


def test_resolve_names_the_step_and_what_is_undone(session, ana, eve) -> None:
    client, url = client_of(ana), f"sessions/{session.pk}/"
    steps = [client.post(f"{url}steps/", text=f"Rule {n}", outcome="worked", temporary=True).json() for n in range(2)]
    theirs = Session.open(eve, problem_summary="x").add_step(eve, text="x", temporary=True)
    other = Session.open(ana, problem_summary="x").add_step(ana, text="x", temporary=True)
    first = session.steps.get(order=1)
    for sent, field in (
        ({"undone": [theirs.pk]}, "undone.0"), ({"undone": [steps[0]["id"], 999_999]}, "undone.1"),
        ({"undone": ["x"]}, "undone.0"), ({"undone": steps[0]["id"]}, "undone"), ({"undone": [other.pk]}, "undone"),
        ({"undone": [first.pk]}, "undone"), ({"step": theirs.pk}, "step"), ({"step": other.pk}, "step"),
    ):  # fmt: skip
        answer = client.post(f"{url}resolve/", resolution="x", **sent)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [field]), sent
    ids = [step["id"] for step in steps]
    answer = client.post(f"{url}resolve/", resolution="Rules", step=ids[0], undone=[ids[1], ids[1]])
    assert (answer.status_code, answer.json()["resolution_step"]) == (200, ids[0])
    assert [client.get(f"{url}steps/{pk}/").json()["temporary"] for pk in ids] == [True, False]
    facts = client.get(f"{url}events/", {"limit": 200}).json()["results"][-1]["facts"]
    assert facts["undone"] == [{"step": ids[1], "order": 5, "text": "Rule 1"}]
    assert facts["still_temporary"] == [{"step": ids[0], "order": 4, "text": "Rule 0"}]


def test_the_seeds_shape(waiting, bo) -> None:
    client, url = client_of(bo), f"sessions/{waiting.session_id}/"
    body = client.get(url).json()
    assert (body["escalated_to_id"], body["escalation_reason"]) == (None, waiting.notes)
    assert body["escalation_package"]["engineer_notes"] == waiting.notes
    assert body["escalation_package"]["snapshot"]["step_count"] == 3
    assert body["open_handoff"]["priority"] == "high"
    waiting.claim(bo)
    assert client.get(url).json()["escalated_to_id"] == bo.pk
    client.post(f"{url}park/", wake="none")
    body = client.get(url).json()
    assert body["escalated_to_id"] == bo.pk  # of the newest escalation
    assert body["escalation_package"]["intent"] == "park"  # of the newest handoff


def test_its_events_in_order(waiting, bo) -> None:
    answer = client_of(bo).get(f"sessions/{waiting.session_id}/events/", {"limit": 2}).json()
    assert [event["kind"] for event in answer["results"]] == ["session.opened", "step.added"]
    rest = client_of(bo).get(answer["next"]).json()
    assert [event["kind"] for event in rest["results"]] == ["step.added", "step.added"]


def test_lists_ask_a_constant_number_of_queries(waiting, ana, bo, django_assert_max_num_queries) -> None:
    client = client_of(bo)
    client.get("me/")
    for _ in range(2):
        for number in range(4):
            Session.open(ana, problem_summary=f"Problem {number}")
        with django_assert_max_num_queries(5):
            client.get("sessions/")
        with django_assert_max_num_queries(11):
            client.get(f"sessions/{waiting.session_id}/")
        for number in range(20):
            waiting.session.add_step(ana, text=f"Step {number}")


# the ticket system


def connect(olga, name: str) -> PsaConnection:
    return PsaConnection.connect(
        olga, kind="request_tracker", name=name, base_url=f"https://{name}.example", credentials={}
    )


def test_the_only_ticket_system_need_not_be_said(ana, olga, eve) -> None:
    client = client_of(ana)
    theirs = connect(eve, "theirs")

    def opened(**fields: object) -> int | None:
        answer = client.post("sessions/", problem_summary="Offline", psa_ticket_id="4711", **fields)
        assert answer.status_code == 201, answer.content
        found: int | None = answer.json()["psa_connection"]
        return found

    assert opened() is None
    ours = connect(olga, "ours")
    assert (opened(), opened(psa_connection=None), opened(psa_connection=ours.pk)) == (ours.pk, None, ours.pk)
    assert client.post("sessions/", problem_summary="x", psa_connection=theirs.pk).status_code == 400
    other = connect(olga, "other")
    assert (opened(), opened(psa_connection=other.pk)) == (None, other.pk)
    ours.change(olga, name="ours", base_url="https://ours.example", credentials={}, is_active=False)
    assert opened() == other.pk


def test_a_ticket_number_that_comes_later_is_of_the_only_ticket_system(ana, olga, session) -> None:
    ours = connect(olga, "ours")
    path, client = f"sessions/{session.pk}/", client_of(ana)
    assert client.patch(path, client_name="Acme").json()["psa_connection"] is None
    assert client.patch(path, psa_ticket_id="4711").json()["psa_connection"] == ours.pk
    assert client.patch(path, psa_connection=None).json()["psa_connection"] is None
