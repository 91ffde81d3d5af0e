"""The bell, and the buttons beside deliveries."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from notifications.models import Delivery, Notification, NotificationQuerySet, folds_of
from resolutionflow.core.text import as_id
from resolutionflow.web.requests import Request, page_to_return_to
from sessions_app.models import PsaConnection

SHOWN = 50  # sessions of the bell on one page


@require_safe
def notifications(request: Request) -> HttpResponse:
    only_unread, before = request.GET.get("unread") == "1", as_id(request.GET.get("before", ""))
    folds = folds_of(request.user, unread=only_unread, before=before, limit=SHOWN + 1)
    context = {
        "folds": folds[:SHOWN],
        "older": folds[SHOWN - 1].line.event_id if len(folds) > SHOWN else None,
        "before": before,
        "only_unread": only_unread,
        "seen": Notification.objects.of(request.user).values_list("event_id", flat=True).first(),
    }
    return render(request, "notifications/bell.html", context)


@require_POST
def notification_read(request: Request, pk: int) -> HttpResponse:
    """Mark what there is of this line's session read and go to what it is about; with `seen`, come back to the bell."""
    line = get_object_or_404(Notification.objects.for_bell(request.user), pk=pk)
    _seen(request).beside(line).mark_read()
    return _back(request) if "seen" in request.POST else redirect(line.get_absolute_url())


@require_POST
def notifications_read_all(request: Request) -> HttpResponse:
    _seen(request).mark_read()
    return _back(request)


def _seen(request: Request) -> NotificationQuerySet:
    """Their lines, up to the newest that the page had, where it says so: what came since was seen by nobody."""
    lines, said = Notification.objects.of(request.user), request.POST.get("seen", "")
    return lines.filter(event_id__lte=as_id(said) or 0) if said else lines


def _back(request: Request) -> HttpResponse:
    """To the bell as it was left; nothing to HTMX, whose page fetches itself."""
    return HttpResponse(status=204) if request.htmx else redirect(page_to_return_to(request, reverse("notifications")))


@require_safe
def notifications_newest(request: Request) -> HttpResponse:
    """As JSON what a browser shows a notice of: the newest unread line, of those that came after the line `after`; or
    null."""
    lines = Notification.objects.for_browser(request.user).order_by("-pk").select_related("event", "handoff", "session")
    line = lines.filter(pk__gt=as_id(request.GET.get("after", "")) or 0).first()
    if line is None:
        return JsonResponse(None, safe=False)
    tag = f"session-{line.session_id}" if line.session_id else f"line-{line.pk}"
    return JsonResponse({"id": line.pk, "title": line.title, "url": line.get_absolute_url(), "tag": tag})


@require_POST
def delivery_retry(request: Request, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.visible_to(request.user), pk=pk)
    delivery.retry_by(request.user)
    if request.htmx and delivery.handoff is not None:
        return render(request, "notifications/_notified.html", {"handoff": delivery.handoff})
    about = delivery.handoff or delivery.session
    return redirect(about.get_absolute_url() if about else "settings_channels")


@require_POST
def psa_retry(request: Request, pk: int) -> HttpResponse:
    """Send again all that has failed of a ticket system."""
    connection = get_object_or_404(PsaConnection.objects.visible_to(request.user), pk=pk)
    Delivery.retry_all(connection, request.user)
    return redirect("settings_psa")
