"""What the API reads and writes: strict fields in, named things out. A wrong type is an error, never coerced."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC
from typing import Any, ClassVar

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from resolutionflow.core.text import LINE, LONG, NOTE, SHORT, as_id, as_it_came, clean, one_line

# --- in ----------------------------------------------------------------------------------------


class Body(serializers.Serializer[Any]):
    """A request's fields. Unknown ones are an error: a misspelt name must not be lost in silence."""

    is_form: ClassVar[bool] = False  # whether it is sent as a form (multipart), because it has a file

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [str(name) for name in data if name not in self.fields]
            if unknown:
                raise serializers.ValidationError({clean(name)[:100]: ["There is no such field."] for name in unknown})
        return super().to_internal_value(data)


class StrictTextField(serializers.CharField):
    """Text as typed, less what nobody can see. Null counts as empty. Numbers are not text."""

    def __init__(self, *, max_length: int = NOTE, **options: Any) -> None:
        if not options.get("required", True):
            options = {"allow_blank": True, "allow_null": True, **options}
        super().__init__(max_length=max_length, trim_whitespace=False, **options)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is None and self.allow_null:
            return ""
        if data is not serializers.empty and data is not None:
            if not isinstance(data, str):
                raise serializers.ValidationError(["This must be text."])
            data = self.cleaned(data)
        return super().run_validation(data)

    def cleaned(self, text: str) -> str:
        return clean(text)


class StrictLineField(StrictTextField):
    """Text in one line."""

    def __init__(self, *, max_length: int = SHORT, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)

    def cleaned(self, text: str) -> str:
        return one_line(text)


class StrictOutputField(StrictTextField):
    """What a machine printed: taken as it came, but for line ends and NUL."""

    def __init__(self, *, max_length: int = LONG, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)

    def cleaned(self, text: str) -> str:
        return as_it_came(text)


class StrictChoiceField(serializers.ChoiceField):
    """One of a few words."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            raise serializers.ValidationError(["This must be one of the words: " + ", ".join(map(str, self.choices))])
        return super().to_internal_value(clean(data))  # the error repeats it


class StrictBooleanField(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            raise serializers.ValidationError(["This must be true or false."])
        return data


class StrictNumberField(serializers.IntegerField):
    """A whole number. Text that looks like one is none."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            raise serializers.ValidationError(["This must be a whole number."])
        return super().to_internal_value(data)


class FractionField(serializers.FloatField):
    """A number from 0 to 1."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=1, **options)

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            raise serializers.ValidationError(["This must be a number."])
        return super().to_internal_value(data)


class TimeField(serializers.DateTimeField):
    """A time in ISO 8601, in and out in UTC; without a zone it is read as UTC."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


class VisibleIdField(serializers.PrimaryKeyRelatedField):
    """The id of something of the caller's account. Another account's is as unknown as one that never was."""

    default_error_messages = {"does_not_exist": "There is nothing with this id."}

    def __init__(self, model: type[models.Model], **options: Any) -> None:
        self.model = model
        super().__init__(queryset=model._default_manager.none(), **options)

    def get_queryset(self) -> Any:
        user = self.context["request"].user
        return self.model._default_manager.visible_to(user)  # type: ignore[attr-defined]

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int):
            raise serializers.ValidationError(["This must be an id, a number."])
        return super().to_internal_value(data)

    def use_pk_only_optimization(self) -> bool:
        return False


class VisibleIdFormField(VisibleIdField):
    """The same in a form, where everything is text."""

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(as_id(str(data)))


# --- filters -----------------------------------------------------------------------------------


class Query(Body):
    """A list's parameters, and which page of it."""

    several: ClassVar[Collection[str]] = ()  # parameters of several words

    def to_internal_value(self, data: Any) -> Any:
        """A known parameter that is empty is none."""
        return super().to_internal_value(
            {name: data[name] for name in data if clean(data[name]) or name not in self.fields}
        )

    cursor = serializers.CharField(required=False, help_text="From the links `next` and `previous`.")
    limit = serializers.IntegerField(required=False, min_value=1, max_value=200, help_text="Rows a page; 50.")


class PersonFilter(serializers.CharField):
    """A person's id, or `me`."""

    not_one = "This must be an id or `me`."

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, help_text=options.pop("help_text", "A person's id, or `me`."), **options)

    def to_internal_value(self, data: Any) -> int:  # type: ignore[override]
        if data == "me":
            return int(self.context["request"].user.pk)
        pk = as_id(str(data))
        if pk is None:
            raise serializers.ValidationError([self.not_one])
        return pk


class IdFilter(serializers.IntegerField):
    """An id. One no row can have finds nothing, like any other unknown one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def to_internal_value(self, data: Any) -> int:
        pk = super().to_internal_value(data)
        return pk if 0 < pk < 2**63 else 0


class SearchField(serializers.CharField):
    """Words to look for; what nobody can see is left out."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=LINE, **options)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(one_line(data) if isinstance(data, str) else data)


# --- out ---------------------------------------------------------------------------------------


class Output(serializers.Serializer[Any]):
    """How a thing looks in an answer. All its fields are always there; empty is null."""

    location: ClassVar[str] = ""  # where it is found, by the ids in the request's address (`pk`) and its own fields

    def __init__(self, *args: Any, **options: Any) -> None:
        # What may be absent is described as such only if it does not count as read-only.
        super().__init__(*args, read_only="required" not in options, **options)

    @classmethod
    def load(cls, rows: list[Any]) -> None:
        """Hang on to `rows` what they show beside themselves, in a constant number of queries."""


class RedactedOut(Output):
    """What of a text is not sent: the kinds of its secrets, and how many."""

    redacted = serializers.ListField(
        child=serializers.CharField(),
        help_text="The kinds of secrets left out: password, token, card number and so on.",
    )
    redacted_count = serializers.IntegerField(help_text="How many secrets were left out: the same one twice is one.")


@extend_schema_field({"type": ["string", "null"]})
class NullableTextField(serializers.Field[Any, Any, Any, Any]):
    """Text, or null."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def to_representation(self, value: Any) -> str | None:
        return str(value) or None


@extend_schema_field({"type": ["integer", "null"]})
class NullableIdField(serializers.Field[Any, Any, Any, Any]):
    """An id, or null."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def to_representation(self, value: Any) -> Any:
        return value


class NullableChoiceField(serializers.ChoiceField):
    """One of a few words, or null."""

    def __init__(self, choices: Any, **options: Any) -> None:
        super().__init__(choices=choices, allow_null=True, **options)

    def to_representation(self, value: Any) -> Any:
        return str(value) or None


class StoredJson(Output):
    """JSON of a known shape, shown as it is stored."""

    def to_representation(self, instance: Any) -> Any:
        return instance


class PersonOut(Output):
    """Who or what, by name."""

    id = serializers.IntegerField()
    name = serializers.CharField()

    def to_representation(self, instance: Any) -> dict[str, Any]:  # the hot one: five in every handoff
        return {"id": instance.pk, "name": instance.name}


class TeamOut(PersonOut):
    """A team."""


def person_field(**options: Any) -> PersonOut:
    return PersonOut(allow_null=True, **options)


def team_field(**options: Any) -> TeamOut:
    return TeamOut(allow_null=True, **options)
