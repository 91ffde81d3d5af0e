"""How much a word of a sentence looks like a password: made up by a machine or with care, or like a name of something."""

from __future__ import annotations

from resolutionflow.core.redaction.plain_words import is_plain
from resolutionflow.core.redaction.values import (
    is_generated,
    is_leet,
    is_mixed,
    is_name_of_thing,
    is_placeholder,
    is_product,
    is_thing,
)
from resolutionflow.core.redaction.views import BETWEEN, DONE, INSIDE
from resolutionflow.core.redaction.words import later

_TECHNICAL = frozenset(
    "pc laptop lap ws desktop win windows sys syswow wow system server srv host room rack domain policy default office iphone ipad galaxy pixel yubikey switch sw printer print drucker port vlan ssid gpo dc fs ts "
    "rds esx esxi vm nas san ap fw router modem hub gw vpn ftp sql db web app dev prod test stage site floor zone unit area line model version build release ver rev sp kb cve patch firmware "
    "ticket case inc chg req order po invoice event error code step phase level tier page part chapter table figure user usr svc adm host node pod cluster chrome edge firefox "
    "teams outlook exchange sharepoint onedrive azure intune macos ios android linux ubuntu debian centos rhel http https ssh tls ssl aes sha md smb ldap radius oauth saml totp mfa utf base "
    "usb hdmi cat eth wlan ghz mhz gb mb tb kb ms mbps v dell latitude optiplex hp lenovo fortigate fortinet sonicwall watchguard meraki unifi ubiquiti cisco juniper aruba mikrotik synology qnap netgear draytek zyxel grandstream yealink polycom thinkpad poweredge proliant surface macbook".split()
)
_PART = r"\d{0,4}[A-Z]?[^\W\d_A-Z]{2,}(?:[A-Z][^\W\d_A-Z]+){0,2}\d{0,4}"
_CHOSEN = later(  # words with a number, one of them with a capital
    rf"(?=\S*[A-Z])(?=\S*\d)(?:[^\W\d_A-Z]*\d)?{_PART}(?:[._-](?:{_PART}|\d{{1,4}})){{1,4}}(?:[!?#$%&*+@]\d{{0,4}})?"
    r"|[A-Za-z]?[a-z]{2,}(?:\d{1,4}[A-Z]|[A-Z])[a-z]{2,}\d{1,4}|[A-Za-z][a-z]{2,}\d{1,4}[A-Z][a-z]{2,}"
    r"|[A-Z][a-zà-ÿ]{3,}\d{1,4}[!#$*?]|[A-Z][a-zà-ÿ]{2,}#\d{2,5}"
)
_WORDS_AND_NUMBER = later(
    r"[^\W\d_]{2,14}(?:[-_.][^\W\d_]{2,14}){1,5}[-_.]?\d{1,6}[!?]?|[^\W\d_]{3,14}\d{1,4}[!?]?|[^\W\d_]{3,12}\d{1,4}[^\W\d_]{2,12}"
)
_WORD_AND_NUMBER = later(r"[^\W\d_]{4,14}[-_.]?\d{1,4}[!?]?")  # Hirondelle12
_HOST = later(r"(?i:pc|lap|laptop|ws|srv|server|dc|ts|fs|nb|desktop|printer|prn|ap|sw|fw|vm|vpn)[-_]\w+\Z")
_GROUPS = later(r"(?=\S{9})[A-Z0-9-]*(?:[A-Z]+\d|\d+[A-Z])[A-Z0-9]{2,}-[A-Z0-9-]*")  # on the label of a router
_JOINED = later(r"[A-Z][a-zà-ÿ]{2,}(?:[._-][A-Z][a-zà-ÿ]{2,})+[!?]?")
_PHRASE = later(r"[a-z]{3,9}(?:-[a-z]{3,9}){2,6}|[a-z]{3,9}(?:-(?:[a-z]{2,9}|\d{1,4})){2,6}")
_PATH = later(r"[\w.-]+(?:/[\w.@:-]+)+")
_JOINING = frozenset("du de la le les des del di da das do im am und van der het en och og y e na".split())
_OF_KEYS = later(r"[\w+/=-]+")
_LONG = 24  # letters of what random_keys.py tells
_OF_CODE = later(r"[|()\[\]{}<>]")
_CALL = later(r"[A-Za-z_.]{3,}[(\[{<>]|[<>{]")
_NUMBER_WITH_LETTERS = later(r"\d{5,}[a-z]{1,3}")
_SIGN = later(r"[!#$%&*?~^]")
_WORDS = later(r"[^\W\d_]+")


def look(value: str) -> int:
    """How much a word looks like a password: 3 made up by a machine or with care, 2 letters and a number, 1 perhaps."""
    if value[:1] == "$" or is_placeholder(value) or is_plain(value.casefold()) or _is_foreign(value):
        return 0
    if _NUMBER_WITH_LETTERS.fullmatch(value):
        return 1
    if _is_technical(value) and not _SIGN.search(value) and not is_leet(value):
        return 0
    if (is_generated(value) or is_leet(value)) and (len(value) < _LONG or not _OF_KEYS.fullmatch(value)):
        return 3
    if is_product(value) or _is_technical(value):
        return 0
    if _HOST.match(value):
        return 1
    named = is_name_of_thing(value)
    if (named and is_thing(value)) or _PATH.fullmatch(value):
        return 0
    if _CHOSEN.fullmatch(value):
        return 3
    if _PHRASE.fullmatch(value):
        words = [word for word in value.split("-") if word not in _JOINING]
        return 0 if len(words) < 2 or any(map(is_plain, words)) else 2
    if _JOINED.fullmatch(value):
        return 1
    if not is_mixed(value) or len(value) >= _LONG:
        return 0
    if not named and value[0].isupper() and _WORD_AND_NUMBER.fullmatch(value):
        return 3
    if named and value == value.upper():
        return 2 if _GROUPS.fullmatch(value) else 1
    return 1 if named and not _WORDS_AND_NUMBER.fullmatch(value) else 2


def _is_technical(value: str) -> bool:
    """Whether most of it are words for machines and the like: Win10-22H2, iPhone14."""
    words = _WORDS.findall(value.lower())
    return sum(len(word) for word in words if word in _TECHNICAL) * 2 > sum(map(len, words))


def _is_foreign(value: str) -> bool:
    """Whether it cannot be one word of a sentence: of code, or what another rule reads."""
    if (
        DONE in value
        or INSIDE in value
        or BETWEEN in value
        or value.count(",") > 1
        or "\\" in value
        or "=" in value.rstrip("=")
    ):
        return True
    if _OF_CODE.search(value) and (
        value in (value.lower(), value.upper()) or not is_generated(_OF_CODE.sub("!", value)) or _CALL.search(value)
    ):
        return True
    return ":" in value and value[-1:] != ":"
