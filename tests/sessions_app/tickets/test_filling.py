"""What a session takes from its ticket, and how it follows it."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest

from handoffs.models import Handoff
from resolutionflow.accounts.models import Event
from resolutionflow.core.refusals import Invalid, NotAllowed, WrongState
from sessions_app.models import PsaConnection, Session, TicketCopy
from tests.fakes.connectwise import CREDENTIALS, TICKET
from tests.sessions_app.tickets.conftest import later, opened, read_anew, work


def kinds(session: Session) -> list[str]:
    return list(Event.objects.filter(session_id=session.pk).order_by("seq").values_list("kind", flat=True))


def newest(session: Session) -> Event:
    return Event.objects.filter(session_id=session.pk).latest("seq")


def test_a_session_opens_at_once_and_is_filled_in_by_a_worker(connected, fake, ana):
    session = Session.open(ana, problem_summary="Ticket 5001", psa_ticket_id="#5001", intake="ticket")
    assert (session.psa_ticket_id, session.ticket_state, fake.requests) == ("5001", "unchecked", [])
    work()
    session = Session.objects.get()
    assert session.problem_summary == "VPN drops"
    assert session.client_name == "Lighthouse Dental"
    assert session.asset_name == "LH-LAPTOP-07"
    assert "Mia Holm" in session.contact
    assert "mia@lighthouse.example" in session.contact
    assert session.due_at == datetime(2026, 12, 1, 16, tzinfo=UTC)
    assert session.ticket_state == "found"
    assert {name for name, mark in session.from_ticket.items() if mark} >= {
        "problem_summary",
        "client_name",
        "asset_name",
        "contact",
        "due_at",
    }
    assert kinds(session) == ["session.opened", "ticket.linked"]
    assert newest(session).facts["after"]["client_name"] == "Lighthouse Dental"


def test_what_somebody_typed_is_kept(connected, ana):
    session = opened(ana, client_name="Lighthouse", problem_domain="network")
    assert (session.client_name, session.asset_name) == ("Lighthouse", "LH-LAPTOP-07")
    assert not session.from_ticket.get("client_name")
    mine = Session.open(ana, problem_summary="Nobody gets in", psa_ticket_id="5001")
    assert (mine.problem_summary, mine.client_name) == ("Nobody gets in", "Lighthouse Dental")


def test_a_ticket_that_is_known_fills_in_at_once_and_is_not_read_again(linked, fake, ana):
    asked = len(fake.requests)
    second = Session.open(ana, problem_summary="Ticket 5001", psa_ticket_id="5001", intake="ticket")
    work()
    assert (second.problem_summary, second.ticket_state, len(fake.requests)) == ("VPN drops", "found", asked)


def test_the_text_of_the_ticket_is_that_of_a_session_that_began_with_it(connected, fake, ana):
    note = {"text": "Since Monday\n  nobody gets in", "detailDescriptionFlag": True, "internalAnalysisFlag": False}
    fake.store(note, TICKET)
    assert opened(ana).intake_text == "Since Monday\n  nobody gets in"
    free = Session.open(ana, problem_summary="x", psa_ticket_id="5001")
    assert free.intake_text == ""


def test_what_is_the_tickets_follows_it_and_what_was_corrected_does_not(linked, fake, ana):
    linked.change(ana, client_name="Lighthouse")
    assert linked.from_ticket["client_name"] is False
    fake.named("5001").update(summary="VPN and mail drop", company={"id": 1, "identifier": "L", "name": "Other"})
    session = read_anew(linked)
    assert (session.problem_summary, session.client_name) == ("VPN and mail drop", "Lighthouse")
    event = newest(session)
    assert event.kind == "ticket.changed"
    assert event.facts["before"] == {"problem_summary": "VPN drops"}


def test_read_again_without_news_it_leaves_no_event(linked):
    before = kinds(linked)
    assert kinds(read_anew(linked)) == before


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        (
            {"closedFlag": True, "status": {"id": 507, "name": "Completed"}},
            {"ticket_closed": True, "ticket_status": "Completed"},
        ),
        ({"mergedParentTicket": {"id": 5002, "summary": "All of it"}}, {"merged_into": "5002"}),
    ],
)
def test_closed_or_merged_over_there_is_said(linked, fake, as_user, ana, change, fact):
    fake.named("5001").update(change)
    session = read_anew(linked)
    assert newest(session).kind == "ticket.changed"
    assert fact.items() <= newest(session).facts.items()
    page = as_user(ana).get(session.get_absolute_url()).content.decode()
    assert "closed there" in page or "merged into 5002" in page


def test_a_number_that_is_not_there_is_said_and_no_longer_taken(connected, ana, as_user):
    session = opened(ana, "5999")
    assert (session.ticket_state, newest(session).facts) == ("missing", {"ticket": "5999", "missing": True})
    assert "has no ticket 5999" in as_user(ana).get(session.get_absolute_url()).content.decode()
    with pytest.raises(Invalid, match="no ticket 5999"):
        Session.open(ana, problem_summary="x", psa_ticket_id="5999")
    later(minutes=2)  # somebody may have made it since
    assert Session.open(ana, problem_summary="x", psa_ticket_id="5999").ticket_state == "missing"
    assert TicketCopy.objects.get().status == "pending"


@pytest.mark.parametrize("typed", ["T-17", "../system/info", "५००१", "5001 5002"])
def test_what_no_ticket_of_this_system_can_be_called_is_refused(connected, linked, ana, typed):
    for act in (
        lambda: Session.open(ana, problem_summary="x", psa_ticket_id=typed),
        lambda: linked.change(ana, psa_ticket_id=typed),
    ):
        with pytest.raises(Invalid, match="not a ConnectWise PSA ticket number"):
            act()


def test_without_a_system_a_number_is_whatever_was_typed(northwind, ana):
    session = Session.open(ana, problem_summary="x", psa_ticket_id="T-17")
    assert (session.psa_ticket_id, session.ticket_state, TicketCopy.objects.count()) == ("T-17", "", 0)


def test_a_system_that_does_not_answer_is_asked_later(connected, fake, ana):
    fake.company_script = [503]
    session = opened(ana)
    copy = session.ticket_copy
    assert (session.ticket_state, session.problem_summary) == ("unchecked", "Ticket 5001")
    assert (copy.state, copy.status) == ("unreachable", "pending")
    assert "does not say where" in copy.error
    TicketCopy.objects.update(due_at=copy.taken_at)
    work()
    session.refresh_from_db()
    assert (session.problem_summary, session.ticket_copy.state) == ("VPN drops", "found")


def test_with_keys_that_are_refused_it_waits_and_nothing_is_asked(connected, ana):
    connected.credentials = {**CREDENTIALS, "private_key": "wrong"}
    connected.save()
    session = opened(ana)
    assert (session.ticket_copy.status, session.ticket_copy.state) == ("pending", "unreachable")
    assert "credentials" in session.ticket_copy.error


def test_a_ticket_is_unlinked_and_changed(linked, fake, ana):
    other = fake.add("Printer jams", company={"id": 9, "identifier": "H", "name": "Harbour View"})
    linked.change(ana, psa_ticket_id=other)
    work()
    session = Session.objects.get()
    assert (session.problem_summary, session.client_name) == ("Printer jams", "Harbour View")
    assert (session.asset_name, session.contact, session.due_at) == ("", "", None), "they were the other ticket's"
    session.change(ana, psa_ticket_id="")
    assert (session.ticket_copy, session.ticket_state, session.client_name) == (None, "", "Harbour View")
    assert not any(session.from_ticket.values())
    with pytest.raises(WrongState, match="no ticket"):
        session.renew_ticket(ana)


def test_a_correction_in_the_same_press_as_the_number_stays(linked, fake, ana):
    other = fake.add("Printer jams")
    linked.change(ana, psa_ticket_id=other, contact="Jo Marsh")
    work()
    session = Session.objects.get()
    assert (session.problem_summary, session.contact, session.asset_name) == ("Printer jams", "Jo Marsh", "")


def test_what_was_emptied_is_not_filled_in_again(linked, ana):
    linked.change(ana, contact="")
    assert read_anew(linked).contact == ""


def test_what_the_ticket_says_no_more_goes(linked, fake):
    fake.named("5001")["requiredDate"] = None
    assert read_anew(linked).due_at is None


def test_a_due_date_at_the_end_of_the_calendar_is_none(connected, fake, ana):
    fake.named("5001")["requiredDate"] = "9999-12-31T23:59:00Z"
    assert opened(ana).due_at is None


def test_news_reach_a_session_also_when_the_worker_died_after_it_had_read(linked, fake, ana):
    fake.named("5001").update(closedFlag=True, status={"id": 507, "name": "Completed"})
    later(minutes=1)
    linked.renew_ticket(ana)
    copy = TicketCopy._take(linked.ticket_copy_id)
    copy._keep(told={**copy.told, "is_closed": True, "status": "Completed"})  # and died
    later(minutes=1)
    work()
    assert newest(linked).facts["ticket_closed"] is True
    later(minutes=1)
    assert kinds(read_anew(linked)).count("ticket.changed") == 1


def test_closed_and_renamed_at_once_both_are_said(linked, fake, ana, as_user):
    fake.named("5001").update(closedFlag=True, status={"id": 507, "name": "Completed"}, summary="Other")
    session = read_anew(linked)
    page = " ".join(as_user(ana).get(session.get_absolute_url()).content.decode().split())
    assert "was closed: Completed, with the problem:" in page


def test_keys_that_were_corrected_ask_again(connected, ana, adam):
    connected.credentials = {**CREDENTIALS, "private_key": "wrong"}
    connected.save()
    session = opened(ana)
    assert (session.ticket_state, session.has_old_ticket) == ("unchecked", False), "it waits for its next try"
    connected.change(adam, name="Desk", base_url=connected.base_url, credentials=CREDENTIALS)
    work()
    session.refresh_from_db()
    assert session.ticket_state == "found"


def test_a_system_chosen_later_writes_the_number_its_own_way(northwind, ana, connected):
    session = Session.open(ana, problem_summary="x", psa_ticket_id="#5001", psa_connection=None)
    assert session.psa_ticket_id == "#5001"
    session.change(ana, psa_connection=connected)
    work()
    session.refresh_from_db()
    assert (session.psa_ticket_id, session.ticket_state) == ("5001", "found")


def test_a_number_from_before_that_none_can_have_is_left_alone(connected, session, ana):
    Session.objects.filter(pk=session.pk).update(psa_connection=connected, psa_ticket_id="T-17", ticket_copy=None)
    session = Session.objects.get(pk=session.pk)
    assert not session.has_old_ticket
    with pytest.raises(WrongState):
        session.renew_ticket(ana)


def test_a_finished_session_is_left_alone(linked, fake, ana):
    linked.resolve(ana, resolution="Replaced the router")
    fake.named("5001")["summary"] = "Another"
    later(minutes=20)
    TicketCopy.ask(linked.psa_connection, "5001")
    work()
    linked.refresh_from_db()
    assert linked.problem_summary == "VPN drops"
    with pytest.raises(WrongState):
        linked.renew_ticket(ana)


def test_a_viewer_asks_for_nothing(linked, vic):
    with pytest.raises(NotAllowed):
        linked.renew_ticket(vic)


def test_a_session_from_before_is_linked_when_it_is_read(connected, session, ana):
    Session.objects.filter(pk=session.pk).update(psa_connection=connected, psa_ticket_id="5001", ticket_copy=None)
    session.refresh_from_db()
    assert session.has_old_ticket
    session.renew_ticket(ana)
    work()
    session.refresh_from_db()
    assert (session.ticket_state, session.has_old_ticket) == ("found", False)
    assert session.problem_summary != "VPN drops", "it had one of its own"


def test_texts_of_the_other_side_are_cleaned_and_cut(connected, fake, ana):
    fake.named("5001").update(summary="VPN\u202e drops\x00\n" + "x" * 900, contactName="Mia\u2066 Holm")
    session = opened(ana)
    assert session.problem_summary.startswith("VPN drops xxx")
    assert len(session.problem_summary) == 500
    assert "\u2066" not in session.contact


def test_two_sessions_on_one_ticket_are_both_filled_in(connected, fake, ana, bo):
    first = Session.open(ana, problem_summary="Ticket 5001", psa_ticket_id="5001")
    second = Session.open(bo, problem_summary="Ticket 5001", psa_ticket_id="5001")
    work()
    assert {one.problem_summary for one in Session.objects.filter(pk__in=[first.pk, second.pk])} == {"VPN drops"}
    assert TicketCopy.objects.count() == 1


def test_another_account_has_a_copy_of_its_own(linked, fake, eve, elsewhere):
    PsaConnection.objects.create(
        account=elsewhere, name="Desk", kind="connectwise", base_url=fake.url, credentials=CREDENTIALS
    )
    session = Session.open(eve, problem_summary="Ticket 5001", psa_ticket_id="5001")
    assert session.ticket_state == "unchecked"
    assert TicketCopy.objects.visible_to(eve).get() != linked.ticket_copy


def test_a_worker_that_died_on_the_way_is_followed_by_one_that_reads_it(connected, fake, ana):
    session = Session.open(ana, problem_summary="Ticket 5001", psa_ticket_id="5001")
    TicketCopy._take(session.ticket_copy_id)  # and died
    later(minutes=1)
    work()
    session.refresh_from_db()
    assert session.problem_summary == "VPN drops"


def test_the_pick_up_screen_says_how_old_it_is_and_has_what_is_old_read_again(linked, ana, bo, client):
    handoff = Handoff.escalate(linked, ana, notes="Stuck")
    client.force_login(bo)
    page = client.get(handoff.get_absolute_url()).content.decode()
    assert "ticket read <time" in page
    assert "?line=1" not in page
    later(minutes=11)
    page = client.get(handoff.get_absolute_url()).content.decode()
    [address] = re.findall(r'hx-post="([^"]+\?line=1)"', page)
    asking = client.post(address, HTTP_HX_REQUEST="true").content.decode()
    assert "ticket read again …" in asking
    [address] = re.findall(r'hx-get="([^"]+)"', asking)
    work()
    read = client.get(html.unescape(address), HTTP_HX_REQUEST="true").content.decode()
    assert "ticket read <time" in read
    assert "hx-" not in read
