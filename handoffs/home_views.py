"""My work: the page the day begins on."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from handoffs.my_work import MyWork
from resolutionflow.access import Request
from resolutionflow.accounts.account_form import time_zone_asked_of


@require_safe
def home(request: Request) -> HttpResponse:
    """Everything I hold, and what became of what I handed over."""
    context = {"work": MyWork(request.user), "time_zone_form": time_zone_asked_of(request.user)}
    return render(request, "handoffs/home.html", context)
