"""What a session takes from its ticket, and how it follows it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from resolutionflow.accounts.models import Event
from resolutionflow.core.refusals import Invalid, NotAllowed, WrongState
from sessions_app.models import PsaConnection, Session, TicketCopy
from tests.fakes.connectwise import CREDENTIALS, TICKET
from tests.sessions_app.tickets.conftest import later, opened, read_anew, work


def kinds(session: Session) -> list[str]:
    return list(Event.objects.filter(session_id=session.pk).order_by("seq").values_list("kind", flat=True))


def newest(session: Session) -> Event:
    return Event.objects.filter(session_id=session.pk).latest("seq")


def test_a_session_opens_at_once_and_is_filled_in_by_a_worker(connected, desk, ana):
    session = Session.open(ana, problem_summary="Ticket 5001", psa_ticket_id="#5001", intake="ticket")
    assert (session.psa_ticket_id, session.ticket_state, desk.requests) == ("5001", "unchecked", [])
    work()
    session = Session.objects.get()
    assert session.problem_summary == "VPN drops"
    assert session.client_name == "Lighthouse Dental"
    assert session.asset_name == "LH-LAPTOP-07"
    assert "Mia Holm" in session.contact
    assert "mia@lighthouse.example" in session.contact
    assert session.due_at == datetime(2026, 12, 1, 16, tzinfo=UTC)
    assert session.ticket_state == "found"
    assert set(session.from_ticket) >= {"problem_summary", "client_name", "asset_name", "contact", "due_at"}
    assert kinds(session) == ["session.opened", "ticket.linked"]
    assert newest(session).facts["after"]["client_name"] == "Lighthouse Dental"


def test_what_somebody_typed_is_kept(connected, ana):
    session = opened(ana, client_name="Lighthouse", problem_domain="network")
    assert (session.client_name, session.asset_name) == ("Lighthouse", "LH-LAPTOP-07")
    assert "client_name" not in session.from_ticket
    mine = Session.open(ana, problem_summary="Nobody gets in", psa_ticket_id="5001")
    assert (mine.problem_summary, mine.client_name) == ("Nobody gets in", "Lighthouse Dental")


def test_a_ticket_that_is_known_fills_in_at_once_and_is_not_read_again(linked, desk, ana):
    asked = len(desk.requests)
    second = Session.open(ana, problem_summary="Ticket 5001", psa_ticket_id="5001", intake="ticket")
    work()
    assert (second.problem_summary, second.ticket_state, len(desk.requests)) == ("VPN drops", "found", asked)


def test_the_text_of_the_ticket_is_that_of_a_session_that_began_with_it(connected, desk, ana):
    note = {"text": "Since Monday\n  nobody gets in", "detailDescriptionFlag": True, "internalAnalysisFlag": False}
    desk.store(note, TICKET)
    assert opened(ana).intake_text == "Since Monday\n  nobody gets in"
    free = Session.open(ana, problem_summary="x", psa_ticket_id="5001")
    assert free.intake_text == ""


def test_what_is_the_tickets_follows_it_and_what_was_corrected_does_not(linked, desk, ana):
    linked.change(ana, client_name="Lighthouse")
    assert "client_name" not in linked.from_ticket
    desk.named("5001").update(summary="VPN and mail drop", company={"id": 1, "identifier": "L", "name": "Other"})
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
def test_closed_or_merged_over_there_is_said(linked, desk, as_user, ana, change, fact):
    desk.named("5001").update(change)
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


def test_a_system_that_does_not_answer_is_asked_later(connected, desk, ana):
    desk.company_script = [503]
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


def test_a_ticket_is_unlinked_and_changed(linked, desk, ana):
    other = desk.add("Printer jams", company={"id": 9, "identifier": "H", "name": "Harbour View"})
    linked.change(ana, psa_ticket_id=other)
    work()
    session = Session.objects.get()
    assert (session.problem_summary, session.client_name) == ("Printer jams", "Harbour View")
    session.change(ana, psa_ticket_id="")
    assert (session.ticket_copy, session.ticket_state, session.client_name) == (None, "", "Harbour View")
    with pytest.raises(WrongState, match="no ticket"):
        session.renew_ticket(ana)


def test_a_finished_session_is_left_alone(linked, desk, ana):
    linked.resolve(ana, resolution="Replaced the router")
    desk.named("5001")["summary"] = "Another"
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


def test_texts_of_the_other_side_are_cleaned_and_cut(connected, desk, ana):
    desk.named("5001").update(summary="VPN\u202e drops\x00\n" + "x" * 900, contactName="Mia\u2066 Holm")
    session = opened(ana)
    assert session.problem_summary.startswith("VPN drops xxx")
    assert len(session.problem_summary) == 500
    assert "\u2066" not in session.contact


def test_two_sessions_on_one_ticket_are_both_filled_in(connected, desk, ana, bo):
    first = Session.open(ana, problem_summary="Ticket 5001", psa_ticket_id="5001")
    second = Session.open(bo, problem_summary="Ticket 5001", psa_ticket_id="5001")
    work()
    assert {one.problem_summary for one in Session.objects.filter(pk__in=[first.pk, second.pk])} == {"VPN drops"}
    assert TicketCopy.objects.count() == 1


def test_another_account_has_a_copy_of_its_own(linked, desk, eve, elsewhere):
    PsaConnection.objects.create(
        account=elsewhere, name="Desk", kind="connectwise", base_url=desk.url, credentials=CREDENTIALS
    )
    session = Session.open(eve, problem_summary="Ticket 5001", psa_ticket_id="5001")
    assert session.ticket_state == "unchecked"
    assert TicketCopy.objects.visible_to(eve).get() != linked.ticket_copy


def test_a_worker_that_died_on_the_way_is_followed_by_one_that_reads_it(connected, desk, ana):
    session = Session.open(ana, problem_summary="Ticket 5001", psa_ticket_id="5001")
    TicketCopy._take(session.ticket_copy_id)  # and died
    later(minutes=1)
    work()
    session.refresh_from_db()
    assert session.problem_summary == "VPN drops"
