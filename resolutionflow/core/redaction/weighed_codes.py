"""PINs and one-time codes in prose, by weight of evidence, as weighed.py weighs passwords: a word for a code or for what it
opens, what leads to the number, and no word that numbers something else.

    voicemail pin 4 digits, she picked 8842       a PIN 2, "picked" 2
    gate code changed last week, now 7719         a code 1, of a gate 1, "now" 2
    PIN reset for ext 2041                        a PIN 2, an extension -3: stays
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from resolutionflow.core.redaction.codes import is_of_errors
from resolutionflow.core.redaction.views import Span, View
from resolutionflow.core.redaction.words import later, watch

_ENOUGH = 4
_WORDS = watch(
    "pin puk passcode otp mfa 2fa tan authenticator code codes kod koden kode código codigo codice cód arm disarm scharf unscharf unlock entsperr déverr desbloque sblocc digits ziffern chiffres cifras cifre cijfers siffror unlocks opens combination combo digicode kombination"
)
_CODE = later(
    r"(?:(?P<puk>puk\b)|(?P<sure>pin(?:s|code|kode|-?nummer|-code)?\b|passcode|otp\b|mfa\b|2fa\b|authenticator|(?:dis)?arm(?:ed|s|ing)?\b|(?:un)?scharf|unlock\w{0,3}\b|entsperr\w{0,20}|déverr\w{0,20}|desbloque\w{0,20}|sblocc\w{0,20}|digicode|combination|combo\b)"
    r"|(?P<code>codes?\b|kod(?:en|et|e|er|u|unuz)?\b|c[óo]digo\b|codice\b|opens\b|(?:digits?|stellig\w{0,20}|ziffern|chiffres|cifras|cifre|cijfers|siffror)\b))"
)
_OPENS = later(
    r"\b(?:door|gate|garage|alarm\w{0,20}|larm\w{0,3}|safe|key ?safe|lock ?box|padlock|keypad|lock\b|panel|entry|entrance|building|office|lift|elevator|rack|cabinet|comms|server ?room|phone|voice ?mail|mailbox|sim\b|tablet|ipad|iphone|handset|badge|fob|"
    r"tür|tor\b|tresor|garagen|handy|diensthandy|telefon|porte|portail|coffre|immeuble|puerta|porta\b|portão|cancello|cassaforte|caja|deur|poort|kluis|toestel|dør\w{0,20}|hoveddør\w{0,20}|dörr\w{0,20}|port\w{2}\b|bram\w+|drzwi|sejf|dveř\w{0,20}|trezor|"
    r"mfa|otp|2fa|authenticator|v[eé]rif\w{0,20}|usage unique|bestätig\w{0,20}|sms|app\b|push|texted|sign|log ?in|dörren)"
)
_OF_LOCK = later(  # what the code is of, directly before
    r"(?:\b(?:front |back )?(?:door|gate|garage|alarm|safe|key ?safe|lock|keypad|entry|entrance|building|panel|rack|cabinet|voice ?mail|phone|unlock) |(?:tür|tor|tresor|alarm(?:anlagen)?|garagen|safe|zugangs|zutritts|eingangs|deur|poort|"
    r"kluis|toegangs|dörr|port|larm|dør|grind|låse|entsperr|geräte|karten)-?)\Z"
)
_NUMBER = later(
    r"(?<![\w.,:/#+-])([a-d]?(?:\d{4,8}|\d{2,3}[a-d]\d{2}|\d{3}[ -]\d{3})[a-d]?)(?=[#*]?(?![\w/%]|[.,:-]\d))"
)
_LEAD = later(
    r"(?:\b(?:is|was|now|to|with|still|back|use|used|enter|entered|type|typed|dial|try|picked|chose|gave|says|said|say|read|reads|be|got|set|new|old|then|codes?|kode?|pin|"
    r"ist|war|lautet|jetzt|nun|auf|mit|est|était|c'est|maintenant|foi|fue|fu|bylo|było|oli|volt|à|avec|es|era|ahora|a|con|è|ora|é|agora|com|is|nu|op|naar|met|är|var|till|er|til|jest|to|teraz|na|je|med)|[:=→>(\"'“„«*]|->|[,–-])[ \t]{0,2}[\"'“„«(*]{0,2}\Z"
)
_WEAK = later(r"[,(–-][ \t]{0,2}\Z")
_OTHERS = later(  # what a number may be of
    r"(?:\b(?:ext\.?|extension|room|ticket|case|inc|port|version|ver|build|kb|event|error|line|page|user|users|site|store|branch|floor|unit|suite|order|invoice|po|model|serial|asset|id|no|nr|number|year|since|until|in|from|"
    r"of|on|by|at|about|around|over|after|before|than|status|exit|zip|postcode|plz|vlan|raum|zimmer|durchwahl|nst|poste|bureau|salle|interno|anexo|toestel|rum|um|seit|bis|von|depuis|desde|dal|sinds|sedan|siden|od|job|task|rule|step|phase|windows|office|server)|[#$€£@~+])[ \t:=]{0,2}\Z"
)
_UNIT = later(
    r"[ \t]?(?:times|users?|devices|attempts|characters|days|hours|minutes|min\b|sec|ms|mb|gb|kb|mm|cm|km|v\b|%|rows|lines|bytes|items|emails|messages|uhr|tage|stk|euro|eur|usd|points|pages)"
)
_ERROR = later(
    r"\b(?:error|errors|errno|exit|status|fehler\w{0,20}|błęd\w{0,20}|chyb\w{0,20}|erreur|errore|fout|fel|feil|fejl|zip|postal|country|area|http|stop|event|response|return|result|bug ?check|build|source|vs|product|part|sort|promo|discount|coupon|qr|bar|colou?r|reason|termination|language|code ?page|unicode)\b"
)
_DIGITS = later(r"\d{2}")
_DATE = later(r"(?:19[5-9]|20[0-4])\d\Z")
_LOG = later(r"\d\d:\d\d:\d\d|\b(?:errno|warn(?:ing)?|debug|fatal|exception|level=)\b|\w\[\d")
_SENTENCE = later(r"[.!?;][ \t]+(?=\D)")
_QUESTION = later(r"\?|\b(?:send|give|tell|read|need|whats?)\b")
_SAYS = later(
    r"(?:[^\W\d][\w .'-]{0,24}|[\[(]?\d\d[:.]\d\d[\])]?[ \t-]{1,3}[^\W\d][\w .'-]{0,20})[ \t]?[:>][ \t]{1,3}|[-*•>][ \t]"
)
_ALONE = later(r"(?:it'?s|it says|says|now|and|then|ok|code|yes|sure)?[ ,:]{0,3}(\d{4,8}|\d{3}[ -]\d{3})[ \t.!]{0,3}\Z")
_REACH, _MOST, _BELOW, _FAR = 160, 3_000, 6, 1_000


def spans(view: View) -> Iterator[Span]:
    """Such codes."""
    yield from islice(_spans(view), _MOST)


def _spans(view: View) -> Iterator[Span]:
    lower, places = view.lower, view.places
    after = digits = 0
    for at in sorted({at for word in _WORDS for at in places.get(word, ())}):
        if digits < at:
            digits = found.start() if (found := _DIGITS.search(lower, at)) else len(lower) + _FAR
        if at < after or digits > at + _FAR or not (found := _CODE.match(lower, at)):
            continue
        if lower[at - 1 : at].isalpha() and not (found["code"] and _OF_LOCK.search(lower, max(0, at - 20), at)):
            continue
        stop = lower.find("\n", at, at + _REACH)
        line, after = after, stop if stop >= 0 else min(len(lower), at + _REACH)
        numbers = list(_NUMBER.finditer(lower, found.end(), after))
        if not numbers and (
            stop < 0
            or not _DIGITS.search(lower, stop, stop + _REACH)
            or not _QUESTION.search(lower, max(line, at - _REACH), after)
        ):
            continue
        begin = max(lower.rfind("\n", max(0, at - _REACH), at) + 1, at - _REACH, line)
        weight = _weight(lower, found, begin, after)
        codes = [one.span(1) for one in numbers if weight + _context(lower, found.end(), one) >= _ENOUGH]
        if not numbers and weight > 1 and _QUESTION.search(lower, begin, after):
            codes = list(_answers(lower, stop))
        if codes and not (
            is_of_errors(lower, at) or _LOG.search(lower, begin, after) or _ERROR.search(lower, begin, after)
        ):
            for code in codes:
                yield *code, "CODE"


def _weight(lower: str, found: re.Match[str], begin: int, end: int) -> int:
    """How surely this word on a line speaks of what lets somebody in."""
    if found["sure"]:
        return 2
    if found["puk"] or _OF_LOCK.search(lower, max(begin, found.start() - 20), found.start()):
        return 3
    return 1 + (_OPENS.search(lower, begin, end) is not None)


def _context(lower: str, begin: int, number: re.Match[str]) -> int:
    """What leads to this number, weighed."""
    before = lower[max(begin, number.start() - 40) : number.start()]
    if _OTHERS.search(before) or _UNIT.match(lower, number.end()) or _SENTENCE.search(lower, begin, number.start()):
        return -3
    if before.strip() and not _LEAD.search(before):
        lead = 0
    else:
        lead = 1 if _WEAK.search(before) else 2 + (number[1].isdigit() and len(number[1]) == 6)
    ends = lower[number.end() : number.end() + 2].strip('#*. "}') in ("", "\n")
    return lead + ends - (_DATE.match(number[1]) is not None) + (len(number[1]) == 7 and " " in number[1])


def _answers(lower: str, at: int) -> Iterator[tuple[int, int]]:
    """Who is asked for a code says it on a line of its own, and perhaps the next one."""
    for _ in range(_BELOW):
        end = lower.find("\n", at + 1, at + 120)
        end = len(lower) if end < 0 and len(lower) - at < 120 else end
        if end < 0:
            return
        says = _SAYS.match(lower, at + 1, end)
        if says and (number := _ALONE.match(lower, says.end(), end)):
            yield number.span(1)
        at = end
