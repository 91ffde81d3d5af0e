"""Numbers that states give to people: insurance, tax, identity cards, passports, driving licences.

Most are told by the word beside them alone. A few have a shape that nothing else has, or one with a check of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from resolutionflow.core.redaction.views import Span, View, compiled
from resolutionflow.core.redaction.words import later, merged, watch

_SPELLED = (  # in any letters
    r"ni (?:number|no\b\.?|nr\b\.?)|nino|national insurance(?: (?:number|no\b\.?))?|nhs[ -]?(?:number|no\b\.?|nr\b\.?|id)|chi number|"
    r"social (?:security|insurance)(?: (?:number|no\b\.?|card))?|taxpayer id|tax (?:file number|id(?:entification)?(?: number)?)|"
    r"pps(?:n|[ -](?:number|no\b\.?))|aadhaa?r|pan (?:number|card)|nric|medicare (?:number|no\b\.?|card)|utr|"
    r"national id(?:entity|entification)?(?: card)?|(?:identity|id) card|id-?card|personal (?:identity|identification|id) (?:number|code)|"
    r"identity (?:number|document)|passports?|driv(?:ing|er'?s?|er’s)[ -]?licen[cs]e|residence permit|voter id|"
    r"person(?:nummer|nr\b\.?|nummeret|numret)|samordningsnummer|cpr(?:[ -]?(?:nummer|nr\b\.?|no\b\.?))?|"
    r"f[øo]dselsnummer|fødselsnr\b\.?|henkilötunnus|hetu|kennitala|körkort\w{0,8}|førerkort\w{0,8}|kørekort\w{0,8}|pass?nummer|"
    r"steuer-?id(?:nr\b\.?|entifikationsnummer|entnummer)?|steuerliche identifikationsnummer|idnr\b\.?|"
    r"(?:sozial|renten|kranken)versicher(?:ungs|ten)-?(?:nummer|nr\b\.?)|sv-?(?:nummer|nr\b\.?)|svnr|ahv(?:-?(?:nummer|nr\b\.?))?|"
    r"(?:personal)?ausweis(?:-?(?:nummer|nr\b\.?))?|(?:reise)?pass-?(?:nummer|nr\b\.?)|reisepass|führerschein(?:-?(?:nummer|nr\b\.?))?|"
    r"(?:num[ée]ro|n°|no) (?:de |d')?(?:s[ée]curit[ée] sociale|s[ée]cu|insee|fiscal)|s[ée]curit[ée] sociale|"
    r"carte (?:vitale|(?:nationale )?d[’']identit[ée])|permis de conduire|passeport|"
    r"dni|curp|c[ée]dula|(?:n[úu]mero de (?:la )?)?seguridad social|pasaporte|(?:carn[ée]t?|permiso|licencia) de conducir|"
    r"codice fiscale|cod\.? ?fisc(?:\.|ale)?|tessera sanitaria|carta d[’']identità|patente(?: di guida)?|passaporto|"
    r"bsn(?:-?nummer)?|burgerservicenummer|sofinummer|rijksregister(?:nummer)?|paspoort(?:nummer)?|rijbewijs(?:nummer)?|identiteitskaart\w{0,6}|"
    r"cpf|cartão de cidadão|(?:n[úu]mero de )?(?:contribuinte|identificação fiscal|utente)|segurança social|carta de condução|passaporte|"
    r"pesel|(?:nr |numer )?dow[oó]du(?: osobistego)?|dow[óo]d osobisty|paszport\w{0,3}|prawo jazdy|"
    r"(?:t\.?c\.? )?kimlik(?: no| numarası)?|pasaport|rodn[ée] [čc][íi]slo|taj(?:[ -]szám)?|személyi(?:gazolvány)?|adószám|jmbg|oib|"
    r"αμκα|αφμ|снилс|инн|паспорт|isikukood|asmens kodas|personas kods"
)
_ABBREVIATED = r"SSN|SIN|TIN|ITIN|TFN|FIN|PAN|NIR|INSEE|NIE|NIF|NUSS|RUT|CUIL|CUIT|CF|C\.F\.|INSZ|NISS|RRN|CPF|RG|CNH|CNP|EGN|AMKA|INN|HKID|PPS|DL#"
_NUMBER = (  # digits in groups with a letter or two about them, or capitals and digits
    r"(?<![\w+/.-])(\d\d ?\d{6} ?[A-Z] ?\d{3}(?!\w)|(?:[A-Z]{1,3}[ -]?)?\d(?:[ ./-]?\d){5,14}(?:[ -]?[A-Za-z]{1,2})?(?!\w|[.,/-]\d)"
    r"|[A-Z]{1,2} ?\d\d ?\d\d ?\d\d ?[A-D](?!\w)|\d\d ?\d{6} ?[A-Z] ?\d{3}(?!\w)|(?=[A-Z0-9]{0,17}\d)[A-Z0-9]{7,20}(?![\w-])"
    r"|\d{6}[-+A]\d{3}[0-9A-Y](?!\w))"
)
_WORDS = watch(  # one of these is in every name that is spelled
    [
        *"""
        nino national nhs social taxpayer pps aadha medicare nric utr idcard personal passport driving driver residence voter personn samordnings
        cpr fødsels fodsels henkilö hetu kennitala körkort førerkort kørekort passnummer pasnummer passnr steuer idnr sozialv rentenv krankenv svn sv-n ahv ausweis
        reisepass führerschein sécurit securit sécu secu insee fiscal vitale identi permis passeport dni curp cédula cedula seguridad pasaporte conducir codice fisc
        sanitaria patente passaporto bsn burgerservice sofinummer rijksregister paspoort rijbewijs cpf cidadão contribuinte utente segurança condução passaporte
        pesel dowod dowód paszport prawo kimlik pasaport rodn taj személyi adószám jmbg oib αμκα αφμ снилс инн паспорт isikukood asmens personas
        """.split(),
        *("ni n", "ni-n", "id card", "id-card", "tax id", "tax file", "pan card", "chi number"),
    ]
)
_ABBREVIATIONS = watch(one.lower() for one in _ABBREVIATED.replace("\\", "").split("|"))
_NAMED = (
    rf"(?<![\w-])(?:(?i:{_SPELLED})|{_ABBREVIATED})(?!\w)(?:[ \t-]?(?i:number|no\.?|nr\.?|num\.?|nummer|num[ée]ro|n[úu]mero|n[°º]|code|id|card|#))?"
    rf"[\"']?((?:[^\n\d\"A-Z]|[A-Z](?![A-Z0-9])){{0,40}}?)\"?{_NUMBER}"
)
_NAMED_AFTER = rf"{_NUMBER}[\"']?[ \t]{{0,2}}(?:\(|,|=|–|-|(?i:is|was|as|ist|est|es|è|é|är|er|jest)\b)[ \t]{{0,2}}(?:[^\s\d]{{1,12}}[ \t]){{0,3}}?(?:(?i:{_SPELLED})|{_ABBREVIATED})(?!\w)"
_DIGITS = later(r"\d[\d ./A-Z-]{5}")
_BEFORE, _AFTER = 60, 100  # letters around a name that its number stands in
_OTHER = later(
    r"error|serial|reader|printer|model|order|vat\b|ust\b|company|invoice|call|phone|tel\b|ticket|case|port|version|expir|valid|until|gültig|issued|born|since|on\b|at\b|kb\b|ext\b",
    re.I,
)
_DATE = later(r"\d{4}[-./ ]\d\d?[-./ ]\d\d?|\d\d?[-./ ]\d\d?[-./ ]\d{4}|(?:19|20)\d{12}")
# A shape of their own: fiscal codes of Italy and Mexico, driving licences of Britain, zones of passports that machines read.
_SHAPES = [
    r"[A-Z](?<!\w.)[A-Z]{5}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z](?!\w)",
    r"[A-Z](?<!\w.)[A-Z]{3}\d{6}[HM][A-Z]{5}[A-Z0-9]\d(?!\w)",
    r"[A-Z](?<!\w.)[A-Z][A-Z9]{3}\d[0156]\d[0-3]\d\d[A-Z9]{2}\d[A-Z]{2}(?!\w)",
    r"[A-CEGHJ-PR-TW-Z](?<!\w.)[A-CEGHJ-NPR-TW-Z] \d\d \d\d \d\d [A-D](?!\w)",
    r"[PIV](?<![\w<].)[A-Z<][A-Z]{3}[A-Z0-9<]{25,39}(?:\n[A-Z0-9<]{30,44}){1,2}(?![\w<])",
]


def spans(view: View) -> Iterator[Span]:
    """The numbers that states give to people."""
    text = view.text
    for start, end in merged(_windows(view)):
        if _DIGITS.search(text, start, end) is None:
            continue
        for pattern, group in ((_NAMED, 2), (_NAMED_AFTER, 1)):
            for match in compiled(pattern).finditer(text, start, end):
                between = match[1] if group == 2 else ""
                if not _OTHER.search(between) and not _DATE.fullmatch(match[group]):
                    yield *match.span(group), "NATIONAL_ID"
    for pattern in _SHAPES:
        for match in compiled(pattern).finditer(text):
            yield *match.span(), "NATIONAL_ID"
    for pattern, checked in _CHECKED:
        for match in compiled(pattern).finditer(text):
            if checked(re.sub(r"\D", "", match[0])):
                yield *match.span(), "NATIONAL_ID"


def _windows(view: View) -> Iterator[tuple[int, int]]:
    """Around the names: those that are short only in capitals, and alone."""
    text, places = view.text, view.places
    yield from view.near(_WORDS, _BEFORE, _AFTER)
    for word in _ABBREVIATIONS:
        for at in places.get(word, ()):
            end = at + len(word)
            if text[at].isupper() and text[at:end].isupper() and not text[end : end + 1].isalpha():
                yield max(0, at - _BEFORE), min(len(text), end + _AFTER)


def _of_france(digits: str) -> bool:
    return 97 - int(digits[:13]) % 97 == int(digits[13:])


def _of_belgium(digits: str) -> bool:
    first, check = int(digits[:9]), int(digits[9:])
    return check in (97 - first % 97, 97 - int(f"2{digits[:9]}") % 97)


def _of_brazil(digits: str) -> bool:
    def check(first: str) -> int:
        return sum(int(one) * (len(first) + 1 - at) for at, one in enumerate(first)) * 10 % 11 % 10

    return len(set(digits)) > 1 and digits[9:] == f"{check(digits[:9])}{check(digits[:10])}"


def _of_switzerland(digits: str) -> bool:
    return sum(int(one) * (3 if at % 2 else 1) for at, one in enumerate(digits)) % 10 == 0


_CHECKED = [
    (r"[12](?<![\w.-].) \d\d (?:0\d|1[0-2]) \d\d \d{3} \d{3} \d\d(?![\w.-])", _of_france),
    (r"\d(?<![\w.-].)\d\.\d\d\.\d\d-\d{3}\.\d\d(?![\w.-])", _of_belgium),
    (r"\d(?<![\w.-].)\d{2}\.\d{3}\.\d{3}-\d\d(?![\w.-])", _of_brazil),
    (r"756(?<![\w.-]...)\.\d{4}\.\d{4}\.\d\d(?![\w.-])", _of_switzerland),
]
