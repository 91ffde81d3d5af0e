"""Which ticket is set, by the newest word about its session; and which is left to who closed it."""

from __future__ import annotations

import pytest

from handoffs.models import Handoff
from notifications.models import Delivery, Notification
from resolutionflow.accounts.models import Event
from sessions_app.models import PsaConnection, TicketCopy
from sessions_app.psa import CannotOwn
from sessions_app.psa.connectwise import ConnectWise
from tests.conftest import relay_all
from tests.fakes.connectwise import TICKET
from tests.notifications.transports.test_setting import (  # noqa: F401  fixtures
    A_MINUTE,
    claimed,
    deliver,
    helpdesk,
    of,
    run,
    shown,
    ticket,
    waiting,
    written,
)

CLOSED = "It is closed in Helpdesk, with the status Done. It was left as it is."


def close(fake) -> None:
    """As somebody there does."""
    [done] = [one for one in fake.statuses if one["name"] == "Done"]
    fake.named(TICKET).update(status={"id": done["id"], "name": "Done"}, closedFlag=True)


def standing(fake, number: str) -> tuple[str, str]:
    found = fake.named(number)
    return found["status"]["name"], (found["owner"] or {}).get("identifier", "")


# a ticket that the session gets later


@pytest.mark.parametrize("act", ["waits", "is worked on"])
def test_a_ticket_that_a_session_gets_later_is_set_as_it_stands(waiting, bo, fake, act):
    other = fake.add("Printer", status={"id": 503, "name": "Scheduled"})
    if act == "is worked on":
        waiting.claim(bo)
        deliver(later=A_MINUTE)
    waiting.session.refresh_from_db()
    waiting.session.change(bo, psa_ticket_id=other)
    deliver(later=A_MINUTE)
    assert standing(fake, other) == (("New", "ana") if act == "waits" else ("In Progress", "atech"))
    row = Delivery.objects.ticket_updates().latest("event_id")
    assert (row.event.kind, row.handoff_id, row.status) == ("session.changed", waiting.pk, "done")


def test_one_that_it_gets_within_the_minute_of_a_claim_waits_for_its_end(claimed, bo, fake):
    other = fake.add("Printer", status={"id": 503, "name": "Scheduled"})
    claimed.session.change(bo, psa_ticket_id=other)
    deliver()
    assert of("session.changed").due_at == claimed.undo_until
    assert standing(fake, other)[0] == "Scheduled"
    claimed.undo(bo)
    deliver(later=A_MINUTE)
    assert of("session.changed").status == "cancelled"
    assert standing(fake, other) == ("New", "ana")


def test_one_that_a_session_gets_before_anything_was_said_of_it_is_left(ticket, bo, fake):
    other = fake.add("Printer")
    ticket.change(bo, psa_ticket_id=other)
    ticket.change(bo, problem_summary="Something else")
    deliver()
    assert not Delivery.objects.ticket_updates().exists()


# parked


def test_a_claim_that_is_parked_within_its_minute_sets_nothing_and_one_resumed_does(claimed, bo, fake):
    before, session = written(fake), claimed.session
    session.refresh_from_db()
    Handoff.park(session, bo, notes="Waits for the vendor")
    deliver(later=A_MINUTE)
    assert of("handoff.claimed").status == "cancelled"
    assert (written(fake), shown(fake)) == (before, ("New", "ana"))
    session.refresh_from_db()
    session.resume(bo)
    deliver()
    assert shown(fake) == ("In Progress", "atech")


# closed there


def test_a_ticket_that_somebody_closed_there_is_left_and_told_once(claimed, ana, bo, lea, fake):
    before = written(fake)
    close(fake)
    deliver(later=A_MINUTE)
    left = of("handoff.claimed")
    assert (left.status, left.error, written(fake)) == ("failed", CLOSED, before)
    relay_all()
    event = Event.objects.get(kind="ticket.update_failed")
    assert {line.user for line in Notification.objects.filter(event=event)} == {ana, bo, lea}
    Notification.objects.update(read_at=event.at)
    claimed.release(bo)
    deliver()
    again = of("handoff.released")
    assert (again.status, again.error, written(fake)) == ("cancelled", CLOSED, before)
    assert Event.objects.filter(kind="ticket.update_failed").count() == 1


