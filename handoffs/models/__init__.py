"""Passing work on: Handoff with its verbs, Summary (the AI's), and SavedView, filters of the queue under a name."""

from __future__ import annotations

from handoffs.models.handoff import Handoff
from handoffs.models.queryset import HandoffQuerySet, count_attempts, with_counts
from handoffs.models.saved_view import SavedView
from handoffs.models.summary import Summary

__all__ = ["Handoff", "HandoffQuerySet", "SavedView", "Summary", "count_attempts", "with_counts"]
