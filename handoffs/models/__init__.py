"""Passing the work on: Handoff and its verbs, and Summary, the AI's reading of one."""

from __future__ import annotations

from handoffs.models.handoff import Handoff, Priority
from handoffs.models.queryset import HandoffQuerySet
from handoffs.models.summary import Summary

__all__ = ["Handoff", "HandoffQuerySet", "Priority", "Summary"]
