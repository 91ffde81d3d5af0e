"""The last error of a record: of all that its outputs and its people say, the one a colleague should read first.

Machines are believed; a person is where they quote one: a code, the name of an error, words in quotation marks or after
"it says". What somebody plainly complains of is no error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sessions_app.errors.lines import CERTAIN, LIKELY, ErrorLines, find_error
from sessions_app.errors.patterns import CAPITALS, CODES, EVENT, FAINT, SOFT
from sessions_app.errors.recovery import is_over
from sessions_app.errors.weight import names_error, says_little

__all__ = ["ErrorSource", "newest_error"]


RECENT = 5_000  # characters at the end of a newer output, in which an error may be over again
REACH = 15  # outputs that are older than an error which says little: one that says more is looked for in these


class ErrorSource(NamedTuple):
    """One text of a record: where it stands, whether a person wrote it, whether what it is of went wrong, whether an
    error may be found in it or it only tells of errors that are past, and whether one is only for want of others."""

    ref: str
    text: str
    prose: bool = False
    failed: bool = False
    counts: bool = True
    spare: bool = False


def newest_error(sources: Iterable[ErrorSource]) -> tuple[str, ErrorLines] | None:
    """Of sources, newest first: the ref and the error of the newest that says for certain what happened; else of the
    newest that says so less surely, or only what came of it; else a weak sign in the output of what failed; else what
    is sure in a text to spare; else what was over again, unless somebody says since that all is well."""
    sources = [source for source in sources if source.text.strip()]
    others: list[tuple[str, ErrorLines]] = []
    spare: list[tuple[str, ErrorLines]] = []
    over: list[tuple[str, ErrorLines]] = []
    past: set[str] = set()
    left = REACH
    fails_yet = dismissed = False
    for place, source in enumerate(sources):
        left -= bool(others) and not source.prose
        fails_yet = fails_yet or source.failed
        if left < 0 or (source.prose and not fails_yet and _all_works(source.text)):
            break
        fails_yet = fails_yet or (source.prose and bool(_BACK.search(source.text)))
        text, gone = _without_past(source.text) if source.prose else (source.text, set())
        past |= gone
        if dismissed and not source.prose:
            dismissed = False
            continue
        dismissed = dismissed or (source.prose and bool(_DISMISSES.search(source.text)))
        found = find_error(text, prose=source.prose) if source.counts else None
        if not found or (past and (_is_of(found, past) or _events(text) & past)):
            continue
        if found.over or _is_there_again(found, sources[:place]):
            over += [] if any(map(_says_well, sources[:place])) else [(source.ref, found)]
        elif source.spare:
            spare += [(source.ref, found)] if _is_sure(found, source.prose) else []
        elif _is_sure(found, source.prose):
            return (_as_printed(found, sources[place + 1 :]) if source.prose else None) or (source.ref, found)
        elif found.score >= LIKELY or (source.failed and not source.prose):
            others.append((source.ref, found))
    # Of equal ones the first, which is the newest; but a state, as "offline", gives way to what tells more.
    return max(
        others or spare or over[:1], key=lambda other: (other[1].score, not says_little(other[1].line)), default=None
    )


def _is_sure(found: ErrorLines, prose: bool) -> bool:
    surely = found.score == CERTAIN or (prose and names_error(found.line))
    return surely and not says_little(found.line)


def _as_printed(quoted: ErrorLines, older: Sequence[ErrorSource]) -> tuple[str, ErrorLines] | None:
    """The newest output that has the code a person named: it says more than they do."""
    codes = _codes_in(quoted.line)
    for source in older:
        if source.prose or not source.counts or not any(code in source.text.lower() for code in codes):
            continue
        found = find_error(source.text)
        if found and _is_of(found, codes):
            return source.ref, found
    return None


# --- errors that are past --------------------------------------------------------------------------

_PAST = re.compile(
    r"(?<!not )(?<!n't )(?<!never )(?<!yet )\b(?:solved|resolved|fixed|gone|cured|unrelated|harmless|cosmetic"
    r"|red herring|false alarm|at first(?![^.;!?]*\b(?:now|then|later)\b)"
    r"|(?:is|was|were|are) (?:(?:only|just)(?! (?-i:[A-Z\"“]))|expected|normal|known|old"
    r"|mine|mended|sorted)"
    r"|(?:can|may|could) be ignored|ignore (?:it|that|this|the)|nothing to do with"
    r"|no longer(?! (?:valid|active|exists?|supported|available|trusted))|went away|disappeared"
    r"|(?:is|was|were|are|from|that's|it's) (?:on |of |from )?"
    r"(?:an?other|a different|the other|the old|an old|last|yesterday)"
    r"|(?<!since )(?<!as )last (?:year|summer|winter|spring|autumn)|(?:years?|months) ago"
    r"|not (?:our|ours|related|the cause|the reason|the problem)|has nothing|behoben|gelöst|opgelost|résolu)\b",
    re.I,
)
# Not solved; or what closes by itself: "and then the program is gone".
_NOT_PAST = re.compile(
    r"\b(?:not|isn't|never|nothing) (?:yet |really )?(?:solved|fixed|gone|resolved)|\?"
    r"|\b(?:not sure|unsure|whether|hopefully|(?:i|we|they) hope)\b"
    r"|\b(?:program|app|application|client|window|screen|then|files?|folders?|icons?|pictures?|mails?|data|network)"
    r" (?:it |(?:is|was|are|were) |just )?(?:gone|disappeared)\b",
    re.I,
)
_BACK = re.compile(r"\b(?:again|back)\b")
# Of what an output above shows, that it need not worry anybody.
_DISMISSES = re.compile(
    r"(?<!not )\b(?:both|all|these|those|the|this|that) (?:\w+ ){0,2}?(?:warnings?|events?|errors?|messages?|entries"
    r"|lines|alarms?|ones)\b[^.;!?]{0,25}\b(?:are|is|were|was|be)\b(?! not)[^.;!?]{0,20}"
    r"\b(?:known|harmless|expected|normal|cosmetic|unrelated|old|ignored)\b",
    re.I,
)
# "It works now", and no "but": whatever was printed before is past, if nothing has failed since.
_WORKS = re.compile(
    r"\b(?:it|that|this|everything|all) (?:all )?(?:works|is working|runs|is fine|is ok)(?: fine| well)? (?:now|again)"
    r"(?=[.,;!]|$)|\ball (?:is )?(?:good|fine|well|ok)(?: again| now)? (?:now|again|since)\b"
    r"|(?:^|[.!,;])\s*(?!(?:so|until|if|when|maybe|please|how)\b)(?:[\w']+ ){1,3}can"
    r" (?!try|call|ask|ring|happen)\w+ (?:\w+ )?again(?=[.,;!]|$)"
    r"|\b(?:that|this|which) (?:fixed|solved|cured) (?:it|that|the problem)"
    r"|\b(?:problem|issue|trouble|fault|alarm|beeping|outage|incident) (?:is|was|has been) (?:now )?"
    r"(?:solved|fixed|gone|resolved|over)\b",
    re.I,
)
# Of what was over again: that it stayed so.
_WELL = re.compile(
    r"\b(?:all|everything|both|it|they|that|line|link|tunnel|service|server|site|cluster|array)"
    r" (?:(?:is|are|was|has been|have been|all|now) ){0,3}"
    r"(?:optimal|green|healthy|up|fine|ok|good|well|normal|stable|quiet|back|restored|recovered|running|working|works?"
    r"|over)\b"
    r"|\b(?:and|now|then) (?:is|are) (?:good|fine|ok|green)\b|\bnothing since\b"
    r"|\bno (?:more|further|new) [\w-]+ (?:in|since|for|so far)\b|\b(?:stable|quiet|fine|up|clean|good) (?:since|for)\b"
    r"|\b(?:planned|scheduled|announced) (?:work|maintenance)",
    re.I,
)
_ALAS = re.compile(r"\b(?:but|still|except|not|temporar\w+|workaround)\b", re.I)
_BUT = re.compile(rf"{_ALAS.pattern}|\b(?:until|unless|just|once)\b", re.I)
_POINTS_BACK = re.compile(
    r"(?:(?:and|but|so|ok),? )?(?:that(?:'s| one| is| was)?|this(?: one)?|it(?:'s)?|these|those|they|both|das) "
    r"(?:(?:is|was|are|were|got|has been|ist|all|now|already) ){0,3}"
    r"(?:solved|resolved|fixed|gone|mended|sorted|cured|behoben|gelöst"
    r"|unrelated|harmless|cosmetic|old|yesterday|expected|normal|not (?:ours?|related|the cause|the problem))\b",
    re.I,
)
# "…, and since then it is gone"; but not "I hope it is solved then".
_IT_IS_PAST = re.compile(
    r"^(?!.*\b(?:hope|hopefully|wish|if|unless|until|once)\b).*?\b(?:it|that(?: one)?|this(?: one)?|which"
    r"|(?:the|that|this) (?:message|error|warning|fault|alarm|problem|window|box|pop-?up))(?:'s)? "
    r"(?:(?:is|was|has|had|been|now|all|already|then|just) ){0,3}"
    r"(?:solved|resolved|fixed|gone|mended|sorted|cured|went away|disappeared)\b",
    re.I,
)
_NAMED_GONE = re.compile(
    r"\b(?:the|that|this)(?: \w+)? (\w{4,20}) (?:(?:is|are|was|were|has|have|been|now|all) ){0,3}"
    r"(?:gone|solved|resolved|fixed|cured|went away|disappeared)\b",
    re.I,
)
_SENTENCE = re.compile(r"[^\n]*?[.!?;]\s+|[^\n]*\n|[^\n]+")
_HEX = re.compile(r"\b0x[0-9a-f]{2,16}\b")
_FIGURES = re.compile(r"[\w.-]*\d[\w.-]*\w|\d")
_NUMBER = re.compile(r"\b(?:the|that|this|error|code|der|den|die) (-\d{1,6}|\d{3,6})\b(?! (?!is|was|has)\w+s\b)")
_LONG_NUMBER = re.compile(r"(?<![\w.,:-])\d{4,6}(?![\w.,:-])")
_QUOTED = re.compile(r"[\"“'‘]([^\"“”'’\n]{6,120})[\"”'’]")


def _without_past(text: str) -> tuple[str, set[str]]:
    """What a person says without the errors that they say are solved, or of something else; and the codes, events and
    quoted words of these."""
    if not _PAST.search(text):
        return text, set()
    kept: list[str] = []
    past: set[str] = set()
    for sentence in _SENTENCE.findall(text):
        if _is_past(sentence):
            past |= _told_in(sentence)
            if kept and _points_back(sentence):
                past |= _told_in(kept.pop())
        else:
            kept.append(sentence)
    return "".join(kept), past


def _points_back(sentence: str) -> bool:
    """Whether what is past is what the sentence before told: this one has no error of its own, only "it" or "that"."""
    return bool(_POINTS_BACK.match(sentence) or (_IT_IS_PAST.search(sentence) and not _told_in(sentence)))


def _is_past(sentence: str) -> bool:
    said = _PAST.search(sentence)
    return said is not None and not _NOT_PAST.search(sentence) and not _BACK.search(sentence, said.end())


def _all_works(text: str) -> bool:
    works = _WORKS.search(text)
    return works is not None and not _BUT.search(text, works.start())


def _is_there_again(found: ErrorLines, newer: Sequence[ErrorSource]) -> bool:
    """Whether a newer output says that what an error says the state of is there again."""
    outputs = (source.text[-RECENT:] for source in newer if not source.prose and not source.failed)
    return is_over(found.line, (line for text in outputs for line in text.split("\n"))) is not None


def _says_well(source: ErrorSource) -> bool:
    if not source.prose or not _WELL.search(source.text):
        return False
    return any(_WELL.search(sentence) and not _ALAS.search(sentence) for sentence in _SENTENCE.findall(source.text))


def _told_in(sentence: str) -> set[str]:
    """The codes, events and quoted words of a sentence, and the error that it names as gone, as "the timeout"."""
    quoted = {quoted.lower() for quoted in _QUOTED.findall(sentence)}
    numbers = {*_NUMBER.findall(sentence.lower()), *_LONG_NUMBER.findall(sentence)}
    named = {found[1].lower() for found in _NAMED_GONE.finditer(sentence) if _sounds_bad(found[1].lower())}
    return _codes_in(sentence) | _events(sentence) | numbers | quoted | named


def _sounds_bad(word: str) -> bool:
    return word not in ("error", "problem", "warning", "fault") and bool(SOFT.search(word) or FAINT.search(word))


def _events(text: str) -> set[str]:
    """The numbers of events, as "event 41"."""
    return {"event " + found[0].split()[-1].strip(":#=") for found in EVENT.finditer(text.lower())}


def _codes_in(line: str) -> set[str]:
    """The codes and names of errors in a line, in small letters; short numbers are none."""
    low = line.lower()
    codes = {found[0].lower() for found in CAPITALS.finditer(line)} | set(_HEX.findall(low))
    for found in CODES.finditer(low):
        figures = _FIGURES.findall(found[0])
        codes |= set(figures[-1:])
    return {code for code in codes if len(code) > 2}


def _is_of(found: ErrorLines, codes: set[str]) -> bool:
    said = " ".join((found.line, *found.more)).lower()
    return any(code in said for code in codes if not code.isdecimal() or re.search(rf"\b{code}\b", said))
