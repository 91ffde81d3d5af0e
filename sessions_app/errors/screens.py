"""What a person reads off a screen: a short text that is an error by where it stands, though it has none of its words.

A window that comes up, or a device with a small display, seldom says "error". Who types it off says where they saw it.
"""

from __future__ import annotations

import re

__all__ = ["denies", "is_on_screen", "typed_off"]

_SCREEN = re.compile(
    r"(?:\b(?:window|screen|display|dialog(?:ue)?|pop-?up|box|banner|bar|panel|message|notification|toast|screenshot"
    r"|photo|picture|terminal|triangle|self-test|red|status line|log line|text|words|handset|menu|on it|portal|console"
    r"|copier|printer|scanner|phone|till|tablet|camera|reader|page|site|app|program|software|client|tile|light|led|lcd"
    r"|keypad|pendant|kiosk|log|projector|recorder|controller|tab|journal|report|fenster|anzeige|meldung"
    r"|bildschirm|écran|pantalla|schermo)\b"
    # Whoever shows something is no person, whatever its name.
    r"|\b(?:shows?|showed|showing|displays?|displayed|pops? up|popped up|comes? up|came up|stops?|stopped|fails"
    r"|crashes|aborts|ends|stands|stuck|hangs|stays|gets|got|sees|saw|receives|prints|answers|throws|reads)\b)"
    r"[^.;!?]{0,50}$",
    re.I,
)
_NO_MACHINE = (
    r"(?!(?:who|he|she|they|i|we|and|also|users?|customer|client|boss|vendor|lady|man|guy|girl|woman|wife|husband"
    r"|nurse|teacher|colleague|support|provider|manager|owner|doctor|director|foreman|assistant|secretary|receptionist"
    r"|driver|technician|engineer|electrician|mother|father|sign|mail|field|invoice|label|list|plan|sticker|letter"
    r"|contract|ticket|policy|paper)\b)"
)
# Whoever is no person says what it shows.
_SAYS = re.compile(
    rf"\b{_NO_MACHINE}[a-z][\w-]* (?:says|said|tells \w+|writes|wrote|gives|goes|sagt|meldet|lights up) ?$"
)
# Before something in quotation marks, whatever it is that says so.
_QUOTES = re.compile(
    rf"^(?:[\w.'-]{{1,20}} ){{0,3}}[\w.'-]{{1,20}}: ?$|\b{_NO_MACHINE}\w+ (?:says|reads) ?$",
    re.I,
)
_DENIES = re.compile(
    r"\b(?:not|no|non|missing|mismatch|wrong|bad|jam\w*|empty|conflict|cannot|without|expired|required|needed"
    r"|stopped|lost|already|closed|rejected|busy|limit|exc?eeded|out of|locked|fault|alarm|fail\w*|errors?|denied"
    r"|disabled|interrupted|offline|refused|blocked|full|removed|in use|abnormal\w*|over-?(?:load|heat|temp"
    r"|current)\w*|damaged|tamper\w*"
    r"|trouble|stuck|try again|timed? ?-?out|suspended|restricted|low|off|loss|paused|ended|revoked|dead|broken"
    r"|detected|impossible|too \w+|replace|(?:cover|door|lid|tray|drawer|head) open"
    r"|dis(?:connect|continu|charg)\w+|(?:un|in)(?:able|known|valid|active|complete|correct|expected|reach|read"
    r"|support|recogni|authori|avail|plugg|regist|sign|trust|sufficien|compatib|access)\w*|nicht|kein\w*|fehlt"
    r"|gesperrt|gestört|aucune?|manque|ontbreekt)\b|n't\b",
    re.I,
)
_FINE = re.compile(
    r"^(?:please )?(?:enter|insert|sign in|log in)\b|(?<!not )(?<!n't )(?<!cannot )(?<!not yet )\b(?:success\w*"
    r"|welcome|ready|complete|ok|please wait|thank|updated|passed|do you want"
    r"|are you sure|would|loading|connecting|starting|searching|working on|running"
    r"|in progress|any ?more|not (?:locked|blocked|needed|required|affected)|which is|no (?:matter|new|further"
    r"|updates?|items?|results?|changes|matches|messages?|mails?|orders?"
    r"|data to|errors?|problems?|one|idea|longer(?! \w+(?:ed|able|id|ive|ing|sts?)\b)))\b|(?:\?|\.\.\.|…|:)$",
    re.I,
)
_PERSON = re.compile(r"\b(?:i|we|he|she|they|him|me|us)\b", re.I)
# Behind "it says": words in capitals, as a display of few letters has them, and the numbers of devices, as F28.
_BEHIND = (
    r"\b(?:says|shows|showing|reads|reading|displays|displaying|status|blinks|flashes|blinking|flashing|prints"
    r"|lights up|message|display|panel|keypad|pendant|console|controller|journal|stuck"
    r"|at the (?:bottom|top|end)|error|alarm|zeigt|meldet|steht|stands)(?: is| has| to me| me| out)?:? "
    r"(?:(?:just|only|still|now|again|in red|the|an?|code) ){0,2}[\"'“„]?"
)
_TYPED = re.compile(
    rf"(?:{_BEHIND}|\b(?:on|in) (?:the|its) (?:display|screen)\b[^.;!?]{{0,60}}? )"
    r"(?P<words>(?=(?:[A-Z]-)?[A-Z]{2,}[ /-])[A-Z][A-Z0-9-]+(?:[ /-][A-Z0-9]{2,}){1,5}|"
    r"(?!KB|V\d|A\d\b|MX|CH|AP)(?:[A-Z]{1,2}-?\d{2,4}(?:[.-]\d{1,3})?|E-?\d|F\d)(?![\w.:-]))",
)
_NO = r"(?:[A-Z]{0,3}-?\d[\dA-F.:-]{1,11} )?"  # of the message, as a device has it in front: "13.20.00 Jam in tray 2"
# "A box which she read out to me as Encoder not running, then OK".
_READ_OUT = re.compile(
    r"(?:\b(?:text|message|words?|title)\b[^.;,]{0,20} is"
    r"| (?:says|saying|said|reads|reading|with|as|at|has|titled|like|shows|showing|prints|wrote|writes|gives|goes"
    r"|sagt|then|minutes?|seconds?|later"
    r"|while)) (?:the (?:text|words|message|title|note) )?"
    rf"(?={_NO}[A-Z])(?P<words>{_NO}[^.,;!?:\"]{{5,160}})"
)
# What lights and sounds tell, and what a window says of itself in the middle of somebody's sentence.
_BY_ITSELF = re.compile(
    r"(?P<words>\b(?:blinks?|flash(?:es|ing)|blinking|beeps?|beeping)\b[^.;:,]{0,30}\b(?:\d{1,2}|two|three|four"
    r"|five|six|seven|eight|nine) (?:times|x|long|short)\b(?! (?:at|when|while|on|green))[^.;:,]{0,20}"
    r"|(?<=[a-z\d%,] )We(?: (?:couldn't|can't|could not|cannot|were unable|weren't able|are having)|'re (?:having"
    r"|sorry))\b|\b[A-Z]{2,5}-?\d{2,4}(?: [A-Z][\w-]*){0,3} (?:[Aa]larm|[Ff]ault|[Ee]rror|[Ff]ailure|[Tt]imeout"
    r"|[Oo]verload|[Jj]am)\b|(?<=\()[EF]-?\d{2,4}(?=\))"
    r"|(?<= )[A-Z][a-z]+(?: [a-z]+){0,5} \(0x[\da-fA-F]{2,8}\))"
)
_CAPITAL = re.compile(rf"{_NO}[A-ZÀ-Þ]")
_CAPITALS = re.compile(r"(?:[\w/-]{1,8} )?[A-Z]{2,}(?: [A-Z0-9]{2,})+\b")
_NUMBER_ON = re.compile(
    r"(?P<words>\b(?:[A-Z]{1,2}-?\d{2,4}|[EF]\d|[2-9][4-9][:.]\d\d|[3-9]\d[:.]\d\d)) (?:on|in) (?:the"
    r"|its) (?:[\w']+ )?"
    r"(?:display|panel|screen)\b"
)
# What is not a device says where something is: "the plan says A12".
_NO_DEVICE = re.compile(
    r"\b(?:plan|list|label|sticker|sign|paper|map|invoice|calendar|table|drawing|door|room|ticket)\b[^.;,]{0,40}$", re.I
)
_NAMES = re.compile(
    r"(?:no |not )?(?:ready|ok|online|on line|please wait|welcome|usb|hdmi|dhcp|ip|wlan|lan|vga|dp|pc|press)\b"
)


