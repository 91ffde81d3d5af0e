"""Keyset pages: a cursor names the last row seen, so rows that arrive meanwhile shift nothing."""

from __future__ import annotations

import base64
import functools
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from resolutionflow.core.refusals import Invalid


@dataclass(frozen=True)
class Page:
    """Rows in their order, and the cursors of the pages around them."""

    rows: list[Any]
    next: str | None
    previous: str | None


def keyset_page(rows: QuerySet[Any], order: tuple[str, ...], *, cursor: str, limit: int) -> Page:
    """One page of `rows` in `order`: names of fields, joined ones too ("session__client_name"), "-" for descending,
    the last one unique, none null."""
    backwards, position = _read_cursor(cursor, rows.model, order) if cursor else (False, None)
    walk = tuple(_reversed(name) for name in order) if backwards else order
    if position is not None:
        rows = rows.filter(_after_position(walk, position))
    pks = _first_ids(rows.order_by(*walk), limit + 1)
    more, found = len(pks) > limit, _rows_of(rows, pks[:limit])
    if backwards:
        found.reverse()
    ahead, behind = (bool(cursor), more) if backwards else (more, bool(cursor))
    return Page(
        rows=found,
        next=_write_cursor(found[-1], order, backwards=False) if found and ahead else None,
        previous=_write_cursor(found[0], order, backwards=True) if found and behind else None,
    )


def first_rows(rows: QuerySet[Any], count: int) -> list[Any]:
    """The first `count` of `rows` in their order, with all that is joined to them."""
    return _rows_of(rows, _first_ids(rows, count))


# Which rows is asked by their ids alone, and only then for all that comes with them. In one statement PostgreSQL may
# join people, teams and summaries to everything that fits before it looks at the limit: it expects few rows to contain
# a word, and when there are thousands that takes a second instead of a few milliseconds.


def _first_ids(rows: QuerySet[Any], count: int) -> list[Any]:
    return list(rows.values_list("pk", flat=True)[:count])


def _rows_of(rows: QuerySet[Any], pks: list[Any]) -> list[Any]:
    found = {row.pk: row for row in rows.filter(pk__in=pks).order_by()} if pks else {}
    return [found[pk] for pk in pks if pk in found]  # one may have ceased to fit meanwhile


def is_cursor(cursor: str, model: type[Model], order: tuple[str, ...]) -> bool:
    """Whether `cursor` was made for a list in this order; a page sorted otherwise starts at its first page."""
    try:
        _read_cursor(cursor, model, order)
    except Invalid:
        return False
    return True


def _reversed(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _after_position(order: tuple[str, ...], position: list[Any]) -> Q:
    """The rows that come after `position`: equal in the first fields and further in the next one."""
    beyond, same = Q(), Q()
    for name, value in zip(order, position, strict=True):
        field = name.lstrip("-")
        beyond |= same & Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        same &= Q(**{field: value})
    # Said once more for the first field alone: of the alternatives above no index can be used.
    first = "lte" if order[0].startswith("-") else "gte"
    return Q(**{f"{order[0].lstrip('-')}__{first}": position[0]}) & beyond


def _write_cursor(row: Model, order: tuple[str, ...], *, backwards: bool) -> str:
    values = [str(functools.reduce(getattr, name.lstrip("-").split("__"), row)) for name in order]
    return base64.urlsafe_b64encode(json.dumps([int(backwards), *values]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, model: type[Model], order: tuple[str, ...]) -> tuple[bool, list[Any]]:
    try:
        backwards, *values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if any(value.encode().count(0) for value in values):  # no database takes NUL or half a surrogate pair
            raise ValueError("NUL")
        fields = [_field_at(model, name.lstrip("-")) for name in order]
        position = [_in_database_range(field.to_python(value)) for field, value in zip(fields, values, strict=True)]
    except (ValueError, TypeError, RecursionError, OverflowError, AttributeError, ValidationError) as error:
        raise Invalid(cursor="This is not a cursor of this list. Use the links as they are given.") from error
    return bool(backwards), position


def _field_at(model: type[Model], name: str) -> Any:
    """The field a name leads to, through the models it joins."""
    *joined, last = name.split("__")
    for one in joined:
        model = model._meta.get_field(one).related_model  # type: ignore[assignment]
    return model._meta.get_field(last)


def _in_database_range(value: Any) -> Any:
    """A value databases can be asked for: times in UTC, where a few at the ends of the calendar have none."""
    if isinstance(value, int) and abs(value) >= 2**63:
        raise OverflowError
    return value.astimezone(UTC) if isinstance(value, datetime) else value
