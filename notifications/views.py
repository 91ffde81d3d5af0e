"""The bell, and the buttons beside what was sent."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from handoffs.models import Handoff
from notifications.forms import NoteForm
from notifications.models import Delivery, Notification
from notifications.note import preview

SHOWN = 50  # lines of the bell on one page


@login_required
@require_GET
def notifications(request: HttpRequest) -> HttpResponse:
    lines = Notification.objects.for_bell(request.user)
    before = request.GET.get("before", "")
    if before.isdecimal():
        lines = lines.filter(pk__lt=int(before[:18]))
    page = list(lines[: SHOWN + 1])
    older = page[SHOWN - 1].pk if len(page) > SHOWN else None
    return render(request, "notifications/bell.html", {"lines": page[:SHOWN], "older": older})


@login_required
@require_POST
def notification_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one line read and go to what it is about; with `stay`, come back to the bell."""
    line = get_object_or_404(Notification.objects.for_bell(request.user), pk=pk)
    Notification.objects.for_bell(request.user).filter(pk=line.pk).mark_read()
    return redirect("notifications" if "stay" in request.POST else line.get_absolute_url())


@login_required
@require_POST
def notifications_read_all(request: HttpRequest) -> HttpResponse:
    Notification.objects.for_bell(request.user).mark_read()
    return redirect("notifications")


@login_required
@require_POST
def delivery_retry(request: HttpRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.visible_to(request.user), pk=pk)
    delivery.retry_by(request.user)
    return _told(request, delivery.handoff, delivery)


@login_required
@require_http_methods(["GET", "POST"])
def note_send(request: HttpRequest, pk: int) -> HttpResponse:
    """What the ticket note would say now, to be changed and posted."""
    handoff = get_object_or_404(Handoff.objects.visible_to(request.user).with_card(), pk=pk)
    form = NoteForm(request.POST) if request.method == "POST" else NoteForm(initial={"body": preview(handoff)})
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "notifications/note.html", {"handoff": handoff, "form": form}, status=status)
    note = Delivery.send_note(handoff, request.user, **form.cleaned_data)
    return _told(request, handoff, note)


def _told(request: HttpRequest, handoff: Handoff | None, delivery: Delivery) -> HttpResponse:
    """The region that shows how it goes; without HTMX, the page around it."""
    if request.htmx and handoff is not None:  # type: ignore[attr-defined]
        return render(request, "notifications/_told.html", {"handoff": handoff})
    return redirect((handoff or delivery.session).get_absolute_url() if handoff or delivery.session else "/")
