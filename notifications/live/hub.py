"""Push: the one hub of a web process reads each account's new events and writes them to its own sockets.

The database has the order; a nudge (from this process, or another's through the channel layer)
only makes the hub read sooner than its look once a second. Each event's fragments are rendered
once per process, in a thread. A socket that stops reading is dropped and hurts nobody.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import Error as DatabaseError
from django.db.models import Count
from django.utils import timezone

from notifications.live import fragments, presence
from notifications.live.presence import Person, Place, Presence
from notifications.models import Notification
from resolutionflow.accounts.models import Account, ApiToken, Event, User
from resolutionflow.core import clock, nudges
from sessions_app.models import Session

log = logging.getLogger(__name__)

LOOK_EVERY = 0.5  # seconds: a lost nudge costs no more, and a card is on every screen within one
BEAT_EVERY = 5.0
LISTEN_AGAIN = 0.5  # seconds after the channel layer was lost; then ever longer, until it is back
REPLAY_LIMIT = 500  # a gap longer than this is answered with `reload`
BATCH = 200  # events read at once
RENDER_LIMIT = 50  # in a longer batch the clients fetch their page once instead
QUEUE_LIMIT = 1000  # frames a socket may leave unread
SOCKETS_PER_USER = 10
LISTS = (fragments.QUEUE, "people")  # pages that show who is at every session; the second gets no fragments
AT_ONCE, BREATH = 100, 0.02  # so many sockets are told who is where; then whatever else is due has its turn
GRACE = 5.0  # seconds a closing socket gets to take its close frame

NOT_SIGNED_IN, NOT_ALLOWED, TRY_AGAIN = 4401, 4403, 1013

Message = dict[str, Any]  # an ASGI message; one dict is shared by every socket it goes to


def frame(**content: Any) -> Message:
    return {"type": "websocket.send", "text": json.dumps(content, separators=(",", ":"))}


def in_thread(call: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """Database work off the loop, and not on the one thread all of Channels would share."""
    awaitable: Callable[..., Awaitable[Any]] = database_sync_to_async(call, thread_sensitive=False)
    return awaitable


# --- one socket --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Who:
    """What a socket's rights rest on: looked at again at every beat."""

    user_id: int
    account_id: int
    role: str
    name: str = ""
    session_key: str = ""
    session_hash: str = ""
    token_id: int | None = None


class Socket:
    """One open page, or a script. Its frames wait in a short queue, so that it delays nobody else."""

    def __init__(self, who: Who, send: Callable[[Message], Awaitable[None]], *, tab: str = "") -> None:
        self.who = who
        self.tab = tab  # a page's own name for itself, the same when it comes back
        self.watch = ""  # which fragments and people are wanted: "queue", "people" or "session:7"
        self._send = send
        self._waiting: deque[Message] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._sent, self._sent_at_beat = 0, -1  # whoever joins just before a beat has had no time to be stuck
        self._abort_timer: asyncio.TimerHandle | None = None

    def push(self, *messages: Message) -> bool:
        """Queue frames; False when the socket has left too many unread."""
        if len(self._waiting) >= QUEUE_LIMIT:
            return False
        self._waiting.extend(messages)
        if self._writer is None:
            self._writer = asyncio.get_running_loop().create_task(self._write())
        return True

    def is_stuck(self) -> bool:
        """Asked once a beat: frames wait, and none has left since the last beat."""
        stuck = bool(self._waiting) and self._sent == self._sent_at_beat
        self._sent_at_beat = self._sent
        return stuck

    def close(self, code: int) -> None:
        """Close at once; what still waits is dropped."""
        self._waiting.clear()
        self.push({"type": "websocket.close", "code": code})
        if self._abort_timer is None:
            self._abort_timer = asyncio.get_running_loop().call_later(GRACE, self.abort)

    def abort(self) -> None:
        """Cut the connection of a peer that reads nothing: a close frame would wait behind the rest for ever.

        ASGI has no word for this, so it asks uvicorn's transport, where there is one.
        """
        transport = getattr(getattr(self._send, "__self__", None), "transport", None)
        if transport is not None:
            transport.abort()
        self.gone()

    def gone(self) -> None:
        """The connection is over."""
        self._waiting.clear()
        if self._writer is not None:
            self._writer.cancel()
        if self._abort_timer is not None:
            self._abort_timer.cancel()

    async def _write(self) -> None:
        try:
            while self._waiting:
                await self._send(self._waiting.popleft())
                self._sent += 1
        except Exception as error:  # the server's own class for a peer that left; receive() ends the socket
            log.debug("socket of user %s: %s", self.who.user_id, error)
            self._waiting.clear()
        finally:
            self._writer = None


