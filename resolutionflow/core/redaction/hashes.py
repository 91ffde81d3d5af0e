"""Password hashes: what crypt(3), Windows, Kerberos, LDAP, databases and network devices store or print.

Hashes of files and commits are none: they carry no mark of a password. Formats: crypt(5), hashcat's example hashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from resolutionflow.core.redaction.views import Span, View, compiled, matches, rule
from resolutionflow.core.redaction.words import later, merged, watch

_HEX = r"[0-9a-fA-F]"
_RULES = [  # at a word
    rule(["pbkdf2_sha"], r"\bpbkdf2_sha(?:1|256|512)\$\d{1,8}\$[\w./+=-]{1,100}\$[\w+/=]{20,200}", "HASH"),
    rule(["bcrypt_sha256$"], r"\bbcrypt_sha256\$\S{30,200}", "HASH"),
    rule(["argon2$"], r"\bargon2\$argon2i?d?\$\S{30,300}", "HASH"),
    rule(["scram-sha-"], r"\bSCRAM-SHA-(?:1|256|512)\$\d{1,8}:[^\s\"']{20,300}", "HASH"),
    rule(["md5"], rf"(?<!\w)md5{_HEX}{{32}}(?!\w)", "HASH"),  # PostgreSQL
    rule(["0x0"], rf"\b0x0[12]00{_HEX}{{44,268}}\b", "HASH"),  # SQL Server
    rule(["s:"], rf"\bS:{_HEX}{{60}}\b", "HASH", flags=0),  # Oracle
    rule(["::"], rf"::[\w.-]{{0,60}}:{_HEX}{{16,48}}:{_HEX}{{32,48}}:{_HEX}{{16,2000}}", "HASH"),  # Net-NTLM
    rule([":::"], rf"(?<=:)({_HEX}{{32}}):::", "HASH", 33),
    rule(["ntlm"], rf"\bNTLM[ \t]{{0,5}}:[^\n]{{1,60}}\n[ \t*]{{0,8}}SHA1[ \t]{{0,5}}:[ \t]{{0,3}}({_HEX}{{40}})(?!\w)", "HASH"),  # mimikatz
    rule(["wpa*0"], r"\bWPA\*0[12]\*[0-9a-f*]{40,2000}", "HASH"),  # PMKID
    rule(["%^%#"], r"%\^%#[^\s]{8,300}?%\^%#", "HASH"),  # Huawei's cipher
    rule(["$h$", "$c$"], r"(?<!\S)\$[hc]\$\d?\$?[^\s\"']{6,300}", "HASH"),  # Comware
    rule(["-aq=="], r"(?<![\w+/=])-AQ==[\w+/=]{20,400}", "HASH"),  # PAN-OS
    rule(["enc "], r"\bENC ([A-Za-z0-9+/]{8,1000}={0,2})(?![\w+/=])", "HASH", flags=0),  # FortiOS
    rule(["{cipher}"], r"\{cipher\}[\w+/=]{16,1000}", "HASH"),
    rule(["$ansible_vault"], r"\$ANSIBLE_VAULT;[^\n]{5,60}\n(?:[ \t]{0,20}[0-9a-f]{20,100}\n?){1,400}", "HASH"),
    rule(["dpapi_"], rf"\bdpapi_\w{{1,20}}:[ \t]{{0,3}}(0x{_HEX}{{40}})", "HASH"),
    rule(["nl$km"], rf"\bNL\$KM:[ \t]{{0,3}}((?:0x)?{_HEX}{{40,128}})", "HASH"),
    rule(["01000000d08c9ddf"], r"\b01000000d08c9ddf0115d1118c7a00c04fc297eb[0-9a-f]{40,8000}", "HASH"),  # DPAPI
]  # fmt: skip
_SHAPES = [  # by their first letter
    # $1$, $2y$, $5$, $6$, $y$, $argon2id$, $krb5tgs$, $DCC2$, $apr1$, $P$, Cisco $8$ and $9$, Juniper $9$, MikroTik, …
    (r"\$(?<![\w$].)(?:1|2[abxy]?|3|5|6|7|8|9|14|y|gy|sha1|md5|apr1|argon2(?:id|i|d)|scrypt|pbkdf2(?:-sha\d+)?|P|H|S|"
     r"ml|NT|LM|DCC2?|krb5(?:tgs|asrep|pa)|bcrypt|episerver|oldoffice|office|keepass|zip2|pkzip2?|rar5?|7z|"
     r"bitlocker|mskrb5|sspr|ssha512|racf|dpapimk|ansible|telegram|vnc|sip|snmpv3|isakmp)"
     r"\$[^\s\"'<>;]{4,6000}(?<![.,])", re.I),
    (r"\{(?:S?SHA(?:256|384|512)?|S?MD5|CRYPT|BCRYPT|PBKDF2[\w-]{0,10}|ARGON2|NTHASH|x-\w{1,20})\}[^\s\"'<>]{8,500}", re.I),
    (r"\{(?:PLAIN|CLEARTEXT|CLEAR|PLAIN-MD5|CRAM-MD5|DIGEST-MD5|SHA(?:256|512)-CRYPT|BLF-CRYPT|LDAP-MD5)\}([^\s\"'<>:]{4,300})", re.I),
    (r"\*(?<![\w*].)[0-9A-F]{40}(?!\w)", 0),  # MySQL
    (rf":(?<={_HEX}.)({_HEX}{{32}})(?!{_HEX})", 0),  # LM:NT
]  # fmt: skip
# Only the words before tell these: "NTLM hash: 8846f7ea…", "nthash", "cached credential …". In small letters, near what
# may be one.
_SAID = [
    rf"\b(?:user|account|admin\w{{0,10}}|domain|dump\w{{0,3}}|cred\w{{1,8}}|password|crack\w{{0,3}}|sam|ntds)\b[^\n]{{0,60}}?\bhash(?:es)?\b[^\n\w]{{0,4}}"
    rf"(?:(?:is|was|of|for)\b[^\n]{{0,30}}?)?[ \t]{{0,2}}((?:0x)?{_HEX}{{32}}(?:{_HEX}{{8,96}})?)(?!\w)",
    r"\b(?:nt(?:lm)?(?:v[12])?|lm|krbtgt|password|passwd|pw|rc4(?:_hmac)?|aes(?:128|256)(?:_hmac|-cts[\w-]{0,20})?|dcc2?|mscash2?|cached)"
    r"[ _-]{0,3}(?:hash(?:es)?|key|nt)?(?:[ \t]{1,2}(?:for|of)(?:[ \t][^\s:=]{1,40}){1,4}?|[ \t]{1,2}(?:is|was))?"
    rf"[\"']?[ \t]{{0,20}}[:=]?[ \t]{{0,20}}[\"']?(?:{_HEX}{{32}}:)?((?:0x)?{_HEX}{{32}}(?:{_HEX}{{32}})?)(?!\w)",
    rf"(?:-hashes?|--?h|/ntlm:|/rc4:|/aes256:|/aes128:)[ \t]{{0,3}}:?({_HEX}{{32}}(?::?{_HEX}{{32}})?)(?!\w)",
]  # fmt: skip
_WORDS = watch("hash /ntlm nt lm krbtgt password passwd pw rc4 aes dcc mscash cached -h".split())
_LONG_HEX = later(rf"{_HEX}{{32}}")
_BEFORE, _AFTER = 200, 140  # letters around one
_LM = later(rf"(?<!{_HEX}){_HEX}{{32}}\Z")


def spans(view: View) -> Iterator[Span]:
    """Hashes and reversible forms of passwords."""
    text, lower = view.text, view.lower
    for match, kind in matches(view, _RULES):
        yield *match.span(match.lastindex or 0), kind
    near = merged((max(0, at.start() - _BEFORE), at.end() + _AFTER) for at in _LONG_HEX.finditer(lower))
    for start, end in near if any(word in view.places for word in _WORDS) else ():
        for pattern in _SAID:
            for match in compiled(pattern).finditer(lower, start, end):
                yield *match.span(1), "HASH"
    for pattern, flags in _SHAPES:
        for match in compiled(pattern, flags).finditer(text):
            if pattern[0] != ":":
                yield *match.span(match.lastindex or 0), "HASH"
            elif lm := _LM.search(text, max(0, match.start() - 33), match.start()):
                yield lm.start(), match.end(), "HASH"
