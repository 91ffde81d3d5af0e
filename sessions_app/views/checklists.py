"""Checklists: the account's, in its settings, and put on the trail of a session."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from resolutionflow.web.requests import Request, form_page, form_status, submitted
from sessions_app.forms.checklist import ChecklistForm
from sessions_app.models import Checklist, Session


@form_page
def settings_checklists(request: Request) -> HttpResponse:
    """Leads add to them and change them, everybody reads them."""
    form = ChecklistForm(submitted(request), by=request.user)
    if request.method == "POST":
        request.user.must_lead()
        if form.is_valid():
            Checklist.add(request.user, **form.cleaned_data)
            return redirect("settings_checklists")
    context = {"form": form, "checklists": Checklist.objects.visible_to(request.user)}
    return render(request, "sessions_app/checklists.html", context, status=form_status(form))


@require_POST
def checklist_starters(request: Request) -> HttpResponse:
    request.user.must_lead()
    Checklist.add_starters(request.user)
    return redirect("settings_checklists")


@form_page
def settings_checklist(request: Request, pk: int) -> HttpResponse:
    checklist = get_object_or_404(Checklist.objects.visible_to(request.user), pk=pk)
    request.user.must_lead()
    form = ChecklistForm(submitted(request), by=request.user, checklist=checklist)
    if form.is_valid():
        checklist.change(request.user, **form.cleaned_data)
        return redirect("settings_checklists")
    context = {"form": form, "checklist": checklist}
    return render(request, "sessions_app/checklist.html", context, status=form_status(form))


@require_POST
def checklist_remove(request: Request, pk: int) -> HttpResponse:
    checklist = get_object_or_404(Checklist.objects.visible_to(request.user), pk=pk)
    checklist.remove(request.user)
    messages.success(request, f"Removed: {checklist}. Steps made from it stay.")
    return redirect("settings_checklists")


@require_POST
def checklist_use(request: Request, pk: int, checklist_pk: int) -> HttpResponse:
    """Its checks become to-do steps of the session."""
    request.user.must_work()
    session = get_object_or_404(Session.objects.visible_to(request.user), pk=pk)
    checklist = get_object_or_404(Checklist.objects.visible_to(request.user), pk=checklist_pk)
    steps = session.add_checklist(request.user, checklist)
    if not steps:
        messages.info(request, f"All checks of {checklist} are in this session already.")
    return redirect(f"{session.get_absolute_url()}?compose=1#{steps[0].ref if steps else 'composer'}")
