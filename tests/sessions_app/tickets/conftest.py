"""A connected ticket system, and a worker that does what is due."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sessions_app.models import PsaConnection, Session, TechnicianList, TicketCopy, TicketSearch
from tests.fakes.connectwise import CREDENTIALS


@pytest.fixture
def connected(northwind, fake) -> PsaConnection:
    return PsaConnection.objects.create(
        account=northwind, name="Desk", kind="connectwise", base_url=fake.url, credentials=CREDENTIALS
    )


@pytest.fixture
def linked(connected, ana) -> Session:
    """Ana's session of the fake's ticket, which has been read."""
    return opened(ana)


def opened(user, number: str = "5001", **fields) -> Session:
    session = Session.open(user, problem_summary=f"Ticket {number}", psa_ticket_id=number, intake="ticket", **fields)
    work()
    session.refresh_from_db()
    return session


def work() -> None:
    """As workers do: what is due, now."""
    for kind in (TicketCopy, TicketSearch, TechnicianList):
        for pk in list(kind.objects.due().values_list("pk", flat=True)):
            kind.run(pk)


def later(**much: int) -> None:
    """What was asked was asked so much earlier."""
    for copy in TicketCopy.objects.all():
        for name in ("read_at", "taken_at"):
            if at := getattr(copy, name):
                setattr(copy, name, at - timedelta(**much))
        copy.save()


def read_anew(session: Session) -> Session:
    """As when somebody presses for it, a while later."""
    later(minutes=1)
    session.renew_ticket(session.assignee)
    work()
    return Session.objects.get(pk=session.pk)
