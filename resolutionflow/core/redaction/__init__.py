"""Redaction: all text passes here before it leaves (to the AI, a ticket, a mail), and secrets become [REDACTED:KIND#1].

Stored text stays as it was typed. Within one outgoing document a value has one number wherever it stands: the texts are
redacted together, in their order, and no list of values is kept. A placeholder too many costs little and a missed secret
costs a lot, but a handoff that says "the password is expired" must still say so.

A text is read in views (views.py), to which each file of rules gives spans: tokens, formats, hashes, private_keys, numbers
and identities know a secret by its shape, bare and random_keys by its letters; devices, commands, said, codes, sentences,
tables and nearby by what stands beside it; weighed and weighed_codes by all of that together, in prose. One scan finds the words that rules begin at (words.py), a rule is
tried only there, and looks at a piece of limited length: the time is linear, and a rule costs little.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from resolutionflow.core.redaction import (
    bare,
    codes,
    commands,
    devices,
    formats,
    hashes,
    identities,
    nearby,
    numbers,
    private_keys,
    random_keys,
    said,
    sentences,
    tables,
    tokens,
    weighed,
    weighed_codes,
)
from resolutionflow.core.redaction.names import names
from resolutionflow.core.redaction.plain_words import is_plain
from resolutionflow.core.redaction.views import BETWEEN, DONE, LABEL, Span, View, views
from resolutionflow.core.redaction.words import later

_WORDS = {  # what people read
    "PASSWORD": "password",
    "PRIVATE_KEY": "private key",
    "CARD": "card number",
    "IBAN": "bank account number",
    "SSN": "social security number",
    "NATIONAL_ID": "national ID number",
    "HASH": "password hash",
    "COMMUNITY": "SNMP community",
}
_BEFORE_NUMBER = later(r"(?<=\w)(\\{0,7}\"|&quot;)[ \t]{0,3}:[ \t]{0,3}\Z")
_AFTER_NUMBER = later(r"(?:\s|\\[nrt])*[,}\]]")
_SHORTEST, _MOST_BARE = 6, 200  # of values that are looked for where nothing says what they are


def redact(text: str) -> str:
    """`text` with every secret that is recognised replaced by its kind and its number in this text."""
    return redact_all([text])[0]


def redact_all(texts: Sequence[str]) -> list[str]:
    """The texts of one outgoing document, redacted together: the same value has the same number in all of them."""
    found = [_found(text) for text in texts]
    bare = _looked_for(found)
    numbers_ = _Numbers(texts)
    return [
        numbers_.write(text, _merged([*spans, *_bare(read, bare)]))
        for text, (read, spans) in zip(texts, found, strict=True)
    ]


def counted(text: str) -> dict[str, int]:
    """How many secrets were taken out of this text, by kind in words: the same one twice is one."""
    labels = {(label[1], label[2] or str(label.start())) for label in LABEL.finditer(text)}
    kinds = Counter(_WORDS.get(kind, kind.lower().replace("_", " ")) for kind, _number in labels)
    return dict(sorted(kinds.items()))


def in_words(count: dict[str, int]) -> str:
    """ "2 secrets were left out (password, token)." of what `counted` gives; empty where nothing was."""
    total = sum(count.values())
    if not total:
        return ""
    what = "secret was" if total == 1 else "secrets were"
    return f"{total} {what} left out ({', '.join(count)})."


@dataclass(frozen=True)
class _Found:
    """Where a secret stands in the text as it came, and what it is, decoded."""

    start: int
    end: int
    kind: str
    value: str


def _found(text: str) -> tuple[list[View], list[_Found]]:
    read = views(text)
    found = []
    for view in read:
        spans: dict[tuple[int, int], str] = {}
        for start, end, kind in _within_strings(view):
            spans.setdefault((start, end), kind)
        found += [
            _Found(*view.origin(start, end), kind, view.value(start, end))
            for (start, end), kind in spans.items()
            if start < end and DONE not in view.text[start:end]
        ]
    return read, found


def _within_strings(view: View) -> Iterator[Span]:
    """What is found, each within one string of the view."""
    if BETWEEN not in view.text:
        yield from _spans(view)
        return
    for start, end, kind in _spans(view):
        across = view.text.find(BETWEEN, start, end)
        yield start, end if across < 0 else across, kind


def _spans(view: View) -> Iterator[Span]:
    by_shape = (
        private_keys,
        tokens,
        formats,
        bare,
        hashes,
        numbers,
        identities,
        devices,
        commands,
        codes,
        weighed_codes,
    )
    found = [span for rules in by_shape for span in rules.spans(view)]
    named = list(names(view))
    found += [span for rules in (tables, said) for span in rules.spans(view, named)]
    yield from found
    known: dict[int, int] = {}
    for start, end, _kind in found:
        known[start] = max(end, known.get(start, 0))
    yield from nearby.spans(view, named)
    yield from sentences.spans(view)
    yield from weighed.spans(view, known)
    yield from random_keys.spans(view)


def _looked_for(found: list[tuple[list[View], list[_Found]]]) -> dict[str, str]:
    """The values that are secrets wherever they stand, with their kinds: long enough, and no plain word."""
    values = {
        secret.value: secret.kind for _read, spans in found for secret in spans if _stands_for_itself(secret.value)
    }
    return dict(list(values.items())[:_MOST_BARE])


def _stands_for_itself(value: str) -> bool:
    if not _SHORTEST <= len(value) <= 200 or "\n" in value or is_plain(value.lower()):
        return False
    return not value.isalpha() or len(value) > 15 or not (value.islower() or value.istitle())


def _bare(read: list[View], values: dict[str, str]) -> Iterator[_Found]:
    for view in read:
        for value, kind in values.items():
            at = view.text.find(value)
            while at >= 0:
                end = at + len(value)
                if not (view.text[at - 1 : at].isalnum() and value[0].isalnum()) and not (
                    view.text[end : end + 1].isalnum() and value[-1].isalnum()
                ):
                    yield _Found(*view.origin(at, end), kind, value)
                at = view.text.find(value, end)


def _merged(spans: list[_Found]) -> list[_Found]:
    """Without overlaps: the first and longest names them both."""
    merged: list[_Found] = []
    for one in sorted(spans, key=lambda span: (span.start, -span.end)):
        if merged and one.start < merged[-1].end:
            if one.end > merged[-1].end:
                merged[-1] = _Found(merged[-1].start, one.end, merged[-1].kind, merged[-1].value)
            continue
        merged.append(one)
    return merged


def _quoted(text: str, secret: _Found, label: str) -> str:
    """A label as it stands for a number of JSON: in quotes, or what holds it is JSON no more."""
    if not text[secret.start : secret.end].isdigit():
        return label
    key = _BEFORE_NUMBER.search(text, max(0, secret.start - 30), secret.start)
    return f"{key[1]}{label}{key[1]}" if key and _AFTER_NUMBER.match(text, secret.end) else label


@dataclass
class _Numbers:
    """The number of each value in one document; those that its texts have already are kept."""

    texts: Sequence[str]
    last: Counter[str] = field(default_factory=Counter)
    given: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for text in self.texts:
            for label in LABEL.finditer(text):
                self.last[label[1]] = max(self.last[label[1]], int(label[2] or 0))

    def label(self, secret: _Found) -> str:
        if secret.value not in self.given:
            self.last[secret.kind] += 1
            self.given[secret.value] = f"[REDACTED:{secret.kind}#{self.last[secret.kind]}]"
        return self.given[secret.value]

    def write(self, text: str, secrets: list[_Found]) -> str:
        parts, at = [], 0
        for secret in secrets:
            parts += [text[at : secret.start], _quoted(text, secret, self.label(secret))]
            at = secret.end
        return "".join([*parts, text[at:]])
