"""An account's events as frames, in order: new ones, and those a page has missed."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from notifications.live import fragments
from notifications.live.frames import Message, frame, in_thread
from notifications.live.socket import Socket
from resolutionflow.accounts.models import Account, Event
from resolutionflow.core import clock

REPLAY_LIMIT = 500  # a gap longer than this is answered with `reload`
BATCH = 200  # events read at once
RENDER_LIMIT = 50  # in a longer batch the clients fetch their page once instead


@dataclass(frozen=True)
class EventFrames:
    """One event as frames: `thin` for every socket; `rich`, by what is watched, for pages that show it."""

    seq: int
    kind: str
    facts: dict[str, Any]
    thin: Message
    rich: dict[str, Message] = field(default_factory=dict)


def read_events(account_id: int, after: int, watched: Iterable[str] = (), upto: int | None = None) -> list[EventFrames]:
    """The next events of an account, in order, with the fragments for the pages that are watched."""
    missed = Event.objects.filter(account_id=account_id).after(after)
    if upto is not None:
        missed = missed.filter(seq__lte=upto)
    events = list(missed[: BATCH if upto is None else REPLAY_LIMIT])
    render = fragments.fragments_of if len(events) <= RENDER_LIMIT else fragments.unrendered_of
    rendered = render(events, set(watched))
    return [_frames_of(event, rendered.get(event.seq, {})) for event in events]


def _frames_of(event: Event, rendered: dict[str, list[fragments.Fragment]]) -> EventFrames:
    thin = {
        "type": "event",
        "seq": event.seq,
        "kind": event.kind,
        "actor": event.actor_id,
        "handoff": event.handoff_id,
        "session": event.session_id,
        "at": clock.iso(event.at),
    }
    rich = {watch: frame(**thin, fragments=parts) for watch, parts in rendered.items() if parts}
    return EventFrames(event.seq, event.kind, event.facts, frame(**thin, fragments=[]), rich)


class Feed:
    """An account with open sockets in this process: the last number sent, and the frames before it."""

    def __init__(self, account_id: int, last: int) -> None:
        self.account_id = account_id
        self.last = self.newest = last
        self.sockets: set[Socket] = set()
        self.nudged = asyncio.Event()
        self.account_changed = False  # something that is no event may have changed: bells, sign-ins
        self.recent: deque[tuple[int, Message]] = deque(maxlen=REPLAY_LIMIT)  # thin, without holes, up to `last`
        self.reading = asyncio.Lock()

    def watched(self) -> set[str]:
        return {socket.watch for socket in self.sockets if socket.watch}

    def add(self, row: EventFrames) -> None:
        self.last = row.seq
        self.newest = max(self.newest, row.seq)
        self.recent.append((row.seq, row.thin))

    def jump(self, seq: int) -> None:
        self.last = seq
        self.recent.clear()

    async def missed(self, after: int) -> list[Message] | None:
        """The thin frames after the number `after`, in order; None where that is too long ago or higher than any number
        here."""
        async with self.reading:
            if after < 0 or self.last - after > REPLAY_LIMIT:
                return None
            if after > self.last and after > (await in_thread(newest_numbers)([self.account_id])).get(
                self.account_id, 0
            ):
                return None  # a number from a database that is no more
            if after < self.last:
                await self._remember(after)
            return [message for seq, message in self.recent if seq > after]

    async def _remember(self, after: int) -> None:
        """Read the frames after `after` once, since many sockets ask for them after a restart."""
        first = self.recent[0][0] if self.recent else self.last + 1
        if first > after + 1:
            rows = await in_thread(read_events)(self.account_id, max(0, self.last - REPLAY_LIMIT), upto=self.last)
            self.recent = deque(((row.seq, row.thin) for row in rows), maxlen=REPLAY_LIMIT)


def newest_numbers(accounts: list[int]) -> dict[int, int]:
    """The number of the newest event, by account."""
    return dict(Account.objects.filter(pk__in=accounts).values_list("pk", "last_seq"))
