"""Time worked on a session: what there is to log, and what was logged already."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from handoffs.worked_time import worked_time
from notifications import note
from notifications.forms.time import TimeForm
from notifications.models import Delivery
from resolutionflow.core.redaction import counted, in_words
from resolutionflow.web.requests import Request, form_page, form_status, submitted
from sessions_app.models import Session


@form_page
def session_time(request: Request, pk: int) -> HttpResponse:
    request.user.must_work()
    session = get_object_or_404(Session.objects.visible_to(request.user).with_page(), pk=pk)
    connection = session.psa_connection
    unit = connection.time_unit if connection else 1
    newest = Delivery.newest_logged(session, request.user)
    worked = worked_time(session, request.user, logged_at=newest.created_at if newest else None)
    initial = {}
    if request.method != "POST":
        initial = {"minutes": worked.rounded(unit), "text": note.what_was_done(session, request.user)}
    form = TimeForm(submitted(request), initial=initial, session=session, user=request.user)
    if form.is_valid():
        sent = Delivery.send_time(session, request.user, **form.cleaned_data)
        said = f"{sent.minutes} min are on their way into ticket #{sent.address.lstrip('#')}."
        messages.success(request, f"{said} {in_words(counted(sent.body))}".strip())
        return redirect(session)
    text = form.cleaned_data.get("text", "") if form.is_bound else form.initial["text"]
    context = {
        "session": session,
        "form": form,
        "left_out": in_words(counted(note.outgoing_text(text))),
        "how": worked.in_words(unit),
        "signature": note.signature(connection, request.user) if connection else "",
        "logged": session.deliveries.times(),
        "newest": newest,
        "total": session.deliveries.logged().aggregate(minutes=Sum("minutes"))["minutes"],
    }
    return render(request, "notifications/time.html", context, status=form_status(form))
