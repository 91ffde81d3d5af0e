"""The error in what a person wrote: quoted, introduced ("it says: …"), typed off a screen or named by its code."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile

from resolutionflow.core.text import cut, one_line
from sessions_app.errors.hit import Hit
from sessions_app.errors.lookalikes import is_quiet
from sessions_app.errors.output import WEIGHED, hits_in, is_beside, telling
from sessions_app.errors.patterns import EXCEPTION
from sessions_app.errors.screens import denies, is_on_screen, typed_off
from sessions_app.errors.shown import LINE, ErrorLines, fit, shown
from sessions_app.errors.weight import CERTAIN, ERROR, LIKELY, STAMP, WARNING, WEAK, level, names_error, weigh

PASTED = 15  # lines below a colon, in which what is announced is looked for

_QUOTED = re.compile(
    r"\"([^\"\n]{3,600})\"|“([^”\n]{3,600})”|„([^“”\n]{3,600})[“”]|«([^»\n]{3,600})»|`([^`\n]{3,600})`"
    r"|(?<!\w)'((?:[^'\n]|(?<=\w)'(?=\w)){6,300})'(?!\w)"
)
# Before a quotation: that it is an error whatever it says, and that nobody saw it or it is only a name.
_FAILS_WITH = re.compile(
    r"\b(?:error|fehler|erreur|fails|failed|complains|refuses|bounces|bounced|stops|aborts|crashes|dies|bluescreen|hangs?"
    r"|stuck|frozen|freezes|stays|gets?|getting|receives?|bekommt|reçoit)\b[^.;!?]{0,40}$",
    re.I,
)
_NOT_SEEN = re.compile(
    r"\b(?:if|unless|fake|fears?|afraid|example|wording|template"
    r"|no|no more|without|instead of|expected|expecting|never|not|wenn|falls|kein|si)\b[^.;!?]{0,25}$"
    r"|\b(?:button|option|group|folder|setting|policy|menu|tab|field|subject|betreff|called|named)\b"
    r"(?:(?!\b(?:but|shows?|says|reads|displays|gets?|got|gives)\b)[^.;!?]){0,25}$"
    r"|\b(?:set|sets|switched|turned|changed|ticked|press(?:ed)?|click(?:ed)?|chose|select(?:ed)?)"
    r" (?:to |on |off |the )?\W?$",
    re.I,
)
# What a text shall be, or is to become: nobody has read it yet, or nobody minds what it says but how.
_WISHED = re.compile(
    r"\b(?:should|shall|must|ought to|(?:like|want|prefer|need|ask|wish)(?:s|ed)?\b[^.;!?\"“]{0,40} to) "
    r"(?:also |only |just |then |always )?(?:say|show|read|display|answer|be called|be named)\b"
    r"(?:(?! (?:but|and|when|says?|shows?|gets?|reads?)\b)[^.;!?\"“]){0,25}$"
    r"|\b(?:chang|renam|reword|rephras|translat|replac)(?:e|ing) "
    r"(?:(?:the|this|that|these|our|their|its|both|also) )?(?:\w+ ){0,2}$",
    re.I,
)
_AND = re.compile(r"\W*(?:and|or|und|et|en)?\W*(?:the )?")
_SPEECH = re.compile(
    r"(?:I(?! (?:get|got|see|receive))|My|I'm|I've"
    r"|because|that|as|so|but|and|when|if|he|she|we|they|my|our|nothing|everything|always|never) "
)
_SPOKEN = re.compile(
    r"\b(?:he|she|they|who|boss|user|customer|client|vendor|maker|manager|director|owner|support|provider|colleague|doctor)\b"
    r"[^.;!?]{0,20}\b(?:said|says|answers?|answered|words|wrote|writes|asked|insists?|calls?|thinks?|replied|reply)\b[^.;!?]{0,20}$",
    re.I,
)
_NAMED = re.compile(r" (?:policy|setting|option|button|group|folder|field|tab|menu|column|rule|box|page|list)\b")
_FINE = re.compile(
    r"success|welcome|ready|complete|up to date|connected$|\bok\b|healthy|enter (?:your|the)|please wait"
    r"|thank|updated$|passed",
    re.I,
)
_SAYS = re.compile(
    r"(?:\b(?P<verb>window|screen|display|dialog|pop-?up|box|panel|anzeige|fenster|says|say|said|shows?|showed|gets?|got|getting|reads?|message|messages|errors?|reported|reports|returns"
    r"|returned|displays|gives"
    r"|receives?|received|threw|throws|prints|answers|logs?|log has|fehler|meldung|meldet|zeigt|steht|stand"
    r"|(?-i:Reason|Cause|Grund|Raison|Details?)|erreur|affiche|dice|melding|geeft|zegt)"
    r"\b(?P<between>[^:\"“\n]{0,50})|\b(?:this|following)"
    r"(?: (?:at once|again|now|then|error|message|line|text|output|answer))?):\s+(?=\S)",
    re.I,
)
_ERROR_NO = re.compile(r"(?:errors?|fehler|erreur) \w*\d", re.I)
# "At logon: The …", and behind more than a few words.
_ABOUT = re.compile(r"(?:[\w'/-]{1,20} ){0,3}[\w'/-]{1,20}: (?=[A-Z0-9\[])|([^:\n]{1,90}): (?=[A-Z\[])")
_NUMBERED = re.compile(r"[A-Z][A-Z\d-]{1,11}\d: ")  # "PXE-E53: No boot filename received"
_TO_YOU = re.compile(r"(?:Sorry, )?Your?\b")
_MACHINE_SAYS = re.compile(
    r"\b(?:it|display|screen|phone|handset|printer|copier|scanner|mfp|panel|box|pop-?up|window|dialog|banner|message|app"
    r"|portal|console|bounce|log|journal|screenshot|photo|picture|terminal|till|browser|client|service|program|tool|website|page"
    r"|test|device|machine|anzeige|display)"
    r" (?:just |still |now |only |then )?(?:says|said|shows|showed|reads|displays|returned|returns|zeigt|meldet)"
    r" (?=[A-Z0-9\[])"
)
_VERB = re.compile(
    r"\b(?:says?|said|shows?|showed|reads?|gets?|got|getting|gives?|gave|throws?|threw|returns?|returned|displays?|message"
    r"|errors?|reports?|answers?|prints|logs?|meldet|zeigt|affiche|bounced with|fails with|failed with)\b",
    re.I,
)
_INTRODUCES = re.compile(
    rf"(?:{_VERB.pattern}|\b(?:with|mit|avec|still|warns|reported|reporting|seeing|sees|sent|wrote|photo|screenshot|picture|pop-?up"
    r"|dialog|window|box|banner|screen|display|fenster|anzeige|fenêtre|event)\b)[^.;!?]{0,60}$|[:=(>]\s*$",
    re.I,
)
_SAYS_SO = re.compile(rf"{_VERB.pattern}[^!?]{{0,120}}$", re.I)
_MAY_NAME = re.compile(r"\d|_|[A-Z]{4}|[a-z][A-Z]|=|[Ff]ailed")  # what every code or name of an error has
_MARKED = re.compile(
    rf"{_MAY_NAME.pattern}|[:\"“„«`'’]|blink|flash|beep|lights up|(?:with|then|wrote|writes|goes|gives|has|at) [A-Z]"
)  # something quoted has one
# What a manual says of an error, what only may come, and what somebody asks the meaning of: nobody saw it here.
_MANUAL = (
    r"(?:docs?|documentation|manual|handbook|guide|release notes|faq|(?:kb|knowledge base) article|article|readme)"
)
_READ_ABOUT = re.compile(
    rf"(?:\b(?:(?:from|per|according to|in|see|quot\w+) (?:[\w']{{2,15}} ){{0,3}}?(?:{_MANUAL}|forum)"
    rf"|(?i:{_MANUAL}) (?:also )?(?:says?|states?|mentions?|warns?|lists?))\b[^\"“\n]{{0,40}}[\"“]"
    r"|[\"“](?:If|When|Should|Wenn|Falls) )[^\"”\n]{3,600}[\"”]"
)
_MAY_COME = re.compile(
    r"\b(?:could|might|may) (?:also |then |even )?(?:get|see|run into|end in|cause|lead to|happen|crash|fail|lose"
    r"|stop)\b(?! (?:it|him|her|them|into|in|to)\b)|\b(?:[Ww]hat (?:do|does)|ask(?:s|ed)? what)\b.{1,120}\bmean"
)
_FORMAL = re.compile(r"(?:Cannot|Can't|Could|Unable|Failed|The|This|An?|No|Your?|[A-Z][a-z]+ing) [^.]{5,150}\. [A-Z]")
_ASIDE = re.compile(r"\s*\((?:[^()]*\s)?(?:i|we|he|she|they|photo\w*)\b[^()]*\)\.?$", re.I)
_ANNOUNCES = re.compile(
    r"\b(?:lines?|log|says|said|shows?|reads?|message|error|output|screen|window|pop-?up|display|copied|copy|pasted|mail|text"
    r"|result|this|following|notification|event|protocol|report|got|see|anzeige|meldung)\b",
    re.I,
)
_BULLET = re.compile(r"\s*[-*•]\s")
_END = re.compile(r"[.!?][\"”“]?\s+(?=[\"'“A-ZÀ-Þ0-9\[(])")
_TALK = re.compile(
    r"\b(?:i|we|he|she|they|you|please|my|our|their|her|his|someone|nobody|sometimes|often"
    r"|(?-i:(?:the|our|their|a|one|my|this|her|his) )?(?-i:users?|clients?|customers?) [a-z]|again|since|annoyed"
    r"|call)\b",
    re.I,
)
_MILD = re.compile(rf"(?:warning|caution|note|hint)\b|{_TALK.pattern}", re.I)


def in_prose(lines: list[str]) -> ErrorLines | None:
    """The surest error quoted; of several the last. Lines that look pasted are read as a machine's output."""
    if len(lines) == 1 and not (_MARKED.search(lines[0]) or _VERB.search(lines[0]) or _FORMAL.match(lines[0])):
        return None
    may_be_pasted = len(lines) > 1 or EXCEPTION.match(lines[0]) or level(lines[0]) is not None
    if not may_be_pasted:
        return _in_line(lines, 0)
    pasted = {hit.index: hit for hit in hits_in(lines) if _looks_pasted(lines, hit)}
    best: ErrorLines | None = None
    beside = {index for hit in pasted.values() for index in hit.more}
    for index in sorted({*telling(lines, most=WEIGHED // 2), *pasted} - beside, reverse=True):
        found = shown(lines, pasted[index]) if index in pasted else _in_line(lines, index)
        if found and (not best or found.score > best.score):
            best = found
    return best


def _looks_pasted(lines: list[str], hit: Hit) -> bool:
    """Whether a line was pasted: it has a time or a level or names an exception; or, among others, is an error for
    certain and talks like no person."""
    line = lines[hit.index]
    if EXCEPTION.match(line) or (level(line) or 0) >= (WARNING if STAMP.match(line) else ERROR):
        return hit.score >= LIKELY
    if _TALK.search(line) or _BULLET.match(line):
        return False
    if hit.score < CERTAIN:
        return hit.score == LIKELY and line[:1].isupper() and _is_below_colon(lines, hit.index)
    return len(lines) > 1 and bool(hit.more or names_error(line) or _is_printed(line))


def _is_below_colon(lines: list[str], index: int) -> bool:
    """Whether lines that a person announces with a colon go on without a gap down to this one."""
    for above in range(index - 1, max(-1, index - PASTED), -1):
        if lines[above].rstrip().endswith(":"):
            return bool(_ANNOUNCES.search(lines[above]))
        if not lines[above].strip():
            break
    return False


def _is_printed(line: str) -> bool:
    weight = weigh(line)
    return weight is not None and weight.printed


def _in_line(lines: list[str], index: int) -> ErrorLines | None:
    """What a line introduces or quotes; else the surest of its sentences, of several the last."""
    line = _READ_ABOUT.sub("", lines[index])
    if is_beside(lines, index) or is_quiet(line.lower()):
        return None
    if introduced := _introduced(line):
        return introduced
    best: ErrorLines | None = None
    sentences = _sentences(line)
    if len(sentences) > 1 and all(map(_is_typed_off, sentences)):
        return ErrorLines(fit(line, 0, LINE), (), LIKELY)
    for sentence in sentences:
        if _MAY_COME.search(sentence):
            continue
        quoted = _quoted(sentence)
        found = quoted if quoted and names_error(quoted.line) else _named_or(quoted, sentence)
        if found and (not best or found.score >= best.score):
            best = found
    return best


def _introduced(line: str) -> ErrorLines | None:
    """What stands behind "it says:", "the display shows" or "At logon:"."""
    says = _SAYS.search(line) if ": " in line else None
    if says and not _is_in_quotes(line, says.start()):
        told = says.end()
        if says["between"] and weigh(says["between"]):
            told = says.start("between")
        elif says["verb"] and _ERROR_NO.match(line, says.start()):
            told = says.start()
        sentences = _sentences(line[told:])
        # What a person says goes on in small letters: of that no later sentence is a machine's.
        if found := _told(sentences, only_first=sentences[0][:1].islower()) or _denied(line, says.end()):
            return found
    if says := _MACHINE_SAYS.search(line):
        return _told(_sentences(line[says.end() :]), only_first=True)
    if found := _denied(line, line.find(": ") + 2):
        return found
    about = _ABOUT.match(line)
    if about and (weight := weigh(about[0])) and weight.score == CERTAIN and weight.printed:
        return _told([line[weight.at :]], only_first=True)
    if not about or _is_in_quotes(line, about.end() - 2) or _TALK.search(_TO_YOU.sub("", line[about.end() :], count=1)):
        return None
    found = _told(_sentences(line if _NUMBERED.match(line) else line[about.end() :]), only_first=True)
    return found if found and (not about[1] or found.score == CERTAIN or _FAILS_WITH.search(about[1])) else None


def _denied(line: str, place: int) -> ErrorLines | None:
    """The first sentence behind this place, if a screen shows it and it says what is not, with those behind it that
    are errors too."""
    first, *others = _sentences(line[place:]) if place > 2 else [""]
    if not denies(line[:place], first):
        return None
    others = [_ASIDE.sub("", other) for other in others]
    rest = takewhile(lambda more: _weighed_as_printed(more) and not _TALK.search(more), others)
    return ErrorLines(cut(one_line(" ".join((first, *rest))), LINE), (), LIKELY)


def _is_in_quotes(line: str, place: int) -> bool:
    return any(found.start() < place < found.end() for found in _QUOTED.finditer(line))


def _told(sentences: list[str], *, only_first: bool = False) -> ErrorLines | None:
    """The first error of what is introduced, with the sentences right behind it that are errors too."""
    for place, sentence in enumerate(sentences[:1] if only_first else sentences):
        if found := None if only_first else _quoted(sentence):
            return found
        if found := _weighed_as_printed(sentence):
            rest = takewhile(lambda more: _weighed_as_printed(more) and not _TALK.search(more), sentences[place + 1 :])
            return replace(found, line=cut(" ".join((found.line, *rest)), LINE))
    return None


def _sentences(line: str) -> list[str]:
    """The sentences of a line; what is in quotation marks stays in one piece."""
    ends = list(_END.finditer(line))
    if not ends:
        return [line]
    quoted = [found.span() for found in _QUOTED.finditer(line)]
    kept = [end for end in ends if not any(first < end.start() < last - 2 for first, last in quoted)]
    places = [0, *(end.end() for end in kept)]
    return [line[first:last].rstrip() for first, last in zip(places, [*places[1:], len(line)], strict=True)]


def _quoted(sentence: str) -> ErrorLines | None:
    """The first error in quotation marks: what sounds like one, or whatever it fails with."""
    wished_to = -1  # where the last one ends that somebody only wants to read
    for found in _QUOTED.finditer(sentence):
        part, before = (
            next(part for part in found.groups() if part),
            sentence[max(0, found.start() - 80) : found.start()],
        )
        if _WISHED.search(before) or (wished_to >= 0 and _AND.fullmatch(sentence, wished_to, found.start())):
            wished_to = found.end()
            continue
        if _NOT_SEEN.search(before) or _NAMED.match(sentence, found.end()):
            continue
        if error := _weighed_as_printed(part):
            return error if _is_told(before, sentence, part) else replace(error, score=WEAK)
        fails = part.count(" ") > 1 and _FAILS_WITH.search(before) and not _FINE.search(part)
        if fails or is_on_screen(before, part):
            return ErrorLines(fit(part, 0, LINE), (), LIKELY)
    return None


def _is_told(before: str, sentence: str, part: str) -> bool:
    """Whether something in quotation marks is a machine's: it names an error, or is all there is, or is introduced or
    begins with a capital in the middle of a sentence, and is not what somebody says."""
    if names_error(part):
        return True
    if not before.strip():
        return len(part) > len(sentence) * 2 // 3 or (part[0].isupper() and not _MILD.search(part))
    if _SPEECH.match(part) or (_SPOKEN.search(before) and (part[0].islower() or _MILD.match(part))):
        return False
    return bool(part[0].isupper() or _INTRODUCES.search(before))


def _is_typed_off(sentence: str) -> bool:
    """Whether a sentence sounds like a window: of several that all do, nobody need say where they stood."""
    return sentence[:1].isupper() and not _TALK.search(sentence) and _weighed_as_printed(sentence) is not None


def _weighed_as_printed(text: str) -> ErrorLines | None:
    """What is quoted or introduced is a machine's: what it takes for likely is."""
    weight = weigh(text)
    if not weight or weight.score < LIKELY or not (weight.printed or " " in text.strip()):
        return None
    return ErrorLines(fit(text, weight.at, LINE), (), weight.score)


def _named_or(quoted: ErrorLines | None, sentence: str) -> ErrorLines | None:
    """What is quoted, unless the sentence itself names an error."""
    found = _in_sentence(sentence)
    if quoted and not (found and found.score >= LIKELY and names_error(found.line)):
        return quoted
    return found


def _in_sentence(sentence: str) -> ErrorLines | None:
    """A code counts in a sentence, too, and the words of a machine after "it says"; what a person says of their own
    accord does not."""
    at = typed_off(sentence)
    if at is not None:
        return ErrorLines(fit(sentence, at, LINE), (), LIKELY)
    names = bool(_MAY_NAME.search(sentence)) and names_error(sentence)
    weight = weigh(sentence) if names or _VERB.search(sentence) else None
    if not weight or not weight.printed:
        return None
    talks = bool(_TALK.search(sentence[:600]))
    score = weight.score if names else LIKELY + talks if _SAYS_SO.search(sentence[: weight.at]) else WEAK
    return ErrorLines(fit(sentence, weight.at, LINE), (), max(WEAK, score - talks))
