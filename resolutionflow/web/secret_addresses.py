"""Addresses that hold a secret, declared as `path("x/<secret:key>/", …)`: no line of a log shows it.

It is hidden by the shape of the address in any text: also where the address led nowhere, lacked its slash, or stands in
a traceback.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.urls import URLPattern, URLResolver, register_converter
from django.urls.converters import StringConverter

from resolutionflow.ops import logs


class SecretConverter(StringConverter):
    """An argument of an address that gives access to whoever knows it."""


register_converter(SecretConverter, "secret")

_PARTS = re.compile(r"<(?:(\w+):)?\w+>|([^<]+)")
_ANY, _HELD = r"[^/\s]+", r"[^/\s\"'<>?#]+"


def keep_secrets_out_of_logs(patterns: Iterable[URLPattern | URLResolver]) -> None:
    """Call once, with every address of the site: from then on the log hides their secrets."""
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
    """For each secret in a route such as `/password/<slug:uid>/<secret:key>/`, an expression that matches what stands
    before it, and it."""
    found, before = [], "/+"
    for converter, text in _PARTS.findall(route):
        if converter == "secret":
            found.append(re.compile(f"({before}){_HELD}", re.I))
        before += "/+".join(re.escape(part) for part in text.split("/")) if text else _ANY
    return found
