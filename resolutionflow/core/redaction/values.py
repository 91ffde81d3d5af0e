"""What a value looks like: a placeholder, prose, a name of something, or a secret."""

from __future__ import annotations

import re

from resolutionflow.core.redaction.plain_words import LIKE_PROSE, is_plain
from resolutionflow.core.redaction.views import DONE, INSIDE
from resolutionflow.core.redaction.words import later

_SIGNS = "!@#$%^&*+=~|\\?"

# What stands where a secret would: ********, <password>, (unchanged), ${PASS}, %PASS%, os.environ["…"], vault:…
_PLACEHOLDER = later(
    r"(?-i:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:TOKEN|KEY|SECRET|PASSWORD|PASS|PWD)\Z|[a-z]+(?:_[a-z0-9]+)+(?:\.[a-z_0-9]+)+\Z)|[\w-]{1,30}=[\"']|"
    r"\(\?|\[\^|\\[bswdSWD]\b|[*•●∙·xX.…_?#=~-]+\Z|[*•●]{3,}"
    r"|<[^<>]*>\Z|<(?:your|the|my|new|old|insert|enter|pass|secret|token|redact|hidden|removed)\b|\[[^\[\]]*\]\Z|\([^()]*\)\Z"
    r"|\$[{(]|\$env:|\$(?:script|global|using|local):|\$[a-z_]+\Z|\$[a-z_]*(?:pass|pw|cred|secret|token|key)\w*\Z|\$[a-z_]\w*[.\[(]"
    r"|%\w+%|![a-z_]{3,}!\Z|%\(\w+\)|%[sdqv@]\Z|\{\{|\{%|<%|\{\w*\}\Z|@\w+@\Z|__\w+__\Z|#\{|\$\$\Z|@\(|\(?(?:get|convertto|convertfrom|new|read|import|invoke|add|set|reset)-[a-z]{4,}(?=[\s();|]|\Z)|\(\$"
    r"|@microsoft\.keyvault|!(?:secret|vault|env|include|ref|sub|getatt)(?:_[a-z]+)*\b|(?:vault|op|bw|ssm|akv|kms|awssm|gcpsm|sops|keyring|env)(?::|\+)"
    r"|ref\+|arn:aws|resolve:|projects/|secretref|keyvault|vault_|file:|enc\[|env\("
    r"|(?:os|process|sys|self|this|settings|config|conf|cfg|request|req|args|opts|options|env|secrets|app|ctx|params|form|"
    r"user|model|data|item|row|input|getpass|my|local|var|module|me|document|props|state|creds?|credentials?)\??(?:[\[(]|\.[a-z_][a-z_.\[\]()\"'$]*\Z|\.[a-z_.]+[\[(])"
    r"|\w[\w.:>-]*\((?:[\"'$\w)]|\Z)|[a-z_]\w*\[[\"'$:\w-]|(?:await|new|return|function|lambda|func)[ \t(]|(?:null|nil|none|true|false)\Z"
    r"|[a-z][\w-]*://|mailto:|[a-z]:[\\/]\w|(?:hklm|hkcu|hkcr|hku|hkey_\w+):?\\|\\\\[\w.-]+\\|~/|\.{1,2}/|/(?:[\w.-]+/)+[\w.-]*\Z"
    r"|/(?:dev|etc|home|opt|run|tmp|usr|var|mnt|root|srv|proc)\b|-{1,2}[a-z][\w-]*(?:=\S*)?\Z|(?:(?:0-9|a-z)[,_-]?){2,}\Z|(?:[\w-]+/)+[\w-]*:[a-z_]+\Z"
    r"|(?-i:(?:user:)?(?:PASS(?:WORD|WD)?|PWD|SECRET|TOKEN|API_?KEY)\Z)|(?-i:(?:[a-z_]+[_.])?(?:passwd|pwd|pw|token|secret|api_?key)\Z|[a-z_]+[_.]password\Z)|\w{0,20}_?(?:placeholder|goes_?here|your_?pass(?:word)?)\w{0,20}\Z|(?:[a-z]{2,8}[-_])?your[-_]\w+|(?:change|replace)[-_ ]?(?:me|this|it)?[-_ ].*(?:please|replace|change|with|before|<).*|example_\w+\Z",
    re.I,
)

