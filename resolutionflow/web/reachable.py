"""Links out of what people typed about reaching somebody or something: https addresses, email addresses, telephones."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from resolutionflow.accounts.models.phone import phone_address

# The first that fits. An address of another scheme is matched to be left alone, with all that is in it. Every
# repetition is bounded or ends where the next begins, so that a long text takes as long as it is long.
_REACHABLE = re.compile(
    r"""
    (?<!\w)(?P<url>https://[^\s<>"'`\\^{}|]+)
    | \b(?P<other>[a-z][a-z0-9+.-]{1,20}://\S*)
    | (?<![\w.+%@-])(?P<email>[a-z0-9][a-z0-9._+'-]{0,63}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,63})(?![\w@-])
    | (?<![\w/\#@=+-])(?<!\d[.,:])(?P<phone>[+(]?\d[\d\ ()./\u2010-\u2013-]{5,30})
    """,
    re.IGNORECASE | re.VERBOSE | re.ASCII,
)
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)", re.IGNORECASE | re.ASCII)
_PAIRS = {")": "(", "]": "["}

# How telephone numbers are written, and how many digits they have. What a remote tool calls a machine (123 456 789), a
# date and an address in a network are none.
_BETWEEN = r"(?:\ ?[./\u2010-\u2013-]\ ?|\ )"
_PHONES = re.compile(
    rf"""
    (?P<abroad>(?:\+|00)\d+(?:{_BETWEEN}\d(?={_BETWEEN}))?(?:\ ?\(\d+\)\ ?\d\d+)?(?:{_BETWEEN}\d\d+)*)
    | (?P<national>(?:\(0\d*\)\ ?\d\d+|0\d*)(?:{_BETWEEN}\d\d+)*)
    | (?P<american>(?:1[ .\u2010-\u2013-])?(?:\(\d{{3}}\)[ .\u2010-\u2013-]?|\d{{3}}[ .\u2010-\u2013-])
        \d{{3}}[ .\u2010-\u2013-]\d{{4}})
    | (?P<local>\d{{3}}[\u2010\u2011-]\d{{4}})
    | (?P<pairs>\d\d(?:\ \d\d){{3,4}})
    """,
    re.VERBOSE | re.ASCII,
)
_LENGTHS = {"abroad": range(7, 16), "national": range(9, 13)}  # in digits; the others say it themselves
_EXTENSION = re.compile(r",?\ ?(?:ext(?:ension|n)?\.?|x)\ ?\d{1,6}(?!\w)", re.IGNORECASE | re.ASCII)
_DATE = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{2,4}(?!\d)", re.ASCII)


def reachable(text: object) -> SafeString:
    """`text` as HTML: https addresses (shown by their host) lead out in a new tab, emails and telephones are links, and
    all else, every other scheme too, is escaped text."""
    plain = "" if text is None else str(text)
    parts, at = [], 0
    while found := _REACHABLE.search(plain, at):
        typed, link = _link(found)
        parts += [escape(plain[at : found.start()]), link]
        at = found.start() + len(typed)
    return mark_safe("".join([*parts, escape(plain[at:])]))  # noqa: S308  each part is escaped


def _link(found: re.Match[str]) -> tuple[str, str]:
    """How much of what was found is a link, and that as HTML; or what is none, escaped."""
    match found.lastgroup:
        case "url":
            return _website(found[0])
        case "phone":
            return _telephone(found)
        case "email":
            return found[0], format_html('<a href="mailto:{}">{}</a>', quote(found[0], safe="@"), found[0])
        case _:
            return found[0], escape(found[0])


# --- websites ----------------------------------------------------------------------------------


def _website(found: str) -> tuple[str, str]:
    typed = _without_trailing(found)
    host = _host(typed)
    if not host:
        return found, escape(found)
    # The host as it is shown is the one that is asked, whatever a browser makes of other alphabets.
    address = urlsplit(typed)._replace(netloc=host).geturl()
    return typed, format_html('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>', address, host)


def _without_trailing(typed: str) -> str:
    """The address without the punctuation of the sentence around it, and brackets that it does not open itself."""
    end = len(typed)
    surplus = {close: typed.count(close) - typed.count(start) for close, start in _PAIRS.items()}
    while typed[end - 1] in ".,;:!?*_~»”’…" or surplus.get(typed[end - 1], 0) > 0:
        if typed[end - 1] in surplus:
            surplus[typed[end - 1]] -= 1
        end -= 1
    return typed[:end]


def _host(url: str) -> str:
    """Host and port in ASCII, so that letters of another alphabet which look like ours show as what they are. Empty for
    what nobody should be led to: no host, or a name or password in front of it."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        shown = f"[{host}]" if ":" in host else host[:254].encode("idna").decode()
    except ValueError:  # UnicodeError is one
        return ""
    is_name = ":" in host or all(_LABEL.fullmatch(label) for label in shown.removesuffix(".").split("."))
    if "@" in parts.netloc or not is_name or len(host) > 253:
        return ""
    return shown if port in (None, 443) else f"{shown}:{port}"


# --- telephones --------------------------------------------------------------------------------


def _telephone(found: re.Match[str]) -> tuple[str, str]:
    """The longest beginning that is a number, with its extension: hours may follow it. Where none is, the first digits
    stay as they are."""
    text, ends = found.string, [digits.end() for digits in re.finditer(r"\d+", found[0])]
    for end in reversed(ends):
        typed = found[0][:end]
        if not _is_phone(typed):
            continue
        if extension := _EXTENSION.match(text, found.start() + end):
            typed += extension[0]
        after = found.start() + end
        if extension or not re.match(r"[\w:@]|[.-]\d", text[after : after + 2]):
            return typed, format_html('<a href="{}">{}</a>', phone_address(typed), typed)
    passed = found[0][:1] if found[0][0] == "(" else found[0][: ends[0]]
    return passed, passed


def _is_phone(typed: str) -> bool:
    found = _PHONES.fullmatch(typed)
    if not found or _DATE.match(typed):
        return False
    digits = sum(each.isdigit() for each in typed)
    return digits in _LENGTHS.get(str(found.lastgroup), [digits])
