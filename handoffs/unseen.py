"""What of the model's answer does not occur in the record it was given: links, commands, addresses, paths and hosts.

A model may be led to name them by what a stranger wrote, or make them up. Readers are shown each; nothing here decides.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

MOST, LONGEST = 8, 120  # of one line

# Any scheme, the schemes that need no slashes, and email addresses: what somebody may open or write to.
LINK = re.compile(
    r"\b[a-z][a-z0-9+.-]*://[^\s<>\"')\]]+|\bwww\.[^\s<>\"')\]]+"
    r"|\b(?:javascript|data|mailto|tel|sms):[^\s<>\"')\]]+"
    r"|\b[\w.+-]+@[\w-]+\.[\w.-]+",
    re.I,
)

# Programs of a command line. Those of the second group are English words, too: an option or a verb of theirs tells.
_PROGRAMS = (
    "arp|bash|bcdedit|bitsadmin|certutil|chkdsk|chmod|chown|cmdkey|cscript|curl|diskpart|dism|dsregcmd|fsutil|gpupdate|icacls|"
    "ipconfig|iptables|iwr|iex|irm|kubectl|mkfs|msiexec|mshta|netsh|nltest|openssl|plink|powershell|pwsh|psexec|python3?|"
    "regedit|regsvr32|robocopy|rundll32|schtasks|scp|sfc|smbclient|ssh|sshpass|sudo|systemctl|takeown|taskkill|vssadmin|"
    "wbadmin|wevtutil|wget|wmic|wscript"
)
_ALSO_WORDS = (
    "apt|apt-get|at|cat|cmd|crontab|dd|del|dnf|docker|echo|format|git|kill|ldapsearch|mount|mysql|nc|net|npm|passwd|perl|pip|"
    "reg|rm|rmdir|runas|sc|service|set|shutdown|yum"
)
_VERBS = "accounts|add|config|create|delete|group|install|localgroup|restart|run|share|start|stop|use|user"
_CMDLET = (
    "Add|Block|Clear|Compress|Connect|Convert|ConvertFrom|ConvertTo|Copy|Disable|Disconnect|Dismount|Enable|Enter|Exit|Expand|"
    "Export|Find|Format|Get|Grant|Import|Install|Invoke|Measure|Mount|Move|New|Out|Publish|Read|Register|Remove|Rename|Repair|"
    "Reset|Resolve|Restart|Restore|Resume|Revoke|Save|Search|Select|Send|Set|Start|Stop|Suspend|Sync|Test|Unblock|Uninstall|"
    "Unlock|Unregister|Update|Wait|Write"
)
# What no word of a sentence looks like, and a pipe with what it leads to.
_OPTION = r"(?:\|[ \t]*[\w.-]+(?:[ \t]+\w+)?|[-/>&$%\"'{(][^\s`]*|[^\s`]*(?:[\\:=@*_\d]|\w\.\w)[^\s`]*)"
_SMALL_WORDS = r"(?:a|an|and|as|at|by|for|from|in|of|on|or|the|then|to|with)\b"
_ARGUMENTS = rf"(?:[ \t]+(?:(?!{_SMALL_WORDS})[\w.-]+[ \t]+)?(?!{_SMALL_WORDS}){_OPTION})*"
_SIGN = r"[^\\\s\"'<>|,;:]"  # of a name in a path
_PHONE = (
    r"(?<![\w.+-])(?:\+|00)\d[\d ()/.-]{5,18}\d|\(\d{2,5}\)[ -]?\d[\d -]{4,12}\d"
    r"|(?<![\w.-])(?!\d{1,2}[-/. ]\d{1,2}[-/. ]\d{4}\b)"  # no date
    r"(?:0\d{1,4}[ /-]\d[\d -]{4,12}\d|\d{3}[- .]\d{3}[- .]\d{4})(?![\w-])"
)
_STANDARD = r"(?:aes|cat|cve|h|ieee|ipv|iso|kb|md|mp|o|rfc|sha|tls|usb|utf|wpa|x)-?\d"
_DEVICE = rf"(?!{_STANDARD})[a-z]{{2}}[a-z0-9]{{0,30}}(?:-[a-z0-9]{{1,30}}){{0,6}}(?<=\d\d)"

_PARTS = re.compile(
    "|".join(
        (
            r"`(?P<code>[^`\n]{2,})`",
            rf"(?P<link>(?i:{LINK.pattern}))",
            rf"(?P<path>(?<!\w)[A-Za-z]:\\(?:{_SIGN}+(?: {_SIGN}+){{0,3}}\\)*{_SIGN}*"
            rf"|\\\\[\w.$-]+(?:\\{_SIGN}+)+|\bHK(?:LM|CU|CR|U|EY_\w+)(?:\\{_SIGN}+)+"
            r"|(?<![\w/.:])(?:~|\.{1,2})?(?:/[\w.@-]+){2,}/?)",
            rf"(?P<command>(?<![\w-])(?:(?i:(?:{_PROGRAMS})(?:\.exe)?)(?![\w-]){_ARGUMENTS}"
            rf"|(?:{_ALSO_WORDS})(?=[ \t]+(?:[-/]\w|(?:{_VERBS})\b)){_ARGUMENTS}(?:[ \t]+(?:{_VERBS})\b{_ARGUMENTS})?"
            rf"|(?:{_CMDLET})-[A-Z]\w+{_ARGUMENTS}))",
            r"(?P<ip>(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2}|:\d{1,5})?(?![\w]|\.\d)"
            r"|(?<![\w:])(?:(?:[0-9a-fA-F]{1,4}:){1,7}(?::[0-9a-fA-F]{1,4})+|(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{1,4})(?![\w:]))",
            rf"(?P<phone>{_PHONE})",
            r"(?P<host>(?<![\w.@-])(?:[\w-]+(?:\.|\[\.\]|\(\.\)|\[dot\]|\(dot\)))+(?:[^\W\d_A-Z]{2,}|[A-Z]{2,})(?![\w-]))",
            rf"(?P<device>(?<![\w.-])(?i:{_DEVICE})(?![\w-]))",
        )
    )
)


class Record:
    """The words the model was given, to ask what of its answer occurs in them."""

    def __init__(self, content: str) -> None:
        """`content`: lines of JSON between two markers, as handoffs.prompt.record makes them."""
        self._text = _compared("\n".join(_strings(content)))
        found = map(_digits, re.findall(_PHONE, self._text))
        self._phones = {digits for digits in found if len(digits) > 6}

    def holds(self, part: str) -> bool:
        """Whether this stands in the record as it is, and not as a piece of something longer."""
        return bool(re.search(rf"(?<![\w-])(?<!\d\.){re.escape(_compared(part))}(?![\w-]|\.\w)", self._text))

    def unseen(self, text: str) -> list[str]:
        """The links, commands, addresses, phone numbers, paths and hosts in `text` that do not occur in the record."""
        found: dict[str, None] = {}
        for part in _PARTS.finditer(text):
            name = part.lastgroup or ""
            said = part[name].rstrip(" .,;:!?|").removesuffix("(")
            if len(said) > 2 and not (self._knows_phone(said) if name == "phone" else self.holds(said)):
                found[said[:LONGEST]] = None
        return list(found)[:MOST]

    def _knows_phone(self, said: str) -> bool:
        """Also where one is written with the code of its country, and the other is not."""
        digits = _digits(said)
        return any(known.endswith(digits) or digits.endswith(known) for known in self._phones)


def _strings(content: str) -> Iterator[str]:
    for line in content.split("\n"):
        if line.startswith("{"):
            yield from _texts(json.loads(line))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)


def _compared(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone).lstrip("0")
