"""The note for the ticket: looked at, changed and posted, of a handoff or of a session."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from handoffs.models import Handoff
from notifications import note
from notifications.forms.note import NoteForm
from notifications.models import Delivery
from resolutionflow.accounts.models import Event
from resolutionflow.core.redaction import counted, in_words
from resolutionflow.web.requests import Request, form_page, form_status, submitted
from sessions_app.models import Session
from sessions_app.psa import TextPart


@form_page
def handoff_note(request: Request, pk: int) -> HttpResponse:
    request.user.must_work()
    handoff = get_object_or_404(Handoff.objects.visible_to(request.user).with_card(), pk=pk)
    return _note(request, handoff.session, handoff)


@form_page
def session_note(request: Request, pk: int) -> HttpResponse:
    request.user.must_work()
    return _note(request, get_object_or_404(Session.objects.visible_to(request.user).with_page(), pk=pk))


@require_safe
def escalation_note(request: Request, pk: int) -> HttpResponse:
    return _coming_note(request, pk, "handoff.escalated")


@require_safe
def resolution_note(request: Request, pk: int) -> HttpResponse:
    return _coming_note(request, pk, "session.resolved")


def _coming_note(request: Request, pk: int, kind: str) -> HttpResponse:
    """What is posted by itself when the session is escalated or resolved, to be looked at before."""
    session = get_object_or_404(Session.objects.visible_to(request.user).with_page(), pk=pk)
    connection = session.psa_connection
    is_posted = connection is not None and session.takes_notes and connection.posts_about(kind)
    text = note.coming_note(kind, session, request.user)
    subject = Delivery(event=Event(kind=kind)).subject
    parts = connection.note_parts(text, subject) if connection is not None else [TextPart(text, "", "")]
    context = {"session": session, "kind": kind, "is_posted": is_posted, "parts": parts}
    context["left_out"] = in_words(counted(text))
    return render(request, "notifications/coming_note.html", context)


def _note(request: Request, session: Session, handoff: Handoff | None = None) -> HttpResponse:
    """The form with the note as it would be now; by Preview, with what is typed as it would be posted."""
    about, connection = handoff or session, session.psa_connection
    initial = {} if request.method == "POST" else {"body": note.note_preview(about)}
    form = NoteForm(submitted(request), initial=initial, session=session)
    if form.is_valid() and not form.cleaned_data.pop("look"):
        sent = Delivery.send_note(session, request.user, handoff=handoff, **form.cleaned_data)
        messages.success(request, _said(sent))
        return redirect(about)
    context: dict[str, Any] = {"session": session, "about": about, "form": form}
    if connection is not None and session.takes_notes:
        text = form.cleaned_data.get("body") if form.is_bound else form.initial["body"]
        leaves = note.signed(text, connection, request.user) if text else ""
        subject = Delivery(internal=not form["client_may_read"].value()).subject
        context |= {
            "signature": note.signature(connection, request.user),
            "parts": connection.note_parts(leaves, subject) if leaves else [],
            "left_out": in_words(counted(leaves)),
        }
    return render(request, "notifications/note.html", context, status=form_status(form))


def _said(sent: Delivery) -> str:
    to = f"The note is on its way into ticket #{sent.address.lstrip('#')}"
    where = "." if sent.internal else ", where the client sees it."
    return f"{to}{where} {in_words(counted(sent.body))}".strip()