# Names of things that have letters, digits and signs as secrets have.
_NAME_OF_THING = later(
    r"(?-i:[a-z]+(?:_[a-z0-9]+)+\Z|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\Z)|[\w.+-]+@[\w-]+(?:\.[\w-]+)+\Z|[a-z][\w+.-]*://|www\.|(?:[a-z]:)?[\\/]|~/|[\w-]+\\[\w.$-]+\Z|(?:[\w-]+/)+[\w.-]*\Z"
    r"|(?:kb|cve-|rfc|inc|chg|req|ritm|prb|sr|cs|case|ticket|tkt|bug|rev|event|id)[#-]?\d[\d-]*\Z|0x[0-9a-f]+\Z|s-1-\d"
    r"|[\w.-]+@[\w.-]+:[^\s:]{0,80}[#$%]\Z|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\{[0-9a-f-]{36}\}|(?:[0-9a-f]{2}[:-]){5,31}[0-9a-f]{2}\Z|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}\Z"
    r"|v?\d+(?:[.,:/-]\d+)*[a-z%]{0,3}\Z|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|\d{4}-\d\d-\d\dt|\d+(?:x\d+)+\Z|#?\d+(?:st|nd|rd|th)?\Z"
    r"|[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|local|lan|internal|example|test|io|co|eu|uk|de|fr|es|it|nl|pt|pl|se|dk|no|fi|ch|at|be|cz|ru|us|ca|au|exe|dll|sys|msi|log|txt|conf|"
    r"cfg|cnf|ini|json|xml|ya?ml|toml|html?|php|py|ps1|psm1|sh|bat|cmd|js|ts|zip|gz|tar|7z|pdf|docx?|xlsx?|csv|pem|crt|cer|key|pfx|p12|kdbx|pst|ost|bak|sql|db|dat|tmp|so|jar|evtx?|reg|rdp|ova|iso|img)(?::\d+)?\Z"
    r"|\d[\w-]*(?:\.[\w-]+)+\Z|\d+(?:\.\d+)+[\w.+~-]*\Z|[a-z0-9-]+\$\Z|[#@][a-z_]\w*\Z|[a-z][\w.-]*=|\w+\(.*\)?\Z|(?:cn|ou|dc|o|uid)="
    r"|(?:aes|sha|rc|des|tls|ssl|mschap|ms-chap|rsa|ecdsa|ed|md)-?v?\d[\w.+/-]*\Z"
    r"|(?:windows|win|office|m|o|server|exchange|outlook|sql(?:server)?|ssh|tls|ipv|http|event|port|step|vlan|line|room|version|level|type|day|week|phase|tier|user|usr|pc|ws"
    r"|srv|dc|fw|sw|ap|host|node|site|floor|usb|cat|dns|teams|acrobat|java|php|python|centos|rhel|ubuntu|debian|oracle|vpn|wpa|eth|ens|com|lpt|disk|cpu|q|app|web|db|slot|page|token)-?\d+(?:r2)?\+?\Z"
    r"|[€$£]\d|\d+[€$£%]|(?-i:[a-z]+\+[a-z]+\Z)|(?:ctrl|strg|control|alt|shift|win|windows|cmd|fn)\+\S{1,12}\Z|c\+\+|ssh2\Z|&\w+;|\d+_[a-z_]+\Z|fritz!|yahoo!|[\w.+-]+@\Z|%[a-z][a-z0-9_-]+-\d-",
    re.I,
)
# What a host may be called, and a password as well.
_MAYBE = later(
    r"[\w-]+(?:\.[\w-]+)*\.(?:[a-z_-]+|\d?[a-z][\w-]*(?<!\d)|\d{1,2}|\d+(?=:))(?::\d+)?\Z"
    r"|(?-i:[a-z]+(?:-[a-z]*\d[a-z0-9]*|\d[a-z0-9]*-[a-z0-9]+)(?:-[a-z0-9]+)*\Z)|(?-i:[A-Z]+(?:-[A-Z]*\d[A-Z0-9]*|\d[A-Z0-9]*-[A-Z0-9]+)(?:-[A-Z0-9]+)*\Z)",
    re.I,
)
_HOST = later(
    r"[A-Z]{2,}[A-Z0-9]*(?:-[A-Z0-9]+)*\d*\Z|[a-z]{2,4}\d{1,3}\Z(?<!123)|[A-Z0-9]+(?:-[A-Z0-9]+)+\Z|[a-z0-9]+(?:-[a-z0-9]+)+\Z"
)
_WORD_AND_NUMBER = later(r"[A-ZÄÖÜ][a-zà-ÿ]{3,}[-_.#]?\d{1,4}[!?#.*$]{0,2}\Z")  # Sommer2026
_PRODUCT = later(
    r"(?:windows|office|server|exchange|outlook|sqlserver|event|port|step|vlan|line|room|version|level|type|week|phase|tier|user|host|node|site|floor|teams|acrobat|"
    r"java|python|centos|rhel|ubuntu|debian|oracle|disk|page|slot|ticket|case|error|code|layer|stage|part|chapter|table|figure|kerberos|smb|bitlocker|token(?=\d\Z))",
    re.I,
)
_LEET = later(
    r"[A-Za-z]{2}[01345](?:[a-z]{2}|[a-z]\b)|(?<![A-Za-z0-9])[A-Za-z][01345][a-z]{2}|(?<![A-Za-z0-9])[01345][a-z]{3}|(?<![A-Za-z0-9])[A-Z]00[a-z](?![a-z0-9])"
)
_HEXADECIMAL = later(r"[0-9a-fA-Fx-]+")
_TECHNICAL = later(
    r"(?:ip|base|utf|log|i18|l10|win|x|md|sha|oauth|http|s|w|py|m|o|v|amd|arm|i|h|mp|ntlm|net|sql|k|vp|usb|cat|dns|pkcs|rfc|crypt|des|aes|rc|tls|ssl|p|db|srv|dc|fw|sw|ap|vm|esx|web|app)[01345]",
    re.I,
)
_ISSUE = later(r"[\w.-]*[a-z][\w.-]*#\d+\Z|[^\s]*[→←↔⇒·]", re.I)  # yapcode#25
_GROUPED = later(r"(?:[A-Z0-9]{4,8}-){2,}[A-Z0-9]{4,8}\Z")
_NUMBER_OF_UNITS = later(r"\d{1,4}[dhms]?\Z")
_DATE_OR_TIME = later(
    r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:t[\d:.]+z?)?\Z|\d{1,2}:\d\d(?::\d\d)?\Z|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\Z|(?:\d{1,3}\.){3}\d{1,3}\Z",
    re.I,
)
_RUN = later(r"(?=[A-Za-z+=]{0,60}\d)(?=[0-9+=]{0,60}[A-Za-z])[A-Za-z0-9+=]{16,}")
_DIGEST = later(r"(?:sha\d{1,3}|md5):", re.I)
_SLUG = later(r"(?:/?[a-z][a-z0-9_.-]*)(?:/[\w.-]+)+|[a-z]{10,}\d{1,4}")
_HAS_DIGIT = later(r"\d")
_STAND_INS = frozenset(
    "pass password passwd pwd pw secret token xxx xxxx xxxxx xxxxxx xxxxxxxx *** **** ***** ****** ******** redacted hidden".split()
)
_PREFIX = later(r"^[a-z]{2,8}[-_](?=[A-Za-z0-9]{16})")
_LONGEST_KEY = 300
_HEX_ONLY = later(r"[0-9a-f-]+|[0-9A-F-]+")
_PARTS = later(r"[a-z]+|[A-Z]+|\d+")
_PUBLIC_KEY = later(r"AAAA[BCE]|MI[IGM]|pk_|pub|sha\d|ssh-", re.I)
_HEX = later(r"[0-9a-fA-F]{32,64}")
_MODEL = later(r"[A-Za-z]{3,}-\d{1,2}")  # miniOTP-3
_VARIABLE = later(r"[a-z]+(?:[-_][a-z]+){0,3}[-_](?:password|secret|token|key|creds?)|[a-z]+(?:_[a-z]+){1,3}(?:_v?\d)?")
GUIDS = later(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:-[0-9a-f-]{36})?", re.I)
_ENDS = ".,;:)]}'\"`*_>"


