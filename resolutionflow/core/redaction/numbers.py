"""Numbers with a check of their own: payment cards (ISO/IEC 7812, Luhn), bank accounts (ISO 13616), and those that only
the words beside them tell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from resolutionflow.core.redaction.views import Span, View, matches, rule
from resolutionflow.core.redaction.words import later, watch

_CARD = later(r"\d(?<![\w.,/#+-].)(?:\d{12,18}|\d{3}(?:(?:[ .\u2013-]|[ ]-[ ])\d{4}){3}(?:[ .-]\d{1,3})?|\d{3}[ .-]\d{6}[ .-]\d{4,5})"
                   r"(?![A-CE-Za-z_\d+/]|[.,-]\d)")  # fmt: skip
# Who issues them, by the first digits: Visa, Mastercard, American Express, Diners, Discover, JCB, UnionPay, Maestro.
_ISSUERS = later(
    r"(?:4\d{12}(?:\d{3}){0,2}|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[689]\d)\d{11}|(?:6011|65\d\d|64[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}"
    r"|(?:50|5[6-9]|6[037])\d{10,17})\Z"
)
_ABOUT_CARDS = later(
    r"card|visa|maestro|amex|master|credit|debit|\bcc\b|\bpan\b|cvv|cvc|exp|karte|carte|tarjeta|carta|cart[aã]o|kort|pay|kaart|kart"
)
_OTHER_NUMBER = later(
    r"(?:imei|imsi|iccid|serial|s/?n|ticket|tracking|order|invoice|case|ref(?:erence)?|id|epoch|timestamp|unix|meid|"
    r"account|acct|asset|customer|client|meter|member|contract|barcode|ean|gtin|upc|vat|po|article|parcel|shipment|sscc|waybill|token|size|bytes|offset)"
    r"[\w .#]{0,20}[:#=]?\s{0,3}#?\Z"
)
_IBAN = later(
    r"[A-Za-z](?<![A-Za-z0-9].)[A-Za-z]\d{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,3})?(?![A-Za-z0-9])"
)
_IBAN_TIGHT = later(r"[A-Z](?<![A-Za-z0-9].)[A-Z]\d{2}[A-Z0-9]{11,30}(?![A-Za-z0-9])")
_LENGTHS = dict(
    re.findall(
        r"([A-Z]{2})(\d\d)",
        "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BR29BY28CH21CR22CY28CZ24DE22DK18DO28EE20EG29ES24FI18FO18FR27GB22GE22GI23"
        "GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MR27MT31"
        "MU30NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27ST25SV28TL23TN24TR26UA29VA22"
        "VG24XK20",
    )
)
_SSN = later(r"[0-8](?<![\w-].)(?<!(?=000|666).)\d{2}([- ]?)(?!00)\d{2}\1(?!0000)\d{4}(?![\w-])")
_ABOUT_SSN = later(r"\bssn\b|social\s?(?:security|insurance)|\bss ?#|\bssa\b")
_SSN_WORDS = watch(["ssn", "social", "ss #", "ss#", "ssa"])
_TRACK = later(r"[=D]\d{7,30}|\^[^^\n]{2,26}\^\d{7,40}")  # what follows on the strip of a card
_CODE_AFTER = later(r"[ ,;/|]{1,3}(?:exp\.?[ :]{0,2})?\d\d ?/ ?\d{2,4}[ ,;/|]{1,3}(\d{3,4})(?!\d)")
_IS = r"(?: is| ist)?[ \t]{0,3}[:=#]?[ \t]{0,3}"
_RULES = [
    # With the word even where it has a slip; the accounts of those who have no IBAN by the words of their bank.
    rule(["iban"], r"\bIBAN\b[^\n\d]{0,30}?(?<!\w)(?-i:([A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}))(?!\w)", "IBAN"),
    rule("acct account acc a/c konto", rf"\b(?:acc(?:oun)?t?|a/c|konto)(?:[ -]?(?:number|no\b\.?|nummer|nr\b\.?|#))?{_IS}(\d(?:[ -]?\d){{5,16}})(?![\w.])", "ACCOUNT"),
    rule(["clabe"], r"\bCLABE\b\D{0,20}(\d{18})(?!\d)", "IBAN"),
    rule("sort routing aba bsb blz", rf"\b(?:sort[ -]?code|routing(?: (?:number|no\.?|transit))?|aba|bsb|blz){_IS}(\d{{2}}-\d{{2}}-\d{{2}}|\d{{3}}-\d{{3}}|\d{{6}}|\d{{8,9}})(?![\w-])", "IBAN"),
    rule("cvv cvc cid csc card security prüfz pruefz prüfn", r"\b(?:cvv2?|cvc2?|cid|csc|card (?:security|verification) (?:code|value)|security code|pr[uü]fziffer|pr[uü]fnummer)"
         r"(?:[ \t]{0,2}(?:code|number|no\.?|is))?\"?[ \t]{0,2}[:=#]?[ \t]{0,2}\"?(\d{3,4})(?!\d)", "CODE"),
]  # fmt: skip
_ABOUT_BANKS = watch(
    ["sort code", "sort-code", "sortcode", "routing", "aba", "bsb", "bank", "blz", "rib", "kontonummer", "kontonr"]
)


def spans(view: View) -> Iterator[Span]:
    """Cards, bank accounts, social security numbers and the codes of cards."""
    text, lower = view.text, view.lower
    for match in _CARD.finditer(text):
        if _is_card(match[0], lower[max(0, match.start() - 60) : match.start()], lower[match.end() : match.end() + 40]):
            track = _TRACK.match(text, match.end())
            yield match.start(), track.end() if track else match.end(), "CARD"
            if code := _CODE_AFTER.match(text, match.end()):
                yield *code.span(1), "CODE"
    for pattern in (_IBAN, _IBAN_TIGHT):
        for match in pattern.finditer(text):
            if end := _iban_end(match[0]):
                yield match.start(), match.start() + end, "IBAN"
    of_banks = any(word in view.places for word in _ABOUT_BANKS)
    for match, kind in matches(view, _RULES):
        if kind != "ACCOUNT" or of_banks:
            yield *match.span(1), "IBAN" if kind == "ACCOUNT" else kind
    for start, end in view.near(_SSN_WORDS, 50, 80):
        for match in _SSN.finditer(text, start, end):
            if _ABOUT_SSN.search(lower, max(0, match.start() - 60), match.end() + 30):
                yield *match.span(), "SSN"


def _is_card(number: str, before: str, after: str) -> bool:
    digits = re.sub(r"\D", "", number)
    if not _ISSUERS.match(digits) or not _luhn(digits) or len(set(digits)) < 2:
        return False
    if _ABOUT_CARDS.search(before[-40:]) or _ABOUT_CARDS.search(after[:30]):
        return True
    if _OTHER_NUMBER.search(before):
        return False
    usual = (len(digits) == 16 and digits[0] in "245") or (len(digits) == 15 and digits[0] == "3")
    return usual or (number != digits and digits[0] in "36" and len(digits) >= 14)


def _luhn(digits: str) -> bool:
    odd, even = digits[-1::-2], digits[-2::-2]
    return (sum(map(int, odd)) + sum(sum(divmod(2 * int(digit), 10)) for digit in even)) % 10 == 0


def _iban_end(found: str) -> int:
    """Where the bank account ends that begins here, or 0: a word may follow it."""
    length = int(_LENGTHS.get(found[:2].upper(), 0))
    if not length:
        return 0
    kept = 0
    for at, letter in enumerate(found):
        kept += letter.isalnum()
        if kept == length:
            digits = "".join(str(int(one, 36)) for one in re.sub(r"[^A-Za-z0-9]", "", found[: at + 1]))
            moved = digits[6:] + digits[:6] if found[:2].isalpha() else ""
            follows = found[at + 1 : at + 2]
            return at + 1 if moved and int(moved) % 97 == 1 and not follows.isalnum() else 0
    return 0
