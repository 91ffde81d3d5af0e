"""Secrets in other word orders, in many languages: "changed it to X", "should be X", "logged in with bob / X", "then X",
and the answer on the line below a question. The word for a secret stands somewhere before, on the line or above it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from resolutionflow.core.redaction.plain_words import LIKE_PROSE, is_plain
from resolutionflow.core.redaction.values import (
    is_generated,
    is_leet,
    is_mixed,
    is_name_of_thing,
    is_placeholder,
    is_product,
)
from resolutionflow.core.redaction.views import BETWEEN, DONE, INSIDE, Span, View, matches, rule, small_rule
from resolutionflow.core.redaction.words import later, watch

_WORD = later(
    r"passw|passphrase|passcode|passwort|\bpass\b|\bpa?wd?s?\b|\bpws\b|kennw|zugangs|anmelde|\bcred(?:s|entials?)\b|mots? de passe|\bmdp\b|identifiant|contrase|\bclave|\bsenha|palavra-passe|parol|credenzial|credencia|wachtwoord|inlog|lösenord|passord|adgangskode|kodeord|has[łl][oae]|\bhesl|jelsz|salasan|şifre|secret|geheim|\bpsk\b|(?:wi-?fi|wlan|shared|api|wpa2?|ssid|licen[sc]e|product)[ -]?key|schlüssel|\bcl[ée]s?\b|chiave|\bchave|sleutel|nyckel|nøkkel|nøgle|klucz|\bssid\b|wi-?fi|\bwlan\b|пароль|\btap\b|hotspot|combo|🔑|🔐|accounts|users are|users:|factory|keepass|bitwarden|lastpass|dashlane|1password"
)
_WEAK = later(
    r"\b(?:master|account|administrator|mailbox|postfach|log[- ]?ins?|(?:log|sign)[ -](?:on|in))\b"
)  # these alone tell little
_CUES = watch(
    [
        *"""
        passw passphrase passcode pass pwd pw pws pawd kennw zugangs anmelde login log-in logon cred mdp identifiant contrase clave senha palavra-passe parol
        credenzial credencia wachtwoord inlog lösenord passord adgangskode kodeord hasł hasl hesl jelsz salasan şifre secret geheim psk wi-fi wifi wlan shared
        keepass bitwarden lastpass dashlane 1password master account administrator mailbox postfach api wpa ssid licen product schlüssel clé cle chiave chave sleutel nyckel nøkkel nøgle klucz пароль tap hotspot combo
        """.split(),
        *(
            "mot de passe",
            "mots de passe",
            "log in",
            "log on",
            "🔑 ",
            "🔐 ",
            "accounts",
            "users are",
            "users:",
            "factory",
        ),
    ]
)
_VALUE = (
    r"(?:\"([^\"\s]{4,80})\"|“([^”\s]{4,80})”|„([^“”\s]{4,80})[“”]|«\s?([^»\s]{4,80}?)\s?»|`([^`\s]{4,80})`|(?<![\w'])'([^'\s]{4,80})'(?!\w)"
    r"|\*\*([^*\s]{4,80})\*\*|([^\s\"'“”„«»`]{5,80}))"
)
_VERB = later(
    r"(?<![\w-])(?:chang|replac|reset|switch|updat|rotat|revert|swap|set\b|put\b|made\b|renam|geändert|ersetzt|gesetzt|getauscht|umgestellt|zurückgesetzt|gewechselt|"
    r"remplac|modifi|réinitialis|mis\b|mise\b|défini|cambi|reemplaz|sustitu|restablec|actualiz|puse|puesto|sostitui|impostat|reimpostat|aggiornat|messo|"
    r"alter|mud(?:ei|ad|ou)|troc|substitu|redefin|atualiz|gewijzigd|vervangen|gezet|veranderd|aangepast|ingesteld|ändra|bytt|byt\b|satt|"
    r"återställ|ersatt|endre|erstatt|ændre|skift|sat\b|nulstil|zmien|zmian|ustaw|zastąp|změn|nastav|vaihd|değiş|megvált|lett\b|поменя|смен|измен)"
)
# What leads from such a verb to the value, and what leads to it on its own.
_TO = frozenset(
    "to with by as into auf in durch from von de ab mit zu par en à avec a por para con com da per naar op door met till med mot til na z olarak ile на".split()
)
_LINKS = frozenset(
    "has plus on: agreed be try trying tried use used uses using be: worked works went type typed typing entered enter says said reads it's its is now still was were namely i.e. mean meant sorry "
    "correction rather oops typo then itself takes take taken with of so through old new one temp temporary creds password password? note durch mit este ist war lautet lautete "
    "wäre jetzt nun sollte est était sera être maintenant c'est es era será fue ser ahora è essere adesso ora é foi agora luidt moet moest wordt nu är var vara blev er være blir "
    "bliver jest było być teraz bylo je oli volt lett".split()
)
_NEW_STRINGS = ('": "', '":"', '", "', '","')  # of JSON: a text begins
_TWO = (" agreed on", " uusi on", " nowe to", " nové je", " новый", " uus on")
_SIGNS = (":", "=", "->", "→", "=>", " -", "–", "—", " /", "//", ",", "(", "🔑", "🔐", " |")
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
_R_QUESTION = small_rule(
    "security secret memorable recovery mother's sicherheitsfrage geheimfrage sicherheitsantwort question réponse pregunta respuesta domanda pergunta geheime beveiligingsvraag säkerhetsfråga sikkerhedsspørgsmål sikkerhetsspørsmål code safe kodewort codewort pytanie",  # the secret answer of an account
    r"(?:(?:security|secret|memorable|recovery) (?:question|answer|word)|memorable word|mother's maiden name|sicherheitsfrage|geheimfrage|sicherheitsantwort|"
    r"question (?:secrète|de sécurité)|réponse secrète|pregunta (?:secreta|de seguridad)|respuesta secreta|domanda (?:segreta|di sicurezza)|pergunta secreta|"
    r"geheime vraag|beveiligingsvraag|säkerhetsfråga|sikkerhedsspørgsmål|sikkerhetsspørsmål|code ?word|safe ?word|kodewort|codewort|pytanie pomocnicze)\w{0,3}"
    rf"[^\n]{{0,60}}?(?:[:=]|is|was|with|mit|avec|con|com|met|med|ist|lautet|est|es|è|é|är|er|answered|)[ \t]{{1,2}}{_VALUE}",
    "PASSWORD",
)
_R_TAP = rule(
    "tap temporary",
    rf"\b(?:(?-i:TAP)|temporary access pass)\b[^\n:=]{{0,50}}?(?:[:=]|is|was|to|with)[ \t]{{1,2}}{_VALUE}",
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
_ANSWER = later(
    r"(?:\n[ \t]{0,8}(?:[\[(]?(?:\d{1,4}[-./]\d{1,2}[-./]\d{1,4},?[ T])?\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?[ap]m)?[\])]?[ \t-]{1,4})?(?:[-*•][ \t]{1,2})?(?:<?@?[^\W\d][\w.'-]{0,20}(?: [^\W\d][\w.'-]{0,20}){0,2}>?(?:[ \t]?[(\[]\d{1,2}[:.]\d\d[^\n()]{0,6}[)\]])?"
    r"[ \t]?[:>|][ \t]{1,3})?([^\n]{0,60}?)(?=\n|\Z)){1}"
)
_PREFIX = later(
    r"(?:(?:it'?s|its|it is|try|use|sure|yes|yep|ok|sorry|oops|ah|hi|no|nope|rather|now|correction|ja|oui|sí|si|klar|hier|voici|aqui|ecco|here|here you go|there you go|typo|"
    r"i mean|meant|should be|das ist|es|c'est|è|is|ist|the new one is|new one)[,:.!]?[ \t]{1,2}){0,3}",
    re.I,
)
_WORDS_AND_NUMBER = later(
    r"[a-zà-ÿ]{2,14}(?:[-_.][a-zà-ÿ]{2,14}){1,5}[-_.]?\d{1,6}[!?]?|[a-zà-ÿ]{3,14}\d{1,4}[!?]?", re.I
)
_PHRASE_OF_WORDS = later(r"[a-z]{3,9}(?:-[a-z]{3,9}){2,6}|[a-z]{3,9}(?:-(?:[a-z]{2,9}|\d{1,4})){2,6}")
_SEVERAL_OF = later(
    r"\b(?:passwords|passwörter|kennwörter|mots de passe|contraseñas|senhas|wachtwoorden|lösenord|hasła)\b[^\n:]{0,30}:"
)
_PASSWORD = later(
    r"passw|passphrase|passcode|\bpass\b|\bpa?wd?s?\b|kennw|mots? de passe|\bmdp\b|contrase|\bclave|\bsenha|parol|wachtwoord|lösenord|passord|adgangskode|has[łl]|hesl|jelsz|salasan|şifre|пароль"
)
_CHOSEN = later(r"[A-Z][a-z]{2,}(?:[._-][A-Z][a-z]{2,})+[._-]?\d{1,4}[!?#$]?|[A-Z][a-z]{3,}[-_.]\d{4}[!?]?")
_CHOSEN_ALONE = later(  # words with a number, one of them with a capital
    r"(?=\S*[A-Z])(?=\S*\d)[A-Z]?(?:[^\W\d_A-Z]*\d)?[^\W\d_A-Z]{2,}\d{0,4}(?:[._-](?:\d{0,2}[A-Z]?[^\W\d_A-Z]{2,}\d{0,4}|\d{1,4})){1,4}"
    r"|[a-z]{3,}[A-Z][a-z]{2,}\d{1,4}|[A-Z][a-zà-ÿ]{3,}\d{1,4}[!#$*?]"
)
_OF_CODE = later(r"[|(\[{}]")
_LOG = later(
    r"\d\d:\d\d:\d\d|\b(?:error|errno|warn(?:ing)?|info|debug|fatal|failed|failure|denied|exception|level=)\b|\w\[\d"
)
_CHAT = later(r"\[[\d/: .,-]{8,22}\][ \t]+[A-Z][\w.' -]{1,30}:[ \t][^\n]{1,200}\?")
_STAMP = later(r"\d\d:\d\d:\d\d")
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
        ["(admin", "(root", "(user", "(sa,", "(guest", "(operator", "(login", "(svc"],
        r"\((?:admin\w*|root|user\w{0,8}|sa|guest|operator|login|svc[\w.-]{1,30})[ \t]?[,/:;|][ \t]?([^\s()]{5,60})\)",
        "PASSWORD",
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
_RULES = (_R_SET, _R_WITH, _R_WIFI, _R_QUESTION, _R_TAP, _R_PHRASE, *_R_ANSWER)
_PAIR = later(r"[\w.@-]{2,40}(?:[/:]|\\\\)([^\s/:=]{5,60})")
_ACCOUNTS = later(
    r"\b(?:accounts?|users|log-?ins?|creds?|credentials|konten|benutzer|zugänge|comptes|identifiants|usuarios|cuentas|utenti|contas|konta|gebruikers)\b"
)
_VERBS = frozenset(
    "is was does did doesn't didn't isn't wasn't works worked no used ist war funktioniert geht ging est était ne n'est marche es era fue no funciona è non funziona werkt is "
    "was är var fungerar er jest było działa é foi".split()
)
_TOKEN = later(r"[^\s;]{5,}")
_MARKS = later(r"[\d!#$%&*?~^@+=._-]")
_SEVERAL = later(r"[\s=(,;|<]")
_QUOTES = "\"“„«`'*"
_EDGES = " \t\"'`“”„«»*_,;:.()[]{}<>|–—"
_REACH = 300  # letters of a line on either side of the word
_SHORTEST, _LONGEST = 4, 120
_MOST = 3_000  # lines that speak of secrets: nobody writes more, and other rules read those, too
_ASKED = 3  # lines below the one with the word


def spans(view: View, known: Mapping[int, int]) -> Iterator[Span]:
    """The secrets of such sentences, but for those that are known: where they begin, and where they end."""
    lines = list(islice(_lines(view), _MOST))
    for begin, end in lines:
        yield from _linked(view, begin, end, known)
    for match, kind in matches(view, _RULES):
        text = view.text
        start, end, quoted = _where(text, match)
        if kind == "ANSWER":
            value = view.value(start, end).strip(' ."')
            if not is_placeholder(value) and not is_plain(value.casefold()):
                yield start, end, "PASSWORD"
        elif kind == "CHOSEN":
            value = view.value(start, end)
            of_account = view.lower.startswith("use", match.start()) and _WORDS_AND_NUMBER.fullmatch(value) is not None
            if (of_account or _looks_chosen(value, alone=True)) and not is_product(value) and not is_placeholder(value):
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
    yield from _answers(view, lines)


def _lines(view: View) -> Iterator[tuple[int, int]]:
    """The lines with a word for a secret, but for those of a log."""
    text, lower, after, places = view.text, view.lower, 0, view.places
    for at in sorted(at for word in _CUES for at in places.get(word, ())):
        if at < after or not (_WORD.match(lower, at) or _WEAK.match(lower, at)):
            continue
        begin = max(lower.rfind("\n", max(0, at - _REACH), at) + 1, at - _REACH, after)
        end = text.find("\n", at, at + _REACH)
        after = end if end >= 0 else min(len(text), at + _REACH)
        if _STAMP.search(text, begin, min(begin + 60, after)) is None or _CHAT.match(text, begin):
            yield begin, after


def _linked(view: View, begin: int, end: int, known: Mapping[int, int]) -> Iterator[Span]:
    """What looks like a secret on this line, after a word or sign that leads to one."""
    text, lower, log = view.text, view.lower, -1
    weak, many = _WORD.search(lower, begin, end) is None, _SEVERAL_OF.search(lower, begin, end)
    for token in _TOKEN.finditer(text, begin, end):
        if len(token[0]) > _LONGEST or not _MARKS.search(token[0]):
            continue
        start, stop, quoted = _bounds(text, *token.span())
        if stop - start < _SHORTEST or known.get(start, 0) >= stop:
            continue
        before = lower[max(begin, start - 90) : start]
        if before.endswith(_NEW_STRINGS):
            continue
        before = before.rstrip(" \t\"'`“”„«*_")
        pair = _PAIR.fullmatch(text, start, stop)
        of_accounts = pair is not None and _ACCOUNTS.search(lower, begin, start) is not None
        if pair and of_accounts:
            start, loose = pair.start(1), True
        elif before.endswith(_SIGNS):
            loose = False
        elif _leads(before) or _is_subject(lower, before, stop, end) or (many and many.end() <= start):
            loose = True
        else:
            continue
        if weak and not (_WEAK.search(lower, begin, start) and _looks_chosen(text[start:stop])):
            continue
        if _counts(view, start, stop, quoted and loose, loose):
            if log < 0:  # a log says how it was
                found = _LOG.search(lower, begin, end)
                log = found.start() if found else end
            if start < log:
                yield start, stop, "PASSWORD"


def _leads(before: str) -> bool:
    """Whether this ends with what leads to a secret: "should be", "changed it to"."""
    words = before[-24:].split()
    last = words[-1].rstrip(",:") if words else ""
    return last in _LINKS or before.endswith(_TWO) or (last in _TO and _VERB.search(before) is not None)


def _is_subject(lower: str, before: str, stop: int, end: int) -> bool:
    """Whether a sentence begins with it that speaks of a secret later: "X does not work any more as the password"."""
    if before and before[-1] not in ".!?-*•":
        return False
    words = lower[stop : stop + 24].lstrip("\"'”“»`*,").split(maxsplit=1)
    return bool(words) and words[0] in _VERBS and _PASSWORD.search(lower, stop, min(end, stop + 90)) is not None


def _looks_chosen(value: str, *, alone: bool = False) -> bool:
    """Whether a person chose it as a password, as it looks: Quartz.Finch.19; `alone`, also Zima2025_dom."""
    if is_generated(value) or is_leet(value) or _CHOSEN.fullmatch(value):
        return True
    return alone and _CHOSEN_ALONE.fullmatch(value) is not None


def _bounds(text: str, start: int, end: int) -> tuple[int, int, bool]:
    """A value without the punctuation around it, and whether it stands in quotes."""
    while start < end and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in _EDGES:
        end -= 1
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


def _answers(view: View, lines: list[tuple[int, int]]) -> Iterator[Span]:
    """What stands alone on a line below a short one that asks for a secret or tells one, perhaps after who says it."""
    text = view.text
    for begin, at in lines:
        asked = "?" in text[begin:at]
        for _ in range(_ASKED):
            answer = _ANSWER.match(text, at)
            if answer is None:
                break
            said = _PREFIX.match(text, answer.start(1), answer.end(1))
            start, end, _quoted = _bounds(text, said.end() if said else answer.start(1), answer.end(1))
            if start < end and not _SEVERAL.search(text, start, end) and _counts(view, start, end, False, loose=asked):
                yield start, end, "PASSWORD"
            at = answer.end()
