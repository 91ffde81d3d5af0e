"""Short numbers that let somebody in: one-time and recovery codes, PINs, codes of doors and alarms, seeds of TOTP."""

from __future__ import annotations

import re
from collections.abc import Iterator

from resolutionflow.core.redaction.plain_words import is_plain
from resolutionflow.core.redaction.views import Span, View, compiled, matches, rule, small_rule
from resolutionflow.core.redaction.words import later, watch

_D = r"(?<![\w.,:/-])(?:[a-z]{1,2}-)?(\d{4}[ -]\d{4}|\d{3}[ -]\d{3}|\d{4,8}|\d{2} \d{2} \d{2})(?![\w]|[.,:/-]\d)"
_ONE_TIME = (
    r"(?:mfa|otp|2fa|totp|tan|verification|verify|authenticat\w{1,8}|one[- ]?time|security|backup|recovery|login|log-?in|sign-?in|access|sms|text|"
    r"confirmation|auth|duo|okta|microsoft|google|rsa|token|pairing|approval|passcode|temporary|activation|unlock|enrol?lment|emergency|"
    r"quick assist|teamviewer|anydesk|splashtop|rustdesk|screen ?connect|remote(?: support)?|session|support|invite|invitation|"
    r"restore|reset|bypass|two-?factor|2-?step|two-?step|challenge|validation)"
)
_CODE = (
    rf"{_ONE_TIME}[ _-]?(?:codes?|passcode|number|pins?|tokens?|kode|password)|otp|passcode|totp|mfa|2fa|tan|(?:(?<=enter )|(?<=use )|(?<=type )|(?<=your )|(?<=this )|(?<=with )|(?<=the ))code|"
    r"(?:bestätigungs|einmal|sicherheits|verifizierungs|zugangs|anmelde|freischalt|wiederherstellungs|authentifizierungs|prüf|sms-?)[- ]?(?:codes?|kennw\w+|pins?|passw\w+)|"
    r"codes? (?:de |d'|di |da )?(?:v[eé]rification|vérification|sécurité|securite|seguridad|segurança|sicurezza|verifica|verificação|verificación|confirmation|confirmación|"
    r"confirmação|conferma|accès|acceso|accesso|acesso|validation|secours|récupération|recuperación|recupero|usage unique|connexion|sms|authentification|autenticación)|"
    r"código|codigo|codice|verificatiecode|beveiligingscode|toegangscode|inlogcode|bevestigingscode|engångskod|verifieringskod|säkerhetskod|engangskode|"
    r"bekreftelseskode|sikkerhetskode|sikkerhedskode|bekræftelseskode|kod weryfikacyjny|kod (?:sms|jednorazowy|dostępu)|doğrulama kodu|güvenlik kodu|onay kodu|(?:e?mail|sms|authenticator)[- ]?kod"
)
_DOOR = (
    r"(?:door|gate|alarm|entry|garage|keypad|lock|lock ?box|key ?safe|safe|padlock|elevator|building|office|server room|server cabinet|rack|disarm|duress|voice ?mail|conference|"
    r"screen|device|phone|ipad|iphone|tablet|badge|tür|alarmanlagen|deur|puk|sim|card|atm|bank[ -]?pin|debit|boot|bios|tpm|bitlocker|admin|service|menu|user|host|meeting|moderator|portal)"
    r"[ -]?(?:codes?|pins?|combo|combination|passcode)"
)
_PIN = (
    r"pins?(?:[ -]?(?:codes?|kod(?:en|er|et)?))?|pin-?nummer|puk2?(?:[ -]?codes?)?|kod pin|code pin|kod do \w{3,12}|kod alarmowy|alarmkode|dørkode|portkod|pinkode|pinkod|combination|combo"
    r"|codes? (?:for|to|of|für|voor|till|til) (?:the |our |your |die |den |das |het |de )?(?:alarm\w*|door|front door|back door|gate|garage|building|office|entrance|lift|elevator|safe|cabinet|keypad|lock\w*|"
    r"(?:server|comms) room|key ?safe|tür|tor|tresor|deur|poort|kluis|dörren|porten|døren)|codes? (?:de |du |d['’])?(?:l['’]|la |le )?(?:alarme|porte|portail|coffre|immeuble|entrée|accès|garage|déverrouillage)|digicode"
    r"|c[óo]digo (?:de |da |do |del )(?:la )?(?:puerta|alarma|porta|alarme|portão|entrada|cofre)"
    r"|codice (?:della |del |dell['’])?(?:porta|allarme|cancello|cassaforte|ingresso)|(?:zahlen)?kombination"
    r"|(?:tür|alarm|tor|tresor|garagen|schlüsselsafe|zutritts|zahlen|deur|poort|kluis)-?code|(?:dörr|port|larm|grind)kod(?:en)?|(?:dør|port|alarm|låse)koden?"
    r"|kod (?:do )?(?:bramy|drzwi|alarmu|furtki|domofonu|sejfu)"
)
_LINK = (
    r"[\"']?[ \t]{0,3}(?:\([^()\n]{1,40}\)[ \t]{0,3})?(?:(?:for|from|on|of|to|de|del|di|da|do|du|des|der|dem|van|von|vom|für|fürs|beim|ins|am|pour|para|voor|per|till|til|della|dello|delle|dei|degli|nel|nella|sul|sulla|al|alla|na|no|aan|het|zum|zur|beim|im|auf|på|dla|w|by|via|we|he|she|they|i)"
    r"(?:[ \t]{1,2}(?!(?:is|was|are)\b)(?:(?:ext\.?|extension|room|line|unit|door|site|desk|nst|poste|zimmer) \d{1,5}|[^\s:=\d]{1,30})){1,5}?[ \t]{0,2})?(?:(?:is|was|are|now|still|noch|encore|ist|lautet|est|es|è|é|är|er|jest|sent|received|got|set to|changed to|reset to|to|auf|read out|entered|of|"
    r"number|code|gave|this|it's|use|reads|sind|sont|luidt|de|the|:|=|->|–|-|#|,|\()[ \t]{0,3}){0,4}[:=#]?[ \t\n]{0,4}[\"'*`]{0,2}"
)
_DIGIT = r"(?=\D{0,140}\d)"
_STARTS = (  # of the names of codes
    "mfa otp 2fa totp tan verif authenticat one security backup recovery login log-in sign access sms text confirmation auth duo okta microsoft google rsa token "
    "pairing approval passcode temporary activation unlock enrol emergency quick teamviewer anydesk splashtop rustdesk screen remote session support invit restore "
    "reset bypass two 2-step challenge validation bestätigungs einmal sicherheits verifizierungs zugangs anmelde freischalt "
    "wiederherstellungs authentifizierungs prüf code código codigo codice verificatiecode beveiligingscode toegangscode inlogcode bevestigingscode engångskod "
    "verifieringskod säkerhetskod engangskode bekreftelseskode sikkerhetskode sikkerhedskode bekræftelseskode kod doğrulama güvenlik onay mail email"
)
_STARTS_OF_DOORS = (
    "door gate alarm entry garage keypad lock key safe padlock elevator building office server rack disarm duress voice conference screen device phone ipad iphone "
    "tablet badge tür deur puk sim card atm bank debit boot bios tpm bitlocker admin service menu user host meeting moderator portal pin kod code dørkode portkod "
    "combination combo digicode código codigo codice zahlenkombination kombination tor tresor schlüsselsafe zutritts zahlen poort kluis dörr port larm grind dør låse"
)
_RULES = [
    small_rule(_STARTS, rf"(?<![a-z]){_DIGIT}(?:{_CODE})(?![a-z]){_LINK}(?:{_D})", "SAID"),
    small_rule(_STARTS, rf"(?<![a-z]){_DIGIT}(?:{_ONE_TIME}[ _-]?codes?|codes? de (?:secours|récupération))(?![a-z]){_LINK}"
         r"([a-z0-9]{3,10}(?:-[a-z0-9]{3,10}){1,6}|(?=[a-z]{0,11}\d)[a-z0-9]{5,12})(?![\w-])", "MIXED"),
    small_rule(_STARTS_OF_DOORS, rf"(?<![a-z]){_DIGIT}(?:{_DOOR}|{_PIN})(?![a-z]){_LINK}(?<![\w.,/])"
         r"([0-9]{4,10}|\d{1,3}(?:[- ]\d{1,3}){2,4}|\d{2}[ -]\d{2})(?=[#*]?(?![\w/]|[.,:-]\d))", "SAID"),
    small_rule("code digicode", r"(?<![a-z])(?:digicode|code (?:du |de la |de l['’]|d['’]|de )?(?:portail|porte|immeuble|entrée|garage))[^\n\d]{0,20}?([a-d]?\d{4,5}[a-d]?)(?!\w)", "SAID"),
    small_rule("safe lock door gate padlock tresor coffre cassaforte caja kluis kassaskåp sejf cadenas schloss keybox",
         r"(?<![a-z])(?:safe|lock|door|gate|padlock|tresor|coffre|cassaforte|caja fuerte|kluis|kassaskåp|sejf|cadenas|schloss|keybox)[^\n\d]{0,40}?"
         r"(?:open\w{0,3}|unlock\w{0,3}|combination|combo|auf mit|öffnet\w{0,3}|s'ouvre|abre|apre)[^\n\d]{0,12}(\d{2}[- ]\d{2}[- ]\d{2}|\d{4,8})(?![\w:.-]\d|\w)", "SAID"),
    small_rule("use enter type gebruik utilisez usa verwenden input with key punch dial",
         rf"\b(?:use|enter|type|gebruik|utilisez|usa|verwenden sie|input|with|key in|punch in|dial)[ \t]{{1,2}}(?:the[ \t]|this[ \t]|code[ \t]|den[ \t]code[ \t]|le[ \t]code[ \t]){{0,3}}(?:{_D})"
         r"[ \t]{1,2}(?:to|as|when|um|pour|para|om|per|at|on|for|als)\b[^\n]{0,40}?(?:log|sign|verif|authent|confirm|access|unlock|continue|anmeld|connect|acced|inlog|code|pin|door|gate|alarm|mfa|2fa|prompt|disarm|reset|keypad|panel|lock|safe|comms|room|garage)", "CODE"),
    rule("seed secret enter type use scan with setup set-up totp manual 2fa mfa otp authenticator base32 private einrichtungsschlüssel clé",
         r"(?:seed|secret|(?:enter|type|use|scan|with) (?:this|the) (?:key|code)|setup key|set-up key|totp|manual entry|2fa|mfa|otp|authenticator|base32|(?:secret|setup|authenticator|mfa|private|manual) key|einrichtungsschlüssel|clé de configuration)[^\n\w]{0,3}"
         r"(?:(?:\([^()\n]{1,30}\)|[\w.@-]{1,30})(?:[ \t]{1,2}|(?=[:=]))){0,4}?[:=]?[ \t\n]{0,3}[\"'`]?"
         r"((?-i:[A-Z2-7]{4}(?:[ -]?[A-Z2-7]{4}){3,15}={0,6}|[a-z2-7]{4}(?:[ -][a-z2-7]{4}){3,15}|[a-z2-7]{16,64}(?=[\s.,;\"']|\Z)))", "KEY"),
    rule("recovery backup scratch emergency wiederherstellungs sicherungs code código", r"(?:(?:recovery|backup|scratch|emergency|wiederherstellungs|sicherungs)[ -]?codes?"
         r"|codes? de (?:secours|récupération)|códigos? de (?:recuperación|respaldo))[^\n]{0,120}?[:\n][ \t]{0,3}", "LIST"),
    rule("seed recovery mnemonic backup secret", r"(?:seed|recovery|mnemonic|backup|secret)[ -]?(?:phrase|words?)[^\n:=]{0,30}[:=\n][ \t]{0,3}(?-i:([a-z]{3,10}(?:[ \t,\n]{1,2}[a-z]{3,10}){5,24}))", "PHRASE"),
]  # fmt: skip
_IS_CODE = rf"(?:{_D})[\"'*`]{{0,2}}(?:[ \t]{{1,3}}(?:is|was|ist|est|es|è|é|är|er|jest|as|for|als|=|-|–|\(){{1,2}}[ \t]{{1,2}}|[ \t]?\()(?:[^\s.]{{1,20}}[ \t]{{1,2}}){{0,5}}?(?:{_CODE}|{_PIN}|code|kode|kod)(?![a-z])"
_IS_WORDS = watch("code kod pin otp passcode mfa 2fa tan código codigo codice puk")
_OF_OTHERS = later(
    r"\b(?:users|accounts|devices|total|count|size|bytes|lines|error|ticket|event|id|number|no\.?|line|page|build|version|order|invoice|kb|case|ref|port|extension|ext|aadsts|status|exit|serial|asset|phone|call|room|zip|\$|€|£|around|about|over|code page|repo\S*)[ :.#]{0,3}\Z",
    re.I,
)
_OF_ERRORS = frozenset(  # the last word before a code that is none
    "error exit status zip postal post area country dial event reason return stop fault product result response http bugcheck check failure sub ncic cost sort swift "
    "branch bank institution bar qr source build win32 disconnect cause type color colour part item dress discount promo coupon order stock project job department gl fehler erreur "
    "errore fout fel feil fejl icd tax hs sic naics hresult ntstatus completion termination region location site currency language lang page model tag service".split()
)
_ANY_DIGITS = later(r"\d\d")
_LISTED = later(
    r"(?:[ \t,;|\n•*-]|\d{1,2}[.)] ){0,8}(\d{4} \d{4}|[A-Za-z0-9]{4,10}(?:-[A-Za-z0-9]{3,10}){0,5})(?![\w-])"
)


