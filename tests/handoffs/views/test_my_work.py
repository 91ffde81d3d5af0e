"""My work: everything I hold, and what became of what I escalated."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from handoffs.models import Handoff
from resolutionflow.core import clock
from sessions_app.models import Session, Visit

pytestmark = pytest.mark.django_db


def page(client, user) -> str:
    client.force_login(user)
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def section(html: str, name: str) -> str:
    return html.split(f'id="{name}-heading"')[1].split("</section>")[0]


def test_what_i_work_on(client, session, ana, bo):
    assert "VPN drops" in section(page(client, ana), "working")
    assert "VPN drops" not in page(client, bo)


def test_what_i_claimed_stands_apart(client, claimed, bo, ana):
    html = page(client, bo)
    assert "VPN drops" in section(html, "claimed")
    assert "working-heading" not in html


def test_what_i_parked_with_its_time(client, session, ana):
    parked = Handoff.park(session, ana, wake_at=timezone.now() + timedelta(days=1))
    assert "in 23 h" in section(page(client, ana), "parked")
    Handoff.objects.filter(pk=parked.pk).update(wake_at=timezone.now() - timedelta(minutes=5))
    assert "due" in section(page(client, ana), "parked")


def test_what_became_of_what_i_handed_over(client, waiting, session, ana, bo):
    assert "waiting" in section(page(client, ana), "sent")
    waiting.claim(bo)
    assert "Bo has it" in section(page(client, ana), "sent")
    session.refresh_from_db()
    session.resolve(bo, resolution="Lowered the MTU to 1400")
    sent = section(page(client, ana), "sent")
    assert "resolved" in sent
    assert "Fixed by: <bdi>Lowered the MTU to 1400" in sent
    assert "Root cause" not in sent


def test_how_long_it_waits_for_whom_and_who_has_seen_it(client, session, ana, bo, cy):
    waiting = Handoff.escalate(session, ana, notes="Bo, please", target_user=bo)
    sent = section(page(client, ana), "sent")
    assert "for Bo Tester" in sent
    assert "Nobody else has opened it yet" in sent
    for user in (bo, cy):
        client.force_login(user)
        client.get(waiting.get_absolute_url())
    sent = section(page(client, ana), "sent")
    assert "Seen by" in sent
    assert "Cy Tester" in sent
    assert "Bo Tester" in sent.split("Seen by")[1]


def test_what_waits_says_whom_it_stops_and_until_when(client, session, ana):
    session.change(ana, due_at=timezone.now() + timedelta(hours=2))
    Handoff.escalate(session, ana, notes="Stuck", affected="Two users cannot work")
    client.force_login(ana)
    sent = client.get("/").content.decode().partition('id="sent-')[2]
    assert "Two users cannot work" in sent
    assert "Due <time" in sent


def test_who_looked_before_it_was_handed_over_has_not_seen_it(client, session, ana, bo):
    with clock.replayed_at(timezone.now() - timedelta(hours=1)):
        Visit.note(session, bo)
    Handoff.escalate(session, ana, notes="stuck")
    assert "Nobody else has opened it yet" in section(page(client, ana), "sent")


def test_the_first_move_of_who_claimed_it(client, claimed, ana, bo):
    claimed.leave_read_back(bo, text="First the tunnel's MTU")
    sent = section(page(client, ana), "sent")
    assert "Bo's next step:" in sent
    assert "First the tunnel&#x27;s MTU" in sent


def test_what_went_back_to_the_queue_says_why(client, claimed, ana, bo):
    claimed.release(bo, reason="I am off to the dentist")
    sent = section(page(client, ana), "sent")
    assert "back in the queue" in sent
    assert "Bo released it" in sent
    assert "I am off to the dentist" in sent


def test_what_ran_out_came_back_by_itself(client, claimed, ana):
    with clock.replayed_at(claimed.lease_until + timedelta(minutes=1)):
        claimed.expire()
    sent = section(page(client, ana), "sent")
    assert "It came back by itself" in sent
    assert "ran out" in sent


def test_what_was_claimed_again_no_longer_says_why_it_came_back(client, claimed, ana, bo, cy):
    claimed.release(bo, reason="dentist")
    claimed.claim(cy)
    sent = section(page(client, ana), "sent")
    assert "Cy has it" in sent
    assert "dentist" not in sent


def test_my_claim_says_how_long_it_is_mine(client, claimed, bo):
    assert "Yours until" in section(page(client, bo), "claimed")
    with clock.replayed_at(claimed.remind_at):
        html = page(client, bo)
    assert "Running out" in section(html, "claimed")
    answer = client.post(f"/handoffs/{claimed.pk}/extend/", {"page": "home"})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_what_others_did_to_my_park(client, session, ana, bo):
    session.add_step(bo, text="before it was parked")
    Handoff.park(session, ana)
    assert "news" not in section(page(client, ana), "parked")
    session.add_step(bo, text="looked at the router", outcome="failed")
    session.add_message(bo, content="It is the router")
    session.add_step(ana, text="mine is no news")
    parked = section(page(client, ana), "parked")
    assert "2 changes since" in parked
    assert "Bo Tester" in parked.split("news")[1]


def test_what_was_returned_is_mine_and_stands_there_alone(client, claimed, session, ana, bo):
    claimed.return_(bo, reason="Restart the router first")
    html = page(client, ana)
    assert html.count("VPN drops") == 1
    assert "Bo returned it:</strong> <bdi>Restart the router first" in section(html, "working")
    session.refresh_from_db()
    again = Handoff.escalate(session, ana, notes="It did not help")
    assert section(page(client, ana), "sent").count("VPN drops") == 1
    again.withdraw(ana)
    assert "returned it" not in page(client, ana), "it is here for another reason now"


def test_what_a_colleague_gave_me_and_was_returned_to_them_is_still_told(client, session, ana, bo, lea):
    waiting = Handoff.escalate(session, lea, notes="Ana is ill")
    waiting.claim(bo)
    waiting.return_(bo, reason="Ana is back")
    assert "Bo returned it:</strong> <bdi>Ana is back" in section(page(client, lea), "sent")
    assert "Bo returned it:</strong> <bdi>Ana is back" in section(page(client, ana), "working")


def test_what_a_colleague_parked_or_handed_on_stays_until_it_is_fixed(client, claimed, session, ana, bo, cy):
    session.refresh_from_db()
    Handoff.park(session, bo)
    assert "by Bo" in section(page(client, ana), "sent").split("parked")[1]
    session.resume(bo)
    assert "Bo has it" in section(page(client, ana), "sent")
    passed_on = Handoff.escalate(session, bo, notes="Nor do I know")
    assert "escalated again" in section(page(client, ana), "sent")
    passed_on.claim(cy)
    assert "Cy has it" in section(page(client, ana), "sent")
    session.refresh_from_db()
    session.resolve(cy, resolution="Lowered the MTU")
    sent = section(page(client, ana), "sent")
    assert "Fixed by: <bdi>Lowered the MTU" in sent
    assert sent.count("VPN drops") == 1


def test_what_i_have_again_or_handed_over_again_is_there_once(client, claimed, session, ana, bo):
    session.refresh_from_db()
    Handoff.escalate(session, bo, notes="Nor do I know").claim(ana)
    assert "VPN drops" not in section(page(client, ana), "sent")
    session.refresh_from_db()
    Handoff.escalate(session, ana, notes="Once more")
    assert section(page(client, ana), "sent").count("VPN drops") == 1


def test_what_i_withdrew_is_gone(client, waiting, ana):
    waiting.withdraw(ana)
    assert "VPN drops" not in section(page(client, ana), "sent")


def test_leads_see_what_is_nobodys(client, session, ana, bo, lea, adam):
    ana.deactivate(by=adam)
    assert "Ana Tester is deactivated" in section(page(client, lea), "nobodys")
    assert "nobodys-heading" not in page(client, bo)


def test_empty_lists_say_what_to_do(client, bo):
    html = page(client, bo)
    assert "Nothing assigned to you" in html
    assert "Nothing parked" in html
    assert "Nothing escalated" in html


def test_nobody_is_told_to_do_what_a_viewer_cannot(client, vic):
    html = page(client, vic)
    assert "Nothing escalated." in html
    assert not any(word in html for word in ("take a card", "Park the session", "escalate it"))


def test_a_brief_is_read_when_it_is_opened(client, waiting, session, ana, bo):
    waiting.change(ana, next_step="Lower the MTU")
    waiting.claim(bo)
    mine = Session.open(bo, problem_summary="Mine")
    mine.add_step(bo, text="Pulled the plug", outcome="failed")
    html = page(client, bo)
    assert "Restarted the VPN service" not in html
    assert "Pulled the plug" not in html
    assert "next: Lower the MTU" in section(html, "claimed")
    for one, said in ((session, ("Restarted the VPN service", "I am stuck")), (mine, ("Pulled the plug",))):
        address = f"/sessions/{one.pk}/brief/"
        assert f'hx-get="{address}"' in html
        opened = client.get(address).content.decode()
        assert all(text in opened for text in said)


def test_queries_do_not_grow_with_rows(client, ana, bo):
    def more() -> None:
        Session.open(bo, problem_summary="mine").add_step(bo, text="tried", outcome="failed")
        later, sent = Session.open(bo, problem_summary="later"), Session.open(bo, problem_summary="sent")
        Handoff.park(later, bo)
        later.add_step(ana, text="tried")
        Handoff.escalate(sent, bo, notes="Help")
        Visit.note(sent, ana)
        given = Handoff.escalate(Session.open(bo, problem_summary="back"), bo, notes="Help")
        given.claim(ana)
        given.release(ana, reason="no")
        Handoff.escalate(Session.open(ana, problem_summary="taken"), ana, notes="Help").claim(bo)

    more()
    page(client, bo)
    few = _queries(client)
    for _number in range(5):
        more()
    assert _queries(client) == few


def _queries(client) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/").status_code == 200
    return len(queries)
