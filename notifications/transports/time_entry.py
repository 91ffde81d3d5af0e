"""Time worked: booked once, however often a worker dies or an answer is lost. Its text and minutes are the row's.

As with a note (psa.py), where an earlier attempt may have booked it the ticket is searched for its marker before
anything is booked again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from notifications import note
from notifications.transports.psa import begun
from resolutionflow.core.text import SHORT, cut
from resolutionflow.core.work import GiveUp, Later
from sessions_app.models import technician_of
from sessions_app.psa import Provider, TimeEntry, WrongKind

if TYPE_CHECKING:
    from notifications.models import Delivery


class Time:
    def send(self, delivery: Delivery) -> dict[str, Any]:
        """Book it, unless the ticket has it."""
        provider = begun(delivery)
        try:
            booked = _find(delivery, provider) or _book(delivery, provider)
        except WrongKind as error:
            delivery.landed_wrong(error.note_id)
            raise
        delivery.maybe_sent = False
        return {"remote_id": cut(booked, SHORT)}


def _find(delivery: Delivery, provider: Provider) -> str | None:
    """Its id there, where an earlier attempt may have booked it and has."""
    if not delivery.maybe_sent:
        return None
    return provider.find_time(delivery.address, delivery.marker, internal=delivery.internal)


def _book(delivery: Delivery, provider: Provider) -> str:
    entry, technician = _entry(delivery), _technician(delivery)
    delivery.maybe_sent = False
    delivery.sending()
    delivery.maybe_sent = True
    try:
        return provider.add_time(delivery.address, entry, technician=technician)
    except (GiveUp, Later):  # it was not booked, and says so
        delivery.maybe_sent = False
        raise


def _entry(delivery: Delivery) -> TimeEntry:
    if delivery.minutes is None or delivery.started_at is None:
        raise GiveUp("There is no time to book.")
    began = delivery.started_at.astimezone(ZoneInfo(delivery.account.time_zone))
    text = note.outgoing_text(delivery.body)
    return TimeEntry(delivery.minutes, began, text, delivery.marker, internal=delivery.internal)


def _technician(delivery: Delivery) -> str:
    """Whose time it is, as the ticket system knows them; "" where nobody knows: then the text names them."""
    user = delivery.requested_by
    return technician_of(delivery.connection, user) if delivery.connection and user else ""
