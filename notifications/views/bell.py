"""The bell, and the buttons beside deliveries."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from notifications.models import Delivery, Notification
from resolutionflow.core import pagination
from resolutionflow.core.text import as_id
from resolutionflow.web.requests import Request
from sessions_app.models import PsaConnection

SHOWN = 50  # lines of the bell on one page


@require_safe
def notifications(request: Request) -> HttpResponse:
    lines = Notification.objects.for_bell(request.user)
    before = as_id(request.GET.get("before", ""))
    if before is not None:
        lines = lines.filter(event_id__lt=before)
    page = pagination.first_rows(lines, SHOWN + 1)
    older = page[SHOWN - 1].event_id if len(page) > SHOWN else None
    return render(request, "notifications/bell.html", {"lines": page[:SHOWN], "older": older})


@require_POST
def notification_read(request: Request, pk: int) -> HttpResponse:
    """Mark one line read and go to what it is about; with `stay`, come back to the bell."""
    line = get_object_or_404(Notification.objects.for_bell(request.user), pk=pk)
    Notification.objects.for_bell(request.user).filter(pk=line.pk).mark_read()
    return redirect("notifications" if "stay" in request.POST else line.get_absolute_url())


@require_POST
def notifications_read_all(request: Request) -> HttpResponse:
    Notification.objects.for_bell(request.user).mark_read()
    return redirect("notifications")


@require_POST
def delivery_retry(request: Request, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.visible_to(request.user), pk=pk)
    delivery.retry_by(request.user)
    if request.htmx and delivery.handoff is not None:
        return render(request, "notifications/_notified.html", {"handoff": delivery.handoff})
    about = delivery.handoff or delivery.session
    return redirect(about.get_absolute_url() if about else "/")


@require_POST
def psa_retry(request: Request, pk: int) -> HttpResponse:
    """Send again all that has failed of a ticket system."""
    connection = get_object_or_404(PsaConnection.objects.visible_to(request.user), pk=pk)
    Delivery.retry_all(connection, request.user)
    return redirect("settings_psa")
