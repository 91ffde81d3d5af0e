"""The queue: its lanes, how much is in each, and a page of cards."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Min, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from handoffs.models import Handoff
from resolutionflow import keyset
from resolutionflow.access import Request
from resolutionflow.accounts.models import User

PAGE = 50

ORDER = {
    "waiting": ("priority", "opened_at", "id"),
    "mine": ("priority", "opened_at", "id"),
    "claimed": ("-claimed_at", "-id"),
    "parked": ("-created_at", "-id"),
}


@require_safe
def queue(request: Request) -> HttpResponse:
    lane = request.GET.get("lane", "")
    lane = lane if lane in ORDER else "waiting"
    rows = _lane(request.user, lane).with_card()
    page = keyset.page(rows, ORDER[lane], cursor=request.GET.get("after", ""), limit=PAGE)
    return render(request, "handoffs/queue.html", {"lane": lane, "page": page, **_counts(request.user)})


def _lane(user: User, lane: str) -> Any:
    everything = Handoff.objects.visible_to(user)
    lanes: dict[str, Any] = {
        "waiting": everything.waiting(),
        "mine": everything.waiting().aimed_at(user),
        "claimed": everything.claimed(),
        "parked": everything.parked().of(user),
    }
    return lanes[lane]


def _counts(user: User) -> dict[str, Any]:
    """How much is in each lane, and the longest wait: one query."""
    waiting = Q(status=Handoff.Status.OPEN, intent=Handoff.Intent.ESCALATE)
    counted = (
        Handoff.objects.visible_to(user)
        .unclosed()
        .aggregate(
            waiting=Count("pk", filter=waiting),
            mine=Count("pk", filter=waiting & (Q(target_user=user) | Q(target_team__in=user.teams.all()))),
            claimed=Count("pk", filter=Q(status=Handoff.Status.CLAIMED)),
            parked=Count("pk", filter=Q(intent=Handoff.Intent.PARK) & (Q(sender=user) | Q(holder=user))),
            longest=Min("opened_at", filter=waiting),
        )
    )
    names = [("waiting", _("Waiting")), ("mine", _("For me")), ("claimed", _("Claimed")), ("parked", _("Parked"))]
    lanes = [(name, label, counted[name]) for name, label in names]
    return {"lanes": lanes, "waiting": counted["waiting"], "longest": counted["longest"]}
