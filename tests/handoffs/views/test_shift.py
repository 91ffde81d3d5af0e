"""The end of a shift: everything one holds goes somewhere in one go, and only then it ends."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from handoffs.models import Handoff
from notifications import sweep
from notifications.relay import relay
from resolutionflow.accounts.models import Account, Event, User
from resolutionflow.core import clock
from sessions_app.models import Session
from tests.api_client import client_of
from tests.conftest import person
from tests.handoffs.test_races import at_once

pytestmark = pytest.mark.django_db


def wish(session: Session, do: str, **fields: Any) -> dict[str, Any]:
    """What the page sends about one thing."""
    sent = {f"s{session.pk}-{do}-{name}": value for name, value in fields.items()}
    return {"session": [session.pk], f"s{session.pk}-do": do, **sent}


def escalated(session: Session, **fields: Any) -> dict[str, Any]:
    return wish(session, "escalate", **{"notes": "My shift ends.", "priority": "2", **fields})


def send(user: User, *wishes: dict[str, Any], end: str = "yes") -> Any:
    body: dict[str, Any] = {"end": end, "session": []}
    for one in wishes:
        body = {**body, **one, "session": body["session"] + one["session"]}
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client.post("/shift/end/", body)


def said(answer: Any) -> dict[str, str]:
    return {result.item.session.problem_summary: result.said for result in answer.context["end"].results}


def page(user: User) -> str:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    answer = client.get("/shift/")
    assert answer.status_code == 200
    return answer.content.decode()


def is_off(user: User) -> bool:
    return User.objects.get(pk=user.pk).is_off_shift


@pytest.fixture
def own(bo) -> Session:
    """Bo's own work, beside what he claimed of Ana's."""
    session = Session.open(bo, problem_summary="Printer queue stuck")
    session.add_step(bo, text="Cleared the spooler", outcome="failed")
    return session


def test_everything_is_there_with_its_brief(claimed, own, bo):
    html = page(bo)
    assert html.index("VPN drops") < html.index("Printer queue stuck"), "claims come first"
    assert "Restarted the VPN service" in html
    assert html.count("My shift ends.") == 1
    assert "Cleared the spooler" in html
    assert html.count('value="release"') == 1, "only a claim can be released"


def test_who_is_affected_is_asked_once_where_it_presses(own, bo):
    answer = send(bo, escalated(own, priority="0"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Who is affected, and what can they not do?" in html
    assert f'<input type="hidden" name="s{own.pk}-escalate-asked" value="on">' in html
    assert send(bo, escalated(own, priority="0", asked="on")).status_code == 200
    assert own.handoffs.get().priority == 0


def test_one_go(claimed, own, bo, cy, ana):
    other = Session.open(bo, problem_summary="Waits for a part")
    answer = send(
        bo,
        wish(claimed.session, "release", reason="See my steps"),
        escalated(own, target=f"user-{cy.pk}", priority="1", notes="Nearly done", affected="One printer"),
        wish(other, "park", wake="next_business_day", notes="ring the vendor"),
    )
    assert answer.status_code == 200
    assert said(answer)["Printer queue stuck"] == "escalated to Cy Tester"
    claimed.refresh_from_db()
    assert claimed.is_open
    given = own.handoffs.get()
    assert (given.target_user, given.priority, given.notes) == (cy, 1, "Nearly done")
    park = other.handoffs.get()
    assert (park.notes, park.wake_at > timezone.now()) == ("ring the vendor", True)
    assert is_off(bo)
    assert "You are off shift since" in answer.content.decode()


def test_nothing_is_preselected_that_would_not_be_done(claimed, own, bo):
    claim, mine = (choices(page(bo), one) for one in (claimed.session, own))
    assert claim == [("transfer", False), ("park", False), ("release", False)]
    assert mine == [("escalate", False), ("park", False), ("keep", True)]


def choices(html: str, session: Session) -> list[tuple[str, bool]]:
    """What is offered for this one, and whether it is chosen already."""
    radios = re.findall(rf'<input type="radio" name="s{session.pk}-do" value="(\w+)"([^>]*)>', html)
    return [(word, "checked" in rest) for word, rest in radios]


def test_a_claim_needs_a_choice_before_the_shift_ends(claimed, own, bo):
    unchosen = {"session": [claimed.session.pk]}
    answer = send(bo, unchosen, wish(own, "park", wake="none"))
    assert answer.status_code == 422
    assert "Choose what happens with it: your shift ends with this." in answer.content.decode()
    assert not own.handoffs.exists(), "nothing was done yet"
    assert not is_off(bo)
    answer = send(bo, unchosen, wish(own, "park", wake="none"), end="no")
    assert answer.status_code == 200
    claimed.refresh_from_db()
    assert (claimed.claimed_by, own.handoffs.get().intent) == (bo, "park")


def test_what_has_become_a_claim_meanwhile_is_asked_for_again(claimed, bo):
    answer = send(bo, wish(claimed.session, "keep"))
    assert answer.status_code == 422
    assert "Choose what happens with it: your shift ends with this." in answer.content.decode()
    claimed.refresh_from_db()
    assert (claimed.claimed_by, is_off(bo)) == (bo, False)


def test_a_claim_is_transferred(claimed, bo, cy, ana):
    assert f'<option value="{cy.pk}">Cy Tester' in page(bo)
    answer = send(bo, wish(claimed.session, "transfer", to=cy.pk, reason="You know the tunnel"))
    assert set(said(answer).values()) == {"transferred to Cy Tester"}
    claimed.refresh_from_db()
    assert claimed.claimed_by == cy
    assert is_off(bo)
    again = send(bo, wish(claimed.session, "transfer", to=cy.pk))
    assert set(said(again).values()) == {"done already"}


def test_without_the_end(own, bo):
    answer = send(bo, wish(own, "park", wake="none"), end="no")
    assert own.handoffs.get().is_open
    assert not answer.context["end"].ended
    assert not is_off(bo)


def test_what_somebody_took_over_is_refused_and_keeps_the_shift_going(claimed, own, bo, lea):
    claimed.take_over(lea, reason="urgent")
    answer = send(bo, escalated(claimed.session, notes="All I know about the tunnel"), wish(own, "park", wake="none"))
    assert said(answer)["VPN drops every ten minutes for two users"] == "Lea Tester has it now."
    assert own.handoffs.get().is_open
    html = answer.content.decode()
    assert "to copy" in html
    assert "All I know about the tunnel" in html
    assert "Your shift goes on" in html
    assert not is_off(bo)
    claimed.refresh_from_db()
    assert claimed.claimed_by == lea


def test_a_lead_passes_on_only_what_they_hold(session, ana, bo, lea):
    waiting = Handoff.escalate(session, ana, notes="x")
    waiting.claim(lea)
    waiting.transfer(lea, to=bo)
    answer = send(lea, escalated(session), wish(session, "park", wake="none"))
    assert "Bo Tester has it now." in said(answer).values()
    waiting.refresh_from_db()
    assert waiting.claimed_by == bo


def test_what_is_still_mine_and_was_refused_is_there_again_as_typed(own, bo, ana):
    viewer = person(bo.account, "Nils")
    page(bo)
    wishes = escalated(own, target=f"user-{viewer.pk}", notes="Long thought about")
    User.objects.filter(pk=viewer.pk).update(role="viewer")
    answer = send(bo, wishes)
    assert answer.status_code == 422
    assert "Long thought about" in answer.content.decode()
    assert not own.handoffs.exists()


def test_two_clicks_are_one(claimed, own, bo):
    wishes = escalated(own), wish(claimed.session, "release")
    send(bo, *wishes)
    again = send(bo, *wishes)
    assert set(said(again).values()) == {"done already"}
    assert own.handoffs.count() == 1
    assert Event.objects.filter(kind="member.changed").count() == 1
    assert is_off(bo)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_are_one(own, bo):
    answers = at_once([lambda: send(bo, escalated(own))] * 4)
    assert [answer.status_code for answer in answers] == [200] * 4
    assert own.handoffs.count() == 1
    assert Event.objects.filter(kind="member.changed").count() == 1


def test_nothing_that_came_meanwhile_is_dropped_unseen(claimed, own, bo):
    answer = send(bo, escalated(own))
    assert "one more came to you meanwhile" in answer.content.decode()
    assert not is_off(bo)
    assert not own.handoffs.get().is_closed


def test_a_shift_that_an_admin_ends_gives_back_claims_by_the_relay(claimed, own, bo, adam):
    bo.go_off_shift(by=adam)
    relay(Event.objects.get(kind="member.changed").pk)
    claimed.refresh_from_db()
    own.refresh_from_db()
    assert claimed.is_open
    assert (own.status, own.assignee) == ("active", bo)
    assert Event.objects.get(kind="handoff.released").facts["reason"] == "Bo Tester went off shift."


def test_what_the_relay_never_got_to_the_sweep_finds(claimed, bo, adam):
    bo.go_off_shift(by=adam)
    Event.objects.filter(kind="member.changed").update(relayed_at=timezone.now())
    sweep.sweep(sweep.do_it)
    claimed.refresh_from_db()
    assert claimed.is_open


def test_coming_back_keeps_what_is_claimed_from_then_on(waiting, bo):
    send(bo)
    assert is_off(bo)
    client = Client()
    client.force_login(bo)
    assert client.post("/shift/start/").status_code == 302
    assert not is_off(bo)
    waiting.claim(User.objects.get(pk=bo.pk))
    sweep.sweep(sweep.do_it)
    waiting.refresh_from_db()
    assert waiting.is_claimed
    assert "off shift since" not in page(bo)


def test_who_claims_while_off_shift_is_not_told_that_it_goes_back(waiting, bo):
    send(bo)
    waiting.claim(User.objects.get(pk=bo.pk))
    html = page(bo)
    assert "end shift" not in html
    assert "A claim you leave as it is goes back to the queue when its time runs out." in html
    sweep.sweep(sweep.do_it)
    waiting.refresh_from_db()
    assert waiting.is_claimed


WRONG = [
    {"do": "escalate", "notes": " ", "priority": "2"},
    {"do": "escalate", "notes": "x" * 20_001, "priority": "2"},
    {"do": "escalate", "notes": "x", "priority": "9"},
    {"do": "escalate", "notes": "x", "priority": "2", "target": "user-999999"},
    {"do": "park"},
    {"do": "park", "wake": "at"},
    {"do": "park", "wake": "at", "wake_at": "2020-01-01T10:00"},
    {"do": "park", "wake": "at", "wake_at": "x"},
    {"do": "away"},
    {"do": ""},
]


@pytest.mark.parametrize("typed", WRONG, ids=str)
def test_what_is_not_right_comes_back_and_nothing_is_done(claimed, own, bo, typed):
    do = typed["do"]
    fields = {name: value for name, value in typed.items() if name != "do"}
    answer = send(bo, wish(own, do, **fields), wish(claimed.session, "release"))
    assert answer.status_code == 422
    assert "Nothing was done yet" in answer.content.decode()
    assert escape(fields.get("notes", "").strip()) in answer.content.decode()
    claimed.refresh_from_db()
    assert claimed.is_claimed
    assert not is_off(bo)


def test_an_hour_that_the_clocks_skip_is_no_time(own, bo):
    Account.objects.update(time_zone="Europe/Oslo")
    answer = send(bo, wish(own, "park", wake="at", wake_at="2027-03-28T02:30"))
    assert answer.status_code == 422
    assert not own.handoffs.exists()


def test_too_far_away_is_a_refusal_at_its_place(own, bo):
    answer = send(bo, wish(own, "park", wake="at", wake_at="2099-01-01T10:00", notes="when I am old"))
    assert said(answer) == {"Printer queue stuck": "Choose a time within five years."}
    html = answer.content.decode()
    assert "when I am old" in html
    assert 'value="2099-01-01T10:00"' in html
    assert not is_off(bo)


@pytest.mark.parametrize("pks", [["x"], ["9" * 40], ["-1"], ["0"], ["999999"], [""]])
def test_sessions_that_are_none_are_passed_over(bo, pks):
    assert send(bo, {"session": pks}, end="no").status_code == 200


def test_another_accounts_session_is_as_none(eve, bo):
    theirs = Session.open(eve, problem_summary="Theirs")
    answer = send(bo, escalated(theirs), end="no")
    assert answer.context["end"].results == []
    assert not theirs.handoffs.exists()


def test_viewers_have_no_shift(vic):
    client = Client()
    client.force_login(vic)
    assert client.get("/shift/").status_code == 403
    assert [client.post(f"/shift/{name}/").status_code for name in ("end", "start")] == [403, 403]
    assert "End of shift" not in client.get("/").content.decode()


def test_colleagues_see_who_is_off_shift(session, ana, bo, olga):
    moment = timezone.now() - timedelta(hours=1)
    with clock.replayed_at(moment):
        bo.go_off_shift()
    client = Client()
    client.force_login(ana)
    assert "Bo Tester (off shift)" in client.get(f"/sessions/{session.pk}/escalate/").content.decode()
    assert ">off shift<" in client.get("/settings/members/").content.decode()
    members = {one["name"]: one["off_shift_since"] for one in client_of(ana).get("members/").json()["results"]}
    assert datetime.fromisoformat(members["Bo Tester"]) == moment
    assert members["Ana Tester"] is None
    assert client_of(bo).get("me/").json()["off_shift_since"] is not None


def test_queries_do_not_grow_with_what_is_held(bo, ana):
    def more() -> None:
        mine = Session.open(bo, problem_summary="mine")
        mine.add_step(bo, text="tried", branch=mine.add_branch(bo, label="Perhaps"))
        Handoff.park(Session.open(bo, problem_summary="later"), bo)
        Handoff.escalate(Session.open(ana, problem_summary="taken"), ana, notes="Help").claim(bo)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(bo)
        return len(queries)

    more()
    page(bo)
    few = asked()
    for _number in range(5):
        more()
    assert asked() == few
