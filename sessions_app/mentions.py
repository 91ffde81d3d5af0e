"""Whom a text mentions: "@Ana Petrov", or "@Ana" where one engineer alone has that first name. Who is notified and
what pages show marked is read by the same rule."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from resolutionflow.accounts.models import User
from resolutionflow.core.once import once
from resolutionflow.core.text import NOTE
from resolutionflow.web.markdown import outside_code
from resolutionflow.web.named import MOST_MARKED, Named

_AT = re.compile(r"(?<![\w@])@(?=[^\s@])")  # not the one inside an email address
_BETWEEN = re.compile(r"[ ,]*")  # two names at the beginning
MOST = 20  # people; a text that names more is a list of them, which is meant for nobody
CUT = "…"
URL = 200  # characters before an "@" that are looked at for the beginning of a URL


@dataclass(frozen=True)
class Mentions:
    """`people`: the ids of all of them; `asked`: those of the names that the text begins with, which are `length`
    characters long."""

    people: tuple[int, ...] = ()
    asked: tuple[int, ...] = ()
    length: int = 0


def mentions_in(text: str, *, account_id: int, asked: Collection[int] = ()) -> Mentions:
    """The engineers of this account whom the text names, each once, in its order. A name that several have means those
    alone of them who are `asked`, if any is. Nobody where it names more than MOST. Asks the database only where there
    is an "@"."""
    if not _AT.search(text):
        return Mentions()
    found = [_meant(one, asked) for one in _names_of(account_id).said_in(text)]
    first, length = _at_the_beginning(text, found)
    people = _each_once(found)
    return Mentions(people, _each_once(first), length) if len(people) <= MOST else Mentions()


def named_in(text: str, *, account_id: int) -> tuple[Named, ...]:
    """The same names where they stand, to be shown marked. Not the last one of a text that was cut, where it may be the
    beginning of a longer one. The account's people are read once for a page."""
    if not _AT.search(text):
        return ()
    names = once(f"names-{account_id}", lambda: _names_of(account_id))
    found = names.said_in(text)
    if found and text.endswith(CUT) and names.one_begins(text[found[-1].start + 1 : -len(CUT)]):
        found.pop()
    return tuple(found) if len(_each_once(found)) <= MOST else ()


def _names_of(account_id: int) -> _Names:
    engineers = User.objects.filter(account_id=account_id).engineers().order_by("pk")
    return _names_among(tuple(engineers.values_list("pk", "name")))


def begins(name: str, typed: str) -> bool:
    """Whether this name, or a later word in it, begins with what was typed; capitals and accents are the same."""
    name, typed = _plain(name), _plain(typed)
    return name.startswith(typed) or f" {typed}" in name


def _plain(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign)).casefold()


def _meant(mention: Named, asked: Collection[int]) -> Named:
    people = tuple(pk for pk in mention.people if pk in asked)
    return mention._replace(people=people or mention.people)


def _each_once(found: list[Named]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(pk for mention in found for pk in mention.people))


def _at_the_beginning(text: str, found: list[Named]) -> tuple[list[Named], int]:
    """The mentions with which the text begins, only blanks and commas between them; and how long they are."""
    first, length, after = [], 0, 0
    for mention in found:
        if mention.start != after:
            break
        first.append(mention)
        length = mention.end
        between = _BETWEEN.match(text, length)
        after = between.end() if between else length
    return first, length


class _Names:
    """Names of people, and first names that one of them alone has. Upper and lower case are the same."""

    def __init__(self, people: Iterable[tuple[int, str]]) -> None:
        self.people: dict[str, tuple[int, ...]] = {}  # two of the same name are both meant
        first: dict[str, set[int]] = {}
        for pk, name in people:
            name = _folded(unicodedata.normalize("NFC", name))
            self.people[name] = (*self.people.get(name, ()), pk)
            first.setdefault(name.split(" ")[0], set()).add(pk)
        for name, namesakes in first.items():
            if len(namesakes) == 1:
                self.people.setdefault(name, tuple(namesakes))
        self.lengths: dict[str, set[int]] = {}  # by the first letter
        for name in filter(None, self.people):
            self.lengths.setdefault(name[0], set()).add(len(name))

    def said_in(self, text: str) -> list[Named]:
        """Where it names them, but for what is code. A text that is longer than a note is shown without its Markdown,
        and so it has none."""
        found = list(islice(self._found_in(text), MOST_MARKED))
        return outside_code(text, found) if found and "`" in text and len(text) <= NOTE else found

    def one_begins(self, typed: str) -> bool:
        """Whether a name goes on after what was typed."""
        typed = _folded(typed)
        return any(name.startswith(typed) and name != typed for name in self.people)

    def _found_in(self, text: str) -> Iterator[Named]:
        folded, end = _folded(text), 0
        for at in _AT.finditer(folded):
            start = at.end()
            lengths = sorted(self.lengths.get(folded[start], ()), reverse=True) if start >= end else ()
            for length in lengths:  # the longest name first
                people = self.people.get(folded[start : start + length])
                if people and _ends_at(folded, start + length) and not _is_in_url(folded, at.start()):
                    end = start + length
                    yield Named(at.start(), end, people)
                    break


_names_among = lru_cache(maxsize=100)(_Names)  # of an account whose people are as they were


def _folded(text: str) -> str:
    """Without upper case, sign by sign: every place in it is the same place in `text`."""
    folded = text.casefold()
    if len(folded) == len(text):
        return folded
    return "".join(sign if len(sign.casefold()) > 1 else sign.casefold() for sign in text)


def _ends_at(text: str, end: int) -> bool:
    """Whether a name that reaches up to here ends here: no letter, no sign on one, no part of a longer name or an
    address follows."""
    after = text[end : end + 2]
    if after[:1] in ("-", ".", "@") and after[1:].isalnum():
        return False
    return not after or not (after[0].isalnum() or after[0] == "_" or unicodedata.category(after[0]).startswith("M"))


def _is_in_url(text: str, at: int) -> bool:
    before = (text[max(0, at - URL) : at].split() or [""])[-1]
    return ("://" in before or "mailto:" in before) and not text[at - 1].isspace()
