"""Passwords in prose, by weight of evidence: what a word looks like, how near it stands to a word for a secret, in any of
many languages, what leads to it, and whether it is set apart. One that names something else weighs against it.

    Told Mike the new pw over the phone (Crumpet.77)      look 3, word for a secret in the sentence 2, set apart 1
    Guest Wi-Fi at the branch, use lobster19              look 2, Wi-Fi 1, "use" 2
    Password reset for Anna on Laptop-0442                look 1, word 2, after a preposition -2: stays

From five on it is a password. No word of letters alone is weighed: of those only "password is …" tells (said.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from resolutionflow.core.redaction.looks import look
from resolutionflow.core.redaction.values import is_mixed, is_thing
from resolutionflow.core.redaction.views import INSIDE, Span, View
from resolutionflow.core.redaction.words import later, watch

_OF_ACCOUNT = 5  # of bob/X after "accounts:"
_ENOUGH, _SURELY = 5, 6  # _SURELY where it may as well be a name of something
_SECRET = later(
    r"passw|passphrase|passcode|passwort|\bpass\b|\bpa?wd?s?\b|\bpws\b|kennw|zugangs|\bcred(?:s|entials?)?\b|mots? de passe|\bmdp\b|identifiant|contrase|\bclave|\bsenha|palavra-passe|parol|credenzial|credencia|wachtwoord|\bww\b|lösen(?:ord|et)?\b|lösenord|passord|adgangskode|kodeord|has[łl][oae]|\bhesl|jelsz|salasan|şifre|geheim|\bpsk\b|(?:wi-?fi|wlan|shared|api|wpa2?|ssid|licen[sc]e|product)[ -]?key|schlüssel|\bcl[ée] (?:wi-?fi|wlan|du wi-?fi|wpa)|sleutel|пароль|\bwpa[23]?(?=[ \t]?[:=])|\btap\b|combo|(?:keepass|bitwarden|lastpass|dashlane|1password) master|🔑|🔐|(?:klucz|nyckeln?|nøgle\w{0,2}|nøkkel\w{0,2}|chiave|chave|kod\w{0,2}) (?:do|till?|del?|do|da) (?:\w{1,3} )?(?:wi-?fi|wlan)"
)
_AROUND = later(  # tells less
    r"\b(?:(?P<wifi>(?:wi-?fi|wlan)\w{0,3}|ssid|hotspot|guest network|gäste-?\w{0,3}netz)|(?P<key>key(?!-----)|codes?|kod\w{0,2}|klíč\w{0,2}|kľúč\w{0,2}|c[óo]digo|codice|avain|kulcs\w{0,2}|anahtar\w{0,3}|cheia|cl[ée]|chiave|chave|nyckel\w{0,2}|nøkkel\w{0,2}|nøgle\w{0,2}|klucz)\b|accounts?|users? (?:are|is|name)\b|usernames?|users:|log[- ]?(?:ins?|ons?)|log\w{0,4} (?:in|on)|(?:log|sign)(?:ing|ged|ed|s)?[ -](?:in|on)|master|administrator|mailbox|postfach|anmelde\w{0,20}|anmelden|einlog\w{0,20}|inlog\w{0,20}|zugang|"
    r"factory|keepass|bitwarden|lastpass|dashlane|1password|secret|temp(?= \S*\d)|unlock\w{0,3}|connect\w{0,3}|entr(?:o|a|ei|ar|er|é|ato) (?:con|com|dans)|wchodzi|nyckel\w{0,20}|nøkkel\w{0,20}|nøgle\w{0,20}|klucz\w{0,20}|zalog\w{0,20}|přihl[áa]\w{0,20}|údaje|dane logowania|kirjaudu\w{0,20}|access|acc[èe]s|accesso|acceso|acesso|toegang|connexion|(?:vpn|rdp|ftp|web) (?:user|login)|local admin|default)"
)
_CUES = watch(
    [
        *"""
        passw passphrase passcode pass pwd pw pws pawd kennw zugang anmelde login log-in logon cred mdp identifiant contrase clave senha palavra-passe parol
        credenzial credencia wachtwoord ww inlog einlog lösen passord adgangskode kodeord hasł hasl hesl jelsz salasan şifre secret geheim psk wi-fi wifi wlan guest gäste shared
        keepass bitwarden lastpass dashlane 1password master account administrator mailbox postfach api wpa ssid licen product schlüssel clé cle chiave chave sleutel nyckel nøkkel nøgle klucz пароль tap hotspot combo
        log sign vpn rdp ftp code kod cód codice avain kulcs anahtar cheia temp unlock connect entr wchodzi web local access accès acces toegang connexion default kod key zalog přihlá přihla údaje dane klíč kľúč kirjaudu username users factory
        """.split(),
        *("mot de passe", "mots de passe", "🔑 ", "🔐 ", "users are", "user is", "user name"),
    ]
)
# What leads to a value: what somebody did to it, and what links it to the word.
_GAVE = later(
    r"(?:\b(?:(?:opens?|unlocks?|decrypts?|öffnet|abre|apre|opent) (?:with|mit|con|com|met)|s'ouvre avec|unlock\w{0,3} [^.,;]{1,25} with|use|used|uses|using|try|tried|trying|type|typed|types|typing|enter|entered|enters|gave|give|given|told|sent|send|picked|chose|chosen|gets|got|had|took|wrote|written|noted|put|"
    r"verwende|nimm|nehmt|probier\w{0,20}|versuch\w{0,20}|benutz\w{0,20}|nutzt?|gib|tipp\w{0,20}|eingegeben|gegeben|mitgeteilt|durchgegeben|essay\w{0,20}|utilis\w{0,20}|tap\w{1,3}|donné|mets|mis|remis|prueb\w{0,20}|prob\w{0,20}|usa|use|usar|pon|puse|puesto|di|inserisci|prova|tent[ae]|coloca|"
    r"gebruik\w{0,20}|probeer\w{0,20}|typ|gegeven|prøv|bruk|brug|använd|testa|prova|fick|gav|spróbuj|wpisz|użyj|dałem|dałam|zkus|použij|kokeile|dene|próbáld)"
    r"(?: (?:her|him|them|me|it|us|you|ihr|ihm|ihnen|dir|mir|lui|leur|le|la|lo|hem|haar|hende|ham|henne|honom|jej|jemu|mu|with|mit|avec|con|com|met|med|z))?)\Z"
)
_VERB = later(
    r"(?<![\w-])(?:chang|replac|reset|switch|updat|rotat|revert|swap|set\b|put\b|made\b|renam|geändert|ersetzt|gesetzt|getauscht|umgestellt|zurückgesetzt|gewechselt|"
    r"remplac|modifi|réinitialis|mis\b|mise\b|défini|cambi|reemplaz|sustitu|restablec|actualiz|puse|puesto|sostitui|impostat|reimpostat|rimess|aggiornat|messo|"
    r"alter|mud(?:ei|ad|ou)|tro[cq]u?|substitu|pass[óo]\b|qued[óo]\b|redefin|atualiz|gewijzigd|vervangen|gezet|veranderd|aangepast|ingesteld|ändra|bytt|byt\b|satt|"
    r"återställ|ersatt|endre|erstatt|ændre|skift|sat\b|nulstil|zmien|zmian|ustaw|zastąp|změn|nastav|vaihd|değiş|megvált|lett\b|поменя|смен|измен)"
)
_TO = frozenset(
    "to with by as into auf in durch from von de ab mit zu par en à avec a por para con com da per naar op door met till med mot til na z olarak ile на".split()
)
_WITH = frozenset("with mit avec con com met med som z".split())
_LINKS = frozenset(
    "has plus on: agreed be worked works went says said saying reads it's its is now still was were namely i.e. mean meant sorry half part half: teil hälfte moitié mitad "
    "correction rather oops typo then itself take takes taken of so through old new one temp temporary puis dann luego entonces sedan potem poi depois daarna creds password password? pw pass key psk note durch este ist war lautet lautete "
    "wäre jetzt nun sollte est était sera être maintenant c'est es era será fue ser ahora è essere adesso ora é foi agora luidt moet moest wordt nu är var vara blev er være blir "
    "bliver jest było być teraz bylo je oli volt lett kennwort passwort wachtwoord contraseña contrasena senha clave lösenord lösenordet hasło heslo kodeord passord mdp passe".split()
)
_TWO = (" agreed on", " uusi on", " nowe to", " nové je", " новый", " uus on")
_ASSIGNS = (":", "=", "->", "→", "=>")
_SIGNS = (":", "=", "->", "→", "=>", " -", "–", "—", " /", "//", ",", "(", "🔑", "🔐", " |")
_PAIR = later(  # with bob and X; admin / X
    r"(?:\b(admin(?:istrator)?|root|sa|user|guest|cisco|ubnt|operator|pi|svc[\w.-]{1,30})(?:[ \t]?[/|,:;][ \t]?|[ \t]+(?:(?:and|then|und|dann|et|puis|y|e|en|och|og|i|a)[ \t]+)|(?<=admin)[ \t]+|(?<=root)[ \t]+|(?<=administrator)[ \t]+)"
    r"|\b(?:with|as|mit|als|avec|con|com|met|med|som|z)[ \t]+(?:(?:\w{1,3}[ \t]+)?(?:user|usu[aá]ri|utente|utilisateur|benutzer|gebruiker|użytkownik|uživatel)\w{0,4}[ \t]+)?[\w.@\\-]{1,40}[ \t]+(?:and|und|et|y|e|en|och|og|i|a|plus|\+|&)[ \t]+"
    r"|(?:[\w.-]+@|[\w.]*\\)[\w.-]+(?:[ \t]?[/|,:;][ \t]?|[ \t]+(?:and|with|und|mit|et|y|e|en|och|og|i)[ \t]+))[\"'`“„«*]{0,2}\Z"
)
_JOINED_PAIR = later(r"[\w.@-]{2,40}(?:[/:]|\\\\)([^\s/:=]{5,60})")
_LINE_OF_CODE = later(r"(?:^|[ \t])--?[A-Za-z]{2,}|\{\w+:|(?<![\w!-])\$[A-Za-z_]|[A-Za-z]\(\S|\)[;:]", re.M)
_ACCOUNTS = later(
    r"\b(?:accounts?|users|log-?ins?|creds?|credentials|konten|benutzer|zugänge|comptes|identifiants|usuarios|cuentas|utenti|contas|konta|gebruikers)\b"
)
_AS = later(  # X as the new password, X (password)
    r"[\"'”“»`*]{0,2}[ \t]?(?:(?:as|is|was|for|=|ist|war|als|est|comme|es|como|de|è|come|é|är|som|er|jest|jako|na)\b|[-–](?=[ \t])|\()(?:[ \t]?[\w-]{1,12}){0,3}?[ \t]?\Z"
)
_NAMES = frozenset(  # what names something else
    "user username usr benutzer utilisateur usuario utente gebruiker account host hostname server pc laptop machine computer printer ticket case incident version build model serial sn "
    "s/n asset room file folder path site domain tenant device switch router port vlan group gpo policy ssid network named called name id ref event kb error code app tool module package "
    "branch commit image vm node item entry record titled labelled cluster pod database db table share drive queue firmware release update upgrade drucker rechner gerät netz réseau poste red rede rete netwerk".split()
)
_PLACES = frozenset(
    "on in at from for of via the a an this that or to by about against an bei von für beim am im vom der die das dem den ein eine oder dans sur pour chez le la les du des un une ou de "
    "el los una o para del al sobre il lo gli nel nella della bij voor het een av hos ett eller fra av w dla ze we".split()
)
_LOG = later(
    r"\d\d:\d\d:\d\d|\b(?:error|errno|warn(?:ing)?|info|debug|fatal|failed|failure|denied|exception|level=)\b|\w\[\d"
)
_CHAT = later(r"\[[\d/: .,-]{8,22}\][ \t]+[A-Z][\w.' -]{1,30}:[ \t][^\n]{1,200}")
_STAMP = later(r"\d\d:\d\d:\d\d")
_SENTENCE = later(r"[.!?][ \t]+(?=[A-ZÀ-ÝА-Я])|;[ \t]")
_SAYS = later(  # when, and who
    r"[ \t]{0,8}(?:[\[(]?(?:\d{1,4}[-./]\d{1,2}[-./]\d{1,4},?[ T])?\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?[ap]m)?[\])]?[ \t-]{1,4})?(?:[-*•][ \t]{1,2})?"
    r"(?:<?@?[^\W\d][\w.'-]{0,20}(?: [^\W\d][\w.'-]{0,20}){0,2}>?(?:[ \t]?[(\[]\d{1,2}[:.]\d\d[^\n()]{0,6}[)\]])?[ \t]?[:>|][ \t]{1,3})?"
)
_PREFIX = later(
    r"(?:(?:it'?s|its|it is|try|use|sure|yes|yep|ok|sorry|oops|ah|hi|no|nope|rather|now|then|correction|ja|oui|sí|si|klar|hier|voici|aqui|ecco|here|here you go|there you go|typo|"
    r"i mean|meant|should be|das ist|es|c'est|è|is|ist|the new one is|new one|so|and|und|try this|this one|that'?s)[,:.!]?[ \t]{1,2}){0,3}",
    re.I,
)
_SEVERAL = later(r"[\s=(,;|<]")
_BELOW, _ABOVE, _SHORT = 5, 2, 120  # lines around the one with the word, and their letters
_TOKEN = later(r"[^\s;]{5,}")
_MARKS = later(rf"[\d!#$%&*?~^@+=._{INSIDE}-]")
_NEW_STRINGS = ('": "', '":"', '", "', '","')  # of JSON: a text begins
_QUOTES, _CLOSES = tuple("\"“„«`'*("), tuple("\"”“»`'*)")
_EDGES = " \t\"'`“”„«»*_,;:.()[]{}<>|–—"
_GOES_ON = later(
    r"[\"'”“»`*,]{0,2} (?:is|was|does|did|doesn't|didn't|isn't|wasn't|works|worked|no|used|ist|war|funktioniert|geht|ging|est|était|ne|n'est|marche|es|era|fue|funciona|è|non|funziona|werkt|"
    r"är|var|fungerar|er|jest|było|działa|é|foi)\b"
)
_BESIDE = " \t\"'`“”„«»*:=(\u200b"
_JOINS = (".", "_", "-", "/")
_OF_NAME = later(r" (?:script|page|screen|banner|event|hours|item)|[._/-]\w|\w{0,20}\.\w")  # account.1.label
_NO_SECRET = later(
    r"\w{0,20}[ \t_-](?:polic|manager|expir|field|prompt|portal|file|server|agent|provider|vault|hash|form|screen|page|quality|age\b|length|history|protect|hint)"
)
_ABOUT = later(
    r"\w{0,20}[ \t_-](?:reset|polic|manager|change|expir|field|prompt|reminder|request|portal|link|hash|file|entry|box|screen|form)"
)
_REACH = 300  # letters of a line on either side of the word
_SHORTEST, _LONGEST = 5, 120
_MOST, _MOST_CUES = 3_000, 10  # lines that speak of secrets, and words on one: nobody writes more


@dataclass
class Line:
    """A line that speaks of secrets: where it stands, and the words that say so."""

    view: View
    begin: int
    end: int
    secret: list[tuple[int, int]] = field(default_factory=list)
    words: int = 0  # that were read
    around: bool = False
    wifi: bool = False
    key: tuple[int, int] | None = None  # of a Wi-Fi, it is a secret

    @cached_property
    def code(self) -> bool:
        """Whether it is a command, a setting, a line of a program: there other rules know more."""
        return _LINE_OF_CODE.search(self.view.text, self.begin, self.end) is not None

    @cached_property
    def accounts(self) -> int:
        """From where on names and passwords may be written as one word: "accounts: bob/X"."""
        found = _ACCOUNTS.search(self.view.lower, self.begin, self.end)
        return found.end() if found else self.end


def _lines(view: View) -> Iterator[Line]:
    """The lines with a word for a secret, but for those of a log."""
    text, lower, places = view.text, view.lower, view.places
    line: Line | None = None
    for at in sorted({at for word in _CUES for at in places.get(word, ())}):
        if line and at < line.end:
            if line.words < _MOST_CUES and at >= (line.secret[-1][1] if line.secret else 0):
                _read(lower, at, line)
            continue
        if not (_SECRET.match(lower, at) or _AROUND.match(lower, at)):
            continue
        if line and (line.secret or line.around):
            yield line
        begin = max(lower.rfind("\n", max(0, at - _REACH), at) + 1, at - _REACH, line.end if line else 0)
        end = text.find("\n", at, at + _REACH)
        line = Line(view, begin, end if end >= 0 else min(len(text), at + _REACH))
        if _STAMP.search(text, begin, min(begin + 60, line.end)) is None or _CHAT.match(text, begin):
            _read(lower, at, line)
        else:
            line.words = _MOST_CUES  # no more of it is read
    if line and (line.secret or line.around):
        yield line


def _read(lower: str, at: int, line: Line) -> None:
    line.words += 1
    if (found := _SECRET.match(lower, at)) and _NO_SECRET.match(lower, found.end()) is None:
        line.secret.append(found.span())
    elif found:
        line.around = True
    elif found := _AROUND.match(lower, at):
        line.wifi = line.wifi or found["wifi"] is not None
        line.key = found.span() if found["key"] else line.key
        if line.wifi and line.key and not line.secret:
            line.secret.append(line.key)
        line.around = line.around or (lower[at - 1 : at] not in _JOINS and _OF_NAME.match(lower, found.end()) is None)


def spans(view: View, known: Mapping[int, int]) -> Iterator[Span]:
    """What weighs enough on these lines, but for what is known: where it begins, and where it ends."""
    text, lower, lines = view.text, view.lower, list(islice(_lines(view), _MOST))
    harmless: set[str] = set()
    for line in lines:
        log = -1
        for token in _TOKEN.finditer(text, line.begin, line.end):
            if token[0] in harmless or len(token[0]) > _LONGEST or not _MARKS.search(token[0]):
                continue
            start, end, looks = _judged(view, line, token, known)
            if looks < 0:
                continue
            if not looks and INSIDE not in token[0]:
                harmless.add(token[0])
            if looks and looks + _context(text, lower, line, start, end) >= (_ENOUGH if looks > 1 else _SURELY):
                if log < 0:  # a log says how it was
                    said = _LOG.search(lower, line.begin, line.end)
                    log = said.start() if said else line.end
                if start < log:
                    yield start, end, "PASSWORD"
    yield from _answers(view, lines)


def _judged(view: View, line: Line, token: re.Match[str], known: Mapping[int, int]) -> tuple[int, int, int]:
    """Where the value begins and ends in this word, and how much it looks like a password: -1 of what is known."""
    text = view.text
    start, end = bounds(text, *token.span())
    pair = _JOINED_PAIR.fullmatch(text, start, end)
    if pair and line.accounts <= start and is_mixed(pair[1]) and not is_thing(pair[1]):
        return pair.start(1), end, _OF_ACCOUNT
    if known.get(start, 0) >= end > start:
        return start, end, -1
    if end - start < _SHORTEST or (text[start - 2 : start] == "**" and text[end : end + 1] != "*"):
        return start, end, 0  # the end of one that is masked
    return start, end, look(view.value(start, end).strip())


def bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """A value without the punctuation around it."""
    while start < end and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in _EDGES:
        end -= 1
    return start, end


def _context(text: str, lower: str, line: Line, start: int, end: int) -> int:
    """What stands around it, weighed."""
    before = lower[max(line.begin, start - 90) : start]
    weight = _nearness(text, lower, line, start, end)
    if not weight or before.endswith(_NEW_STRINGS):
        return weight
    if line.around and text[start].isupper() and before.split()[-1:] and before.split()[-1] in _WITH:
        return weight + 1  # no name of somebody: logs in with X
    if line.code:
        weight -= 1
    if text[start - 1 : start] in _QUOTES and text[end : end + 2].strip(" ")[:1] in _CLOSES:
        weight += 1
    return weight + _lead(before)


def _lead(before: str) -> int:
    """How much what stands directly before leads to a password, or to a name of something else."""
    bare = before.rstrip(" \t\"'`“”„«*_(")
    words = bare[-24:].split()
    last = words[-1].strip(_EDGES + "!") if words else ""
    if pair := _PAIR.search(before):
        return 3 if pair[1] else 2
    if _GAVE.search(bare):
        return 2
    if before.rstrip(" \t\"'`“”„«*_").endswith(_SIGNS):
        return 2 if bare.endswith(_ASSIGNS) else 1
    if last in _LINKS or bare.endswith(_TWO):
        return 1
    if last in _TO and _VERB.search(before):
        return 2
    if last in _NAMES:
        return -3
    return -2 if last in _PLACES else 0


def _answers(view: View, lines: list[Line]) -> Iterator[Span]:
    """The passwords on the lines below and above these: in a chat, in notes, in a mail."""
    text, lower = view.text, view.lower
    begins = {line.begin for line in lines}
    done: set[int] = set()
    for line in lines:
        asked = bool(line.secret) or "?" in text[line.begin : line.end] or text[line.end - 1] == ":"
        for begin, end, step in _neighbours(text, line):
            if begin in begins or begin in done:
                continue
            done.add(begin)
            says = _SAYS.match(text, begin, end)
            at = says.end() if says else begin
            lead = _PREFIX.match(text, at, end)
            start, stop = bounds(text, lead.end() if lead else at, end)
            if start >= stop or (step < 0 and at == begin):
                continue
            if not _SEVERAL.search(text, start, stop):
                looks = look(view.value(start, stop))
                if looks and looks + 2 + (asked or step == 1) + (lead is not None and lead.end() > at) >= (
                    _ENOUGH if looks > 1 else _SURELY
                ):
                    yield start, stop, "PASSWORD"
                continue
            for token in _TOKEN.finditer(text, at, end):
                if _MARKS.search(token[0]) and len(token[0]) <= _LONGEST:
                    start, stop = bounds(text, *token.span())
                    looks = look(text[start:stop]) if stop - start >= _SHORTEST else 0
                    told = 1 + (at > begin and bool(line.secret)) + (asked and 0 < start - at < 14)
                    if looks > 1 and looks + told + _lead(lower[max(at, start - 90) : start]) >= _ENOUGH:
                        yield start, stop, "PASSWORD"


def _neighbours(text: str, line: Line) -> Iterator[tuple[int, int, int]]:
    """The short lines below and above this one, each with how far it is from it."""
    at = line.end
    for step in range(1, _BELOW + 1):
        end = text.find("\n", at + 1, at + _SHORT) if text[at : at + 1] == "\n" else -1
        end = len(text) if end < 0 and text[at : at + 1] == "\n" and len(text) - at < _SHORT else end
        if end < 0:
            break
        yield at + 1, end, step
        at = end
    end = line.begin - 1
    for step in range(1, _ABOVE + 1):
        at = text.rfind("\n", max(0, end - _SHORT), end) if end > 0 else -1
        if at < 0 and not 0 < end < _SHORT:
            break
        yield at + 1, end, -step
        end = at


def _begins(lower: str, line: Line, start: int) -> bool:
    """Whether a sentence begins here."""
    before = lower[max(line.begin, start - 5) : start]
    return not before.strip(_EDGES) or before.endswith((". ", *_NEW_STRINGS))


def _nearness(text: str, lower: str, line: Line, start: int, end: int) -> int:
    """3 where it is called the password, 2 where one is spoken of in the same sentence, 1 elsewhere on the line."""
    if not line.secret:
        return int(line.around)
    best = 1
    for first, last in line.secret:
        if last <= start:
            if start - last < 5 and not lower[last:start].strip(_BESIDE):
                return 3
            if _SENTENCE.search(text, last, start) is None:
                best = 2
        elif first >= end:
            if first - end < 40 and _AS.match(lower[end:first]) and _ABOUT.match(lower, last) is None:
                return 4 if _begins(lower, line, start) else 3
            if first - end < 3 and best < 2:
                best = 2
            if (
                first - end < 90
                and lower[first - 1] == " "
                and _begins(lower, line, start)
                and _GOES_ON.match(lower, end)
            ):
                return 3  # X does not work any more as the password
            break
    return best
