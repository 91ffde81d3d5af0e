"""Status and owner of a ticket: as its session stands now, read back; a ticket that is so already is not written to.

Only the newest word about a session counts. What an earlier one was to set is dropped, and where that may still be on
its way it is waited for, so that however workers and tries cross the ticket ends as the session does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from notifications.transports.psa import begun
from resolutionflow.accounts.models import Event, User
from resolutionflow.core.work import GiveUp, NotWanted, NotYet
from sessions_app.models import technician_of
from sessions_app.psa import NoSuchTicket

if TYPE_CHECKING:
    from notifications.models import Delivery
    from sessions_app.models import PsaConnection

SOON = 5.0  # seconds to wait for what an earlier word may still be setting


class Setting:
    def send(self, delivery: Delivery) -> dict[str, Any]:
        """Set the owner, then the status, which may close the ticket. Where one takes and the other does not, it fails
        and says which."""
        connection, event = delivery.connection, delivery.event
        if connection is None or event is None:
            raise GiveUp("The connection to the ticket system is switched off.")
        status, who = connection.status_at(event), _owner(delivery, connection)
        _must_be_wanted(delivery, connection)
        owner = technician_of(connection, who) if who else ""
        left = f"The owner stays: nobody there is mapped to {who}." if who and not owner else ""
        wanted = [f"owner {who}"] * bool(owner) + [f"status {status}"] * bool(status)
        if not wanted:
            raise NotWanted(left or "Nobody has the session: the owner stays.")
        delivery.body = f"{', '.join(wanted)}{'. ' if left else ''}{left}"
        delivery.keep_body(delivery.body)
        provider = begun(delivery)
        said, delivery.was_set = _Said(), {}
        if owner and who and said.by(delivery, "owner", provider.set_owner, owner):
            delivery.was_set["owner"] = who.pk
        if status and said.by(delivery, "status", provider.set_status, status):
            delivery.was_set["status"] = status
        delivery.maybe_sent = False
        if said.refused:
            raise GiveUp(" ".join([*said.took, *said.refused]))
        return {}


class _Said:
    """What took and what was refused, in sentences."""

    def __init__(self) -> None:
        self.took: list[str] = []
        self.refused: list[str] = []

    def by(self, delivery: Delivery, what: str, call: Callable[[str, str], bool], value: str) -> bool:
        """Whether it was written, by this try or by one whose answer was lost."""
        assert delivery.connection is not None
        _must_be_wanted(delivery, delivery.connection)
        was_lost = delivery.maybe_sent
        try:
            delivery.sending()
            delivery.maybe_sent = True
            is_written = call(delivery.address, value) or was_lost
        except (NoSuchTicket, NotYet):  # nothing was written by this call
            delivery.maybe_sent = was_lost or bool(delivery.was_set)
            raise
        except GiveUp as error:
            self.refused.append(f"The {what} was not set: {error}")
            is_written = False
        else:
            self.took.append(f"The {what} was set.")
        delivery.maybe_sent = was_lost
        return is_written


def _owner(delivery: Delivery, connection: PsaConnection) -> User | None:
    """Whose the ticket is to be, where owners follow: who resolved it, or else has the session now."""
    event, session = delivery.event, delivery.session
    if not connection.owner_follows or event is None or session is None:
        return None
    return event.actor if event.kind == "session.resolved" else session.assignee


def _must_be_wanted(delivery: Delivery, connection: PsaConnection) -> None:
    """Raise NotWanted where it was switched off or more has happened since; NotYet where what an earlier word was to
    set may still arrive."""
    event, session = delivery.event, delivery.session
    if event is None or session is None or not connection.sets_at(event):
        raise NotWanted("Setting this is switched off in the settings of the ticket system.")
    if (session.psa_connection_id, session.psa_ticket_id) != (connection.pk, delivery.address):
        raise NotWanted("The session has another ticket now.")
    words = Event.objects.filter(session_id=session.pk, kind__in=connection.LAST_WORDS, seq__gt=event.seq)
    if words.exists():
        raise NotWanted("More has happened to the session since.")
    earlier = session.deliveries.settings().filter(event__seq__lt=event.seq)
    if earlier.under_way().exists():
        raise NotYet("What was to be set before this may still be on its way.", after=SOON)
