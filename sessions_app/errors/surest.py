"""Of the errors of an output the one that tells what happened: not what only came of it, nor its number alone."""

from __future__ import annotations

import re
from dataclasses import replace

from sessions_app.errors.hit import MORE, Hit
from sessions_app.errors.output import CAUSE, HEAD, ONLY_CODE, hits_in, next_line, past_gutter
from sessions_app.errors.recovery import by_worth, standing
from sessions_app.errors.weight import CERTAIN, LIKELY, gives_reason, names_error, only_failed, says_little, weigh

ABOVE = 4  # lines above a bare number, in which its message is looked for
FEW = 4  # words of a line that says next to nothing
NEAR = 20  # lines above a consequence, in which its cause is looked for
LONGEST = 400  # characters of a line that waited
BELOW = 4  # lines below what waited in vain for something else, in which more comes of that

_MINUTE = re.compile(r"\S{0,12}(?:[A-Z][a-z]{2} +\d+ )?[\d/.-]*[T ]?\d\d:\d\d")
# A field of the message above it, of one word or number: "Status: 403 (Forbidden)".
_OF_THE_ABOVE = re.compile(
    r"\s*\"?(?:\w{0,12}[ _]?(?:status|code)|status[ _]?\w{0,12}|h?result|category|error[ _]?id|type)\"?\s*[:=]\s*"
    r"[\w.\"-]{1,60}(?: \([A-Za-z ]{1,40}\))?,?\s*$",
    re.I,
)
# What did not go on only because something before it did not.
_WAITED = re.compile(
    r"\bdependency (?:\w+ )?failed\b|\bresult '?dependency\b|\bupstream[ _]failed\b"
    r"|\b(?:depends? on|because|since|due to)\b[^.;:]{0,60}\b(?:depend\w*|prerequisites?|upstream|previous|earlier"
    r"|parent|which)\b[^.;:]{0,40}\b(?:fail(?:ed|ures?)?|errors?|not (?:met|started|running))\b[^:]*$",
    re.I,
)


def surest(lines: list[str]) -> Hit | None:
    """The error of an output: the surest hit, or, where that tells only what came of it, the one near it that says
    what happened; with the code right below it, if it has none."""
    found = hits_in(lines)
    hits = standing(lines, found) or [replace(hit, over=True) for hit in found]
    best = max(hits, key=by_worth(lines), default=None)
    if best is None:
        return None
    return _with_code(lines, _waited_for(lines, hits, best) or _what_happened(lines, hits, best))


def _waited_for(lines: list[str], hits: list[Hit], best: Hit) -> Hit | None:
    """The error above lines that say they only waited for it in vain, if the best is one of these or right below."""
    top = last = None
    for index in range(best.index, max(-1, best.index - NEAR), -1):
        if _WAITED.search(lines[index][:LONGEST]):
            top, last = index, last or index
        elif top is not None and top - index > MORE:
            break
        elif top is None and best.index - index >= BELOW:
            return None
    if top is None or last is None or _is_later(lines[last], lines[best.index]):
        return None
    above = [hit for hit in hits if 0 < top - hit.index <= ABOVE and hit.score >= LIKELY and not hit.sums_up]
    return (
        replace(above[-1], score=best.score, more=tuple(dict.fromkeys([*above[-1].more, best.index]))[:MORE])
        if above
        else None
    )


def _is_later(line: str, other: str) -> bool:
    """Whether two lines begin with times, and the minutes of these differ."""
    first, second = _MINUTE.match(line), _MINUTE.match(other)
    return first is not None and second is not None and first[0] != second[0]


def _with_code(lines: list[str], hit: Hit) -> Hit:
    """With the line right below it that has only a code, where it has none itself."""
    below = next_line(lines, hit.index)
    if below is None or below in hit.more or names_error(lines[hit.index]):
        return hit
    if not (ONLY_CODE.match(lines[below]) and names_error(lines[below])):
        return hit
    return replace(hit, more=(below, *hit.more)[:MORE])


