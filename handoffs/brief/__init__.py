"""The brief: the record put in order by rules (brief.py), the lines they find in it (found_lines.py), and its text."""

from __future__ import annotations

from handoffs.brief.brief import FACTS, FOUND, LABELS, Brief, FromSender, Row, brief_for, briefs_for

__all__ = ["FACTS", "FOUND", "LABELS", "Brief", "FromSender", "Row", "brief_for", "briefs_for"]
