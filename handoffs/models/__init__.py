"""Passing work on: Handoff with its verbs, the AI's Summary, Briefing and Proposals, and SavedView, named filters."""

from __future__ import annotations

from handoffs.models.briefing import Briefing
from handoffs.models.feedback import SummaryFeedback
from handoffs.models.handoff import Handoff
from handoffs.models.proposals import Proposals
from handoffs.models.queryset import HandoffQuerySet, count_attempts, with_counts
from handoffs.models.saved_view import SavedView
from handoffs.models.summary import Summary, SummaryVersion

__all__ = [
    "Briefing",
    "Handoff",
    "HandoffQuerySet",
    "Proposals",
    "SavedView",
    "Summary",
    "SummaryFeedback",
    "SummaryVersion",
    "count_attempts",
    "with_counts",
]
