"""The ways a message is sent: one file per transport, each with `send(delivery)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from notifications.transports.email import Email
from notifications.transports.psa import Note
from notifications.transports.ticket import Setting
from notifications.transports.time_entry import Time

if TYPE_CHECKING:
    from notifications.models import Delivery


class Transport(Protocol):
    def send(self, delivery: Delivery) -> dict[str, Any]:
        """Send it and return the fields to store; raise GiveUp, Later, Unknown or NotWanted."""


TRANSPORTS: dict[str, type[Transport]] = {"email": Email, "note": Note, "time": Time, "ticket": Setting}
