"""How much of an error one line is."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from sessions_app.errors.lookalikes import (
    AT_A_DOOR,
    GOOD_NEWS,
    HARMLESS,
    INSTEAD,
    MENDED,
    STATE,
    STATE_FIRST,
    is_quiet,
)
from sessions_app.errors.patterns import (
    CAPITALS,
    CODES,
    COMPLAINT,
    CONSEQUENCE,
    COUNT,
    EVENT,
    FAINT,
    SOFT,
    STRONG,
    SUMS_UP,
)

WEAK, LIKELY, CERTAIN = 1, 2, 3
INFO, WARNING, ERROR, FATAL = range(4)


class Weight(NamedTuple):
    """How surely a line is an error, how bad, where in it that stands, whether it only sums up other lines, and whether
    it has the words or codes of a machine, which a person uses only to quote one."""

    score: int
    severity: int
    at: int
    sums_up: bool
    printed: bool


@lru_cache(maxsize=2_000)  # the brief is made anew for each page, of mostly the same lines
def weigh(line: str) -> Weight | None:
    """How much of an error this one line is; None if it is none. The line has no control characters."""
    line = line.strip()
    low = line.lower().replace("’", "'")
    if not TELLING.search(low) or is_quiet(low):
        return None
    named = CAPITALS.search(line)
    words = HARMLESS.sub(_blank, _IN_CAPITALS.sub(_spoken, line).lower() if "-" in line else low)
    counted = COUNT.search(words)
    words = COUNT.sub(_blank, words) if counted else words
    code = CODES.search(low)
    said, likely = STRONG.search(words), SOFT.search(words)
    bad = level(line)
    if low.endswith("?") and not code and not named and bad is None and not (said and _asks_after(words, said.end())):
        return None
    event = not GOOD_NEWS.search(low) and EVENT.search(low)
    if code or named or said or (event and likely):
        score = CERTAIN
    else:
        score = LIKELY if likely or event else WEAK if FAINT.search(words) else 0
    if counted and not score:
        score = LIKELY if re.search(r"error|found|occur|with", counted[0]) else WEAK
    score = _by_level(score, bad)
    if score and MENDED.search(low):
        score -= 1
    if score and INSTEAD.search(low):
        score = min(score, WEAK if bad is None or bad < ERROR else LIKELY)
    if score and (AT_A_DOOR.search(low) or ("  " in low and (STATE.match(low) or STATE_FIRST.match(low)))):
        score = WEAK
    if not score:
        return None
    first = (_MESSAGE.search(low) if low.startswith("{") else None) or code or named or said or likely or counted
    printed = bool(code or named or event or (said and not COMPLAINT.match(said[0])))
    at = first.start() if first else 0
    return Weight(score, ERROR if bad is None else bad, at, _only_sums_up(low), printed)


def sums_up(line: str) -> bool:
    """Whether a line only sums up others."""
    weight = weigh(line)
    return weight is not None and weight.sums_up


def _only_sums_up(low: str) -> bool:
    """Whether a line only sums up others: "The step failed.", but not behind a sentence that says why."""
    found = SUMS_UP.search(low)
    if not found:
        return False
    before = low[: found.start()]
    return not (_SENTENCE_ENDS.search(before[-8:]) and (CODES.search(before) or STRONG.search(before)))


def _asks_after(words: str, place: int) -> bool:
    """Whether only another clause, behind this place, is the question."""
    return bool(re.search(r" - |[.;:!] ", words[place:]))


def names_error(line: str) -> bool:
    """Whether a line has the code or the name of an error, or the number of an event."""
    low = line.lower()
    return bool(CODES.search(low) or CAPITALS.search(line) or EVENT.search(low))


def signs_in(line: str) -> list[int]:
    """Where the codes, names and words of an error begin in a line, in their order."""
    low = line.lower()
    found = (CODES.finditer(low), CAPITALS.finditer(line), STRONG.finditer(HARMLESS.sub(_blank, low)))
    return sorted(one.start() for sort in found for one in sort)


def says_little(line: str) -> bool:
    """Whether a line says only what came of an error, as "timed out" or "handshake failed", and nothing of its own."""
    if (_PROGRESS.match(line) and not signs_in(line)) or (_ANNOUNCES.search(line) and not names_error(line)):
        return True
    low = line.lower().replace("’", "'")
    rest = CONSEQUENCE.sub(_blank, low)
    if rest == low or len(_WORD.findall(rest)) > MUCH or _REASON.search(rest):
        return False
    words = HARMLESS.sub(_blank, rest)
    return not (CODES.search(rest) or CAPITALS.search(_kept(line, rest)) or STRONG.search(words) or _WHY.search(rest))


def only_failed(line: str) -> bool:
    """Whether a line names only one thing that could not be done, and no reason."""
    found = [one.end() for one in _DONE_NOT.finditer(line)]
    return len(found) == 1 and not _WHY.search(line.lower()) and not re.search(r": \S", line[found[0] :])


def gives_reason(line: str) -> bool:
    """Whether a line names, behind its last colon, what went wrong."""
    _, colon, reason = line.rpartition(": ")
    return bool(colon and STRONG.search(HARMLESS.sub(_blank, reason.lower())))


_DONE_NOT = re.compile(
    r"\b(?:failed (?:to [a-z]|[a-z]{2,15}ing\b)|(?:could not|cannot|can't|couldn't|unable to) (?:be )?[a-z]"
    r"|error creating bean.*|target of an invocation)",
    re.I,
)


def _kept(line: str, rest: str) -> str:
    """The line without what is blank in `rest`, if it is as long."""
    if len(line) != len(rest):
        return ""
    return "".join(one if other != " " else " " for one, other in zip(line, rest, strict=True))


MUCH = 12  # words of a line that tells more than that
_WORD = re.compile(r"\b[^\W\d_]{3,}\b")
_REASON = re.compile(r" {6}:[ \"']{1,3}\w\S* +\w[^:]*$")  # behind what is blank: ": wrong password"
_PROGRESS = re.compile(r"[A-Z][a-z]+ing\b")  # "Awaiting final configuration", where it stays
_ANNOUNCES = re.compile(r"\b(?:errors?|messages?|problems?)\b[^:]{0,60}:\s*$", re.I)  # "The following errors occurred:"
_WHY = re.compile(r"\b(?:because|due to|reason|caused by)\b.{3}")


def _by_level(score: int, bad: int | None) -> int:
    """A log that calls its line an error knows; what it calls a warning may be one, what it calls news hardly is."""
    if bad is None:
        return score
    if bad >= ERROR:
        return CERTAIN
    if bad == WARNING:
        return LIKELY if score >= LIKELY else WEAK
    return max(0, score - 1)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _spoken(found: re.Match[str]) -> str:
    return found[0].replace("-", " ")


_IN_CAPITALS = re.compile(r"\b[A-Z]{2,}(?:-[A-Z]{2,})+\b")  # NO-PROPOSAL-CHOSEN
_SENTENCE_ENDS = re.compile(r"[.)\]] (?:the |this )?$")
_MESSAGE = re.compile(r"\"(?:msg|message)\"\s?:")


# --- what a log says of its line -------------------------------------------------------------------

STAMP = re.compile(
    r"^[\W_]{0,3}(?:\d{4}[-/.]\d\d?[-/.]\d\d?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}:\d\d(?::\d\d)?\b"
    r"|\d{1,2} [A-Z][a-z]{2} \d{4}"
    r"|[A-Z][a-z]{2},? +(?:[A-Z][a-z]{2} +)?\d{1,2},? +(?:\d{4} +)?\d\d?:\d\d|\d{9,10}[.:]\d|\d{1,6}\.\d{6}\]"
    r"|[IWEF]\d{4} \d\d:)"
)
_NAMES = {
    FATAL: "FATAL CRITICAL CRIT EMERG EMERGENCY ALERT PANIC SEVERE",
    ERROR: "ERROR ERR EROR FEHLER ERREUR",
    WARNING: "WARN WARNING WRN CAUTION",
    INFO: "NORMAL INFORMATIONAL NOTICE INFO INFORMATION INF DEBUG DBG TRACE VERBOSE LOG OK SUCCESS HINT DETAIL",
}
_SEVERITY = {name: severity for severity, names in _NAMES.items() for name in names.split()}
_LEVEL = "|".join(sorted(_SEVERITY, key=len, reverse=True))
_FIELD = re.compile(
    rf"\b(?:level|lvl|severity|sev|priority|pri|loglevel|levelname|log_level)[\"']?\s?[:=]\s?[\"']?({_LEVEL})\b", re.I
)
_NUMBER = re.compile(r"\"level\"\s?:\s?([3-6]0)\b")  # 30 is INFO, 60 FATAL
_BRACKETED = re.compile(rf"[\[<(|]\s?(?:\w+:)?({_LEVEL})\s?[\]>)|]", re.I)
_CAPITAL = re.compile(rf"(?<![\w/.-])({_LEVEL})(?=[\s:\]|,!-]|$)(?!-?\w)")
_FIRST = re.compile(rf"(?:^\W{{0,3}}|\]:? |\w: |- |> )({_LEVEL})\s?(?::|\]|\||-\s|!)", re.I)
_COLUMN = re.compile(
    r"(?:^|\s{2,})(Critical|Error|Warning|Caution|Informational|Information|Normal)\s{2,}(?=\S.*\s[a-z])"
)
_SHORT = re.compile(r"\S\s{2,}(CRIT|ERR|ERROR|WARN)\s{2,}(?=\S.*\s[a-z])")
_CISCO = re.compile(r"%[A-Z0-9_]+(?:-[A-Z0-9_]+)?-([0-7])-[A-Z0-9_]+")
# Of glog, apt, Android and CUPS; but "E: 40 GB free" is a drive.
_LETTER = re.compile(r"([IWEFD])(?:\d{4} \d\d:| \d\d/\d\d/\d\d |: (?=[A-Z][\w'-]+ (?!.*\d ?[KMGT]B\b))|/[\w.]+|\s\[\d)")
_LETTERS = {"D": INFO, "I": INFO, "W": WARNING, "E": ERROR, "F": FATAL}


def level(line: str) -> int | None:
    """How bad a log says that its line is; None where it says nothing."""
    head = line[:250]
    if found := _CISCO.search(head):
        return ERROR if int(found[1]) <= 3 else WARNING if found[1] == "4" else INFO
    if found := _LETTER.match(head):
        return _LETTERS[found[1]]
    if found := _NUMBER.search(line[:2000]):
        return int(found[1]) // 10 - 3
    found = _FIELD.search(line[:2000]) or _BRACKETED.search(head) or _FIRST.search(head) or _COLUMN.search(head)
    found = found or (
        _SHORT.search(head) if "  " in head and ("ERR" in head or "WARN" in head or "CRIT" in head) else None
    )
    if not found and (STAMP.match(head) or _CAPITAL.match(head.lstrip())):
        found = _CAPITAL.search(head)
    return _SEVERITY.get(found[1].upper()) if found else None


# --- what is worth weighing ------------------------------------------------------------------------

# A line with none of these has none of the others either: asked of every line, so it is made to be quick.
_STEMS = """
err|fail|fatal|fehl|fout|fault|fall|denied|deny|refus|reject|cannot|can't|can not|could|unable|won't|timed
timeout|time-out|deadline|unreach|not |not_|no_|no such|no route|no space|no answer|no reply|no proposal|no suit
no accept|no match|no more|no carrier|non-exist|no longer|doesn't|didn't|exce|invalid|illegal|incorrect|unknown
unresolved|unsupp|incompat|undefined|unavail|unrec|unsucc|undeliv|insuff|expir|revoked|disconnected|dropped|lost
loss|defer|bounce|stall|hung|degrad|offline|unhealthy|overheat|jam|wrong|problem|missing|warn|retry|retries
unexpected|mismatch|conflict|low on|slow|crit|attention|corrupt|crash|abort|panic|violat|forbid|syntax|unhandled
uncaught|in use|used by|another process|segment|core dump|out of|oom|killed|overflow|general prot|machine check
call trace|bsod|bluescreen|blue screen|stop|bugcheck|died|inaccess|uncorrect|nxdomain|irql|chosen|lock|reset
memory|trust|rpc|logon|login|auth|handshake|alert|credential|password|disabled|full|quota|i/o|read-only|bad |self-
self |issuer|terminat|closed|paper|toner|replace|negotiation|management|psk|too many|maximum|down|http|status|0x
aadsts|ora-|sqlstate|msb|tns-|pls-|sp2-|msg |exit|result|reason|code|return|verify|curl|even|évén|ereig|econn
eacces|eperm|enoent|eaddr|epipe|ehost|enet|enotf|eai_|enospc|eresolve|einteg|elife|emfile|eexist|ebusy|erofs|eio
eproto|einval|enotempty|e40|e_|emerg|severe|"level"|wrn|eror|verweiger|konnte|nicht|ungültig|abgelaufen|zeitüber
papier|échou|échec|introuvable|n'a pas|impossible|délai|bourrage|no |too |kein |kan |already|nak|limit|reached
set to an|bounds|not in|contains no|truncated|gone|lockup|lock-up|abnormal|stuck|broken|damaged|orphaned
infected|quarantined|abandoned|flapping|tampered|suspended|held by|duplicate|malicious|schreibgesch|protect
protég|gestört|störung|unterbrochen|verloren|getrennt|ausgefallen|abgestürzt|überschritten|unbekannt|gescheitert
indisponible|inconnu|dépass|hors ligne|panne|manquant|interrom|erroné|hang|exhaust|inconsist|incompl|interrupt
throttl|listed|overload|stale|unsync|sync|outdated|suspicious|misconfig|unplugged|loop|dead|needed|needs|perform
dependency|giving up|requires|returning|private|gesperrt|falsch|defekt|leer|keine|n'|perdue|arrêt|container
abgebrochen|denegado|no se|no es|caducado|agotado|virus|malware|intrusion|detected|split-b|empty|cover|klappe
lid |lapsed|instance|internet|greylist|thermal|surge|limited|threshold|mx rec|another user|atasco|geweigerd
mislukt|niet |verlopen|segf|isn't|aren't|wasn't|weren't|hasn't|haven't|without c|without p|received|suitable
mustbe|cannot|doesnot|isnot|notallowed|blink|flash|display|head open|drawer|panel|screen
unread|respon|deterior|n'est|unclean|improper|backoff|imagepull|evicted|trojan|worm|backdoor|ransom|exploit
hacktool|adware|spyware|behavior:|pua:|missed|declin
"""
_NUMBERS = (
    r"^[ewf](?:: |/| \d\d/|\s\[)|[45]\d\d(?:[ :,-]|\.?$)|80[0-9a-f]{6}\b|[ =#-][45]\.\d|-[12]\d{9}|-[0-4]-|214[78]\d"
    r"|322[125]\d|[wef]\d{4} |err?[ -]?\d|(?:shows?|says|reads|displays|zeigt) [a-z]"
)


def _by_first_letter(stems: list[str]) -> str:
    """A pattern that looks at a stem only where its first letter is."""
    groups: dict[str, list[str]] = {}
    for stem in stems:
        groups.setdefault(stem[0], []).append(re.escape(stem[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in groups.items())


TELLING = re.compile(_by_first_letter(_STEMS.strip().replace("\n", "|").split("|")) + "|" + _NUMBERS)


def is_telling(line: str) -> bool:
    """Whether a line may be an error at all."""
    return bool(TELLING.search(line.lower().replace("’", "'")))