def is_placeholder(value: str) -> bool:
    """Whether it only stands for a secret, or leads to one."""
    return DONE in value or (_PLACEHOLDER.match(value) is not None and value[:1] != INSIDE)


def is_stand_in(value: str) -> bool:
    """Whether it only says that a password stands here: "user:password@host"."""
    return value.lower() in _STAND_INS or (value[:1] in "<$%{[" and is_placeholder(value))


def is_secret(value: str, how: str) -> bool:
    """Whether this is a secret, by how it follows its name: `quoted`, `strong` (a colon, an equals sign), `flag` (of a
    command), `weak` (a verb) or `none` (a blank)."""
    if len(value) < 3 or is_placeholder(value):
        return False
    word = value.casefold()
    first = re.split(r"[,.;:!?/)]", word, maxsplit=1)[0]
    if how == "quoted":
        return not is_plain(word.strip(" .!?:…")) and not _reads_as_prose(word)
    if is_plain(first) or first.endswith("'s"):
        return first != word.rstrip("!?,.;:)/") and is_mixed(value) and not is_thing(value)
    if _DATE_OR_TIME.match(word) or (how != "flag" and value.isdigit() and len(value) < 4):
        return False
    if how == "none":
        return is_mixed(value) and not is_name_of_thing(value)
    if how == "weak":
        return not LIKE_PROSE.fullmatch(word) and not _NUMBER_OF_UNITS.match(word)
    return how == "flag" or not (value.isalpha() and LIKE_PROSE.fullmatch(word) and value[:1].islower())


