"""Reads a line as the things it speaks of and what is done to them, with no need to know every word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from handoffs.tried.vocabulary import (
    ACT_OF,
    IRREGULAR,
    LETTERED,
    NAME,
    NUMBER,
    PARTICLE_OF,
    THING_OF,
    are_near,
    are_opposite,
    is_known,
    stem,
    tells,
)

MOST = 600  # characters of a line that are read
_LONGEST = 5  # words of a form
_CHUNK = re.compile(r"[^\s,;()\[\]\"“”→]+|[,;()→]")
_OFF_ON = re.compile(
    r"\b(sign|log|turn|switch|power|toggle)\w*\b([^.;]{0,40}?)\b(?:off|out)\b([^.;]{0,30}?)\b(?:and|then)(?: back)? "
    r"(?:\w+ )?(?:back )?(?:on|in)\b(?! \w)?",
    re.I,
)
_HOST = re.compile(r"[A-Za-z]{1,6}[-\d][\w/.-]*")
_DRIVE = re.compile(r"[A-Za-z]:")
_SAYS = re.compile(r"\w")
_JOINTS = re.compile(r"[-/.:=]")
_PIECE = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")
_ARROW = re.compile(r"(\S+)\s*(?:->|→|=>|>)\s*(\S+)")
_ASIDE = re.compile(
    r"(?:,? (?:as|because|since|so that|lest|while|which|who|where|in order to|whereas|even though|due to)"
    r"|,? (?:to|and) (?:see|exclude|rule out|find out|learn|narrow|make sure|avoid|eliminate)(?= (?!the (?:log|sign)))"
    r"|(?<=^)(?:as|because|since|while|if|when|to exclude|to rule out|to see)) .*?(?=, [a-z]+ |[:;.!?](?= |$)|$)",
    re.I,
)
_PARTS = re.compile(r"(?<=[.!?:;])\s+|,\s+(?:so|then|and then)\s+|\s+[-–—]\s+")
_RESULT = re.compile(r"[,;(]|\s[-–—]\s|\b(?:still|again|but|as per|as in)\b|[.!?](?=\s|$)|'")
_POINTS_BACK = re.compile(r"\b(?:it|its|them|such|there|that duplicate|this)\b")


@dataclass(frozen=True)
class Line:
    """`main` says what is done to what, `words` all that is said; `numbers` and `names` are in both."""

    main: frozenset[str]
    words: frozenset[str]
    acts: frozenset[str]
    first: str
    names: frozenset[str]
    numbers: frozenset[str]
    proper: frozenset[str] = frozenset()
    beside: frozenset[tuple[str, str]] = frozenset()  # words that stand side by side
    shorts: frozenset[str] = frozenset()  # ESP
    initials: dict[str, frozenset[str]] = field(default_factory=dict)  # of words in a row, with these
    last: str = ""  # what something is set to, mostly

    def without(self, name: str) -> Line:
        """Not counting a name that goes without saying."""
        return replace(self, main=self.main - {name}, names=self.names - {name}) if name in self.names else self


def suggested(text: str) -> Line:
    """A suggestion: why it is made stands aside."""
    text = _plain(text)
    main = _ASIDE.sub(" ", text)
    parts = [part for part in _PARTS.split(main) if part.strip()]
    told = [part for part in parts if _begins_with_act(part) or part.rstrip().endswith("?")]
    acting = [part for part in told if not part.rstrip().endswith("?")] or told
    asked = bool(acting) and all(part.rstrip().endswith("?") for part in acting)
    if any(_POINTS_BACK.search(part) for part in acting):
        acting = parts
    line = _line(" . ".join(acting or parts), text, stated=asked)
    if asked and (not line.acts or told == [part for part in told if part.rstrip().endswith("?")]):
        return Line(**{**vars(line), "acts": line.acts | {"check"}, "first": "check"})
    return line


def recorded(text: str, *, ruled_out: bool) -> Line:
    """A step: behind what was done stands what came of it."""
    text = _plain(text)
    cut = _RESULT.search(text, 8)
    head = text[: cut.start()] if cut else text
    line = _line(head, text, stated=ruled_out)
    acts, first = line.acts, line.first
    arrow = _ARROW.search(head)
    if arrow:
        acts, first = acts | {"set", _direction(arrow[1], arrow[2])}, first or "set"
    if ruled_out:
        acts, first = acts | {"check"}, first or "check"
    return Line(**{**vars(line), "acts": acts, "first": first})


def _direction(old: str, new: str) -> str:
    try:
        return "raise" if float(old.rstrip("%")) < float(new.rstrip("%")) else "lower"
    except ValueError:
        return "set"


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text[:MOST])
    text = re.sub(r"(?<=\w)[’']s?\b", "", text)
    text = re.sub(r"\b([Rr])e-(?=[a-z])", r"\1e", text)
    text = _OFF_ON.sub(_off_and_on, text)
    text = re.sub(r"\bw/(?=\s)", "with", text)
    text = re.sub(r"(?<=\d)[\u00a0 ]?(?:%|(?:[GMTK]i?B|ms|s|min|h|Hz|sec)\b)", "", text)
    return re.sub(r"(?<=\w)/(?=[A-Za-z]{4})|\+|(?<=\d)/(?=tcp|udp)", " ", text)


def _off_and_on(found: re.Match[str]) -> str:
    verb = "relogon" if found[1].casefold() in ("sign", "log") else "restart"
    return f"{verb}{found[2]}{found[3]}"


def _begins_with_act(part: str) -> bool:
    words = [stem(IRREGULAR.get(word, word)) for word in re.findall(r"[a-z]+", part.casefold())[:9]]
    while words and words[0] in _LEADS:
        words = words[1:]
    return any(
        tuple(words[at : at + n]) in ACT_OF or (n == 1 and words[at : at + 1] and words[at] in _LIGHT)
        for at in range(2)
        for n in (3, 2, 1)
    )


_LEAD = "please then also and first next now let have has ask walk try on"
_LEADS = frozenset(map(stem, _LEAD.split()))
_GENERAL = "turn switch take put bring go roll use give sign log do carry schedule plan power"
_LIGHT = frozenset(map(stem, _GENERAL.split()))


@dataclass(frozen=True)
class _Word:
    """`is_name`: told by itself, whatever the words around it."""

    text: str
    has_capital: bool = False
    is_name: bool = False


@dataclass
class _Read:
    """What is read of a text."""

    proper: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    acts: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)

    @property
    def things(self) -> frozenset[str]:
        return frozenset(self.order)

    def add(self, thing: str, *, proper: bool = False) -> None:
        self.order.append(thing)
        if proper:
            self.proper.add(thing)


def _line(main: str, text: str, *, stated: bool = False) -> Line:
    own, every = _read(main), _read(text)
    acts = own.acts or ([] if stated else every.acts)
    order = _joined([act for act in acts if act != "another" or not stated or "check" in acts])
    words = own.things | every.things
    return Line(
        main=own.things,
        words=words,
        beside=frozenset(zip(own.order, own.order[1:], strict=False)),
        shorts=frozenset(map(str.casefold, re.findall(r"\b[A-Z]{3,5}\b", text))),
        initials=_initials(text),
        acts=frozenset(order),
        first=order[0] if order else "",
        names=frozenset(own.names | every.names),
        numbers=frozenset(word for word in words if NUMBER.fullmatch(word)),
        proper=frozenset(own.proper | every.proper),
        last=own.order[-1] if own.order else "",
    )


def _joined(acts: list[str]) -> list[str]:
    """To switch off and on again is a restart, to remove and add again a new installation."""
    for one, others, both in (
        ("disable", {"enable", "allow", "start"}, "restart"),
        ("disable", {"register", "reinstall", "rejoin"}, "reinstall"),
        ("disconnect", {"reconnect"}, "restart"),
        ("remove", {"recreate", "install", "add", "set", "register", "reinstall", "rejoin"}, "reinstall"),
        ("signout", {"signin"}, "relogon"),
    ):
        if one in acts and others & set(acts) and acts.index(one) < max(i for i, a in enumerate(acts) if a in others):
            acts = [both, *(act for act in acts if act != one and act not in others)]
    return acts


def _read(text: str) -> _Read:
    """The things that are named, and the acts in their order."""
    found = _Read()
    words = [word for chunk in _CHUNK.findall(text) for word in _split(chunk, found)]
    told = [word.text for word in words]
    stems = ["" if word.is_name else stem(IRREGULAR.get(word.text, word.text)) for word in words]
    used: set[int] = set()
    at = 0
    while at < len(told):
        length = next((n for n in range(_LONGEST, 0, -1) if is_known(tuple(stems[at : at + n]))), 0)
        act, behind = _by_particle(told, at) if length < 3 else ("", -1)
        used |= {behind}
        if not act:
            form = tuple(stems[at : at + length])
            act = ACT_OF.get(form, "")
            if words[at].is_name:
                found.add(told[at])
            elif form in THING_OF:
                found.add(THING_OF[form], proper=any(word.has_capital for word in words[at : at + length]))
            elif not length and at not in used and tells(told[at], stems[at]):
                found.add(stems[at], proper=words[at].has_capital)
            if told[at] == "off" and at not in used:
                act = "disable"
        if act in ("enable", "allow") and ({"not", "no", "never", "without"} & set(told[max(0, at - 2) : at])):
            act = "disable"
        if act == "enable" and told[at - 1 : at] and stems[at - 1] == "stop":
            found.acts.pop()
            act = "disable"
        if act:
            found.acts.append(act)
        at += length or 1
    return found


def _by_particle(words: Sequence[str], at: int) -> tuple[str, int]:
    """What a verb and a word behind it mean, "take … off", and where that word stands."""
    verb = stem(IRREGULAR.get(words[at], words[at]))
    for behind in range(at + 1, min(at + 9, len(words))):
        if words[at] in ("bring", "brought") and words[behind : behind + 2] == ["up", "to"]:
            return "update", behind
        if (verb, words[behind]) in PARTICLE_OF:
            return PARTICLE_OF[verb, words[behind]], behind
    return "", -1


def _split(chunk: str, found: _Read) -> Iterator[_Word]:
    """The words of it; a name is kept whole, and its parts are words, too."""
    bare = chunk.strip(".,") if _DRIVE.fullmatch(chunk.strip(".,")) else chunk.strip(".:!?'`*<>~=")
    low = bare.casefold()
    if not _SAYS.search(bare):
        return
    if (low,) in THING_OF:
        yield _Word(low, has_capital=bare != low)
    elif NUMBER.fullmatch(low):
        yield _Word(low.rstrip("%"), is_name=True)
    elif NAME.search(low) or LETTERED.fullmatch(bare):
        found.names.add(low)
        yield _Word(low, is_name=True)
        if not _HOST.fullmatch(bare):
            for piece in (stem(piece.casefold()) for piece in _PIECE.findall(bare) if len(piece) > 2):
                yield _Word(THING_OF.get((piece,), piece), is_name=True)
    else:
        for part in _JOINTS.split(bare):
            camel = _PIECE.findall(part)
            if len(part) > 6 and len(camel) > 1 and all(len(piece) > 1 for piece in camel):
                yield _Word(part.casefold(), is_name=True)
                yield from (_Word(piece.casefold()) for piece in camel)
            elif part:
                yield _Word(part.casefold(), has_capital=part != part.casefold())


def _initials(text: str) -> dict[str, frozenset[str]]:
    words = [word for word in re.findall(r"[A-Za-z]+", text) if word not in ("of", "and", "the", "for")]
    return {
        "".join(word[0] for word in words[at : at + n]).casefold(): frozenset(
            THING_OF.get((stem(word.casefold()),), stem(word.casefold())) for word in words[at : at + n]
        )
        for at in range(len(words))
        for n in (3, 4, 5)
        if at + n <= len(words)
    }


def spelled_alike(line: Line, other: Line) -> Line:
    """The line with the short forms that the other has in place of long ones: NPS for Network Policy Server."""
    shorts = [short for short in other.shorts - line.words if short in line.initials]
    for short in shorts:
        long = line.initials[short]
        line = replace(
            line, main=line.main - long | {short} if long & line.main else line.main, words=line.words | {short}
        )
    return line


def odd_acts(wanted: Line, done: Line) -> frozenset[str]:
    """What is to be done beside what was."""
    return frozenset(act for act in wanted.acts - done.acts if not any(are_near(act, other) for other in done.acts)) - {
        "check",
        "run",
        "signin",
        "restart",
        "relogon",
    }


def relation(wanted: Line, done: Line) -> str:
    """How what is to be done stands to what was."""
    if not wanted.acts or not done.acts:
        return "unsaid"
    if wanted.first in done.acts or done.first in wanted.acts:
        return "same"
    pairs = {(one, other) for one in wanted.acts for other in done.acts}
    if are_opposite(wanted.first, done.first):
        return "opposite"
    if wanted.acts & done.acts:
        return "near"
    if any(are_opposite(*pair) for pair in pairs):
        return "opposite"
    return "near" if any(are_near(*pair) for pair in pairs) else "other"
