"""Reads a line as acts: what is done, to what, and with which names and numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from handoffs.tried.things import COMMANDS, PHRASES, REWRITTEN, STOP, WEAK, canonical
from handoffs.tried.verbs import LIGHT, NOUNS, family_of, is_past

MOST = 600  # characters of a line that are read

_WORD = re.compile(r"[^\W_](?:[\w.:/\\$%@-]*[\w$]|:(?!\S))?")
# Where what is done ends: what came of it follows, or why, or another act.
_PURPOSES = (
    "allow apply avoid be bring catch check clear compare confirm determine eliminate ensure establish"
    " exclude find fix force free get give have help identify isolate learn let make narrow pick prevent"
    " provoke reduce refresh release restore resolve rule see solve start stop test trigger verify work"
)
_CUT = re.compile(
    r"[;\n→]|(?<!\b[a-z]):(?=\s|$)|[.!?](?=\s|$)|,(?=\s)| [-–—] |\b(?:and then|then|and|&&|but)\b"
    r"|\b(?:because|since|so that|in order to|while|after that|due to|until|unless)\b"
    rf"|(?<!\bup)(?<!\bable)(?<!\bhow)\bto (?=(?:{'|'.join(_PURPOSES.split())})\b)"
)
_ID = re.compile(r"\d|\\|^[a-z]:$|[a-z]\.[a-z]|@|^[a-z0-9]+_[a-z0-9_]+$")
_IN = (
    "across against at between by during for from in inside instead into of on over through to under using"
    " via with within without"
)
_PREPOSITIONS = frozenset(_IN.split())
_LEAD = (
    "again also and ask asked briefly carefully cleanly client completely customer finally first fully had"
    " have he her him i it just let manually next now once or please properly quickly remotely she simply"
    " technician tell temporarily the them then to tried try user users we windows you"
)
_BEFORE_A_VERB = frozenset(_LEAD.split())
_DRIVE = re.compile(r"[a-z]:")
_AND = ("and", "and then", "then", "&&", "but")
_IS = frozenset(("is", "are", "was", "were", "has", "have"))
UNSAID = "?"  # what was done to it goes without saying
_SWITCH = {"off": "disable", "down": "lower", "up": "raise"}
_AGAIN = {
    "install": "reinstall",
    "add": "reinstall",
    "create": "create",
    "reinstall": "reinstall",
    "grant": "grant again",
}
_SPEAKS_OF_IT = re.compile(r"[a-z]+ (?:it|them|again)\b")
_CMDLET = re.compile(r"\b(?:with|using|via|by) [a-z]+-[a-z]{4,}(?: -[a-z]+)+")
_EFFECT = re.compile(
    r"^\s*(?:then )?(?:(?:compare|test|retest|see|try|monitor|watch|observe|retry|list)\b"
    r"|(?:read|review|check)\b.*\b(?:logs?|history)\s*$"
    r"|(?:check|verify|confirm)(?= (?:again|if|whether|that|it|how)\b|\W*$))"
)
_WHY = re.compile(r"because|since|so that|in order to|while|due to|until|as|to")
_ASIDE = re.compile(r"\s*(?:which|who|where|as|so)\b")
# FW-A: a name, where power-cycle is two words.
_LETTERS = re.compile(r"\b[A-Z0-9]{2,}(?:-[A-Z0-9]+)*-(?:[A-Z]|[A-Z0-9]*\d[A-Z0-9]*)\b")
_PREDICATE = re.compile(
    r"\b(?:says?|said|shows?|showed|tells?|told|goes|arrives?|responds?|connects?|is|are|was|were|has|had)\b.*"
)
_OTHER = re.compile(r"\b(?:other|another|different|remote|second|neighbou?ring|colleague's)\b")
_CONDITION = re.compile(r"^\s*(?:if|when|should|once|in case)\b")


@dataclass(frozen=True)
class Act:
    """One thing done: `items` are what it is done to, `words` all that says where and with what too, `names` the hosts,
    numbers and codes among them, `also` what the line says beside it."""

    family: str
    items: tuple[tuple[str, ...], ...] = ()
    words: frozenset[str] = frozenset()
    also: frozenset[str] = frozenset()
    others: bool = False

    @property
    def names(self) -> frozenset[str]:
        return frozenset(filter(is_name, self.words))

    @property
    def commands(self) -> frozenset[str]:
        return (self.words | self.also) & COMMANDS

    @property
    def object(self) -> frozenset[str]:
        return frozenset(word for item in self.items for word in item)


def acts_of(text: str, *, done: bool) -> list[Act]:
    """What the line says is to be done or, with `done`, was: then the words that follow an act are what came of it."""
    text = _prepared(text)
    brackets = _rewritten(" ".join(re.findall(r"\(([^()]*)\)", text)))
    plain = _rewritten(re.sub(r"\([^()]*\)", " ", text))
    also = frozenset(_words(f"{brackets} {plain}" if done else brackets))
    found: list[Act] = []
    waiting = ""  # words before the verb: "On DC1, restart …"
    for clause, cut in _clauses(plain, done=done):
        if _WHY.fullmatch(cut) or (cut == "," and _ASIDE.match(clause)):
            also |= frozenset(_words(clause))
            continue
        if found and not done and found[0].family != "check" and _EFFECT.match(clause):
            continue
        act = _act(clause, first=not found, done=done)
        if act is not None:
            found.append(_follows(act, found[-1]) if found else _with(act, waiting))
        elif not found and not _CONDITION.match(clause) and not (done and waiting):
            waiting = f"{waiting} {clause}".strip()
        elif found and cut == "," and not done and (len(clause.split()) < 4 or " and " in clause):
            found[-1] = _with(found[-1], clause, listed=True)
    if not found and waiting:
        found = [_bare(waiting)]
    return [replace(act, also=also) for act in _joined(found) if act.words or act.family == "sign_again"]


def _prepared(text: str) -> str:
    text = unicodedata.normalize("NFKC", text[:MOST])
    text = _LETTERS.sub(lambda name: name[0].replace("-", "_"), text).casefold()
    text = re.sub(r"\b(?:e\.g\.|i\.e\.)", " ", _CMDLET.sub(" ", text))
    text = re.sub(r"[\"'`“”‘’*]+(?=\W|$)|(?<!\w)[\"'`“”‘’*]+", " ", text)
    return re.sub(r"[’']s?\b", "", text)


def _rewritten(text: str) -> str:
    for pattern, by in PHRASES:
        text = pattern.sub(by, text)
    return text


def _clauses(text: str, *, done: bool) -> Iterator[tuple[str, str]]:
    """The parts of a line, each with what stands before it. "And" parts two acts, not the things of one."""
    at, before = 0, ""
    for cut in _CUT.finditer(text):
        word = cut[0].strip()
        if word in _AND and not _starts_an_act(text[cut.end() :], done=done):
            continue
        yield text[at : cut.start()], before
        at, before = cut.end(), word
    yield text[at:], before


def _starts_an_act(text: str, *, done: bool) -> bool:
    words = _from_verb(text)
    if not words:
        return False
    if done:
        return is_past(words[0]) or words[0].endswith("ed") or words[0] in REWRITTEN
    return bool(_verb(words[0]) or words[0] in LIGHT or _SPEAKS_OF_IT.match(" ".join(words)))


def _from_verb(clause: str) -> list[str]:
    clause = re.sub(r"(?<=[a-z])-(?=[a-z])", " ", clause)
    words = [word.strip(".") for word in _WORD.findall(clause)]
    return words[next((at for at, word in enumerate(words) if word not in _BEFORE_A_VERB), len(words)) :]


def _verb(word: str) -> str:
    return family_of(word) or family_of(word.removeprefix("re")) or ("run" if word in COMMANDS else "")


def _act(clause: str, *, first: bool, done: bool) -> Act | None:
    words = _from_verb(clause)
    if not words:
        return None
    others = bool(_OTHER.search(clause))
    if words[0] in LIGHT:
        act = _nominal(words[1:], others)
        if act:
            return act
    family = _verb(words[0]) or ("run" if words[0] in LIGHT else "")
    if family and (not done or first or is_past(words[0]) or words[0] in REWRITTEN):
        return _split(family, words if words[0] in COMMANDS else words[1:], others)
    if done and first:
        for at, word in enumerate(words[1:], 1):
            if words[at - 1] in _IS:  # "… is assigned": what was found
                return _split("check", words, others)
            if is_past(word) or word in REWRITTEN:
                return _split(family_of(word), words[:at], others, rest=words[at + 1 :])
        for at, word in enumerate(words[1:], 1):
            if word.endswith("ed") and word.isalpha() and len(word) > 4 and not words[0].endswith("ed"):
                return _split(f"?{_stem(word)}", words[:at], others, rest=words[at + 1 :])
    may_be = words[0].endswith("ed") if done else not _CONDITION.match(clause)
    at_once = done or first or _SPEAKS_OF_IT.match(" ".join(words))
    if may_be and at_once and words[0].isalpha() and words[0] not in STOP:
        return _split(f"?{_stem(words[0])}", words[1:], others)
    if done and first:
        return _nominal(words, others)
    return None


def _nominal(words: list[str], others: bool) -> Act | None:
    """An act that is said by a noun: "an index rebuild on the Sales database"."""
    for at, word in enumerate(words[:7]):
        if word in NOUNS and words[at + 1 : at + 2] != ["page"]:
            return _split(NOUNS[word], [*words[:at], *words[at + 1 :]], others, noun=True)
    return None


def _stem(word: str) -> str:
    word = re.sub(r"(?:ed|ing|e)$", "", word)
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def _split(family: str, words: list[str], others: bool, *, noun: bool = False, rest: Sequence[str] = ()) -> Act:
    """What it is done to stands before the first preposition, or right behind one where nothing else does."""
    while words and words[0] in _PREPOSITIONS:
        words = words[1:]
    own, behind = _until_preposition(words)
    items = _items(own)
    if not (any(items) or {"it", "them"} & set(own)) or (noun and behind[:1] and behind[0] in ("of", "on", "for")):
        items = (*items, *_items(_until_preposition(behind[1:])[0]))
    known = frozenset(_words(" ".join([*words, *rest])))
    return Act(family, tuple(filter(None, items)), known, others=others)


def _until_preposition(words: Sequence[str]) -> tuple[list[str], list[str]]:
    end = next((at for at, word in enumerate(words) if word in _PREPOSITIONS or word in _IS), len(words))
    return list(words[:end]), list(words[end:])


def _items(words: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The things of a list, "Netlogon and the KDC"."""
    parts = re.split(r" (?:and|or|&) ", " ".join(words))
    return tuple(tuple(_words(part)) for part in parts)