# --- one account -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One event as frames: `thin` for everybody, `rich` by watch for whose page shows it."""

    seq: int
    kind: str
    facts: dict[str, Any]
    thin: Message
    rich: dict[str, Message] = field(default_factory=dict)


def read(account_id: int, after: int, watched: Iterable[str] = (), upto: int | None = None) -> list[Row]:
    """The next events of an account, in order, with what the watched pages show of them."""
    missed = Event.objects.filter(account_id=account_id).after(after)
    if upto is not None:
        missed = missed.filter(seq__lte=upto)
    events = list(missed[: BATCH if upto is None else REPLAY_LIMIT])
    render = fragments.of if len(events) <= RENDER_LIMIT else fragments.undrawn
    rendered = render(events, set(watched))
    return [_row(event, rendered.get(event.seq, {})) for event in events]


def _row(event: Event, rendered: dict[str, list[fragments.Fragment]]) -> Row:
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
    return Row(event.seq, event.kind, event.facts, frame(**thin, fragments=[]), rich)


class Feed:
    """An account with open sockets in this process: the last number sent, and the frames just before it."""

    def __init__(self, account_id: int, last: int) -> None:
        self.account_id = account_id
        self.last = self.newest = last
        self.sockets: set[Socket] = set()
        self.nudged = asyncio.Event()
        self.told = False  # something that is no event may have changed: bells, sign-ins
        self.recent: deque[tuple[int, Message]] = deque(maxlen=REPLAY_LIMIT)  # thin, without holes, up to `last`
        self.reading = asyncio.Lock()

    def watched(self) -> set[str]:
        return {socket.watch for socket in self.sockets if socket.watch}

    def add(self, row: Row) -> None:
        self.last = row.seq
        self.newest = max(self.newest, row.seq)
        self.recent.append((row.seq, row.thin))

    def jump(self, seq: int) -> None:
        self.last = seq
        self.recent.clear()

    async def missed(self, after: int) -> list[Message] | None:
        """The thin frames after `after`, in order; None when that is too long ago, or no number of ours."""
        async with self.reading:
            if after < 0 or self.last - after > REPLAY_LIMIT:
                return None
            if after > self.last and after > (await in_thread(newest_of)([self.account_id])).get(self.account_id, 0):
                return None  # a number from a database that is no more
            if after < self.last:
                await self._remember(after)
            return [message for seq, message in self.recent if seq > after]

    async def _remember(self, after: int) -> None:
        """Read once what many sockets will ask for after a restart."""
        first = self.recent[0][0] if self.recent else self.last + 1
        if first > after + 1:
            rows = await in_thread(read)(self.account_id, max(0, self.last - REPLAY_LIMIT), upto=self.last)
            self.recent = deque(((row.seq, row.thin) for row in rows), maxlen=REPLAY_LIMIT)


