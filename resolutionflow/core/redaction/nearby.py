"""Passwords that stand near the word for one, in whatever order and language: "I've set it to X", "bob / X", "X is the
new password", X alone on the next line. Only what looks like a password is taken for one here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from resolutionflow.core.redaction.names import MOST, Name
from resolutionflow.core.redaction.plain_words import is_plain
from resolutionflow.core.redaction.values import is_generated, is_mixed, is_name_of_thing, is_placeholder
from resolutionflow.core.redaction.views import DONE, INSIDE, Span, View, matches, rule, small_rule
from resolutionflow.core.redaction.words import later

_LOGIN = small_rule(
    [
        *"""
        login log-in logon log sign cred u/p un/pw user/pass username/password account zugang anmeld identifiant connexion credencial acceso credenzial accesso
        credencia acesso ssid inlog pålogging innlogging dane logowanie giriş access admin local breakglass break-glass laps rdp ssh ftp vpn autologon auto combo
        """.split()
    ],
    r"\b(?:log[- ]?[io]n|log[- ]in|sign[- ]?in|logins|credentials?|creds?|u/p|un/pw|user/pass(?:word)?|username/password|account details|"
    r"zugangsdaten|anmeldedaten|zugang|anmeldung|identifiants?|connexion|credenciales|acceso|credenziali|accesso|credenciais|acesso|"
    r"ssid|inloggegevens|inloggen|inloggning|inlogg|pålogging|innlogging|login-oplysninger|dane logowania|logowanie|giriş|"
    r"access|admin user|local admin|breakglass|break-glass|laps|rdp|ssh|ftp|vpn|autologon|auto-?login|combo)\b(?!\.\w)",
    "PASSWORD",
)
_OF_PEOPLE = later(
    r"log|sign|cred|zugang|anmeld|ident|connex|acces|inlog|pålog|innlog|dane|giri|admin|local|rdp|combo|break"
)
_TOKEN = later(r"[^\s;]{6,}")
_MARKS = later(r"[\d!#$%&*?~^]")
_BASE64 = later(r"[A-Za-z0-9+/]{40,}={0,2}")
_LONGEST = 120
_REACH = 300  # characters on either side of the name, at most
_EDGES = "\"'`“”„‘’«»*_,;:.()[]{}<>|–—"
_PAIR = later(  # bob / X, bob:X, user bob, X, "bob" and "X"
    r"[ \t]{0,3}(?:(?:are|is|for [\w.-]{1,40}|to [\w.-]{1,40}|as|with|lauten|sind|user(?:name)?|sont|son)[ \t]{1,2}){0,2}[:=\-–]{0,2}[ \t\n]{0,3}"
    r"(?:user(?:name)?|benutzer|utilisateur|usuario|utente|gebruiker)?[ \t]{0,2}[:=]?[ \t]{0,2}"
    r"[\"'`]?(?:[\w.-]{1,40}\\)?[\w.@+-]{1,60}[\"'`]?(?:[ \t]{0,3}(?:/|:|\||,|;|–|-|→)[ \t]{0,3}|[ \t](?:and|with|und|mit|et|y|e|en|og|och|met|avec|con)[ \t])"
    r"[\"'`]?([^\s\"'`,;]{4,100})"
)
# X is the new password, X als Passwort
_AS = frozenset(
    "is was as = -> ist war était es era fue è foi var było als est comme es como è come é är som er jest jako olarak on for ( – -".split()
)


def spans(view: View, found: list[Name], known: Mapping[int, int]) -> Iterator[Span]:
    """Passwords around these names, and around words for a login, but for those that are known."""
    found = found[:MOST]
    yield from _around(
        view, [(name.start, name.end) for name in found if name.kind in ("PASSWORD", "PASS", "PHRASE")], known
    )
    text, after = view.text, 0
    for account, _kind in matches(view, _ACCOUNT):
        group = account.lastindex or 1
        value = account[group].strip(_EDGES)
        if is_generated(value) or (is_mixed(value) and not is_name_of_thing(value) and not is_placeholder(value)):
            yield _without_edges(account[group], account.start(group), "PASSWORD")
    for login, _kind in islice(matches(view, [_LOGIN]), MOST):
        if login.start() < after or _is_of_path(text, login):
            continue
        pair = _PAIR.match(text, login.end())
        if pair and _is_of_pair(view, pair):
            yield _without_edges(pair[1], pair.start(1), "PASSWORD")
            after = pair.end()
        elif _OF_PEOPLE.match(login[0]):
            for token, at in _tokens(text, login.end(), min(_line_end(text, login.end()), login.end() + 120)):
                yield from (one for one in _generated(token, at) if _has_sign(text[one[0] : one[1]]))
    for name in found:
        if name.kind in ("PASSWORD", "PASS", "PHRASE") and text[name.start - 1 : name.start] == " ":
            yield from _before(text, name.start)
        elif text[name.start - 2 : name.start] == " (" and text[name.end : name.end + 1] == ")":
            value = _LAST.search(text, max(0, name.start - 60), name.start - 2)
            if value and not is_placeholder(value[1]) and (is_mixed(value[1]) or _JOINED.fullmatch(value[1])):
                yield *value.span(1), "PASSWORD"  # X (password)


def _is_of_path(text: str, login: re.Match[str]) -> bool:
    """Whether the word is a part of an address: /realms/x/login-actions/…"""
    return text[login.start() - 1 : login.start()] == "/" and text[login.end() : login.end() + 1] in (
        "-",
        "_",
        "/",
        "?",
    )


def _before(text: str, at: int) -> Iterator[Span]:
    """What stands before "is the new" and this name, also in quotes before "as the"."""
    if quoted := _QUOTED_AS.search(text, max(0, at - 120), at):
        yield *quoted.span(1), "PASSWORD"
        return
    begin = _line_start(text, at, 140)
    words = text[begin:at].split(" ")
    for back in range(2, min(len(words), 7)):
        if words[-back].lower() in _AS:
            value = words[-back - 1].strip(_EDGES) if back < len(words) else ""
            if is_mixed(value) and (is_generated(value) or not is_name_of_thing(value)) and not is_placeholder(value):
                start = begin + len(" ".join(words[: -back - 1])) + (back + 1 < len(words))
                yield _without_edges(words[-back - 1], start, "PASSWORD")
            return


_ACCOUNT = [  # admin // X, svc-backup:X; U: admin P: X
    rule("admin root sa svc ubnt cisco guest operator superuser",
         r"(?<![\w@/\\-])(?<!\w\.)(?:admin(?:istrator)?|root|sa|svc[-_.]\w{1,30}|ubnt|cisco|guest|operator|superuser)(?:[ \t]?(?://?|:|\|)[ \t]?|[ \t](?:and|with|und|mit|et|avec|y|con|e|en|met|og|och)[ \t])([^\s/:\"',;|]{5,60})", "PASSWORD"),
    rule("u: u= un l: l= usr user login username benutzer id",
         r"\b(?:u|un|l|user|usr|login|username|benutzer|id)[ \t]?[:=][ \t]?[^\s:=]{1,40}[ \t/,;|]{1,5}p(?:[wp]|ass)?[ \t]?[:=][ \t]?([^\s\"',;]{4,60})", "PASSWORD"),
]  # fmt: skip


def _has_sign(value: str) -> bool:
    return any(letter in "!@#$%^&*?" for letter in value) and any(letter.isdigit() for letter in value)


def _is_of_pair(view: View, pair: re.Match[str]) -> bool:
    value = pair[1].strip(_EDGES)
    if INSIDE in value or is_placeholder(value) or is_plain(value.lower()):
        return False
    return len(value) > 5 and (is_generated(value) or (is_mixed(value) and not is_name_of_thing(value)))


def _around(view: View, places: list[tuple[int, int]], known: Mapping[int, int]) -> Iterator[Span]:
    """What looks generated on the lines of these places, and what stands alone on the next line."""
    text, done = view.text, 0
    for start, end in places:
        begin = max(done, _line_start(text, start, _REACH))
        stop = _line_end(text, end)
        done = max(done, stop)
        for token, at in _tokens(text, begin, stop):
            if at <= start < at + len(token) and _BASE64.fullmatch(token):
                continue  # the word is letters of it by chance
            if known.get(at, 0) < at + len(token) - 1 and DONE not in token and INSIDE not in token:
                yield from _generated(token, at)
        below = _BELOW.match(text, stop) if text[stop : stop + 1] == "\n" else None
        if below and _stands_alone(below[1]):
            yield _without_edges(below[1], below.start(1), "PASSWORD")


def _tokens(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    for token in _TOKEN.finditer(text, start, end):
        if len(token[0]) <= _LONGEST and _MARKS.search(token[0]):
            yield token[0], token.start()


def _stands_alone(line: str) -> bool:
    """Whether a line of nothing else is a password."""
    value = line.strip(_EDGES)
    if is_placeholder(value) or is_plain(value.lower()) or re.search(r"[=(,;|<]|\A[-\[#$@]", line):
        return False
    return is_mixed(value) and not is_name_of_thing(value)


_BELOW = later(r"\n{1,3}(?:```\w{0,10}\n|[-*•][ \t])?[\"'`]?(\S{6,80})[ \t]{0,5}(?=\n|\Z)")


_QUOTED_AS = later(
    r"[\"“„«]([^\"”“»\n]{4,80})[\"”“»][ \t](?:as|als|comme|como|come|som|jako)(?:[ \t][\w-]{1,15}){0,4}[ \t]\Z"
)
_LAST = later(r"(?:^|[\s\"'])([^\s\"']{5,50})[\"']?\Z")
_JOINED = later(r"[^\W\d_]{3,}(?:[-_.][^\W\d_]{2,}){1,4}")
_SIGN = later(r"[!@#$%^&*+?~=]")


def _generated(token: str, at: int) -> Iterator[Span]:
    start, end, _ = _without_edges(token, at, "")
    value = token[start - at : end - at]
    if value in (value.lower(), value.upper()) and not _SIGN.search(value):
        return
    for separator in ("/", ":", "=", "\\", ","):
        head, found, rest = value.partition(separator)
        if found and re.fullmatch(r"[\w.@-]{1,40}", head) and is_generated(rest) and not is_generated(head):
            start, value = start + len(head) + 1, rest
            break
    if (
        is_generated(value)
        and not re.search(r"[\[({<>\"`|)]", value)
        and "://" not in value
        and "=" not in value.rstrip("=")
    ):
        yield start, start + len(value), "PASSWORD"


def _without_edges(value: str, at: int, kind: str) -> Span:
    start = at + len(value) - len(value.lstrip(_EDGES))
    return start, start + len(value.strip(_EDGES)), kind


def _line_start(text: str, at: int, reach: int) -> int:
    return max(text.rfind("\n", max(0, at - reach), at) + 1, at - reach, 0)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at, at + _REACH)
    return end if end >= 0 else min(len(text), at + _REACH)
