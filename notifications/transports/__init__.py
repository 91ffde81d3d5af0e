"""The ways a message is sent: one file per transport, each with `send(delivery)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from notifications.transports.email import Email
from notifications.transports.hook import Hook
from notifications.transports.psa import Note
from notifications.transports.slack import Slack
from notifications.transports.teams import Teams
from notifications.transports.ticket import Setting
from notifications.transports.time_entry import Time
from notifications.transports.webhook import Webhook

if TYPE_CHECKING:
    from notifications.models import ChannelTest, Delivery


class Transport(Protocol):
    def send(self, delivery: Delivery) -> dict[str, Any]:
        """Send it and return the fields to store; raise GiveUp, Later, Unknown or NotWanted."""


class ToChannel(Transport, Protocol):
    def test(self, test: ChannelTest) -> str:
        """Send a test message and return what was answered, in words; raise as send() does."""


HOOKS: dict[str, type[Hook]] = {"slack": Slack, "teams": Teams, "webhook": Webhook}
CHANNELS: dict[str, type[ToChannel]] = {"email": Email, **HOOKS}
TRANSPORTS: dict[str, type[Transport]] = {**CHANNELS, "note": Note, "time": Time, "ticket": Setting}