# --- the process -------------------------------------------------------------------------------


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub() -> Hub:
    """The hub of the running loop: one per web process."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub(loop)
    return _hubs[loop]


class Hub:
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.feeds: dict[int, Feed] = {}
        self.presence = Presence()
        self._loop = loop
        self._bells: dict[int, int] = {}  # user: the unread count last sent
        self._tasks: set[asyncio.Task[None]] = set()
        self._feeders: dict[int, asyncio.Task[None]] = {}
        self._start(self._watch_time())
        self._start(self._show_who_is_where())
        if settings.REDIS_URL:
            self._start(self._hear_other_processes())
            self._start(self._say_who_is_where())

    # sockets come, ask and go

    async def join(self, socket: Socket) -> bool:
        """Send `ready`, and from then on every number. False: this person has too many sockets open."""
        who = socket.who
        if who.account_id not in self.feeds:
            last = await in_thread(newest_of)([who.account_id])
            if who.account_id not in self.feeds:
                self._open(Feed(who.account_id, last.get(who.account_id, 0)))
        feed = self.feeds[who.account_id]
        if self._others(feed, socket) >= SOCKETS_PER_USER:
            self._close_if_empty(feed)
            return False
        feed.sockets.add(socket)
        socket.push(frame(type="ready", seq=feed.last))
        return True

    def _others(self, feed: Feed, socket: Socket) -> int:
        """How many this person has open. A page that comes back is one of them: its old connection is dead by now."""
        theirs = {other for other in feed.sockets if other.who.user_id == socket.who.user_id}
        old = {other for other in theirs if socket.tab and (other.who, other.tab) == (socket.who, socket.tab)}
        for other in old:
            feed.sockets.discard(other)
            self.presence.leave(other)
            other.abort()
        return len(theirs - old)

    def leave(self, socket: Socket) -> None:
        self.presence.leave(socket)
        feed = self.feeds.get(socket.who.account_id)
        if feed is not None:
            feed.sockets.discard(socket)
            self._close_if_empty(feed)

    async def resume(self, socket: Socket, after: int) -> None:
        """Send what was missed after `after`, in order, or `reload`."""
        feed = self.feeds.get(socket.who.account_id)
        if feed is None or socket not in feed.sockets:
            return
        missed = await feed.missed(after)
        # No await from here on: nothing live comes between.
        self._push(socket, *([frame(type="reload")] if missed is None else missed))

    def watch(self, socket: Socket, watch: str) -> None:
        """From now on the socket gets this page's fragments, and who is there: first everybody, then what changes."""
        socket.watch = watch
        if watch:
            sessions = self.presence.shown(socket.who.account_id)
            here = {pk: people for pk, people in sessions.items() if watch in (*LISTS, f"session:{pk}")}
            self._push(socket, frame(type="presence", all=True, sessions=presence.written(here)))

    async def be_at(self, socket: Socket, session_id: int, *, typing: bool) -> None:
        """The socket's person looks at this session. Another account's: nothing, as if it had not been said."""
        who = socket.who
        place = Place(who.account_id, session_id)
        if not self.presence.is_known(place) and not await self._exists(place):
            return
        if socket in self._sockets_of(who.account_id):  # still, after the wait
            self.presence.put(socket, place, Person(who.user_id, who.name, typing), now=time.monotonic())

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

    def _heard(self, account_id: int, told: bool = False) -> None:
        """Called in whatever thread committed."""
        if account_id in self.feeds:
            with suppress(RuntimeError):  # the loop is closed: this process is going down
                self._loop.call_soon_threadsafe(self._nudged, account_id, told)

    def _nudged(self, account_id: int, told: bool = False) -> None:
        feed = self.feeds.get(account_id)
        if feed is not None:
            feed.told = feed.told or told
            feed.nudged.set()

    async def _hear_other_processes(self) -> None:
        """Nudges through the channel layer. It may be dead or hang: only this task notices."""
        layer, wait = get_channel_layer(), LISTEN_AGAIN
        while layer is not None:
            try:
                channel = await asyncio.wait_for(layer.new_channel(), 5)
                await asyncio.wait_for(layer.group_add(nudges.GROUP, channel), 5)
                wait = LISTEN_AGAIN  # it is back: when it goes again, that is another story
                while True:
                    self._hear(await layer.receive(channel))
            except Exception as error:  # the layer's libraries raise anything; nothing may end this task
                log.warning("no nudges from other processes for now: %s", error)
            await asyncio.sleep(wait * random.uniform(0.5, 1.0))  # noqa: S311
            wait = min(wait * 2, 30)

    def _hear(self, message: dict[str, Any]) -> None:
        """What this process does not know is passed over: the others may be newer."""
        match message:
            case {"type": "presence", "process": process, "number": number, "marks": marks}:
                self.presence.hear(process, number, marks, now=time.monotonic())
            case {"type": "nudge", "account": account_id}:
                self._nudged(account_id, message.get("told", False))

    # events out

    async def _feed(self, feed: Feed) -> None:
        """At each nudge, read and send until there is nothing new."""
        while True:
            await feed.nudged.wait()
            feed.nudged.clear()
            try:
                while await self._pump(feed):
                    pass
                if feed.told:
                    feed.told = False
                    await self._look_at_rights([feed])
                    await self._tell_bells([feed])
            except Exception as error:
                # The database is away, or worse: the look comes again in a second, and so do we.
                log.warning("cannot read events of account %s: %s", feed.account_id, error)
                await asyncio.sleep(LOOK_EVERY)
                feed.nudged.set()

    async def _pump(self, feed: Feed) -> bool:
        """Send one batch; True when there may be more."""
        async with feed.reading:
            rows = await in_thread(read)(feed.account_id, feed.last, feed.watched())
            for row in rows:
                feed.add(row)
                self._send_row(feed, row)
        return len(rows) == BATCH

    def _send_row(self, feed: Feed, row: Row) -> None:
        for socket in list(feed.sockets):
            self._push(socket, row.rich.get(socket.watch, row.thin))
        if row.kind == "member.deactivated":
            self._close_where(feed, NOT_ALLOWED, user_id=row.facts.get("member"))
        elif row.kind == "token.revoked":
            self._close_where(feed, NOT_SIGNED_IN, token_id=row.facts.get("token"))

    def _push(self, socket: Socket, *messages: Message) -> None:
        if not socket.push(*messages):
            self._drop(socket)

    def _drop(self, socket: Socket) -> None:
        log.info("socket of user %s stopped reading and was cut", socket.who.user_id)
        self.leave(socket)
        socket.abort()

    def _close_where(self, feed: Feed, code: int, **who: Any) -> None:
        for socket in list(feed.sockets):
            if all(value is not None and getattr(socket.who, name) == value for name, value in who.items()):
                self.close(socket, code)

    # who is where

    async def _exists(self, place: Place) -> bool:
        try:
            return bool(await in_thread(exists)(place))
        except DatabaseError as error:
            log.warning("cannot look up a session for presence: %s", error)
            return False

    def _sockets_of(self, account_id: int) -> set[Socket]:
        feed = self.feeds.get(account_id)
        return feed.sockets if feed is not None else set()

    async def _show_who_is_where(self) -> None:
        """To the pages, once a second at most; a card need never wait behind a thousand marks."""
        while True:
            await asyncio.sleep(presence.LOOK_EVERY)
            try:
                self.presence.expire(time.monotonic())
                for number, (socket, message) in enumerate(self._news(), start=1):
                    self._push(socket, message)
                    if number % AT_ONCE == 0:
                        await asyncio.sleep(BREATH)
            except Exception:
                log.exception("cannot show who is where")

    def _news(self) -> Iterator[tuple[Socket, Message]]:
        for account_id, sessions in self.presence.news().items():
            sockets = self._sockets_of(account_id)
            frames = _people_by_watch(sessions) if sockets else {}
            for socket in list(sockets):
                if socket.watch in frames and socket in sockets:
                    yield socket, frames[socket.watch]

    async def _say_who_is_where(self) -> None:
        """To the other web processes, whole each time: a message that is lost is made good by the next."""
        said_at = 0.0
        while True:
            await asyncio.sleep(presence.LOOK_EVERY)
            due = time.monotonic() - said_at >= presence.RENEW_EVERY and not self.presence.is_empty
            if not due and not self.presence.untold:
                continue
            said_at = time.monotonic()
            try:
                await nudges.send_to_web_processes({"type": "presence", **self.presence.tell()})
            except Exception as error:  # the layer's libraries raise anything
                log.warning("cannot tell other processes who is where: %s", str(error) or type(error).__name__)
                self.presence.untold = True
                await asyncio.sleep(presence.RENEW_EVERY)

    # time

    async def _watch_time(self) -> None:
        nudges.subscribe(self._heard)
        beat_at = time.monotonic() + BEAT_EVERY
        try:
            while True:
                await asyncio.sleep(LOOK_EVERY)
                beat = time.monotonic() >= beat_at
                if beat:
                    beat_at = max(beat_at + BEAT_EVERY, time.monotonic())  # what a look takes adds up to nothing
                await self._look(beat=beat)
        finally:
            nudges.unsubscribe(self._heard)
            _hubs.pop(self._loop, None)

    async def _look(self, *, beat: bool) -> None:
        """One query for all accounts; at a beat, rights and bells as well."""
        feeds = list(self.feeds.values())
        if not feeds:
            return
        try:
            newest = await in_thread(newest_of)([feed.account_id for feed in feeds])
            for feed in feeds:
                self._catch_up(feed, newest.get(feed.account_id, feed.newest))
            if beat:
                self._beat(feeds)
                await self._look_at_rights(feeds)
                await self._tell_bells(feeds)
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

    async def _look_at_rights(self, feeds: list[Feed]) -> None:
        sockets = [socket for feed in feeds for socket in feed.sockets]
        refused = await in_thread(refused_of)({socket.who for socket in sockets}) if sockets else {}
        for socket in sockets:
            if socket.who in refused:
                self.close(socket, refused[socket.who])

    async def _tell_bells(self, feeds: list[Feed]) -> None:
        sockets = [socket for feed in feeds for socket in feed.sockets]
        users = {socket.who.user_id for socket in sockets}
        unread = await in_thread(unread_of)(users) if users else Counter()
        changed = {user for user in users if self._bells.get(user) != unread[user]}
        for socket in sockets:
            if socket.who.user_id in changed:
                self._push(socket, frame(type="bell", unread=unread[socket.who.user_id]))
        self._bells.update({user: unread[user] for user in changed})


