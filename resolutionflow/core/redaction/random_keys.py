"""Keys and tokens that no vendor's prefix tells: a long run of letters and digits as machines make them, on a line that
speaks of a key or token. Identifiers, digests and public keys are none."""

from __future__ import annotations

from collections.abc import Iterator

from resolutionflow.core.redaction.values import is_random
from resolutionflow.core.redaction.views import Span, View
from resolutionflow.core.redaction.words import later, watch

_WORDS = watch(
    """
    pat priv token secret api key apikey license licence lizenz licencia licença licenza private credential bearer schlüssel clé clave chiave chave sleutel nyckel nøkkel
    nøgle klucz jeton webhook psk seed auth unseal ключ токен
    """.split()
)
_BEFORE, _AFTER = 20, 140
_RUN = later(r"[A-Za-z0-9][A-Za-z0-9_+/=.~-]{15,}")
_PUBLIC = later(
    r"(?:(?<=[\"'])[xyn]|public|pub|fingerprint|sha\d{0,3}|md5|thumbprint|checksum|digest|integrity|etag|hash|commit|ssh-\w+|ecdsa\S*|id|guid|uuid|object|tenant|kid|"
    r"serial|cert\w*|host|file|image|path|name|url|version|build|revision)[\"'`]?[ \t]{0,2}(?:is|was|of|[:=(-])?[ \t\"'`(]{0,4}\Z"
)


def spans(view: View) -> Iterator[Span]:
    """Such keys and tokens."""
    text, lower = view.text, view.lower
    for begin, end in view.near(_WORDS, _BEFORE, _AFTER):
        for run in _RUN.finditer(text, begin, end):
            if text.rfind("\n", begin, run.start()) >= 0 and not _speaks(lower, run.start()):
                continue
            if run.start() and text[run.start() - 1].isalnum():
                continue
            whole = _RUN.match(text, run.start())
            value = (whole or run)[0].rstrip(".-_~")
            start = run.start()
            name, found, rest = value.partition("=")
            if found and rest.strip("="):
                start, value = start + len(name) + 1, rest
            if (
                is_random(value)
                and not _PUBLIC.search(lower, max(0, start - 40), start)
                and not _is_public(lower, start)
            ):
                yield start, start + len(value), "TOKEN"


def _is_public(lower: str, at: int) -> bool:
    begin = max(lower.rfind("\n", 0, at) + 1, at - 60)
    return (
        any(word in lower[begin:at] for word in ("public", "certificate", "arn:aws", "dnskey", "rrsig"))
        or "-----begin" in lower[max(0, at - 60) : at]
    )


def _speaks(lower: str, at: int) -> bool:
    """Whether the same line, or the end of the one above, speaks of a key."""
    begin = lower.rfind("\n", 0, max(0, at - 1)) + 1
    return any(word in lower[max(begin, at - _AFTER) : at] for word in _WORDS)
