"""/api/docs/: the API's description as a page for people, made of what /api/schema/ tells programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

Json = dict[str, Any]
LIMITS = {"maxLength": "at most {} characters", "minimum": "from {}", "maximum": "to {}"}
SAMPLES = {"integer": 42, "boolean": True, "array": [], "object": {}}


class FieldEntry(NamedTuple):
    name: str
    type: SafeString
    required: bool
    help: SafeString


class ResponseEntry(NamedTuple):
    statuses: list[str]
    type: SafeString
    fields: list[str]


class ReferenceEntry(NamedTuple):
    """What the page unfolds: an operation, or (without a method) a schema of its answers."""

    id: str
    method: str
    title: str
    summary: str
    text: SafeString
    parts: dict[str, list[FieldEntry]]
    answers: list[ResponseEntry]
    path: str = ""
    body: str = ""


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "api_docs.html", {"reference": reference(), "site": settings.SITE_URL})


@cache  # the description changes with the code only
def reference() -> Reference:
    return Reference(SchemaGenerator().get_schema(request=None, public=True))


class Reference:
    def __init__(self, schema: Json) -> None:
        self.schemas: dict[str, Json] = schema["components"]["schemas"]
        self.intro = [prose(paragraph) for paragraph in schema["info"]["description"].split("\n\n")]
        self.groups: dict[str, list[ReferenceEntry]] = {}
        self.bodies: set[str] = set()  # told where they are taken
        for path, methods in schema["paths"].items():
            for method, operation in methods.items():
                self.groups.setdefault(operation["tags"][0], []).append(self.operation(method, path, operation))
        self.groups["schemas"] = [self.object(name) for name in self.schemas if self.is_object(name)]

    def operation(self, method: str, path: str, said: Json) -> ReferenceEntry:
        body = content(said.get("requestBody", {}))
        takes = self.opened(body)
        self.bodies.add(body.get("$ref", "").rpartition("/")[2])
        parameters = [self.field(one["name"], one, one["schema"]) for one in said.get("parameters", [])]
        parts = {"Parameters": parameters, "Request": self.fields(takes)}
        return ReferenceEntry(
            said["operationId"], method.upper(), path, said["summary"], prose(said["description"]), parts,
            self.answers(said["responses"]), re.sub(r"{\w+}", "42", path), self.sample(takes),
        )  # fmt: skip

    def object(self, name: str) -> ReferenceEntry:
        fields, text = self.fields(self.schemas[name]), self.schemas[name].get("description", "")
        return ReferenceEntry(name, "", name, "", prose(text), {"Fields": fields}, [])

    def is_object(self, name: str) -> bool:
        return "properties" in self.schemas[name] and not name.endswith("Page") and name not in self.bodies

    def opened(self, form: Json) -> Json:
        """The form itself, where it only names one."""
        return self.schemas[form["$ref"].rpartition("/")[2]] if "$ref" in form else form

    def fields(self, form: Json) -> list[FieldEntry]:
        required = form.get("required", [])
        return [self.field(name, {**one, "required": name in required}, one) for name, one in properties(form)]

    def field(self, name: str, said: Json, form: Json) -> FieldEntry:
        return FieldEntry(name, self.type(form), bool(said.get("required")), prose(said.get("description", "")))

    def answers(self, responses: Json) -> list[ResponseEntry]:
        """By status; those alike, as errors are, together."""
        alike: dict[SafeString, ResponseEntry] = {}
        for status, said in sorted(responses.items()):
            form = content(said)
            new = ResponseEntry([], self.type(form), [name for name, _ in properties(self.opened(form))])
            alike.setdefault(new.type, new).statuses.append(status)
        return list(alike.values())

    def type(self, form: Json) -> SafeString:
        """`date-time or null`, `list of Person`: objects lead to their fields."""
        if name := form.get("$ref", "").rpartition("/")[2]:
            return self.named(name)
        if choices := form.get("allOf") or form.get("oneOf"):
            return joined(" or ", map(self.type, choices))
        if "enum" in form:
            return joined(", ", (format_html("<code>{}</code>", json.dumps(one).strip('"')) for one in form["enum"]))
        if "items" in form:
            return format_html("list of {}", self.type(form["items"]))
        limits = [said.format(form[limit]) for limit, said in LIMITS.items() if limit in form]
        return joined(", ", [" or ".join(kinds(form)), *limits])

    def named(self, name: str) -> SafeString:
        if "properties" not in self.schemas[name]:
            return self.type(self.schemas[name])
        if name.endswith("Page"):
            return format_html("a page of {}", self.type(self.schemas[name]["properties"]["results"]["items"]))
        return format_html('<a href="#{0}">{0}</a>', name)

    def sample(self, form: Json) -> str:
        """A body to try: what must be there, or else one field."""
        wanted = form.get("required") or [name for name, _ in properties(form)][:1]
        return (
            json.dumps({name: self.value(form["properties"][name]) for name in wanted}, ensure_ascii=False)
            if wanted
            else ""
        )

    def value(self, form: Json) -> Any:
        form = self.opened((form.get("allOf") or form.get("oneOf") or [form])[0])
        if "enum" in form:
            return form["enum"][0]
        kind = kinds(form)[0]
        return SAMPLES.get(kind, "2027-01-04T09:00:00Z" if kind == "date-time" else "…")


def content(said: Json) -> Json:
    form: Json = said.get("content", {}).get("application/json", {}).get("schema", {})
    return form


def properties(form: Json) -> Iterable[tuple[str, Json]]:
    found: Json = form.get("properties", {})
    return found.items()


def kinds(form: Json) -> list[str]:
    types = form.get("type", "any JSON")
    names: list[str] = types if isinstance(types, list) else [types]
    return [str(form.get("format", name)) if name == "string" else name for name in names]


def joined(by: str, parts: Iterable[str]) -> SafeString:
    return format_html_join(by, "{}", ([part] for part in parts))


def prose(text: str) -> SafeString:
    """The two marks of Markdown the descriptions use: **strong** and `code`."""
    tags = {"*": "strong", "`": "code"}
    parts = re.split(r"(\*\*.+?\*\*|`[^`]+`)", text)
    return joined("", (
        format_html(f"<{tags[part[0]]}>{{}}</{tags[part[0]]}>", part.strip("*`")) if odd % 2 else part
        for odd, part in enumerate(parts)
    ))  # fmt: skip
