"""Reads the texts of tests/quality/secrets*/, and scores what a redaction leaves of secrets and takes of the rest."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

SECRETS = Path(__file__).parent.parent / "secrets"
READ = Path(__file__).parent.parent / "secrets_read"
FRESH = Path(__file__).parent.parent / "secrets_fresh"  # there only while nobody who writes rules has read it
HARMLESS = "harmless."
PART = 4  # of a secret, so many characters in a row are a leak

_HEAD = re.compile(r"=== (\S+) \| (\S+)")
_MARKED = re.compile(r"⟦([^⟦⟧]+)⟧")
_PLACEHOLDER = re.compile(r"\[REDACTED[^\]]*\]")
_GAP = "\0"  # stands for a secret or a placeholder: no text has it


class WrongSample(ValueError):
    """A sample that cannot be used; the message names its file and line."""


def _json(text: str) -> str:
    return json.dumps({"text": text}, ensure_ascii=False)


def _each_line(before: str) -> Callable[[str], str]:
    return lambda text: "\n".join(before + line for line in text.split("\n"))


FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "json": _json,
    "quoted": _each_line("> "),
    "indented": _each_line("    "),
    "crlf": lambda text: text.replace("\n", "\r\n"),
}


@dataclass(frozen=True)
class Sample:
    """A text somebody may paste, and the secrets in it: none of a harmless one."""

    where: str  # file and line
    kind: str
    family: str
    marked: str
    read: bool = False  # of a set that was written without sight of the rules, and read since
    fresh: bool = False  # of one that nobody who writes rules has read

    @property
    def text(self) -> str:
        return _MARKED.sub(r"\1", self.marked)

    @property
    def secrets(self) -> list[str]:
        return _MARKED.findall(self.marked)

    @property
    def is_harmless(self) -> bool:
        return self.kind.startswith(HARMLESS)

    @property
    def half(self) -> str:
        """`a`, `b` and `read` may be looked at by whoever writes rules; `fresh` is held out. `a` or `b` is by the name
        of the family."""
        if self.read or self.fresh:
            return "read" if self.read else "fresh"
        return "ab"[zlib.crc32(self.family.encode()) % 2]

    @cached_property
    def around(self) -> str:
        """The text without its secrets."""
        return _MARKED.sub(_GAP, self.marked)


def load_samples(folder: Path = SECRETS) -> list[Sample]:
    """All samples, in the order of their files; none where there is no such folder. Refused with WrongSample: what
    breaks the format."""
    return [sample for path in sorted(folder.glob("*.txt")) for sample in _read(path)]


def _read(path: Path) -> Iterator[Sample]:
    head, begins, lines = None, 0, []
    read, fresh = path.parent == READ, path.parent == FRESH
    name = f"{path.parent.name}/{path.name}" if read or fresh else path.name
    written = path.read_text(encoding="utf-8").replace("¦", "").split("\n")
    for number, line in enumerate([*written, "=== end | end"], 1):
        if not (found := _HEAD.fullmatch(line)):
            lines.append(line)
            continue
        if head:
            text = "\n".join(lines).strip("\n")
            yield _checked(Sample(f"{name}:{begins}", head[1], head[2], text, read, fresh))
        head, begins, lines = found, number, []


def _checked(sample: Sample) -> Sample:
    unmarked = _MARKED.sub("", sample.marked)
    if not sample.marked.strip() or "⟦" in unmarked or "⟧" in unmarked:
        raise WrongSample(f"{sample.where}: nothing in it, or a mark without the other")
    if sample.is_harmless is bool(sample.secrets):
        raise WrongSample(f"{sample.where}: {sample.kind} with {len(sample.secrets)} secrets")
    return sample


# --- scores ----------------------------------------------------------------------------------------

Redact = Callable[[str], str]


@dataclass(frozen=True)
class Score:
    """What a redaction did to one sample, by form: of secrets the part that is left, "" where none is."""

    sample: Sample
    left: dict[str, str]
    changed: dict[str, bool]
    kept: float  # of the words beside the secrets, the share that is still there

    def caught(self, form: str) -> bool:
        return not self.left[form]


def scores(samples: Sequence[Sample], redact: Redact) -> list[Score]:
    return [_score(sample, redact) for sample in samples]


def _score(sample: Sample, redact: Redact) -> Score:
    said = {form: (written := write(sample.text), redact(written)) for form, write in FORMS.items()}
    return Score(
        sample,
        left={form: left_of(sample, form, redacted) for form, (_written, redacted) in said.items()},
        changed={form: redacted != written for form, (written, redacted) in said.items()},
        kept=_kept(sample, said["plain"][1]),
    )


def left_of(sample: Sample, form: str, redacted: str) -> str:
    """A part of a secret that a reader of `redacted` still learns, "" where there is none.

    What stands beside the secrets anyhow, a year in a date and in a password, is no leak where it is.
    """
    after = _PLACEHOLDER.sub(_GAP, redacted)
    before = FORMS[form](sample.around)
    for secret in sample.secrets:
        for line in map(str.strip, secret.split("\n")):
            written = json.dumps(line, ensure_ascii=False)[1:-1] if form == "json" else line
            for part in _parts(written):
                if after.count(part) > before.count(part):
                    return part
    return ""


def _parts(text: str) -> list[str]:
    if len(text) <= PART:
        return [text]
    parts = (text[at : at + PART] for at in range(len(text) - PART + 1))
    return [part for part in dict.fromkeys(parts) if any(map(str.isalnum, part))]


def _kept(sample: Sample, redacted: str) -> float:
    words = re.findall(r"\w{3,}", sample.around)
    return sum(word in redacted for word in words) / len(words) if words else 1.0
