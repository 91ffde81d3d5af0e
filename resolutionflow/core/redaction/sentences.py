"""Secrets in other word orders, in many languages: "changed it to X", "should be X", "logged in with bob / X", "then X",
and the answer on the line below a question. The word for a secret stands somewhere before, on the line or above it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice

from resolutionflow.core.redaction import weighed
from resolutionflow.core.redaction.looks import look
from resolutionflow.core.redaction.plain_words import LIKE_PROSE, is_plain
from resolutionflow.core.redaction.values import (
    is_generated,
    is_mixed,
    is_name_of_thing,
    is_placeholder,
    is_product,
)
from resolutionflow.core.redaction.views import BETWEEN, DONE, INSIDE, Span, View, matches, small_rule
from resolutionflow.core.redaction.words import later

_VALUE = (
    r"(?:\"([^\"\s]{4,80})\"|“([^”\s]{4,80})”|„([^“”\s]{4,80})[“”]|«\s?([^»\s]{4,80}?)\s?»|`([^`\s]{4,80})`|(?<![\w'])'([^'\s]{4,80})'(?!\w)"
    r"|\*\*([^*\s]{4,80})\*\*|([^\s\"'“”„«»`]{5,80}))"
)
_R_WITH = small_rule(
    "log sign connect authenticat auth work got get access ssh'd rdp'd angemeldet anmeld einlog eingeloggt verbunden zugriff zugang identifié accès conectad conexión acceso entré entrar accesso connesso collegat entrat acesso conectei entrei ingelogd inlog toegang pålogg innlogg zalogowa dostęp přihlášen kirjaudu giriş bejelentkez вход",
    r"(?<!\w)(?:log(?:ged|s|ging)?[ -]?(?:in|on|into)|auth|work(?:s|ed|ing)?|sign(?:ed|s|ing)?[ -]?(?:in|on)|connect\w{0,3}|authenticat\w{1,3}|got in|get in|access(?:ed)?|logins?|ssh'?d|rdp'?d|"
    r"angemeldet|anmeldung|anmelden|einloggen|eingeloggt|verbunden|zugriff|zugang|connecté\w{0,2}|connexion|identifié\w{0,2}|accès|conectad[oa]|conexión|acceso|entré|"
    r"entrar|accesso|connesso|collegat[oa]|entrat[oa]|acesso|conectei|entrei|ingelogd|inloggen|inlog|toegang|inloggad|loggade|inloggning|"
    r"logget|pålogg\w{0,4}|innlogg\w{0,4}|logg(?:a|et|ed)?|zalogowa\w{1,4}|logowanie|dostęp|přihlášen\w{0,3}|kirjaudu\w{1,6}|giriş|bejelentkez\w{0,4}|вход)"
    r"(?:[ \t]{1,2}[^\s:/]{1,20}){0,5}?[ \t]{1,2}(?:with|as|using|via|mit|als|avec|en tant que|comme|con|como|come|com|met|med|som|z|jako|ile|with user|:)[ \t]{1,2}"
    r"(?:(?:the )?(?:user(?:name)?|account|benutzer|konto|utente|usuario|utilisateur|gebruiker|usuário|użytkownik\w{0,2})[ \t]{1,2})?[\"'`]?[\w.@\\+-]{1,60}[\"'`]?"
    r"(?:[ \t]{0,3}[/|:,;–-][ \t]{0,3}|[ \t]{1,2}(?:and|with|und|mit|et|avec|y|con|e|com|en|met|och|med|og|i|a|ve)[ \t]{1,2})"
    rf"(?:(?:the )?[\w]{{2,14}}[ \t:]{{1,3}})?{_VALUE}",
    "PASSWORD",
)
_R_WIFI = small_rule(
    "wi-fi wifi wlan ssid network netz hotspot réseau rete rede netwerk nätverk nettverk netværk sieć red wireless guest",
    r"\b(?:wi-?fi|wlan|ssid|network|netz(?:werk)?|hotspot|réseau|rete|rede|netwerk|nätverk|nettverk|netværk|sieć|red|wireless|guest)\b[ \t:=]{0,3}"
    r"(?:[\"'“„«‘][^\"'”“»’\n]{1,40}[\"'”“»’]|[a-z][\w.-]{1,30}(?=[ \t]?(?:->|→|=>|/)))"
    r"[ \t]{0,3}(?:->|→|=>|/|:|,|–|-|\(|with|mit|avec|con|met|med|z)[ \t]{0,3}(?:(?:the )?(?:key|pw|pass\w{0,8}|psk|code|schlüssel|kennwort|clé|clave|chiave|chave|"
    rf"senha|sleutel|wachtwoord|nyckel|lösenord|nøkkel|kode|klucz|hasło|mdp)[ \t]{{0,2}}[:=]?[ \t]{{0,2}}(?:is )?)?{_VALUE}",
    "PASSWORD",
)
_R_PHRASE = small_rule(
    "key secret pass security verbal support phrase frase wachtzin lösenfras kennsatz",
    r"\b(?:key|secret|pass|security|verbal|support)[ -]?phrase(?:[ \t]{1,2}(?:is|was|for [^\s:]{1,30} (?:is|was)))?[ \t]{0,2}[:=]?[ \t]{1,2}"
    r"[\"'“]?([a-z]{2,12}(?:[ -][a-z]{2,12}){2,7}?)(?=[\"'”.,;\n]|\Z|[ \t](?:unlocks?|opens?|works?|is|was|for|on|in)\b)"
    r"|(?:phrase (?:secrète|de passe)|frase (?:segreta|secreta|de contraseña|de paso)|wachtzin|lösenfras|kennsatz)[^\n«\"“„:]{0,40}[:«\"“„][ \t]{0,2}"
    r"([^\n»\"”“]{6,80}?)[ \t]{0,2}(?=[»\"”“\n]|\Z)",
    "PHRASE",
)
_WORDS_AND_NUMBER = later(
    r"[a-zà-ÿ]{2,14}(?:[-_.][a-zà-ÿ]{2,14}){1,5}[-_.]?\d{1,6}[!?]?|[a-zà-ÿ]{3,14}\d{1,4}[!?]?", re.I
)
_PHRASE_OF_WORDS = later(r"[a-z]{3,9}(?:-[a-z]{3,9}){2,6}|[a-z]{3,9}(?:-(?:[a-z]{2,9}|\d{1,4})){2,6}")
_OF_CODE = later(r"[|(\[{}]")
_R_ANSWER = [  # in quotes, or the rest of the line
    small_rule(
        "security secret memorable recovery mother's sicherheitsfrage geheimfrage question pregunta domanda pergunta geheime beveiligingsvraag säkerhetsfråga",
        r"(?:(?:security|secret|memorable|recovery) (?:question|answer|word)s?|mother's maiden name|sicherheitsfrage|geheimfrage|question (?:secrète|de sécurité)|"
        r"pregunta (?:secreta|de seguridad)|domanda (?:segreta|di sicurezza)|pergunta (?:secreta|de segurança)|geheime vraag|beveiligingsvraag|säkerhetsfråga\w{0,3})"
        r"(?:[^\n\"“„«]{0,60}[\"“„«]([^\"”“»\n]{3,60})[\"”“»]|[^\n=]{0,40}=[ \t]{0,2}([^\n,;]{3,40}))",
        "ANSWER",
    ),
    small_rule(
        "security secret sicherheitsantwort réponse respuesta risposta resposta",
        r"(?:(?:security|secret) answer|sicherheitsantwort|réponse secrète|respuesta secreta|risposta segreta|resposta secreta)[^\n:=]{0,30}[:=][ \t]{0,2}([^\n,;]{3,40})",
        "ANSWER",
    ),
    small_rule(
        "security secret safe code memorable mother maiden sicherheitsantwort codewort kodewort",
        r"(?:(?:security|secret) answer|(?:safe|code|secret|memorable) ?word|(?:mother'?s )?maiden name|sicherheitsantwort|codewort|kodewort)(?:[^\n:=]{0,40}?[ )](?:is|was|ist|war|lautet)|(?<=name))[ \t]{1,2}[\"“„]?([^\s,;.\"”]{4,40})",
        "ANSWER",
    ),
    small_rule(
        "default factory standard credential creds login werks",
        r"\b(?:default|factory|standard|werks\w{0,14})[ \t-]{1,2}(?:[a-z]{3,20}[ \t]{1,2}){0,3}(?:is |are |were |was )?[:=]?[ \t]{0,2}(?:admin|root|user|administrator|guest|operator|cisco|ubnt|pi)"
        r"[ \t]?[:/|][ \t]?([a-z0-9!@#$%]{4,30})(?![\w.@/])",
        "ANSWER",
    ),
]
_R_SET = small_rule(  # where no word says what it is set to: only what looks like a password there
    [
        *"changed set reset switched bytte bytt ändrade satte återställde ændrede ændret endret skiftet změnil nastavil zmienił ustawił сменил поменял изменил".split(),
        *(
            "auf ",
            "l'ai ",
            "l'a ",
            "lo cambi",
            "la cambi",
            "l'ho ",
            "gewijzigd",
            "veranderd",
            "mudei",
            "alterei",
            "troquei",
        ),
        *(
            "just use",
            "try ",
            "same one",
            "rotated",
            "logged in as",
            "signed in as",
            "angemeldet als",
            "use root",
            "use admin",
        ),
    ],
    r"(?<!\w)(?:(?:changed|set|reset|switched)[ \t](?:it|that|this|them|both)(?:[ \t]back)?[ \t]to|auf(?=[ \t]\S{5,60}[ \t](?:geändert|gesetzt|gestellt|umgestellt|zurückgesetzt))"
    r"|(?:bytte|bytt|ändrade|satte|återställde|ændrede|ændret|endret|skiftet)(?:[ \t](?:det|den|dem))?[ \t](?:till?)|(?:změnil|nastavil)a?(?:[ \t](?:jsem|jsme))?(?:[ \t](?:ho|je|to))?[ \t]na"
    r"|(?:zmienił|ustawił)(?:[ae]m)?(?:[ \t](?:je|go|to))?[ \t]na|(?:сменил|поменял|изменил)[аи]?(?:[ \t](?:его|их))?[ \t]на|l'ai?[ \t](?:changé|mis|remplacé)e?s?[ \t](?:en|par|à|pour)"
    r"|l[oa][ \t]cambi(?:é|amos|ó)[ \t](?:a|por|en)|l'ho[ \t](?:cambiat|mess|impostat)[oa][ \t](?:in|a|su)|(?:gewijzigd|veranderd)[ \t](?:naar|in)|(?:mudei|alterei|troquei)(?:-[oa])?[ \t](?:para|por)"
    r"|just[ \t]use|try(?=[ \t]\S{5,60}[ \t](?:first|then|instead|and|or|if)\b)|same[ \t]one:|rotated\b[^\n]{0,24}[ ,(]was"
    r"|(?:logged[ \t]in[ \t]as|signed[ \t]in[ \t]as|angemeldet[ \t]als)[ \t][\w.@\\-]{1,40}(?=[ \t]\()|use[ \t](?:root|admin\w{0,9})[ \t]with)"
    rf"[ \t]{{1,2}}\(?{_VALUE}",
    "CHOSEN",
)
_R_FROM = small_rule(
    ["from ", "von ", "från ", "fra ", "van "],
    r"(?:from|von|från|fra|van) ([^\s,;:/=]{6,40}) (?:to|auf|till|til|naar) ([^\s,;:/=]{6,40})(?![^\s,;.:!?)])",
    "FROM",
)
_R_ADMIN = small_rule(
    ["admin ", "root ", "administrator ", "break-glass", "break glass"],
    r"(?<![\w.-])(?:(?:admin|root|administrator) |break[- ]glass[^\n@]{0,20}? \S{1,40}@\S{3,60} )([^\s,;:/=]{7,40})(?=[ \t]{0,3}(?:[.,;]?\n|[.,;]?\Z))",
    "CHOSEN",
)
_RARE = (_R_FROM, _R_ADMIN)
_MOST = 1_000  # of those: nobody writes more
_RULES = (_R_SET, _R_WITH, _R_WIFI, _R_PHRASE, *_R_ANSWER)
_QUOTES = "\"“„«`'*"


def spans(view: View) -> Iterator[Span]:
    """The secrets of such sentences."""
    for match, kind in chain(matches(view, _RULES), islice(matches(view, _RARE), _MOST)):
        text = view.text
        if kind == "FROM":
            yield from _both(text, match)
            continue
        start, end, quoted = _where(text, match)
        if kind == "ANSWER":
            value = view.value(start, end).strip(' ."')
            if (
                not is_placeholder(value)
                and not is_plain(value.casefold())
                and not LIKE_PROSE.fullmatch(value.casefold())
            ):
                yield start, end, "PASSWORD"
        elif kind == "CHOSEN":
            value = view.value(start, end)
            of_account = view.lower.startswith("use", match.start()) and _WORDS_AND_NUMBER.fullmatch(value) is not None
            if (of_account or look(value) > 2) and not is_product(value) and not is_placeholder(value):
                yield start, end, "PASSWORD"
        elif kind == "PHRASE":
            if (
                text[start - 2 : start].strip()[-1:] in ("«", "„", "“", '"')
                or sum(
                    is_plain(word) or LIKE_PROSE.fullmatch(word) is not None for word in view.lower[start:end].split()
                )
                < 2
            ):
                yield start, end, "PASSWORD"
        elif _counts(view, start, end, quoted, loose=True):
            yield start, end, "PASSWORD"


def _bounds(text: str, start: int, end: int) -> tuple[int, int, bool]:
    """A value without the punctuation around it, and whether it stands in quotes."""
    start, end = weighed.bounds(text, start, end)
    return start, end, start > 0 and text[start - 1] in _QUOTES and text[end : end + 1] in _QUOTES


def _where(text: str, match: re.Match[str]) -> tuple[int, int, bool]:
    group = match.lastindex or 1
    start, end = match.span(group)
    return (start, end, True) if text[start - 1] in _QUOTES else _bounds(text, start, end)


def _counts(view: View, start: int, end: int, quoted: bool, loose: bool) -> bool:
    value = view.value(start, end)
    if (
        len(value) < 4
        or DONE in value
        or INSIDE in value
        or BETWEEN in value
        or is_placeholder(value)
        or is_plain(value.casefold())
        or _OF_CODE.search(value)
    ):
        return False
    if quoted and (len(value.split()) == 1 and not is_name_of_thing(value)) and any(not one.isalpha() for one in value):
        return True
    if re.search(r"[ \\<>=]|\w:|:\w", value):
        return False
    if is_generated(value):
        return True
    if loose and _PHRASE_OF_WORDS.fullmatch(value) and not any(map(is_plain, value.split("-"))):
        return True
    return is_mixed(value) and (
        not is_name_of_thing(value) or (loose and _WORDS_AND_NUMBER.fullmatch(value) is not None)
    )


def _both(text: str, match: re.Match[str]) -> Iterator[Span]:
    """Both of "from X to Y", where each may be a password and one surely is."""
    found = [weighed.bounds(text, *match.span(group)) for group in (1, 2)]
    values = [text[start:end] for start, end in found]
    if any(map(is_generated, values)) and all(look(value) > 1 for value in values):
        yield from ((start, end, "PASSWORD") for start, end in found)
