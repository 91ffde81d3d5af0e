"""Settings of a ticket system: who the members are there."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from resolutionflow.accounts.models import User
from resolutionflow.core.text import as_id
from resolutionflow.web.requests import Request, form_page, form_status, submitted
from sessions_app.forms.members import MembersForm
from sessions_app.models import MemberMapping, PsaConnection, TechnicianList, who_is_who

ASKS = 30  # times that a page asks for an answer, two seconds apart; then a reload asks again


@form_page
def psa_members(request: Request, pk: int) -> HttpResponse:
    connection = get_object_or_404(PsaConnection.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        request.user.must_administer()
    listed = _list(request, connection)
    mapped = who_is_who([connection], User.objects.visible_to(request.user).engineers())[connection.pk]
    form = MembersForm(submitted(request), mapped=mapped, technicians=listed.technicians)
    if form.is_valid():
        MemberMapping.choose(connection, request.user, form.chosen)
        return redirect("psa_members", pk)
    context = {"form": form, "is_opened": True, **_reading(request, listed, seen=_moment(listed))}
    return render(request, "sessions_app/psa_members.html", context, status=form_status(form))


@require_POST
def psa_members_read(request: Request, pk: int) -> HttpResponse:
    """Ask a worker to read the technicians again; the page shows when that is done."""
    connection = get_object_or_404(PsaConnection.objects.visible_to(request.user), pk=pk)
    request.user.must_administer()
    listed = TechnicianList.ask(connection)
    if not request.htmx:
        return redirect("psa_members", pk)
    return render(request, "sessions_app/_technicians.html", _reading(request, listed))


@require_safe
def psa_members_state(request: Request, pk: int) -> HttpResponse:
    """A fragment: how reading the technicians goes, for an open page."""
    connection = get_object_or_404(PsaConnection.objects.visible_to(request.user), pk=pk)
    return render(request, "sessions_app/_technicians.html", _reading(request, _list(request, connection)))


def _list(request: Request, connection: PsaConnection) -> TechnicianList:
    """The connection's; one that is not stored where it was never asked."""
    found = TechnicianList.objects.visible_to(request.user).filter(connection=connection).first()
    return found or TechnicianList(connection=connection, status=TechnicianList.Status.CANCELLED)


def _reading(request: Request, listed: TechnicianList, *, seen: int | None = None) -> dict[str, Any]:
    """`seen`: when the list was read that the page shows; else the page says it."""
    asks = min(as_id(request.GET.get("asks", "")) or 0, ASKS)
    seen = (as_id(request.GET.get("seen", "")) or 0) if seen is None else seen
    more = {"asks": asks + 1, "is_asked_again": asks < ASKS, "seen": seen, "has_news": _moment(listed) != seen}
    return {"connection": listed.connection, "listed": listed, **more}


def _moment(listed: TechnicianList) -> int:
    return round(listed.read_at.timestamp() * 1000) if listed.read_at else 0