def _with(act: Act, clause: str, *, listed: bool = False) -> Act:
    words = tuple(_words(clause))
    if not words:
        return act
    listed = listed and not all(map(is_name, words))  # "such as Gi1/0/14" is no thing more
    items = (*act.items, *filter(None, _items(clause.split()))) if listed or not act.items else act.items
    return replace(act, items=items, words=act.words | frozenset(words))


def _follows(act: Act, before: Act) -> Act:
    """An act of which nothing is said is done to what the one before was."""
    return act if act.items else replace(act, items=before.items, words=before.words | act.words)


def _joined(acts: Sequence[Act]) -> list[Act]:
    """To remove a thing and to add it again is one act."""
    found: list[Act] = []
    for at, act in enumerate(acts):
        if not act.items and at + 1 < len(acts):  # "Deleted and recreated the port"
            act = replace(act, items=acts[at + 1].items, words=act.words | acts[at + 1].words)
        again = _AGAIN.get(act.family)
        if found and again and found[-1].family == "remove" and (not act.object - found[-1].object):
            found[-1] = replace(found[-1], family=again, words=found[-1].words | act.words)
        else:
            found.append(act)
    return found


def _bare(clause: str) -> Act:
    """A line without a verb: "Message trace in Exchange Online, nothing", "sfc /scannow"."""
    words = [word.strip(".") for word in _WORD.findall(_PREDICATE.sub("", clause) or clause)]
    family = next((family for word, family in _SWITCH.items() if word in words), UNSAID)
    return _split("run" if COMMANDS & set(words) else family, words, bool(_OTHER.search(clause)))


def _words(text: str) -> Iterator[str]:
    """The words that tell something, each in the form it is compared by."""
    for part in _WORD.findall(text):
        part = part.strip(".") if _DRIVE.fullmatch(part) else part.strip(".:")
        pieces = [part] if _ID.search(part) else re.split(r"[-/:]", part)
        for piece in pieces:
            if piece in STOP or (piece.endswith("ing") and family_of(piece) and piece not in COMMANDS):
                continue
            word = piece if _ID.search(piece) else canonical(piece)
            if word not in STOP and word not in _PREPOSITIONS and (len(word) > 1 or word.isdigit()):
                yield word


def is_name(word: str) -> bool:
    """Whether it names one thing among its like: a host, an address, a number, a code."""
    return bool(_ID.search(word)) and word not in COMMANDS


def telling(words: Iterable[str]) -> frozenset[str]:
    """Of these words those that tell which thing it is; its kind alone where nothing else is said."""
    every = frozenset(words)
    return frozenset(word for word in every if word not in WEAK) or every
