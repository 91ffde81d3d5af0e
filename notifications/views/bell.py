"""The bell, and the buttons beside deliveries."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from handoffs.models import Handoff
from notifications.forms.note import NoteForm
from notifications.models import Delivery, Notification
from notifications.note import note_preview
from resolutionflow.core import pagination
from resolutionflow.core.text import as_id
from resolutionflow.web.requests import Request, form_page, form_status
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
    return _notified(request, delivery.handoff, delivery)


@require_POST
def notes_retry(request: Request, pk: int) -> HttpResponse:
    """Send all failed notes of a ticket system again."""
    connection = get_object_or_404(PsaConnection.objects.visible_to(request.user), pk=pk)
    Delivery.retry_notes(connection, request.user)
    return redirect("settings_psa")


@form_page
def note_send(request: Request, pk: int) -> HttpResponse:
    """A form with the ticket note as it would be now, to be changed and posted."""
    if request.method == "POST":
        request.user.must_work()
    handoff = get_object_or_404(Handoff.objects.visible_to(request.user).with_card(), pk=pk)
    form = NoteForm(request.POST) if request.method == "POST" else NoteForm(initial={"body": note_preview(handoff)})
    if not form.is_valid():
        return render(request, "notifications/note.html", {"handoff": handoff, "form": form}, status=form_status(form))
    note = Delivery.send_note(handoff, request.user, **form.cleaned_data)
    return _notified(request, handoff, note)


def _notified(request: Request, handoff: Handoff | None, delivery: Delivery) -> HttpResponse:
    """The region that shows how deliveries went; without HTMX, the page around it."""
    if request.htmx and handoff is not None:
        return render(request, "notifications/_notified.html", {"handoff": handoff})
    about = handoff or delivery.session
    return redirect(about.get_absolute_url() if about else "/")