def test_one_that_was_merged_there_is_left_too(claimed, fake):
    fake.named(TICKET)["mergedParentTicket"] = {"id": 5002, "summary": "VPN"}
    before = written(fake)
    deliver(later=A_MINUTE)
    left = "It was merged into 5002 in Helpdesk. It was left as it is."
    assert (of("handoff.claimed").error, written(fake)) == (left, before)


def test_one_that_our_own_session_closed_is_opened_again_with_it(claimed, bo, fake):
    session = claimed.session
    session.refresh_from_db()
    session.resolve(bo, resolution="Router")
    deliver()
    close(fake)
    session.reopen(bo, reason="Again")
    Handoff.escalate(session, bo, notes="Stuck")  # before anything of the reopening was set
    deliver()
    fake.named(TICKET)["closedFlag"] = False
    assert (of("session.reopened").status, shown(fake)[0]) == ("cancelled", "New")
    close(fake)  # by somebody there, later
    session.handoffs.unclosed().get().withdraw(bo)
    deliver()
    assert (of("handoff.withdrawn").error, shown(fake)[0]) == (CLOSED, "Done")


# as everything stands when it is written


def test_settings_that_change_while_it_is_on_its_way_are_gone_by(claimed, fake, monkeypatch):
    """The budget is asked before the first call: what is changed then was read already."""
    real = PsaConnection.spend

    def changed(self, calls: int) -> bool:
        PsaConnection.objects.filter(pk=self.pk).update(owner_follows=False, status_working="")
        return real(self, calls)

    monkeypatch.setattr(PsaConnection, "spend", changed)
    before = written(fake)
    dropped = run(of("handoff.claimed").pk)
    assert (dropped.status, written(fake)) == ("cancelled", before)


# read again


def test_an_escalation_and_a_claim_have_the_ticket_read_again(ticket, helpdesk, ana, bo):
    ticket.ticket_copy = TicketCopy.ask(helpdesk, TICKET)
    ticket.save(update_fields=["ticket_copy"])
    for act in (lambda: Handoff.escalate(ticket, ana, notes="Stuck"), lambda: ticket.handoffs.get().claim(bo)):
        TicketCopy.objects.update(status="done", read_at=ticket.created_at - A_MINUTE)
        act()
        relay_all()
        assert TicketCopy.objects.get().status == "pending"


# an owner who may own none there


def test_whoever_cannot_own_it_is_told_once_and_the_status_is_set(claimed, bo, fake, monkeypatch):
    """As Redmine refuses whoever is not in the project (tests/sessions_app/psa/test_redmine.py)."""

    real = ConnectWise.set_owner

    def refuse(self, ticket_id: str, technician: str) -> bool:
        if technician == "ana":
            return real(self, ticket_id, technician)
        raise CannotOwn("in Redmine they are no member of the project “Harbour”.", "3")

    why = "Bo Tester cannot own it: in Redmine they are no member of the project “Harbour”."
    monkeypatch.setattr(ConnectWise, "set_owner", refuse)
    failed = run(of("handoff.claimed").pk)
    assert (failed.status, shown(fake)) == ("failed", ("In Progress", "ana"))
    assert failed.error == f"The status was set. The owner was not set: {why}"
    claimed.release(bo)
    deliver()
    claimed.claim(bo)
    deliver(later=A_MINUTE)
    again = Delivery.objects.ticket_updates().latest("event_id")
    assert (again.status, again.body) == ("done", f"status in progress. The owner stays: {why}")
    assert shown(fake) == ("In Progress", "ana")
