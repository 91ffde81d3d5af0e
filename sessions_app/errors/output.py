"""Which lines of a machine's output are errors, and which lines belong to each."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile

from sessions_app.errors.hit import MORE, Hit
from sessions_app.errors.patterns import EXCEPTION
from sessions_app.errors.weight import (
    CERTAIN,
    ERROR,
    FATAL,
    LIKELY,
    STAMP,
    WEAK,
    is_telling,
    level,
    sums_up,
    weigh,
)

WEIGHED = 12_000  # characters of those lines that sound like an error: so much of them is weighed, the last ones
SEEN = 4_000  # lines at the end, of which those are looked for that are errors by what stands around them,
FORMED = 200  # and at most so many of these
NEAR = 20  # lines of the description of an event


# Below an exception: where it was thrown. Below an error of PowerShell: what was typed.
_FRAME = re.compile(
    r"\s+at \S|at [\w$.<>`]+[(\[]|\s*File \"|\s*[~^]+\s*$|\s*\+ |\s*\.{3} \d+ (?:more|common)|\s*--- End of|\s*#\d+ "
    r"|goroutine \d|\s+from \S+:\d+"
    r"|At (?:line|[A-Za-z]:\\.{1,200}):\d+ char:\d+|\s*\d+: +0x|Stack trace:|\s*\[\w+\]\s*$"
)
CAUSE = re.compile(r"\s*(?:Caused by|Root cause|Nested exception|Suppressed|\[?cause\]?|---+>|-> )\S?", re.I)
_TYPED = re.compile(
    r"(?:PS )?[A-Za-z]:\\[^>\n]{0,200}> ?\S|PS>"
    r"|\[?[\w.-]+@[\w.-]+[: ]?[\w./~-]*\]?[$#] \S|[\w./~:-]{0,40}[$#] [a-z]|>>> "
    r"|[\w.@()\[\]=-]{1,40}(?:=#|(?<![-=])[>#]) ?[A-Za-z]{2}"
    r"|\s*\+\+? \w+ "
)
_CMDLET = re.compile(r"[A-Z][A-Za-z]+-[A-Z]\w+ ?: \S|\S+\.ps1 : \S|\S+ : \S")  # how a message of PowerShell begins
_GUTTER = re.compile(r"[\w.-]{1,60} +\| ?|\s*\| (?=\S)")
_TO_READ = re.compile(
    r"\s*(?:-{1,2}[a-z][\w-]*[ ,=\[<]|for more (?:info|help|details)|see (?:also|http|')|more info(?:rmation)?:"
    r"|learn more|usage:|try '|help:"
    r"|hint:|note:)",
    re.I,
)
_BAD_EVENT = re.compile(
    r"\s*(?:level|entry ?type|type|ebene|niveau|nivel)\s*:\s*(error|critical|fehler|kritisch|erreur|fout)\s*$", re.I
)
_EVENT = re.compile(r"\s*(?:log name|source|event ?id|level|index|time\w*|provider\w*)\s*:", re.I)
_TELLS = re.compile(r"\s*(?:description|message|beschreibung|details?)\s*:\s*(.*)$", re.I)
_HOPS = re.compile(r"\*\s+\*\s+\*|^\s*\d+\s+\*")
_TITLE = re.compile(r"\s*(?:[A-Z][\w()/-]{0,30} ){0,6}[A-Z][\w()/-]{0,30}:\s*$")  # "Account That Was Locked Out:"
_FEW_WORDS = re.compile(r"(?:[A-Za-z%#][\w./%#-]*)(?: [\w./%#()-]+){0,2}")


def parts_of(lines: list[str], hit: Hit) -> list[int]:
    """The lines that make one sentence with the line of a hit: what was wrapped, the message below its code or below
    "the following error:", and the code right below its message."""
    parts = [hit.index]
    for index in sorted(index for index in hit.more if index > hit.index):
        upper, line = lines[parts[-1]], past_gutter(lines[index])
        if (
            index > parts[-1] + 2
            or line != lines[index]
            or _FRAME.match(line)
            or CAUSE.match(line)
            or STAMP.match(line)
        ):
            break
        if not (_OPENS.match(upper[-400:]) or ONLY_CODE.match(line) or _is_wrapped(upper, line.lstrip())):
            break
        parts.append(index)
    return parts


def _is_wrapped(upper: str, line: str) -> bool:
    """Whether a line goes on with the one above; one that begins with the same word, as of a program, does not."""
    if not _WRAPPED.match(line) or line.split(maxsplit=1)[0] == upper.split(maxsplit=1)[0]:
        return False
    return " " in line and not upper.rstrip().endswith((".", "!", ";", "}"))


def hits_in(lines: list[str]) -> list[Hit]:
    """The errors in a machine's output, each with the lines that belong to it, in the order of the text."""
    found = {hit.index: hit for hit in _weighed(lines)}
    for hit in deque(_by_form(lines), FORMED):
        found[hit.index] = hit
    return _grouped(lines, [found[index] for index in sorted(found)])


