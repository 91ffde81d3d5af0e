"""The API of pictures and files of a session."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from resolutionflow.api.endpoint import ROOT, ApiRequest, endpoint, must_be_given_once
from resolutionflow.api.fields import (
    Body,
    NullableIdField,
    NullableTextField,
    Output,
    Query,
    TimeField,
    VisibleIdFormField,
    person_field,
)
from sessions_app.api import TAG, must_take_file_now, session_of
from sessions_app.files import reading
from sessions_app.files.serving import served
from sessions_app.models import Message, Session, SessionFile, Step, StoredFile

MISSING = "Send a file, as the form's field `file`."


@extend_schema_field(OpenApiTypes.BINARY)
class UploadField(serializers.Field[Any, Any, Any, Any]):
    """A file that was sent, as `read_upload` has stored it."""

    def to_internal_value(self, data: Any) -> StoredFile:
        stored: StoredFile = data.stored
        return stored


class FileBody(Body):
    is_form = True

    file = UploadField()
    step = VisibleIdFormField(Step, required=False, help_text="The step of the session that it belongs to.")
    message = VisibleIdFormField(Message, required=False, help_text="Or the message.")


class FileOut(Output):
    """A picture or another file of a session."""

    location = "sessions/{pk}/files/{id}/"

    id = serializers.IntegerField()
    name = serializers.CharField(help_text="As it came, with an ending that fits what it is.")
    content_type = serializers.CharField(help_text="What it is, by its content.")
    size = serializers.IntegerField(help_text="In bytes.")
    sha256 = serializers.CharField(help_text="Of what is stored: a picture is made anew.")
    width = serializers.IntegerField(allow_null=True, help_text="Of a picture, in pixels.")
    height = serializers.IntegerField(allow_null=True)
    step = NullableIdField(source="step_id")
    message = NullableIdField(source="message_id")
    author = person_field()
    created_at = TimeField()
    removed_at = TimeField(allow_null=True)
    removed_by = person_field()
    content = NullableTextField(source="address", help_text="Where its bytes are; null once it is removed.")

    def to_representation(self, instance: Any) -> Any:
        gone = instance.removed_at is not None
        instance.address = "" if gone else f"{ROOT}sessions/{instance.session_id}/files/{instance.pk}/content/"
        return super().to_representation(instance)


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