def _reads_as_prose(text: str) -> bool:
    """Whether a third of three words or more are plain: "Please enter your password"."""
    words = [word.strip(".,;:!?()'\"") for word in text.split()]
    return len(words) >= 2 and sum(map(is_plain, words)) * (3 if len(words) > 2 else 2) > len(words)


def is_mixed(value: str) -> bool:
    """Whether no ordinary word looks like this: six characters or more, letters with digits or signs that passwords
    have."""
    letters = any(letter.isalpha() for letter in value)
    digits = any(letter.isdigit() for letter in value)
    return len(value) >= 6 and letters and (digits or any(sign in value.rstrip("!?") for sign in _SIGNS))


def is_name_of_thing(value: str) -> bool:
    """Whether it is a host, a path, an address, a number of an update and the like."""
    if _WORD_AND_NUMBER.match(value) and not _PRODUCT.match(value):
        return False
    if _GROUPED.match(value) and len(re.findall(r"\d", value)) > 2:
        return False
    if is_leet(value):
        return False
    return is_thing(value) or _MAYBE.match(value) is not None or _HOST.match(value) is not None


def is_thing(value: str) -> bool:
    """Whether it is surely one: an address, a path, a file, a version, a number of a ticket."""
    return _NAME_OF_THING.match(value) is not None


def is_product(value: str) -> bool:
    """Whether it begins with the name of what has a number: Windows11, Room204."""
    return _PRODUCT.match(value) is not None


def is_leet(value: str) -> bool:
    """Whether digits stand for letters in it: "B4nana.split"."""
    return (
        _LEET.search(value) is not None
        and not any(sign in value for sign in "@/\\:=")
        and _HEXADECIMAL.fullmatch(value) is None
        and _TECHNICAL.search(value) is None
    )


