"""Secrets that are said to be one: a name, a separator, a value. Whatever follows "password:" is a secret unless it is a
plain word that people use about passwords, or stands for one; after "is" and after a blank more is asked of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from resolutionflow.core.redaction.looks import look
from resolutionflow.core.redaction.names import CONTENT, MOST, TELLS, Name
from resolutionflow.core.redaction.plain_words import is_plain
from resolutionflow.core.redaction.values import (
    GUIDS,
    is_generated,
    is_key,
    is_mixed,
    is_name_of_thing,
    is_placeholder,
    is_secret,
    is_thing,
    is_token,
    without_ends,
)
from resolutionflow.core.redaction.views import Span, View
from resolutionflow.core.redaction.words import later

_LINKS = (  # a verb, or what leads to the value, by language
    r"is|was|are|be|equals|remains|stays|bleibt|blieb|reste|resta|blijft|förblir|forbliver|sigue siendo|pozostaje|zůstává|c'est|c'était|heißt|heisst|to|as|lautet|ist|war|lauten|auf|wäre|est|était|sera|devient|à|es|era|fue|será|a|ahora|è|sarà|in|é|foi|para|luidt|"
    r"wordt|werd|op|naar|är|var|blev|till|er|ble|til|jest|to|brzmi|było|na|on|reads|becomes|became|il|su|now|gleich"
)
_FILLERS = (
    r"has|been|got|gets|now|still|currently|just|simply|again|back|will|should|must|would|may|can|also|always|probably|temporarily|"
    r"set|reset|changed|change|updated|update|rotated|switched|reverted|configured|set up|new|temporary|temp|default|initial|"
    r"jetzt|nun|wieder|aktuell|derzeit|neu|neue|neues|wurde|wird|geändert|gesetzt|zurückgesetzt|worden|temporär|"
    r"maintenant|actuellement|désormais|a été|été|changé|modifié|réinitialisé|défini|temporaire|nouveau|provisoire|initial|actuel|"
    r"provisional|provvisoria|provisória|provisório|inicial|iniziale|vorläufige?s?|initiale?s?|tymczasowe|tillfälligt|midlertidigt?|"
    r"ahora|actualmente|ha sido|cambiada|cambiado|restablecida|nueva|temporal|está|adesso|ora|stata|cambiata|impostata|reimpostata|"
    r"übrigens|nämlich|eigentlich|d'ailleurs|toujours|immer noch|literally|actually|really|apparently|only|simply|basically|probably|genuinely|wirklich|einfach|tatsächlich|vraiment|simplement|realmente|simplemente|gewoon|"
    r"agora|foi|alterada|redefinida|definida|nu|momenteel|gewijzigd|gezet|ingesteld|veranderd|opnieuw|tijdelijk|satt|ändrat|återställt|"
    r"nå|endret|tilbakestilt|ændret|nulstillet|sat|teraz|zmienione|ustawione|nowe|zostało|the|following|le|la|il|el|das|het"
)
_ABOUT = (  # "password for the router", "password (new)", "Passwort vom Router"
    r"(?:[ \t]#?\d{1,2}(?=[ \t]?[:=])|[ \t]{1,3}[(\[][^()\[\]\n]{1,40}[)\]]"
    r"|[ \t]{1,3}(?:for|of|to|on|at|from|für|vom|von|am|des|der|pour|du|de|para|del|da|do|per|di|della|van|voor|till|för|til|på|do|dla)\b"
    r"(?:[ \t]{1,3}(?!(?:is|was|ist|lautet|est|es|är|er|jest|luidt|to|set)\b)[^\s:=,;\"]{1,40}){1,5}?)?(?:[ \t]{1,3}\([^()\[\]\n]{1,40}\)(?=[ \t]?[:=]))?"
)
_SEPARATOR = later(
    r"(?P<pair>[\"'][ \t]{0,3},?[ \t\n]{0,20}(?:[\w:]{1,20}=[\"'][^\"'\n]{0,40}[\"'][ \t]{1,3}){0,2}[\"']?(?:value|val|content|default|text|data|secret)[\"']?"
    r"[ \t]{0,3}(?:=|:|=>)[ \t]{0,3}(?=[\"'])"
    r"|[\"'][ \t]{0,3}\]?,[ \t]{0,10}(?=[\"'])(?![\"'][\w.-]{1,40}[\"'][ \t]{0,3}:)|\([ \t]{0,3}(?=[\"'])|[\"'][ \t]{1,10}(?:json:)?(?=\"))"
    r"|(?P<xml>[\"'](?:[ \t][^<>\n]{0,60})?(?<![=/])>[ \t\n]{0,20}(?:<(?:value|val|string|td|dd|text)\b[^<>\n]{0,60}>)?(?=[^\s<\"']|<!\[cdata)"
    r"|(?:[ \t][\w:.-]{1,30}=[\"'][^\"'<>\n]{0,120}[\"']){1,4}[ \t]?>(?=[^\s<\"']|<!\[cdata)"
    r"|</\w{1,20}>[ \t\n]{0,20}<(?:value|val|string|td|dd|span|text)\b[^<>\n]{0,60}>(?=[^\s<\"']|<!\[cdata)"
    r"|>[ \t\n]{0,20}(?:</\w{1,20}>[ \t\n]{0,20})?(?:<(?:\w{1,10}:)?(?:value|val|string|td|dd|span|b|strong|code|v|text|plaintext|input)\b[^<>\n]{0,80}>)?"
    r"(?=[^\s<\"']|<!\[cdata))"
    r"|\\{0,7}[\"'`*_)\]]{0,4}(?:" + _ABOUT + r"[\"'`*_]{0,3}"
    r"(?:[ \t]{0,60}(?P<strong>:=|=>|->|→|⇒|={1,3}|:{1,2}(?!//)|：|\?:)[*_]{0,3}[ \t]{0,60}(?P<below>\n[\n`]{0,6}[ \t]{0,8}(?=\S{1,300}[ \t]{0,8}$))?"
    rf"|(?P<weak>(?:'s)?(?:[ \t]{{1,3}}(?:{_LINKS}|{_FILLERS})(?![\w'])){{1,7}}|'s)(?:[ \t]{{0,3}}(?P<colon>[:=])[ \t]{{0,3}}|[ \t]{{1,3}}|[ \t]{{0,3}}\n{{1,2}}(?=\S{{1,300}}$)))"
    r"|(?P<none>[ \t]{1,60}(?:[-–—|>/,#]{1,2}[ \t]{1,10})?|,[ \t]))",
    re.M,
)
_LOOSE = later(  # words between that tell nothing: "password bob uses is X"
    r"(?P<xml>(?!))?(?P<pair>(?!))?(?P<below>(?!))?(?P<colon>(?!))?(?:[ \t]{1,3}[^\s:=,;\"]{1,30}){1,5}?"
    rf"(?:[ \t]{{0,3}}(?P<strong>[:=](?!//))[ \t]{{0,5}}|(?P<weak>(?:[ \t]{{1,3}}(?:{_LINKS}|{_FILLERS})(?![\w'])){{1,5}})[ \t]{{1,3}})",
)
_LOOSE_COLON = later(  # as many words and a colon
    r"(?P<xml>(?!))?(?P<pair>(?!))?(?P<below>(?!))?(?P<weak>(?!))?(?P<colon>(?!))?(?:[ \t]{1,3}[^\s:=,;\"]{1,30}){1,6}?[ \t]{0,3}(?P<strong>[:=](?!//))[ \t]{1,5}"
)
_SEPARATOR_OF_MANY = later(
    r"(?:(?P<xml>(?!))|(?P<pair>(?!))|(?P<weak>(?!))(?P<colon>)|(?P<below>(?!))|[\"']?[ \t]{0,3}(?P<strong>[:=])[ \t]{0,3})"
)
_SEPARATORS, _OF_MANY = (_SEPARATOR, _LOOSE_COLON, _LOOSE), (_SEPARATOR_OF_MANY,)
_VALUE = later(
    r"\\{1,7}\"(?P<j>[^\"\\\n]{1,200})\\{1,7}\"|\"(?P<a>(?:\\.|[^\"\\\n]){1,300})\"|'(?P<b>(?:\\.|[^'\\\n]){1,300})'(?![^\W_])|```?(?P<h>[^`\n]{1,200})`|`(?P<c>[^`\n]{1,200})`"
    r"|“(?P<d>[^”\n]{1,200})”|„(?P<e>[^“”\n]{1,200})[“”]|«\s?(?P<f>[^»\n]{1,200}?)\s?»|\*\*(?P<g>[^*\n]{1,200})\*\*|‘(?P<i>[^’\n]{1,200})’"
    r"|\{(?P<braced>(?:[^{}\n]|\}\}){1,200})\}(?=[;\"'\s]|$)|(?P<bare>[^\s\"'`“”„«»][^\s“”]{0,300})"
)
_XML_VALUE = later(
    r"<!\[CDATA\[(?P<cdata>[^\n]{1,500}?)\]\]>|(?:(?P<bare>(?:[^<\n]|<(?![/!]|[\w:]{1,30}[ >/])){1,2000}?)(?=\]\]>|[ \t\n]{0,20}</)|(?P<open>[^<\n\"']{1,2000}))"
)
_BRACKETED = later(
    r"\[[^\[\]\n]{1,60}\](?![^\s\"'.,;:])|\([^()\n]{1,60}\)(?![^\s\"'.,;:])|<[^<>\n]{1,60}>(?![^\s\"'.,;:])"
)  # [see vault]
_OF_BLOCK = later(
    r"(?:\A|\n|\ufffc)(?:resource|data|variable|output|module|provider)[ \t]{1,3}\"\Z"
)  # of Terraform: two names follow
_PROMPT = later(r"[\w.-]+@[\w.-]+:[^\s:]{0,80}[#$%]\Z")
_LIST = later(  # what opens before a value
    r"\{\s{0,9}(?:[\"'](?:type|sensitive|description|hidden|secure)[\"']\s{0,3}:\s{0,3}[\"\w]{1,40},\s{0,9}){0,3}"
    r"[\"'](?:[Vv]alue|[Vv]al|[Pp]lain[Tt]ext|[Ss]ecret|[Tt]ext|[Dd]efault|[Cc]ontent|_content)[\"']\s{0,3}:\s{0,3}(?=[\"'])"
    r"|\{\s{1,9}(?:(?:type|sensitive|description)[ \t]{0,9}=[^\n]{1,80}\s{1,9}){0,3}(?:default|value)[ \t]{0,9}=[ \t]{0,3}(?=\")"
    r"|REG_(?:EXPAND_|MULTI_)?SZ[ \t]{1,9}|[\[({][ \t\n]{0,5}(?=[\"'])|!!\w{1,10}[ \t]|[rbuf](?=[\"'])|@(?=\")"
)
_ENGLISH = frozenset("remains stays is was are be equals to as reads becomes became now 's".split())
_WHERE = frozenset("in on the a as it".split())
_PLACES = frozenset("auf in à em a na op på til till su il on".split())
_LINKING = frozenset(_LINKS.split("|"))
_CLOSES = later(r"[\"'`](?=[\s,;:)}\]>.]|\Z)|</|\">|\\n|\\r")
_NEXT_KEY = later(r";|&(?=[\w.%\[\]-]{1,40}=)|,(?=[ \t]?[\w.-]{1,40}[=:])")
_AFTER_WORD = later(
    r"[ \t]{0,3}(?:$|[.,;!)\n\"'|]|[-–(/][ \t(]?|(?:and|but|so|all|as|because|since|exactly|lower|upper|no|without|now|then|which|if|or|on|for|until|in|with|at|und|aber|et|y|e|en)\b)",
    re.I | re.M,
)
_GOES_ON = later(r"[ \t](?!(?:and|but|or|on|for|in|at|with|user|login|und|für|et|y|e|en|i|og|och)\b)[a-zà-ÿ]{2,}")
_OF_WIFI = later(r"\b(?:ssid|wi-?fi|wlan|hotspot|wpa[23])\b")
_NEXT = later(r"[A-Za-z][\w.-]*=")  # the next line of settings
_IS_NAME = later(r"[ \t]{1,3}[:=][ \t]")  # what has a value of its own
_OPTION = later(r"[-/][A-Za-z]\S{0,21}\Z")
_UNIT = later(
    r"[ \t]{1,3}(?:char|digit|day|hour|minute|second|attempt|time|user|account|item|entr|result|failed|of\b|zeichen|tage|stunden|jours|días|tekens|week|month|year|bits?\b|byte|mal\b|x\b|more|expired|left|total)",
    re.I,
)
_CONTENT = later(CONTENT, re.I)
_PASSPHRASE = later(r"[^\n,;.\"'<]{1,200}")
_WORDS = later(r"[a-z]{2,15}(?:[ \t][a-z]{2,15}){2,8}(?:[ \t]\d{1,4})?(?=[.,;!]?[ \t]{0,3}(?:$|[\"'`]))", re.M)
_OF_CONNECTION = later(
    r"(?:server|data source|user id|uid|host|driver|database|initial catalog|dsn|provider)[ \t]{0,2}=", re.I
)
_TO_SEMICOLON = later(r"[^;\n\"']{1,200}(?=;|\"|$)", re.M)
_JOINED = later(r"[^\W\d_]{3,}(?:[-_.][^\W\d_]{2,}){1,4}")  # hagelslag-melk
_TYPES = later(r"(?:[Tt]okens?|Secrets?|Keys?|Credentials?|Provider|Field|Type|Request|Response)\Z")  # of programs
_CLASS = later(r"(?:Optional)?(?:Secret|Secure|Hidden|Encrypted|Sensitive)(?:Str|String|Bytes|Text|Value|Field)")
_APP = later(r"[a-z]{16}")  # a password for an app, of Google or Microsoft
_DIGITS_OF_WIFI = 12  # on the label of a router
_PRODUCTS = later(
    r"[A-Z]{2,8}-?\d{1,4}\Z|(?:server|windows|office|exchange|outlook|hub|switch|router|printer|user|host)[-_.]?\d",
    re.I,
)
_TYPED = later(r"\b(?:type|typed|enter|entered|use|used|using|with)\b(?:[ \t][\w-]{1,15}){0,3}[ \t]\Z")
_MANY, _BEHIND, _AHEAD = 2_000, 80, 600  # names of a text, and letters around one that are compared
_NAMED = {"ANY_KEY": "KEY", "PHRASE": "PASSWORD", "PASS": "PASSWORD"}


def spans(view: View, found: list[Name]) -> Iterator[Span]:
    """The values that follow these names."""
    text, lower, after, failed = view.text, view.lower, 0, ""
    many = len(found) > _MANY
    for at, name in enumerate(found):
        if name.start < after or (at >= MOST and at + 1 < len(found) and found[at + 1].start < name.end + 4):
            continue
        if text[name.end : name.end + 1] == "(" and "." in text[name.start : name.end]:
            continue  # a method of it
        around = text[max(0, name.start - _BEHIND) : name.end + _AHEAD] if many else ""
        if many and around == failed:
            continue  # the same text again, as nobody writes
        found_here: list[Span] = []
        for separator in _SEPARATORS if at < MOST else _OF_MANY:
            if match := separator.match(lower, name.end):
                found_here = list(_values(view, name, match))
            if found_here:
                yield from found_here
                after = found_here[-1][1]
                break
        failed = "" if found_here else around


def _values(view: View, name: Name, separator: re.Match[str]) -> Iterator[Span]:
    text, how, at = view.text, _how(view, name, separator), separator.end()
    if how == "xml":
        value = _XML_VALUE.match(text, at)
    else:
        if _BRACKETED.match(text, at) or _OF_BLOCK.search(view.lower, max(0, name.start - 30), name.start):
            return
        if opened := _LIST.match(text, at):
            at = opened.end()
            how = "strong" if how == "none" and len(opened[0]) > 5 else how
        value = _VALUE.match(text, at)
    if value is None:
        return
    group = value.lastgroup or "bare"
    start, end = value.span(group)
    if group == "open" and (
        ("=" in text[start:end] and "\n" in separator[0])
        or text[name.start - 2].isalnum()
        or text[end - 1 : end + 1] == " <"
    ):
        return  # mysql -p<password> shop < dump.sql
    if (group != "bare" and text[start] in " ,;.)") or (group == "open" and text[start] in "/-"):
        return  # the last: net user <name> <password> /add
    if group != "bare" and how not in ("none", "weak"):
        how = "quoted" if group != "braced" else "flag"
    if group == "bare" and how != "xml":
        bare = _bare(value["bare"], separator)
        if is_placeholder(bare.rstrip(".,;:!")):
            return
        end = start + len(without_ends(bare))
    elif how == "xml":
        end = start + len(value[group].rstrip())
    if how == "strong" and group == "bare" and (words := _of_words(text, name, start, end)):
        yield start, words, "PASSWORD"
    elif start < end and _counts(view, name, separator, how, group, start, end):
        yield start, _whole(view, name, how, start, end), _NAMED.get(name.kind, name.kind)


def _how(view: View, name: Name, separator: re.Match[str]) -> str:
    if separator["xml"] is not None:
        return "xml"
    if separator["pair"] is not None:
        return "pair"
    if separator["below"]:
        return "below"
    if separator["strong"] or separator["colon"]:
        return "strong"
    if separator["weak"] is not None:
        return "weak"
    return "flag" if name.flagged and "," not in separator[0] else "none"


def _counts(view: View, name: Name, separator: re.Match[str], how: str, group: str, start: int, end: int) -> bool:
    """Whether the value is one, after all that stands around it."""
    value, text, called = view.value(start, end), view.text, view.lower[name.start : name.end]
    if how == "below":
        usual = (is_mixed(value) or len(value) > 15) and value[-1:] not in ":=" and not _NEXT.match(value)
        return usual and not is_placeholder(value) and not _PROMPT.match(value) and not is_plain(value.lower())
    plain = {"pair": "quoted", "xml": "quoted" if " " in value else "strong"}.get(how, how)
    if name.kind == "PHRASE" and _is_phrase(value, how, group):
        return True
    if _ends_line(text, name, how, value, end):
        return True
    if how == "none" and name.kind in ("PASSWORD", "PASS", "PHRASE") and _is_beside(view, name, separator, value):
        return True
    of_keys = (
        name.kind in ("KEY", "TOKEN", "ANY_KEY")
        and how == "none"
        and (is_token(value) or (GUIDS.fullmatch(value) is not None and not separator[0].strip()))
    )
    if not (of_keys or is_secret(value, plain)) or (how == "flag" and _OPTION.match(value)):
        return False
    if separator.re.pattern in (_LOOSE.pattern, _LOOSE_COLON.pattern) and not _is_after_words(
        value, separator, group, name.foreign or called == "password"
    ):
        return False
    is_word = (
        how == "strong" and separator["strong"] == ":" and value.islower() and value.isalpha() and not name.flagged
    )
    if (is_word and _GOES_ON.match(text, end)) or (how == "strong" and group == "bare" and _IS_NAME.match(text, end)):
        return False
    if separator["pair"] is not None and "," in separator[0] and name.kind != "PASSWORD" and not is_mixed(value):
        return False
    if name.kind == "ANY_KEY" and _OF_WIFI.search(view.lower, max(0, name.start - 60), start):
        if how in ("strong", "quoted"):
            return True
        if how in ("weak", "none") and (is_mixed(value) or _JOINED.fullmatch(value)) and not is_thing(value):
            return True
    if "credential" in called and (how in ("none", "weak", "flag") or not is_mixed(value)):
        return False
    if group == "bare" and (_CLASS.fullmatch(value) or (name.kind == "TOKEN" and _TYPES.search(value))):
        return False
    if name.kind in ("KEY", "TOKEN", "ANY_KEY"):
        return is_key(name.kind, value, plain)
    if group != "bare" and how in ("none", "weak"):
        return is_mixed(value) or (how == "weak" and len(value.split()) < 3 and not is_plain(value.lower()))
    if (value.isdigit() and _UNIT.match(text, end)) or (called == "ww" and not is_mixed(value)):
        return False
    if name.kind == "PASS" and not is_mixed(value):
        if how == "weak":
            said = separator["weak"].lower().split()
            return called not in ("pass", "pws", "pwds") and _WHERE.isdisjoint(said) and _is_last(text, value, end)
        if how == "strong" and called == "pass":
            return not value.isdigit() and len(value) > 3 and value.lower() not in ("criteria", "rate", "mark", "count")
    if how == "weak":
        return _is_after_verb(text, name, separator, value, end)
    if how == "none":
        return not value[0].isdigit() or is_generated(value) or not value.rstrip("%").isdigit()
    return True


def _is_beside(view: View, name: Name, separator: re.Match[str], value: str) -> bool:
    """Whether a value stands directly after the word for a password: what may be the name of a host is one there."""
    if value.isdigit() and len(value) >= _DIGITS_OF_WIFI and not view.lower.startswith("pass", name.start):
        return True
    if separator[0].strip() or is_placeholder(value) or is_plain(value.casefold()) or is_thing(value):
        return False
    if view.lower[max(0, name.start - 4) : name.start] == "app " and _APP.fullmatch(value):
        return True
    return (
        is_mixed(value)
        and any(map(str.isdigit, value))
        and (not _PRODUCTS.match(value) or _TYPED.search(view.lower, max(0, name.start - 50), name.start) is not None)
    )


def _is_phrase(value: str, how: str, group: str) -> bool:
    """Whether a pass phrase reads like prose and is one: it is quoted, or one long word."""
    if is_placeholder(value):
        return False
    return (group != "bare" and len(value.split()) > 2) or (how == "none" and value.isalpha() and len(value) > 9)


def _ends_line(text: str, name: Name, how: str, value: str, end: int) -> bool:
    """Whether a line begins with the name and ends with something mixed: "PASS ab12c"."""
    if (
        how != "none"
        or len(value) < 5
        or name.kind not in ("PASS", "PASSWORD")
        or text[end : end + 1] not in ("", "\n", '"')
    ):
        return False
    mixed = any(map(str.isdigit, value)) and any(map(str.isalpha, value)) and value.isascii()
    return mixed and text[name.start - 1 : name.start] in ("", "\n", '"') and not is_placeholder(value)


def _is_after_words(value: str, separator: re.Match[str], group: str, foreign: bool) -> bool:
    """Whether it is a value though there are words between, which may tell that the name is of something else."""
    if separator[0].endswith("=") and separator[0][-2:-1].isalnum():
        return False  # user=X
    if separator["weak"] and not look(value):
        return False
    between = re.findall(r"[a-z]+", separator[0].lower())
    thing = is_thing if separator["strong"] else is_name_of_thing
    if foreign and separator["strong"] == ":" and _JOINED.fullmatch(value):
        return TELLS.isdisjoint(between) and not all(map(is_plain, re.split("[-_.]", value)))
    return is_mixed(value) and (group != "bare" or not thing(value)) and TELLS.isdisjoint(between)


def _is_after_verb(text: str, name: Name, separator: re.Match[str], value: str, end: int) -> bool:
    """Whether what follows "is", "was set to" and the like is the value and not how it is."""
    said = separator["weak"].lower().split()
    english = not name.foreign and (not _ENGLISH.isdisjoint(said) or said[0] == "'s")
    if (said[0] in _PLACES or said[-1] in _WHERE) and look(value) < 2 and is_name_of_thing(value):
        return False  # reset on WIN-KLP03
    if said[0] in _PLACES and not look(value):
        return False  # on the iPhone14
    if _LINKING.isdisjoint(said) and not said[0].endswith("'s"):
        return is_mixed(value) and not is_name_of_thing(value)
    if is_mixed(value):
        return not is_name_of_thing(value) or english or (_PLACES.isdisjoint(said) and not is_thing(value))
    if name.foreign and _JOINED.fullmatch(value):
        return _is_last(text, value, end)
    if value.isalpha():
        return english and len(value) > 3 and _WHERE.isdisjoint(said) and _is_last(text, value, end)
    return english


def _is_last(text: str, value: str, end: int) -> bool:
    return _AFTER_WORD.match(text, end) is not None and not is_plain(value.casefold().rstrip(".,!?"))


def _bare(value: str, separator: re.Match[str]) -> str:
    """An unquoted value up to the next key of a connection string or query, or the quote that closes around it."""
    if closes := _CLOSES.search(value, 1):
        value = value[: closes.start()]
    if (separator["strong"] or "").endswith("=") or "=" in separator[0]:
        value = _NEXT_KEY.split(value, maxsplit=1)[0]
    elif (cut := re.search(r",(?=[\w-]{1,30}[:=])", value)) is not None:
        value = value[: cut.start()]
    return value


def _whole(view: View, name: Name, how: str, start: int, end: int) -> int:
    """The end of a value of several words: a pass phrase, or one in a connection string."""
    text = view.text
    if name.kind == "PHRASE" and how == "strong" and (words := _PASSPHRASE.match(text, start)):
        return max(end, start + len(words[0].rstrip()))
    return end


def _of_words(text: str, name: Name, start: int, end: int) -> int:
    """The end of a value of several words, or 0: a pass phrase, or one of a connection string up to its semicolon."""
    if _is_of_connection(text, start, end):
        whole = _TO_SEMICOLON.match(text, start)
        return whole.end() if whole and text[whole.end() : whole.end() + 1] == ";" else 0
    if _CONTENT.fullmatch(text, name.start, name.end):  # netsh
        line = _PASSPHRASE.match(text, start)
        return start + len(line[0].rstrip()) if line else 0
    words = None if name.flagged else _WORDS.match(text, start)
    return words.end() if words and sum(map(is_plain, words[0].split())) < 2 else 0


def _is_of_connection(text: str, start: int, end: int) -> bool:
    """Whether an unquoted value goes on after a blank because it is in a connection string."""
    is_cut = text[end : end + 1] == " " and text[start - 1] == "="
    return is_cut and _OF_CONNECTION.search(text, max(0, start - 300), start) is not None
