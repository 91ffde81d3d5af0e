"""My work: the page the day begins on."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from handoffs.my_work import MyWork
from resolutionflow.accounts.forms.account import time_zone_asked_of
from resolutionflow.web.requests import Request


@require_safe
def home(request: Request) -> HttpResponse:
    """Everything I hold, and what became of what I escalated."""
    context = {"work": MyWork(request.user), "time_zone_form": time_zone_asked_of(request.user)}
    return render(request, "handoffs/home.html", context)
