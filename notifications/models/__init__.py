"""Notification and Fold (the bell), Channel (a shared inbox), Delivery (one message, one outcome), TimerLock."""

from __future__ import annotations

from notifications.models.channel import Channel
from notifications.models.delivery import Delivery
from notifications.models.delivery_queryset import IN_TICKETS, DeliveryQuerySet
from notifications.models.fold import Fold, folds_of
from notifications.models.notification import (
    CALLS,
    QUESTION,
    SENT_TO_EVERYONE,
    Notification,
    NotificationQuerySet,
    seen_since,
    sessions_counted,
)
from notifications.models.timer_lock import TimerLock

__all__ = [
    "CALLS",
    "IN_TICKETS",
    "QUESTION",
    "SENT_TO_EVERYONE",
    "Channel",
    "Delivery",
    "DeliveryQuerySet",
    "Fold",
    "Notification",
    "NotificationQuerySet",
    "TimerLock",
    "folds_of",
    "seen_since",
    "sessions_counted",
]
