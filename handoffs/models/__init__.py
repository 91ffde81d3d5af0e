"""Passing the work on: Handoff and its verbs, and Summary, the AI's reading of one."""

from __future__ import annotations

from handoffs.models.handoff import UNDO_WITHIN, Handoff, Priority
from handoffs.models.queryset import HandoffQuerySet
from handoffs.models.summary import Summary

__all__ = ["UNDO_WITHIN", "Handoff", "HandoffQuerySet", "Priority", "Summary"]