def _weighed(lines: list[str]) -> list[Hit]:
    """The lines with the words or codes of an error."""
    hits = []
    for index in telling(lines):
        if (weight := weigh(lines[index])) and not is_beside(lines, index):
            score = WEAK if _HOPS.search(lines[index][:200]) else weight.score
            hits.append(Hit(index, score, weight.severity, weight.at, weight.sums_up))
    return hits


def telling(lines: list[str], *, most: int = WEIGHED) -> list[int]:
    """Which lines are worth weighing, last first. Of those that differ only in figures, as of a repeated error, the
    last is; but in a code, as 200 and 503, or in a nought, lines differ."""
    seen: set[str | tuple[str, ...]] = set()
    chosen, length = [], 0
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        shape = line.translate(_NO_FIGURES)
        if len(line) < 3 or shape in seen or (kind := (shape, *_SPEAKING_FIGURES.findall(line))) in seen:
            continue
        if not is_telling(line):
            seen.add(shape)
            continue
        seen.add(kind)
        chosen.append(index)
        length += len(line)
        if length > most:
            break
    return chosen


_NO_FIGURES = dict.fromkeys(map(ord, "0123456789"))
_SPEAKING_FIGURES = re.compile(r"(?<![\w.:,-])(?:[45]\d\d|0)(?![\w.:,-])")


def is_beside(lines: list[str], index: int) -> bool:
    """Whether a line is a frame, a command as typed, advice, code of a trace or the head of a table."""
    line = lines[index]
    bare = past_gutter(line[:200])
    if _FRAME.match(bare) or _TYPED.match(line[:300]) or _TO_READ.match(bare):
        return True
    if _TITLE.match(line) and (below := next_line(lines, index)) is not None and _FIELD.match(lines[below]):
        return True
    above = lines[index - 1].lstrip() if index else ""
    return above.startswith('File "') or _is_heading(line, lines[index + 1] if index + 1 < len(lines) else "")


def _is_heading(line: str, below: str) -> bool:
    """Whether a line has the names of columns: few words without figures, and below it figures, a rule or nothing."""
    cells = [cell for cell in re.split(r"\s{2,}|\t|\s?\|\s?|,(?=\S)", line.strip()[:400]) if cell]
    if not cells or not all(_FEW_WORDS.fullmatch(cell) and not re.search(r"\d", cell) for cell in cells):
        return False
    if re.match(r"\W*(?:---|===)", below):
        return len(cells) > 1
    return len(cells) > 2 and level(f"{cells[0]}:") is None and (not below.strip() or bool(re.search(r"\d", below)))


def _by_form(lines: list[str]) -> Iterator[Hit]:
    """The lines that are errors by what stands around them, whatever they say."""
    severity = None
    for index in range(max(0, len(lines) - SEEN), len(lines)):
        line = lines[index]
        if not line or len(line) > 1000:
            continue
        if "char:" in line and _FRAME.match(line):
            yield from _above(lines, index)
        elif line.startswith("Msg ") and HEAD.match(line) and (said := next_line(lines, index)) is not None:
            yield Hit(said, CERTAIN, sums_up=sums_up(lines[said]), more=(index,))
        elif "Traceback (most" in line:
            yield from _below_trace(lines, index)
        elif ":" in line and (bad := _BAD_EVENT.match(line)):
            severity = FATAL if bad[1].lower().startswith(("crit", "krit")) else ERROR
        elif severity and ":" in line and (tells := _TELLS.match(line)):
            said = index if tells[1] else next_line(lines, index)
            if said is not None:
                yield Hit(said, CERTAIN, severity, end=_end_of_event(lines, said))
            severity = None


def _end_of_event(lines: list[str], said: int) -> int:
    """The last line of the description of an event that begins here: as far as there is no gap and no other event."""
    below = lines[said + 1 : said + 1 + NEAR]
    return said + sum(1 for _ in takewhile(lambda line: line.strip() and not _EVENT.match(line), below))


def _above(lines: list[str], index: int) -> Iterator[Hit]:
    """PowerShell prints the place below the message, which may run over several lines."""
    first = top = index
    while top and index - top < 20 and lines[top - 1].strip() and not _TYPED.match(lines[top - 1][:300]):
        top -= 1
        if _CMDLET.match(lines[top]):
            first = top
            break
        if index - top < 6 and (first == index or not _FIELD.match(lines[first])):
            first = top
    if first < index:
        below = index
        while below + 1 < len(lines) and (_FRAME.match(lines[below + 1]) or lines[below + 1][:1].isspace()):
            below += 1
        yield Hit(first, CERTAIN, more=tuple(range(first + 1, min(index, first + 1 + MORE))), end=below)


def _below_trace(lines: list[str], index: int) -> Iterator[Hit]:
    """Python prints the exception below its frames, as far to the left as the head of the trace."""
    margin = lines[index].index("Traceback")
    for below in range(index + 1, min(len(lines), index + 200)):
        line = lines[below][margin:]
        if line and not line[0].isspace():
            yield Hit(below, CERTAIN)
            return


def next_line(lines: list[str], index: int) -> int | None:
    """The next line that is not blank, at most one further."""
    return next((below for below in range(index + 1, min(len(lines), index + 3)) if lines[below].strip()), None)


