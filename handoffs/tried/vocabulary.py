"""The words a line is compared by: each without its inflection, and of several that mean the same one for all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from handoffs.tried.thesaurus import LITTLE, SILENT, THINGS
from handoffs.tried.thesaurus_of_acts import ACTS, NEAR, OPPOSITE, PARTICLES

_ENDING = "izations ization ations ation itions ition ments ment ings ing ions ion ies ied ers ed es ly er ity s"
_ENDINGS = _ENDING.split()
_COMPARED = "newer lower higher older longer larger smaller later other another printer router"
NAME = re.compile(r"\d|\\|@|_|[a-z]\.[a-z]|^[a-z]:$")
LETTERED = re.compile(r"[A-Z]{2,}(?:-[A-Z0-9]+)+")  # FW-A
NUMBER = re.compile(r"#?\d[\d.,:/]*(?:%|[a-z]{1,3})?")
_WHOLE = frozenset(_COMPARED.split())


def stem(word: str) -> str:
    """The word without its inflection, alike for all that is compared."""
    if len(word) < 4 or not word.isalpha():
        return word
    for _ in range(2):
        if word in _WHOLE:
            return word
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 3 and not (ending == "s" and word.endswith("ss")):
                word = word[: -len(ending)] + ("y" if ending in ("ies", "ied") else "")
                break
        if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
            word = word[:-1]
        word = word.removesuffix("e") if len(word) > 3 else word
    return word[:-2] + "iz" if word.endswith("is") and len(word) > 5 else word


def _forms(table: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for line in table.replace(",\n ", ", ").strip().splitlines():
        head = line.split(",")[0].strip()
        for form in line.split(","):
            yield head, tuple(stem(word) for word in form.split())


def _pairs(table: str) -> frozenset[tuple[str, str]]:
    lines = [line.split(": ") for line in table.strip().splitlines()]
    pairs = [(one, other) for one, others in lines for other in others.split()]
    return frozenset([*pairs, *((other, one) for one, other in pairs)])


ACT_OF = {form: head for head, form in reversed(list(_forms(ACTS)))}
THING_OF = {form: head for head, form in reversed(list(_forms(THINGS)))}
_NEAR = _pairs(NEAR)
_OPPOSITE = _pairs(OPPOSITE)
IRREGULAR = {
    "ran": "run", "reran": "rerun", "rebuilt": "rebuild", "built": "build", "saw": "see", "seen": "see",
    "found": "find", "shrunk": "shrink", "shrank": "shrink", "gave": "give", "given": "give", "tried": "try",
    "sent": "send", "forgot": "forget", "forgotten": "forget", "denied": "deny", "made": "make", "wrote": "write",
    "written": "write", "unbound": "unbind", "shrunken": "shrink", "took": "take", "taken": "take", "brought": "bring",
    "rewrote": "write", "dug": "dig", "led": "lead", "kept": "keep", "held": "hold", "drew": "draw", "chose": "choose",
    "chosen": "choose", "bound": "bind", "left": "left", "got": "get", "overrode": "override",
    "lowered": "lower", "lowering": "lower", "newest": "newer", "printers": "printer", "routers": "router",
}  # fmt: skip
_WEAK = frozenset(
    "arecord" if word == "record" else THING_OF.get((stem(word),), stem(word)) for word in LITTLE.split()
) | {stem(word) for word in LITTLE.split()}
_SAYS_NOTHING = frozenset(stem(word) for word in SILENT.split()) | frozenset(SILENT.split())
PARTICLE_OF = {
    (stem(form.split()[0]), form.split()[1]): line.split(", ")[0]
    for line in PARTICLES.strip().splitlines()
    for form in line.split(", ")[1:]
}
_THING_HEADS = frozenset(THING_OF.values())
_OF_A_NAME, _OF_A_WORD, _OF_A_KIND, _OF_A_FIGURE = 1.6, 1.0, 0.4, 0.5  # how much they tell


@lru_cache(maxsize=20_000)
def weight(word: str) -> float:
    """How much it tells that two lines have it in common."""
    if NUMBER.fullmatch(word):
        return _OF_A_FIGURE
    if is_name(word) or (LETTERED.fullmatch(word.upper()) and "-" in word):
        return _OF_A_NAME
    return _OF_A_KIND if word in _WEAK else _OF_A_WORD


def is_name(word: str) -> bool:
    return bool(NAME.search(word)) and not NUMBER.fullmatch(word) and word not in _THING_HEADS


def is_known(form: tuple[str, ...]) -> bool:
    return form in ACT_OF or form in THING_OF


def tells(word: str, stemmed: str) -> bool:
    return word not in _SAYS_NOTHING and stemmed not in _SAYS_NOTHING and (len(word) > 1 or word.isdigit())


def is_known_thing(word: str) -> bool:
    return word in _THING_HEADS


def are_near(one: str, other: str) -> bool:
    return (one, other) in _NEAR


def are_opposite(one: str, other: str) -> bool:
    return (one, other) in _OPPOSITE
