"""Private keys: PEM, OpenSSH, PuTTY, OpenVPN, PGP, WireGuard, JWK; whole, cut, or flattened into one line."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from resolutionflow.core.redaction.views import Span, View

_BEGIN = re.compile(r"-{4,5} ?BEGIN [A-Z0-9 ]{0,40}(?:PRIVATE KEY(?: BLOCK)?|OpenVPN Static key V1|PGP MESSAGE) ?-{4,5}"
                    r"|\bPrivate-Lines: \d{1,3}", re.I)  # fmt: skip
_LONGEST = 16_000
# The body of a key that was cut, or pasted without its end: lines of base64, perhaps flattened.
_BODY = re.compile(
    r"(?:(?:\s|\\[rn])*+(?:(?:Proc-Type|DEK-Info|Version|Comment|Hash):[^\n]*+|[A-Za-z0-9+/]{16,}+={0,2}))*+"
    r"(?:(?:\s|\\[rn])*+[A-Za-z0-9+/]++={1,2})?"
)
# How the DER of a private key begins in base64: PKCS#1, PKCS#8 (RSA, EC, Ed25519, encrypted), SEC1, OpenSSH.
_BARE = re.compile(
    r"(?<![A-Za-z0-9+/])(?:MII[A-Za-z0-9+/]{2}(?:IBAAKC|IBADANBgkqhkiG9w0BAQEFAAS|TBXBgkqhkiG9w0BBQ0|TAbBgkqhkiG9w0BBQ)"
    r"|MI[GH][A-Za-z0-9+/](?:AgEAMB|MF)|MH[cQ]CAQEE|MC4CAQAwBQYDK2|b3BlbnNzaC1rZXktdjE)[A-Za-z0-9+/]{8,20000}={0,2}"
)
_IN_BASE64 = re.compile(r"(?<![A-Za-z0-9+/])LS0tLS1CRUdJTi[A-Za-z0-9+/]{20,40000}={0,2}")
_WIREGUARD = re.compile(
    r"\b(?:PrivateKey|PresharedKey|preshared-key|private-key)[\"']?[ \t]{0,5}[:=]?[ \t]{0,5}[\"']?([A-Za-z0-9+/]{43}=)",
    re.I,
)
_KEY = r"([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)(?![\w=])"
_OF_WG = re.compile(
    rf"\bwg (?:genkey|genpsk)\b[^\n]{{0,80}}\n{_KEY}|(?:private|preshared)-key[ \t]{{1,3}}<\([ \t]?(?:echo|printf)[ \t]{{1,3}}[\"']?{_KEY}"
    rf"|\b(?:echo|printf)[ \t]{{1,3}}[\"']?{_KEY}[\"']?[ \t]{{0,3}}(?:\||>)|<<<[ \t]?[\"']?{_KEY}"
)
# A body whose beginning scrolled off, or that has none: not that of a certificate, a request or a public key.
_CUT = re.compile(
    r"(?<![A-Za-z0-9+/=\n])\n?(?<![A-Za-z0-9+/=])MII(?![A-Za-z0-9+/]{3}CC|[BC]IjANBg|BojANBg|CIDAN|DIjAN)[A-Za-z0-9+/]{37,61}(?:\\[rn]|\s){1,4}"
    r"(?:[A-Za-z0-9+/]{40,76}(?:\\[rn]|\s){1,4}){0,200}[A-Za-z0-9+/]{4,76}={0,2}(?![A-Za-z0-9+/])"
)
_END = re.compile(r"((?:[A-Za-z0-9+/]{16,76}={0,2}(?:\\[rn]|\s){1,4}){1,200})-----END [A-Z0-9 ]{0,40}PRIVATE KEY")
_PUBLIC = re.compile(
    r"BEGIN (?:[A-Z ]{0,20}CERTIFICATE|[A-Z ]{0,20}PUBLIC KEY|PKCS7|CMS|X509 CRL)[A-Z0-9 ]{0,20}-----\s{0,4}\Z"
)
_XML = re.compile(r"<(?:D|P|Q|DP|DQ|InverseQ)>[A-Za-z0-9+/=\s]{20,1000}</")
_JWK = re.compile(r"\"(?:d|p|q|dp|dq|qi|k)\"\s{0,3}:\s{0,3}\"([\w-]{20,1000})\"")
_MAC = re.compile(r"\bPrivate-MAC: ([0-9a-f]{40,64})")


def spans(view: View) -> Iterator[Span]:
    """Private keys, and parts of them."""
    text, after, end = view.text, 0, 0
    for begin in _BEGIN.finditer(text) if "BEGIN " in text or "begin " in text or "Private-Lines" in text else ():
        if begin.start() < after:
            continue
        if end < begin.end() and end >= 0:
            end = text.find("-----END", begin.end())
        if 0 <= end < begin.end() + _LONGEST and _BEGIN.search(text, begin.end(), end) is None:
            close = text.find("-----", end + 8, end + 80)
            after = close + 5 if close > 0 else end + 8
            yield begin.start(), after, "PRIVATE_KEY"
        else:
            body = _BODY.match(text, begin.end())
            yield begin.start(), body.end() if body else begin.end(), "PRIVATE_KEY"
    for match in _BARE.finditer(text):
        body = _BODY.match(text, match.end())
        yield match.start(), body.end() if body else match.end(), "PRIVATE_KEY"
    for match in _CUT.finditer(text) if "MII" in text else ():
        if not _PUBLIC.search(text, max(0, match.start() - 60), match.start() + 1):
            yield match.start() + match[0].index("M"), match.end(), "PRIVATE_KEY"
    if "PRIVATE KEY" in text:
        for match in _END.finditer(text):
            yield *match.span(1), "PRIVATE_KEY"
    for match in _OF_WG.finditer(text) if "wg" in text else ():
        yield *match.span(match.lastindex or 0), "PRIVATE_KEY"
    for match in _IN_BASE64.finditer(text) if "LS0tLS1CRUdJTi" in text else ():
        if b"PRIVATE KEY" in base64.b64decode(match[0][:60]):
            yield *match.span(), "PRIVATE_KEY"
    if "key" in view.lower:
        for match in _WIREGUARD.finditer(text):
            yield *match.span(1), "PRIVATE_KEY"
    if "<D>" in text:
        for match in _XML.finditer(text):
            yield match.start() + match[0].index(">") + 1, match.end() - 2, "PRIVATE_KEY"
    if '"kty"' in text:
        for match in _JWK.finditer(text):
            yield *match.span(1), "PRIVATE_KEY"
    if "Private-MAC" in text:
        for match in _MAC.finditer(text):
            yield *match.span(1), "PRIVATE_KEY"
