"""Notification (the bell), Channel (a way out of the account), Delivery (one message, one outcome), TimerLock."""

from __future__ import annotations

from notifications.models.channel import Channel
from notifications.models.channel_test import ChannelTest
from notifications.models.delivery import Delivery
from notifications.models.delivery_queryset import IN_TICKETS, MESSAGES, DeliveryQuerySet
from notifications.models.notification import (
    CALLS,
    QUESTION,
    SENT_TO_EVERYONE,
    Notification,
    NotificationQuerySet,
    seen_since,
)
from notifications.models.timer_lock import TimerLock

__all__ = [
    "CALLS",
    "IN_TICKETS",
    "MESSAGES",
    "QUESTION",
    "SENT_TO_EVERYONE",
    "Channel",
    "ChannelTest",
    "Delivery",
    "DeliveryQuerySet",
    "Notification",
    "NotificationQuerySet",
    "TimerLock",
    "seen_since",
]