def _what_happened(lines: list[str], hits: list[Hit], best: Hit) -> Hit:
    line = lines[best.index]
    of_the_above = _message_of_field(lines, hits, best) if _OF_THE_ABOVE.match(line) else None
    if said := of_the_above or (_said_above(lines, hits, best) if ONLY_CODE.match(line) else None):
        return replace(said, score=best.score, more=tuple(dict.fromkeys([best.index, *best.more, *said.more]))[:MORE])
    if announced := _announced(lines, hits, best):
        return announced
    little = says_little(line)
    if not little and not only_failed(line):
        return _reason_above(lines, hits, best)
    telling = [hit for hit in hits if _tells_more(lines, hit, best, little=little)]
    near = [hit for hit in telling if 0 < best.index - hit.index <= NEAR]
    if not near and little:
        near = [hit for hit in telling if 0 < hit.index - best.index <= MORE][:1]
    if near:
        return replace(near[-1], score=best.score, more=tuple(dict.fromkeys([*near[-1].more, best.index]))[:MORE])
    return _cause_first(lines, best)


def _announced(lines: list[str], hits: list[Hit], best: Hit) -> Hit | None:
    """Of lines that are indented below "The server reported these problems:" the last that is an error itself."""
    line = lines[best.index].rstrip()
    if not line.endswith(":"):
        return None
    margin = len(line) - len(line.lstrip())
    below = best.index + 1
    while below < min(len(lines), best.index + NEAR) and lines[below][: margin + 1].isspace():
        below += 1
    within = [hit for hit in hits if best.index < hit.index < below and not hit.sums_up]
    return replace(within[-1], score=best.score, more=(best.index,)) if within else None


def _reason_above(lines: list[str], hits: list[Hit], best: Hit) -> Hit:
    """The line right above that says why, if this one names neither code nor reason."""
    line = lines[best.index]
    if names_error(line) or gives_reason(line):
        return best
    for hit in reversed(hits):
        if 0 < best.index - hit.index <= MORE and (hit.score, hit.severity) >= (best.score, best.severity):
            above = lines[hit.index]
            if not hit.sums_up and not _adds_little(above) and gives_reason(above):
                return replace(hit, more=tuple(dict.fromkeys([*hit.more, best.index]))[:MORE])
    return best


def _said_above(lines: list[str], hits: list[Hit], code: Hit) -> Hit | None:
    """The message that a line with only a number belongs to, if it was printed right above."""
    near = [
        hit
        for hit in hits
        if 0 < code.index - max(hit.index, hit.end) <= ABOVE
        and hit.score >= LIKELY
        and not hit.sums_up
        and not lines[hit.index].rstrip().endswith(":")
    ]
    return near[-1] if near else None


def _message_of_field(lines: list[str], hits: list[Hit], field: Hit) -> Hit | None:
    """The message that a field belongs to, if it says what happened and nothing but fields stands between."""
    top = field.index
    while top > max(0, field.index - NEAR) and _OF_THE_ABOVE.match(lines[top]):
        top -= 1
    of = [hit for hit in hits if hit.index <= top <= max(hit.index, hit.end, *hit.more) and hit.score >= LIKELY]
    return next((hit for hit in of if not hit.sums_up and not _adds_little(lines[hit.index])), None)


def _tells_more(lines: list[str], hit: Hit, best: Hit, *, little: bool) -> bool:
    """Whether a line says what happened; of a failure that says what it is of, only a code tells more."""
    line = lines[hit.index]
    if hit.sums_up or _adds_little(line) or ONLY_CODE.match(line):
        return False
    is_beside_few_words = abs(hit.index - best.index) == 1 and len(lines[best.index].split()) <= FEW
    if hit.score < (LIKELY if little and (names_error(line) or is_beside_few_words) else best.score):
        return False
    if little or (names_error(line) and not names_error(lines[best.index])):
        return True
    return 0 < best.index - hit.index <= MORE and gives_reason(line)


def _adds_little(line: str) -> bool:
    return says_little(line) or only_failed(line)


def _cause_first(lines: list[str], hit: Hit) -> Hit:
    """The last of the lines that belong to it, if that says what happened and this one does not."""
    for index in reversed(hit.more):
        line = lines[index]
        weight = weigh(line)
        sure = CAUSE.match(past_gutter(line)) or (weight is not None and weight.score == CERTAIN)
        if sure and not _adds_little(line) and not HEAD.match(line):
            others = (hit.index, *(other for other in hit.more if other != index))
            return replace(hit, index=index, at=weight.at if weight else 0, more=others[:MORE])
    return hit
