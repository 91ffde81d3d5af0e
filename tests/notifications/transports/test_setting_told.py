"""What the history, the bell and the session say of a ticket that was set."""

from __future__ import annotations

from notifications import wording
from resolutionflow.accounts.models import Event
from sessions_app.models import PsaConnection, TicketCopy
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
)


def test_what_was_set_and_what_was_not_is_said_apart(claimed, fake):
    PsaConnection.objects.update(status_working="Nope")
    run(of("handoff.claimed").pk)
    event = Event.objects.get(kind="ticket.update_failed")
    title = wording.event_title(event, claimed.session, claimed)
    assert title.startswith("Not all was set in the ticket of #")
    assert title.endswith(": owner Bo Tester, status Nope")
    assert wording.event_line(event).startswith(
        "Ticket 5001 was to get owner Bo Tester, status Nope. The owner was set. The status was not set: "
    )


def test_where_nothing_was_set_it_does_not_say_that_some_was(claimed, fake):
    PsaConnection.objects.update(status_working="Nope", owner_follows=False)
    run(of("handoff.claimed").pk)
    event = Event.objects.get(kind="ticket.update_failed")
    assert wording.event_title(event, claimed.session, claimed).startswith("Not set in the ticket of #")


def test_what_was_written_before_it_had_to_wait_is_told_with_the_rest(claimed, bo, fake, helpdesk):
    fake.script = [None, 401]
    waits = run(of("handoff.claimed").pk)
    assert (waits.status, shown(fake)) == ("pending", ("New", "atech"))
    helpdesk.open()
    assert run(waits.pk).status == "done"
    facts = Event.objects.filter(kind="ticket.updated").latest("seq").facts
    assert (facts["owner"], facts["ticket_status"]) == (bo.pk, "in progress")


def test_what_the_session_says_of_its_ticket_is_read_again(waiting, bo, fake):
    waiting.claim(bo)
    deliver(later=A_MINUTE)
    copy = TicketCopy.objects.get()
    assert copy.status == "pending"
    TicketCopy.run(copy.pk)
    assert TicketCopy.objects.get().told["status"] == "In Progress"