def _people_by_watch(sessions: dict[int, presence.People]) -> dict[str, Message]:
    """The frame for each page that shows some of these sessions' people."""
    frames = dict.fromkeys(LISTS, frame(type="presence", sessions=presence.written(sessions)))
    for pk, people in sessions.items():
        frames[f"session:{pk}"] = frame(type="presence", sessions=presence.written({pk: people}))
    return frames


# --- one query each, for everybody at once -----------------------------------------------------


def newest_of(accounts: list[int]) -> dict[int, int]:
    """The newest number of each account."""
    return dict(Account.objects.filter(pk__in=accounts).values_list("pk", "last_seq"))


def exists(place: Place) -> bool:
    return Session.objects.filter(pk=place.session, account_id=place.account).exists()


def unread_of(users: set[int]) -> Counter[int]:
    counts = Notification.objects.filter(user_id__in=users).unread().order_by().values_list("user_id")
    return Counter(dict(counts.annotate(unread=Count("pk"))))


def refused_of(everybody: set[Who]) -> dict[Who, int]:
    """Whose rights have gone since they connected, and the code to close with."""
    now = timezone.now()
    users = User.objects.in_bulk({who.user_id for who in everybody})
    sessions = _living_sessions({who.session_key for who in everybody if who.session_key}, now)
    tokens = _living_tokens({who.token_id for who in everybody if who.token_id is not None}, now)
    refused = {}
    for who in everybody:
        user = users.get(who.user_id)
        if user is None or not user.is_active:
            refused[who] = NOT_ALLOWED
        elif (user.account_id, user.role) != (who.account_id, who.role):
            refused[who] = TRY_AGAIN
        elif (who.token_id and who.token_id not in tokens) or (who.session_key and who.session_key not in sessions):
            refused[who] = NOT_SIGNED_IN
        elif who.session_key and who.session_hash != user.get_session_auth_hash():
            refused[who] = NOT_SIGNED_IN  # the password has changed since
    return refused


def _living_sessions(keys: set[str], now: datetime) -> set[str]:
    model = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class()
    living = model.objects.filter(session_key__in=keys, expire_date__gt=now)
    return set(living.values_list("session_key", flat=True)) if keys else set()


def _living_tokens(tokens: set[int], now: datetime) -> set[int]:
    living = ApiToken.objects.filter(pk__in=tokens, revoked_at=None).exclude(expires_at__lte=now)
    return set(living.values_list("pk", flat=True)) if tokens else set()
