"""Notification and Fold (the bell), Preference, Channel (a way out of the account), Delivery, TimerLock."""

from __future__ import annotations

from notifications.models.channel import Channel
from notifications.models.channel_test import ChannelTest
from notifications.models.delivery import Delivery
from notifications.models.delivery_queryset import IN_TICKETS, MESSAGES, DeliveryQuerySet
from notifications.models.fold import Fold, folds_of
from notifications.models.notification import (
    QUESTION,
    SENT_TO_EVERYONE,
    Notification,
    NotificationQuerySet,
    claim_of,
    seen_since,
    sessions_counted,
    undone_by,
    was_undone,
)
from notifications.models.preference import BY_KIND, BY_NAME, SUBJECTS, Preference, Scope, Subject, Way
from notifications.models.timer_lock import TimerLock
from notifications.wording import CALLS

__all__ = [
    "BY_KIND",
    "BY_NAME",
    "CALLS",
    "IN_TICKETS",
    "MESSAGES",
    "QUESTION",
    "SENT_TO_EVERYONE",
    "SUBJECTS",
    "Channel",
    "ChannelTest",
    "Delivery",
    "DeliveryQuerySet",
    "Fold",
    "Notification",
    "NotificationQuerySet",
    "Preference",
    "Scope",
    "Subject",
    "TimerLock",
    "Way",
    "claim_of",
    "folds_of",
    "seen_since",
    "sessions_counted",
    "undone_by",
    "was_undone",
]