def spans(view: View) -> Iterator[Span]:
    """Codes and seeds."""
    text, lower = view.text, view.lower
    for match, kind in matches(view, _RULES):
        if kind == "LIST":
            yield from _listed(text, match.end())
        elif _counts(lower, match, kind):
            yield *match.span(1), "KEY" if kind in ("KEY", "PHRASE") else "CODE"
    for start, end in view.near(_IS_WORDS, 100, 20):
        if _ANY_DIGITS.search(text, start, end):
            for match in compiled(_IS_CODE).finditer(lower, start, end):
                if not is_of_errors(lower, match.start()):
                    yield *match.span(1), "CODE"


def _counts(lower: str, match: re.Match[str], kind: str) -> bool:
    if kind == "PHRASE":
        return sum(map(is_plain, match[1].split())) * 3 < len(match[1].split())
    if kind == "MIXED":
        return any(map(str.isdigit, match[1])) and not is_plain(match[1].lower())
    if kind == "NEAR" and _OF_OTHERS.search(lower, max(0, match.start(1) - 20), match.start(1)):
        return False
    return kind not in ("SAID", "NEAR") or not is_of_errors(lower, match.start())


def is_of_errors(lower: str, at: int) -> bool:
    """Whether the code that is named here is none that lets somebody in: an error, a branch of a bank."""
    words = lower[max(0, at - 20) : at].replace("_", " ").replace("-", " ").split()
    return bool(words) and lower[at - 1] in " _-" and words[-1].strip("([\"'") in _OF_ERRORS


def _listed(text: str, at: int) -> Iterator[Span]:
    """The codes that follow, one after the other."""
    for _ in range(24):
        listed = _LISTED.match(text, at)
        if listed is None or not any(letter.isdigit() for letter in listed[1]):
            return
        yield *listed.span(1), "CODE"
        at = listed.end()
