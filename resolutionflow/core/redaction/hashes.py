"""Password hashes: what crypt(3), Windows, Kerberos, LDAP, databases and network devices store or print.

Hashes of files and commits are none: they carry no mark of a password. Formats: crypt(5), hashcat's example hashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from resolutionflow.core.redaction.views import Span, View

_HEX = r"[0-9a-fA-F]"
_HASHES = [
    # $1$, $2y$, $5$, $6$, $y$, $argon2id$, $krb5tgs$, $DCC2$, $apr1$, $P$, Cisco $8$ and $9$, Juniper $9$, MikroTik, …
    ("$", re.compile(r"(?<![\w$])\$(?:1|2[abxy]?|3|5|6|7|8|9|14|y|gy|sha1|md5|apr1|argon2(?:id|i|d)|scrypt|pbkdf2(?:-sha\d+)?|P|H|S|"
                     r"ml|NT|LM|DCC2?|krb5(?:tgs|asrep|pa)|bcrypt|episerver|oldoffice|office|keepass|zip2|pkzip2?|rar5?|7z|"
                     r"bitlocker|mskrb5|sspr|ssha512|racf|dpapimk|ansible|telegram|vnc|sip|snmpv3|isakmp)"
                     r"\$[^\s\"'<>;]{4,6000}(?<![.,])", re.I)),
    ("$9$", re.compile(r"(?<![\w$])\$9\$[^\s\"'<>;]{4,300}")),
    ("pbkdf2", re.compile(r"\bpbkdf2_sha(?:1|256|512)\$\d{1,8}\$[\w./+=-]{1,100}\$[\w+/=]{20,200}")),
    ("bcrypt", re.compile(r"\bbcrypt_sha256\$\S{30,200}")),
    ("argon2$", re.compile(r"\bargon2\$argon2i?d?\$\S{30,300}")),
    ("{", re.compile(r"\{(?:S?SHA(?:256|384|512)?|S?MD5|CRYPT|BCRYPT|PBKDF2[\w-]{0,10}|ARGON2|NTHASH|x-\w{1,20})\}[^\s\"'<>]{8,500}", re.I)),
    ("scram-sha", re.compile(r"\bSCRAM-SHA-(?:1|256|512)\$\d{1,8}:[^\s\"']{20,300}")),
    ("md5", re.compile(rf"(?<!\w)md5{_HEX}{{32}}(?!\w)")),  # PostgreSQL
    ("*", re.compile(r"(?<![\w*])\*[0-9A-F]{40}(?!\w)")),  # MySQL
    ("0x0", re.compile(rf"\b0x0[12]00{_HEX}{{44,268}}\b")),  # SQL Server
    ("s:", re.compile(rf"\bS:{_HEX}{{60}}\b")),  # Oracle
    (":", re.compile(rf"(?<![0-9a-fA-F]){_HEX}{{32}}:{_HEX}{{32}}(?![0-9a-fA-F])")),  # LM:NT
    ("::", re.compile(rf"(?<=::)[\w.-]{{0,60}}:{_HEX}{{16,48}}:{_HEX}{{32,48}}:{_HEX}{{16,2000}}")),  # Net-NTLM
    (":::", re.compile(rf"(?<=:){_HEX}{{32}}(?=:::)")),
    ("wpa*0", re.compile(r"\bWPA\*0[12]\*[0-9a-f*]{40,2000}", re.I)),  # PMKID
    ("%^%#", re.compile(r"%\^%#[^\s]{8,300}?%\^%#")),  # Huawei's cipher
    ("$h$", re.compile(r"(?<!\S)\$[hc]\$\d?\$?[^\s\"']{6,300}")),  # Comware
    ("-aq==", re.compile(r"(?<![\w+/=])-AQ==[\w+/=]{20,400}")),  # PAN-OS
    ("enc ", re.compile(r"\bENC ([A-Za-z0-9+/]{8,1000}={0,2})(?![\w+/=])")),  # FortiOS
    ("{cipher}", re.compile(r"\{cipher\}[\w+/=]{16,1000}")),
    ("$ansible_vault", re.compile(r"\$ANSIBLE_VAULT;[^\n]{5,60}\n(?:[ \t]{0,20}[0-9a-f]{20,100}\n?){1,400}")),
    ("{", re.compile(r"\{(?:PLAIN|CLEARTEXT|CLEAR|PLAIN-MD5|CRAM-MD5|DIGEST-MD5|SHA(?:256|512)-CRYPT|BLF-CRYPT|LDAP-MD5)\}([^\s\"'<>:]{4,300})", re.I)),
    ("dpapi_", re.compile(rf"\bdpapi_\w{{1,20}}:[ \t]{{0,3}}(0x{_HEX}{{40}})", re.I)),
    ("nl$km", re.compile(rf"\bNL\$KM:[ \t]{{0,3}}((?:0x)?{_HEX}{{40,128}})", re.I)),
    ("hash", re.compile(rf"\b(?:user|account|admin\w{{0,10}}|domain|dump\w{{0,3}}|cred\w{{1,8}}|password|crack\w{{0,3}}|sam|ntds)\b[^\n]{{0,60}}?\bhash(?:es)?\b[^\n\w]{{0,4}}"
                        rf"(?:(?:is|was|of|for)\b[^\n]{{0,30}}?)?[ \t]{{0,2}}((?:0x)?{_HEX}{{32}}(?:{_HEX}{{8,96}})?)(?!\w)", re.I)),
    ("01000000d08c9ddf", re.compile(r"\b01000000d08c9ddf0115d1118c7a00c04fc297eb[0-9a-f]{40,8000}", re.I)),  # DPAPI
]  # fmt: skip
# Only the words before tell these: "NTLM hash: 8846f7ea…", "nthash", "cached credential …", "type 7 …".
_SAID = re.compile(
    r"(?:\bnt(?:lm)?(?:v[12])?|\blm|\bkrbtgt|\bpassword|\bpasswd|\bpw|\brc4(?:_hmac)?|\baes(?:128|256)(?:_hmac|-cts[\w-]{0,20})?|\bdcc2?|"
    r"\bmscash2?|\bcached)[ _-]{0,3}(?:hash(?:es)?|key|nt)?(?:[ \t]{1,2}(?:for|of)(?:[ \t][^\s:=]{1,40}){1,4}?|[ \t]{1,2}(?:is|was))?"
    rf"[\"']?[ \t]{{0,20}}[:=]?[ \t]{{0,20}}[\"']?(?:{_HEX}{{32}}:)?({_HEX}{{32}}(?:{_HEX}{{32}})?)(?!\w)",
    re.I,
)
_PASS_THE_HASH = re.compile(
    rf"(?:-hashes?|--?H|/ntlm:|/rc4:|/aes256:|/aes128:)[ \t]{{0,3}}:?({_HEX}{{32}}(?::?{_HEX}{{32}})?)(?!\w)"
)


def spans(view: View) -> Iterator[Span]:
    """Hashes and reversible forms of passwords."""
    text, lower = view.text, view.lower
    for needle, pattern in _HASHES:
        if needle in lower:
            for match in pattern.finditer(text):
                yield *match.span(match.lastindex or 0), "HASH"
    if any(word in lower for word in ("hash", "ntlm", "aes", "rc4", "/ntlm", "-h ", "dcc", "nt:", "nt ", "cash")):
        for pattern in (_SAID, _PASS_THE_HASH):
            for match in pattern.finditer(text):
                yield *match.span(1), "HASH"
