"""The hub of a web process: reads each account's new events once, and writes them to its own sockets.

The database gives the order. A nudge, from this process or from another through the channel layer, only makes the hub
read sooner than its look twice a second. Each event's fragments are rendered once per process, in a thread. A socket
that stops reading is closed and delays nobody.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings
from django.db import Error as DatabaseError
from django.db.models import Max

from notifications.live import fragments, presence
from notifications.live.feed import BATCH, REPLAY_LIMIT, EventFrames, Feed, newest_numbers, read_events
from notifications.live.frames import NOT_ALLOWED, NOT_SIGNED_IN, Message, frame, in_thread
from notifications.live.presence import Person, Place, Presence
from notifications.live.rights import closing_codes
from notifications.live.socket import Socket
from notifications.models import Notification, sessions_counted
from resolutionflow.core import nudges
from sessions_app.models import Session

log = logging.getLogger(__name__)

LOOK_EVERY = 0.5  # seconds: a lost nudge costs no more, and a card is on every screen within one
BEAT_EVERY = 5.0
LISTEN_AGAIN = 0.5  # seconds after the channel layer was lost; then ever longer, until it is back
SOCKETS_PER_USER = 10
LISTS = (fragments.QUEUE, "people")  # pages that show who is at every session; the second gets no fragments
AT_ONCE, BREATH = 100, 0.02  # so many sockets get presence; then whatever else is due has its turn

_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def get_hub() -> Hub:
    """The hub of the running event loop: one per web process."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub(loop)
    return _hubs[loop]


