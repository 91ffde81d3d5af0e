"""What cannot be set is told once; and what was written before something else happened is told at all."""

from __future__ import annotations

import pytest

from handoffs.models import Handoff
from notifications.models import Delivery
from resolutionflow.accounts.models import Event, User
from sessions_app.models import MemberMapping, PsaConnection, Session
from sessions_app.psa import CannotOwn
from sessions_app.psa.connectwise import ConnectWise
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
from tests.notifications.transports.test_setting_left import CLOSED, close

HARBOUR = ("in Redmine they are no member of the project “Harbour”.", "3")


def refuse(monkeypatch, reason: str = HARBOUR[0], project: str = HARBOUR[1]) -> None:
    """As Redmine refuses whoever is not in the project; only Ana is."""
    real = ConnectWise.set_owner

    def set_owner(self, ticket_id: str, technician: str) -> bool:
        if technician == "ana":
            return real(self, ticket_id, technician)
        raise CannotOwn(reason, project)

    monkeypatch.setattr(ConnectWise, "set_owner", set_owner)


def after_the_owner(monkeypatch, act) -> None:
    """Do this once the owner is written, before the status is."""
    real = ConnectWise.set_owner

    def set_owner(self, ticket_id: str, technician: str) -> bool:
        monkeypatch.setattr(ConnectWise, "set_owner", real)
        is_written = real(self, ticket_id, technician)
        act()
        return is_written

    monkeypatch.setattr(ConnectWise, "set_owner", set_owner)


def told() -> int:
    return Event.objects.filter(kind="ticket.update_failed").count()


# closed by our own session


def test_one_that_our_own_session_closed_is_opened_also_after_its_owner_alone_was_set(claimed, ana, bo, fake):
    PsaConnection.objects.update(status_working="")
    session = claimed.session
    session.refresh_from_db()
    session.resolve(bo, resolution="Router")
    deliver()
    close(fake)
    session.reopen(ana, reason="Again")
    deliver()
    assert (of("session.reopened").status, shown(fake)) == ("done", ("Done", "ana"))
    Handoff.escalate(session, ana, notes="Stuck")
    deliver()
    escalated = Delivery.objects.ticket_updates().filter(event__kind="handoff.escalated").latest("event_id")
    assert (escalated.status, escalated.error, shown(fake)) == ("done", "", ("New", "ana"))
    fake.named(TICKET)["closedFlag"] = False
    close(fake)  # by somebody there, later
    Handoff.objects.unclosed().get().claim(bo)
    deliver(later=A_MINUTE)
    assert Delivery.objects.ticket_updates().latest("event_id").error == CLOSED


# told once


@pytest.mark.parametrize("name", ["Har\u202ebour\x00", "Harbour " * 100], ids=["unseen", "long"])
def test_whoever_cannot_own_it_is_told_once_whatever_the_project_is_called(claimed, bo, fake, monkeypatch, name):
    refuse(monkeypatch, f"in Redmine they are no member of the project “{name}”.")
    assert run(of("handoff.claimed").pk).status == "failed"
    claimed.release(bo)
    deliver()
    claimed.claim(bo)
    deliver(later=A_MINUTE)
    again = Delivery.objects.ticket_updates().latest("event_id")
    assert (again.status, told()) == ("done", 1)
    assert again.body.isprintable()


def test_one_person_who_cannot_own_it_silences_nobody_else(claimed, bo, cy, northwind, helpdesk, fake, monkeypatch):
    User.objects.filter(pk=cy.pk).update(name="Jim Bo Tester")
    MemberMapping.objects.create(account=northwind, connection=helpdesk, user=cy, identifier="cy")
    refuse(monkeypatch)
    claimed.release(bo)
    claimed.claim(User.objects.get(pk=cy.pk))
    deliver(later=A_MINUTE)
    first = Delivery.objects.ticket_updates().latest("event_id")
    assert "Jim Bo Tester cannot own it" in first.error
    claimed.release(User.objects.get(pk=cy.pk))
    deliver()
    claimed.claim(bo)
    deliver(later=A_MINUTE)
    second = Delivery.objects.ticket_updates().latest("event_id")
    assert (second.status, told()) == ("failed", 2)
    assert ". The owner was not set: Bo Tester cannot own it" in second.error


