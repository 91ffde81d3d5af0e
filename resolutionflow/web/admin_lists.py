"""What may stand in the address of an admin list, and which of its rows an action gets.

Django takes any lookup of any field there: one regular expression hangs the process, and a few
thousand requests read a password hash. We take what the page itself offers, and exact ids.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.admin import FieldListFilter, ModelAdmin
from django.contrib.admin.options import IS_FACETS_VAR, IS_POPUP_VAR, TO_FIELD_VAR
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, ORDER_VAR, PAGE_VAR, SEARCH_VAR
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, QueryDict

from resolutionflow.core.text import SHORT, as_id, clean, cut, one_line

NAMED = 3  # so many of the parameters that are ignored are named
MOST = 100  # values of one parameter


class ListParameters:
    """The parameters of one request for a list, sorted into those that are kept and those that are ignored."""

    def __init__(self, model_admin: ModelAdmin[Any], request: HttpRequest) -> None:
        self.model_admin, self.request = model_admin, request
        self.kept = QueryDict(mutable=True)
        self.ignored: list[str] = []
        self._offered = offered_values(model_admin, request)
        for name, values in request.GET.lists():
            good = list(dict.fromkeys(value for value in values if self._is_taken(name, value)))[:MOST]
            self.kept.setlist(name, good) if good else None
            self.ignored += [] if len(good) == len(set(values)) or name == ERROR_FLAG else [name]

    def sentences(self) -> Iterator[str]:
        if ERROR_FLAG in self.request.GET:
            yield "There is no such page of this list. This is its first."
        if SEARCH_VAR in self.ignored:
            yield f"Nothing was searched for: a search has at most {SHORT} characters."
        if others := [name for name in self.ignored if name != SEARCH_VAR]:
            named = ", ".join(cut(one_line(name), 60) or "?" for name in others[:NAMED])
            named += "…" if len(others) > NAMED else ""
            yield f"Ignored: {named}. A list is narrowed by its search, its filters and exact ids alone."

    def _is_taken(self, name: str, value: str) -> bool:
        if name in (IS_POPUP_VAR, IS_FACETS_VAR, ALL_VAR):
            return True
        if name == SEARCH_VAR:
            return len(value) <= SHORT
        if name == PAGE_VAR:
            return bool(as_id(value))
        if name == ORDER_VAR:
            return all(self._is_column(part) for part in value.split("."))
        if name == TO_FIELD_VAR:
            return value == self.model_admin.opts.pk.name
        return value in self._offered.get(name, ()) or (
            _names_a_row(name, self.model_admin.model) and bool(as_id(value))
        )

    def _is_column(self, text: str) -> bool:
        number = as_id(text.removeprefix("-"))
        return number is not None and 0 < number <= len(self.model_admin.get_list_display(self.request))


class _LinkCollector:
    """Stands in for the ChangeList that a filter expects, and collects the parameters the filter's links would set."""

    add_facets = False

    def get_query_string(self, new: Mapping[str, Any] | None = None, remove: Any = None) -> Mapping[str, Any]:
        return new or {}


def offered_values(model_admin: ModelAdmin[Any], request: HttpRequest) -> dict[str, set[str]]:
    """For each parameter of the filters beside a list, the values that their links lead to."""
    found: dict[str, set[str]] = defaultdict(set)
    for declared in model_admin.get_list_filter(request):
        for link in _make_filter(declared, model_admin, request).choices(_LinkCollector()):
            for name, value in link["query_string"].items():
                if value is not None:
                    found[name].add(str(value))
    return found


def _make_filter(declared: Any, model_admin: ModelAdmin[Any], request: HttpRequest) -> Any:
    """The filter as ChangeList makes it, with nothing chosen."""
    if callable(declared):
        return declared(request, {}, model_admin.model, model_admin)
    path, make = declared if isinstance(declared, tuple) else (declared, FieldListFilter.create)
    field = get_fields_from_path(model_admin.model, path)[-1]
    return make(field, request, {}, model_admin.model, model_admin, field_path=path)


def _names_a_row(name: str, model: type[models.Model]) -> bool:
    """Whether a parameter is an exact id: of the row itself or of a row it points at."""
    name = name.removesuffix("__exact")
    keys = [model._meta.pk, *(field for field in model._meta.fields if isinstance(field, models.ForeignKey))]
    return any(name in (key.name, key.attname, f"{key.name}__{_target(key)}") for key in keys)


def _target(key: models.Field[Any, Any]) -> str:
    return key.target_field.name if isinstance(key, models.ForeignKey) else key.name


def clean_search_term(term: str) -> str:
    """The words of a search, without what no database takes."""
    return one_line(term)[:SHORT]


def possible_ids(ids: list[str], model: type[models.Model]) -> list[str]:
    """Those of `ids` that a row of this model can have; any other would crash the database query."""
    return [pk for pk in ids if pk == clean(pk) and _is_possible(pk, model._meta.pk)]


def _is_possible(pk: str, field: Any) -> bool:
    try:
        field.clean(pk, None)
    except ValidationError:
        return False
    return True
