"""Settings of ticket systems: connect, change, check."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from resolutionflow.web.requests import Request, form_page, form_status, submitted
from sessions_app.forms.psa import PsaForm
from sessions_app.models import ConnectionCheck, PsaConnection, count_unmapped
from sessions_app.psa import CHOICES, PROVIDERS


@require_safe
def settings_psa(request: Request) -> HttpResponse:
    connections = list(PsaConnection.objects.visible_to(request.user).with_check().with_failed())
    count_unmapped(connections, request.user)
    return render(request, "sessions_app/psa.html", {"connections": connections, "kinds": CHOICES})


@form_page
def psa_new(request: Request, kind: str) -> HttpResponse:
    request.user.must_administer()
    if kind not in PROVIDERS:
        raise Http404
    form = PsaForm(submitted(request), by=request.user, kind=kind)
    if form.is_valid():
        connection = PsaConnection.connect(request.user, kind=kind, **form.cleaned_data)
        ConnectionCheck.ask(connection, request.user)
        return redirect("settings_psa")
    return render(request, "sessions_app/psa_form.html", {"form": form}, status=form_status(form))


@form_page
def psa_change(request: Request, pk: int) -> HttpResponse:
    connection = get_object_or_404(PsaConnection.objects.visible_to(request.user), pk=pk)
    request.user.must_administer()
    form = PsaForm(
        submitted(request),
        by=request.user,
        kind=connection.kind,
        connection=connection,
        initial={
            "name": connection.name,
            "base_url": connection.address,
            "is_active": connection.is_active,
            "calls_per_minute": connection.calls_per_minute,
            "time_unit": connection.time_unit,
        },
    )
    if form.is_valid():
        connection.change(request.user, **form.cleaned_data)
        if connection.is_active:
            ConnectionCheck.ask(connection, request.user)
        return redirect("settings_psa")
    return render(request, "sessions_app/psa_form.html", {"form": form}, status=form_status(form))


@require_POST
def psa_check(request: Request, pk: int) -> HttpResponse:
    """Ask a worker to check the ticket system; the page shows the result when it comes."""
    connection = get_object_or_404(PsaConnection.objects.visible_to(request.user), pk=pk)
    ConnectionCheck.ask(connection, request.user)
    return redirect("settings_psa")


@require_safe
def psa_state(request: Request, pk: int) -> HttpResponse:
    """One connection and the state of its check: the page asks for it while a check runs."""
    connection = get_object_or_404(PsaConnection.objects.visible_to(request.user).with_check().with_failed(), pk=pk)
    count_unmapped([connection], request.user)
    return render(request, "sessions_app/_psa_connection.html", {"connection": connection})
