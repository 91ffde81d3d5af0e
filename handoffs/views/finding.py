"""The handoff that a page or a press is about."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from handoffs.models import Handoff
from resolutionflow.web.requests import Request


def find_handoff(request: Request, pk: int) -> Handoff:
    """With all that its page shows of it; 404 where this person's account has none of this number."""
    found: Handoff = get_object_or_404(Handoff.objects.visible_to(request.user).with_card(), pk=pk)
    return found
