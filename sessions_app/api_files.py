"""The API of pictures and files of a session."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from resolutionflow.api.endpoint import ApiRequest, endpoint, must_be_given_once
from resolutionflow.api.fields import Query
from sessions_app.api import TAG, must_take_file_now, session_of
from sessions_app.api_file_fields import FileBody, FileOut
from sessions_app.files import reading
from sessions_app.files.serving import served, served_thumbnail
from sessions_app.models import Session, SessionFile, StoredFile

MISSING = "Send a file, as the form's field `file`."


def file_of(request: ApiRequest, pk: int, file_pk: int) -> SessionFile:
    session = session_of(request, pk)
    file: SessionFile = get_object_or_404(session.files.select_related("author", "removed_by"), pk=file_pk)
    file.session = session
    return file


def read_upload(request: ApiRequest, session: Session) -> None:
    """Look at the file and store it: `add_file` makes its row. Asked first whether it would be taken at all."""
    must_take_file_now(request, session)
    must_be_given_once(dict(request.data.lists()) if isinstance(request.data, QueryDict) else {})
    upload = request.FILES.get("file")
    if "file" in request.data and not isinstance(upload, UploadedFile):
        raise serializers.ValidationError({"file": [MISSING]})
    if isinstance(upload, UploadedFile):
        with reading.in_turn():
            upload.stored = StoredFile(session.account_id, reading.readied(upload))  # type: ignore[attr-defined]


@endpoint(tag=TAG, of=session_of, summary="Files of a session", gives=FileOut, query=Query, order=("id",))
def session_files(request: ApiRequest, session: Session) -> QuerySet[SessionFile]:
    """In the order they came, those that were removed among them."""
    files: QuerySet[SessionFile] = session.files.select_related("author", "removed_by")
    return files


@endpoint(tag=TAG, of=session_of, summary="Add a file", gives=FileOut, takes=FileBody, status=201, prepare=read_upload)
def add_file(request: ApiRequest, session: Session, *, file: StoredFile, **place: Any) -> SessionFile:
    """One file a request, as `multipart/form-data`, to a step or a message or the session as a whole; by any engineer,
    unless the session is resolved or abandoned. Its content decides what it is. Pictures (PNG, JPEG, GIF, WebP; at most
    40 million pixels) are made anew: location and whatever else is hidden in them is gone. PDF, text and logs, office
    documents, mails, archives, network captures, event logs and dumps are kept byte by byte; HTML, SVG and scripts as
    text, with `.txt` at the end of their names. Programs and anything unknown are refused: pack them into a zip. A
    session keeps at most 200 files."""
    return session.add_file(request.user, stored=file, **place)


@endpoint(tag=TAG, of=file_of, summary="A file", gives=FileOut)
def show_file(request: ApiRequest, file: SessionFile) -> None:
    """What is known of it; its bytes are at `content`."""


@endpoint(tag=TAG, of=file_of, summary="Remove a file", gives=FileOut)
def remove_file(request: ApiRequest, file: SessionFile) -> None:
    """By its author or a lead, also once the session is resolved. The bytes are deleted for good; name and event
    stay."""
    file.remove(request.user)


@endpoint(tag=TAG, of=file_of, summary="The bytes of a file", gives=None)
def file_content(request: ApiRequest, file: SessionFile) -> HttpResponse:
    """To be shown where it is a picture, else to be downloaded. 404 once it is removed."""
    return served(file)


@endpoint(tag=TAG, of=file_of, summary="A small picture of a file", gives=None)
def file_thumbnail(request: ApiRequest, file: SessionFile) -> HttpResponse:
    """WebP, at most 320 × 240 pixels. 404 where it is no picture, or once it is removed."""
    return served_thumbnail(file)