class Hub:
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.feeds: dict[int, Feed] = {}
        self.presence = Presence()
        self._loop = loop
        self._bells: dict[int, tuple[int, int]] = {}  # user: as bells_of(), when it was last sent
        self._tasks: set[asyncio.Task[None]] = set()
        self._feeders: dict[int, asyncio.Task[None]] = {}
        self._start(self._watch_clock())
        self._start(self._send_presence())
        if settings.REDIS_URL:
            self._start(self._listen_to_other_processes())
            self._start(self._share_presence())

    # sockets come, ask and go

    async def join(self, socket: Socket) -> bool:
        """Send `ready`, and from then on every event. False where this person has too many sockets open."""
        user = socket.user
        if user.account_id not in self.feeds:
            last = await in_thread(newest_numbers)([user.account_id])
            if user.account_id not in self.feeds:
                self._open(Feed(user.account_id, last.get(user.account_id, 0)))
        feed = self.feeds[user.account_id]
        if self._others(feed, socket) >= SOCKETS_PER_USER:
            self._close_if_empty(feed)
            return False
        feed.sockets.add(socket)
        socket.push(frame(type="ready", seq=feed.last))
        return True

    def _others(self, feed: Feed, socket: Socket) -> int:
        """How many other sockets this person has open. The old connection of a page that comes back is dead: it is cut,
        and does not count."""
        theirs = {other for other in feed.sockets if other.user.user_id == socket.user.user_id}
        old = {other for other in theirs if socket.tab and (other.user, other.tab) == (socket.user, socket.tab)}
        for other in old:
            feed.sockets.discard(other)
            self.presence.leave(other)
            other.abort()
        return len(theirs - old)

    def leave(self, socket: Socket) -> None:
        self.presence.leave(socket)
        feed = self.feeds.get(socket.user.account_id)
        if feed is not None:
            feed.sockets.discard(socket)
            self._close_if_empty(feed)

    async def resume(self, socket: Socket, after: int) -> None:
        """Send the events missed after the number `after`, in order, or `reload`."""
        feed = self.feeds.get(socket.user.account_id)
        if feed is None or socket not in feed.sockets:
            return
        missed = await feed.missed(after)
        # No await from here on: nothing live comes between.
        self._push(socket, *([frame(type="reload")] if missed is None else missed))

    def watch(self, socket: Socket, watch: str) -> None:
        """From now on send this page's fragments and who is present: first everybody, then changes."""
        socket.watch = watch
        if watch:
            sessions = self.presence.shown(socket.user.account_id)
            here = {pk: people for pk, people in sessions.items() if watch in (*LISTS, f"session:{pk}")}
            self._push(socket, frame(type="presence", all=True, sessions=presence.written(here)))

    async def set_place(self, socket: Socket, session_id: int, *, typing: bool) -> None:
        """Note that the socket's person looks at this session. Ignored for a session of another account."""
        user = socket.user
        place = Place(user.account_id, session_id)
        if not self.presence.is_known(place) and not await self._exists(place):
            return
        if socket in self._sockets_of(user.account_id):  # still, after the wait
            self.presence.put(socket, place, Person(user.user_id, user.name, typing), now=time.monotonic())

    def close(self, socket: Socket, code: int) -> None:
        self.leave(socket)
        socket.close(code)

    def _open(self, feed: Feed) -> None:
        self.feeds[feed.account_id] = feed
        self._feeders[feed.account_id] = self._start(self._feed(feed))

    def _close_if_empty(self, feed: Feed) -> None:
        if not feed.sockets and self.feeds.get(feed.account_id) is feed:
            del self.feeds[feed.account_id]
            self._feeders.pop(feed.account_id).cancel()

    def _start(self, coroutine: Any) -> asyncio.Task[None]:
        task = self._loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # nudges

    def _on_nudge(self, account_id: int, what: nudges.What) -> None:
        """Called by nudges.py in the thread that has committed; passes it on to the event loop."""
        if account_id in self.feeds:
            with suppress(RuntimeError):  # the loop is closed: this process is going down
                self._loop.call_soon_threadsafe(self._nudged, account_id, what)

    def _nudged(self, account_id: int, what: nudges.What) -> None:
        feed = self.feeds.get(account_id)
        if feed is None:
            return
        if what == "answer":
            for socket in list(feed.sockets):
                self._push(socket, frame(type="answer"))
            return
        feed.account_changed = feed.account_changed or what == "account"
        feed.nudged.set()

    async def _listen_to_other_processes(self) -> None:
        """Receive nudges from the channel layer. Only this task waits where that is dead or hangs."""
        layer, wait = get_channel_layer(), LISTEN_AGAIN
        while layer is not None:
            try:
                async with asyncio.timeout(5):  # wait_for() of Python 3.11 may swallow the end of its task
                    channel = await layer.new_channel()
                    await layer.group_add(nudges.GROUP, channel)
                wait = LISTEN_AGAIN  # it is back: when it goes again, that is another story
                while True:
                    self._receive(await layer.receive(channel))
            except Exception as error:  # the layer's libraries raise anything; nothing may end this task
                log.warning("no nudges from other processes for now: %s", error)
            await asyncio.sleep(wait * random.uniform(0.5, 1.0))  # noqa: S311
            wait = min(wait * 2, 30)

    def _receive(self, message: dict[str, Any]) -> None:
        """Handle a message of another process. Unknown ones are ignored: that process may run newer code."""
        match message:
            case {"type": "presence", "process": process, "number": number, "marks": marks}:
                self.presence.hear(process, number, marks, now=time.monotonic())
            case {"type": "nudge", "account": account_id}:
                self._nudged(account_id, message.get("what", "event"))

    # events out

    async def _feed(self, feed: Feed) -> None:
        """The task of one account: at each nudge, read and send events until there are no new ones."""
        while True:
            await feed.nudged.wait()
            feed.nudged.clear()
            try:
                while await self._send_batch(feed):
                    pass
                if feed.account_changed:
                    feed.account_changed = False
                    await self._check_rights([feed])
                    await self._send_bells([feed])
            except Exception as error:
                # The database is away, or worse: the look comes again in a second, and so do we.
                log.warning("cannot read events of account %s: %s", feed.account_id, error)
                await asyncio.sleep(LOOK_EVERY)
                feed.nudged.set()

    async def _send_batch(self, feed: Feed) -> bool:
        """Send one batch; True when there may be more."""
        async with feed.reading:
            rows = await in_thread(read_events)(feed.account_id, feed.last, feed.watched())
            for row in rows:
                feed.add(row)
                self._send_event(feed, row)
        return len(rows) == BATCH

    def _send_event(self, feed: Feed, frames: EventFrames) -> None:
        for socket in list(feed.sockets):
            self._push(socket, frames.rich.get(socket.watch, frames.thin))
        if frames.kind == "member.deactivated":
            self._close_where(feed, NOT_ALLOWED, user_id=frames.facts.get("member"))
        elif frames.kind == "token.revoked":
            self._close_where(feed, NOT_SIGNED_IN, token_id=frames.facts.get("token"))

    def _push(self, socket: Socket, *messages: Message) -> None:
        if not socket.push(*messages):
            self._drop(socket)

    def _drop(self, socket: Socket) -> None:
        log.info("socket of user %s stopped reading and was cut", socket.user.user_id)
        self.leave(socket)
        socket.abort()

    def _close_where(self, feed: Feed, code: int, **who: Any) -> None:
        for socket in list(feed.sockets):
            if all(value is not None and getattr(socket.user, name) == value for name, value in who.items()):
                self.close(socket, code)

    # presence: who is where

    async def _exists(self, place: Place) -> bool:
        try:
            return bool(await in_thread(session_exists)(place))
        except DatabaseError as error:
            log.warning("cannot look up a session for presence: %s", error)
            return False

    def _sockets_of(self, account_id: int) -> set[Socket]:
        feed = self.feeds.get(account_id)
        return feed.sockets if feed is not None else set()

    async def _send_presence(self) -> None:
        """Send presence to the pages, in small groups and at most once a second: an event need not wait behind a
        thousand of them."""
        while True:
            await asyncio.sleep(presence.LOOK_EVERY)
            try:
                self.presence.expire(time.monotonic())
                for number, (socket, message) in enumerate(self._presence_frames(), start=1):
                    self._push(socket, message)
                    if number % AT_ONCE == 0:
                        await asyncio.sleep(BREATH)
            except Exception:
                log.exception("cannot send presence")

    def _presence_frames(self) -> Iterator[tuple[Socket, Message]]:
        for account_id, sessions in self.presence.news().items():
            sockets = self._sockets_of(account_id)
            frames = _people_by_watch(sessions) if sockets else {}
            for socket in list(sockets):
                if socket.watch in frames and socket in sockets:
                    yield socket, frames[socket.watch]

    async def _share_presence(self) -> None:
        """Send all of this process's presence to the others, at every change and now and then: the next message makes
        up for a lost one."""
        said_at = 0.0
        while True:
            await asyncio.sleep(presence.LOOK_EVERY)
            due = time.monotonic() - said_at >= presence.RENEW_EVERY and not self.presence.is_empty
            if not due and not self.presence.unsent:
                continue
            said_at = time.monotonic()
            try:
                await nudges.send_to_web_processes({"type": "presence", **self.presence.tell()})
            except Exception as error:  # the layer's libraries raise anything
                log.warning("cannot share presence with other processes: %s", str(error) or type(error).__name__)
                self.presence.unsent = True
                await asyncio.sleep(presence.RENEW_EVERY)

    # time

    async def _watch_clock(self) -> None:
        nudges.subscribe(self._on_nudge)
        beat_at = time.monotonic() + BEAT_EVERY
        try:
            while True:
                await asyncio.sleep(LOOK_EVERY)
                beat = time.monotonic() >= beat_at
                if beat:
                    beat_at = max(beat_at + BEAT_EVERY, time.monotonic())  # what a look takes adds up to nothing
                await self._look(beat=beat)
        finally:
            nudges.unsubscribe(self._on_nudge)
            _hubs.pop(self._loop, None)

    async def _look(self, *, beat: bool) -> None:
        """One query for new events of all accounts; at a beat also rights and unread counts."""
        feeds = list(self.feeds.values())
        if not feeds:
            return
        try:
            newest = await in_thread(newest_numbers)([feed.account_id for feed in feeds])
            for feed in feeds:
                self._catch_up(feed, newest.get(feed.account_id, feed.newest))
            if beat:
                self._beat(feeds)
                await self._check_rights(feeds)
                await self._send_bells(feeds)
        except Exception as error:
            log.warning("cannot look for events: %s", error)

    def _catch_up(self, feed: Feed, newest: int) -> None:
        feed.newest = max(newest, feed.newest)
        if feed.newest - feed.last > REPLAY_LIMIT * 2 and not feed.reading.locked():
            # An import, or a long sleep: every screen fetches once rather than see all of it go by.
            feed.jump(feed.newest)
            reload = frame(type="reload")
            for socket in list(feed.sockets):
                self._push(socket, reload)
        elif feed.newest > feed.last:
            feed.nudged.set()

    def _beat(self, feeds: list[Feed]) -> None:
        for feed in feeds:
            beat = frame(type="beat", seq=feed.newest)
            for socket in list(feed.sockets):
                if socket.is_stuck():
                    self._drop(socket)
                else:
                    self._push(socket, beat)

    async def _check_rights(self, feeds: list[Feed]) -> None:
        sockets = [socket for feed in feeds for socket in feed.sockets]
        refused = await in_thread(closing_codes)({socket.user for socket in sockets}) if sockets else {}
        for socket in sockets:
            if socket.user in refused:
                self.close(socket, refused[socket.user])

    async def _send_bells(self, feeds: list[Feed]) -> None:
        sockets = [socket for feed in feeds for socket in feed.sockets]
        users = {socket.user.user_id for socket in sockets}
        found = await in_thread(bells_of)(users) if users else {}
        bells = {user: found.get(user, (0, 0)) for user in users}
        changed = {user for user in users if self._bells.get(user) != bells[user]}
        for socket in sockets:
            if socket.user.user_id in changed:
                self._push(socket, frame(type="bell", unread=bells[socket.user.user_id][0]))
        self._bells.update({user: bells[user] for user in changed})


def _people_by_watch(sessions: dict[int, presence.People]) -> dict[str, Message]:
    """The presence frame for each page that shows some of these sessions, by what is watched."""
    frames = dict.fromkeys(LISTS, frame(type="presence", sessions=presence.written(sessions)))
    for pk, people in sessions.items():
        frames[f"session:{pk}"] = frame(type="presence", sessions=presence.written({pk: people}))
    return frames


def session_exists(place: Place) -> bool:
    return Session.objects.filter(pk=place.session, account_id=place.account).exists()


def bells_of(users: set[int]) -> dict[int, tuple[int, int]]:
    """Of each who has unread lines: about how many sessions, and the newest line, which is news though the number
    stays."""
    bells = Notification.objects.filter(user_id__in=users).unread().order_by().values("user_id")
    counted = bells.annotate(sessions=sessions_counted(), newest=Max("pk"))
    return {user: (count, newest) for user, count, newest in counted.values_list("user_id", "sessions", "newest")}
