"""Pages of pictures and files: the bytes, and the question before one is removed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from resolutionflow.web.requests import Request, form_page
from sessions_app.files.serving import served, served_thumbnail
from sessions_app.models import SessionFile


@require_safe
def file(request: Request, pk: int, file_pk: int) -> HttpResponse:
    return served(_file(request, pk, file_pk))


@require_safe
def file_thumbnail(request: Request, pk: int, file_pk: int) -> HttpResponse:
    return served_thumbnail(_file(request, pk, file_pk))


@form_page
def file_remove(request: Request, pk: int, file_pk: int) -> HttpResponse:
    if request.method == "POST":
        request.user.must_work()
    file = _file(request, pk, file_pk)
    place = f"{file.session.get_absolute_url()}{file.place}"
    if request.method == "POST":
        file.remove(request.user)
        return redirect(place)
    if not file.may_be_removed_by(request.user):
        return redirect(place)
    return render(request, "sessions_app/file_remove.html", {"session": file.session, "file": file})


def _file(request: Request, pk: int, file_pk: int) -> SessionFile:
    found: SessionFile = get_object_or_404(
        SessionFile.objects.visible_to(request.user).select_related("session", "step", "message", "removed_by"),
        session=pk,
        pk=file_pk,
    )
    return found
