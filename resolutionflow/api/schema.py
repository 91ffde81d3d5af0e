"""What /api/schema/ says of an endpoint: taken from its spec and docstring, so that it is always true."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from resolutionflow.api.fields import Body, PersonOut
from resolutionflow.api.parsers import StrictForm, StrictJson


def _header(name: str, description: str, **which: Any) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=description, **which)


# What the bytes of a file are given as: a picture as what it is, anything else to be downloaded.
FILE_TYPES = ("application/octet-stream", "image/png", "image/jpeg", "image/gif", "image/webp")

_KEY = _header(
    "Idempotency-Key",
    "Any text up to 200 characters. For 24 hours the same key with the same request gives the first "
    "answer again and does nothing; with another request it is 409 `idempotency_mismatch`.",
)
_IF_MATCH = _header(
    "If-Match", "The `ETag` of what you read, in its quotes: 412 `precondition_failed` if it has changed since."
)
_ETAG = _header("ETag", "This version of the thing: for `If-Match` and `If-None-Match`.", response=[200])
_LOCATION = _header("Location", "Where it is found from now on.", response=[201])

RULES = """
Work a problem in a session, escalate it, claim it. Everything is of one account: yours.

**Authentication.** `Authorization: Bearer KEY`, or `Token KEY`; keys are made in the settings or by `manage.py
create_token`, to read, or to read and write; one of a session's page "Output of a script" adds steps to that session
and does nothing else. Or the session cookie of the pages, with its CSRF token. 401 without; 403 `not_allowed` for what
your role or token may not do. Another account's object is 404.

**Fields.** An answer has all its fields; what is empty is null. A person or team is `{"id", "name"}` in answers and
its id in requests; a priority is `urgent`, `high`, `normal` or `low`; times are ISO 8601 in UTC, a time without a zone
is read as UTC. A field or parameter that does not exist, or has the wrong type, is 400 `invalid` with `errors` by
field: nothing is guessed or dropped. An empty parameter is none. Characters nobody can see (control, bidi) are left
out of texts. Addresses are answered with and without the slash at their end.

**Lists** come in pages, `{"next", "previous", "results"}`, of `limit` rows (50, at most 200). Follow the links: a row
that arrives meanwhile shifts nothing.

**Versions.** One thing comes with an `ETag`; a PATCH with `If-Match` changes it only if it is still that version, else
it is 412 `precondition_failed` and nothing was changed. `If-None-Match` gives 304. What was made (201) says in
`Location` where it is. `X-Request-ID`, yours or a new one, comes back with every answer and stands in the server's
log.

**Errors** are JSON: `{"code", "detail", …}`. 409 `wrong_state` says where the thing stands; 409 `already_claimed` who
has it, with `claimed_by`, `claimed_at` and `now`; 403 `directed` for whom it is kept, with `widens_at`; 429 carries
`Retry-After`.

**Idempotency.** Any POST takes an `Idempotency-Key`: for 24 hours the same key with the same request gives the
first answer again and does nothing; with another request it is 409 `idempotency_mismatch`.

**Following.** `events/?after=SEQ` gives all that happened since, in order; `/ws/live/` pushes the same, as
JSON text frames: `ready` and `beat` say the newest `seq`, `event` is one event, `reload` that you missed too much to be
told; `{"type": "bell", "unread": 3}`, that your bell has changed, and of how many sessions it has unread lines, those
about none counted one by one. Send `{"type": "resume", "after": SEQ}` after a gap, and
`{"type": "watch", "session": 7}` or `"page": "queue"` for the page's fragments. A frame of yours that cannot be read is
answered with `{"type": "error", "code": "invalid", "detail": "…"}` (`too_large` over 4096 characters) and does nothing
else. A token goes into the `Authorization` header.

