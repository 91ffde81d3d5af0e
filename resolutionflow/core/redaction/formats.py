"""Secrets with a shape of their own, beside a word that tells it: webhooks, cookies, headers, logins in addresses, links
that let somebody in, keys of products. Tokens with the prefix of a vendor are in tokens.py."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from resolutionflow.core.redaction.values import is_mixed, is_placeholder, is_stand_in
from resolutionflow.core.redaction.views import Span, View, compiled, matches, rule
from resolutionflow.core.redaction.words import later

# What is told by its shape near a word: the words, an expression that begins at one, or so many letters before; a group is
# the secret where it is not the whole.
_OF_THINGS = later(r"cred|client|conn", re.I)
_KINDS = {"CALL": "PASSWORD", "COOKIE": "TOKEN", "AUTHORIZATION": "TOKEN", "LINK": "TOKEN", "PRODUCT": "KEY"}
_OF_COOKIE = later(r"path|domain|expires|max-age|samesite|secure|httponly|priority|partitioned|version", re.I)
_OF_SESSION = later(r"sess|sid|auth|tok|log|id\Z|csrf|jwt|key", re.I)
_EXACT = 0  # flags: capitals are none of small letters
_RULES = [
    rule(["eyj"], r"(?<![A-Za-z0-9_-])eyJ[\w-]{8,4000}\.[\w-]{6,8000}(?:\.[\w-]{0,4000}){0,3}", "TOKEN", flags=_EXACT),  # JWT
    rule(["-us"], r"(?<![0-9a-f])[0-9a-f]{32}-us\d{1,2}\b", "TOKEN", 33, _EXACT),  # Mailchimp
    rule(["q~"], r"(?<![\w~.])[\w~.]{3}\dQ~[\w~.-]{31,34}", "TOKEN", 5, _EXACT),  # Entra client secret
    rule(["jqqj"], r"(?<![A-Za-z0-9])[A-Za-z0-9]{52}JQQJ9[9D][A-Za-z0-9]{20,30}", "KEY", 53, _EXACT),  # Azure
    rule(["azdo"], r"(?<![A-Za-z0-9])[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}", "TOKEN", 77, _EXACT),
    rule(["atlasv1"], r"(?<![\w.])[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,90}", "TOKEN", 16, _EXACT),  # Terraform
    rule([":aa"], r"(?<!\d)\d{8,10}:AA[\w-]{30,36}", "TOKEN", 11, _EXACT),  # Telegram
    rule(["mfa."], r"\bmfa\.[\w-]{80,90}", "TOKEN"),
    rule(["hooks.slack"], r"hooks\.slack\.com/(?:services|workflows|triggers)/([\w/+-]{6,200})", "TOKEN"),
    rule(["discord"], r"discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/(\d{5,25}/[\w-]{10,100})", "TOKEN"),
    rule(["webhook.office"], r"webhook\.office\.com/webhookb?2?/([\w@/-]{10,300})", "TOKEN"),
    rule(["outlook.office"], r"outlook\.office(?:365)?\.com/webhook/([\w@/-]{10,300})", "TOKEN"),
    rule(["/incomingwebhook/"], r"/incomingwebhook/([\w/-]{10,200})", "TOKEN"),
    rule(["api.telegram"], r"api\.telegram\.org/bot([\w:-]{10,80})", "TOKEN"),
    rule(["hooks.zapier"], r"hooks\.zapier\.com/hooks/(?:catch|standard)/([\w/-]{5,80})", "TOKEN"),
    rule(["maker.ifttt"], r"maker\.ifttt\.com/trigger/[^\s/]{1,60}/(?:json/)?with/key/([\w-]{10,80})", "TOKEN"),
    rule(["hook."], r"\bhook\.(?:[a-z]{2}\d\.)?(?:make|integromat)\.com/([a-z0-9]{10,60})", "TOKEN"),
    rule(["hc-ping"], r"\bhc-ping\.com/([\w-]{20,60})", "TOKEN"),
    rule([".m.pipedream"], r"\b([a-z0-9]{14,30})\.m\.pipedream\.net", "TOKEN", 31),
    rule(["/hooks/"], r"(?<=[\w.])/hooks/([A-Za-z0-9/]{20,80})", "TOKEN"),  # Mattermost, Rocket.Chat
    rule(["webhook", "web-hook"], r"(?<=/)web-?hooks?/(?:[a-z]{1,20}/){0,2}((?=[\w-]{0,60}\d)[\w-]{16,80}(?:/[\w-]{8,80}){0,2})", "TOKEN"),
    rule(["otpauth"], r"otpauth(?:-migration)?://[^\s\"'<>]{5,500}", "KEY"),
    rule(["sig="], r"(?<![A-Za-z0-9_])sig=([\w%+/=-]{10,200})", "TOKEN"),  # Azure SAS
    rule(["signature="], r"(?<=[?&;, -])signature=([\w%+/=~-]{10,600})", "TOKEN"),
    rule(["basic"], r"\bbasic[ \t]{1,3}((?=[A-Za-z0-9+/]{0,60}(?-i:[A-Z0-9+/]))[A-Za-z0-9+/]{8,500}={0,2})", "BASIC"),
    rule(['"auth'], r"\"auth\"\s{0,3}:\s{0,3}\"([A-Za-z0-9+/]{8,1000}={0,2})\"", "BASIC"),  # Docker
    rule(["bearer"], r"\bbearer[ \t]{1,3}((?=[A-Za-z.~+/_=-]{0,200}\d|[A-Za-z.~+/_=-]{24})[\w.~+/=-]{8,4000})", "TOKEN"),
    rule(["token"], r"\btoken[ \t](?:token=)?\"?((?=[A-Za-z._-]{0,60}\d)[\w.-]{20,400})", "TOKEN"),
    rule(["authorization"], r"\bauthorization\b[\"']?\]?\s{0,3}(?:[:=]|=>)\s{0,3}[\"']?"
         r"((?:bearer|basic|token|digest|negotiate|ntlm|apikey|hmac|ssws|splunk|genie-?key|discogs|bot|key|aws4-hmac-sha256)"
         r"[ \t]{1,3}[^\s\"',;]{3,4000})", "AUTHORIZATION"),
    rule(["authorization"], r"\bauthorization\b[\"']?\s{0,3}[:=]\s{0,3}[\"']?((?=[\w+/=.-]{0,60}\d)[\w+/=.-]{16,2000})", "AUTHORIZATION"),
    rule(["cookie"], r"(?<!\w)cookie[\"']?:[ \t]{0,3}[\"']?([^\s=;\"']{1,100}=[^\r\n\"']{1,8000})", "COOKIE"),
    rule("phpsessid jsessionid asp.net_sessionid sessionid session_id sessid sidguid sid_guid phpsess",
         r"\b[\w.]{7,18}=((?=[\w%.!+/:-]{0,60}\d)[\w%.!+/:-]{8,400})", "TOKEN"),
    rule(["sid=s"], r"\bsid=(s(?:%3A|:)[\w%.+/-]{8,400})", "TOKEN"),
    rule(["?code=", "&code="], r"[?&]code=((?=[\w%+/.~-]{0,80}\d)[\w%+/.~-]{20,2000}={0,2})", "TOKEN"),  # Azure Functions
    rule([f"{mark}{name}=" for mark in "?&" for name in "ticket otp passcode apikey jwt assertion samlresponse hmac sas".split()],
         r"[?&]\w{3,12}=((?=[\w.%+/-]{0,100}\d)[\w.%+/-]{10,2000}={0,2})", "TOKEN"),
    rule(["auth plain", "auth login"], r"\bauth[ \t](?:plain|login)[ \t]{1,2}([A-Za-z0-9+/]{8,400}={0,2})", "PASSWORD"),  # SMTP
    rule("auth login logon sign_in signin connect authenticate credential client mysqli pdo imap_open connecthandler connection",
         r"(?:auth|log[io]n|sign_?in|connect(?:ion|handler)?|authenticate|credentials?|client|mysqli|pdo|imap_open)[ \t]?=?[ \t]?\([ \t]?[^\"'\n()]{0,30}"
         r"(?:[\"'][^\"'\n]{1,120}[\"'][ \t]?,[ \t]?){1,2}[\"']([^\"'\n]{3,100})[\"']", "CALL"),
    rule(["auth"], r"\bauth\"?\s{0,3}[:=]\s{0,3}[\[(]\s{0,3}[\"'][^\"'\n]{1,60}[\"'],\s{0,3}[\"']([^\"'\n]{3,100})[\"']", "PASSWORD"),
    rule(['login "'], r"\blogin[ \t]\"[^\"\n]{1,60}\"[ \t]\"([^\"\n]{3,100})\"", "PASSWORD"),  # IMAP
    rule(["/rp"], r"(?<!\S)/rp[ :]\"?([^\s\"/*]{3,100})", "PASSWORD"),
    rule(["akia", "asia"], r"(?<![A-Z0-9])A[KS]IA[A-Z0-9]{12,20}[^A-Za-z0-9\n]{1,20}(?:[A-Za-z_]{1,25}[^A-Za-z0-9\n]{1,5}){0,3}"
         r"([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])", "KEY", flags=_EXACT),
    rule(["connect.sid"], r"connect\.sid=([\w%.+/:-]{8,400})", "TOKEN"),
    rule([".aspx"], r"\.aspx(?:auth|formsauth)=([\w%.+/:-]{8,4000})", "TOKEN"),
    rule(["://"], r"://[^\s/:@\"'<>]{0,100}:((?!\d{1,5}/)[^\s\"'<>]{1,150})@(?=[\w.\[-])", "PASSWORD"),
    rule(["://"], r"://((?=[\w-]{0,60}\d)[\w-]{10,200})@(?=[\w-]{1,60}\.)", "TOKEN"),
    rule(["convertto-securestring"], r"convertto-securestring[ \t]{1,3}(?:-(?:string|asplaintext|force)[ \t]{1,3}){0,3}"
         r"(?:\"([^\"\n]{1,200})\"|'([^'\n]{1,200})'|([^\s$(\"'-][^\s)]{0,200}))", "PASSWORD"),
    rule(["convertto-securestring"], r"(?:\"([^\"\n]{1,200})\"|'([^'\n]{1,200})')[ \t]{0,3}\|[ \t]{0,3}convertto-securestring", "PASSWORD", 210),
    rule(["networkcredential", "pscredential"], r"\w{2,7}credential(?:\]::new)?\]?[ \t]{0,3}(?:-argumentlist[ \t]{1,3})?\([ \t]{0,3}"
         r"[\"']?[^\"',\n]{1,100}[\"']?[ \t]{0,3},[ \t]{0,3}[\"']([^\"'\n]{1,200})[\"']", "PASSWORD"),
    rule([":fx"], r"(?<![\w-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}:fx\b", "TOKEN", 37),  # DeepL
    rule(["ssws"], r"\bSSWS[ \t]{1,3}([\w-]{20,80})", "TOKEN"),  # Okta
    rule(["digest"], r"\bdigest\b[^\n]{1,400}?\bresponse=\"?([0-9a-f]{32,64})", "HASH"),
    rule(["/private-"], r"/private-([0-9a-f]{32})/", "TOKEN"),  # calendars
    rule([f"/{name}" for name in "invit reset password activat verif confirm magic accept setup recover onboard s/ share d/ download".split()],
         r"/(?:invit(?:es?|ations?)|resets?(?:[-_]?password)?|password(?:[-_]?resets?)?|activat\w{1,4}|verif\w{1,8}|confirm\w{0,6}|magic(?:[-_]?link)?|accept|setup|"
         r"recover\w{0,2}|onboard\w{0,3}|s|share|d|download)/(?:[\w.-]{1,12}/)?((?=[\w~.-]{0,80}\d)(?=[\w~.-]{0,80}[A-Za-z])[\w~.-]{24,500})", "LINK"),
    rule(["\naccount"], r"\naccount[ \t]?=[ \t]?([0-9a-f]{12,25})\n(?:hard_delete.{0,20}\n)?key[ \t]?=", "KEY", 0),  # rclone's b2
    rule("assword assphrase asswort passe pin code", r"(?:assword|assphrase|asswort|passe|PIN|code)\b[^\n]{0,12}?[\"'}\])]{1,2}[ \t\n;,]{1,20}(?:\w{1,20}\.)?"
         r"(?:exp_)?send(?:_line|line|slow|keys)?(?:[ \t]{1,3}-[-h])?[ \t(]{1,3}[\"'{]([^\"'\n}]{2,100})[\"'}]", "PASSWORD"),  # expect
    rule("pass pw secret token key kennwort", r"\w{2,28}[ \t]?=[ \t]?@[\"']\n([^\n]{3,300})\n[\"']@", "PASSWORD"),  # a here-string
    rule(['"value"'], r"\"value\"\s{0,3}:\s{0,3}\"([^\"\n]{3,300})\"\s{0,3},\s{0,9}\"(?:name|key)\"\s{0,3}:\s{0,3}\"[^\"\n]{0,40}(?:password|passwd|pwd|secret|token|api_?key)\"",
         "PASSWORD"),
    rule(["wifi:"], r"\bWIFI:(?:[^\n]{0,80}?;)?P:((?:\\.|[^;\\\n]){3,63});", "PASSWORD"),  # a QR code
    rule(["jdbc:oracle"], r"jdbc:oracle:\w{2,6}:[^\s/:@]{1,40}/([^\s@/]{2,60})@", "PASSWORD"),
    rule(["334 ugfzc3dvcmq6"], r"334 UGFzc3dvcmQ6[^\n]{0,20}\n(?:[CS<>]:? ?)?([A-Za-z0-9+/]{4,100}={0,2})", "PASSWORD", flags=_EXACT),  # SMTP
    rule(["user "], r"(?<!\w)USER [^\s]{1,60}\n(?:[^\n]{0,100}\n){0,2}(?:[<>C-]{1,4}:? ?)?PASS (\S{3,100})", "PASSWORD", flags=_EXACT),  # FTP, POP3
    rule(["{aqaa"], r"\{(AQAA[A-Za-z0-9+/=]{20,400})\}", "PASSWORD"),  # Jenkins
    rule(['"private_key_id"'], r"\"private_key_id\"\s{0,3}:\s{0,3}\"([0-9a-f]{40})\"", "KEY"),
    rule(['"auth"'], r"\"auth\"\s{0,3}:\s{0,3}\"([^\"\s]{1,60}:[^\"\s]{3,200})\"", "PASSWORD"),
    rule(["pushover", "pushbullet", "gotify", "ntfy"], r"[^\n]{0,40}?\b(?:user|user key|token|app)[ \t:=]{1,3}([a-zA-Z0-9]{30})\b", "TOKEN"),
    rule(["app pass", "app-pass", "app specific", "app-specific"], r"app[ -](?:specific )?pass\w*[^\n]{0,20}?\b((?-i:[a-z]{4}(?:[ -][a-z]{4}){3}))\b", "PASSWORD"),
    rule(['send "'], r"\bsend[ \t]+(?:--[ \t]+)?\"((?=[^\"\n]{0,60}[\d!#%])[^\"\\\n]{5,100})\\[rn]\"", "PASSWORD"),  # expect
    rule(["line vty", "line con", "line aux"], r"line (?:vty|con\w*|aux)[^\n]{0,20}\n(?:[^\n]{0,80}\n){0,6}?[ \t]*password (?:[07] )?(\S{2,60})", "PASSWORD"),
    rule(["]:"], r"\]:\d{2,5}[ \t]+[^\s:]{1,60}:(\S{3,100})", "PASSWORD"),  # a map of SASL
    rule(["cid"], r"\bCID[ \t]?[=: ][ \t]?([0-9A-F]{32}-[0-9A-F]{2})\b", "TOKEN"),  # CrowdStrike
    rule(["ticket="], r"\bticket=(ST-[\w-]{10,100})", "TOKEN"),
    rule(["fido:/"], r"\bFIDO:/(\d{20,400})", "CODE"),
]  # fmt: skip
# What no word is near: an expression that begins with a letter of few, and its kind.
_SHAPES = [
    (r"[MNO](?<![\w.-].)[\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}(?![\w-])", "TOKEN"),  # Discord
    (r"[A-Z0-9](?<![A-Za-z0-9-].)[A-Z0-9]{4}(?:-[A-Z0-9]{5}){4}(?![A-Za-z0-9-])", "PRODUCT"),  # Windows, Office
    (r"[A-Z0-9](?<![A-Za-z0-9-].)[A-Z0-9]{3}(?:-[A-Z0-9]{4}){5}(?![A-Za-z0-9-])", "PRODUCT"),  # FileVault
    (r"\d(?<![\d-].)\d{5}(?:-\d{6}|[ \t]?[ \t,-][ \t\n]?\d{6}){7}(?![\d-])", "KEY"),  # BitLocker
    (r"[12](?<![\w/].)/\d{13,20}(?:/\d{13,20})?:[0-9a-f]{32}(?!\w)", "TOKEN"),  # Asana
    (r"[SKso0](?<![A-Za-z0-9_.-].)(?:(?<=S)K[0-9a-f]{32}|(?<=o)\.[A-Za-z0-9]{32}|(?<=s)\.[A-Za-z0-9]{24}|(?<=0)\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-"
     r"[0-9a-f]{12}\.[A-Za-z0-9]{30}:[A-Za-z0-9+/]{22}==)(?![A-Za-z0-9])", "TOKEN"),  # Twilio, Pushbullet, Vault of old, Bitwarden
]  # fmt: skip


def spans(view: View) -> Iterator[Span]:
    """Webhooks, cookies, logins in addresses, keys of products and more."""
    for match, kind in matches(view, _RULES):
        if kind == "BASIC":
            if _is_login(match[1]):
                yield *match.span(1), "PASSWORD"
        elif (kind in ("CALL", "PASSWORD") and _is_none(match, kind)) or (kind == "COOKIE" and _is_choice(match[1])):
            continue
        elif kind != "AUTHORIZATION" or not _stands_for(match[1].split()[-1]):
            yield *match.span(match.lastindex or 0), _KINDS.get(kind, kind)
    for pattern, kind in _SHAPES:
        for match in compiled(pattern).finditer(view.text):
            if kind != "PRODUCT" or (any(map(str.isdigit, match[0])) and any(map(str.isalpha, match[0]))):
                yield *match.span(), _KINDS.get(kind, kind)


def _is_none(match: re.Match[str], kind: str) -> bool:
    value = match[match.lastindex or 0]
    return is_stand_in(value) or (kind == "CALL" and not is_mixed(value) and _OF_THINGS.match(match[0]) is not None)


def _is_choice(cookie: str) -> bool:
    """Whether a cookie only says what somebody chose, and lets nobody in: lang=de; Path=/"""
    pairs = [pair.strip().partition("=") for pair in cookie.split(";")]
    values = [value for name, _, value in pairs if not _OF_COOKIE.fullmatch(name)]
    short = all(len(value) < 8 or (value.isalpha() and len(value) < 16) for value in values)
    return short and not any(_OF_SESSION.search(name) for name, _, _ in pairs)


def _stands_for(value: str) -> bool:
    """Whether it is written where a token would be: KEY, <key>, $TOKEN, rf_…"""
    value = value.strip("`*")
    return (
        is_placeholder(value) or "…" in value or "..." in value or (value.isupper() and value.isalpha()) or "(" in value
    )


def _is_login(encoded: str) -> bool:
    """Whether this is base64 of a name, a colon and a password."""
    try:
        return b":" in base64.b64decode(encoded.rstrip("=") + "=" * (-len(encoded.rstrip("=")) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
