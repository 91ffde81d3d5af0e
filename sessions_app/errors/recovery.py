"""Which errors were over again: "tunnel oslo down", and below it, or in a newer output, "tunnel oslo up"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from sessions_app.errors.hit import MORE, Hit
from sessions_app.errors.weight import STAMP, names_error, weigh

__all__ = ["by_worth", "is_over", "standing"]

FAR = 400  # lines below an error, in which it may be over again
MANY = 10  # errors of one output, the surest, that may be over again
TIMED = 200  # lines at the end, whose times are compared
MOST = 5  # words that say what something is of

# What a thing is when it is no longer there, and when it is again.
_GONE = re.compile(
    r"\b(?:down|degraded|offline|failed|failure|lost|stopped|terminated|unreachable|disconnected|dead|unavailable"
    r"|not responding|missing|timed? ?-?out|removed|unhealthy|inactive|crashed|on battery|dropped|alarm|interrupted"
    r"|not (?:reachable|running|connected|available|present))\b"
)
_THERE = re.compile(
    r"(?<!not )(?<!no longer )(?<!n't )\b(?:up|online|optimal|restored|recovered|recovery complete\w*|reconnected"
    r"|rejoined|re-?established|rebuilt|(?:rebuild|resync|repair)\w* (?:is )?(?:complete\w*|finished|done)|cleared"
    r"|resolved|running|healthy|full|reachable|available|connected|back to normal|succe(?:ss|eded)|active"
    r"|on line|utility power)\b"
)
# How a try ended.
_FAILED = re.compile(r"\b(?:failed|failure|denied|rejected|refused|unsuccessful(?:ly)?|timed out)\b", re.I)
_DONE = re.compile(r"(?<!not )\b(?:succeeded|success(?:ful(?:ly)?)?|completed|accepted|granted|passed|ok|done)\b", re.I)
_ATTEMPT = re.compile(
    r"\(?\b(?:attempt|try|retry)\b[ #:]{0,2}\d+(?: ?(?:of|/) ?\d+)?\)?|\b\d(?:st|nd|rd|th) (?:attempt|try)\b", re.I
)
# A time that is in the order of its letters.
_STAMPED = re.compile(r"\W{0,2}(?:\d{4}-\d\d-\d\d[T ]+)?\d\d:\d\d(?::\d\d)?\b")
_WORD = re.compile(r"[^\W_][\w./:@-]*\w|\w")
_NAME = re.compile(r"(?=.*[\d-])...")  # what has a number of its own
_LOGS = re.compile(r"^\W*(?:[\d:.,/TZ+-]+\s+|[A-Z][a-z]{2}\s+|\[[^\]]*\]\s*|(?:%\S+|[A-Z]{4,12})[: ]\s*)*")
_LOGGER = re.compile(r"\S+ [\w./-]+(?:\[\d+\])?: ")  # the host and the program
_TIME = re.compile(r"\W?(?:[A-Z][a-z]{2}\s+|[\d./-]+\s+)?\d\d?:\d\d\b")
_PLAIN = re.compile(
    r"(?:the|an?|i[st]|its|was|has|been?|are|o[fnk]|in|to|for|from|by|with|and|at|this|state|status|changed|now|service"
    r"|server|entered|info|error|warning|notice|critical|information|went|came)"
)


def standing(lines: list[str], hits: list[Hit]) -> list[Hit]:
    """These hits without those that were over, and without what was said right above one until it was over."""
    again = _done_later(lines, sorted(hits, key=lambda hit: hit.rank)[-MANY:])
    hits = [hit for hit in hits if hit not in again]
    for hit in sorted(hits, key=lambda hit: hit.rank)[-MANY:]:
        place = is_over(lines[hit.index], lines[hit.index + 1 : hit.index + 1 + FAR])
        if place is not None:
            burst = range(hit.index - MORE, hit.index + place + 1)
            hits = [one for one in hits if one.index not in burst or (one != hit and names_error(lines[one.index]))]
    return hits


def _done_later(lines: Sequence[str], hits: Sequence[Hit]) -> list[Hit]:
    """Those that say of something that it failed, which another line says was done, later on."""
    tried = {hit: words for hit in hits if (words := _tried(lines[hit.index], _FAILED))}
    if not tried:
        return []
    wanted = set(tried.values())
    done = [(place, words) for place, line in enumerate(lines) if (words := _tried(line, _DONE)) in wanted]
    turn = -1 if _begins_with_newest(lines) else 1
    last = {words: place for place, words in done[::turn]}
    return [hit for hit, words in tried.items() if words in last and turn * last[words] > turn * hit.index]


def _tried(line: str, how: re.Pattern[str]) -> tuple[str, ...]:
    """What a line says was tried: its words before how that ended, without the time and the number of the try; none
    where these name nothing."""
    ended = how.search(line)
    said = _ATTEMPT.sub("", _LOGS.sub("", line[: ended.start()].strip(), count=1)) if ended else ""
    words = tuple(_WORD.findall(said.lower()))
    return words if len(words) > 1 and any(map(_NAME.search, words)) else ()


def by_worth(lines: Sequence[str]) -> Callable[[Hit], tuple[float, int, int]]:
    """The rank of a hit; of equal ones the last, but in a list that begins with the newest the first."""
    turn = -1 if _begins_with_newest(lines) else 1
    return lambda hit: (*hit.rank[:2], turn * hit.index)


def _begins_with_newest(lines: Sequence[str]) -> bool:
    """Whether the times at which lines begin go back, and never forth."""
    times = [found[0] for line in lines[-TIMED:] if (found := _STAMPED.match(line))]
    if len(times) < 2 or len({len(time) for time in times}) > 1:
        return False
    return times[0] > times[-1] and times == sorted(times, reverse=True)


def _subject_of(line: str) -> frozenset[str]:
    """What a line says the state of, in its words before that state; none where it tells of no state, or why."""
    said = _message(line)
    gone = _GONE.search(said)
    if not gone or names_error(line):
        return frozenset()
    logger = _LOGGER.match(said)
    before, below = said[: gone.start()], said[gone.end() :]
    words = _words(before[logger.end() :] if logger else before) or _words(before)
    return frozenset(words[-MOST:] or _words(below)[:2])


def _recovers(line: str, subject: frozenset[str]) -> bool:
    """Whether a line says that this is there again."""
    low = line.lower()
    if not subject or not _THERE.search(low) or not subject & set(_words(low)):
        return False
    shared = subject & set(_words(_message(line)))
    named = {word for word in subject if _NAME.search(word)}
    if not named <= shared or (not named and 3 * len(shared) < 2 * len(subject)):
        return False
    return weigh(line) is None


def is_over(line: str, below: Sequence[str] | Iterable[str]) -> int | None:
    """Which of the lines below says that what this one says the state of is there again; None where none does."""
    subject = _subject_of(line)
    if not subject:
        return None
    return next((place for place, other in enumerate(below) if _recovers(other, subject)), None)


def _message(line: str) -> str:
    """What a line says, in small letters, without when and who logged it."""
    rest = line.strip()
    if STAMP.match(rest) or _TIME.match(rest):
        rest = _LOGS.sub("", rest, count=1)
    return rest.lower()


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if not _PLAIN.fullmatch(word)]