def is_generated(value: str) -> bool:
    """Whether it looks like a password wherever it stands: letters, digits and signs, or letters of both sizes with
    digits between them."""
    lower, upper = value != value.upper(), value != value.lower()
    if not 6 <= len(value) <= 80 or not (lower or upper):
        return False
    digit = _HAS_DIGIT.search(value) is not None
    if not digit and not (lower and upper):
        return False
    if _ISSUE.match(value) or is_placeholder(value) or _NAME_OF_THING.match(value) or _MAYBE.match(value):
        return False
    sign = any(letter in "!@#$%^&*+?~=" for letter in value)
    if sign and digit and (lower or upper):
        return any(letter in "!#$%^&*?~" for letter in value) or (lower and upper)
    if sign and lower and upper:  # Zebra!Cross, not "Done!"
        return any(letter in "!@#$%^&*" for letter in value[1:-1].strip("!?")) and value.count("@") != 1
    runs = re.findall(r"\d+|[^\W\d_]+", value)
    return (
        lower
        and upper
        and digit
        and len(re.findall(r"\d+", value)) > 1
        and len(runs) >= 3
        and "/" not in value
        and _HOST.match(value) is None
    )


def is_token(value: str) -> bool:
    """Whether it looks like what a machine made for a machine: a long run of letters and digits, no GUID, no name."""
    run = _RUN.search(value)
    if run is None or len(value) > 300 or _DIGEST.match(value) or "\\" in value or "://" in value:
        return False
    return sum(letter.isdigit() for letter in run[0]) > 1 and not _SLUG.fullmatch(value)


def is_random(value: str) -> bool:
    """Whether letters of both sizes and digits change as in no word or name."""
    if not 16 <= len(value) <= _LONGEST_KEY or not _HAS_DIGIT.search(value):
        return False
    letters = _PREFIX.sub("", value.rstrip("="))
    parts = _PARTS.findall(letters)
    digits = sum(map(str.isdigit, parts))
    if letters not in (letters.lower(), letters.upper()):
        changes = len(parts) * (3 if digits > 1 else 2.2) >= len(letters)
    else:
        changes = digits >= 4 and len(parts) * 4 >= len(letters) >= 20 and "-" not in letters[1:-1]
    if not changes or _HEX_ONLY.fullmatch(value) or _PUBLIC_KEY.match(value) or "://" in value:
        return False
    return not is_placeholder(value) and (len(parts) * 2.2 >= len(letters) or not is_thing(value))


def without_ends(value: str) -> str:
    """An unquoted value without the punctuation of its sentence."""
    return value.rstrip(_ENDS)


def is_key(kind: str, value: str, how: str) -> bool:
    """Whether a value is long and mixed enough for a key or token: "token: refreshed" is none."""
    if kind != "ANY_KEY" and GUIDS.fullmatch(value):
        return True
    if _VARIABLE.fullmatch(value):
        return False
    digits = any(letter.isdigit() for letter in value)
    if value[0] in "{[" or value[:2].lower() == "0x" or (value.isdigit() and len(value) < 8):
        return False
    if kind == "ANY_KEY":
        if how in ("none", "weak"):
            return _HEX.fullmatch(value) is not None or (is_token(value) and value.lower() != value)
        long = (
            len(value) >= 16
            and digits
            and any(letter.isalpha() for letter in value)
            and not is_name_of_thing(value.rstrip("="))
        )
        return (long and " " not in value and "\\" not in value) or is_random(value)
    if " " in value and len(value.split()) > 2 and not digits:
        return False
    if how in ("weak", "none") and is_token(value):
        return True
    if how in ("weak", "none"):
        named = (is_name_of_thing(value) and len(value) < 16) or _MODEL.fullmatch(value) is not None
        return is_mixed(value) and digits and not named and len(value) > 7
    return (
        digits
        or len(value) > 11
        or any(sign in value for sign in "$!#%^&*")
        or value != value.lower()
        or (value.isalpha() and len(value) > 5)
        or "-" in value
    )
