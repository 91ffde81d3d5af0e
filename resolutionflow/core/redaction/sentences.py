"""Secrets in other word orders, in ten languages: "changed it to X", "should be X", "logged in with bob / X", "then X",
and the answer on the line below a question. The word for a secret stands somewhere before, on the line or above it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from resolutionflow.core.redaction.plain_words import is_plain
from resolutionflow.core.redaction.values import is_generated, is_mixed, is_name_of_thing, is_placeholder
from resolutionflow.core.redaction.views import BETWEEN, DONE, INSIDE, Span, View

_WORD = re.compile(
    r"passw|passphrase|passcode|passwort|\bpass\b|\bpa?wd?s?\b|\bpws\b|kennw|zugangs|anmelde|\blog[- ]?ins?\b|\bcred(?:s|entials?)\b|mots? de passe|\bmdp\b|"
    r"identifiant|contrase|\bclave|\bsenha|palavra-passe|parol|credenzial|credencia|wachtwoord|inlog|lösenord|passord|adgangskode|kodeord|"
    r"has[łl][oae]|\bhesl|jelsz|salasan|şifre|secret|geheim|\bpsk\b|(?:wi-?fi|wlan|shared|api|wpa2?|ssid|licen[sc]e|product)[ -]?key|schlüssel|"
    r"\bcl[ée]s?\b|chiave|\bchave|sleutel|nyckel|nøkkel|nøgle|klucz|\bssid\b|wi-?fi|\bwlan\b|пароль|\btap\b|hotspot|combo"
)
_VALUE = (
    r"(?:\"([^\"\s]{4,80})\"|“([^”\s]{4,80})”|„([^“”\s]{4,80})[“”]|«\s?([^»\s]{4,80}?)\s?»|`([^`\s]{4,80})`|(?<![\w'])'([^'\s]{4,80})'(?!\w)"
    r"|\*\*([^*\s]{4,80})\*\*|([^\s\"'“”„«»`]{5,80}))"
)
_VERB = (
    r"chang|replac|reset|switch|updat|rotat|revert|swap|set\b|put\b|made\b|renam|geändert|ersetzt|gesetzt|getauscht|umgestellt|zurückgesetzt|gewechselt|"
    r"remplac|modifi|réinitialis|mis\b|mise\b|défini|cambi|reemplaz|sustitu|restablec|actualiz|puse|puesto|sostitui|impostat|reimpostat|aggiornat|messo|"
    r"alter|mud(?:ei|ad|ou)|troc|substitu|redefin|atualiz|gewijzigd|vervangen|gezet|veranderd|aangepast|ingesteld|ändra|bytt|byt\b|satt|"
    r"återställ|ersatt|endre|erstatt|ændre|skift|sat\b|nulstil|zmien|zmian|ustaw|zastąp|změn|nastav|vaihd|değiş|megvált|lett\b|поменя|смен|измен"
)
_TO = r"(?:to|with|by|as|into|auf|in|durch|mit|zu|par|en|à|avec|a|por|para|con|com|da|in|per|naar|op|door|met|till|med|mot|til|na|z|olarak|ile|-ra|на|->|=>|→|=|:)"
_CHANGED = re.compile(
    rf"(?<![\w-])(?:{_VERB})\w{{0,9}}(?:[ \t]{{1,2}}(?!{_TO}[ \t])[^\s,;:]{{1,20}}){{0,5}}?[ \t]{{1,2}}{_TO}[ \t]{{1,3}}{_VALUE}",
    re.I,
)
_BE = re.compile(
    r"(?<![\w-])(?:(?:should|must|has to|needs to|ought to|will|would|might|may|could|can)(?: now)? be|should have been|supposed to be|try(?:ing)?|tried|use[ds]?|using|"
    r"turned out to be|worked with|works with|went with|typed?|typing|typed in|entered|enter|type|says|said|reads|"
    r"it'?s|it is|it was|is now|now|is still|still|was|is|were|namely|i\.e\.|i mean|meant|sorry,?|correction:?|rather|oops,?|typo,?|and then|then|itself|takes?|taken|with|of|so|through|through|worked was|login(?: \w+)?|creds?:?(?: \S+@\S+)?|password\?|sticky note:|"
    r"instead of|old(?: one)?(?: was| is)?:?|new(?: one)?(?: was| is)?:?|the (?:new|old|right|correct) one (?:is|was):?|temp(?:orary)?(?: one)?:?|"
    r"durch|mit|este|ist|war|lautet|lautete|wäre|jetzt|nun|sollte(?: es)?|est|était|sera|devrait être|maintenant|c'est|es|era|será|fue|debería ser|ahora|è|dovrebbe essere|adesso|ora|"
    r"é|foi|deve ser|agora|luidt|moet|moest|wordt|nu|är|var|ska vara|blev|er|skal være|blir|bliver|jest|było|powinno być|teraz|bylo|oli|volt|lett)"
    rf"[ \t]{{1,3}}{_VALUE}",
    re.I,
)
_BESIDE = re.compile(rf"(?:[ \t][-–—][ \t]|[ \t]?(?:->|→|=>)[ \t]?|:[ \t]{{1,3}}|[ \t]/[ \t]|,[ \t]|[ \t]\(){_VALUE}")
_WITH = re.compile(
    r"(?<!\w)(?:log(?:ged|s|ging)?[ -]?(?:in|on|into)|sign(?:ed|s|ing)?[ -]?(?:in|on)|connect\w{0,3}|authenticat\w{1,3}|got in|get in|access(?:ed)?|logins?|ssh'?d|rdp'?d|"
    r"angemeldet|anmeldung|anmelden|einloggen|eingeloggt|verbunden|zugriff|zugang|connecté\w{0,2}|connexion|identifié\w{0,2}|accès|conectad[oa]|conexión|acceso|entré|"
    r"entrar|accesso|connesso|collegat[oa]|entrat[oa]|acesso|conectei|entrei|ingelogd|inloggen|inlog|toegang|inloggad|loggade|inloggning|"
    r"logget|pålogg\w{0,4}|innlogg\w{0,4}|logg(?:a|et|ed)?|zalogowa\w{1,4}|logowanie|dostęp|přihlášen\w{0,3}|kirjaudu\w{1,6}|giriş|bejelentkez\w{0,4}|вход)"
    r"(?:[ \t]{1,2}[^\s:/]{1,20}){0,5}?[ \t]{1,2}(?:with|as|using|via|mit|als|avec|en tant que|comme|con|como|come|com|met|med|som|z|jako|ile|with user|:)[ \t]{1,2}"
    r"(?:(?:the )?(?:user(?:name)?|account|benutzer|konto|utente|usuario|utilisateur|gebruiker|usuário|użytkownik\w{0,2})[ \t]{1,2})?[\"'`]?[\w.@\\+-]{1,60}[\"'`]?"
    r"(?:[ \t]{0,3}[/|:,;–-][ \t]{0,3}|[ \t]{1,2}(?:and|with|und|mit|et|avec|y|con|e|com|en|met|och|med|og|i|a|ve)[ \t]{1,2})"
    rf"(?:(?:the )?[\w]{{2,14}}[ \t:]{{1,3}})?{_VALUE}",
    re.I,
)
_WIFI = re.compile(
    r"\b(?:wi-?fi|wlan|ssid|network|netz(?:werk)?|hotspot|réseau|rete|rede|netwerk|nätverk|nettverk|netværk|sieć|red|wireless|guest)\b[ \t:=]{0,3}"
    r"(?:[\"'“„«‘][^\"'”“»’\n]{1,40}[\"'”“»’]|[A-Z][\w.-]{1,30}(?=[ \t]?(?:->|→|=>|/)))"
    r"[ \t]{0,3}(?:->|→|=>|/|:|,|–|-|\(|with|mit|avec|con|met|med|z)[ \t]{0,3}(?:(?:the )?(?:key|pw|pass\w{0,8}|psk|code|schlüssel|kennwort|clé|clave|chiave|chave|"
    rf"senha|sleutel|wachtwoord|nyckel|lösenord|nøkkel|kode|klucz|hasło|mdp)[ \t]{{0,2}}[:=]?[ \t]{{0,2}}(?:is )?)?{_VALUE}",
    re.I,
)
_QUESTION = re.compile(  # the secret answer of an account
    r"(?:(?:security|secret|memorable|recovery) (?:question|answer|word)|memorable word|mother's maiden name|sicherheitsfrage|geheimfrage|sicherheitsantwort|"
    r"question (?:secrète|de sécurité)|réponse secrète|pregunta (?:secreta|de seguridad)|respuesta secreta|domanda (?:segreta|di sicurezza)|pergunta secreta|"
    r"geheime vraag|beveiligingsvraag|säkerhetsfråga|sikkerhedsspørgsmål|sikkerhetsspørsmål|code ?word|safe ?word|kodewort|codewort|pytanie pomocnicze)\w{0,3}"
    rf"[^\n]{{0,60}}?(?:[:=]|is|was|with|mit|avec|con|com|met|med|ist|lautet|est|es|è|é|är|er|answered|)[ \t]{{1,2}}{_VALUE}",
    re.I,
)
_TAP = re.compile(
    rf"\b(?:(?-i:TAP)|temporary access pass)\b[^\n:=]{{0,50}}?(?:[:=]|is|was|to|with)[ \t]{{1,2}}{_VALUE}", re.I
)
_PHRASE = re.compile(
    r"\b(?:key|secret|pass|security|verbal|support)[ -]?phrase(?:[ \t]{1,2}(?:is|was|for [^\s:]{1,30} (?:is|was)))?[ \t]{0,2}[:=]?[ \t]{1,2}"
    r"[\"'“]?([a-z]{2,12}(?:[ -][a-z]{2,12}){2,7}?)(?=[\"'”.,;\n]|\Z|[ \t](?:unlocks?|opens?|works?|is|was|for|on|in)\b)"
    r"|(?:phrase (?:secrète|de passe)|frase (?:segreta|secreta|de contraseña|de paso)|wachtzin|lösenfras|kennsatz)[^\n«\"“„:]{0,40}[:«\"“„][ \t]{0,2}"
    r"([^\n»\"”“]{6,80}?)[ \t]{0,2}(?=[»\"”“\n]|\Z)",
    re.I,
)
_ANSWER = re.compile(
    r"(?:\n[ \t]{0,8}(?:[\[(]?\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?[ap]m)?[\])]?[ \t-]{1,4})?(?:<?@?[^\W\d][\w.'-]{0,20}(?: [^\W\d][\w.'-]{0,20}){0,2}>?(?:[ \t]?[(\[]\d{1,2}[:.]\d\d[^\n()]{0,6}[)\]])?"
    r"[ \t]?[:>|][ \t]{1,3})?([^\n]{0,60}?)(?=\n|\Z)){1}"
)
_PREFIX = re.compile(
    r"(?:(?:it'?s|its|it is|try|use|sure|yes|yep|ok|sorry|oops|ah|hi|no|nope|rather|now|correction|ja|oui|sí|si|klar|hier|voici|aqui|ecco|here|here you go|there you go|typo|"
    r"i mean|meant|should be|das ist|es|c'est|è|is|ist|the new one is|new one)[,:.!]?[ \t]{1,2}){0,3}",
    re.I,
)
_WORDS_AND_NUMBER = re.compile(
    r"[a-zà-ÿ]{2,14}(?:[-_.][a-zà-ÿ]{2,14}){1,5}[-_.]?\d{1,6}[!?]?|[a-zà-ÿ]{3,14}\d{2,4}[!?]?"
)
_LOG = re.compile(
    r"\d\d:\d\d:\d\d|\b(?:error|errno|warn(?:ing)?|info|debug|fatal|failed|failure|denied|exception|level=)\b|\w\[\d"
)
_STAMP = re.compile(r"\d\d:\d\d:\d\d")
_OF_WIFI = tuple(
    "wi-fi wifi wlan ssid netw netz hotspot réseau rete rede nät nett nætv sieć red wireless guest".split()
)
_OF_QUESTIONS = tuple(
    "question answer word maiden frage antwort réponse pregunta respuesta domanda pergunta vraag fråga spør wort pytanie".split()
)
_EDGES = "\"'`“”„«»*_,;:.()[]{}<>|–—"
_BACK = 160
_ASKED = 3  # lines below the one with the word


def spans(view: View) -> Iterator[Span]:
    """The secrets of such sentences."""
    text, lower = view.text, view.lower
    if _WORD.search(lower) is None:
        return
    for begin, end in _lines(view):
        for pattern, loose in ((_CHANGED, True), (_BE, True), (_BESIDE, False)):
            for match in pattern.finditer(text, begin, end):
                start, stop, quoted = _where(text, match)
                if _counts(view, start, stop, quoted and loose, loose) and _is_about(lower, start):
                    yield start, stop, "PASSWORD"
    for pattern, needles in ((_WITH, ()), (_WIFI, _OF_WIFI), (_TAP, ("tap", "temporary access"))):
        for match in pattern.finditer(text) if not needles or any(one in lower for one in needles) else ():
            start, end, quoted = _where(text, match)
            if _counts(view, start, end, quoted, loose=True):
                yield start, end, "PASSWORD"
    for pattern, needles in ((_QUESTION, _OF_QUESTIONS), (_PHRASE, ("phrase", "frase", "wachtzin", "fras", "satz"))):
        for match in pattern.finditer(text) if not needles or any(one in lower for one in needles) else ():
            start, end, quoted = _where(text, match)
            if pattern is _PHRASE or _counts(view, start, end, quoted, loose=True):
                yield start, end, "PASSWORD"
    yield from _answers(view)


def _lines(view: View) -> Iterator[tuple[int, int]]:
    """The lines with a word for a secret, but for those of a log."""
    text, lower, after = view.text, view.lower, 0
    for word in _WORD.finditer(lower):
        if word.start() < after:
            continue
        begin = max(lower.rfind("\n", max(0, word.start() - 300), word.start()) + 1, word.start() - 300, after)
        end = text.find("\n", word.end(), word.end() + 300)
        after = end if end >= 0 else min(len(text), word.end() + 300)
        if _STAMP.search(text, begin, min(begin + 60, after)) is None:
            yield begin, after


def _where(text: str, match: re.Match[str]) -> tuple[int, int, bool]:
    """The value without the punctuation around it, and whether it stands in quotes."""
    group = match.lastindex or 1
    start, end = match.span(group)
    quoted = text[start - 1] in "\"“„«`'*"
    if not quoted:
        while start < end and text[start] in _EDGES:
            start += 1
        while start < end and text[end - 1] in _EDGES:
            end -= 1
    return start, end, quoted


def _counts(view: View, start: int, end: int, quoted: bool, loose: bool) -> bool:
    value = view.value(start, end)
    if (
        len(value) < 4
        or DONE in value
        or INSIDE in value
        or BETWEEN in value
        or is_placeholder(value)
        or is_plain(value.casefold())
    ):
        return False
    if quoted and (len(value.split()) == 1 and not is_name_of_thing(value)) and any(not one.isalpha() for one in value):
        return True
    if re.search(r"[ \\<>=]|\w:|:\w", value):
        return False
    if is_generated(value):
        return True
    return is_mixed(value) and (
        not is_name_of_thing(value) or (loose and _WORDS_AND_NUMBER.fullmatch(value) is not None)
    )


def _is_about(lower: str, at: int) -> bool:
    """Whether a word for a secret stands before this on its line."""
    begin = max(lower.rfind("\n", max(0, at - _BACK), at), at - _BACK, 0)
    if _LOG.search(lower, begin, at):
        return False  # a log says how it was
    end = lower.find("\n", at, at + 80)
    return _WORD.search(lower, begin, end if end > 0 else at + 80) is not None


def _answers(view: View) -> Iterator[Span]:
    """What stands alone on a line below a short one that asks for a secret or tells one, perhaps after who says it."""
    text, lower, after = view.text, view.lower, -1
    for word in _WORD.finditer(lower):
        if word.start() < after:
            continue
        end = text.find("\n", word.end(), word.end() + 200)
        if end < 0:
            after = word.end() + 200
            continue
        at = after = end
        if _STAMP.search(text, max(0, text.rfind("\n", max(0, word.start() - 200), word.start())), word.start()):
            continue
        for _ in range(_ASKED):
            answer = _ANSWER.match(text, at)
            if answer is None or answer.end() == at:
                break
            said = _PREFIX.match(text, answer.start(1), answer.end(1))
            start = said.end() if said else answer.start(1)
            end = answer.end(1)
            while start < end and text[start] in _EDGES + " \t":
                start += 1
            while start < end and text[end - 1] in _EDGES + " \t":
                end -= 1
            if (
                start < end
                and not re.search(r"[\s=(,;|<]", text[start:end])
                and _counts(view, start, end, False, loose=False)
            ):
                yield start, end, "PASSWORD"
            at = answer.end()