# --- which lines belong together -----------------------------------------------------------------

_CODE = (
    r"\W*(?:[\d:.,/T-]+\s+){0,3}(?:\w+\s+){0,3}?(?:error|fehler|erreur|code|status|hresult|event id|ereignis|stop"
    r"|sqlstate)\b[\w :=#()-]{0,12}?[\s:=#(]*[-\w]*\d[-\w, .:=]*\)?\.?\s*$"
)
ONLY_CODE = re.compile(rf"(?!.*\b(?:exit|return)s?(?:ed)?\b){_CODE}", re.I)
_OPENS = re.compile(
    rf".*:\s*$|\s*Msg \d+, Level|.*\berror \S{{1,20}} (?:has )?occurred\.?\s*$|{_CODE}",
    re.I,
)
HEAD = re.compile(r"\s*(?:Msg \d+, Level|event id\W{1,4}\d+\s*$|\W*unhandled exception\W*$)", re.I)
_WRAPPED = re.compile(r"(?=[a-zà-ÿ])(?!\S+: )")
_FIELD = re.compile(r"\s*[\w .()/-]{1,40}\s*[:=]\s")
_RULE = re.compile(r"[\W_]*$")


def _grouped(lines: list[str], hits: list[Hit]) -> list[Hit]:
    """The hits with the lines that belong to each; what belongs to one is no hit of its own."""
    at = {hit.index: hit for hit in hits}
    thrown = {index for index in at if EXCEPTION.match(past_gutter(lines[index]))}
    kept: list[Hit] = []
    taken = -1
    for hit in hits:
        if hit.index <= taken:
            continue
        end = _end_of_trace(lines, hit.index)
        if end > hit.index:
            hit = replace(hit, end=end)
            hit, taken = _of_trace(lines, hit, end), end
            above = kept[-1] if kept and 0 < hit.index - kept[-1].index <= 2 else None
            if above and hit.index in thrown:  # logged, then printed: one error
                hit = replace(kept.pop(), index=hit.index, at=0, more=hit.more, score=hit.score, sums_up=False, end=end)
        elif not hit.more:
            more = tuple(takewhile(lambda index: index not in thrown, _following(lines, hit.index)))
            better = [at[index] for index in more if index in at and at[index].rank[0] > hit.rank[0]]
            if not better:
                hit = replace(hit, more=more)
            elif better[0].index == more[0] and not hit.sums_up and hit.score >= LIKELY:  # it is made sure by the next
                hit = replace(hit, more=more, score=better[0].score)
        taken = max(taken, *hit.more, hit.index, hit.end)
        kept.append(hit)
    return [_without_head(lines, hit) for hit in kept]


def _without_head(lines: list[str], hit: Hit) -> Hit:
    """A line that has only a number gives way to its message below."""
    if not hit.more or not HEAD.match(lines[hit.index]):
        return hit
    below = hit.more[0]
    return replace(hit, index=below, at=0, sums_up=sums_up(lines[below]), more=(hit.index, *hit.more[1:]))


def past_gutter(line: str) -> str:
    return _GUTTER.sub("", line[:500], count=1)


def _end_of_trace(lines: list[str], index: int) -> int:
    """The last line of the trace that begins here; the line itself where none does."""
    end, traced = index, False
    for below in range(index + 1, min(len(lines), index + 400)):
        line = past_gutter(lines[below])
        is_part = bool(_FRAME.match(line) or CAUSE.match(line))
        if not (is_part or line[:1].isspace() or line.startswith(("}", "]", ")"))) or STAMP.match(line):
            break
        traced = traced or is_part
        if not traced and below - index > 12:
            break
        end = below
    return end if traced else index


def _of_trace(lines: list[str], hit: Hit, end: int) -> Hit:
    """With the first cause named below it, and the last: the root."""
    causes = [index for index in range(hit.index + 1, end + 1) if CAUSE.match(past_gutter(lines[index]))]
    return replace(hit, more=tuple(dict.fromkeys([*causes[:1], *causes[-1:]])) or hit.more)


def _following(lines: list[str], index: int) -> tuple[int, ...]:
    """The lines right below that go on with this one: its message, or what was wrapped."""
    more: list[int] = []
    last = index
    while len(more) < MORE and (below := next_line(lines, last)) is not None and _goes_on(lines, index, last, below):
        more.append(below)
        last = below
    return tuple(more)


def _goes_on(lines: list[str], first: int, last: int, below: int) -> bool:
    line, upper = lines[below], lines[last]
    if STAMP.match(line) or _RULE.match(line) or is_beside(lines, below) or level(line) is not None:
        return False
    if _OPENS.match(upper[-400:]) and (last == first or upper.rstrip().endswith(":")):
        return True
    if below > last + 1 or len(line) > 1000:
        return False
    indent, margin = (len(one) - len(one.lstrip()) for one in (line, lines[first]))
    if STAMP.match(lines[first]) or indent > margin:
        return not _FIELD.match(line)
    if not _is_wrapped(upper, line) or len(upper) <= 40:
        return False
    return len(line.rstrip()) <= len(upper) + 1 + len(line.split(maxsplit=1)[0])  # else its first word had had room
