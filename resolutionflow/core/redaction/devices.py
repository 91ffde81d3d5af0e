"""Lines of network devices' and servers' configurations that hold a secret: SNMP, RADIUS, IPsec, users, Wi-Fi.

Cisco IOS, ASA and NX-OS, Juniper, FortiOS, ArubaOS and ProCurve, Comware and VRP, RouterOS, EdgeOS, PAN-OS, pfSense,
snmpd, strongSwan, FreeRADIUS: each as its command reference writes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from resolutionflow.core.redaction.plain_words import is_plain
from resolutionflow.core.redaction.values import is_generated, is_mixed, is_placeholder
from resolutionflow.core.redaction.views import Span, View, matches, rule
from resolutionflow.core.redaction.words import later

_V = r"(?:\"(?P<q>[^\"\n]{1,200})\"|'(?P<s>[^'\n]{1,200})'|(?P<b>[^\s\"'<;,{]\S{0,300}))"
_TYPE = r"(?:[0-9][ \t]{1,3}|encrypted[ \t]{1,3}|clear[ -]?text[ \t]{1,3}|cleartext[ \t]{1,3}|plain(?:text)?[ \t]{1,3}|cipher(?:text)?[ \t]{1,3}|simple[ \t]{1,3}|hash(?:ed)?[ \t]{1,3}|sha-?\d{0,3}[ \t]{1,3}|md5[ \t]{1,3}|sha1[ \t]{1,3}|ascii-text[ \t]{1,3}|ascii[ \t]{1,3}|hex(?:adecimal)?[ \t]{1,3}|irreversible-cipher[ \t]{1,3}|encryption-type[ \t]{1,3}|ENC[ \t]{1,3}|unencrypted[ \t]{1,3}|encrypted-password[ \t]{1,3}|plaintext-password[ \t]{1,3}|pbkdf2[ \t]{1,3}|scrypt[ \t]{1,3}|key[ \t]{1,3}|local[ \t]{1,3}|remote[ \t]{1,3}|secret[ \t]{1,3}|address[ \t]\S{1,60}[ \t]{1,3}){0,3}"
_ROWS = [  # the words it begins with, what stands before the secret, its kind
    ("snmp-server", rf"snmp-server[ \t]+community[ \t]+{_TYPE}", "COMMUNITY"),
    ("snmp-server", rf"snmp-server[ \t]+host[ \t]+\S{{1,80}}[ \t]+(?:(?:traps?|informs?|community|version[ \t]+(?:1|2c|3(?:[ \t]+(?:no)?auth|[ \t]+priv)?)|vrf[ \t]\S{{1,40}}|poll|trap)[ \t]+){{0,4}}{_TYPE}", "COMMUNITY"),
    ("snmp-agent", rf"snmp-agent[ \t]+community[ \t]+(?:read|write)[ \t]+{_TYPE}", "COMMUNITY"),
    ("snmp", r"\bsnmp[ \t]+(?:v1[ \t]+|v2c?[ \t]+)?community[ \t]+(?:set[ \t]+name=|add[ \t]+name=|name[ \t]+)?", "COMMUNITY"),
    ("/snmp", r"/snmp[ \t]+community[ \t]+(?:set|add)[ \t][^\n]{0,60}?name=", "COMMUNITY"),
    ("rocommunity rwcommunity", r"(?<![\w-])r[ow]community6?[ \t]+", "COMMUNITY"),
    ("<rocommunity> <rwcommunity>", r"<r[ow]community>", "COMMUNITY"),
    ("set", r"\bset[ \t]+community[ \t]+", "COMMUNITY"),
    ("com2sec", r"\bcom2sec6?[ \t]+(?:-Cn[ \t]+\S+[ \t]+)?\S{1,60}[ \t]+\S{1,80}[ \t]+", "COMMUNITY"),
    ("trapcommunity", r"\btrapcommunity[ \t]+", "COMMUNITY"),
    ("snmp", r"\bsnmp\S{0,4}[ \t]+(?:v\d\w?[ \t]+)?(?:community[ \t]+)?string\b[^\n:=]{0,40}?(?::|=|\bis\b)[ \t]+", "COMMUNITY?"),
    ("key", r"(?:(?m:^)|(?<=\")|(?<=\" ))key[ \t]+(?:\d[ \t]+)?", "KEY!"),
    ("password", r"\bpassword[ \t]+(?:cipher|simple|irreversible-cipher|hash)[ \t]+", "PASSWORD"),
    ("auth", r"(?:(?m:^)|(?<=\")|(?<=\" ))auth[ \t]+", "PASSWORD!"),
    ("trapsink trap2sink", r"\btrap2?sink[ \t]+\S{1,80}[ \t]+", "COMMUNITY"),
    ("communit", r"\bcommunit(?:y|ies)[ _-]?(?:string|name)?s?[\"']?[ \t]{0,10}(?:\([^()\n]{1,30}\)[ \t]{0,3})?(?::|=>?|->|\bis(?:[ \t]+(?:set[ \t]+to|now))?\b|\bwas\b|\|)[ \t]{0,10}", "COMMUNITY?"),
    ("communit", r"\bcommunit(?:y|ies)(?:[ \t]+string)?[ \t]+(?:on|for|of|in|at)[ \t][^\n:=]{1,60}?(?:[ \t](?:is|are|was|be)[ \t]|[ \t]?[:=][ \t]?)[ \t]{0,3}", "COMMUNITY!"),
    ("snmp ro rw read-only read-write readonly", r"\b(?:snmp|ro|rw|read-only|read-write|readonly)[ \t]+(?:v\d\w?[ \t]+)?community(?:[ \t]+string)?[ \t]+(?:is[ \t]+|to[ \t]+|changed[ \t]+to[ \t]+)?", "COMMUNITY!"),
    ("snmp", r"\bsnmp(?:v[12]c?)?[ \t]+(?:string|read|write|ro|rw)[ \t]{0,5}(?:string[ \t]{0,3})?(?::|=|is\b)[ \t]{0,5}", "COMMUNITY"),
    ("auth priv", rf"\b(?:auth|priv)[ \t]+(?:md5|sha(?:-?\d{{3}})?|des(?:56)?|3des|aes(?:[ -]?(?:128|192|256))?)[ \t]+{_TYPE}", "PASSWORD"),
    ("auth priv", r"\b(?:auth|priv)[ \t]+(?=0x[0-9a-f]{16})", "PASSWORD"),
    ("createuser", r"\bcreateUser[ \t]+\S{1,60}[ \t]+(?:MD5|SHA\S{0,6})[ \t]+", "PASSWORD"),
    ("createuser", r"\bcreateUser[ \t]+\S{1,60}[ \t]+(?:MD5|SHA\S{0,6})[ \t]+\S{1,100}[ \t]+(?:AES\S{0,6}|DES)[ \t]+", "PASSWORD"),
    ("enable", rf"\benable[ \t]+(?:algorithm-type[ \t]+\w+[ \t]+)?(?:secret|password)[ \t]+(?:level[ \t]+\d+[ \t]+)?{_TYPE}", "PASSWORD"),
    ("user local-user mgmt-user admin", rf"\b(?:user(?:name)?|local-user|mgmt-user|admin)[ \t]+(?:add[ \t]+)?\"?[\w.@\\-]{{1,60}}\"?[ \t]+(?:(?:privilege|role|group|priv|class|service-type|access-level|level)[ \t]+\S+[ \t]+|nopassword[ \t]+|common-criteria-policy[ \t]\S+[ \t]+|algorithm-type[ \t]+\w+[ \t]+|one-time[ \t]+){{0,4}}(?:secret|password|passwd|sha512|plaintext|encrypted-password)[ \t]+{_TYPE}", "PASSWORD"),
    ("password passwd", r"(?:(?m:^)|(?<=\")|(?<=[\"\n]set )|(?<=[\"\n]no ))(?:password|passwd)[ \t]+(?:[0-9]|cipher|simple|hash|irreversible-cipher|encrypted|ENC|sha1|sha256|sha512|pbkdf2|plaintext|hmac-sha1|8|ciphertext)[ \t]+", "PASSWORD"),
    ("password", r"\bpassword[ \t]+(?:0|5|7|8|9)[ \t]+", "PASSWORD"),
    ("secret", r"(?<![\w-])secret[ \t]+(?:0|4|5|8|9)[ \t]+", "PASSWORD"),
    ("password", r"\bpassword[ \t]+(?:manager|operator|minimum|all)[ \t]+(?:user-name[ \t]+\S+[ \t]+)?(?:plaintext|sha1|sha256|sha-256|cleartext)[ \t]+", "PASSWORD"),
    ("passwd", r"(?:(?m:^)|(?<=\")|(?<=\" ))passwd[ \t]+(?=\S{4,100}[ \t]+encrypted\b)", "PASSWORD"),
    ("tacacs radius aaa", rf"\b(?:tacacs|radius|aaa)(?:-server)?[ \t][^\n]{{0,150}}?(?<![\w-])key(?:-string)?[ \t]+{_TYPE}", "KEY"),
    ("server-key shared-key key", r"(?:(?m:^)|(?<=\")|(?<=\" ))(?:server-|shared-)?key(?:-string)?[ \t]+(?:[0-9][ \t]+|hex[ \t]+|ENC[ \t]+)", "KEY"),
    ("key-string", rf"\bkey-string[ \t]+{_TYPE}", "KEY"),
    ("radius tacacs", rf"\b(?:radius|tacacs)[ \t-][^\n]{{0,120}}?\bsecret[ \t]+{_TYPE}", "KEY"),
    ("crypto", rf"\bcrypto[ \t]+isakmp[ \t]+key[ \t]+{_TYPE}", "KEY"),
    ("pre-shared preshared", rf"\bpre-?shared-(?:key|secret)(?!-)[ \t]+(?:address[ \t]+\S+[ \t]+(?:\d\S+[ \t]+)?)?(?:key[ \t]+)?{_TYPE}", "KEY"),
    ("pre-shared preshared", rf"\bpre-?shared[ \t]+(?:key|secret)[ \t]+{_TYPE}", "KEY!"),
    ("requirepass masterauth auth_pass bindpw secret psk passphrase authtok", r"(?m:^)(?:requirepass|masterauth|auth_pass|bindpw|secret|psk|passphrase|authtok)[ \t]+(?=\S+$)", "PASSWORD!"),
    ("secret", r"(?m:^)secret[ \t]+(?=\")", "KEY"),
    ("-community", r"-community[ \t]+", "COMMUNITY"),
    ("monitor", r"\bMONITOR[ \t]+\S+@\S+[ \t]+\d+[ \t]+\S+[ \t]+(?=\S+[ \t]+(?:master|slave|primary|secondary))", "PASSWORD"),
    ("echo", r"\becho[ \t]+user[ \t]+\S{1,60}[ \t]+", "PASSWORD>"),
    ("allow", r"(?m:^)allow[ \t]+(?:\"?\w{1,30}):", "PASSWORD!"),
    ("sqlconnectinfo", r"\bSQLConnectInfo[ \t]+\S{1,80}[ \t]+\S{1,60}[ \t]+", "PASSWORD"),
    ("register", r"\bregister[ \t]{0,3}=>[ \t]{0,3}[^\s:@]{1,60}:(?=[^\s@]{3,60}@)", "PASSWORD@"),
    ("set", r"\bset[ \t]+(?:interfaces|vpn|service|system|access|protocols|security)[ \t][^\n]{1,120}?[ \t](?:password|passphrase|secret|pre-shared-secret|key)[ \t]+(?=[^\s\"]{1,100}[ \t]*(?:$|\n|\"))", "PASSWORD?"),
    ("set", rf"\bset[ \t]+(?:psksecret|ppk-secret)[ \t]+{_TYPE}", "KEY"),
    ("set", rf"\bset[ \t]+(?:passwd|password|passphrase|secret|key|auth-pwd|priv-pwd|ddns-password|sae-password|psk|secondary-secret|tertiary-secret|ldap-password|passwd-time|api-key|wpa-passphrase|login-passwd|private-data-encryption|pass|ha-password|group-password|authpasswd|peerpasswd|ppp-password|snmp-password|md5-key|auth-password|priv-password|authentication-key|crypt-passwd|keyfile-passwd|eap-password|auth-key|fortiguard-passphrase)[ \t]+{_TYPE}", "PASSWORD?"),
    ("authentication-key authentication message-digest-key ntp", rf"\b(?:authentication-key|message-digest-key[ \t]+\d+[ \t]+md5|authentication[ \t]+(?:text|md5[ \t]+key-string|key-chain)|ntp[ \t]+authentication-key[ \t]+\d+[ \t]+\w+)[ \t]+{_TYPE}", "KEY?"),
    ("neighbor", rf"\bneighbor[ \t]+\S{{1,60}}[ \t]+password[ \t]+{_TYPE}", "PASSWORD"),
    ("wpa-psk", rf"\bwpa-psk[ \t]+{_TYPE}", "KEY"),
    ("wpa-passphrase", r"\bwpa-passphrase[ \t]+", "KEY"),
    ("psk", r"\bpsk[ \t]+(?:set-key[ \t]+)?(?:ascii|hex)[ \t]+(?:[0-9][ \t]+)?", "KEY"),
    ("encryption wep", r"\b(?:encryption|wep)[ \t]+key[ \t]+\d[ \t]+(?:size[ \t]+\d+bit[ \t]+)?(?:[0-9][ \t]+)?", "KEY"),
    ("ppp", rf"\bppp[ \t]+(?:chap|pap)[ \t]+(?:sent-username[ \t]+\S+[ \t]+)?password[ \t]+{_TYPE}", "PASSWORD"),
    ("ldap-login-password", rf"\bldap-login-password[ \t]+{_TYPE}", "PASSWORD"),
    ("failover", rf"\bfailover[ \t]+(?:ipsec[ \t]+pre-shared-)?key[ \t]+{_TYPE}", "KEY"),
    ("encrypted-password", r"\bencrypted-password[ \t]+", "HASH"),
    ("plaintext-password", r"\bplaintext-password(?:-value)?[ \t]+", "PASSWORD"),
    ("phash", r"\bphash(?:>|[ \t]+)", "HASH"),
    ("shared-secret", rf"\bshared-secret[ \t]+{_TYPE}", "KEY"),
    ("ipsec radius ppp l2tp identity peer", r"\b(?:ipsec|radius|ppp|l2tp|identity|peer)\b[^\n]{0,200}?\bsecret=", "KEY"),
    ("shared-key", rf"\bshared-key[ \t]+{_TYPE}", "KEY"),
    ("simple-password", r"\bsimple-password[ \t]+", "PASSWORD"),
    ("ldap_default_authtok", r"\bldap_default_authtok[ \t]{0,5}=[ \t]{0,5}", "PASSWORD"),
    ("olcrootpw rootpw bindpw ldap_bind_pw", r"\b(?:olcRootPW|rootpw|bindpw|ldap_bind_pw)[ \t]{0,3}(?:::?|=)?[ \t]{1,5}", "PASSWORD"),
    ("userpassword", r"\buserPassword:{1,2}[ \t]{0,3}", "HASH"),
    ("unicodepwd", r"\bunicodePwd:{1,2}[ \t]{0,3}", "PASSWORD"),
    ("ip", rf"\bip[ \t]+(?:ftp|http[ \t]+client)[ \t]+password[ \t]+{_TYPE}", "PASSWORD"),
    ("passphrase", r"\bpassphrase[ \t]+(?:ascii|hex|ENC|[0-9])[ \t]+", "KEY"),
    ("login", r"\blogin[ \t]+\S{1,60}[ \t\n]+password[ \t]+", "PASSWORD"),  # .netrc
    ("machine", r"\bmachine[ \t]+\S{1,100}[ \t\n]+login[ \t]+\S{1,60}[ \t\n]+password[ \t]+", "PASSWORD"),
    ("kubeadm", r"\b(?:kubeadm[ \t]+join[^\n]{1,80}--token)[ =]", "TOKEN"),
    ("cpassword", r"\bcpassword=[\"']", "PASSWORD"),
    ("identified", r"\bidentified[ \t]+(?:with[ \t]+\S+[ \t]+)?(?:by|as)[ \t]+(?:password[ \t]+)?(?=[\"'])", "PASSWORD"),
    ("user role login", r"\b(?:user|role|login)\b[^\n;]{1,80}?\bwith[ \t]+(?:encrypted[ \t]+|login[ \t]+)?password[ \t]{0,3}=?[ \t]{0,3}N?(?=['\"])", "PASSWORD"),
    ("set", r"\bset[ \t]+password(?:[ \t]+for[ \t]+\S+)?[ \t]{0,3}=[ \t]{0,3}(?:password\()?(?=['\"])", "PASSWORD"),
    ("role user", r"\b(?:role|user)[ \t]+\S{1,60}[ \t]+(?:[\w ]{1,40}[ \t]+)?(?:encrypted[ \t]+)?password[ \t]+(?=['\"])", "PASSWORD"),
    ("psk eap xauth ntlm", r"(?:(?<=[\s\"]: )|(?<=[\s\"]:)|(?<=\A: ))(?:PSK|EAP|XAUTH|NTLM)[ \t]+(?=[\"'0])", "KEY"),
    ("rsa ecdsa ed25519 p12 pkcs8 pkcs12 pin", r"(?:(?<=[\s\"]: )|(?<=[\s\"]:)|(?<=\A: ))(?:RSA|ECDSA|ED25519|P12|PKCS8|PKCS12|PIN)[ \t]+[^\s\"]{1,100}[ \t]+(?=[\"'0])", "PASSWORD"),
]  # fmt: skip
_RULES = [rule(words, f"(?:{before}){_V}", kind) for words, before, kind in _ROWS]
_PAP = later(
    r"(?m)\*(?:(?<=[\w\"][ \t].)|(?<=[\w\"][ \t]{2}.))[ \t]+([^\s\"]{4,60}|\"[^\s\"]{4,60}\")[ \t]+(?:\*|\d{1,3}\.\d{1,3}\.[\d.]{3,8})[ \t]*$"
)  # chap-secrets
_PGPASS = later(r"(?m):(?:\d{2,5}|\*):[\w*-]{1,60}:[\w.@*-]{1,60}:([^\s\"]{4,100})(?=$|\")")
_BEFORE_PORT = later(r"(?m)(?:^|(?<=\"))[\w.*-]{1,100}\Z")
_NO_LOGIN = later(
    r"[\w-]{1,60}:[*!x]{0,2}:[\d:]{1,60}|(?:MD5:)?(?:[0-9a-fA-F]{2}:){3,}[0-9a-fA-F:]{1,60}"
)  # shadow, a fingerprint
_SNMP = later(r"snmp[ \t]", re.I)
_NEXT_WORD = later(r"[ \t]{1,3}([a-z]{2,12})(?=[\s,.])")
_NO_VALUE = {
    "ro",
    "rw",
    "read",
    "write",
    "view",
    "encrypted",
    "public-key",
    "set",
    "string",
    "strings",
    "name",
    "access",
    "list",
    "cipher",
}


def spans(view: View) -> Iterator[Span]:
    """The secrets in such lines."""
    text = view.text
    for match, kind in matches(view, _RULES):
        yield from _value(view, match, kind)
    for match in _PGPASS.finditer(text):
        host = _BEFORE_PORT.search(text, max(0, match.start() - 100), match.start())
        if host and not is_placeholder(match[1]) and not _NO_LOGIN.fullmatch(host[0] + match[0]):
            yield *match.span(1), "PASSWORD"
    for match in _PAP.finditer(text):
        if is_mixed(match[1]) and not is_placeholder(match[1]):
            yield *match.span(1), "PASSWORD"


def _reads_on(lower: str, at: int) -> bool:
    """Whether a sentence goes on here: "SNMP community differs between"."""
    word = _NEXT_WORD.match(lower, at)
    return word is not None and word[1] not in _NO_VALUE and is_plain(word[1])


def _value(view: View, match: re.Match[str], kind: str) -> Iterator[Span]:
    group = match.lastgroup or "b"
    start, end = match.span(group)
    value = view.value(start, end)
    if group == "b":
        for stop in ("</", '"', "'"):
            if 0 < (at := value.find(stop)) < len(value):
                value = value[:at]
        if kind[-1] in "@>":
            value = value.partition(kind[-1])[0]
        value = value.rstrip(".,;:)]}>")
        end = start + len(value)
    word = value.casefold()
    doubtful, certain = kind.endswith("?"), kind.endswith("!")
    if (
        len(value) < 2
        or is_placeholder(value)
        or word in _NO_VALUE
        or (group == "b" and value.startswith("-") and kind != "HASH")
    ):
        return
    if (doubtful or certain or group == "b") and is_plain(word):
        return
    if group == "b" and "|" in value and not any(map(str.isdigit, value)):
        return
    if _SNMP.match(match[0]) and value.isalpha() and _reads_on(view.lower, end):
        return
    if certain and not (is_mixed(value) or is_generated(value) or word in ("public", "private")):
        return
    yield start, end, kind.rstrip("?!@>")
