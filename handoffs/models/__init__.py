"""Passing work on: Handoff with its verbs, Summary (the AI's) with its versions, and SavedView, named filters."""

from __future__ import annotations

from handoffs.models.feedback import SummaryFeedback
from handoffs.models.handoff import Handoff
from handoffs.models.queryset import HandoffQuerySet, count_attempts, with_counts
from handoffs.models.saved_view import SavedView
from handoffs.models.summary import Summary, SummaryVersion

__all__ = [
    "Handoff",
    "HandoffQuerySet",
    "SavedView",
    "Summary",
    "SummaryFeedback",
    "SummaryVersion",
    "count_attempts",
    "with_counts",
]
