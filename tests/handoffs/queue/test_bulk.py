"""A verb on several cards at once: a line about each, and nothing said of what is not one's own."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from handoffs.forms.bulk import MOST
from handoffs.models import Handoff
from resolutionflow.accounts.models import Event, User
from sessions_app.models import Session

pytestmark = pytest.mark.django_db


def escalated(sender: User, problem: str, **fields: Any) -> Handoff:
    return Handoff.escalate(Session.open(sender, problem_summary=problem), sender, notes="Please help", **fields)


def taken(sender: User, claimer: User, problem: str) -> Handoff:
    handoff = escalated(sender, problem)
    handoff.claim(claimer)
    return handoff


def send(user: User, handoffs: list[Any], **fields: Any) -> HttpResponse:
    client = Client()
    client.force_login(user)
    pks = [getattr(one, "pk", one) for one in handoffs]
    answer: Any = client.post("/queue/bulk/", {"pk": pks, **fields}, headers={"HX-Request": "true"})
    return answer


def lines(answer: HttpResponse) -> list[str]:
    """What the answer says, as a person reads it: the sum first, then what was refused, then what was done."""
    text = answer.content.decode().replace("</strong>", "")
    said = [part.split("</span>")[0].split("</p>")[0] for part in re.split("<strong[^>]*>", text)[1:]]
    return [" ".join(line.split()) for line in said]


def test_priority_of_several(ana, lea) -> None:
    chosen = [escalated(ana, "VPN drops"), escalated(ana, "Printer jams")]
    answer = send(lea, chosen, do="priority", priority="1")
    assert lines(answer) == ["2 changed", "VPN drops: priority set to High", "Printer jams: priority set to High"]
    assert set(Handoff.objects.values_list("priority", flat=True)) == {1}


def test_one_refusal_stops_nobody_else(ana, bo, cy) -> None:
    mine, theirs, waits = taken(ana, bo, "Mine"), taken(ana, cy, "Theirs"), escalated(ana, "Waits")
    answer = send(bo, [mine, theirs, waits], do="park", wake="none")
    assert (answer.status_code, lines(answer)) == (
        200,
        [
            "1 changed, 2 skipped",
            "Theirs: Only the person who works on it or a lead can do this.",
            "Waits: This is waiting in the queue.",
            "Mine: parked, with no time set",
        ],
    )
    assert f'data-done="{mine.pk} "' in answer.content.decode()
    assert Session.objects.filter(status="paused").get().problem_summary == "Mine"


def test_each_is_its_own_event_and_nothing_more(ana, bo, cy) -> None:
    chosen = [taken(ana, bo, f"No. {number}") for number in range(3)]
    before = Event.objects.count()
    send(bo, chosen, do="transfer", to=cy.pk)
    new = Event.objects.order_by("seq")[before:]
    assert [(event.kind, event.actor, event.origin) for event in new] == [("handoff.transferred", bo, "web")] * 3
    assert {event.handoff_id for event in new} == {one.pk for one in chosen}


def test_parked_until_the_next_business_day_or_a_time(ana, bo) -> None:
    first, second = taken(ana, bo, "First"), taken(ana, bo, "Second")
    send(bo, [first], do="park", wake="next_business_day")
    time = (timezone.now() + timedelta(days=3)).replace(second=0, microsecond=0)
    send(bo, [second], do="park", wake="at", wake_at=f"{time:%Y-%m-%dT%H:%M}")
    wakes = dict(Handoff.objects.parked().values_list("session__problem_summary", "wake_at"))
    assert wakes == {"First": ana.account.next_business_day(timezone.now()), "Second": time}


def test_a_card_that_is_over_does_not_park_the_work_it_came_back_to(ana, bo, lea) -> None:
    """A stale tick: Bo has returned it, Ana works on it again, and a lead may park anybody's work."""
    handoff = taken(ana, bo, "VPN drops")
    handoff.return_(bo, reason="Try the router first")
    assert "This handoff is closed: returned." in send(lea, [handoff], do="park", wake="none").content.decode()
    handoff.session.refresh_from_db()
    assert handoff.session.status == "active"


def test_the_same_form_twice_changes_once(ana, bo, cy) -> None:
    handoff = taken(ana, bo, "VPN drops")
    for _time in range(2):
        answer = send(bo, [handoff, handoff], do="transfer", to=cy.pk)
    assert lines(answer) == [
        "0 changed, 1 skipped",
        "VPN drops: Only the person who claimed it or a lead can transfer it.",
    ]
    assert Event.objects.filter(kind="handoff.transferred").count() == 1


