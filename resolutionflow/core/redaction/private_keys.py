"""Private keys: PEM, OpenSSH, PuTTY, OpenVPN, PGP, WireGuard, JWK; whole, cut, or flattened into one line."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from resolutionflow.core.redaction.views import Span, View
from resolutionflow.core.redaction.words import later, watch

_BEGIN = later(r"-{4,5} ?BEGIN [A-Z0-9 ]{0,40}(?:PRIVATE KEY(?: BLOCK)?|OpenVPN Static key V1|PGP MESSAGE) ?-{4,5}"
                    r"|\bPrivate-Lines: \d{1,3}", re.I)  # fmt: skip
_LONGEST, _SHORTEST = 16_000, 20
# The body of a key that was cut, or pasted without its end: lines of base64, perhaps flattened.
_BODY = later(
    r"(?:(?:\s|\\[rn])*(?:(?:Proc-Type|DEK-Info|Version|Comment|Hash):[^\n]*+|[A-Za-z0-9+/]{16,}+={0,2}))*"
    r"(?:(?:\s|\\[rn])*[A-Za-z0-9+/]++={1,2})?"
)
# How the DER of a private key begins in base64: PKCS#1, PKCS#8 (RSA, EC, Ed25519, encrypted), SEC1, OpenSSH.
_BARE = later(
    r"M(?<![A-Za-z0-9+/].)(?:II[A-Za-z0-9+/]{2}(?:IBAAKC|IBADANBgkqhkiG9w0BAQEFAAS|TBXBgkqhkiG9w0BBQ0|TAbBgkqhkiG9w0BBQ)"
    r"|I[GH][A-Za-z0-9+/](?:AgEAMB|MF)|H[cQ]CAQEE|C4CAQAwBQYDK2)[A-Za-z0-9+/]{8,20000}={0,2}|b3BlbnNzaC1rZXktdjE(?<![A-Za-z0-9+/].{18})[A-Za-z0-9+/]{8,20000}={0,2}"
)
_IN_BASE64 = later(r"(?<![A-Za-z0-9+/])LS0tLS1CRUdJTi[A-Za-z0-9+/]{20,40000}={0,2}")
_WIREGUARD = later(
    r"\b(?:PrivateKey|PresharedKey|preshared-key|private-key)[\"']?[ \t]{0,5}[:=]?[ \t]{0,5}[\"']?([A-Za-z0-9+/]{43}=)",
    re.I,
)
_KEY = r"([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)(?![\w=])"
_OF_WG = later(
    rf"\bwg (?:genkey|genpsk)\b[^\n]{{0,80}}\n{_KEY}|(?:private|preshared)-key[ \t]{{1,3}}<\([ \t]?(?:echo|printf)[ \t]{{1,3}}[\"']?{_KEY}"
    rf"|\b(?:echo|printf)[ \t]{{1,3}}[\"']?{_KEY}[\"']?[ \t]{{0,3}}(?:\||>)|<<<[ \t]?[\"']?{_KEY}"
)
# A body whose beginning scrolled off, or that has none: not that of a certificate, a request or a public key.
_CUT = later(
    r"(?<![A-Za-z0-9+/=\n])\n?(?<![A-Za-z0-9+/=])MII(?![A-Za-z0-9+/]{3}CC|[BC]IjANBg|BojANBg|CIDAN|DIjAN)[A-Za-z0-9+/]{37,61}(?:\\[rn]|\s){1,4}"
    r"(?:[A-Za-z0-9+/]{40,76}(?:\\[rn]|\s){1,4}){0,200}[A-Za-z0-9+/]{4,76}={0,2}(?![A-Za-z0-9+/])"
)
_END = later(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY")
_BACKWARDS = later(r"(?:[A-Za-z0-9+/=]|[rn]\\|\s)*")  # a body, read from its end
_PUBLIC = later(
    r"BEGIN (?:[A-Z ]{0,20}CERTIFICATE|[A-Z ]{0,20}PUBLIC KEY|PKCS7|CMS|X509 CRL)[A-Z0-9 ]{0,20}-----\s{0,4}\Z"
)
_XML = later(r"<(?:D|P|Q|DP|DQ|InverseQ)>[A-Za-z0-9+/=\s]{20,1000}</")
_JWK = later(r"\"(?:d|p|q|dp|dq|qi|k)\"\s{0,3}:\s{0,3}\"([\w-]{20,1000})\"")
_MAC = later(r"\bPrivate-MAC: ([0-9a-f]{40,64})")


_WORDS = watch(
    [
        "-begin ",
        "- begin ",
        "private-lines",
        "-----end ",
        "private-mac",
        '"kty"',
        "<d>",
        "wg ",
        "privatekey",
        "private-key",
        "presharedkey",
        "preshared-key",
    ]
)


def spans(view: View) -> Iterator[Span]:
    """Private keys, and parts of them."""
    text, places = view.text, view.places
    if any(word in places for word in _WORDS[:3]):
        yield from _whole(text)
    yield from _without_head(text)
    if "-----end " in places:
        yield from _cut(text)
    for start, end in view.near(["wg "], 120, 200):
        for match in _OF_WG.finditer(text, start, end):
            yield *match.span(match.lastindex or 0), "PRIVATE_KEY"
    for start, end in view.near(_WORDS[-4:], 0, 90):
        for match in _WIREGUARD.finditer(text, start, end):
            yield *match.span(1), "PRIVATE_KEY"
    for match in _XML.finditer(text) if "<d>" in places else ():
        yield match.start() + match[0].index(">") + 1, match.end() - 2, "PRIVATE_KEY"
    for word, pattern in (('"kty"', _JWK), ("private-mac", _MAC)):
        for match in pattern.finditer(text) if word in places else ():
            yield *match.span(1), "PRIVATE_KEY"


def _whole(text: str) -> Iterator[Span]:
    """From a first line to the last one, or what follows it of a key that was cut."""
    after, end = 0, 0
    for begin in _BEGIN.finditer(text):
        if begin.start() < after:
            continue
        if end < begin.end() and end >= 0:
            end = text.find("-----END", begin.end())
        if 0 <= end < begin.end() + _LONGEST and _BEGIN.search(text, begin.end(), end) is None:
            close = text.find("-----", end + 8, end + 80)
            after = close + 5 if close > 0 else end + 8
        else:
            body = _BODY.match(text, begin.end())
            after = body.end() if body else begin.end()
        yield begin.start(), after, "PRIVATE_KEY"


def _without_head(text: str) -> Iterator[Span]:
    """A body that begins as those of private keys do, or whose beginning scrolled off."""
    after = 0
    for match in _BARE.finditer(text) if "M" in text or "b3B" in text else ():
        if match.start() >= after:
            body = _BODY.match(text, match.end())
            after = body.end() if body else match.end()
            yield match.start(), after, "PRIVATE_KEY"
    for match in _CUT.finditer(text) if "MII" in text else ():
        if not _PUBLIC.search(text, max(0, match.start() - 60), match.start() + 1):
            yield match.start() + match[0].index("M"), match.end(), "PRIVATE_KEY"
    for match in _IN_BASE64.finditer(text) if "LS0tLS1CRUdJTi" in text else ():
        if b"PRIVATE KEY" in base64.b64decode(match[0][:60]):
            yield *match.span(), "PRIVATE_KEY"


def _cut(text: str) -> Iterator[Span]:
    """What stands before a last line."""
    before = 0
    for end in _END.finditer(text):
        begin = max(before, end.start() - _LONGEST)
        body = _BACKWARDS.match(text[begin : end.start()][::-1])
        before = end.end()
        if body and len(body[0].strip()) >= _SHORTEST:
            yield end.start() - body.end(), end.start(), "PRIVATE_KEY"
