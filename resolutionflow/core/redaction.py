"""Redaction: all text passes here before it leaves (to the AI, a ticket, a mail), and secrets become [REDACTED:KIND].

Stored text stays as it was typed. A placeholder too many costs little and a missed secret costs a lot, but a handoff
that says "the password is expired" must still say so: what follows a keyword is a secret unless it is a plain word that
people use about passwords. Every step looks at a piece of text of limited length, so the time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int, str]


def redact(text: str) -> str:
    """`text` with every secret that is recognised replaced by its kind."""
    parts, at = [], 0
    for start, end, kind in sorted(_spans(text), key=lambda span: (span[0], -span[1])):
        if end <= at:
            continue
        if start >= at:
            parts.append(f"{text[at:start]}[REDACTED:{kind}]")
        at = end  # overlapping: the first kind names them both
    return "".join([*parts, text[at:]])


def _spans(text: str) -> Iterator[Span]:
    yield from _private_keys(text)
    yield from _said(text)
    for pattern, kind in _SHAPES:
        for match in pattern.finditer(text):
            yield *match.span(match.lastindex or 0), kind


# --- things that look like what they are ----------------------------------------------------------

_SHAPES = [
    (re.compile(r"\bauthorization\b[\"']?\s{0,3}[:=]\s{0,3}[\"']?"
                r"((?:bearer|basic|token|digest|negotiate|ntlm|apikey)[ \t]{1,3}[^\s\"',;]{3,4000})", re.I), "TOKEN"),
    (re.compile(r"\bbearer[ \t]{1,3}"
                r"((?=[A-Za-z.~+/_=-]{0,200}\d|[A-Za-z.~+/_=-]{24})[\w.~+/=-]{8,4000})", re.I), "TOKEN"),
    (re.compile(r"\beyJ[\w-]{8,4000}\.[\w-]{8,8000}(?:\.[\w-]{0,4000})?"), "TOKEN"),
    (re.compile(r"\b(?:sk-[\w-]{16,200}|gh[opsur]_\w{20,255}|github_pat_\w{20,255}|glpat-[\w-]{16,100}"
                r"|xox[abeoprs]-[\w-]{10,250}|rf_[\w-]{40,50}|1-\d{1,9}-[0-9a-f]{32})"), "TOKEN"),
    (re.compile(r"\b(?:set-)?cookie:[ \t]{0,3}([^\s=;]{1,100}=[^\r\n]{1,8000})", re.I), "TOKEN"),
    (re.compile(r"://[^\s/:@]{1,100}:([^\s/@]{1,200})@"), "PASSWORD"),
    (re.compile(r"\bconvertto-securestring[ \t]{1,3}(?:-string[ \t]{1,3})?"
                r"(\"[^\"\n]{1,200}\"|'[^'\n]{1,200}'|[^\s$(-]\S{0,200})", re.I), "PASSWORD"),
    (re.compile(r"\b\d{6}(?:-\d{6}){7}\b"), "KEY"),  # BitLocker
]  # fmt: skip

_PEM = re.compile(r"-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}|\bPrivate-Lines: \d{1,3}")
_PEM_LONGEST = 16_000
# The body of a key that was cut, or pasted without its end: lines of base64, perhaps flattened.
_PEM_BODY = re.compile(
    r"(?:(?:\s|\\[rn])*+(?:(?:Proc-Type|DEK-Info|Version|Comment):[^\n]*+|[A-Za-z0-9+/]{16,}+={0,2}))*+"
    r"(?:(?:\s|\\[rn])*+[A-Za-z0-9+/]++={1,2})?"
)


def _private_keys(text: str) -> Iterator[Span]:
    for begin in _PEM.finditer(text):
        end = text.find("-----END", begin.end(), begin.end() + _PEM_LONGEST)
        following = _PEM.search(text, begin.end(), end) if end > 0 else None
        if end > 0 and following is None:
            close = text.find("-----", end + 8, end + 80)
            yield begin.start(), close + 5 if close > 0 else end + 8, "PRIVATE_KEY"
        else:
            body = _PEM_BODY.match(text, begin.end())
            yield begin.start(), body.end() if body else begin.end(), "PRIVATE_KEY"


# --- things that are said to be one: keyword, separator, value ------------------------------------

_PASSWORDS = (
    r"pass[ -]?(?:words?|phrases?|code)|passwd|pwd|pw|passwort|kennwort|mot de passe|contrase(?:ñ|n)a|wachtwoord"
    r"|passord|lösenord|(?:pre-?shared|network|wi-?fi|wlan|wpa2?)[ _-]?key|psk"
)
_KEYS = r"(?:api|access|secret|private|account|storage|license|encryption|recovery|bitlocker)[ _-]?key"
_TOKENS = (
    r"(?:(?:access|refresh|auth|api|bearer|id|session)[ _-]?)?token|(?:client|app|shared|webhook)[ _-]?secret|secret"
)
_CODES = r"(?:mfa|otp|2fa|totp|verification|one[ -]time|security|backup|recovery)[ _-]?codes?|otp"
_WHERE = r"(?:\b|(?<=[_.\d-])|(?-i:(?<=[a-z0-9])(?=[A-Z])))"  # db_password, adminPassword

_KEYWORD = re.compile(
    rf"{_WHERE}(?:(?P<PASSWORD>{_PASSWORDS})|(?P<KEY>{_KEYS})|(?P<TOKEN>{_TOKENS})|(?P<CODE>{_CODES})"
    r"|(?P<PASS>pass)|(?P<PIN>pin(?:[ -]?code)?))\d{0,2}(?![\w])[\"'`]?"
    r"|\b(?P<ENV>[A-Z0-9_]{0,40}(?-i:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY)[A-Z0-9_]{0,40})(?==)",
    re.I,
)
_ABOUT = (  # "password for the router", "password (new)"
    r"(?:[ \t]{1,3}\([^()\n]{1,40}\)"
    r"|[ \t]{1,3}(?:for|of|to|on|at)(?:[ \t]{1,3}(?!is\b|was\b)[^\s:=]{1,40}){1,4}?)?"
)
_STRONG = r"[ \t]{0,3}(?P<strong>:=|=>|->|→|==?|:|>)[ \t]{0,3}(?:\r?\n[ \t]{0,8}(?=\S{1,300}[ \t\r]{0,8}$))?"
_WEAK = (
    r"[ \t]{1,3}(?P<weak>(?:(?:was|is|has been|been|now|got)[ \t]{1,3})?(?:set|reset|changed)[ \t]{1,3}to"
    r"|is|was|are|will be)"
    r"[ \t]{1,3}(?:(?:now|still|currently|just)[ \t]{1,3})?(?::[ \t]{0,3})?"
)
_SEPARATOR = re.compile(rf"{_ABOUT}(?:{_STRONG}|{_WEAK})|(?P<none>[ \t]{{1,3}})", re.I | re.M)
_VALUE = re.compile(
    r"\"(?P<a>[^\"\n]{1,200})\"|'(?P<b>[^'\n]{1,200})'|`(?P<c>[^`\n]{1,200})`|“(?P<d>[^”\n]{1,200})”"
    r"|(?P<bare>[^\s<\"'`“”][^\s<\"`“”]{0,300})"
)
_WORDS = re.compile(r"[^\n,;.]{1,200}")  # a pass phrase goes on

# Plain words that people use about passwords. Whatever is not here is taken for one.
_PLAIN_WORDS = """
    a about accepted active after again age ago all alone already also always an and any are as ask asked at
    authentication bad be because been before being blank blocked box but by cached can cannot case changed changes
    complexity compromised correct correctly could default details did disabled does doesn't done due dialog either
    empty enabled entered entry error even every exactly expire expired expires expiring expiry fail failed failing
    fails failure false field fine first for forgotten found from gets given goes gone good got granted had hanging
    has have he he's hidden her hint his how i if in incorrect incorrectly invalid is isn't issue it it's its just
    keep kept known last later length less like likely locked long longer looks lost manager mandatory may maybe
    mine minimum misspelled mismatch missing more must my n/a na need needed needs neither never new next nil no
    none nope not nothing now null of off ok okay old on once only optional or other our out outdated over page part
    pending per please policy possibly prefix probably prompt prompted prompting protected provided random
    really received refused rejected removed renewed required reset resets resetting revoked right rotated rotation
    same saved screen see seems sent set shared she should shown side since so some soon still store stored strength
    strong such sync synced synchronised synchronized syncing tbc tbd tested than that that's the their them then
    there these they this those through till to too tried true twice type typed unavailable unchanged under
    unknown unset until up updated updating usage use used user user's users using valid validated verified very via
    visible was we weak well were what when where which while who whose will with without won't working works worked
    would writing written wrong yes yet you your yours