**Presence.** Send `{"type": "watch", "session": 7}`, or `"page": "people"` for every session, and `presence` frames
say who looks at it and who types: first all of it, with `"all": true`, then what changes, at most once a second:
`{"type": "presence", "sessions": [{"session": 7, "people": [{"id": 5, "name": "Bo Berg", "typing": true}]}]}`. Of a
crowd ten are named, whoever types first, and `more` counts the rest. To be seen there yourself, send
`{"type": "presence", "session": 7, "typing": false}` at each change and every 10 seconds; it ends after 25, when
the socket closes, or with `"session": null`. Nothing of this is stored.
""".strip()


def tell_rules(result: dict[str, Any], **context: Any) -> dict[str, Any]:
    """Puts what holds for every endpoint at the head of the description."""
    result["info"]["description"] = RULES
    return result


ERROR_CODES = [
    "invalid", "not_authenticated", "not_allowed", "directed", "not_found", "method_not_allowed", "wrong_state",
    "already_claimed", "busy", "idempotency_mismatch", "precondition_failed", "too_large", "unsupported_media_type",
    "throttled", "timeout", "unavailable", "error",
]  # fmt: skip


class ErrorOut(serializers.Serializer[Any]):
    """Every error: a code for programs, one sentence for people, and what else is known."""

    code = serializers.ChoiceField(choices=ERROR_CODES)
    detail = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="With `invalid`: what is wrong, by field; `options.0.value` is a field within a field.",
    )
    claimed_by = PersonOut(required=False, help_text="With `already_claimed`: who.")
    claimed_at = serializers.DateTimeField(required=False)
    now = serializers.DateTimeField(required=False, help_text="The server's clock, to say how long ago that was.")
    target = PersonOut(required=False, help_text="With `directed`: the person or team it is kept for.")
    widens_at = serializers.DateTimeField(required=False, help_text="With `directed`: until when.")


class EndpointSchema(AutoSchema):
    @property
    def handler(self) -> Any:
        return getattr(self.view, self.method.lower())

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        return str(super().get_serializer_name(serializer, direction)).removesuffix("Out")

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        """A field of a request that does not exist is an error, at any depth: the form of a body says so."""
        form = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]
        return {**form, "additionalProperties": False} if isinstance(serializer, Body) else form

    def get_summary(self) -> str:
        return str(self.handler.spec.summary)

    def get_description(self) -> str:  # type: ignore[override]
        return " ".join((self.handler.__doc__ or "").split())

    def get_tags(self) -> list[str]:
        return [self.handler.spec.tag]

    def get_operation_id(self) -> str:
        return str(self.handler.__name__).strip("_")

    def get_override_parameters(self) -> list[Any]:
        spec = self.handler.spec
        if self.method == "POST":
            return [_KEY, _LOCATION] if spec.status == 201 else [_KEY]
        if spec.query:
            return [spec.query]
        if spec.gives is None or self.method == "DELETE":
            return []
        return [_IF_MATCH, _ETAG] if self.method == "PATCH" else [_ETAG]

    def map_parsers(self) -> list[Any]:
        """A form where a file is sent; else JSON, and a form too where a script may send one."""
        spec = self.handler.spec
        if spec.takes is not None and spec.takes.is_form:
            return [MultiPartParser.media_type]
        return [StrictJson.media_type, StrictForm.media_type] if spec.by_script else [StrictJson.media_type]

    def get_request_serializer(self) -> Any:
        return self.handler.spec.takes

    def get_response_serializers(self) -> Any:
        spec = self.handler.spec
        writes = self.method != "GET"
        errors = [400, 401, 403, 404, 429, *([409, 413, 415] if writes else [])]
        errors += [412] if self.method == "PATCH" else []
        refused = dict.fromkeys(sorted(errors), ErrorOut)
        if spec.gives is None:
            return {(spec.status, *FILE_TYPES): OpenApiTypes.BINARY, **refused}
        return {spec.status: _page_of(spec.gives) if spec.is_list else spec.gives, **refused}


_pages: dict[type[Any], type[Any]] = {}


def _page_of(gives: type[Any]) -> type[Any]:
    if gives not in _pages:
        fields = {
            "__doc__": "One page of a list, and the addresses of the pages around it.",
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": gives(many=True),
        }
        _pages[gives] = type(f"{gives.__name__.removesuffix('Out')}Page", (serializers.Serializer,), fields)
    return _pages[gives]


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "resolutionflow.api.access.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A key made in the settings or by `manage.py create_token`: scope read, or read and "
            "write. Or one of a session's page, which adds steps to that session and does nothing else.",
        }
