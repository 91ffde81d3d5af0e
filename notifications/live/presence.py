"""Presence: who looks at which session or its card, and whether they type. Kept in this process's memory only.

A socket says where its person is, and says it again every ten seconds; what is not repeated ends by itself. A web
process tells the others all its marks, at each change and every few seconds; when it stops, its marks end, too. The
time is passed in, in seconds: nothing here waits, writes or looks anything up.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

LIVES = 25.0  # seconds a mark stands without being said again; pages say it every 10
PROCESS_LIVES = 12.0  # … and what another process said; it says it every RENEW_EVERY at the least
RENEW_EVERY = 5.0
LOOK_EVERY = 1.0  # a page hears of a session's people once in this time at most
SHOWN = 10  # people named at one session; whoever types comes first, of the rest the number is told


class Person(NamedTuple):
    id: int
    name: str
    typing: bool


class Place(NamedTuple):
    account: int
    session: int


People = tuple[Person, ...]


@dataclass
class Mark:
    """Where one socket's person is, and until when that holds."""

    place: Place
    person: Person
    until: float


@dataclass
class Said:
    """The last message of another process."""

    number: int = 0  # grows: a message that Redis kept back for a while must not undo a newer one
    until: float = 0.0
    people: dict[Place, People] = field(default_factory=dict)


class Presence:
    def __init__(self) -> None:
        self.process = uuid.uuid4().hex
        self.unsent = False  # whether something has changed here since the last message to the others
        self._number = 0
        self._marks: dict[Hashable, Mark] = {}
        self._here: defaultdict[Place, set[Hashable]] = defaultdict(set)
        self._said: dict[str, Said] = {}
        self._changed: set[Place] = set()
        self._shown: defaultdict[int, dict[int, People]] = defaultdict(dict)  # what pages were sent last

    # this process's own sockets

    def put(self, key: Hashable, place: Place, person: Person, *, now: float) -> None:
        """Note that the socket `key` is at `place`, and nowhere else; repeated, it only lasts longer."""
        old = self._marks.get(key)
        if old is None or (old.place, old.person) != (place, person):
            self.leave(key)
            self._here[place].add(key)
            self._touch(place)
        self._marks[key] = Mark(place, person, now + LIVES)

    def leave(self, key: Hashable) -> None:
        mark = self._marks.pop(key, None)
        if mark is None:
            return
        self._here[mark.place].discard(key)
        if not self._here[mark.place]:
            del self._here[mark.place]
        self._touch(mark.place)

    def is_known(self, place: Place) -> bool:
        """Whether somebody of this process is there already, so that the place need not be looked up."""
        return place in self._here

    def _touch(self, place: Place) -> None:
        self._changed.add(place)
        self.unsent = True

    # other processes

    def tell(self) -> dict[str, Any]:
        """The message to the other processes: everybody at this one."""
        self.unsent = False
        self._number += 1
        marks = [[*mark.place, *mark.person] for mark in self._marks.values()]
        return {"process": self.process, "number": self._number, "marks": marks}

    @property
    def is_empty(self) -> bool:
        return not self._marks

    def hear(self, process: str, number: int, marks: Iterable[list[Any]], *, now: float) -> None:
        said = self._said.get(process) or Said()
        if process == self.process or number <= said.number:
            return
        self._said[process] = said
        people: defaultdict[Place, list[Person]] = defaultdict(list)
        for account, session, pk, name, typing, *_newer in marks:
            people[Place(account, session)].append(Person(pk, name, typing))
        self._replace(said, {place: tuple(there) for place, there in people.items()})
        said.number, said.until = number, now + PROCESS_LIVES

    def _replace(self, said: Said, people: dict[Place, People]) -> None:
        places = said.people.keys() | people.keys()
        self._changed |= {place for place in places if said.people.get(place) != people.get(place)}
        said.people = people

    # time

    def expire(self, now: float) -> None:
        for key in [key for key, mark in self._marks.items() if mark.until <= now]:
            self.leave(key)
        for process in [process for process, said in self._said.items() if said.until <= now]:
            self._replace(self._said.pop(process), {})

    # what pages show

    def news(self) -> dict[int, dict[int, People]]:
        """By account and session, the people where they differ from what pages were sent last; they count as
        sent then."""
        news: defaultdict[int, dict[int, People]] = defaultdict(dict)
        changed, self._changed = self._changed, set()
        for place in changed:
            people = self._people(place)
            if people != self.shown(place.account).get(place.session, ()):
                news[place.account][place.session] = people
        for account, sessions in news.items():
            self._show(account, sessions)
        return news

    def shown(self, account: int) -> dict[int, People]:
        """What pages of this account were sent last, for a page that has just joined."""
        return self._shown.get(account, {})

    def _show(self, account: int, sessions: dict[int, People]) -> None:
        shown = self._shown[account]
        shown.update(sessions)
        for session in [session for session in sessions if not sessions[session]]:
            del shown[session]
        if not shown:
            del self._shown[account]

    def _people(self, place: Place) -> People:
        """Everybody at a place, each once however many tabs they have; typing in one tab counts."""
        here = [self._marks[key].person for key in self._here.get(place, ())]
        there = [person for said in self._said.values() for person in said.people.get(place, ())]
        found: dict[int, Person] = {}
        for person in (*here, *there):
            if person.id not in found or person.typing:
                found[person.id] = person
        return tuple(sorted(found.values(), key=lambda person: (not person.typing, person.name, person.id)))


def written(sessions: dict[int, People]) -> list[dict[str, Any]]:
    """The people by session, as they are written in a frame."""
    return [_written(session, people) for session, people in sessions.items()]


def _written(session: int, people: People) -> dict[str, Any]:
    more = len(people) - SHOWN
    return {
        "session": session,
        "people": [person._asdict() for person in people[:SHOWN]],
        **({"more": more} if more > 0 else {}),
    }
