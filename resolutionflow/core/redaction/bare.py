"""Passwords that stand alone in a text: only their shape says so, letters and digits with a sign between them."""

from __future__ import annotations

from collections.abc import Iterator

from resolutionflow.core.redaction.values import is_generated, is_product, is_thing
from resolutionflow.core.redaction.views import Span, View
from resolutionflow.core.redaction.words import later

_SIGN = later(
    r"[A-Za-z0-9](?:[!#$%&*?^][A-Za-z0-9]|(?<=[A-Za-z])@\d|(?<![A-Za-z0-9].)@[a-z]{2}|(?<=\d)[!#$*](?=[\"'”“»)]? [a-z(]))"
)
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&*?^@._+-")
_BEFORE, _AFTER = frozenset(" \t\n\"'`“„«(*>\ufffc\0"), frozenset(" \t\n\"'`”“»),.;:*<\ufffc\0")
_SHORTEST, _LONGEST = 7, 32
_WORD_AND_NUMBER = later(r"[A-Z][a-z]{3,}\d{1,4}[!#$*]")
_PROMPT = later(r"[\w.()@-]+[#$%][a-z]+")  # of a device, with what was typed


def spans(view: View) -> Iterator[Span]:
    """Such passwords."""
    text, after = view.text, 0
    for sign in _SIGN.finditer(text):
        if sign.start() < after:
            continue
        start, least = sign.start(), max(after, sign.start() - _LONGEST)
        while start > least and text[start - 1] in _LETTERS:
            start -= 1
        end, most = sign.end(), min(len(text), start + _LONGEST)
        while end < most and text[end] in _LETTERS:
            end += 1
        after = end
        value = text[start:end].rstrip(".?!") if end != sign.end() else text[start:end]
        if (start and text[start - 1] not in _BEFORE) or (end < len(text) and text[end] not in _AFTER):
            continue
        if len(value) >= _SHORTEST and value[:1].isalnum() and _is_password(value):
            yield start, start + len(value), "PASSWORD"


def _is_password(value: str) -> bool:
    is_mixed = any(map(str.isdigit, value)) and any(map(str.islower, value))
    if not is_mixed or is_thing(value) or _PROMPT.fullmatch(value):
        return False
    return (
        is_generated(value)
        if value[-1].isalnum()
        else _WORD_AND_NUMBER.fullmatch(value) is not None and not is_product(value)
    )