def test_what_is_not_ones_own_is_not_found(ana, lea, eve, elsewhere) -> None:
    theirs = escalated(eve, "Secret")
    answer = send(lea, [theirs, 10**17, "9" * 40, "x", "٣", ""], do="priority", priority="0")
    assert lines(answer) == ["0 changed, 6 not found"]
    theirs.refresh_from_db()
    assert theirs.priority == 2


def test_at_most_a_hundred(ana, lea) -> None:
    handoff = escalated(ana, "VPN drops")
    answer = send(lea, [handoff, *range(10**6, 10**6 + MOST)], do="priority", priority="0")
    assert answer.status_code == 422
    assert "These are 101 cards. Choose at most 100 at once." in answer.content.decode()
    handoff.refresh_from_db()
    assert handoff.priority == 2


WRONG = [
    ({"do": "priority"}, "Choose a priority."),
    ({"do": "priority", "priority": "9"}, "is not one of the available choices"),
    ({"do": "transfer"}, "Choose who gets them."),
    ({"do": "transfer", "to": "0"}, "Choose an active engineer."),
    ({"do": "park"}, "Choose when they come back."),
    ({"do": "park", "wake": "at"}, "Choose when they come back."),
    ({"do": "park", "wake": "at", "wake_at": "2020-01-01T10:00"}, "This time has passed."),
    ({"do": "delete"}, "Choose what to do."),
    ({}, "Choose what to do with them."),
]


@pytest.mark.parametrize(("fields", "said"), WRONG)
def test_a_wrong_form_changes_nothing_and_says_why(fields, said, ana, bo) -> None:
    handoff = taken(ana, bo, "VPN drops")
    answer = send(bo, [handoff], **fields)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert Event.objects.latest("seq").kind == "handoff.claimed"


def test_the_fields_of_the_other_verbs_are_not_looked_at(ana, lea) -> None:
    answer = send(lea, [escalated(ana, "x")], do="priority", priority="0", to="nobody", wake="?", wake_at="never")
    assert answer.status_code == 200


def test_nothing_chosen(bo) -> None:
    assert "Choose at least one card." in send(bo, [], do="priority", priority="0").content.decode()


def test_nobody_of_another_account_gets_them(ana, bo, eve) -> None:
    assert send(bo, [taken(ana, bo, "VPN drops")], do="transfer", to=eve.pk).status_code == 422


def test_a_viewer_may_not(ana, vic) -> None:
    assert send(vic, [escalated(ana, "x")], do="priority", priority="0").status_code == 403


def test_without_javascript_it_is_a_page_where_the_refused_can_be_tried_again(client, ana, bo, cy) -> None:
    mine, theirs = taken(ana, bo, "Mine"), taken(ana, cy, "Theirs")
    client.force_login(bo)
    body = {"pk": [mine.pk, theirs.pk], "lane": "claimed", "do": "park", "wake": "none"}
    came_from = "http://testserver/queue/?lane=claimed&sort=client"
    page = client.post("/queue/bulk/", body, headers={"Referer": came_from}).content.decode()
    assert "Mine</strong>: parked" in page
    assert f'name="pk" value="{theirs.pk}" form="bulk" checked' in page
    assert f'name="pk" value="{mine.pk}"' not in page
    assert 'href="/queue/?lane=claimed&amp;sort=client"' in page


def test_the_bar_offers_what_the_lane_has(client, waiting, bo, vic) -> None:
    def bar(user: User, lane: str) -> list[bool]:
        client.force_login(user)
        html = client.get("/queue/", {"lane": lane}).content.decode()
        return [f'name="do" value="{verb}"' in html for verb in ("priority", "transfer", "park")]

    assert bar(bo, "waiting") == [True, False, False]
    assert bar(bo, "claimed") == [True, True, True]
    assert bar(bo, "parked") == [False, False, False]
    assert bar(vic, "waiting") == [False, False, False]


def test_what_a_verb_needs_is_not_called_optional_nor_asked_of_the_other_verbs(client, bo) -> None:
    client.force_login(bo)
    form = client.get("/queue/?lane=claimed").content.decode().split('id="bulk"')[1].split("</form>")[0]
    for name in ("priority", "to", "wake"):
        label = form.split(f'for="bulk_{name}"')[1].split("</label>")[0]
        assert "optional" not in label
    assert " required" not in form
