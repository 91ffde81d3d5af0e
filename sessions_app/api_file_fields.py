"""What the API reads and writes of pictures and files."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from resolutionflow.api.endpoint import ROOT
from resolutionflow.api.fields import (
    Body,
    NullableIdField,
    NullableTextField,
    Output,
    TimeField,
    VisibleIdFormField,
    person_field,
)
from sessions_app.models import Message, Step, StoredFile, with_files


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
    thumbnail = NullableTextField(
        source="thumbnail_address", help_text="Where a small picture of it is; null where it is no picture, or removed."
    )

    def to_representation(self, instance: Any) -> Any:
        here = "" if instance.removed_at else f"{ROOT}sessions/{instance.session_id}/files/{instance.pk}/"
        instance.address = here and f"{here}content/"
        instance.thumbnail_address = f"{here}thumbnail/" if here and instance.is_picture else ""
        return super().to_representation(instance)


class HasFilesOut(Output):
    """What files belong to: a step or a message, which names them as `files`."""

    @classmethod
    def load(cls, rows: list[Any]) -> None:
        with_files(rows)