def test_the_same_person_is_told_of_another_project(claimed, bo, fake, monkeypatch):
    refuse(monkeypatch)
    run(of("handoff.claimed").pk)
    facts = Event.objects.get(kind="ticket.update_failed").facts
    assert (facts["cannot_own"], facts["ticket_project"]) == (bo.pk, "3")
    claimed.release(bo)
    deliver()
    refuse(monkeypatch, project="4")
    claimed.claim(bo)
    deliver(later=A_MINUTE)
    assert told() == 2


def test_a_press_on_try_again_that_is_overtaken_has_nobody_told_anew_who_cannot_own_it(claimed, bo, fake, monkeypatch):
    refuse(monkeypatch)
    failed = run(of("handoff.claimed").pk)
    failed.retry_by(bo)
    claimed.release(bo)
    deliver()
    claimed.claim(bo)
    deliver(later=A_MINUTE)
    assert (Delivery.objects.ticket_updates().latest("event_id").status, told()) == ("done", 1)


def test_a_press_on_try_again_that_is_overtaken_has_nobody_told_anew_of_a_closed_ticket(claimed, bo, fake):
    close(fake)
    failed = run(of("handoff.claimed").pk)
    failed.retry_by(bo)
    claimed.release(bo)
    deliver()
    assert (of("handoff.released").status, of("handoff.released").error, told()) == ("cancelled", CLOSED, 1)


def test_one_that_was_opened_there_set_and_closed_again_is_told_again(claimed, bo, fake):
    close(fake)
    failed = run(of("handoff.claimed").pk)
    fake.named(TICKET).update(status={"id": 501, "name": "New"}, closedFlag=False)
    failed.retry_by(bo)
    assert run(failed.pk).status == "done"
    close(fake)
    claimed.release(bo)
    deliver()
    assert (of("handoff.released").status, told()) == ("failed", 2)


# between owner and status


def test_an_owner_that_was_written_before_more_happened_is_in_the_history(claimed, bo, fake, monkeypatch):
    after_the_owner(monkeypatch, lambda: claimed.release(bo))
    dropped = run(of("handoff.claimed").pk)
    assert (dropped.status, shown(fake)) == ("cancelled", ("New", "atech"))
    facts = Event.objects.filter(kind="ticket.updated").latest("seq").facts
    assert (facts["delivery"], facts["owner"], facts.get("ticket_status")) == (dropped.pk, bo.pk, None)
    assert facts["text"] == "owner Bo Tester. The status stays: More has happened to the session since."
    deliver()
    assert (of("handoff.released").status, shown(fake)) == ("done", ("New", "ana"))


def test_an_owner_that_was_written_before_the_connection_went_is_told(claimed, bo, fake, monkeypatch):
    after_the_owner(monkeypatch, lambda: Delivery.objects.update(connection=None))
    failed = run(of("handoff.claimed").pk)
    gone = "The connection to the ticket system is switched off."
    assert (failed.status, failed.error) == ("failed", f"The owner was set. {gone}")
    assert Event.objects.get(kind="ticket.update_failed").facts["owner"] == bo.pk


def test_a_connection_that_goes_before_the_owner_is_written_is_no_refused_owner(claimed, fake, monkeypatch):
    real = PsaConnection.spend

    def gone(self, calls: int) -> bool:
        Delivery.objects.update(connection=None)
        return real(self, calls)

    monkeypatch.setattr(PsaConnection, "spend", gone)
    failed = run(of("handoff.claimed").pk)
    assert (failed.status, failed.error) == ("failed", "The connection to the ticket system is switched off.")


def test_an_assignee_who_changes_meanwhile_is_no_change_of_the_settings(claimed, ana, fake, monkeypatch):
    after_the_owner(monkeypatch, lambda: Session.objects.update(assignee=ana))
    waits = run(of("handoff.claimed").pk)
    assert (waits.status, waits.error) == ("pending", "What is to be set has changed meanwhile.")
