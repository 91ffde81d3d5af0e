"""The end of a shift, and the way back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from handoffs import shift as the_end
from handoffs.models import Handoff, with_counts
from resolutionflow.core import pagination
from resolutionflow.web.requests import Request, form_page

PARKED = 50


@require_safe
def shift(request: Request) -> HttpResponse:
    request.user.must_work()
    return _page(request, the_end.held_items(request.user))


@form_page
def shift_end(request: Request) -> HttpResponse:
    """Whether the shift ends with it says the button."""
    request.user.must_work()
    if request.method != "POST":
        return redirect("shift")
    items = the_end.handled(request.user, request.POST)
    wrong = [item for item in items if not item.form.is_valid()]
    if wrong:
        return _page(request, items, status=422, wrong=len(wrong))
    end = the_end.finish(request.user, items, end=request.POST.get("end") == "yes")
    return _page(request, end.left, end=end)


@require_POST
def shift_start(request: Request) -> HttpResponse:
    request.user.must_work()
    request.user.come_back()
    messages.success(request, "You are on shift again.")
    return redirect("home")


def _page(request: Request, items: list[the_end.HeldItem], *, status: int = 200, **more: Any) -> HttpResponse:
    parked = Handoff.objects.visible_to(request.user).with_card().parked().of(request.user)
    context = {
        "items": items,
        "beyond": max(0, the_end.held_count(request.user) - the_end.MOST),
        "parked": with_counts(pagination.first_rows(parked.order_by("wake_at", "id"), PARKED)),
        **more,
    }
    return render(request, "handoffs/shift.html", context, status=status)