def is_on_screen(before: str, part: str) -> bool:
    """Whether what is quoted was shown by a window or a device, and says what is not, or is in capitals."""
    if part.count(" ") > 1 and _denies(part):
        return True
    if not (_SCREEN.search(before) or _QUOTES.search(before)):
        return False
    return _denies(part) or bool(_CAPITALS.match(part) and not _FINE.search(part))


def denies(before: str, shown: str) -> bool:
    """Whether what a window or a device is said to show says what is not, or is missing."""
    is_shown = _SCREEN.search(before) or (_SAYS.search(before) and not _NO_DEVICE.search(before))
    return bool(is_shown) and _denies(shown)


def _denies(shown: str) -> bool:
    shown = shown.strip()
    if not _CAPITAL.match(shown) or " " not in shown or _FINE.search(shown) or _PERSON.search(shown[:80]):
        return False
    return bool(_DENIES.search(shown))


def typed_off(sentence: str) -> int | None:
    """Where in a sentence the words or the number of a display begin; None where there are none."""
    found = _TYPED.search(sentence) or _NUMBER_ON.search(sentence) or _BY_ITSELF.search(sentence)
    before = sentence[: found.start()] if found else ""
    if found and not _NAMES.match(found["words"].lower()) and not _NO_DEVICE.search(before):
        return found.start("words")
    said = _READ_OUT.search(sentence)
    return said.start("words") if said and denies(sentence[: said.start("words")], said["words"]) else None
