"""What every list takes: conditions, an order, fields, and pages with the Link header."""

from __future__ import annotations

from typing import Any

from tests.fakes.connectwise.conditions import compiled, value_at
from tests.fakes.connectwise.refusals import error

Query = dict[str, str]


def listed(records: list[dict[str, Any]], query: Query, url: str) -> tuple[list[Any], dict[str, str]]:
    """The page asked for, and its headers."""
    size, page = _number(query, "pagesize", 25, 1000), _number(query, "page", 1, 1_000_000)
    if query.get("conditions"):
        test = compiled(query["conditions"])
        records = [record for record in records if test(record)]
    records = _ordered(records, query.get("orderby", "id asc"))
    last = max(1, -(-len(records) // size))
    links = {"first": 1, "prev": page - 1, "next": page + 1, "last": last}
    named = {name: number for name, number in links.items() if 1 <= number <= last and last > 1 and number != page}
    header = ", ".join(f'<{url}?pageSize={size}&page={number}>; rel="{name}"' for name, number in named.items())
    return records[(page - 1) * size : page * size], {"Link": header} if header else {}


def partial(record: dict[str, Any], query: Query) -> dict[str, Any]:
    """The record with the fields asked for alone."""
    if not query.get("fields"):
        return record
    kept: dict[str, Any] = {}
    for path in query["fields"].split(","):
        value_at(record, path)  # refuses a name that is none
        first, _, rest = path.partition("/")
        value = record[first]
        kept[first] = {**(kept.get(first) or {}), rest: value[rest]} if rest and value else value
    return kept


def _number(query: Query, name: str, default: int, most: int) -> int:
    text = query.get(name, str(default))
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise error(400, "InvalidArgument", f"{name} is invalid")
    return int(text)


def _ordered(records: list[dict[str, Any]], order: str) -> list[dict[str, Any]]:
    field, _, way = order.partition(" ")
    if way.lower() not in ("", "asc", "desc"):
        raise error(400, "InvalidArgument", "orderBy is invalid")
    filled = [record for record in records if value_at(record, field) is not None]
    empty = [record for record in records if value_at(record, field) is None]
    return empty + sorted(filled, key=lambda record: value_at(record, field), reverse=way.lower() == "desc")
