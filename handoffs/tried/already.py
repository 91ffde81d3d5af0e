"""Whether what is suggested was tried: which step says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Generic, Protocol, TypeVar

from handoffs.tried.acts import UNSAID, Act, acts_of, is_name, telling
from handoffs.tried.likeness import likeness, rarity
from handoffs.tried.lines import Line, recorded, suggested
from handoffs.tried.things import WEAK
from handoffs.tried.verbs import are_alike, is_unknown

SETTLED = frozenset(("failed", "ruled_out"))  # what was unclear, skipped or is to do may be done yet
AFTERWARDS = frozenset(("restart", "sign_in", "sign_again", "boot"))
_CHANGE = "install update replace reinstall remove restart rejoin disable enable"
CHANGES = frozenset(_CHANGE.split())
VALUES = frozenset(("set", "raise", "lower"))  # of these it matters what something is set to
ENOUGH = 0.3  # likeness from which on it is the same
SAID_SO = 2.5  # what it adds that the rules of acts find the step
LEFT_OUT = 2.0  # what it takes that one of two things was not done
_SHORT = re.compile(r"\b[A-Z]{3,5}\b")
_VALUE = re.compile(r"[\d.,%]+[a-z%]{0,3}")


class Tried(Protocol):
    """What is read of a step."""

    @property
    def ref(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def outcome(self) -> str: ...


S = TypeVar("S", bound=Tried)


class Ledger(Generic[S]):
    """The steps of a session that did not help, to ask of a suggestion whether it is one of them."""

    def __init__(self, steps: Iterable[S], *, device: str = "") -> None:
        """`device` is the session's, which a step need not name."""
        self._device = device.casefold()
        steps = list(steps)
        self._done = [(step, acts_of(step.text, done=True)) for step in steps if step.outcome in SETTLED]
        self._lines = [(step, recorded(step.text, ruled_out=step.outcome == "ruled_out")) for step in steps]
        self._rarity = rarity(line.words for _, line in self._lines)

    def marked(self, claims: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """These lines of an answer, those that say a step again with its ref as `tried`."""
        found = [(claim, self.step_for(claim["text"])) for claim in claims]
        return [{**claim, "tried": step.ref} if step else claim for claim, step in found]

    def step_for(self, suggestion: str) -> S | None:
        """The step that it says again. Where it is more like one that is still open, it is none."""
        exact = self.by_acts(suggestion)
        line, parts = suggested(suggestion).without(self._device), _parts(suggestion)
        best, most = None, ENOUGH
        for step, done in self._lines:
            like = likeness(line, done, self._rarity)
            if step is exact:
                like += SAID_SO
            elif like >= most and not all(part & self._words_of(step, done) for part in parts):
                like -= LEFT_OUT
            if like >= most:
                best, most = step, like
        return best if best is not None and best.outcome in SETTLED else None

    def _words_of(self, step: S, line: Line) -> frozenset[str]:
        acts = next((acts for one, acts in self._done if one is step), [])
        return line.words.union(*(act.words | act.also for act in acts))

    def by_acts(self, suggestion: str) -> S | None:
        """The newest step that did the same to the same; every act of the suggestion needs one."""
        found: dict[int, S] = {}  # by the place of the act in the suggestion
        acts = _needed(acts_of(suggestion, done=False))
        for step, done in self._done:
            spelled = spelled_alike(suggestion, step.text)
            wanted = acts if spelled == suggestion else _needed(acts_of(spelled, done=False))
            for at, act in enumerate(wanted):
                if any(is_same(act, other, device=self._device) for other in done):
                    found[at] = step
        return found[max(found)] if found and len(found) >= len(acts) else None


def _parts(suggestion: str) -> list[frozenset[str]]:
    """What each of several things is told by: all of a list, and what the acts behind the first are done to."""
    acts = _needed(acts_of(suggestion, done=False))
    listed = [telling(item) for item in acts[0].items] if acts and len(acts[0].items) > 1 else []
    return [*listed, *(telling(act.object) for act in acts[1:] if act.family in CHANGES and act.items)]


def spelled_alike(text: str, other: str) -> str:
    """`text` with the short forms the other has in place of the long ones: NPS for Network Policy Server."""
    for short in dict.fromkeys(_SHORT.findall(other)):
        long = r"[ -]".join(rf"{letter}[a-z]+" for letter in short)
        text = re.sub(rf"\b{long}\b(?: \({short}\))?", short, text, flags=re.I)
    return text


def _needed(acts: Sequence[Act]) -> list[Act]:
    """Without what goes without saying after another act: to sign in again, to restart what was changed."""
    return [act for at, act in enumerate(acts) if not at or act.family not in AFTERWARDS] if acts[:1] else []


def is_same(wanted: Act, done: Act, *, device: str = "") -> bool:
    """Whether both do the same to the same thing."""
    commands = wanted.commands & done.commands
    alike = are_alike(wanted.family, done.family) or (wanted.family == "check" and done.family == UNSAID)
    if not commands and not alike and not _things_tell(wanted, done):
        return False
    if wanted.others and not done.others and len(telling(wanted.words) & done.words) < 2:
        return False
    if not _names_agree(wanted, done, device):
        return False
    return bool(commands) or (_objects_agree(wanted, done) and not _differ(wanted, done))


def _things_tell(wanted: Act, done: Act) -> bool:
    """Where a verb is not known, whether the things alone say that it is the same."""
    if not (is_unknown(wanted.family) or is_unknown(done.family)) or not done.items or not wanted.items:
        return False
    there, said = done.words | done.also, wanted.words | wanted.also
    mine, its = telling(wanted.words), telling(done.words)
    alone = wanted.family == "run" and mine == its
    enough = 2 if UNSAID in (wanted.family, done.family) else 3
    return (mine <= there or its <= said) and (alone or len(mine & there) >= enough)


def _objects_agree(wanted: Act, done: Act) -> bool:
    """Whether it is done to the same: each thing that the suggestion names is one of the step's."""
    if wanted.family in VALUES or done.family in VALUES:
        told, there = telling(wanted.words), done.words | done.also
        return told <= there or len(told & there) > 1
    if wanted.family == "check":
        return _looks_at_the_same(wanted, done)
    if not wanted.items and not done.items:
        return wanted.family == done.family
    same = [any(_one_thing(mine, its, wanted, done) for its in done.items) for mine in wanted.items]
    return bool(same) and all(same)


def _looks_at_the_same(wanted: Act, done: Act) -> bool:
    """Of a check any word may say what is looked at."""
    mine, its = telling(wanted.words), telling(done.words)
    there, said = done.words | done.also, wanted.words | wanted.also
    common = frozenset(word for word in mine & there if not is_name(word))
    head = telling(done.items[0]) if done.items else its
    return bool(head & said) and (mine <= there or its <= said or len(common) > 1)


def _one_thing(mine: Sequence[str], its: Sequence[str], wanted: Act, done: Act) -> bool:
    """Whether the two name one thing, one of them perhaps with more words."""
    there = done.words | done.also
    said = frozenset(mine) | (wanted.words - wanted.object) | wanted.also  # of the others of a list nothing
    its_own = frozenset(its) - said - WEAK
    if frozenset(mine) - there and not all(map(is_name, its_own)):
        return False
    its_words = [word for word in its if word in telling(its) and not _VALUE.fullmatch(word)] or list(its)
    if is_name(its_words[-1]) and wanted.family != "check":
        return its_words[-1] in wanted.also | frozenset(mine)  # done to the host itself, not to something on it
    return its_words[-1] in said and (telling(mine) <= there or telling(its) <= said)


def _names_agree(wanted: Act, done: Act, device: str) -> bool:
    """Whether no name of the suggestion is another than the step's; a step without any is told by its things alone."""
    there = done.names | frozenset(filter(is_name, done.also))
    values = {name for name in there if _VALUE.fullmatch(name)}
    for name in wanted.names - there - {device}:
        is_value = bool(_VALUE.fullmatch(name))
        if (is_value and wanted.family == "check") or (values if is_value else there - values):
            return False
        if not is_value and name in wanted.object:
            return False
    return True


def _differ(wanted: Act, done: Act) -> bool:
    """Whether each says something the other does not: "of the Sales database", "of the Archive database"."""
    counted = frozenset if wanted.family in VALUES else telling  # "network" is a mode, too
    only_wanted = counted(wanted.words - wanted.names) - done.words - done.also
    only_done = counted(done.words - done.names) - wanted.words - wanted.also
    apart = bool(only_wanted and only_done)
    if wanted.family == "check":
        return apart and len(only_wanted) + len(only_done) > len(telling(wanted.words & done.words))
    return apart
