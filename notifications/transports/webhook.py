"""Webhook: every event of the account, as the API's feed shows it, signed after Standard Webhooks
(https://www.standardwebhooks.com/)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.module_loading import import_string

from notifications.transports.hook import Hook
from resolutionflow.accounts.models import Event
from resolutionflow.core.work import GiveUp

if TYPE_CHECKING:
    from notifications.models import Channel, ChannelTest, Delivery

TEST = "channel.test"


class Webhook(Hook):
    label = "The other side"
    example = "https://"

    def must_be_wanted(self, delivery: Delivery) -> None:
        """What has happened stays so, whoever has taken it."""
        assert delivery.channel is not None
        delivery.channel.must_be_on()

    def begin(self, delivery: Delivery) -> None:
        delivery.sending()

    def message(self, delivery: Delivery) -> tuple[bytes, dict[str, str]]:
        assert delivery.channel is not None
        event = Event.objects.select_related("actor").filter(pk=delivery.event_id or 0).first()
        if event is None:
            raise GiveUp("There is no event to tell of.")
        return _signed(delivery.channel, f"msg_{delivery.pk}_{delivery.marker.lower()}", event)

    def test_message(self, test: ChannelTest) -> tuple[bytes, dict[str, str]]:
        """An event that is none of the account's: it has the number 0."""
        facts = {"channel": test.channel_id, "name": test.channel.name}
        event = Event(seq=0, kind=TEST, at=timezone.now(), actor=test.asked_by, origin="web", facts=facts)
        return _signed(test.channel, f"test_{test.pk}_{test.attempt}", event)


def _signed(channel: Channel, message_id: str, event: Event) -> tuple[bytes, dict[str, str]]:
    body, now = as_in_feed(event), timezone.now()
    return body, signature_headers(message_id, now, body, channel.signing_secrets(now))


def as_in_feed(event: Event) -> bytes:
    """The event as `GET /api/v1/events/` gives it, to the byte."""
    # Loaded by who posts, and not with the models: REST framework takes a quarter of a second, of every command.
    shown, renderer = import_string("resolutionflow.accounts.api.EventOut")(), _renderer()
    body: bytes = renderer.render(shown.to_representation(event))
    return body


def _renderer() -> Any:
    return import_string("resolutionflow.api.parsers.ExactJson")()


def signature_headers(message_id: str, at: datetime, body: bytes, secrets: list[str]) -> dict[str, str]:
    """The headers by which a receiver knows that it is from here, and when it was sent."""
    timestamp = str(int(at.timestamp()))
    signed = b".".join([message_id.encode(), timestamp.encode(), body])
    signatures = [f"v1,{_hmac(secret, signed)}" for secret in secrets]
    return {"webhook-id": message_id, "webhook-timestamp": timestamp, "webhook-signature": " ".join(signatures)}


def _hmac(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