"""
_PLAIN = frozenset(_PLAIN_WORDS.split())
_LIKE_PROSE = re.compile(r"[a-z]{3,}(?:ed|ing|ly|able|ible|ised|ized)\Z")
_MASKED = re.compile(  # ********, $env:PASS, ${pass}, %PASS%, (Get-Credential), [REDACTED:…]
    r"[*•xX.…_?#-]+\Z|\$(?:env:|\{|[A-Za-z_]+\Z)|%\w+%\Z|\{\{|\((?:Get|ConvertTo)-|\[REDACTED:", re.I
)


def _said(text: str) -> Iterator[Span]:
    for keyword in _KEYWORD.finditer(text):
        separator = _SEPARATOR.match(text, keyword.end())
        value = _VALUE.match(text, separator.end()) if separator else None
        if separator is None or value is None:
            continue
        kind, how = keyword.lastgroup or "", (separator.lastgroup or "") if value["bare"] else "quoted"
        if how == "none" and text[keyword.start() - 1 : keyword.start()] == "-":
            how = "flag"  # --password X
        start, end = value.span(value.lastgroup or 0)
        if value["bare"]:
            end = start + len(_bare(value["bare"], separator[0]))
        if start == end or not _is_secret(text[start:end], kind, how):
            continue
        if how == "strong" and "phrase" in keyword[0].lower() and (words := _WORDS.match(text, start)):
            end = words.end()
        yield start, end, _KIND.get(kind, "PASSWORD")


_KIND = {"KEY": "KEY", "TOKEN": "TOKEN", "CODE": "CODE", "ENV": "SECRET"}


def _bare(value: str, separator: str) -> str:
    """Where an unquoted value ends: at the next key of a connection string or query, before closing punctuation."""
    if separator.endswith("="):
        value = re.split(r";|&\w{1,40}=|,(?=\w{1,40}=)", value, maxsplit=1)[0]
    return value.rstrip(".,;:)]}'")


def _is_secret(value: str, keyword: str, how: str) -> bool:
    if _MASKED.match(value):
        return False
    plain = re.split(r"[,.;:!?/)]", value.lower(), maxsplit=1)[0]
    if plain in _PLAIN and (how != "quoted" or plain == value.lower()):
        return plain != value.lower().rstrip("!?,.;:)/") and _mixed(value)
    if keyword in ("PIN", "CODE"):
        return sum(letter.isdigit() for letter in value) >= 4
    if how == "none":
        return _mixed(value)
    if keyword == "PASS" or (keyword in ("TOKEN", "KEY") and how == "weak"):
        return _mixed(value)
    return how != "weak" or not _LIKE_PROSE.match(value)


def _mixed(value: str) -> bool:
    """Whether no ordinary word looks like this: six characters or more, letters with digits or signs that passwords
    have."""
    letters = any(letter.isalpha() for letter in value)
    digits = any(letter.isdigit() for letter in value)
    return len(value) >= 6 and letters and (digits or any(sign in value for sign in "!@#$%^&*+=~|\\?"))
