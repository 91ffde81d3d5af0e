"""Passing work on: Handoff with its verbs, Summary and Proposals (the AI's), and SavedView, named filters."""

from __future__ import annotations

from handoffs.models.handoff import Handoff
from handoffs.models.proposals import Proposals
from handoffs.models.queryset import HandoffQuerySet, count_attempts, with_counts
from handoffs.models.saved_view import SavedView
from handoffs.models.summary import Summary, SummaryVersion

__all__ = [
    "Handoff",
    "HandoffQuerySet",
    "Proposals",
    "SavedView",
    "Summary",
    "SummaryVersion",
    "count_attempts",
    "with_counts",
]
