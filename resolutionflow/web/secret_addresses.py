"""Addresses that hold a secret. They are declared: `path("x/<secret:key>/", …)`; no log line shows what stood there.

Hidden by the shape of the address, in whatever text it stands: also where it led nowhere, a slash was missing, or a
traceback quotes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.urls import URLPattern, URLResolver, register_converter
from django.urls.converters import StringConverter

from resolutionflow.ops import logs


class SecretConverter(StringConverter):
    """An argument that opens something for whoever knows it."""


register_converter(SecretConverter, "secret")

_PARTS = re.compile(r"<(?:(\w+):)?\w+>|([^<]+)")
_ANY, _HELD = r"[^/\s]+", r"[^/\s\"'<>?#]+"


def keep_secrets_out_of_logs(patterns: Iterable[URLPattern | URLResolver]) -> None:
    """To be called with every address of the site, once they are known."""
    for route in _routes(patterns, ""):
        logs.hide_what_follows(_patterns_before_secrets(route))


def _routes(patterns: Iterable[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        elif "<secret:" in route:
            yield route


def _patterns_before_secrets(route: str) -> list[re.Pattern[str]]:
    """`/password/<slug:uid>/<secret:key>/` as one expression for each secret: what stands before it, and the secret."""
    found, before = [], "/+"
    for converter, text in _PARTS.findall(route):
        if converter == "secret":
            found.append(re.compile(f"({before}){_HELD}", re.I))
        before += "/+".join(re.escape(part) for part in text.split("/")) if text else _ANY
    return found
