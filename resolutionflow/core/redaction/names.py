"""What a secret is called: password, api_key, Kennwort, mot de passe; and names that hold such a word and mean none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from resolutionflow.core.redaction.views import View, compiled
from resolutionflow.core.redaction.words import any_of, later, watch

# Also at the end of a longer word: adminpassword, Windowskennwort.
_PASSWORDS = (
    "password passhash passwort passwörter kennwörter passwd passwrd passphrase pass-phrase paswoord pasword wachtwoord kennwort passcode pass-code pass-word "
    "adgangskode kodeord passord lösenord losenord contraseña contrasena contraseñ motdepasse kodewort pswd "
    "hasło haslo hasła hasłem haslem şifre sifre salasana heslo jelszó jelszo jelszava jelszavam jelszót jelszavát hesla heslem heslu parola parolă parolei пароль паролем пароля κωδικός 密码 密碼 パスワード 비밀번호"
).split()
_FOREIGN = set(_PASSWORDS) - {"password", "passwd", "passwrd", "passphrase", "passhash", "pasword", "passcode", "pswd"}
_PHRASES = {  # of several words, or too short to be part of one
    "FOREIGN": r"(?:nytt|ditt|gammalt|tillfälligt|ett) lösen(?:et)?|lösenet|(?:kod(?:en|e)?|code|código|codice) (?:til|till|for|för|do|na|du|del|al|voor|pour|van|de|para|per) (?:det |den |la |le |het |il |o |el |the )?(?:wi-?fi|wlan)|(?:wlan[- ]?)?netzwerkschlüssel|mots? de passe|mdp wi-?fi|palavras?[- ]passe|parola d'ordine|parol[aąę]|senha|mdp|clave|lozinka|parole|slaptažodis|salasõna"
    r"|(?:wlan|wi-?fi|wpa2?|netzwerk|netz|sicherheits)[- ]?schlüssel|cl[ée] (?:wi-?fi|wpa2?|wlan|réseau|(?:de )?sécurité|du wi-?fi|wep)"
    r"|(?:chiave|chave|clave) (?:del? |da |do |della )?(?:wi-?fi|wpa2?|red|rede|rete|sicurezza|segurança|seguridad)"
    r"|(?:wi-?fi|wlan|netwerk|wpa)[- ]?(?:sleutel|nyckel|nøkkel|nøgle|kod|kode)|ww|klucz\w{0,3} (?:do )?(?:wi-?fi|sieci|wpa)|phrase (?:secrète|de passe)|frase (?:secreta|segreta|de contraseña)|wachtzin|lösenfras",
    "PASSWORD": r"(?:pre[- _]?shared|network(?: security)?|wi[- ]?fi|wifi|wlan|wpa2?|wpa3|wireless|security|wep|vpn|ipsec|hotspot|guest)[ _-]?key"
    r"|(?:wi-?fi|wlan|guest|hotspot) (?:pass)?code|code (?:du )?wi-?fi|(?<=ssid) key|key content|wpa[ _-]?(?:2[ _-]?)?psk|psksecret|psk|requirepass|masterauth|auth_pass(?![wp])|x_passphrase|admpwd|keymaterial|sharedkey",
    "PHRASE": r"(?:key|secret|seed|encryption|recovery) ?phrase|schlüsselsatz|kennsatz|passsatz",
    "PASS": r"p/w|p\.w\.?|kennw\.?|psw|pwrd|pass(?:word)?hash",
    "KEY": r"(?:api|access|secret|account|storage|licen[sc]e|encryption|recovery|bitlocker|shared|subscription|master|signing|session|auth"
    r"|activation|product|admin|functions?|primary|secondary|service|deploy(?:ment)?|provision(?:ing)?|setup|sas|connection|integration|ingest|ingestion|registration"
    r"|serial|enrollment|enrolment|install|site|agent|app|application|client|consumer|decryption|decrypt|validation|machine|hmac|private|instrumentation"
    r"|serial|volume|cd|sharedaccess|accountaccess|write|read|root|user|customer|write[ _-]?only|tenant|partner|developer|unlock|totp|2fa"
    r"|authenticator|manual(?: entry)?|rest|webhook|automation|snmp|radius|tacacs|ospf|bgp|md5|psa|rmm|backup|wireguard|bootstrap)[ _-]?keys?"
    r"|(?:api|lizenz|wiederherstellungs|zugriffs|aktivierungs|produkt)[- ]?schlüssel|cl[ée] (?:api|d'api|secrète|de licence|de récupération)"
    r"|(?:chiave|chave|clave|klucz) (?:api|di licenza|de licencia|de licença|licencyjny)|(?:api|licentie|herstel|toegangs)[- ]?sleutel"
    r"|(?:api|licens|återställnings)[- ]?nyckel|passkey|key ?code|(?:licen[cs]e|activation|registration|serial|product) ?code|appkey|apikey|skey|authkey|accesskey|secretkey|geniekey|hostkey|storagekey|encryptionkey|subscriptionkey",
    "TOKEN": r"x-auth|token|secret|client_secret|jeton|bearer token|webhook url|totp (?:seed|secret)|mfa (?:seed|secret)|otp (?:seed|secret)"
    r"|bind_?credentials?|credentials?|passhash|authtok|integration[ _-]?code|install[ _-]?code|jwt|shared secret|pre-?shared secret|geheimnis|_auth|authstr",
    "ANY_KEY": r"key|schlüssel|clé|chiave|chave|sleutel|nyckeln?|nøkkel(?:en)?|nøglen?|klucz",
}
# What netsh wlan calls a key, by language: the whole line after it is one.
CONTENT = (
    r"key content|schlüsselinhalt|contenu de la clé|contenido de la clave|contenuto (?:della )?chiave|conteúdo da chave|"
    r"sleutelinhoud|inhoud van sleutel|zawartość klucza|nyckelinnehåll|nøgleindhold|nøkkelinnhold|anahtar içeriği|"
    r"obsah klíče|kulcs tartalma|avaimen sisältö|conținut cheie|содержимое ключа"
)
_PHRASES["PASSWORD"] += rf"|{CONTENT}"
_LONG = any_of([*_PASSWORDS, "pass phrase", "pass word"])
# The parts of a name that say that it holds no secret: password_policy, PasswordLastSet, token_type.
TELLS = frozenset(
    """env stdin thumbprint cert fingerprint profile attr file files path policy policies length len min max minimum maximum expir expiry expires expired expire expiration expiring last
    age type name url uri endpoint id ids field fields prompt reset resets change changed changes changing required requires require never hint
    count attempts attempt lock locked lockout manager provider encryption complexity store stored vault ref reference enabled
    disabled status date time timestamp days day error errors format algorithm algo column label placeholder regex pattern
    history protected protection authentication login logins expirytime notification mode method server service settings setting quality
    rotation rotate sync writeback source sources generator generation generate strength validator validation check checker lifetime ttl
    version rules rule group box input form page screen spray state limit size scheme alg kind info usage grace interval
    warning warn lastset question questions filter dialog less list lists issuer exchange cache ring bits cipher
    properties permissions management managers based free request requests response hashing spraying audience attribute attributes
    verification verify verified backend backends engine mgmt derivation update updates updated set recovery aging rights caching saving saver safe
    ization izer ize ized ary ariat ive""".split()
)
_BEFORE = frozenset("public existing recv list forgot forgotten show hide reset change bad require requires is has use allow disable enable min max can must without "
                    "num no get read fetch load lookup generate create hash encrypt decrypt store save invalid enforce verify validate check".split())  # fmt: skip
_INFLECTED = frozenset(
    "は が を 는 은 이 는 s e n en er es a fld ksi ssa yi niz miz et ets ene ja ini si sı niz m i y ia ları leri ler ini ów ami em u wörter r t".split()
)
_NAME = (
    rf"(?P<LONG>{_LONG})|(?<![a-z])(?P<SECRET_KEY>(?:secret|token)[ _-]?(?:access[ _-]?)?keys?)(?![a-z])|(?P<CAMEL>(?:api|access|signing|encryption|auth|licen[sc]e|account|storage|master|shared|functions?|session|recovery|product|private|client)key)(?![a-z])|(?P<JOINED>token|secret|passw?|pwd?)|(?<![a-z])(?:"
    + "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PHRASES.items())
    + ")"
)
# A name begins with one of these.
_STARTS = watch(
    [
        *_PASSWORDS,
        *"""
        kod código codice nyckel credential geniekey hostkey storagekey pass pw token secret mot palavra parola parol senha mdp clave lozinka slaptažodis salasõna wlan wi-fi wifi wpa netzwerk netz sicherheits cle clé chiave
        chave netwerk ww klucz phrase frase wachtzin lösenfras pre preshared network wireless security wep vpn ipsec hotspot guest code key schlüssel content contenu
        contenido contenuto conteúdo sleutel inhoud zawartość nyckel nøgle nøkkel anahtar obsah kulcs avaimen conținut содержимое psk requirepass masterauth auth x_pass
        admpwd keymaterial shared seed kenns passs p/w p.w kennw psw pwrd api access account storage licen encryption recovery bitlocker subscription master signing
        session activation product admin function primary secondary service deploy provision setup sas connection integration ingest registration enrol install site agent app
        client consumer decrypt validation machine hmac private instrumentation serial volume cd sharedaccess accountaccess write read root user customer tenant partner
        developer unlock totp 2fa manual rest webhook automation snmp radius tacacs ospf bgp md5 psa rmm backup wireguard bootstrap lizenz wiederherstellungs zugriffs
        nytt ditt gammalt tillfälligt ett lösenet aktivierungs produkt licentie herstel toegangs licens återställnings skey x-auth jeton bearer mfa otp bind authtok jwt geheimnis _auth
        """.split(),
        "wi fi",
    ]
)
_TAIL = later(r"\w{0,40}(?:[_.-]\w{1,30}){0,3}")
_PARTS = later(r"[A-Z]?[a-zà-ÿ]+|[A-Z]+|\d+")
_HEAD = later(r"[\w.-]{1,60}\Z")
_WITH_TOKEN = later(
    r"(?:access|auth|refresh|site|org|group|company|customer|enrol|enroll|enrollment|install|registration|reg|tenant|agent|join|bearer|id|csrf|xsrf|antiforgery|requestverification|session|api|user|client|app|shared|webhook|device|bot|service|my|hmac|jwt|vm|sip|md\d|deployment|uninstall|maintenance|radius)\Z"
)
_COMPOUND = later(
    r"(?:db|user|usr|admin|adm|root|smtp|imap|mysql|pg|ftp|sftp|ldap|bind|sql|sa|app|rpc|mail|proxy|vpn|wifi|svc|ssh|http|redis|auth|"
    r"key|store|keystore|trust|truststore|login|log|vnc|snmp|my|temp|tmp|new|old|default|gate|sudo|become|rabbitmq|client|wp|net|web|server|vm|sip|phone|router|wlan|ext|trunk|voicemail|guest|tamper|uninstall)\Z"
)

_OTHER_HALF = later(r"public|partial")
_RESOURCE = later(r"\b[au]rn:\S{1,110}\Z")  # arn:aws:secretsmanager:…:secret:name
_STORES = (["key"], ["trust"], ["cert"])  # keyStorePassword
# Of a text with more names than this, which nobody writes, the others are only looked at before ":" and "=".
MOST = 10_000


class Name(NamedTuple):
    """One name of a secret in a text."""

    start: int
    end: int
    kind: str
    foreign: bool
    flagged: bool  # an option of a command: --password, /pass, -Password


def _candidates(view: View) -> Iterator[re.Match[str]]:
    match_, lower, places, after = compiled(_NAME).match, view.lower, view.places, 0
    for at in sorted({at for word in _STARTS if word in places for at in places[word]}):
        if at >= after and (found := match_(lower, at)):
            yield found
            after = found.end()


def names(view: View) -> Iterator[Name]:
    """Every name of a secret in the text, in order."""
    text, lower = view.text, view.lower
    until = 0
    for match in _candidates(view):
        kind, start, end = match.lastgroup or "", *match.span()
        if start < until:
            continue
        if kind == "LONG":
            foreign, kind = (
                match[0] in _FOREIGN,
                "PHRASE" if match[0].startswith(("passph", "pass-ph", "pass ph")) else "PASSWORD",
            )
        elif kind == "JOINED":
            foreign, kind = False, "TOKEN" if match[0] in ("token", "secret") else "PASS"
        else:
            foreign = kind == "FOREIGN"
            kind = {"FOREIGN": "PASSWORD", "SECRET_KEY": "KEY", "CAMEL": "KEY"}.get(kind, kind)
        if match.lastgroup == "CAMEL" and start and lower[start - 1].isalpha() and not text[start].isupper():
            continue
        if kind == "PASS" and start and not _begins(text, lower, start):
            continue
        if match[0].endswith("keys") and text[end - 1] == "S" and text[end : end + 1].islower():
            end -= 1  # AccessKeySecret
        tail = _TAIL.match(text, end)
        rest = (
            tail[0].rstrip("._-" if text[tail.end() : tail.end() + 1] not in (">", " ", '"') else ".-") if tail else ""
        )
        if rest and (not _goes_on(text, end, rest) or (match[0] == "pass" and rest[0] == "e")):
            continue
        head = (
            _HEAD.search(text, max(0, start - 60), start)
            if start and (text[start - 1].isalnum() or text[start - 1] in "_-.")
            else None
        )
        before = head[0] if head else ""
        if before and not _joins(before, kind, text[start]):
            continue
        begin = start - len(before)
        flagged = before.startswith("-") or (
            begin > 0 and text[begin - 1] in "-/" and (begin == 1 or text[begin - 2] in " \t\"'\n-,@`")
        )
        if _OTHER_HALF.search(lower, max(0, begin - 8), start) or lower[begin - 2 : begin] == "</":
            continue
        if text[begin - 1 : begin] == ":" and _RESOURCE.search(lower, max(0, begin - 120), begin):
            continue
        until = end + len(rest)
        if kind.endswith("KEY") and "passphrase" in rest.lower():
            kind = "PASSWORD"  # key_passphrase
        yield Name(begin, until, kind, foreign, flagged)


def _begins(text: str, lower: str, at: int) -> bool:
    """Whether a short name begins a word or a part of one: db_pw, adminPw, dbpass, not "compass"."""
    if not lower[at - 1].isalpha() or (text[at].isupper() and text[at - 1].islower()):
        return True
    return _COMPOUND.search(lower, max(0, at - 12), at) is not None


def _goes_on(text: str, end: int, rest: str) -> bool:
    """Whether what follows in the same word leaves it a secret's name."""
    parts = [part.lower() for part in _PARTS.findall(rest)]
    if any(part in TELLS for part in parts):
        return False
    if rest[0] in "_.-" or rest[0].isdigit() or (rest[0].isupper() and text[end - 1].islower()):
        return not (rest[0] == "-" and not parts) and not (rest[0] == "." and rest[1:2].isupper())
    return rest.lower().split("_")[0].split("-")[0].split(".")[0] in _INFLECTED or (
        text[end - 1].isupper() and rest[0].isupper() and rest.lower() in _INFLECTED
    )


def _joins(before: str, kind: str, first: str) -> bool:
    """Whether what stands before in the same word leaves it a secret's name."""
    words = [part.lower() for part in _PARTS.findall(before)]
    if words and words[-1] in _BEFORE and not (before[-1] in "-" and len(before) == 1) and words[-2:-1] not in _STORES:
        return False
    if before[-1] in "_-./" or before[-1].isdigit() or (first.isupper() and before[-1].islower()):
        return True
    if kind == "TOKEN":
        return _WITH_TOKEN.search(before.lower()) is not None
    return kind in ("PASSWORD", "PHRASE") or (kind == "PASS" and _COMPOUND.search(before.lower()) is not None)
