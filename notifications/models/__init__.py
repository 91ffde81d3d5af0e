"""Notifying people: Notification (the bell), Channel (a shared inbox), Delivery (one message, one outcome), Lease."""

from __future__ import annotations

from notifications.models.channel import Channel
from notifications.models.delivery import Delivery, DeliveryQuerySet
from notifications.models.lease import Lease
from notifications.models.notification import CALLS, SENT_TO_EVERYONE, Notification, NotificationQuerySet

__all__ = [
    "CALLS",
    "SENT_TO_EVERYONE",
    "Channel",
    "Delivery",
    "DeliveryQuerySet",
    "Lease",
    "Notification",
    "NotificationQuerySet",
]
