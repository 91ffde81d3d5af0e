"""The conditions of a search, as the developer guide describes them; whatever else is in one is refused.

`summary contains "vpn" and (board/id in (1, 2) or closedFlag=false) and requiredDate > [2026-11-23T00:00:00Z]`.
Strings stand in quotes of either kind and take `*` and `%` for anything; `[[]` is a bracket. How a quote or a backslash
within a string is written is not documented, so that a backslash is refused and a quote ends the string.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.fakes.connectwise.refusals import Refused, error

Test = Callable[[dict[str, Any]], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<string>"[^"]*"|'[^']*')|\[(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\]|(?P<number>-?\d+(?:\.\d+)?)
    |(?P<word>[A-Za-z_][A-Za-z0-9_/]*)|(?P<sign><=|>=|!=|[=<>(),]))""",
    re.VERBOSE,
)
_COMPARED = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left is not None and left < right,
    "<=": lambda left, right: left is not None and left <= right,
    ">": lambda left, right: left is not None and left > right,
    ">=": lambda left, right: left is not None and left >= right,
}


def wrong(message: str) -> Refused:
    return error(400, "InvalidCondition", message)


def value_at(record: dict[str, Any], path: str) -> Any:
    """The field at board/name, its name in any case; refused where the record has no such field."""
    found: Any = record
    for name in path.split("/"):
        if found is None:
            return None
        fields = {key.lower(): key for key in found} if isinstance(found, dict) else {}
        if name.lower() not in fields:
            raise wrong(f"{path} is not a field that can be searched.")
        found = found[fields[name.lower()]]
    return found


def compiled(text: str) -> Test:
    """The test that these conditions are; 400 where they are none."""
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while text[at:].strip():
            found = _TOKEN.match(text, at)
            if not found:
                raise wrong(f"Unexpected “{text[at:].strip()[:20]}”.")
            at, kind = found.end(), str(found.lastgroup)
            if kind == "string" and "\\" in found[kind]:
                raise wrong("Bad escape sequence.")
            self.tokens.append((kind, found[kind]))

    def whole(self) -> Test:
        test = self._any()
        if self.tokens:
            raise wrong(f"Unexpected “{self.tokens[0][1]}”.")
        return test

    def _any(self) -> Test:
        tests = [self._every()]
        while self._took("or"):
            tests.append(self._every())
        return lambda record: any(test(record) for test in tests)

    def _every(self) -> Test:
        tests = [self._one()]
        while self._took("and"):
            tests.append(self._one())
        return lambda record: all(test(record) for test in tests)

    def _one(self) -> Test:
        if self._took("("):
            test = self._any()
            self._must_take(")")
            return test
        kind, field = self._next()
        if kind != "word":
            raise wrong(f"A field was expected, not “{field}”.")
        return self._compared(field, is_not=self._took("not"))

    def _compared(self, field: str, *, is_not: bool) -> Test:
        how = self._next()[1].lower()
        if how == "in":
            wanted = self._list()
            return lambda record: (_plain(value_at(record, field)) in wanted) is not is_not
        if how in ("contains", "like"):
            kind, text = self._next()
            if kind != "string":
                raise wrong("String values should be enclosed with double quotes.")
            around = ".*" if how == "contains" else ""
            pattern = re.compile(f"{around}{_wild(text[1:-1])}{around}", re.IGNORECASE | re.DOTALL)
            return lambda record: bool(pattern.fullmatch(str(value_at(record, field) or ""))) is not is_not
        if how not in _COMPARED or is_not:
            raise wrong(f"“{how}” is not an operator.")
        right = self._value()
        return lambda record: _COMPARED[how](_like(value_at(record, field), right, field), right)

    def _list(self) -> list[Any]:
        self._must_take("(")
        values = [self._value()]
        while self._took(","):
            values.append(self._value())
        self._must_take(")")
        return values

    def _value(self) -> Any:
        kind, text = self._next()
        if kind == "string":
            return text[1:-1].lower()
        if kind == "number":
            return float(text)
        if kind == "time":
            return datetime.fromisoformat(text)
        if text.lower() not in ("true", "false", "null"):
            raise wrong(f"“{text}” is not a value. String values should be enclosed with double quotes.")
        return {"true": True, "false": False, "null": None}[text.lower()]

    def _next(self) -> tuple[str, str]:
        if not self.tokens:
            raise wrong("The condition ends too early.")
        return self.tokens.pop(0)

    def _took(self, text: str) -> bool:
        is_next = bool(self.tokens) and self.tokens[0][0] != "string" and self.tokens[0][1].lower() == text
        if is_next:
            self.tokens.pop(0)
        return is_next

    def _must_take(self, text: str) -> None:
        if not self._took(text):
            raise wrong(f"“{text}” was expected.")


def _plain(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _like(left: Any, right: Any, field: str) -> Any:
    """The field's value as something that can be compared with the condition's; refused where their types differ."""
    if isinstance(right, datetime):
        return None if left is None else datetime.fromisoformat(left)
    if left is not None and right is not None and isinstance(left, bool) != isinstance(right, bool):
        raise wrong(f"Expected a boolean value for {field}.")
    if isinstance(left, str) and isinstance(right, float):
        raise wrong("String values should be enclosed with double quotes.")
    return _plain(left)


def _wild(text: str) -> str:
    """The pattern of a string with wildcards, for a whole match."""
    parts = re.split(r"(\[[^\]]*\]|[*%_])", text)
    return "".join(_wildcard(part) if number % 2 else re.escape(part) for number, part in enumerate(parts))


def _wildcard(part: str) -> str:
    if part[0] == "[":
        return f"[{re.escape(part[1:-1])}]"
    return "." if part == "_" else ".*"
