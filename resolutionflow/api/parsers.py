"""What counts as the body of an API request, and JSON as the answer whatever a client accepts."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser, JSONParser, MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from resolutionflow.core.text import clean, in_json

UTF_8 = ("utf-8", "utf8", "us-ascii")
FIELDS = 50  # of one form
DIGITS = 1000  # of one whole number


class StrictJson(JSONParser):
    """Parses one JSON object. What Python takes beyond JSON (NaN, a name given twice) is an error."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> dict[str, Any]:
        try:
            sent = json.loads(
                stream.read().decode(), parse_int=_parse_int, parse_constant=_not_json, object_pairs_hook=_each_once
            )
        except (ValueError, RecursionError) as error:
            raise ParseError(f"This is not JSON: {clean(str(error))[:100]}.") from error
        if not isinstance(sent, dict):
            raise ParseError('A request is a JSON object: {"field": "value"}.')
        return sent


def _parse_int(digits: str) -> int:
    """A whole number of at most DIGITS digits: Python takes time by the square of them, and beyond some thousands
    raises an error of its own."""
    if len(digits) > DIGITS:
        raise ValueError(f"a number has at most {DIGITS} digits")
    return int(digits)


def _not_json(word: str) -> None:
    raise ValueError(f"{word} is not a number in JSON")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object's pairs as a dict; an error where a name comes twice, because one of its values would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name occurs twice")
    return found


class StrictForm(BaseParser):
    """Parses a form into one value a name, as JSON gives them; an error where a name comes twice."""

    media_type = "application/x-www-form-urlencoded"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> dict[str, Any]:
        try:
            sent = parse_qsl(stream.read().decode(), keep_blank_values=True, max_num_fields=FIELDS, errors="strict")
            return _each_once(sent)
        except ValueError as error:
            raise ParseError(f"This is not a form: {clean(str(error))[:100]}.") from error


class ExactJson(JSONRenderer):
    """JSON in which what would control a terminal is spelled out: a client reads the very text that was stored."""

    def render(self, data: Any, *args: Any, **options: Any) -> bytes:
        return in_json(super().render(data, *args, **options).decode()).encode()


class AlwaysJson(BaseContentNegotiation):
    """Answers in JSON, errors too, whatever a client accepts; takes a body without a content type for JSON. A form is
    taken by what a script sends alone: elsewhere it would only be an error that is found late."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        kind = (request.content_type or "").split(";")[0].strip().lower()
        charset = (request._request.content_params or {}).get("charset", "utf-8").lower()
        if charset not in UTF_8:
            raise UnsupportedMediaType(charset, detail=f"JSON is sent in UTF-8, not {clean(charset)[:100]}.")
        if isinstance(parsers[0], MultiPartParser):
            return _multipart(kind, parsers[0])
        if kind in ("", "application/json") or kind.endswith("+json"):
            return parsers[0]
        if kind == StrictForm.media_type and len(parsers) > 1:
            return parsers[1]
        detail = f"A request is a JSON object, sent with Content-Type: application/json, not {clean(kind)[:100]}."
        raise UnsupportedMediaType(kind, detail=detail)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


def _multipart(kind: str, parser: MultiPartParser) -> MultiPartParser:
    if kind != "multipart/form-data":
        detail = f"A file is sent as a form, with Content-Type: multipart/form-data, not {clean(kind)[:100]}."
        raise UnsupportedMediaType(kind, detail=detail)
    return parser
