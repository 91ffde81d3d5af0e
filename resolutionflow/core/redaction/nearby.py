"""Passwords that stand before the word for one, in quotes or in front of brackets, and those of accounts that everybody
has: "X" as the passphrase, X (password), root:X, U: admin P: X."""

from __future__ import annotations

from collections.abc import Iterator

from resolutionflow.core.redaction.names import MOST, Name
from resolutionflow.core.redaction.values import is_generated, is_mixed, is_name_of_thing, is_placeholder
from resolutionflow.core.redaction.views import Span, View, matches, rule
from resolutionflow.core.redaction.words import later

_EDGES = "\"'`“”„‘’«»*_,;:.()[]{}<>|–—"
_ACCOUNT = [  # admin // X, svc-backup:X; U: admin P: X
    rule("admin root sa svc ubnt cisco guest operator superuser",
         r"(?<![\w@/\\-])(?<!\w\.)(?:admin(?:istrator)?|root|sa|svc[-_.]\w{1,30}|ubnt|cisco|guest|operator|superuser)(?:[ \t]?(?://?|:|\|)[ \t]?|[ \t](?:and|with|und|mit|et|avec|y|con|e|en|met|og|och)[ \t])([^\s/:\"',;|]{5,60})", "PASSWORD"),
    rule("u: u= un l: l= usr user login username benutzer id",
         r"\b(?:u|un|l|user|usr|login|username|benutzer|id)[ \t]?[:=][ \t]?[^\s:=]{1,40}[ \t/,;|]{1,5}p(?:[wp]|ass)?[ \t]?[:=][ \t]?([^\s\"',;]{4,60})", "PASSWORD"),
]  # fmt: skip
_QUOTED_AS = later(
    r"[\"“„«]([^\"”“»\n]{4,80})[\"”“»][ \t](?:as|als|comme|como|come|som|jako)(?:[ \t][\w-]{1,15}){0,4}[ \t]\Z"
)
_LAST = later(r"(?:^|[\s\"'])([^\s\"']{5,50})[\"']?\Z")
_JOINED = later(r"[^\W\d_]{3,}(?:[-_.][^\W\d_]{2,}){1,4}")


def spans(view: View, found: list[Name]) -> Iterator[Span]:
    """Passwords before these names, and those of such accounts."""
    text = view.text
    for account, kind in matches(view, _ACCOUNT):
        value = account[1].strip(_EDGES)
        if is_generated(value) or (is_mixed(value) and not is_name_of_thing(value) and not is_placeholder(value)):
            start = account.start(1) + len(account[1]) - len(account[1].lstrip(_EDGES))
            yield start, start + len(value), kind
    for name in found[:MOST]:
        if name.kind in ("PASSWORD", "PASS", "PHRASE") and text[name.start - 1 : name.start] == " ":
            if quoted := _QUOTED_AS.search(text, max(0, name.start - 120), name.start):
                yield *quoted.span(1), "PASSWORD"
        elif text[name.start - 2 : name.start] == " (" and text[name.end : name.end + 1] == ")":
            last = _LAST.search(text, max(0, name.start - 60), name.start - 2)
            if last and not is_placeholder(last[1]) and (is_mixed(last[1]) or _JOINED.fullmatch(last[1])):
                yield *last.span(1), "PASSWORD"
